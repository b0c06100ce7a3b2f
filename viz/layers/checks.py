"""The numbers of a local derivative, and two checks of them: against a finite difference, and
against the gradient that really travelled. Only numbers here; `viz.formulas` has the formulas."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from viz.formulas import ELEMENTWISE, OVER_ALL, computed, difference, read_by_slope, slope_at
from viz.values import KEPT, Value, short

Shape = tuple[int, ...]
TOLERANCES = {"float16": 2e-3, "bfloat16": 2e-2}  # relative, of a result and of its rounding


class Slope:
    """The derivative of an operation by the operand at `place`, at the operands' `values`.

    `shape` is that of the result, `count` says how many elements the operand has. `value` is the
    derivative: for each element of the result, or of the operand where the result is one number;
    None where it is not known.

    >>> slope = Slope("MulBackward0", 0, [Value((), "", (2.0,)), Value((), "", (3.0,))], ())
    >>> slope.value.text(), slope.verdict(None, None)
    ('3', 'checked')
    """

    def __init__(
        self,
        operation: str,
        place: int,
        values: Sequence[Value | None],
        shape: Shape,
        count: int | None = None,
    ) -> None:
        self._operation, self._place, self._values = operation, place, values
        self._own = values[place]
        if operation in OVER_ALL:
            shape = self._own.shape if self._own else ()
        self._shape = shape
        slopes = (slope_at(operation, place, row, element, count) for row, element in self._cases())
        self._numbers = _all_known(slopes)
        self.value = self._shown(self._numbers)

    def verdict(self, arrived: Value | None, sent: Value | None) -> str:
        """Say "checked", or "WRONG" with what is right; "" where nothing can be compared.

        `arrived` is the gradient at the operation, `sent` the one that it sent to the operand.
        """
        measured = self._measured()
        if not self._numbers or not measured:
            return ""
        if not close(self._numbers, measured):
            return f"WRONG: measured {short(Value(self._shape, '', tuple(measured)))}"
        due, terms = self._due(arrived)
        if due is None or sent is None or not _all_known(sent.numbers):
            return "checked"
        agrees = close(sent.numbers, due.numbers, sent.dtype, terms)
        return "checked" if agrees else f"WRONG: due were {short(due)}"

    def fits(self, result: Value | None) -> bool:
        """Whether the formula gives the result that is known: an operation may have options."""
        operation, cases = self._operation, self._cases() if self._whole() else ()
        # The elements of one operation over all of them have the same result: the first will do.
        given = (computed(operation, row) for row, element in cases if not element)
        numbers = _all_known(given)
        known = None if result is None else _all_known(result.numbers)
        return not numbers or not known or close(numbers, known, result.dtype if result else "")

    def _measured(self) -> list[float] | None:
        cases = self._cases() if self._whole() else ()
        operation, place = self._operation, self._place
        return _all_known(difference(operation, place, row, element) for row, element in cases)

    def _whole(self) -> bool:
        """Whether all is at hand that a number of the result is made of."""
        all_here = all(value is not None and value.whole for value in self._values)
        return all_here or self._operation in ELEMENTWISE

    def _cases(self) -> Iterator[tuple[Sequence[Any], int]]:
        """For each derivative: the operands, and the element of theirs that it is by."""
        if self._operation in OVER_ALL:
            operands = [_real(each.numbers) if each else (math.nan,) for each in self._values]
            yield from ((operands, element) for element in range(len(operands[self._place])))
        elif self._operation in ELEMENTWISE:
            yield from ((row, 0) for row in self._rows())

    def _rows(self) -> Iterator[tuple[float, ...]]:
        """For each element of the result: the elements of the operands, nan where unknown."""
        columns = []
        for value in self._values:
            places = _places(value.shape if value else (), self._shape)
            numbers = dict(enumerate(_real(value.numbers))) if value else {}
            columns.append([numbers.get(place, math.nan) for place in places])
        return zip(*columns)

    def _shown(self, numbers: list[float] | None) -> Value | None:
        """A derivative is one number where no operand of more stands in it."""
        if numbers is None:
            return None
        read = [self._values[i] for i in read_by_slope(self._operation, self._place)]
        if all(value is not None and value.size == 1 for value in read):
            return Value((), "", (numbers[0],))
        return Value(self._shape, "", tuple(numbers))

    def _due(self, arrived: Value | None) -> tuple[Value | None, float]:
        """What must be sent for what arrived, summed where the operand was broadcast.

        And how large the terms of a sum are, whose rounding stays where they cancel; at least as
        large as what arrived, since slopes near 0 are differences as well: 1 - tanh(x) ** 2.
        """
        if not (arrived and arrived.whole and self._own and self._own.whole and self._numbers):
            return None, 0.0
        sums, terms = [0.0] * self._own.size, [0.0] * self._own.size
        places, each = _places(self._own.shape, self._shape), _places(arrived.shape, self._shape)
        for place, slope, at in zip(places, self._numbers, each):
            sums[place] += slope * arrived.numbers[at]
            terms[place] += max(abs(slope), 1) * abs(arrived.numbers[at])
        due = Value(self._own.shape, "", tuple(sums)) if _all_known(sums) else None
        return due, max(terms)


def _places(before: Shape, after: Shape) -> Iterator[int]:
    """For each element of the shape `after`, of many the first: which of `before` is there."""
    for element in range(min(math.prod(after), KEPT)):
        place, step = 0, 1
        for size, own in zip(reversed(after), reversed(before)):
            element, index = divmod(element, size)
            place += index % own * step  # a dimension of 1 has the index 0
            step *= own
        yield place


def _real(numbers: tuple[Any, ...]) -> tuple[float, ...]:
    """The numbers; formulas are not for complex ones, so that these are not known."""
    return tuple(math.nan if isinstance(number, complex) else number for number in numbers)


def _all_known(numbers: Iterable[float | None]) -> list[float] | None:
    """The numbers, or None if there is none, or one is not known, or not finite, or complex."""
    listed = [None if isinstance(number, complex) else number for number in numbers]
    known = [number for number in listed if number is not None and math.isfinite(number)]
    return known if known and len(known) == len(listed) else None


def close(
    numbers: Sequence[float], others: Sequence[float], dtype: str = "float32", terms: float = 0.0
) -> bool:
    """Whether numbers agree, as far as a dtype and finite differences can.

    Where they are sums of terms that cancel, `terms` is how large these are in all.

    >>> close([0.3, 0.6], [0.300001, 0.6]), close([0.3], [0.301]), close([0.3], [0.301], "bfloat16")
    (True, False, True)
    >>> close([0.0], [9e-8]), close([0.0], [9e-8], terms=2.0)
    (False, True)
    """
    if not numbers or not others:
        return len(numbers) == len(others)
    scale = max(map(abs, (*numbers, *others)))
    allowed = TOLERANCES.get(dtype, 1e-4) * max(scale, 1e-6) + TOLERANCES.get(dtype, 1e-6) * terms
    return all(abs(a - b) <= allowed for a, b in zip(numbers, others))
