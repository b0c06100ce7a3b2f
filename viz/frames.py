"""What a tape shows step by step: which box is at work, what is written where, and the words.

Which pictures there are is told in `viz.scenes`. A frame says what changes: "n3" is a box and "e4"
an arrow, shown or faint; "n3v" is the value in a box, "n3g" a leaf's gradient, "e4g" the gradient
along an arrow, "r0v" and "r0g" the cells of a leaf's row in the table. How it looks is not decided
here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from viz.formulas import derivative, slope, written
from viz.graph import Arrow
from viz.labels import one_line, readable
from viz.layers.checks import Slope
from viz.layers.known import as_value
from viz.notes import LeafNote, Note
from viz.scenes import Scene, inputs, places_of, rounds
from viz.values import Value, added, number_text
from viz.where import Where

NUMBERS = 2  # of a tensor that are written
NAME = 24  # characters of an expression that stands for a tensor without a name
ATOM = re.compile(r"-?[\w.]+|\[[^\[\]]*\]|\w+\([^()]*\)")  # needs no parentheses around it
ASSIGNMENT = re.compile(r"[^(\[=]*[^(\[=!<>]=[^=]")


class Film:
    """The frames of some steps. `scenes` are the pictures, of which each frame names its own;
    `rows` the names of the leaves in the table; `code` the lines of the program.
    """

    def __init__(self, steps: Sequence[Any]) -> None:
        self.frames: list[dict[str, Any]] = []
        self.scenes: list[Scene] = []
        self.rows: list[str] = []
        places = {(w.file, w.line): w.code for step in steps for w in _places(step) if w.code}
        files = list(dict.fromkeys(file for file, _ in places))  # as cells of a notebook were run
        ordered = sorted(places, key=lambda place: (files.index(place[0]), place[1]))
        self._lines = {place: n for n, place in enumerate(ordered)}
        self.code = [one_line(places[place]) for place in self._lines]
        self._row_of: dict[Any, int] = {}
        self._now: dict[str, Any] = {}  # what is written where
        self._turn = 0
        self._away = False  # whether this pass went through operations that were not recorded
        for start, end in rounds(steps) if steps else ():
            self._round(steps[start:end])

    def _round(self, steps: Sequence[Any]) -> None:
        self.scene = Scene(step.note for step in steps if isinstance(step.note, Note))
        self.scenes.append(self.scene)
        self._start(steps)
        for step in steps:
            getattr(self, f"_{step.kind}")(step)

    # --- one frame for each kind of step -------------------------------------------------------

    def _start(self, steps: Sequence[Any]) -> None:
        coming = {id(step.note) for step in steps if step.kind == "forward"}
        sets: dict[str, Any] = {}
        for number, box in enumerate(self.scene.boxes):
            here = id(box) not in coming
            value = box.result if here and isinstance(box, Note) else None
            sets |= {f"n{number}": int(here), f"n{number}v": _text(value)}
        for number, arrow in enumerate(self.scene.arrows):
            sets |= {f"e{number}": sets[f"n{arrow.head}"], f"e{number}g": ""}
        values = []
        for number, leaf in self.scene.leaves():
            text = _text(self.scene.value_of(number))
            sets |= self._of_leaf(number, v=text, g=_grad_before(leaf, steps))
            values.append(f"{_name(leaf)} = {text}")
        if len(self.scenes) == 1:
            title, says = "before the first operation", "The leaves: "
        else:
            title = "forward begins again"
            says = "Each forward run makes a new graph. The leaves stay: "
        self._add(None, title, [f"{says}{', '.join(values)}."], sets)

    def _forward(self, step: Any) -> None:
        note, number = step.note, self.scene.number(step.note)
        into = self.scene.into(number)
        sets: dict[str, Any] = {f"n{number}": 1, f"n{number}v": _text(note.result)}
        sets |= {f"e{n}": 1 for n, _ in into}
        for _, arrow in into:
            value = self.scene.value_along(arrow)
            if value is not None and isinstance(self.scene.boxes[arrow.tail], LeafNote):
                sets |= self._of_leaf(arrow.tail, v=_text(value))
        title = f"forward, {note.operation} joins the graph"
        self._add(step, title, [self._arithmetic(note)], sets, f"n{number}")

    def _backward(self, step: Any) -> None:
        note, number = step.note, self.scene.number(step.note)
        sets: dict[str, Any] = {}
        if step.turn != self._turn:
            self._turn, self._away = step.turn, False
            sets = {f"e{n}g": "" for n in range(len(self.scene.arrows))}
            self._now |= sets
        says, along = [self._arrival(number, step.event)], {}
        for n, arrow in self.scene.into(number):
            sent = step.event.sent[arrow.slot]
            if sent is not None:
                along[f"e{n}"] = sets[f"e{n}g"] = _text(sent)
                says.append(self._sent(note, arrow, step.event))
        for (source, _), sent in zip(note.edges, step.event.sent):
            if source is None and sent is not None:
                says.append(f"To an operation that was not recorded: {_text(sent)}.")
                self._away = True
        self._add(step, f"backward through {note.operation}", says, sets, f"n{number}", along)

    def _accumulate(self, step: Any) -> None:
        number, name, event = self.scene.number(step.note), _name(step.note), step.event
        after, arrived = _text(event.after), _text(event.arrived)
        parts = added(several) if len(several := self._parts(number)) > 1 else ""
        if event.before is None:
            sum_ = f"{name}.grad was None, and is now {parts or arrived}"
            says = f"{sum_} = {after}." if parts else f"{sum_}."
        else:
            arriving = f"({parts})" if parts else arrived
            says = f"{name}.grad = {_text(event.before)} + {arriving} = {after}. Gradients add up."
        sets = self._of_leaf(number, g=after)
        self._add(step, f"the gradient reaches {name}", [says], sets, f"n{number}")

    def _write(self, step: Any) -> None:
        name, grad, _ = step.name.partition(".grad")
        what, cell = name + grad, "g" if grad else "v"
        was, text = (_text(value) for value in step.event)
        box, sets = "", {}
        called = [each for each in self.scene.leaves() if each[1].name == name]
        for number, leaf in called:
            if len(called) == 1 or self._now.get(f"{self._row(leaf)}{cell}") == was:
                box = f"n{number}"
                was = self._now.get(f"{self._row(leaf)}{cell}", was)
                sets = self._of_leaf(number, **{cell: text})
        says = f"{what} was {was}, and is now {text}." if was else f"{what} is now {text}."
        says += "" if grad else " No operation joins the graph."
        self._add(step, f"{what} is changed in place", [says], sets, box)

    def _add(
        self,
        step: Any,
        title: str,
        says: list[str],
        sets: dict[str, Any],
        box: str = "",
        along: dict[str, str] | None = None,
    ) -> None:
        """Add the frame of a step; of none, before the first."""
        kind, where = (step.kind, step.where) if step else ("start", None)
        marked = where if kind == "write" else getattr(step and step.note, "where", None)
        if kind in ("start", "forward"):
            sets = {key: value for key, value in sets.items() if self._now.get(key) != value}
        self._now |= sets
        frame = {
            "scene": len(self.scenes) - 1,
            "kind": kind,
            "title": one_line(title),
            "says": [one_line(line) for line in says],
            "line": self._line(where),
            "mark": self._mark(marked),
            "box": box,
            "along": along or {},
            "sets": sets,
        }
        self.frames.append(frame)

    # --- where -------------------------------------------------------------------------------

    def _line(self, where: Where | None) -> int:
        return self._lines.get((where.file, where.line), -1) if where else -1

    def _mark(self, where: Where | None) -> list[int]:
        """The number of a line and the part of it at work, from one character to another."""
        line = self._line(where)
        if where is None or line < 0:
            return []
        start = self.code[line].find(where.expression)
        return [line, start, start + len(where.expression)] if start >= 0 else []

    # --- leaves ------------------------------------------------------------------------------

    def _row(self, leaf: Note | LeafNote) -> str:
        alike = [id(other) for _, other in self.scene.leaves() if other.name == leaf.name]
        number = alike.index(id(leaf)) + 1  # two functions may each call a leaf w
        key = (leaf.name, number) if leaf.name else id(leaf)
        if key not in self._row_of:
            self._row_of[key] = len(self.rows)
            self.rows.append(
                one_line(_name(leaf)) + (f" ({number})" if leaf.name and number > 1 else "")
            )
        return f"r{self._row_of[key]}"

    def _of_leaf(self, number: int, **cells: str) -> dict[str, Any]:
        """What to set for a leaf, its value `v` and its gradient `g`: in its box, and its row."""
        row = self._row(self.scene.boxes[number])
        sets = {f"{row}{cell}": text for cell, text in cells.items()}
        for cell, text in cells.items():
            sets[f"n{number}{cell}"] = f"grad {text}" if cell == "g" else text
        return sets

    # --- words -------------------------------------------------------------------------------

    def _arithmetic(self, note: Note) -> str:
        """Such as "yhat = b + w * x = 0.3 + 0.4 = 0.7"."""
        expression = note.where.expression if note.where else ""
        if not expression or ASSIGNMENT.match(expression):
            expression = written(note.operation, self._names(note))
        if note.result is None:
            return f"A part of {expression}."
        right = inputs(note) and _slope(note, 0).fits(note.result)
        numbers = written(note.operation, _texts(note)) if right else ""
        texts = [note.name, expression, numbers, _text(note.result)]
        return " = ".join(dict.fromkeys(text for text in texts if text))

    def _names(self, note: Note) -> list[str]:
        """What the operands are called: by name, by the expression they came from, by value."""
        names = [operand.name or _text(operand.value) for operand in inputs(note)]
        for slot, place in places_of(note).items():
            source = note.edges[slot][0]
            if not note.inputs[place].name and isinstance(source, Note):
                expression = source.where.expression if source.where else ""
                names[place] = expression if 0 < len(expression) <= NAME else source.operation
        return names

    def _arrival(self, number: int, event: Any) -> str:
        arrived = ", ".join(_text(value) for value in event.arrived if value is not None)
        parts = self._parts(number)
        if not parts and self._away:
            return f"{arrived} arrives, from an operation that was not recorded."
        if not parts:
            result = self.scene.boxes[number].name or "the result"
            ones = all(set(value.numbers) <= {1.0} for value in event.arrived if value)
            what = f"the derivative of {result} by itself" if ones else "which was passed to it"
            return f"Backward starts with {arrived}, {what}."
        several = len(parts) > 1 and len(event.arrived) == 1
        return f"{added(parts)} = {arrived} arrives." if several else f"{arrived} arrives."

    def _parts(self, number: int) -> list[str]:
        """What came along the arrows out of a box."""
        sent = [self._now.get(f"e{n}g", "") for n, _ in self.scene.out_of(number)]
        return [text for text in sent if text]

    def _sent(self, note: Note, arrow: Arrow, event: Any) -> str:
        """Such as "to w: 2 × x = 2 × 3 = 6"."""
        arrived, sent = event.arrived[0], event.sent[arrow.slot]
        place = places_of(note).get(arrow.slot)
        if place is None:
            tail = self.scene.boxes[arrow.tail]
            return f"To {_name(tail)}: {_text(sent)}."
        names = self._names(note)
        factors = self._factors(note, arrow, names, event)
        to, total = f"To {names[place]}", _text(sent)
        if factors and derivative(note.operation, place, names).startswith("to "):
            return f"{to}: {factors[0]} = {total}, where g is what arrives."
        terms = [f"{_text(arrived)} × {_factor(factor)}" for factor in dict.fromkeys(factors)]
        added = ", added up" if arrived and sent and sent.size < arrived.size else ""
        return f"{to}: {' = '.join(terms)}{added} = {total}." if factors else f"{to}: {total}."

    def _factors(self, note: Note, arrow: Arrow, names: list[str], event: Any) -> list[str]:
        """The local derivative with names, then with numbers; none if it is not what was sent, as
        an operation may have options of which no formula tells."""
        place = places_of(note)[arrow.slot]
        local, count = _slope(note, place), _count(note, place)
        verdict = local.verdict(event.arrived[0], event.sent[arrow.slot])
        if verdict.startswith("WRONG") or not local.fits(note.result):
            return []
        both = [slope(note.operation, place, each, count) for each in (names, _texts(note))]
        return [text for text in both if text]


def _places(step: Any) -> Iterator[Where]:
    """The places of the program that a step shows."""
    for where in (step.where, getattr(step.note, "where", None)):
        if where is not None:
            yield where


def _slope(note: Note, place: int) -> Slope:
    """The derivative of an operation by one operand, in numbers."""
    values = [as_value(operand.value) for operand in inputs(note)]
    shape = note.result.shape if note.result else ()
    return Slope(note.operation, place, values, shape, _count(note, place))


def _count(note: Note, place: int) -> int | None:
    value = inputs(note)[place].value
    return value.size if isinstance(value, Value) else None


def _texts(note: Note) -> list[str]:
    return [_text(operand.value) for operand in inputs(note)]


def _grad_before(leaf: LeafNote, steps: Sequence[Any]) -> str:
    """What a leaf's `.grad` was before the first of these steps that adds to it."""
    for step in steps:
        if step.note is leaf:
            return _text(step.event.before) or "None"
    return "None"


def _name(note: Note | LeafNote) -> str:
    if isinstance(note, LeafNote):
        return readable(note.name) if note.name else "a leaf"
    return note.operation if note.result is None else note.name or note.operation


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.text(NUMBERS) if isinstance(value, Value) else number_text(value)


def _factor(text: str) -> str:
    return text if ATOM.fullmatch(text) else f"({text})"
