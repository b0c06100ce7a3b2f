"""show_derivatives: the local derivative beside each arrow, its value, and whether it is right.

It is checked twice: against the operation with its operand a little larger and a little smaller,
and, where gradients are known, against what really travelled along the arrow.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from viz.formulas import derivative, read_by_slope, written
from viz.graph import Graph
from viz.layers import Layer
from viz.layers.checks import Slope
from viz.layers.flows import Flows
from viz.layers.known import Input, Known
from viz.libraries import result_shapes, shape_along
from viz.naming import Names
from viz.values import Value, short

MANY = 4  # numbers, which are too many for a formula
LONGEST = 20  # characters of an expression that stands for a name


class Derivatives(Layer):
    """Writes "∂/∂w = x = 3, checked" beside an arrow; WRONG, and what was measured, if it is."""

    def __init__(self, graph: Graph, names: Names) -> None:
        super().__init__(graph, names)
        self._known, self._flows = Known(graph, names), Flows(graph)
        self._lines = {number: self._line(number) for number in range(len(graph.arrows))}

    def beside(self, arrow: int) -> Iterator[str]:
        """The derivative of the arrow's head by its tail."""
        if self._lines[arrow]:
            yield self._lines[arrow]

    def remarks(self) -> Iterator[str]:
        """What is written beside the arrows."""
        lines = list(self._lines.values())
        if any(lines):
            yield "Beside an arrow: the derivative of the box it leads to, for this input alone."
        if any(", checked" in line for line in lines):
            yield "checked: a small nudge of the input moves the result by just that much."
        if any(line.startswith("to ") for line in lines):
            yield "g: the gradient that arrives at the operation."

    def _line(self, number: int) -> str:
        """The text, the value and the verdict; "" where no formula is known."""
        arrow = self.graph.arrows[number]
        node, operands = self.graph.boxes[arrow.head].thing, self._known.operands(arrow.head)
        operation = type(node).__name__
        place = next((i for i, each in enumerate(operands) if each.slot == arrow.slot), None)
        if place is None or not _has_formula(node, place, operands):
            return ""
        count = math.prod(shape_along(self.graph, arrow))
        values, shape = [each.value for each in operands], result_shapes(node)[0]
        slope = Slope(operation, place, values, shape, count)
        if not slope.fits(self._known.value(arrow.head)):
            return ""
        names = [self._text(arrow.head, each, i == place) for i, each in enumerate(operands)]
        text = derivative(operation, place, names, count)
        value = f" = {short(slope.value)}" if slope.value else ""
        verdict = slope.verdict(self._flows.arriving(arrow.head), self._flows.along(number))
        return text.removesuffix(value) + value + (verdict and f", {verdict}")

    def _text(self, head: int, operand: Input, own: bool) -> str:
        """How an operand is called in a formula: its name, its expression, or its numbers."""
        if operand.name:
            return operand.name
        expression = self._expression(head, operand)
        if expression or own:
            return expression or "input"
        return short(operand.value) if operand.value and operand.value.size < MANY else "other"

    def _expression(self, head: int, operand: Input, deep: int = 1) -> str:
        """How an operand without a name was computed, if that is short and all has names.

        `deep` is how many operations before that one may stand in it.
        """
        tail = self._known.tail(head, operand.slot)
        if tail is None or deep < 0 or not self.graph.boxes[tail].is_operation:
            return ""
        node = self.graph.boxes[tail].thing
        names = [
            each.name or self._expression(tail, each, deep - 1) or _number(each.value)
            for each in self._known.operands(tail)
        ]
        text = written(type(node).__name__, names) if all(names) and _is_plain(node) else ""
        text = text or self._source(tail)
        return text if len(text) <= LONGEST else ""

    def _source(self, box: int) -> str:
        """The source of an operation; an inner one, of which no result is noted, has none."""
        note = self._known.note(box)
        return note.where.expression if note and note.result and note.where else ""


def _has_formula(node: Any, place: int, operands: list[Input]) -> bool:
    """Whether the table's derivative is that of this node, and all that stands in it is known."""
    read = read_by_slope(type(node).__name__, place) - {place}
    known = all(operands[i].name or operands[i].value is not None for i in read)
    return known and _is_plain(node)


def _is_plain(node: Any) -> bool:
    """Whether a sum is one of its operands as they are: torch.add may multiply the other."""
    return bool(getattr(node, "_saved_alpha", 1) == 1)


def _number(value: Value | None) -> str:
    """A single number as text; "" for anything else."""
    return short(value) if value is not None and value.shape == () else ""
