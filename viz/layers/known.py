"""What is known of the numbers in a graph: the value of each box, the operands of each operation.

Notes of a recording come first. Without one, numbers are known of leaves, of tensors that have a
name, and of what operations saved for backward; the rest stays unknown, nothing is computed again.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

from viz.formulas import operand_count
from viz.graph import Arrow, Box, Graph, Unreadable, is_tensor, origin, saved_values
from viz.labels import readable
from viz.naming import Names
from viz.notes import LeafNote, Note, Operand, note_of
from viz.values import Value

# By what nodes call the operands that they save: the place of these in the formula.
SAVED = {"self": 0, "condition": 0, "other": 1, "exponent": 1, "mat2": 1, "vec": 1, "tensor": 1}
SAVED_BY_ADDMM = {"self": 0, "mat1": 1, "mat2": 2}
NUMBER = "a number"  # why no gradient goes to an operand that is no tensor
BEFORE_SLOTS = {"WhereBackward0": 1, "RsubBackward1": 1, "PowBackward2": 1}  # how many operands


class Input(NamedTuple):
    """An operand, as far as it is known: `name` and `reason` are "", `value` is None if not.

    `slot` is its place in `next_functions`; None if no gradient goes to it, with the `reason`.
    """

    name: str
    value: Value | None
    slot: int | None
    tensor: Any = None
    reason: str = ""


class Known:
    """The values of the boxes of a graph, and the operands of its operations.

    >>> import tinygrad_edu as torch
    >>> w, x = torch.tensor([3.0], requires_grad=True), torch.tensor([2.0])
    >>> known = Known(Graph([w * x]), Names({"w": w, "x": x}))
    >>> for operand in known.operands(0):
    ...     print(operand.name, operand.value.text(), operand.slot)
    w [3] 0
    x [2] None
    """

    def __init__(self, graph: Graph, names: Names) -> None:
        self._boxes, self._names = list(graph.boxes), names
        self._arrows: dict[int, dict[int, Arrow]] = {}  # by the box of their head, and slot
        self._notes: dict[int, Any] = {}
        self._tensors = {
            id(origin(tensor)): tensor
            for tensor in (*names.tensors(), *graph.tensors)
            if tensor.output_nr == 0
        }
        for arrow in graph.arrows:
            self._arrows.setdefault(arrow.head, {})[arrow.slot] = arrow
        for number, box in enumerate(self._boxes):
            if box.is_operation:
                self._read_notes(number, box.thing)

    @cached_property
    def _values(self) -> dict[int, Value]:
        values: dict[int, Value] = {}
        for number, value in chain(self._noted(), self._held(), self._saved()):
            if value is not None:
                values.setdefault(number, value)
        return values

    def value(self, box: int) -> Value | None:
        """The numbers of a box's tensor, of several results the first, as they were when used."""
        return self._values.get(box)

    def tensor(self, box: int) -> Any:
        """The tensor of a box, None if nobody has it at hand."""
        thing = self._boxes[box].thing
        return thing if is_tensor(thing) else self._tensors.get(id(thing))

    def note(self, box: int) -> Any:
        """The note of a box, of a leaf the LeafNote; None if none was recorded."""
        return self._notes.get(box)

    def name(self, box: int) -> str:
        """The variable of a box, "" if none is known."""
        names = self._names.of(self._boxes[box])
        note = self.note(box)
        return readable(names[0]) if names else note.name if note else ""

    def tail(self, box: int, slot: int | None) -> int | None:
        """The box whose first result an operation has in a slot; None if it is none of these."""
        arrow = None if slot is None else self._arrows.get(box, {}).get(slot)
        return arrow.tail if arrow and arrow.output_nr == 0 else None

    def operands(self, box: int) -> list[Input]:
        """The operands of an operation, in the order in which they are written."""
        recorded = self._recorded(box)
        if recorded:
            return recorded
        kept = self._kept(box)
        lost = any(isinstance(value, Unreadable) for value in kept.values())
        inputs = self._gathered(box, kept)
        return inputs if lost else [self._completed(box, each) for each in inputs]

    def _completed(self, box: int, operand: Input) -> Input:
        """An operand with the value that its box has, where the operation did not save it."""
        if operand.value is not None or operand.slot is None:
            return operand
        return operand._replace(value=self._value_along(box, operand.slot))

    def _read_notes(self, box: int, node: Any) -> None:
        self._notes[box] = note_of(node)
        edges = node.next_functions
        for slot, arrow in self._arrows.get(box, {}).items():
            if isinstance(note_of(edges[slot][0]), LeafNote):
                self._notes[arrow.tail] = note_of(edges[slot][0])

    def _recorded(self, box: int) -> list[Input]:
        """The operands that a note tells of; none if they are not those of this very node.

        One call may leave several nodes: 1 / x is a reciprocal and a product. Its operands are
        those of the first, but noted at the last.
        """
        note, arrows = self.note(box), self._arrows.get(box, {})
        inputs = note.inputs if isinstance(note, Note) else ()
        tracked = [each for each in inputs if not each.reason]
        tails = [arrows[slot].tail for slot in sorted(arrows)]
        written = operand_count(type(self._boxes[box].thing).__name__) or len(inputs)
        if len(inputs) != written or len(tracked) != len(tails):
            return []
        if not all(map(self._is_noted, tails, tracked)):
            return []
        slots = iter(sorted(arrows))
        return [self._input(box, each, None if each.reason else next(slots)) for each in inputs]

    def _is_noted(self, tail: int, operand: Operand) -> bool:
        """Whether a box can be what an operand stands for: no inner node, and no other leaf."""
        if self._boxes[tail].is_operation:
            note = self.note(tail)
            return note is None or note.result is not None
        tensor = operand.tensor()
        return tensor is None or tensor is self._boxes[tail].thing

    def _input(self, box: int, operand: Any, slot: int | None) -> Input:
        own, value = self._name_along(box, slot), as_value(operand.value)
        return Input(own or operand.name, value, slot, operand.tensor(), operand.reason)

    def _name_along(self, box: int, slot: int | None) -> str:
        """The name of a box is that of its first result: others are not called so."""
        tail = self.tail(box, slot)
        return "" if tail is None else self.name(tail)

    def _kept(self, box: int) -> dict[str, Any]:
        """What an operation saved, by name."""
        return dict(saved_values(self._boxes[box].thing))

    def _gathered(self, box: int, by_name: dict[str, Any]) -> list[Input]:
        """The operands, from what the node saved and from its arrows."""
        node, arrows = self._boxes[box].thing, self._arrows.get(box, {})
        operation = type(node).__name__
        places = SAVED_BY_ADDMM if operation == "AddmmBackward0" else SAVED
        saved = {places[name]: value for name, value in by_name.items() if name in places}
        before = BEFORE_SLOTS.get(operation, 0)
        inputs = []
        for place in range(operand_count(operation) or len(node.next_functions)):
            kept, slot = saved.get(place), place - before
            if slot in arrows:
                inputs.append(Input(self._name_along(box, slot), as_value(kept), slot))
            else:
                has_edge = 0 <= slot < len(node.next_functions)
                inputs.append(self._left_out(kept, has_edge))
        return inputs

    def _left_out(self, kept: Any, has_edge: bool) -> Input:
        """An operand that gets no gradient, of which only what was saved is known.

        One number that was saved may be a tensor or not; only a name would tell.
        """
        if not is_tensor(kept):
            return Input("", as_value(kept), None, reason="" if has_edge else NUMBER)
        names = self._names.of(Box("saved", kept))
        certain = not kept.requires_grad and (names or len(kept.shape) > 0)
        name, reason = (readable(names[0]) if names else ""), "requires_grad=False"
        return Input(name, as_value(kept), None, kept if certain else None, reason * bool(certain))

    def _value_along(self, box: int, slot: int) -> Value | None:
        """The value that an operation did not save, if it is still what it was."""
        arrow = self._arrows[box][slot]
        leaf = self._boxes[arrow.tail].thing if self._boxes[arrow.tail].kind == "leaf" else None
        changed = leaf is not None and leaf._version > 0  # nobody knows whether before or after
        return None if arrow.output_nr or changed else self.value(arrow.tail)

    # --- values, by where they are known from ----------------------------------------------

    def _noted(self) -> Iterator[tuple[int, Value | None]]:
        for box, note in self._notes.items():
            if isinstance(note, Note):
                yield box, note.result
        for box in self._notes:
            yield from self._of_tails(box, self._recorded(box))

    def _held(self) -> Iterator[tuple[int, Value | None]]:
        for number in range(len(self._boxes)):
            yield number, as_value(self.tensor(number))

    def _saved(self) -> Iterator[tuple[int, Value | None]]:
        for number, box in enumerate(self._boxes):
            if box.is_operation:
                kept = self._kept(number)
                yield number, as_value(kept.get("result"))
                yield from self._of_tails(number, self._gathered(number, kept))

    def _of_tails(self, box: int, inputs: list[Input]) -> Iterator[tuple[int, Value | None]]:
        for each in inputs:
            arrow = None if each.slot is None else self._arrows[box][each.slot]
            if arrow is not None and arrow.output_nr == 0:
                yield arrow.tail, each.value


def as_value(thing: Any) -> Value | None:
    """A snapshot of a tensor, a number as a value without dimensions; None for anything else."""
    if isinstance(thing, (bool, int, float)):
        return Value((), "", (thing,))
    if isinstance(thing, Value):
        return thing
    return Value.of(thing) if is_tensor(thing) else None
