"""Questions that have no derivative: comparisons, tests, logic; and the bits of integers.

Their answers are bools or integers, so they leave no node. As everywhere, a number beside a tensor
takes the tensor's type if that is of its kind.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from ..arguments import check
from ..dtypes import legacy_name
from .in_place import in_place
from .record import broadcast_error, check_tensor, promoted, with_number, wrap

# --- shared with the other operations element by element -----------------------------------------


def broadcast(forward: Callable[[Any, Any], Any], x: Any, y: Any) -> Any:
    """`forward(x, y)`, and PyTorch's words where the shapes do not fit."""
    try:
        return forward(x, y)
    except ValueError:
        raise broadcast_error(x, y) from None


def only(kinds: str, kernel: str, forward: Any) -> Any:
    """`forward`, refused for arrays of a kind that is not in `kinds`: "iuf" is all but bools.

    `kernel` is the name that PyTorch's message gives it.
    """

    def refusing(x: Any, *others: Any) -> Any:
        if x.dtype.kind not in kinds:
            name = legacy_name(x.dtype)
            raise NotImplementedError(f"\"{kernel}\" not implemented for '{name}'")
        return forward(x, *others)

    return named(refusing, forward.__name__)


def tensors_only(operation: Any) -> Any:
    """An operation on two tensors, which refuses a number in the place of either."""

    def strict(input: Any, other: Any, *arguments: Any, **options: Any) -> Any:
        if not (hasattr(input, "_array") and hasattr(other, "_array")):
            check_tensor(operation.__name__, input)
            check_tensor(operation.__name__, other, 2, "other")
        return operation(input, other, *arguments, **options)

    strict.__doc__ = operation.__doc__
    return named(strict, operation.__name__)


def named(operation: Any, name: str) -> Any:
    """The operation, under a name of its own."""
    operation.__name__ = operation.__qualname__ = name
    return operation


# --- answers -----------------------------------------------------------------------------------


def question(forward: Any) -> Any:
    """A question to each element of a tensor."""

    def operation(input: Any) -> Any:
        check_tensor(forward.__name__, input)
        return wrap(input.__class__, forward(input._array))

    operation.__doc__ = f"{forward.__name__} of each element."
    return named(operation, forward.__name__)


def answer(forward: Any) -> Any:
    """What an operation on two tensors, or on a tensor and a number, makes of each two elements."""

    def operation(input: Any, other: Any) -> Any:
        check_tensor(forward.__name__, input)
        x = input._array
        if hasattr(other, "_array"):
            x, y = promoted(x, other._array)
        else:  # beside a NumPy array too, whatever the history of `input`
            x, y = with_number(wrap(input.__class__, x), other, forward.__name__)
        return wrap(input.__class__, broadcast(forward, x, y))

    operation.__doc__ = f"{forward.__name__} of each two elements, broadcast against each other."
    return named(operation, forward.__name__)


def symbol(forward: Any) -> Any:
    """The same for an operator, such as <. What it cannot compare is left to Python, which refuses
    it or, for == and !=, compares identities.
    """
    function = answer(forward)

    def operation(self: Any, other: Any) -> Any:
        x, kind = self._array, other.__class__
        if (kind is float or kind is int) and x.dtype.kind == "f":
            return wrap(self.__class__, forward(x, other))  # 2 microseconds faster
        try:
            return function(self, other)
        except TypeError:
            return NotImplemented

    return operation


EQ_NE_LT_LE_GT_GE = [getattr(operator, name) for name in ("eq", "ne", "lt", "le", "gt", "ge")]
AND_OR_XOR = [
    only("biu", f"bitwise_{name}_cpu", getattr(np, f"bitwise_{name}"))
    for name in ("and", "or", "xor")
]


class Comparisons:
    """The methods of a tensor that answer with bools, and those that work on bits."""

    __slots__ = ()

    eq, ne, lt, le, gt, ge = map(answer, EQ_NE_LT_LE_GT_GE)
    not_equal, less, less_equal, greater, greater_equal = ne, lt, le, gt, ge
    __eq__, __ne__, __lt__, __le__, __gt__, __ge__ = map(symbol, EQ_NE_LT_LE_GT_GE)
    __hash__ = object.__hash__

    isnan, isinf, isfinite = map(question, (np.isnan, np.isinf, np.isfinite))
    logical_not = question(np.logical_not)
    logical_and, logical_or, logical_xor = (
        tensors_only(answer(forward)) for forward in (np.logical_and, np.logical_or, np.logical_xor)
    )

    bitwise_not = question(only("biu", "bitwise_not_cpu", np.invert))
    bitwise_and, bitwise_or, bitwise_xor = map(answer, AND_OR_XOR)
    __and__, __or__, __xor__ = map(symbol, AND_OR_XOR)
    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__
    __iand__, __ior__, __ixor__ = map(in_place, (bitwise_and, bitwise_or, bitwise_xor))
    bitwise_and_, bitwise_or_, bitwise_xor_ = __iand__, __ior__, __ixor__

    def __invert__(self: Any) -> Any:
        """~self: the other way round for bools, every bit for integers."""
        try:
            return self.bitwise_not()
        except NotImplementedError:
            raise TypeError(
                "~ (operator.invert) is only implemented on integer and Boolean-type tensors"
            ) from None

    @tensors_only
    def equal(input: Any, other: Any) -> bool:
        """Whether the other tensor has the same shape and the same numbers.

        >>> import tinygrad_edu as torch
        >>> torch.equal(torch.tensor([1, 2]), torch.tensor([1., 2.]))
        True
        """
        return bool(np.array_equal(input._array, other._array))

    @tensors_only
    def isclose(
        input: Any, other: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False
    ) -> Any:
        """Where the numbers differ by at most `atol` + `rtol` times the other's size.

        Raises RuntimeError for other dtypes, and for shapes that do not broadcast.

        >>> import tinygrad_edu as torch
        >>> torch.isclose(torch.tensor([0.1 + 0.2, 0.4]), torch.tensor([0.3, 0.3]))
        tensor([ True, False])
        """
        if input._array.dtype != other._array.dtype:
            raise RuntimeError(f"{input.dtype.legacy} did not match {other.dtype.legacy}")
        for name, value in (("rtol", rtol), ("atol", atol)):
            if check("isclose", name, value, "float") < 0:
                raise RuntimeError(f"{name} must be greater than or equal to zero, but got {value}")
        close = partial(np.isclose, rtol=rtol, atol=atol, equal_nan=equal_nan)
        return wrap(input.__class__, broadcast(close, input._array, other._array))

    def allclose(input: Any, other: Any, *tolerances: Any, **options: Any) -> bool:
        """Whether all numbers are close to the other's: see `isclose`, which has the options."""
        return bool(Comparisons.isclose(input, other, *tolerances, **options).all())
