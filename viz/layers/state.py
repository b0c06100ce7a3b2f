"""show_state: what happened to a graph since it was made: saved tensors freed or changed in place,
and how many backward passes a `.grad` is the sum of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from viz.graph import Graph, Unreadable, saved_values
from viz.layers import Layer
from viz.layers.known import SAVED, Known, as_value
from viz.naming import Names
from viz.notes import Accumulation, LeafNote, Note, Written
from viz.values import same

CHANGED = {"fillcolor": "tomato", "color": "red4", "penwidth": "2"}
VERSIONS = re.compile(r"at version (\d+); expected version (\d+)")


class State(Layer):
    """Says which saved tensors are freed or changed, and turns the boxes of changed ones red."""

    def __init__(self, graph: Graph, names: Names) -> None:
        super().__init__(graph, names)
        self._known = Known(graph, names)
        self._lost = {
            number: lost
            for number, box in enumerate(graph.boxes)
            if box.is_operation and (lost := _lost(box.thing))
        }

    def lines(self, box: int) -> Iterator[str]:
        """What was lost of what an operation saved; the passes of a leaf."""
        lost = self._lost.get(box, {})
        if "freed" in lost.values():
            yield "saved tensors: freed"
        changes = [self._change(box, *each) for each in lost.items() if each[1] != "freed"]
        yield from dict.fromkeys(chain.from_iterable(changes))
        note = self._known.note(box)
        if isinstance(note, LeafNote):
            yield from _passes(note.passes, self.graph.boxes[box].thing)

    def look(self, box: int) -> dict[str, str]:
        """Red, where backward would fail."""
        return CHANGED if self._is_changed(box) else {}

    def remarks(self) -> Iterator[str]:
        """What there is no box to write it in."""
        if not self._lost:
            yield "state: no saved tensor was freed or changed."
        if any(map(self._is_changed, self._lost)):
            yield "red: backward cannot run, a number that it needs was written over."

    def legend(self) -> Iterator[tuple[dict[str, str], str]]:
        """What red means."""
        if any(map(self._is_changed, self._lost)):
            yield CHANGED, "a saved tensor was changed since: backward cannot run"

    def _is_changed(self, box: int) -> bool:
        return any(unreadable != "freed" for unreadable in self._lost.get(box, {}).values())

    def _change(self, box: int, name: str, unreadable: Unreadable) -> Iterator[str]:
        """What was changed, and by which line."""
        place = SAVED.get(name)
        operands = dict(enumerate(self._known.operands(box)))
        known = operands[place].name if place in operands else ""
        found = VERSIONS.search(unreadable.message)
        versions = f": version {found[2]} saved, now {found[1]}" if found else ""
        yield f"{known or name} changed since{versions}"
        for written in self._writes(box, "result" if place is None else ("self", "other")[place]):
            if written.where is not None:
                yield f"by {written.where}: {written.where.expression or written.where.code}"

    def _writes(self, box: int, what: str) -> list[Written]:
        """The last recorded change, if there was one."""
        note = self._known.note(box)
        written = note.written if isinstance(note, Note) else []
        return [each for each in written if each.what == what][-1:]


def _lost(node: object) -> dict[str, Unreadable]:
    return {name: value for name, value in saved_values(node) if isinstance(value, Unreadable)}


def _passes(passes: list[Accumulation], leaf: object) -> Iterator[str]:
    """How many passes are in `.grad`: those since it was last None, if it is still their sum."""
    count = 0
    for each in passes:
        empty = each.before is None or (each.before.whole and not any(each.before.numbers))
        count = 1 if empty else count + 1
    if count > 1 and same(passes[-1].after, as_value(getattr(leaf, "grad", None))):
        yield f"grad: {count} passes added up"
