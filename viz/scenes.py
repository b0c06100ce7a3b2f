"""The pictures of a tape: which boxes and arrows there are, told by notes alone.

The nodes of a tape may be gone, so that nothing is asked of them; boxes and arrows are numbered as
`viz.graph.Graph` numbers them. What happens in a picture, step by step, is told in `viz.frames`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from viz.graph import Arrow
from viz.notes import LeafNote, Note, Operand


class Scene:
    """The boxes and arrows of some operations, given by their notes in the order of happening.

    The `roots`, which no other one uses, come first, then breadth first; leaves are LeafNotes.
    """

    def __init__(self, notes: Iterable[Note]) -> None:
        self.boxes: list[Note | LeafNote] = []
        self.arrows: list[Arrow] = []
        self._numbers: dict[int, int] = {}
        notes = list(notes)
        used = {id(source) for note in notes for source, _ in note.edges}
        for note in notes:
            if id(note) not in used:
                self.number(note)
        self.roots = len(self.boxes)
        for number, box in enumerate(self.boxes):  # the list grows while it is walked
            for slot, (source, output_nr) in enumerate(edges(box)):
                if source is not None:
                    self.arrows.append(Arrow(self.number(source), number, slot, output_nr))

    def number(self, note: Note | LeafNote) -> int:
        """The number of a box, which is placed if it is new."""
        number = self._numbers.setdefault(id(note), len(self.boxes))
        if number == len(self.boxes):
            self.boxes.append(note)
        return number

    def into(self, box: int) -> list[tuple[int, Arrow]]:
        """The arrows that lead into a box, with their numbers."""
        return [(n, arrow) for n, arrow in enumerate(self.arrows) if arrow.head == box]

    def out_of(self, box: int) -> list[tuple[int, Arrow]]:
        """The arrows that lead out of a box, with their numbers."""
        return [(n, arrow) for n, arrow in enumerate(self.arrows) if arrow.tail == box]

    def leaves(self) -> list[tuple[int, LeafNote]]:
        """The leaves with their numbers, in the order in which the program used them."""
        leaves = [(n, box) for n, box in enumerate(self.boxes) if isinstance(box, LeafNote)]
        return sorted(leaves, key=lambda leaf: self._first_use(leaf[0]))

    def _first_use(self, leaf: int) -> tuple[int, int]:
        heads = ((self.boxes[arrow.head], arrow.slot) for _, arrow in self.out_of(leaf))
        return min((note.number, slot) for note, slot in heads if isinstance(note, Note))

    def value_along(self, arrow: Arrow) -> Any:
        """What came along an arrow, a Value or a number; None if it is not known."""
        note = self.boxes[arrow.head]
        place = places_of(note).get(arrow.slot) if isinstance(note, Note) else None
        return None if place is None else note.inputs[place].value  # type: ignore[union-attr]

    def value_of(self, leaf: int) -> Any:
        """What a leaf held where it was first used; None if it is not known."""
        along = (self.value_along(arrow) for _, arrow in self.out_of(leaf))
        values = chain(along, self._passed(self.boxes[leaf].name))
        return next((value for value in values if value is not None), None)

    def _passed(self, name: str) -> Iterator[Any]:
        """What calls of several operations were given under a name."""
        for note in self.boxes:
            if isinstance(note, Note) and name and not inputs(note):
                yield from (each.value for each in note.inputs if each.name == name)


def inputs(note: Note) -> Sequence[Operand]:
    """The operands of an operation; none where they are those of a call of several operations,
    such as PyTorch's 1 / w, of which only the last is noted with a result."""
    inner = any(isinstance(source, Note) and source.result is None for source, _ in note.edges)
    return () if inner else note.inputs


def edges(note: Note | LeafNote) -> Sequence[tuple[Any, int]]:
    """The notes that an operation was made of; a leaf was made of none."""
    return note.edges if isinstance(note, Note) else ()


def rounds(steps: Sequence[Any]) -> list[tuple[int, int]]:
    """Where pictures begin and end: a new one begins where forward begins again after backward,
    unless that goes on with what the picture before has made."""
    starts, home, passed = [0], {}, False
    for number, step in enumerate(steps):
        if step.kind == "forward":
            if passed:
                starts.append(number)
                passed = False
            home[id(step.note)] = number
        for note in [step.note, *(source for source, _ in edges(step.note))]:
            while starts[-1] > home.get(id(note), number):
                starts.pop()
                passed = True
        passed = passed or step.kind == "backward"
    return list(zip(starts, [*starts[1:], len(steps)]))


def places_of(note: Note) -> dict[int, int]:
    """For each of an operation's `next_functions` that leads somewhere, the number of its operand;
    empty if that is not known."""
    slots = [slot for slot, (source, _) in enumerate(note.edges) if source is not None]
    places = [place for place, operand in enumerate(inputs(note)) if not operand.reason]
    return dict(zip(slots, places)) if len(slots) == len(places) else {}
