"""Questions that have no derivative: comparisons, tests, logic; and the bits of integers.

Their answers are bools or integers, so they leave no node. As everywhere, a number beside a tensor
takes the tensor's type if that is of its kind.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from ..arguments import check
from ..dtypes import legacy_name
from .in_place import in_place
from .record import broadcast_error, check_tensor, promoted, with_number, wrap

NUMBERS = (int, float, np.number, np.bool_, np.ndarray)


def named(operation: Any, name: str) -> Any:
    """The operation, under a name of its own."""
    operation.__name__ = operation.__qualname__ = name
    return operation


def operands(self: Any, other: Any, symbol: str) -> tuple[Any, Any]:
    """The arrays of a tensor and of a tensor or number beside it, in their common type."""
    if other.__class__ is self.__class__:
        return promoted(self._array, other._array)
    return with_number(self, other, symbol)


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

    def refusing(x: Any, *others: Any, **options: Any) -> Any:
        dtype = x.dtype if hasattr(x, "dtype") else others[0].dtype
        if dtype.kind not in kinds:
            raise NotImplementedError(f"\"{kernel}\" not implemented for '{legacy_name(dtype)}'")
        return forward(x, *others, **options)

    return named(refusing, forward.__name__)


def tensors_only(operation: Any) -> Any:
    """An operation on two tensors, which refuses a number in the place of the second."""

    def strict(input: Any, other: Any) -> Any:
        check_tensor(operation.__name__, other, 2, "other")
        return operation(input, other)

    return named(strict, operation.__name__)


def answer(symbol: str, forward: Any) -> Any:
    """An operation on two tensors, or a tensor and a number, that leaves no node."""
    equality = symbol in ("==", "!=")

    def operation(input: Any, other: Any) -> Any:
        check_tensor(forward.__name__, input)
        if equality and not hasattr(other, "_array") and not isinstance(other, NUMBERS):
            return NotImplemented
        # As plain data: detach() would give a number memory that can be shared, and slow it down.
        x, y = operands(wrap(input.__class__, input._array), other, symbol)
        return wrap(input.__class__, broadcast(forward, x, y))

    return named(operation, forward.__name__)


def question(forward: Any) -> Any:
    """A question to each element."""

    def operation(input: Any) -> Any:
        check_tensor(forward.__name__, input)
        return wrap(input.__class__, forward(input._array))

    operation.__doc__ = f"{forward.__name__} of each element, as bools."
    return named(operation, forward.__name__)


class Comparisons:
    """The methods of a tensor that answer with bools, and those that work on bits."""

    __slots__ = ()

    _array: Any

    __eq__, eq = answer("==", np.equal), answer("eq()", np.equal)
    __ne__, ne = answer("!=", np.not_equal), answer("ne()", np.not_equal)
    lt = less = __lt__ = answer("<", np.less)
    le = less_equal = __le__ = answer("<=", np.less_equal)
    gt = greater = __gt__ = answer(">", np.greater)
    ge = greater_equal = __ge__ = answer(">=", np.greater_equal)
    __hash__ = object.__hash__
    not_equal = ne

    isnan, isinf, isfinite = map(question, (np.isnan, np.isinf, np.isfinite))
    logical_not = question(np.logical_not)
    logical_and = tensors_only(answer("and", np.logical_and))
    logical_or = tensors_only(answer("or", np.logical_or))
    logical_xor = tensors_only(answer("xor", np.logical_xor))

    bitwise_not = question(only("biu", "bitwise_not_cpu", np.invert))
    bitwise_and = __and__ = __rand__ = answer("&", only("biu", "bitwise_and_cpu", np.bitwise_and))
    bitwise_or = __or__ = __ror__ = answer("|", only("biu", "bitwise_or_cpu", np.bitwise_or))
    bitwise_xor = __xor__ = __rxor__ = answer("^", only("biu", "bitwise_xor_cpu", np.bitwise_xor))
    bitwise_left_shift = __lshift__ = answer("<<", only("iu", "lshift_cpu", np.left_shift))
    bitwise_right_shift = __rshift__ = answer(">>", only("iu", "rshift_cpu", np.right_shift))
    __rlshift__ = answer("<<", only("iu", "lshift_cpu", lambda x, number: number << x))
    __rrshift__ = answer(">>", only("iu", "rshift_cpu", lambda x, number: number >> x))
    bitwise_and_ = __iand__ = in_place(bitwise_and)
    bitwise_or_ = __ior__ = in_place(bitwise_or)
    bitwise_xor_ = __ixor__ = in_place(bitwise_xor)
    bitwise_left_shift_ = __ilshift__ = in_place(__lshift__)
    bitwise_right_shift_ = __irshift__ = in_place(__rshift__)

    def __invert__(self: Any) -> Any:
        """~self: the other way round for bools, every bit for integers."""
        try:
            return self.bitwise_not()
        except NotImplementedError:
            raise TypeError(
                "~ (operator.invert) is only implemented on integer and Boolean-type tensors"
            ) from None

    def equal(self: Any, other: Any) -> bool:
        """Whether the other tensor has the same shape and the same numbers.

        >>> import tinygrad_edu as torch
        >>> torch.equal(torch.tensor([1, 2]), torch.tensor([1., 2.]))
        True
        """
        check_tensor("equal", self)
        check_tensor("equal", other, 2, "other")
        return bool(np.array_equal(self._array, other._array))

    def isclose(
        self: Any, other: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False
    ) -> Any:
        """Where the numbers differ by at most `atol` + `rtol` times the other's size.

        Raises RuntimeError for other dtypes, and for shapes that do not broadcast.

        >>> import tinygrad_edu as torch
        >>> torch.isclose(torch.tensor([0.1 + 0.2, 0.4]), torch.tensor([0.3, 0.3]))
        tensor([ True, False])
        """
        check_tensor("isclose", self)
        check_tensor("isclose", other, 2, "other")
        if self._array.dtype != other._array.dtype:
            raise RuntimeError(f"{self.dtype.legacy} did not match {other.dtype.legacy}")
        for name, value in (("rtol", rtol), ("atol", atol)):
            if check("isclose", name, value, "float") < 0:
                raise RuntimeError(f"{name} must be greater than or equal to zero, but got {value}")
        close = partial(np.isclose, rtol=rtol, atol=atol, equal_nan=equal_nan)
        return wrap(self.__class__, broadcast(close, self._array, other._array))

    def allclose(self: Any, other: Any, *tolerances: Any, **options: Any) -> bool:
        """Whether all numbers are close to the other's: see `isclose`, which has the options."""
        return bool(Comparisons.isclose(self, other, *tolerances, **options).all())
