"""show_ghosts: dashed boxes for what went into an operation and gets no gradient."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from viz.graph import Box, Graph
from viz.labels import in_parentheses
from viz.layers import Layer
from viz.layers.known import NUMBER, Input, Known
from viz.naming import Names, memory
from viz.values import Value

UNKNOWN = "number or data"


class Gone(str):
    """What stands for a tensor that has no name in the picture: a text, and the `value` it had."""

    value: Value | None = None


class Ghosts(Layer):
    """Adds a box of kind "ghost" for each tensor that was left out, with the reason.

    Python numbers have no ghost, but without a recording they cannot always be told from data.
    """

    def __init__(self, graph: Graph, names: Names) -> None:
        super().__init__(graph, names)
        self._placed: dict[Any, int] = {}
        known = Known(graph, names)
        for number, box in enumerate(list(graph.boxes)):
            for operand in known.operands(number) if box.is_operation else ():
                if operand.slot is None and operand.reason != NUMBER:
                    graph.ties.append((self._place(operand), number))

    def remarks(self) -> Iterator[str]:
        """What a ghost is, and how to have names and reasons for all of them."""
        if self._placed:
            yield "dashed: takes part, but gets no gradient, for the reason in its box."
        if any(box.kind == "ghost" and box.thing == UNKNOWN for box in self.graph.boxes):
            yield "Of some ghosts nothing is known: compute inside of with viz.record(): ..."

    def _place(self, operand: Input) -> int:
        """The number of an operand's box: one for each tensor, new for what is gone."""
        key = object() if operand.tensor is None else (memory(operand.tensor), operand.reason)
        number = self._placed.setdefault(key, len(self.graph.boxes))
        if number == len(self.graph.boxes):
            self.graph.boxes.append(Box("ghost", self._thing(operand), operand.reason))
        return number

    def _thing(self, operand: Input) -> Any:
        """The tensor, if it has a name in the picture; otherwise a text."""
        if operand.tensor is not None and self.names.of(Box("ghost", operand.tensor)):
            return operand.tensor
        shape = [in_parentheses(operand.value.shape)] if operand.value and operand.reason else []
        gone = Gone("\n".join(filter(None, [operand.name, *shape])) or UNKNOWN)
        gone.value = operand.value
        return gone
