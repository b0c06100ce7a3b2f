"""show_lines, and what the mouse shows of each box: where in the user's source it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from viz.graph import Box, Graph
from viz.labels import shortened
from viz.layers import Layer
from viz.layers.known import Known
from viz.naming import Names
from viz.notes import KEY, Note
from viz.where import Where, where_from_traceback

LONGEST = 40  # characters of source in a box
STORES = re.compile(r"[\w.]+ *[-+*/@%&|^<>]+=")  # such as "loss += "


class Tooltips(Layer):
    """While the mouse rests on a box: its line, where it was recorded."""

    def tooltip(self, box: int) -> Iterator[str]:
        """The place and the line; then the part of it that was at work."""
        where = _where(self.graph.boxes[box])
        if where is not None:
            yield f"{where}: {where.code}" if where.code else str(where)
            if where.expression not in ("", where.code):
                yield where.expression


class Places(Layer):
    """Writes "line 3: yhat = b + w * x" into the box of an operation, and names leaves."""

    def __init__(self, graph: Graph, names: Names) -> None:
        super().__init__(graph, names)
        known = Known(graph, names)
        for number, box in enumerate(graph.boxes):
            if box.kind == "leaf" and not names.of(box):
                names.give(box, known.name(number))
        places = filter(None, map(_where, graph.boxes))
        self._files = sorted({_file(where) for where in places})

    def lines(self, box: int) -> Iterator[str]:
        """The line and what was computed there."""
        where = _where(self.graph.boxes[box])
        if where is not None:
            place = where if len(self._files) > 1 else f"line {where.line}"
            yield f"{place}: {_source(where)}"

    def remarks(self) -> Iterator[str]:
        """The file, if it is one; how to have lines, where there are none."""
        if len(self._files) == 1 and self._files[0]:
            yield f"lines are those of {self._files[0]}"
        if not self._files and any(box.is_operation for box in self.graph.boxes):
            yield "No source lines are known: compute inside of with viz.record(): ..."


def _where(box: Box) -> Where | None:
    """The place where an operation was called: recorded, or kept by anomaly mode."""
    if not box.is_operation:
        return None
    told: dict[str, Any] = getattr(box.thing, "metadata", None) or {}  # asked for once: it is slow
    note = told.get(KEY)
    if isinstance(note, Note):
        return note.where
    return where_from_traceback(told["traceback_"]) if "traceback_" in told else None


def _file(where: Where) -> str:
    """The name of the file, "" of a notebook's cell."""
    return str(where).removesuffix(f"line {where.line}").removesuffix(", ")


def _source(where: Where) -> str:
    """The expression and the variable it is stored in; the line, where these are not known."""
    text = where.expression or where.code
    if where.name and where.expression and not STORES.match(text):
        text = f"{where.name} = {text}"
    return shortened(text, LONGEST)
