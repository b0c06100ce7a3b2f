"""torch.nn.functional's namespace: activations, losses, and layers that are functions.

A loss compares predictions with targets and is one number: the mean over all elements, unless
`reduction` says 'sum' or 'none'. A loss's options are given by name. Much is shared: an activation
is a line of mathematics and its derivative, a loss of numbers is a function of the difference, and
the losses of classes rest on `nll_loss`, which picks the log-probability of the right class.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from .. import random
from ..arguments import check
from ..devices import placed, spread, total, xp
from ..dtypes import legacy_name
from ..graph import Node
from ..operations.comparisons import only
from ..operations.elementwise import erf
from ..operations.in_place import in_place
from ..operations.indexing import added_at
from ..operations.record import broadcast_error, check_tensor, node_class, promoted, record, wrap
from ..operations.selecting import MASKED_FILL, grid

# --- activations ------------------------------------------------------------------------------


def activation(function: str, forward: Any, rule: Any, **defaults: Any) -> Any:
    """A function of each element; `defaults` are the numbers that `forward` and `rule` take, and
    the text of `forward` says what it computes."""
    meaning = forward.__doc__
    kind = node_class(function.title().replace("_", "") + "Backward0", rule, inputs="x")
    forward = only("iuf" if function == "hardtanh" else "f", f"{function}_cpu", forward)
    names = [*defaults, "inplace"]

    def plain(input: Any, *numbers: Any) -> Any:
        return record(forward(input._array, *numbers), kind, (input,), input, *numbers)

    def operation(input: Any, *numbers: Any, **named: Any) -> Any:
        check_tensor(function, input)
        given = {**defaults, "inplace": False, **dict(zip(names, numbers)), **named}
        if max(len(given), len(numbers)) > len(names):
            raise TypeError(f"{function}() takes the arguments {', '.join(names)}, not {given}")
        apply = written if given.pop("inplace") else plain
        return apply(input, *[check(function, name, n, "Number") for name, n in given.items()])

    operation.__name__ = operation.__qualname__ = plain.__name__ = function
    operation.__doc__ = f"{meaning} Numbers and their defaults: {defaults}; also `inplace`."
    written = in_place(plain)
    return operation


def _sigmoid(x: Any) -> Any:
    return x.sigmoid() if hasattr(x, "_array") else 1 / (1 + xp(x).exp(-x))


def _elu(x: Any, alpha: Any, scale: Any) -> Any:
    """scale * x, or scale * alpha * (exp(x) - 1) where x is negative."""
    return np.where(x < 0, alpha * scale * np.expm1(x), scale * x)


def _elu_rule(g: Any, x: Any, alpha: Any, scale: Any) -> Any:
    below = xp(g).where(x > 0, 0.0, x)  # keeps exp from overflowing where it is not wanted
    return xp(g).where(x > 0, g * scale, g * (alpha * scale) * xp(x).exp(below))


def _softplus(x: Any, beta: Any, threshold: Any) -> Any:
    """log(1 + exp(beta * x)) / beta: relu with its corner rounded; x itself beyond `threshold`."""
    return np.where(x * beta > threshold, x, np.log1p(np.exp(x * beta)) / beta)


def _softplus_rule(g: Any, x: Any, beta: Any, threshold: Any) -> Any:
    return xp(g).where(x * beta > threshold, g, g * _sigmoid(x * beta))


def _silu(x: Any) -> Any:
    """x * sigmoid(x), also known as swish."""
    return x * _sigmoid(x)


def _silu_rule(g: Any, x: Any) -> Any:
    s = _sigmoid(x)
    return g * s * (1 + x * (1 - s))


def _hardtanh(x: Any, min_val: Any, max_val: Any) -> Any:
    """Each element, or the nearer limit where it lies outside of `min_val` to `max_val`."""
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    return np.clip(x, x.dtype.type(min_val), x.dtype.type(max_val))


def _hardtanh_rule(g: Any, x: Any, min_val: Any, max_val: Any) -> Any:
    return xp(g).where((x <= min_val) | (x >= max_val), xp(x).sign(x) * 0.0, g)


def _log_sigmoid(x: Any) -> Any:
    """The logarithm of sigmoid, which overflows nowhere."""
    return xp(x).where(x < 0, x, 0.0) - xp(x).log1p(xp(x).exp(-abs(x)))


def _leaky(x: Any, slope: Any) -> Any:
    """x, or negative_slope * x where x is negative."""
    return np.where(x > 0, x, x * slope)


def _leaky_rule(g: Any, x: Any, negative_slope: Any) -> Any:
    return g * xp(x).where(x > 0, xp(x).sign(x), negative_slope)  # sign: 1, and of x


leaky_relu = activation("leaky_relu", _leaky, _leaky_rule, negative_slope=0.01)
_elu_of = activation("elu", _elu, _elu_rule, alpha=1.0, scale=1.0)
silu = activation("silu", _silu, _silu_rule)
softplus = activation("softplus", _softplus, _softplus_rule, beta=1.0, threshold=20.0)
hardtanh = activation("hardtanh", _hardtanh, _hardtanh_rule, min_val=-1.0, max_val=1.0)
logsigmoid = activation("log_sigmoid", _log_sigmoid, lambda g, x: g * _sigmoid(-x))


def elu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    """x, or alpha * (exp(x) - 1) where x is negative."""
    return _elu_of(input, alpha, inplace=inplace)


def selu(input: Any, inplace: bool = False) -> Any:
    """elu with the two numbers that keep mean 0 and variance 1 (Klambauer et al. 2017)."""
    return _elu_of(input, 1.6732632423543772, 1.0507009873554805, inplace)


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
    _warn(
        f"Implicit dimension choice for {function} has been deprecated. "
        "Change the call to include dim=X as an argument."
    )
    return 0 if input.ndim in (0, 1, 3) else 1


def _warn(text: str) -> None:
    warnings.warn(text, UserWarning, stacklevel=4)


# --- losses of numbers ------------------------------------------------------------------------


def _options(function: str, input: Any, target: Any, given: Any, **defaults: Any) -> Any:
    """The values of a loss's options, the reduction first; refuses other names and values."""
    check_tensor(function, input)
    check_tensor(function, target, 2, "target")
    options = {"reduction": "mean", **defaults, **given}
    if len(options) > len(defaults) + 1:
        raise TypeError(f"{function}() got an unexpected keyword argument: it takes {[*defaults]}")
    reduction = options["reduction"]
    if reduction not in ("none", "mean", "sum") and (function, reduction) != BATCHMEAN:
        raise ValueError(f"{reduction} is not a valid value for reduction: 'none', 'mean' or 'sum'")
    return options.values()


BATCHMEAN = ("kl_div", "batchmean")


def _reduced(z: Any, reduction: str) -> Any:
    """The losses of the elements, an array or a Tensor, as `reduction` says."""
    if reduction == "none":
        return z
    if hasattr(z, "_array"):
        return z.sum() if reduction == "sum" else z.mean()
    added = total(z)
    return added if reduction == "sum" else added / (z.size or math.nan)


def _share(g: Any, x: Any, reduction: str) -> Any:
    """The gradient of each element's loss, given that of the reduced one."""
    if reduction == "none":
        return g
    shape = tuple(x.shape)
    return spread(g / math.prod(shape) if reduction == "mean" else g, shape)


def _common_shape(x: Any, y: Any) -> tuple[int, ...]:
    try:
        return np.broadcast_shapes(x._array.shape, y._array.shape)
    except ValueError:
        raise broadcast_error(x._array, y._array) from None


def _broadcast(input: Any, target: Any) -> tuple[Any, Any]:
    """Both expanded to one shape, with a warning if they have different ones."""
    if input._array.shape == target._array.shape:
        return input, target
    _warn(
        f"Using a target size ({target.shape}) that is different to the input size "
        f"({input.shape}). This will likely lead to incorrect results due to broadcasting. "
        "Please ensure they have the same size."
    )
    shape = _common_shape(input, target)
    return tuple([t if t.shape == shape else t.expand(shape) for t in (input, target)])


def _of_difference(name: str, kernel: str, forward: Any, slope: Any) -> Any:
    """A loss that is a function of the difference d, and maybe a number: `forward` and `slope`."""

    def rule(g: Any, x: Any, target: Any, reduction: str, number: Any) -> Any:
        return _share(g, x, reduction) * slope(x - target, number)

    def against(g: Any, x: Any, target: Any, reduction: str, number: Any) -> Any:
        return -rule(g, x, target, reduction, number)

    def loss(input: Any, target: Any, reduction: str, number: Any = None) -> Any:
        input, target = _broadcast(input, target)
        z = _reduced(forward(*promoted(input._array, target._array), number), reduction)
        return record(z, kind, (input, target), input, target, reduction, number)

    kind = node_class(f"{name}Backward0", rule, against, inputs=("x", "target"))
    forward = only("f", kernel, lambda x, y, number, f=forward: f(x - y, number))
    return loss


def _square_then_line(d: Any, limit: Any) -> Any:
    d = abs(d)
    return np.where(d < limit, 0.5 * d * d, limit * (d - 0.5 * limit))


def _clipped(d: Any, limit: Any) -> Any:
    where = xp(d).where
    return where(d <= -limit, -1.0 * limit, where(d >= limit, 1.0 * limit, d))


_mse = _of_difference("MseLoss", "mse_cpu", lambda d, _: d * d, lambda d, _: 2.0 * d)
_huber = _of_difference("HuberLoss", "huber_cpu", _square_then_line, _clipped)
_smooth_l1 = _of_difference(
    "SmoothL1Loss",
    "smooth_l1_cpu",
    lambda d, beta: _square_then_line(d, beta) / beta,
    lambda d, beta: _clipped(d, beta) / beta,
)


def mse_loss(input: Any, target: Any, **options: Any) -> Any:
    """The squared difference of prediction and target; option `reduction`.

    Raises ValueError for an unknown reduction, NotImplementedError for integers; other shapes are
    broadcast, with a warning.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.mse_loss(torch.tensor([1., 2.]), torch.tensor([1., 4.]))
    tensor(2.)
    """
    (reduction,) = _options("mse_loss", input, target, options)
    return _mse(input, target, reduction)


def l1_loss(input: Any, target: Any, **options: Any) -> Any:
    """The absolute difference of prediction and target; option `reduction`."""
    (reduction,) = _options("l1_loss", input, target, options)
    input, target = _broadcast(input, target)
    return _reduced((input - target).abs(), reduction)


def huber_loss(input: Any, target: Any, **options: Any) -> Any:
    """Half the squared difference d, but growing linearly where abs(d) is beyond `delta` (1).

    Options `reduction`, `delta`. RuntimeError unless delta is positive.
    """
    reduction, delta = _options("huber_loss", input, target, options, delta=1.0)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    return _huber(input, target, reduction, delta)


def smooth_l1_loss(input: Any, target: Any, **options: Any) -> Any:
    """huber_loss / beta: the absolute difference, rounded off below `beta` (1).

    Options `reduction`, `beta`. RuntimeError if beta is negative.
    """
    reduction, beta = _options("smooth_l1_loss", input, target, options, beta=1.0)
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    if beta == 0:
        return l1_loss(input, target, reduction=reduction)
    return _smooth_l1(input, target, reduction, beta)


def kl_div(input: Any, target: Any, **options: Any) -> Any:
    """The Kullback-Leibler divergence target * (log(target) - input); `input` holds logarithms,
    and so does `target` with the option `log_target`.

    The option `reduction` may be 'batchmean' too, the sum divided by the number of rows, which is
    what the mathematics wants.
    """
    reduction, logs = _options("kl_div", input, target, options, log_target=False)
    if reduction == "mean":
        _warn("reduction: 'mean' divides by both the batch size and the support size: 'batchmean'")
    if logs:
        z = target.exp() * (target - input)
    else:
        z = target * target.log().masked_fill(target == 0, 0.0) - target * input
    return z.sum() / input.shape[0] if reduction == "batchmean" else _reduced(z, reduction)


# --- losses of probabilities --------------------------------------------------------------------


def _weighted(d: Any, weight: Any) -> Any:
    return d if weight is None else d * weight


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
    return weight.to(input.dtype).expand(_common_shape(weight, input))


def _bce_rule(g: Any, x: Any, target: Any, weight: Any, reduction: str) -> Any:
    tiny = float(np.float32(1e-12))  # keeps the quotient finite; of float32, as in PyTorch
    scale = xp(x).maximum((1 - x) * x, xp(x).full_like(x, tiny))
    return _weighted(_share(g, x, reduction) * ((x - target) / scale), weight)


def _bce_target_rule(g: Any, x: Any, _target: Any, weight: Any, reduction: str) -> Any:
    return _weighted(_share(g, x, reduction) * (xp(x).log(1 - x) - xp(x).log(x)), weight)


def _logits_rule(g: Any, x: Any, target: Any, weight: Any, pos_weight: Any, reduction: str) -> Any:
    positive = _weighted(target, pos_weight)
    d = (positive + 1 - target) * _sigmoid(x) - positive
    return _weighted(_share(g, x, reduction) * d, weight)


def _logits_target_rule(
    g: Any, x: Any, target: Any, weight: Any, pos_weight: Any, reduction: str
) -> Any:
    d = -x if pos_weight is None else _log_sigmoid(-x) - pos_weight * _log_sigmoid(x)
    return _weighted(_share(g, x, reduction) * d, weight)


BOTH = ("x", "target")
BinaryCrossEntropyBackward0 = node_class(
    "BinaryCrossEntropyBackward0", _bce_rule, _bce_target_rule, inputs=BOTH
)
BinaryCrossEntropyWithLogitsBackward0 = node_class(
    "BinaryCrossEntropyWithLogitsBackward0", _logits_rule, _logits_target_rule, inputs=BOTH
)


def _cross_entropies(p: Any, y: Any) -> Any:
    for name, array in (("input", p), ("target", y)):
        if not np.all((array >= 0) & (array <= 1)):
            raise RuntimeError(
                f"all elements of {name} should be between 0 and 1. Use sigmoid for the input."
            )
    return -(y * np.maximum(np.log(p), -100) + (1 - y) * np.maximum(np.log1p(-p), -100))


_bce = only("f", "binary_cross_entropy", _cross_entropies)


def binary_cross_entropy(input: Any, target: Any, weight: Any = None, **options: Any) -> Any:
    """-(y log p + (1 - y) log(1 - p)) for probabilities p and targets y between 0 and 1.

    Floats of one shape and type; `weight` broadcasts. Logarithms are cut off at -100, as in
    PyTorch. Option `reduction`. Raises ValueError for different shapes, RuntimeError for other
    numbers.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.binary_cross_entropy(torch.tensor([0.5]), torch.tensor([1.]))
    tensor(0.6931)
    """
    function = "binary_cross_entropy"
    (reduction,) = _options(function, input, target, options)
    p, y = input._array, target._array
    if p.shape != y.shape:
        raise ValueError(
            f"Using a target size ({target.shape}) that is different to the input size "
            f"({input.shape}) is deprecated. Please ensure they have the same size."
        )
    if p.dtype != y.dtype:
        raise RuntimeError(
            f"Found dtype {legacy_name(y.dtype)} but expected {legacy_name(p.dtype)}. "
            "Use target.type_as(input)."
        )
    z, weight = _bce(p, y), _spread(function, weight, "weight", input)
    z = z if weight is None else z * weight._array
    kind = BinaryCrossEntropyBackward0
    return record(_reduced(z, reduction), kind, (input, target), input, target, weight, reduction)


_log_of_sigmoid = only("f", "log_sigmoid_cpu", _log_sigmoid)


def binary_cross_entropy_with_logits(
    input: Any, target: Any, weight: Any = None, **options: Any
) -> Any:
    """binary_cross_entropy of sigmoid(input), in one step, so that nothing overflows.

    Options `reduction` and `pos_weight`, the weight of positive targets; `weight` is that of all.
    Both broadcast. Raises ValueError for different shapes, RuntimeError for integer targets.
    """
    function = "binary_cross_entropy_with_logits"
    reduction, pos_weight = _options(function, input, target, options, pos_weight=None)
    x, y = input._array, target._array
    if x.shape != y.shape:
        raise ValueError(
            f"Target size ({target.shape}) must be the same as input size ({input.shape})"
        )
    losses = _log_of_sigmoid(x)
    if y.dtype.kind != "f":
        raise RuntimeError(
            f"result type Float can't be cast to the desired output type {legacy_name(y.dtype)}: "
            "use target.float()"
        )
    weight = _spread(function, weight, "weight", input)
    pos_weight = _spread(function, pos_weight, "pos_weight", input)
    positive = 1 if pos_weight is None else (pos_weight._array - 1) * y + 1
    z = (1 - y) * x - positive * losses
    z = _reduced(z if weight is None else z * weight._array, reduction)
    kind = BinaryCrossEntropyWithLogitsBackward0
    return record(z, kind, (input, target), input, target, weight, pos_weight, reduction)


# --- losses of classes --------------------------------------------------------------------------


def nll_loss(input: Any, target: Any, weight: Any = None, **options: Any) -> Any:
    """Minus the log-probability that `input` gives the right class.

    `input` has the classes in dimension 1 (or 0, if it is one vector); `target` has its shape
    without that dimension, and holds the classes' numbers, int64 or uint8. `weight` has a number
    per class; targets equal to the option `ignore_index` (-100) do not count. Option `reduction`.
    Raises ValueError or RuntimeError for shapes and types that do not fit, IndexError for a class
    that does not exist.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.nll_loss(torch.tensor([[-1., -2.]]), torch.tensor([1]))
    tensor(2.)
    """
    reduction, ignore_index = _options("nll_loss_nd", input, target, options, ignore_index=-100)
    return _nll(input, target, weight, ignore_index, reduction)


def _nll(input: Any, target: Any, weight: Any, ignore_index: int, reduction: str) -> Any:
    x, labels = input._array, target._array
    _check_labels(x, labels)
    if x.ndim not in (1, 2, 4):  # PyTorch knows single rows, rows, and images
        flat = input.reshape(*x.shape[:2], 1, -1), target.reshape(len(labels), 1, -1)
        z = _nll(*flat, weight, ignore_index, reduction)
        return z.reshape(target.shape) if reduction == "none" else z
    dim, zero = min(x.ndim - 1, 1), x.dtype.type(0)
    labels = labels if dim else labels.reshape(())
    counted = labels != ignore_index
    classes = np.where(counted, labels, 0).astype(np.int64, copy=False)
    wrong = classes.view(np.uint64) >= x.shape[dim]  # without a sign, negative numbers are large
    if xp(x).count_nonzero(wrong):  # 2 microseconds faster than any()
        raise IndexError(f"Target {classes[wrong][0]} is out of bounds: not under {x.shape[dim]}.")
    weights = counted.astype(x.dtype)
    if weight is not None:
        _check_constant("nll_loss_forward", weight)
        weights *= _class_weights(weight, x, dim)._array[classes]
    place = grid(labels)
    place.insert(dim, classes)
    z = np.where(counted, -weights * x[tuple(place)], zero)[()]
    if reduction != "none":
        z = total(z)
    if reduction == "mean":
        all_weights = total(weights)
        z, weights = z / all_weights, weights / (all_weights or 1)
    kind = NllLossBackward0 if x.ndim <= 2 else NllLoss2DBackward0
    return record(z, kind, (input,), x.shape, tuple(place), weights)


def _nll_rule(g: Any, self_sym_sizes: Any, place: Any, weight: Any) -> Any:
    return placed(-weight * g, place, self_sym_sizes)


def _kind_of_one(name: str, rule: Any) -> type[Node]:
    return node_class(name, rule, inputs="x", frees=True)


NllLossBackward0 = _kind_of_one("NllLossBackward0", _nll_rule)
NllLoss2DBackward0 = _kind_of_one("NllLoss2DBackward0", _nll_rule)
MulBackward1 = _kind_of_one("MulBackward1", lambda g, other: g * other)
DivBackward1 = _kind_of_one("DivBackward1", lambda g, other: g / other)


_floats = only("f", "nll_loss_out_frame", lambda x: x)


def _check_labels(x: Any, labels: Any) -> None:
    """Refuse class numbers that do not fit the log-probabilities `x` by their shape or type."""
    if x.ndim == 0:
        raise ValueError("Expected 1 or more dimensions (got 0)")
    if x.ndim == 1 and labels.shape not in ((), (1,)):
        raise ValueError(
            f"For 1D input, 1D target must have size 1, but got target size: {labels.size}"
        )
    batch = labels.shape[0] if labels.ndim else 0
    if x.ndim > 1 and x.shape[0] != batch:
        raise ValueError(
            f"Expected input batch_size ({x.shape[0]}) to match target batch_size ({batch})."
        )
    if x.ndim == 2 and labels.ndim != 1:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    expected = x.shape[:1] + x.shape[2:]
    if x.ndim > 2 and expected != labels.shape:
        raise RuntimeError(f"Expected target size {list(expected)}, got {list(labels.shape)}")
    if labels.dtype not in (np.int64, np.uint8):
        raise RuntimeError(
            f"expected target dtype to be Long or Byte, but got {legacy_name(labels.dtype)}. "
            "Targets are the numbers of classes: use target.long()."
        )
    _floats(x)


def _class_weights(weight: Any, x: Any, dim: int) -> Any:
    """A weight per class, once it is checked."""
    check_tensor("cross_entropy_loss", weight, 3, "weight")
    if weight._array.shape != (x.shape[dim],):
        raise RuntimeError(
            "cross_entropy: weight tensor should be defined either for all "
            f"{x.shape[dim]} classes or no classes but got weight tensor of shape: "
            f"{list(weight.shape)}"
        )
    if weight._array.dtype != x.dtype:
        raise RuntimeError(
            f"expected scalar type {legacy_name(x.dtype)} but found "
            f"{legacy_name(weight._array.dtype)}"
        )
    return weight


def cross_entropy(input: Any, target: Any, weight: Any = None, **options: Any) -> Any:
    """The negative log-likelihood of the softmax of `input`: scores in, one number out.

    `input` has the classes in dimension 1 (or 0, if it is one vector). `target` holds class
    numbers, int64, as for nll_loss; or a probability per class, in the shape of `input`.
    Options: `reduction`; `ignore_index` (-100), a target that does not count; `label_smoothing`
    (0), that part of each target, which goes to all classes alike. Raises what nll_loss raises.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.cross_entropy(torch.tensor([[2., 0.]]), torch.tensor([0]))
    tensor(0.1269)
    """
    function, defaults = "cross_entropy_loss", {"ignore_index": -100, "label_smoothing": 0.0}
    reduction, ignored, smoothing = _options(function, input, target, options, **defaults)
    ignored = check(function, "ignore_index", ignored, "int", 5)
    if check(function, "label_smoothing", smoothing, "float", 6) > 1:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {smoothing}")
    smoothing, dim = max(smoothing, 0), 0 if input.ndim == 1 else 1
    if target._array.shape == input._array.shape:
        if not target.is_floating_point():
            raise RuntimeError(
                "Expected floating point type for target with class probabilities, got "
                f"{legacy_name(target._array.dtype)}"
            )
        if ignored >= 0:
            raise RuntimeError("ignore_index is not supported for floating point target")
        return _soft_cross_entropy(
            input.log_softmax(dim), target, weight, reduction, smoothing, dim
        )
    logs = input.log_softmax(dim)
    loss = _nll(logs, target, weight, ignored, reduction)
    if not smoothing:
        return loss
    smooth = _smooth_loss(logs, target, weight, target == ignored, reduction, dim)
    return _times(loss, 1 - smoothing) + _times(smooth, smoothing / logs.shape[dim])


def _times(x: Any, number: float) -> Any:
    """x * number, with the node that PyTorch leaves where it computes this itself."""
    return record(x._array * number, MulBackward1, (x,), number)


def _each_weighted(logs: Any, weight: Any, dim: int) -> Any:
    """The logarithms, times the weights of their classes."""
    if weight is None:
        return logs
    shape = [-1 if d == dim else 1 for d in range(logs.ndim)]
    return logs * _class_weights(weight, logs._array, dim).reshape(shape)


def _smooth_loss(
    logs: Any, target: Any, weight: Any, ignored: Any, reduction: str, dim: int
) -> Any:
    """The loss of targets that give the same probability to every class, times the classes."""
    losses = -_each_weighted(logs, weight, dim).sum(dim)
    zero = losses._array.dtype.type(0)
    filled = np.where(ignored._array, zero, losses._array)[()]
    losses = record(filled, MASKED_FILL[0], (losses,), ignored)
    if reduction != "mean":
        return _reduced(losses, reduction)
    counted = ~ignored
    counts = counted if weight is None else weight[target * counted] * counted
    return losses.sum() / counts.sum()


def _soft_cross_entropy(
    logs: Any, target: Any, weight: Any, reduction: str, smoothing: float, dim: int
) -> Any:
    """Cross entropy with a probability per class."""
    classes = logs.shape[dim]
    if smoothing:
        target = target * (1 - smoothing) + smoothing / max(classes, 1)
    terms = _each_weighted(logs * target, weight, dim)
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


def _embedding_rule(g: Any, self_sym_sizes: Any, indices: Any, padding_idx: int) -> Any:
    g = xp(g).where((indices == padding_idx)[..., None], 0.0, g)
    return added_at(g, (getattr(indices, "_array", indices),), self_sym_sizes)


EmbeddingBackward0 = _kind_of_one("EmbeddingBackward0", _embedding_rule)


def embedding(input: Any, weight: Any, padding_idx: int | None = None) -> Any:
    """The rows of `weight` that `input` names, whole numbers; that of `padding_idx` gets no
    gradient. IndexError for a row that is not there.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.embedding(torch.tensor([1, 0]), torch.tensor([[1., 2.], [3., 4.]]))
    tensor([[3., 4.],
            [1., 2.]])
    """
    check_tensor("embedding", input, 2, "indices")
    check_tensor("embedding", weight, 1, "weight")
    x, i = weight._array, input._array
    if x.ndim != 2:
        raise RuntimeError("'weight' must be 2-D")
    if i.dtype.name not in ("int64", "int32"):
        raise RuntimeError("Expected tensor for argument #1 'indices' to be Long or Int")
    if i.size and not 0 <= i.min() <= i.max() < len(x):
        raise IndexError(f"index out of range in self: there are {len(x)} rows")
    if padding_idx is not None and not -len(x) <= padding_idx < len(x):
        raise AssertionError("Padding_idx must be within num_embeddings")
    padding_idx = -1 if padding_idx is None else padding_idx % len(x)
    return record(x[i], EmbeddingBackward0, (weight,), x.shape, input, padding_idx)


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


def normalize(input: Any, p: float = 2.0, dim: int = 1, eps: float = 1e-12) -> Any:
    """Vectors along `dim`, divided by their length, or by `eps` where that is larger."""
    return input / input.norm(p, dim, True).clamp_min(eps).expand_as(input)
