"""torch.nn.functional's namespace: activations, losses, and layers that are functions.

An activation's derivative stands above its mathematics; `inplace` lets it write over its input. A
loss compares predictions with targets and is one number: the mean over all elements, unless
`reduction` says 'sum' or 'none'. The losses of classes rest on `nll_loss`, which picks the
log-probability of the right class.
"""

from __future__ import annotations

import math
import warnings
from functools import wraps
from typing import Any

import numpy as np

from .. import random
from ..arguments import check
from ..devices import checked, elements, picked, placed, total, xp
from ..dtypes import legacy_name
from ..operations.comparisons import only
from ..operations.elementwise import erf
from ..operations.in_place import in_place
from ..operations.indexing import of_one
from ..operations.record import check_tensor, node_class, promoted, record, wrap
from ..operations.selecting import common_shape

# --- activations ------------------------------------------------------------------------------


def _activation(node: str, rule: Any, kinds: str = "f") -> Any:
    """Make a function of each element of a tensor, of one that maps an array, and its gradient.

    The numbers that both take have defaults; after them a user may give `inplace`.
    """
    kind = node_class(node, rule, inputs="x")

    def decorate(forward: Any) -> Any:
        function, names = forward.__name__, forward.__code__.co_varnames[1:]
        defaults = {**dict(zip(names, forward.__defaults__ or ())), "inplace": False}
        mapped = only(kinds, f"{function}_cpu", forward)

        def plain(input: Any, *numbers: Any) -> Any:
            return record(mapped(input._array, *numbers), kind, (input,), input, *numbers)

        @wraps(forward)
        def operation(input: Any, *arguments: Any, **options: Any) -> Any:
            check_tensor(function, input)
            given = {**defaults, **dict(zip(defaults, arguments)), **options}
            if max(len(arguments), len(given)) > len(defaults):
                raise TypeError(f"{function}() takes the arguments {[*defaults]}, but got {given}")
            apply = written if given.pop("inplace") else plain
            return apply(input, *[check(function, key, n, "Number") for key, n in given.items()])

        written = in_place(plain)
        return operation

    return decorate


def _sigmoid(x: Any) -> Any:
    return x.sigmoid() if hasattr(x, "_array") else 1 / (1 + np.exp(-x))


def _log_sigmoid(x: Any) -> Any:
    return xp(x).where(x < 0, x, 0.0) - xp(x).log1p(xp(x).exp(-abs(x)))


_log_of_floats = only("f", "log_sigmoid_cpu", _log_sigmoid)


def _slope_of_silu(x: Any, s: Any) -> Any:
    return s * (1 + x * (1 - s))


def _slope_of_elu(x: Any, alpha: Any, scale: Any) -> Any:
    below = xp(x).where(x > 0, 0.0, x)  # keeps exp from overflowing where it is not wanted
    return xp(x).where(x > 0, scale, alpha * scale * xp(x).exp(below))


@_activation(
    "LeakyReluBackward0",  # sign(x) is 1, and a function of x
    lambda g, x, negative_slope: g * xp(x).where(x > 0, xp(x).sign(x), negative_slope),
)
def leaky_relu(x: Any, negative_slope: float = 0.01) -> Any:
    """x, or negative_slope * x where x is negative."""
    return np.where(x > 0, x, x * negative_slope)


@_activation("EluBackward0", lambda g, x, alpha, scale: g * _slope_of_elu(x, alpha, scale))
def _elu(x: Any, alpha: float = 1.0, scale: float = 1.0) -> Any:
    return np.where(x < 0, alpha * scale * np.expm1(x), scale * x)


def elu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    """x, or alpha * (exp(x) - 1) where x is negative."""
    return _elu(input, alpha, 1.0, inplace)


def selu(input: Any, inplace: bool = False) -> Any:
    """elu with the two numbers that keep mean 0 and variance 1 (Klambauer et al. 2017)."""
    return _elu(input, 1.6732632423543772, 1.0507009873554805, inplace)


@_activation("SiluBackward0", lambda g, x: g * _slope_of_silu(x, _sigmoid(x)))
def silu(x: Any) -> Any:
    """x * sigmoid(x), also known as swish."""
    return x * _sigmoid(x)


@_activation(
    "SoftplusBackward0",
    lambda g, x, beta, threshold: xp(g).where(x * beta > threshold, g, g * _sigmoid(x * beta)),
)
def softplus(x: Any, beta: float = 1.0, threshold: float = 20.0) -> Any:
    """log(1 + exp(beta * x)) / beta: relu with its corner rounded; x itself beyond `threshold`."""
    return np.where(x * beta > threshold, x, np.log1p(np.exp(x * beta)) / beta)


@_activation("LogSigmoidBackward0", lambda g, x: g * _sigmoid(-x))
def logsigmoid(x: Any) -> Any:
    """The logarithm of sigmoid, computed in one step, so that nothing overflows."""
    return _log_sigmoid(x)


@_activation(
    "HardtanhBackward0",
    lambda g, x, min_val, max_val: xp(g).where(
        (x <= min_val) | (x >= max_val), xp(x).sign(x) * 0.0, g
    ),
    kinds="iuf",
)
def hardtanh(x: Any, min_val: float = -1.0, max_val: float = 1.0) -> Any:
    """Each element, or the nearer limit where it lies outside of `min_val` to `max_val`."""
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    return np.clip(x, x.dtype.type(min_val), x.dtype.type(max_val))


def relu6(input: Any, inplace: bool = False) -> Any:
    """Each element, or the nearer limit where it lies outside of 0 to 6."""
    return hardtanh(input, 0.0, 6.0, inplace)


ROOT_HALF, ROOT_TWO_BY_PI = math.sqrt(0.5), math.sqrt(2 / math.pi)


def _normal(x: Any, approximate: str) -> tuple[Any, Any]:
    """The distribution function of the normal distribution at x, and its derivative."""
    if approximate == "none":
        return 0.5 * (1 + erf(x * ROOT_HALF)), 0.5 * ROOT_TWO_BY_PI * xp(x).exp(-0.5 * x * x)
    z = xp(x).tanh(ROOT_TWO_BY_PI * (x + 0.044715 * x * x * x))
    return 0.5 * (1 + z), 0.5 * ROOT_TWO_BY_PI * (1 - z * z) * (1 + 0.134145 * x * x)


def _gelu_rule(g: Any, x: Any, approximate: str) -> Any:
    below, density = _normal(x, approximate)
    return g * (below + x * density)


GeluBackward0 = node_class("GeluBackward0", _gelu_rule, inputs="x")


def gelu(input: Any, *, approximate: str = "none") -> Any:
    """x times the share of the normal distribution below x; 'tanh' approximates it.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.gelu(torch.tensor([-1., 0., 1.]))
    tensor([-0.1587,  0.0000,  0.8413])
    """
    check_tensor("gelu", input)
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")
    array = only("f", "GeluKernelImpl", lambda x: x * _normal(x, approximate)[0])(input._array)
    return record(array, GeluBackward0, (input,), input, approximate)


def relu(input: Any, inplace: bool = False) -> Any:
    """Each element, or 0 where it is negative; `inplace` writes over `input`.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.relu(torch.tensor([-1., 2.]))
    tensor([0., 2.])
    """
    check_tensor("relu", input)
    return input.relu_() if inplace else input.relu()


def sigmoid(input: Any) -> Any:
    """1 / (1 + exp(-x)): any number squeezed between 0 and 1."""
    return input.sigmoid()


def tanh(input: Any) -> Any:
    """The hyperbolic tangent: any number squeezed between -1 and 1."""
    return input.tanh()


def softmax(input: Any, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Any:
    """exp(x) divided by its sum along `dim`: numbers become probabilities. See `torch.softmax`.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.softmax(torch.tensor([0., 0.]), dim=0)
    tensor([0.5000, 0.5000])
    """
    return input.softmax(_dim("softmax", input, dim), dtype)


def softmin(input: Any, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Any:
    """softmax of -input."""
    return (-input).softmax(_dim("softmin", input, dim), dtype)


def log_softmax(input: Any, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Any:
    """The logarithm of softmax along `dim`. See `torch.log_softmax`."""
    return input.log_softmax(_dim("log_softmax", input, dim), dtype)


def _dim(function: str, input: Any, dim: int | None) -> int:
    if dim is not None:
        return dim
    _warn(f"Implicit dimension choice for {function} has been deprecated. Give it dim=X.")
    return 0 if input.ndim in (0, 1, 3) else 1


def _warn(text: str) -> None:
    warnings.warn(text, UserWarning, stacklevel=4)


# --- losses of numbers ------------------------------------------------------------------------


def _check_loss(function: str, input: Any, target: Any, reduction: str) -> None:
    check_tensor(function, input)
    check_tensor(function, target, 2, "target")
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not a valid value for reduction: 'none', 'mean' or 'sum'")


def _reduced(z: Any, reduction: str) -> Any:
    """The losses of the elements, an array or a Tensor, as `reduction` says."""
    if reduction == "none":
        return z
    if hasattr(z, "_array"):
        return z.sum() if reduction == "sum" else z.mean()
    added = total(z)
    return added if reduction == "sum" else added / (z.size or math.nan)


def _share(g: Any, x: Any, reduction: str, weight: Any = None) -> Any:
    """The gradient of each element's loss, given that of the reduced one."""
    g = g / math.prod(x.shape) if reduction == "mean" else g
    return g if weight is None else g * weight


def _different(x: Any, y: Any) -> str:
    return f"Using a target size ({y.shape}) that is different to the input size ({x.shape})"


def _broadcast(input: Any, target: Any) -> tuple[Any, Any]:
    """Both expanded to one shape, with a warning if they have different ones."""
    if input._array.shape == target._array.shape:
        return input, target
    _warn(f"{_different(input, target)}. They are broadcast, which is likely to be a mistake.")
    shape = common_shape(input._array, target._array)
    return tuple([t if t.shape == shape else t.expand(shape) for t in (input, target)])


BOTH = ("x", "target")
MseLossBackward0 = node_class(
    "MseLossBackward0",
    lambda g, x, target, reduction: 2.0 * _share(g, x, reduction) * (x - target),
    lambda g, x, target, reduction: -2.0 * _share(g, x, reduction) * (x - target),
    inputs=BOTH,
)
_difference = only("f", "mse_cpu", np.subtract)


def mse_loss(input: Any, target: Any, *, reduction: str = "mean") -> Any:
    """The squared difference of prediction and target.

    Raises ValueError for an unknown reduction, NotImplementedError for integers; other shapes are
    broadcast, with a warning.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.mse_loss(torch.tensor([1., 2.]), torch.tensor([1., 4.]))
    tensor(2.)
    """
    _check_loss("mse_loss", input, target, reduction)
    input, target = _broadcast(input, target)
    d = _difference(*promoted(input._array, target._array))
    z = _reduced(d * d, reduction)
    return record(z, MseLossBackward0, (input, target), input, target, reduction)


def l1_loss(input: Any, target: Any, *, reduction: str = "mean") -> Any:
    """The absolute difference of prediction and target; other shapes as for mse_loss."""
    _check_loss("l1_loss", input, target, reduction)
    input, target = _broadcast(input, target)
    return _reduced((input - target).abs(), reduction)


# --- losses of probabilities --------------------------------------------------------------------


def _check_constant(function: str, weight: Any, argument: str = "weight") -> None:
    check_tensor(function, weight, 3, argument)
    if weight.requires_grad:
        raise RuntimeError(
            f"The function '{function}' is not differentiable with respect to argument "
            f"'{argument}'. This input cannot have requires_grad True."
        )


def _spread(function: str, weight: Any, argument: str, input: Any) -> Any:
    """A constant weight in the type and the shape of the input; None stays None."""
    if weight is None:
        return None
    _check_constant(function, weight, argument)
    return weight.to(input.dtype).expand(common_shape(weight._array, input._array))


def _variance(x: Any) -> Any:
    """x * (1 - x), but not 0, since it divides: at least 1e-12 of float32, as in PyTorch."""
    return xp(x).maximum((1 - x) * x, xp(x).full_like(x, float(np.float32(1e-12))))


def _slope_by_logits(x: Any, target: Any, pos_weight: Any) -> Any:
    positive = target if pos_weight is None else target * pos_weight
    return (positive + 1 - target) * _sigmoid(x) - positive


def _slope_by_target(x: Any, pos_weight: Any) -> Any:
    return -x if pos_weight is None else _log_sigmoid(-x) - pos_weight * _log_sigmoid(x)


BinaryCrossEntropyBackward0 = node_class(
    "BinaryCrossEntropyBackward0",
    lambda g, x, target, weight, reduction: (
        _share(g, x, reduction, weight) * ((x - target) / _variance(x))
    ),
    lambda g, x, _target, weight, reduction: (
        _share(g, x, reduction, weight) * (xp(x).log(1 - x) - xp(x).log(x))
    ),
    inputs=BOTH,
)
BinaryCrossEntropyWithLogitsBackward0 = node_class(
    "BinaryCrossEntropyWithLogitsBackward0",
    lambda g, x, target, weight, pos_weight, reduction: (
        _share(g, x, reduction, weight) * _slope_by_logits(x, target, pos_weight)
    ),
    lambda g, x, _target, weight, pos_weight, reduction: (
        _share(g, x, reduction, weight) * _slope_by_target(x, pos_weight)
    ),
    inputs=BOTH,
)


def _probabilities(x: Any, name: str) -> Any:
    text = f"all elements of {name} should be between 0 and 1. Use sigmoid for the input."
    return checked(x, ~((x >= 0) & (x <= 1)), lambda _: RuntimeError(text))


def _cross_entropies(p: Any, y: Any) -> Any:
    p, y = _probabilities(p, "input"), _probabilities(y, "target")
    return -(y * np.maximum(np.log(p), -100) + (1 - y) * np.maximum(np.log1p(-p), -100))


_bce = only("f", "binary_cross_entropy", _cross_entropies)


def binary_cross_entropy(
    input: Any, target: Any, weight: Any = None, *, reduction: str = "mean"
) -> Any:
    """-(y log p + (1 - y) log(1 - p)) for probabilities p and targets y between 0 and 1.

    Floats of one shape and type; `weight` broadcasts. Logarithms are cut off at -100, as in
    PyTorch. Raises ValueError for different shapes, RuntimeError for other numbers.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.binary_cross_entropy(torch.tensor([0.5]), torch.tensor([1.]))
    tensor(0.6931)
    """
    function, kind = "binary_cross_entropy", BinaryCrossEntropyBackward0
    _check_loss(function, input, target, reduction)
    p, y = input._array, target._array
    if p.shape != y.shape:
        raise ValueError(f"{_different(input, target)} is deprecated: give them the same size.")
    if p.dtype != y.dtype:
        found, expected = legacy_name(y.dtype), legacy_name(p.dtype)
        raise RuntimeError(f"Found dtype {found} but expected {expected}. Use target.to(input).")
    z, weight = _bce(p, y), _spread(function, weight, "weight", input)
    z = _reduced(z if weight is None else z * weight._array, reduction)
    return record(z, kind, (input, target), input, target, weight, reduction)


def binary_cross_entropy_with_logits(
    input: Any, target: Any, weight: Any = None, *, reduction: str = "mean", pos_weight: Any = None
) -> Any:
    """binary_cross_entropy of sigmoid(input), in one step, so that nothing overflows.

    `pos_weight` is the weight of positive targets, `weight` that of all; both broadcast. Raises
    ValueError for different shapes, RuntimeError for integer targets.
    """
    function, kind = "binary_cross_entropy_with_logits", BinaryCrossEntropyWithLogitsBackward0
    _check_loss(function, input, target, reduction)
    x, y = input._array, target._array
    if x.shape != y.shape:
        raise ValueError(
            f"Target size ({target.shape}) must be the same as input size ({input.shape})"
        )
    log_sigmoid = _log_of_floats(x)
    if y.dtype.kind != "f":
        raise RuntimeError(
            f"result type Float can't be cast to the desired output type {legacy_name(y.dtype)}"
        )
    weight = _spread(function, weight, "weight", input)
    pos_weight = _spread(function, pos_weight, "pos_weight", input)
    positive = 1 if pos_weight is None else (pos_weight._array - 1) * y + 1
    z = (1 - y) * x - positive * log_sigmoid
    z = _reduced(z if weight is None else z * weight._array, reduction)
    return record(z, kind, (input, target), input, target, weight, pos_weight, reduction)


# --- losses of classes --------------------------------------------------------------------------


def nll_loss(
    input: Any,
    target: Any,
    weight: Any = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
) -> Any:
    """Minus the log-probability that `input` gives the right class.

    `input` has the classes in dimension 1 (or 0, if it is one vector); `target` has its shape
    without that dimension, and holds the classes' numbers, int64 or uint8. `weight` has a number
    per class; targets equal to `ignore_index` do not count. Raises ValueError or RuntimeError for
    shapes and types that do not fit, IndexError for a class that does not exist.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.nll_loss(torch.tensor([[-1., -2.]]), torch.tensor([1]))
    tensor(2.)
    """
    _check_loss("nll_loss_nd", input, target, reduction)
    return _nll(input, target, weight, ignore_index, reduction)


def _nll_rule(g: Any, self_sym_sizes: Any, place: Any, weight: Any) -> Any:
    return placed(-weight * g, place, self_sym_sizes)


NllLossBackward0 = of_one("NllLossBackward0", _nll_rule, frees=True)
NllLoss2DBackward0 = of_one("NllLoss2DBackward0", _nll_rule, frees=True)


def _nll(input: Any, target: Any, weight: Any, ignore_index: int, reduction: str) -> Any:
    x, labels = input._array, target._array
    _check_labels(x, labels)
    if x.ndim not in (1, 2, 4):  # PyTorch knows single rows, rows, and images
        flat = input.reshape(*x.shape[:2], 1, -1), target.reshape(len(labels), 1, -1)
        z = _nll(*flat, weight, ignore_index, reduction)
        return z.reshape(target.shape) if reduction == "none" else z
    dim = _class_dim(x)
    labels = labels if dim else labels.reshape(())
    counted = labels != ignore_index
    classes = np.where(counted, labels, 0).astype(np.int64, copy=False)
    n = x.shape[dim]
    classes = checked(
        classes,
        classes.view(np.uint64) >= n,  # without a sign, negative numbers are large
        lambda wrong: IndexError(f"Target {wrong} is out of bounds: not under {n}."),
    )
    weights, place = counted.astype(x.dtype), elements(x, classes, dim)
    if weight is not None:
        weights = weights * xp(classes).take(_class_weights(weight, x)._array, classes)
        _check_constant("nll_loss_forward", weight)
    z = np.where(counted, -weights * picked(x, place), x.dtype.type(0))[()]
    if reduction != "none":
        z = total(z)
    if reduction == "mean":
        all_weights = total(weights)
        z, weights = z / all_weights, weights / (all_weights + (all_weights == 0))
    kind = NllLossBackward0 if x.ndim <= 2 else NllLoss2DBackward0
    return record(z, kind, (input,), x.shape, place, weights)


def _class_dim(x: Any) -> int:
    return 0 if x.ndim == 1 else 1


_floats = only("f", "nll_loss_out_frame", lambda x: x)


def _check_labels(x: Any, y: Any) -> None:
    """Refuse class numbers that do not fit the log-probabilities `x` by their shape or type."""
    if x.ndim == 0:
        raise ValueError("Expected 1 or more dimensions (got 0)")
    if x.ndim == 1 and y.shape not in ((), (1,)):
        raise ValueError(f"For 1D input, 1D target must have size 1, but got target size: {y.size}")
    n, batch = x.shape[0], y.shape[0] if y.ndim else 0
    if x.ndim > 1 and n != batch:
        raise ValueError(f"Expected input batch_size ({n}) to match target batch_size ({batch}).")
    if x.ndim == 2 and y.ndim != 1:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    expected = x.shape[:1] + x.shape[2:]
    if x.ndim > 2 and y.shape != expected:
        raise RuntimeError(f"Expected target size {list(expected)}, got {list(y.shape)}")
    if y.dtype not in (np.int64, np.uint8):
        raise RuntimeError(
            f"expected target dtype to be Long or Byte, but got {legacy_name(y.dtype)}. "
            "Targets are the numbers of classes: use target.long()."
        )
    _floats(x)


def _class_weights(weight: Any, x: Any) -> Any:
    """A weight per class, once it is checked."""
    check_tensor("cross_entropy_loss", weight, 3, "weight")
    classes = x.shape[_class_dim(x)]
    if weight._array.shape != (classes,):
        raise RuntimeError(
            f"cross_entropy: weight tensor should be defined either for all {classes} classes or "
            f"no classes but got weight tensor of shape: {list(weight.shape)}"
        )
    if weight._array.dtype != x.dtype:
        expected, found = legacy_name(x.dtype), legacy_name(weight._array.dtype)
        raise RuntimeError(f"expected scalar type {expected} but found {found}")
    return weight


def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    """The negative log-likelihood of the softmax of `input`: scores in, one number out.

    `input` has the classes in dimension 1 (or 0, if it is one vector). `target` holds class
    numbers, int64, as for nll_loss, which explains the options; or a probability per class, in the
    shape of `input`. `label_smoothing` is the part of each target that goes to all classes alike.
    Raises what nll_loss raises.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.cross_entropy(torch.tensor([[2., 0.]]), torch.tensor([0]))
    tensor(0.1269)
    """
    function = "cross_entropy_loss"
    _check_loss(function, input, target, reduction)
    check(function, "ignore_index", ignore_index, "int", 5)
    smoothing = max(check(function, "label_smoothing", label_smoothing, "float", 6), 0)
    if smoothing > 1:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {smoothing}")
    x, y = input._array, target._array
    soft = x.shape == y.shape
    if soft and y.dtype.kind != "f":
        raise RuntimeError(
            "Expected floating point type for target with class probabilities, got "
            f"{legacy_name(y.dtype)}"
        )
    if soft and ignore_index >= 0:
        raise RuntimeError("ignore_index is not supported for floating point target")
    logs = input.log_softmax(_class_dim(x))
    if soft:
        return _of_probabilities(logs, target, weight, reduction, smoothing)
    loss = _nll(logs, target, weight, ignore_index, reduction)
    if not smoothing:
        return loss
    alike = _of_all_classes(logs, target, weight, target == ignore_index, reduction)
    return _times(loss, 1 - smoothing) + _times(alike, smoothing / x.shape[_class_dim(x)])


# Multiplication and division as PyTorch's own functions use them: with a number that is no tensor.
MulBackward1 = of_one("MulBackward1", lambda g, other: g * other)
DivBackward1 = of_one("DivBackward1", lambda g, other: g / other)


def _times(x: Any, number: float) -> Any:
    return record(x._array * number, MulBackward1, (x,), number)


def _each_weighted(logs: Any, weight: Any) -> Any:
    """The logarithms, times the weights of their classes."""
    if weight is None:
        return logs
    shape = [-1 if d == _class_dim(logs) else 1 for d in range(logs.ndim)]
    return logs * _class_weights(weight, logs._array).reshape(shape)


def _of_all_classes(logs: Any, target: Any, weight: Any, ignored: Any, reduction: str) -> Any:
    """The loss of targets that give the same probability to every class, times the classes."""
    losses = -_each_weighted(logs, weight).sum(_class_dim(logs))
    losses = losses.masked_fill(ignored, 0.0)
    if reduction != "mean":
        return _reduced(losses, reduction)
    counted = ~ignored
    counts = counted if weight is None else weight[target * counted] * counted
    return losses.sum() / counts.sum()


def _of_probabilities(logs: Any, target: Any, weight: Any, reduction: str, smoothing: Any) -> Any:
    """Cross entropy with a probability per class."""
    dim = _class_dim(logs)
    classes = logs.shape[dim]
    if smoothing:
        target = target * (1 - smoothing) + smoothing / max(classes, 1)
    terms = _each_weighted(logs * target, weight)
    if reduction == "none":
        return -terms.sum(dim)
    z = -terms.sum()
    if reduction == "sum":
        return z
    samples = logs.numel() / classes if classes else 0
    return record(z._array / samples, DivBackward1, (z,), samples)


# --- layers -------------------------------------------------------------------------------------


def linear(input: Any, weight: Any, bias: Any = None) -> Any:
    """input @ weight transposed + bias: `weight` has a row for each output.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.linear(torch.tensor([1., 2.]), torch.tensor([[3., 4.]]))
    tensor([11.])
    """
    check_tensor("linear", input)
    check_tensor("linear", weight, 2, "weight")
    if bias is None:
        return input.matmul(weight.t())
    check_tensor("linear", bias, 3, "bias")
    shape = input._array.shape
    if len(shape) == 2:
        return bias.addmm(input, weight.t())
    rows_follow = input.is_contiguous() and bias.is_contiguous() and bias._array.ndim == 1
    if weight._array.ndim < 2 or not shape or not rows_follow:
        return input.matmul(weight.t()) + bias
    return bias.addmm(input.reshape(-1, shape[-1]), weight.t()).view(*shape[:-1], -1)


def dropout(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """Each element is 0 with probability `p`, and else divided by 1 - p, which keeps the mean.

    Without `training` nothing happens. ValueError for a probability that is none.

    >>> import tinygrad_edu as torch
    >>> _ = torch.manual_seed(42)
    >>> torch.nn.functional.dropout(torch.ones(5), 0.5)
    tensor([2., 2., 2., 2., 0.])
    """
    check_tensor("dropout", input)
    if p < 0 or p > 1:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    if p == 0 or not training or not input._array.size:
        return input
    if not input.is_floating_point():
        raise RuntimeError("result type Float can't be cast to the desired output type Long")
    kept = random.bernoulli(np.full(input._array.shape, 1 - p)) / (1 - p or 1)
    noise = wrap(input.__class__, kept).to(input)
    return input.mul_(noise) if inplace else input.mul(noise)


def one_hot(tensor: Any, num_classes: int = -1) -> Any:
    """Vectors of zeros with a one at the place that each whole number names; int64.

    The result has one dimension more than `tensor`, of `num_classes`: -1 means as many as needed.
    Raises RuntimeError for anything but int64 numbers from 0 up to num_classes - 1.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.one_hot(torch.tensor([0, 2]))
    tensor([[1, 0, 0],
            [0, 0, 1]])
    """
    check_tensor("one_hot", tensor)
    num_classes = check("one_hot", "num_classes", num_classes, "int", 2)
    labels = tensor._array
    if labels.dtype != np.int64:
        raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor.")
    if labels.size == 0 and num_classes <= 0:
        raise RuntimeError("Can not infer total number of classes from empty tensor.")
    low, high = (labels.min(), int(labels.max())) if labels.size else (0, -1)
    if low < 0:
        raise RuntimeError("Class values must be non-negative.")
    if num_classes != -1 and high >= num_classes:
        raise RuntimeError("Class values must be smaller than num_classes.")
    places = xp(labels).arange(high + 1 if num_classes == -1 else num_classes)
    return wrap(tensor.__class__, (labels[..., None] == places).astype(np.int64))
