"""torch.nn.functional's namespace: activations, losses and one-hot vectors.

A loss compares predictions with targets and is one number: the mean over all elements, unless
`reduction` says 'sum' or 'none'. Options that follow the weights are given by name.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from .. import dtypes
from ..arguments import check
from ..devices import scatter_sum, spread, total, xp
from ..operations.record import (
    broadcast_error,
    check_tensor,
    node_class,
    promoted,
    record,
    wrap,
)

REDUCTIONS = ("none", "mean", "sum")
TINY = float(np.float32(1e-12))  # keeps a quotient finite; of float32, as in PyTorch


# --- activations ------------------------------------------------------------------------------


def relu(input: Any, inplace: bool = False) -> Any:
    """Each element, or 0 where it is negative; `inplace` writes over `input`.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.relu(torch.tensor([-1., 2.]))
    tensor([0., 2.])
    """
    check_tensor("relu", input)
    return input.relu_() if inplace else input.relu()


def sigmoid(input: Any) -> Any:
    """1 / (1 + exp(-x)): any number squeezed between 0 and 1.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.sigmoid(torch.tensor(0.))
    tensor(0.5000)
    """
    return input.sigmoid()


def tanh(input: Any) -> Any:
    """The hyperbolic tangent: any number squeezed between -1 and 1.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.tanh(torch.tensor(0.))
    tensor(0.)
    """
    return input.tanh()


def softmax(input: Any, dim: int | None = None, *, dtype: Any = None) -> Any:
    """exp(x) divided by its sum along `dim`: numbers become probabilities. See `torch.softmax`.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.softmax(torch.tensor([0., 0.]), dim=0)
    tensor([0.5000, 0.5000])
    """
    return input.softmax(_implicit_dim("softmax", input) if dim is None else dim, dtype)


def log_softmax(input: Any, dim: int | None = None, *, dtype: Any = None) -> Any:
    """The logarithm of softmax along `dim`. See `torch.log_softmax`.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.log_softmax(torch.tensor([0., 0.]), dim=0)
    tensor([-0.6931, -0.6931])
    """
    return input.log_softmax(_implicit_dim("log_softmax", input) if dim is None else dim, dtype)


def _implicit_dim(function: str, input: Any) -> int:
    warnings.warn(
        f"Implicit dimension choice for {function} has been deprecated. "
        "Change the call to include dim=X as an argument.",
        UserWarning,
        stacklevel=3,
    )
    return 0 if input.ndim in (0, 1, 3) else 1


# --- losses between numbers -------------------------------------------------------------------


def mse_loss(input: Any, target: Any, *, reduction: str = "mean") -> Any:
    """The squared difference of prediction and target; floats of one shape.

    Raises ValueError for an unknown reduction, NotImplementedError for integers; other shapes are
    broadcast, with a warning.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.mse_loss(torch.tensor([1., 2.]), torch.tensor([1., 4.]))
    tensor(2.)
    """
    check_tensor("mse_loss", input)
    check_tensor("mse_loss", target, 2, "target")
    _check_reduction(reduction)
    if input._array.shape != target._array.shape:
        warnings.warn(
            f"Using a target size ({target.shape}) that is different to the input size "
            f"({input.shape}). This will likely lead to incorrect results due to broadcasting. "
            "Please ensure they have the same size.",
            UserWarning,
            stacklevel=2,
        )
        shape = _common_shape(input, target)
        input, target = (t if t.shape == shape else t.expand(shape) for t in (input, target))
    x, y = promoted(input._array, target._array)
    _check_floats("mse_cpu", x)
    difference = x - y
    z = _reduced(difference * difference, reduction)
    return record(z, MseLossBackward0, (input, target), input, target, reduction)


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
    check_tensor("binary_cross_entropy", input)
    check_tensor("binary_cross_entropy", target, 2, "target")
    _check_reduction(reduction)
    if input.shape != target.shape:
        raise ValueError(
            f"Using a target size ({target.shape}) that is different to the input size "
            f"({input.shape}) is deprecated. Please ensure they have the same size."
        )
    p, y = input._array, target._array
    if p.dtype != y.dtype:
        expected, found = dtypes.legacy_name(p.dtype), dtypes.legacy_name(y.dtype)
        raise RuntimeError(
            f"Found dtype {found} but expected {expected}. Use target.type_as(input)."
        )
    _check_floats("binary_cross_entropy", p)
    for name, array in (("input", p), ("target", y)):
        if not np.all((array >= 0) & (array <= 1)):
            raise RuntimeError(
                f"all elements of {name} should be between 0 and 1. Use sigmoid for the input."
            )
    z = -(y * np.maximum(np.log(p), -100) + (1 - y) * np.maximum(np.log1p(-p), -100))
    if weight is not None:
        _check_constant("binary_cross_entropy", weight)
        weight = weight.to(input.dtype).expand(_common_shape(weight, input))
        z = z * weight._array
    kind = BinaryCrossEntropyBackward0
    return record(_reduced(z, reduction), kind, (input, target), input, target, weight, reduction)


def _check_reduction(reduction: str) -> None:
    if reduction not in REDUCTIONS:
        raise ValueError(f"{reduction} is not a valid value for reduction: use one of {REDUCTIONS}")


def _check_floats(function: str, x: Any) -> None:
    if x.dtype.kind != "f":
        name = dtypes.legacy_name(x.dtype)
        raise NotImplementedError(
            f"\"{function}\" not implemented for '{name}': it needs floats, as in x.float()"
        )


def _check_constant(function: str, weight: Any) -> None:
    check_tensor(function, weight, 3, "weight")
    if weight._requires_grad:
        raise RuntimeError(
            f"The function '{function}' is not differentiable with respect to argument 'weight'. "
            "This input cannot have requires_grad True."
        )


def _common_shape(x: Any, y: Any) -> tuple[int, ...]:
    try:
        return np.broadcast_shapes(x._array.shape, y._array.shape)
    except ValueError:
        raise broadcast_error(x._array, y._array) from None


def _reduced(z: Any, reduction: str) -> Any:
    if reduction == "none":
        return z
    added = total(z)
    return added if reduction == "sum" else added / (z.size or math.nan)


def _share(g: Any, x: Any, reduction: str) -> Any:
    """The gradient of each element's loss, given that of the reduced one."""
    if reduction == "none":
        return g
    shape = tuple(x.shape)
    return spread(g / math.prod(shape) if reduction == "mean" else g, shape)


def _mse_rule(g: Any, x: Any, target: Any, reduction: str) -> Any:
    return _share(g, x, reduction) * (2.0 * (x - target))


def _bce_rule(g: Any, x: Any, target: Any, weight: Any, reduction: str) -> Any:
    scale = xp(x).maximum((1 - x) * x, xp(x).full_like(x, TINY))
    return _weighted(_share(g, x, reduction) * ((x - target) / scale), weight)


def _bce_target_rule(g: Any, x: Any, _target: Any, weight: Any, reduction: str) -> Any:
    return _weighted(_share(g, x, reduction) * (xp(x).log(1 - x) - xp(x).log(x)), weight)


def _weighted(d: Any, weight: Any) -> Any:
    return d if weight is None else d * weight


MseLossBackward0 = node_class(
    "MseLossBackward0",
    _mse_rule,
    lambda g, x, target, reduction: -_mse_rule(g, x, target, reduction),
    inputs=("x", "target"),
)
BinaryCrossEntropyBackward0 = node_class(
    "BinaryCrossEntropyBackward0", _bce_rule, _bce_target_rule, inputs=("x", "target")
)


# --- losses between classes -------------------------------------------------------------------


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
        raise RuntimeError(
            "one_hot is only applicable to index tensor of type LongTensor: use labels.long()."
        )
    if labels.size == 0 and num_classes <= 0:
        raise RuntimeError("Can not infer total number of classes from empty tensor.")
    if labels.size and labels.min() < 0:
        raise RuntimeError("Class values must be non-negative.")
    classes = int(labels.max()) + 1 if num_classes == -1 else num_classes
    if labels.size and labels.max() >= classes:
        raise RuntimeError("Class values must be smaller than num_classes.")
    places = xp(labels).arange(classes)
    return wrap(tensor.__class__, (labels[..., None] == places).astype(np.int64))


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
    per class; targets equal to `ignore_index` do not count.
    Raises ValueError or RuntimeError for shapes and types that do not fit, IndexError for a class
    that does not exist.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.nll_loss(torch.tensor([[-1., -2.]]), torch.tensor([1]))
    tensor(2.)
    """
    check_tensor("nll_loss_nd", input)
    check_tensor("nll_loss_nd", target, 2, "target")
    _check_reduction(reduction)
    _check_floats("nll_loss_out_frame", input._array)
    _check_labels(input._array, target._array)
    if input.ndim not in (1, 2, 4):  # PyTorch knows single rows, rows, and images
        flat = input.reshape(*input.shape[:2], 1, -1), target.reshape(len(target), 1, -1)
        z = nll_loss(*flat, weight, ignore_index=ignore_index, reduction=reduction)
        return z.reshape(target.shape) if reduction == "none" else z
    x = input._array
    positions, weights = _chosen(x, target._array, weight, ignore_index)
    losses = -weights * x.reshape(-1)[positions]
    z = losses if reduction == "none" else total(losses)
    if reduction == "mean":
        all_weights = total(weights)
        z, weights = z / all_weights, np.where(weights, weights / all_weights, 0)
    kind = NllLossBackward0 if x.ndim <= 2 else NllLoss2DBackward0
    saved = positions.reshape(-1), weights.reshape(-1), reduction, x.shape
    return record(z, kind, (input,), *saved)


def _chosen(x: Any, labels: Any, weight: Any, ignore_index: int) -> tuple[Any, Any]:
    """Of each target: the place of its class in the flattened `x`, and its weight."""
    class_dim = min(x.ndim - 1, 1)
    classes, after = x.shape[class_dim], math.prod(x.shape[class_dim + 1 :])
    labels = labels.astype(np.int64, copy=False)
    if x.ndim == 1:
        labels = labels.reshape(())
    counted = labels != ignore_index
    wrong = labels[counted & ((labels < 0) | (labels >= classes))]
    if wrong.size:
        raise IndexError(f"Target {wrong[0]} is out of bounds. Classes are 0 to {classes - 1}.")
    labels = np.where(counted, labels, 0)
    weights = counted.astype(x.dtype)
    if weight is not None:
        weights = weights * _checked_weight(weight, x, classes)[labels]
    samples = xp(x).arange(labels.size).reshape(labels.shape)
    return (samples // after * classes + labels) * after + samples % after, weights


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
        raise RuntimeError(
            "0D or 1D target tensor expected, multi-target not supported: one class for each row"
        )
    expected = x.shape[:1] + x.shape[2:]
    if x.ndim > 2 and expected != labels.shape:
        raise RuntimeError(f"Expected target size {list(expected)}, got {list(labels.shape)}")
    if labels.dtype not in (np.int64, np.uint8):
        raise RuntimeError(
            f"expected target dtype to be Long or Byte, but got {dtypes.legacy_name(labels.dtype)}."
            " Targets are the numbers of classes: use target.long()."
        )


def _checked_weight(weight: Any, x: Any, classes: int) -> Any:
    """The array of a weight per class."""
    _check_constant("nll_loss_forward", weight)
    if weight._array.shape != (classes,):
        raise RuntimeError(
            f"weight tensor should be defined either for all {classes} classes or no classes but "
            f"got weight tensor of shape: {list(weight.shape)}"
        )
    if weight._array.dtype != x.dtype:
        expected, found = dtypes.legacy_name(x.dtype), dtypes.legacy_name(weight._array.dtype)
        raise RuntimeError(f"expected scalar type {expected} but found {found}")
    return weight._array


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
    numbers, int64, as for nll_loss; or a probability per class, in the shape of `input`.
    `label_smoothing` takes that part of each target and gives it to all classes alike.
    Raises what nll_loss raises.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.cross_entropy(torch.tensor([[2., 0.]]), torch.tensor([0]))
    tensor(0.1269)
    """
    function = "cross_entropy_loss"
    check_tensor(function, input)
    check_tensor(function, target, 2, "target")
    _check_reduction(reduction)
    ignore_index = check(function, "ignore_index", ignore_index, "int", 5)
    if check(function, "label_smoothing", label_smoothing, "float", 6) > 1:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}")
    smoothing = max(label_smoothing, 0)
    class_dim = 0 if input.ndim == 1 else 1
    if target.shape == input.shape:
        return _soft_cross_entropy(input, target, weight, ignore_index, reduction, smoothing)
    logs = input.log_softmax(class_dim)
    loss = nll_loss(logs, target, weight, ignore_index=ignore_index, reduction=reduction)
    if not smoothing:
        return loss
    smooth = _smooth_loss(logs, target, weight, ignore_index, reduction, class_dim)
    return _times(loss, 1 - smoothing) + _times(smooth, smoothing / logs.shape[class_dim])


def _soft_cross_entropy(
    input: Any, target: Any, weight: Any, ignore_index: int, reduction: str, smoothing: float
) -> Any:
    """Cross entropy with a probability per class."""
    if not target.is_floating_point():
        raise RuntimeError(
            "Expected floating point type for target with class probabilities, got "
            f"{dtypes.legacy_name(target._array.dtype)}"
        )
    if ignore_index >= 0:
        raise RuntimeError("ignore_index is not supported for floating point target")
    class_dim = 0 if input.ndim == 1 else 1
    logs = input.log_softmax(class_dim)
    classes = logs.shape[class_dim]
    if smoothing:
        target = target * (1 - smoothing) + smoothing / max(classes, 1)
    terms = logs * target
    if weight is not None:
        terms = terms * _along_classes(weight, logs, class_dim)
    if reduction == "none":
        return -terms.sum(class_dim)
    total = -terms.sum()
    if reduction == "sum":
        return total
    samples = logs.numel() / classes if classes else 0
    return record(total._array / samples, DivBackward1, (total,), samples)


def _along_classes(weight: Any, logs: Any, class_dim: int) -> Any:
    """A weight per class in a shape that broadcasts along the dimension of the classes."""
    check_tensor("cross_entropy_loss", weight, 3, "weight")
    classes = logs.shape[class_dim]
    if weight.shape != (classes,):
        raise RuntimeError(
            f"cross_entropy: weight tensor should be defined either for all {classes} classes or "
            f"no classes but got weight tensor of shape: {list(weight.shape)}"
        )
    return weight.reshape(*(-1 if d == class_dim else 1 for d in range(logs.ndim)))


def _smooth_loss(
    logs: Any, target: Any, weight: Any, ignore_index: int, reduction: str, class_dim: int
) -> Any:
    """The loss of targets that give the same probability to every class, times the classes."""
    terms = logs if weight is None else logs * _along_classes(weight, logs, class_dim)
    losses = -terms.sum(class_dim)
    ignored = target == ignore_index
    kept = np.where(ignored._array, losses._array.dtype.type(0), losses._array)[()]
    losses = record(kept, MaskedFillBackward0, (losses,), ignored)
    if reduction == "none":
        return losses
    if reduction == "sum":
        return losses.sum()
    counted = ~ignored
    counts = counted if weight is None else weight[target * counted] * counted
    return losses.sum() / counts.sum()


def _times(x: Any, number: float) -> Any:
    """x * number, with the node that PyTorch leaves where it computes this itself."""
    return record(x._array * number, MulBackward1, (x,), number)


def _nll_rule(g: Any, positions: Any, scale: Any, reduction: str, shape: Any) -> Any:
    if reduction == "none":
        g = g.reshape(-1)
    return scatter_sum(-scale * g, positions, shape)


NllLossBackward0 = node_class("NllLossBackward0", _nll_rule, inputs="x", frees=True)
NllLoss2DBackward0 = node_class("NllLoss2DBackward0", _nll_rule, inputs="x", frees=True)
MaskedFillBackward0 = node_class(
    "MaskedFillBackward0", lambda g, mask: xp(g).where(mask, 0.0, g), inputs="x", frees=True
)
MulBackward1 = node_class("MulBackward1", lambda g, other: g * other, inputs="x")
DivBackward1 = node_class("DivBackward1", lambda g, other: g / other, inputs="x")
