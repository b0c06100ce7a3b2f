"""Functions of each element by itself: exponentials, trigonometry, activations, rounding.

The derivative of each stands beside it. Where it is simplest in terms of the result `z`, as for
exp, tanh and sigmoid, the result is what is kept.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..devices import xp
from .in_place import in_place
from .record import (
    broadcast_error,
    check_tensor,
    node_class,
    promoted,
    record,
    unary,
    with_number,
    wrap,
)


def _relu(x: Any) -> Any:
    if x.dtype.kind == "b":
        raise RuntimeError("Boolean inputs not supported for relu: make them integers first")
    return np.maximum(x, x.dtype.type(0))


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def _inside(x: Any, low: Any, high: Any) -> Any:
    inside = (x >= low) if low is not None else (x <= high)
    return inside & (x <= high) if low is not None and high is not None else inside


def _only_where(condition: Any, g: Any) -> Any:
    return xp(g).where(condition, g, 0.0)


ClampBackward1 = node_class(
    "ClampBackward1", lambda g, x, min, max: _only_where(_inside(x, min, max), g), inputs="x"
)
ClampBackward0 = node_class(
    "ClampBackward0",
    lambda g, x, min, max: _only_where(_inside(x, min, max), g),
    lambda g, x, min, max: _only_where(x < min if max is None else (x < min) & (min <= max), g),
    lambda g, x, min, max: _only_where(x > max if min is None else (x > max) | (max < min), g),
    inputs=("x", "min", "max"),
)
WhereBackward0 = node_class(
    "WhereBackward0",
    lambda g, condition: xp(g).where(condition, g, 0.0),
    lambda g, condition: xp(g).where(condition, 0.0, g),
    frees=True,
)
CloneBackward0 = node_class("CloneBackward0", lambda g: g, inputs="x")


class Elementwise:
    """The methods of a tensor that map each element to a number of its own."""

    __slots__ = ()

    _array: Any

    exp = unary("Exp", np.exp, lambda g, z: g * z)
    log = unary("Log", np.log, lambda g, x: g / x)
    sqrt = unary("Sqrt", np.sqrt, lambda g, z: g / (2 * z))
    sin = unary("Sin", np.sin, lambda g, x: g * xp(x).cos(x))
    cos = unary("Cos", np.cos, lambda g, x: g * -xp(x).sin(x))
    tanh = unary("Tanh", np.tanh, lambda g, z: g * (1 - z * z))
    sigmoid = unary("Sigmoid", _sigmoid, lambda g, z: g * (1 - z) * z)
    relu = unary("Relu", _relu, lambda g, z: xp(g).where(z <= 0, z, g), floats=False)
    sign = unary("Sign", np.sign, lambda g: xp(g).zeros_like(g), floats=False)

    def square(self: Any) -> Any:
        """self to the power of two."""
        check_tensor("square", self)
        return self.pow(2)

    def clamp(self: Any, min: Any = None, max: Any = None) -> Any:
        """Each element, or the nearer limit where it lies outside of `min` to `max`.

        Limits are numbers or tensors. The gradient is 1 inside and at the limits, 0 outside.
        Raises RuntimeError without limits.
        """
        check_tensor("clamp", self)
        if min is None and max is None:
            raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
        if self.__class__ in (min.__class__, max.__class__):
            return self._clamp_by_tensors(min, max)
        x = self._array
        for limit in (min, max):
            if limit is not None:
                x = with_number(wrap(self.__class__, x), limit, "clamp()")[0]
        if x.dtype.kind == "b":
            raise NotImplementedError("\"clamp\" not implemented for 'Bool': use integers")
        low, high = [v if v is None else dtypes.fitted(v, x.dtype) for v in (min, max)]
        return record(_clamped(x, low, high), ClampBackward1, (self,), self, min, max)

    def _clamp_by_tensors(self: Any, min: Any, max: Any) -> Any:
        limits = [
            wrap(self.__class__, self._array.dtype.type(limit))
            if isinstance(limit, (int, float))
            else limit
            for limit in (min, max)
        ]
        x = self._array
        for limit in limits:
            if limit is not None:
                x = promoted(x, limit._array)[0]
        arrays = [None if limit is None else limit._array for limit in limits]
        try:
            array = _clamped(x, *arrays).astype(x.dtype, copy=False)
        except ValueError:
            raise broadcast_error(x, arrays[0] if arrays[1] is None else arrays[1]) from None
        return record(array, ClampBackward0, (self, *limits), self, *limits)

    def where(self: Any, condition: Any, other: Any) -> Any:
        """self where `condition` is true, `other` elsewhere."""
        return where(condition, self, other)

    def clone(self: Any) -> Any:
        """A copy of the values, in memory of its own; the gradient passes through."""
        check_tensor("clone", self)
        return record(self._array.copy(), CloneBackward0, (self,))

    clip = clamp
    exp_ = in_place(exp)
    log_ = in_place(log)
    sqrt_ = in_place(sqrt)
    sin_ = in_place(sin)
    cos_ = in_place(cos)
    tanh_ = in_place(tanh)
    sigmoid_ = in_place(sigmoid)
    relu_ = in_place(relu)
    clamp_ = in_place(clamp)


def _clamped(x: Any, low: Any, high: Any) -> Any:
    x = x if low is None else np.maximum(x, low)
    return x if high is None else np.minimum(x, high)


def where(condition: Any, input: Any = None, other: Any = None) -> Any:
    """`input` where `condition` is true, `other` elsewhere, element by element.

    `condition` is a bool tensor; `input` and `other` are tensors or numbers.

    >>> import tinygrad_edu as torch
    >>> torch.where(torch.tensor([True, False]), torch.tensor([1., 2.]), 0.)
    tensor([1., 0.])
    """
    check_tensor("where", condition, argument="condition")
    tensor_type = condition.__class__
    mask = condition._array
    if mask.dtype.kind != "b":
        if mask.dtype != np.uint8:
            legacy = dtypes.legacy_name(mask.dtype)
            raise RuntimeError(
                "where expected condition to be a boolean tensor, but got a tensor with dtype "
                f"{legacy}"
            )
        mask = mask.astype(bool)
    for value in (input, other):
        if value.__class__ is not tensor_type and not isinstance(value, (int, float, np.generic)):
            raise TypeError(
                f"where(): argument must be Tensor or a number, not {type(value).__name__}"
            )
    x, y = (_array_beside(input, other), _array_beside(other, input))
    x, y = promoted(x, y)
    try:
        array = np.where(mask, x, y)[()]
    except ValueError:
        raise broadcast_error(x, y) from None
    inputs = [v if v.__class__ is tensor_type else None for v in (input, other)]
    return record(array, WhereBackward0, tuple(inputs), mask)


def _array_beside(value: Any, other: Any) -> Any:
    """The array of a tensor; a number in the type that it has beside `other`."""
    if hasattr(value, "_array"):
        return value._array
    beside = other._array.dtype if hasattr(other, "_array") else dtypes.BOOL
    number_dtype = dtypes.number_dtype(value, beside)
    if number_dtype.kind == "f":
        return number_dtype.type(value)
    return dtypes.fitted(value, number_dtype)
