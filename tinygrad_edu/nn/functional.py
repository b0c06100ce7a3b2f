"""torch.nn.functional's namespace: activations, losses and one-hot vectors.

A loss compares predictions with targets and is one number: the mean over all elements, unless
`reduction` says 'sum' or 'none'.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .. import dtypes
from ..devices import scatter_sum, spread, xp
from ..operations.record import RESULT, broadcast_error, check_tensor, node_class, promoted, record, wrap
from ..operations.reductions import wrapped_dim

REDUCTIONS = ("none", "mean", "sum")


def relu(input: Any, inplace: bool = False) -> Any:
    """Each element, or 0 where it is negative."""
    check_tensor("relu", input)
    return input.relu_() if inplace else input.relu()


def sigmoid(input: Any) -> Any:
    """1 / (1 + exp(-x)): any number squeezed between 0 and 1."""
    check_tensor("sigmoid", input)
    return input.sigmoid()


def tanh(input: Any) -> Any:
    """The hyperbolic tangent: any number squeezed between -1 and 1."""
    check_tensor("tanh", input)
    return input.tanh()


def _reduced(z: Any, reduction: str) -> Any:
    if reduction == "mean":
        return z.sum() / z.size if z.size else z.sum() * np.nan
    return z.sum() if reduction == "sum" else z


def _check_reduction(reduction: str) -> None:
    if reduction not in REDUCTIONS:
        raise ValueError(f"{reduction} is not a valid value for reduction: use one of {REDUCTIONS}")


def _share(g: Any, x: Any, reduction: str) -> Any:
    """The gradient of each element's loss, given that of the reduced one."""
    shape = tuple(x.shape)
    size = int(np.prod(shape))
    if reduction == "none":
        return g
    return spread(g / size if reduction == "mean" else g, shape)


def _mse_rule(sign: int) -> Any:
    return lambda g, x, target, reduction: (
        _share(g, x, reduction) * (2.0 * sign * (x - target))
    )


def _bce_rule(g: Any, x: Any, target: Any, weight: Any, reduction: str) -> Any:
    # 1e-12 keeps the quotient finite at 0 and 1, as in PyTorch
    scale = xp(x).maximum((1 - x) * x, xp(x).full_like(x, 1e-12))
    d = _share(g, x, reduction) * ((x - target) / scale)
    return d if weight is None else d * weight


def _bce_target_rule(g: Any, x: Any, target: Any, weight: Any, reduction: str) -> Any:
    module = xp(x)
    low = module.full_like(x, -100.0)
    d = module.maximum(module.log(1 - x), low) - module.maximum(module.log(x), low)
    d = _share(g, x, reduction) * d
    return d if weight is None else d * weight


MseLossBackward0 = node_class(
    "MseLossBackward0", _mse_rule(1), _mse_rule(-1), inputs=("x", "target")
)
BinaryCrossEntropyBackward0 = node_class(
    "BinaryCrossEntropyBackward0", _bce_rule, _bce_target_rule, inputs=("x", "target")
)
SoftmaxBackward0 = node_class(
    "SoftmaxBackward0",
    lambda g, dim, z: z * g - z * (z * g).sum(dim, keepdims=True),
    inputs="x",
)
LogSoftmaxBackward0 = node_class(
    "LogSoftmaxBackward0",
    lambda g, dim, z: g - xp(z).exp(z) * g.sum(dim, keepdims=True),
    inputs="x",
)


def mse_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """The squared difference of prediction and target.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.mse_loss(torch.tensor([1., 2.]), torch.tensor([1., 4.]))
    tensor(2.)
    """
    check_tensor("mse_loss", input)
    check_tensor("mse_loss", target, 2, "target")
    _check_reduction(reduction)
    if input.shape != target.shape:
        warnings.warn(
            f"Using a target size ({target.shape}) that is different to the input size "
            f"({input.shape}). This will likely lead to incorrect results due to broadcasting. "
            "Please ensure they have the same size.",
            UserWarning,
            stacklevel=2,
        )
        try:
            shape = np.broadcast_shapes(input._array.shape, target._array.shape)
        except ValueError:
            raise broadcast_error(input._array, target._array) from None
        input, target = input.expand(shape), target.expand(shape)
    x, y = promoted(input._array, target._array)
    if x.dtype.kind != "f":
        raise RuntimeError(f"mse_loss needs floats, not {dtypes.legacy_name(x.dtype)}: use x.float()")
    difference = x - y
    z = _reduced(difference * difference, reduction)
    return record(z, MseLossBackward0, (input, target), input, target, reduction)


def binary_cross_entropy(
    input: Any, target: Any, weight: Any = None, reduction: str = "mean"
) -> Any:
    """-(y log p + (1 - y) log(1 - p)) for probabilities p and targets y between 0 and 1.

    Logarithms are cut off at -100, as in PyTorch. Raises ValueError for different shapes,
    RuntimeError for probabilities outside of 0 to 1.
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
        raise RuntimeError(f"Found dtype {found} but expected {expected}. Use target.type_as(input).")
    if np.any((p < 0) | (p > 1)):
        raise RuntimeError("all elements of input should be between 0 and 1: use sigmoid first")
    z = -(y * np.maximum(np.log(p), -100) + (1 - y) * np.maximum(np.log1p(-p), -100))
    if weight is not None:
        z = z * weight._array
    z = _reduced(z.astype(p.dtype, copy=False), reduction)
    kind = BinaryCrossEntropyBackward0
    return record(z, kind, (input, target), input, target, weight, reduction)


def _dim_of(function: str, input: Any, dim: Any) -> int:
    check_tensor(function, input)
    if dim is None:
        warnings.warn(
            f"Implicit dimension choice for {function} has been deprecated. "
            "Change the call to include dim=X as an argument.",
            UserWarning,
            stacklevel=3,
        )
        dim = 0 if input.ndim in (0, 1, 3) else 1
    return wrapped_dim(dim, input.ndim)


def softmax(input: Any, dim: Any = None, dtype: Any = None) -> Any:
    """exp(x) divided by its sum along `dim`: numbers become probabilities."""
    dim = _dim_of("softmax", input, dim)
    input = input if dtype is None else input.to(dtype)
    x = _floats_only("softmax", input)
    z = np.exp(x - _along(x, np.max, dim))
    z = z / _along(z, np.sum, dim)
    return record(z, SoftmaxBackward0, (input,), dim if z.ndim else (), RESULT)


def log_softmax(input: Any, dim: Any = None, dtype: Any = None) -> Any:
    """The logarithm of softmax, computed so that nothing overflows."""
    dim = _dim_of("log_softmax", input, dim)
    input = input if dtype is None else input.to(dtype)
    x = _floats_only("log_softmax", input)
    x = x - _along(x, np.max, dim)
    z = x - np.log(_along(np.exp(x), np.sum, dim))
    return record(z, LogSoftmaxBackward0, (input,), dim if z.ndim else (), RESULT)


def _floats_only(function: str, input: Any) -> Any:
    x = input._array
    if x.dtype.kind != "f":
        raise NotImplementedError(
            f'"{function}_lastdim_kernel_impl" not implemented for '
            f"'{dtypes.legacy_name(x.dtype)}': it needs floats, as in x.float()"
        )
    return x


def _along(x: Any, reduce: Any, dim: int) -> Any:
    """Reduced along `dim`, which stays as size 1; 0 dimensions and empty tensors as they are."""
    if x.ndim == 0:
        return x
    return reduce(x, axis=dim, keepdims=True) if x.size else x


def one_hot(tensor: Any, num_classes: int = -1) -> Any:
    """Vectors of zeros with a one at the place that each whole number names; int64.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.one_hot(torch.tensor([0, 2]))
    tensor([[1, 0, 0],
            [0, 0, 1]])
    """
    check_tensor("one_hot", tensor)
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
    return wrap(tensor.__class__, (labels[..., None] == np.arange(classes)).astype(np.int64))


def _nll_rule(g: Any, positions: Any, scale: Any, reduction: str, shape: Any) -> Any:
    if reduction == "none":
        g = g.reshape(-1)
    return scatter_sum(-scale * g, positions, shape)


NllLossBackward0 = node_class("NllLossBackward0", _nll_rule, inputs="x", frees=True)
NllLoss2DBackward0 = node_class("NllLoss2DBackward0", _nll_rule, inputs="x", frees=True)


def nll_loss(
    input: Any,
    target: Any,
    weight: Any = None,
    ignore_index: int = -100,
    reduction: str = "mean",
) -> Any:
    """Minus the log-probability that `input` gives the right class.

    `input` has the classes in dimension 1 (or 0, if it is one vector), `target` holds their
    numbers, int64. `weight` is a weight per class; targets equal to `ignore_index` do not count.
    """
    check_tensor("nll_loss", input)
    check_tensor("nll_loss", target, 2, "target")
    _check_reduction(reduction)
    x, labels = input._array, target._array
    if labels.dtype != np.int64:
        raise RuntimeError(
            f"expected scalar type Long but found {dtypes.legacy_name(labels.dtype)}: targets are "
            "the numbers of classes, as in target.long()"
        )
    class_dim = min(x.ndim - 1, 1)
    _check_classes(x, labels, class_dim)
    counted = labels != ignore_index
    safe = np.where(counted, labels, 0)
    weights = counted.astype(x.dtype)
    if weight is not None:
        weights = weights * weight._array[safe]
    after = int(np.prod(x.shape[class_dim + 1 :]))
    classes = x.shape[class_dim]
    start = np.arange(labels.size).reshape(labels.shape)
    positions = (start // after * classes + safe) * after + start % after if after else start
    losses = -weights * x.reshape(-1)[positions]
    scale = weights.reshape(-1)
    if reduction == "mean":
        total = weights.sum()
        scale, z = scale / total, losses.sum() / total
    else:
        z = losses.sum() if reduction == "sum" else losses
    kind = NllLossBackward0 if x.ndim <= 2 else NllLoss2DBackward0
    return record(z, kind, (input,), positions.reshape(-1), scale, reduction, x.shape)


def _check_classes(x: Any, labels: Any, class_dim: int) -> None:
    if x.shape[:class_dim] + x.shape[class_dim + 1 :] != labels.shape:
        if x.ndim == 2 and labels.ndim == 1:
            raise ValueError(
                f"Expected input batch_size ({x.shape[0]}) to match target batch_size "
                f"({labels.shape[0]})."
            )
        raise RuntimeError(
            f"the targets' shape {list(labels.shape)} must be the input's shape {list(x.shape)} "
            f"without its dimension {class_dim}, the classes"
        )


def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    """The negative log-likelihood of the softmax of `input`: scores in, one number out.

    `target` holds class numbers (int64), or a probability per class in the shape of `input`.

    >>> import tinygrad_edu as torch
    >>> torch.nn.functional.cross_entropy(torch.tensor([[2., 0.]]), torch.tensor([0]))
    tensor(0.1269)
    """
    check_tensor("cross_entropy_loss", input)
    check_tensor("cross_entropy_loss", target, 2, "target")
    _check_reduction(reduction)
    class_dim = min(input.ndim - 1, 1)
    classes = input._array.shape[class_dim]
    logs = log_softmax(input, class_dim)
    if target.is_floating_point():
        if target.shape != input.shape:
            raise RuntimeError(
                f"Expected target with probabilities to have the input's shape {list(input.shape)}, "
                f"but got {list(target.shape)}"
            )
        if label_smoothing:
            target = target * (1 - label_smoothing) + label_smoothing / classes
        return _soft_cross_entropy(logs, target, weight, reduction, class_dim)
    loss = nll_loss(logs, target, weight, ignore_index, reduction)
    if not label_smoothing:
        return loss
    smooth = _smooth_loss(logs, target, weight, ignore_index, reduction, class_dim)
    return loss * (1 - label_smoothing) + smooth * (label_smoothing / classes)


def _class_weights(weight: Any, ndim: int, class_dim: int) -> Any:
    return weight.reshape(*(-1 if d == class_dim else 1 for d in range(ndim)))


def _soft_cross_entropy(
    logs: Any, target: Any, weight: Any, reduction: str, class_dim: int
) -> Any:
    terms = logs * target
    if weight is not None:
        terms = terms * _class_weights(weight, logs.ndim, class_dim)
    if reduction == "none":
        return -terms.sum(class_dim)
    total = -terms.sum()
    return total if reduction == "sum" else total / (logs.numel() / logs.shape[class_dim])


def _smooth_loss(
    logs: Any, target: Any, weight: Any, ignore_index: int, reduction: str, class_dim: int
) -> Any:
    terms = logs if weight is None else logs * _class_weights(weight, logs.ndim, class_dim)
    counted = target != ignore_index
    losses = -terms.sum(class_dim) * counted
    if reduction == "none":
        return losses
    if reduction == "sum":
        return losses.sum()
    if weight is None:
        return losses.sum() / counted.sum()
    return losses.sum() / (weight[target * counted] * counted).sum()
