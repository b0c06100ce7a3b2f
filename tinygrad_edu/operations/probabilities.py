"""Numbers become probabilities: softmax, and its logarithm.

Both subtract the largest number first, which changes nothing in the result (numerator and
denominator shrink alike) and keeps exp from overflowing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..devices import total, xp
from ..dtypes import legacy_name
from .dimensions import wrapped_dim
from .record import RESULT, check_tensor, node_class, record


def _softmax_rule(g: Any, dim: Any, z: Any) -> Any:
    return z * g - z * total(z * g, dim, True)


def _log_softmax_rule(g: Any, dim: Any, z: Any) -> Any:
    return g - xp(z).exp(z) * total(g, dim, True)


SoftmaxBackward0 = node_class("SoftmaxBackward0", _softmax_rule, inputs="x")
LogSoftmaxBackward0 = node_class("LogSoftmaxBackward0", _log_softmax_rule, inputs="x")


class Probabilities:
    """The methods of a tensor that make probabilities of its numbers."""

    __slots__ = ()

    _array: Any

    def softmax(self: Any, dim: int, dtype: Any = None) -> Any:
        """exp(x) divided by its sum along `dim`: positive numbers that add up to 1.

        `dtype` converts the numbers first. Raises IndexError if there is no such dimension,
        NotImplementedError for integers.

        >>> import tinygrad_edu as torch
        >>> torch.softmax(torch.tensor([1., 1., 1., 1.]), 0)
        tensor([0.2500, 0.2500, 0.2500, 0.2500])
        """
        self, x, dim = _prepared("softmax", self, dim, dtype)
        z = np.exp(x)
        return record(z / total(z, dim, True), SoftmaxBackward0, (self,), dim, RESULT)

    def log_softmax(self: Any, dim: int, dtype: Any = None) -> Any:
        """The logarithm of softmax along `dim`, computed in one step, so that nothing overflows.

        Raises what softmax raises.

        >>> import tinygrad_edu as torch
        >>> torch.log_softmax(torch.tensor([1000., 0.]), 0)
        tensor([    0., -1000.])
        """
        self, x, dim = _prepared("log_softmax", self, dim, dtype)
        z = x - np.log(total(np.exp(x), dim, True))
        return record(z, LogSoftmaxBackward0, (self,), dim, RESULT)


def _prepared(function: str, input: Any, dim: Any, dtype: Any) -> tuple[Any, Any, Any]:
    """The tensor in `dtype`, its array minus the maximum along `dim`, and `dim` from the front."""
    check_tensor(function, input)
    dim = wrapped_dim(dim, input._array.ndim, function)
    input = input if dtype is None else input.to(dtype=dtype)
    x = input._array
    if x.dtype.kind != "f":
        kernel, name = f"{function}_lastdim_kernel_impl", legacy_name(x.dtype)
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{name}': use x.float()")
    if x.ndim == 0:
        return input, x - x, ()
    return input, x - x.max(axis=dim, keepdims=True) if x.size else x, dim
