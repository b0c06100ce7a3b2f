"""show_grads: the gradient that travels along each arrow, and what arrives in `.grad`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from viz.graph import Graph
from viz.layers import Layer
from viz.layers.checks import close
from viz.layers.flows import Flows
from viz.layers.known import Known, as_value
from viz.naming import Names
from viz.notes import Accumulation, LeafNote
from viz.values import Value, added, same, short


class Grads(Layer):
    """Writes gradients beside the arrows, and into the box of a leaf how they add up."""

    def __init__(self, graph: Graph, names: Names) -> None:
        super().__init__(graph, names)
        self._known, self._flows = Known(graph, names), Flows(graph)
        self._out: dict[int, list[int]] = {}  # by box: the arrows that start there
        for number, arrow in enumerate(graph.arrows):
            self._out.setdefault(arrow.tail, []).append(number)

    def beside(self, arrow: int) -> Iterator[str]:
        """The gradient on its way back along the arrow."""
        gradient = self._flows.along(arrow)
        if gradient is not None:
            yield f"grad {short(gradient)}"

    def arrow_look(self, arrow: int) -> dict[str, str]:
        """Gradients are purple."""
        return {"fontcolor": "purple4"} if self._flows.along(arrow) is not None else {}

    def lines(self, box: int) -> Iterator[str]:
        """What is in `.grad`, as the sum that it is."""
        kind, tensor = self.graph.boxes[box].kind, None
        if kind in ("leaf", "root", "operation"):
            tensor = self._known.tensor(box)
        if tensor is None or not (tensor.is_leaf or tensor.retains_grad):
            return
        note = self._known.note(box)
        if self._flows.recorded and isinstance(note, LeafNote) and note.passes:
            yield from self._recorded(box, note.passes, tensor.grad)
            return
        yield f"grad = {_text(tensor.grad)}"
        if kind == "leaf" and not self._flows.recorded:
            yield from self._to_come(box)

    def remarks(self) -> Iterator[str]:
        """Where the gradients are from."""
        if self._flows.recorded:
            yield "grad beside an arrow: what the recorded backward pass sent back along it."
            return
        ones = "" if all(map(_is_one, self.graph.tensors)) else " with ones"
        yield f"grad beside an arrow: what backward sends back along it, in a trial{ones}"
        yield "that ran no hooks and changed no .grad. To see a real pass: with viz.record(): ..."
        if self._flows.obstacle:
            yield f"Some gradients are not known: {self._flows.obstacle}."

    def _arrivals(self, box: int) -> list[Value]:
        flows = map(self._flows.along, self._out.get(box, ()))
        return [gradient for gradient in flows if gradient is not None]

    def _recorded(self, box: int, passes: list[Accumulation], grad: Any) -> Iterator[str]:
        """What this graph's pass added up to, and what is in `.grad` now, if that is another."""
        arrivals = self._arrivals(box)
        own = (each for each in reversed(passes) if _adds_up(arrivals, each.arrived))
        this = next(own, passes[-1])
        before = [] if this.before is None else [this.before]
        parts = [*before, *(arrivals if _adds_up(arrivals, this.arrived) else [this.arrived])]
        if this.after is not None:
            yield from _sum("grad =", parts, this.after, bool(before))
        if not same(this.after, as_value(grad)):
            yield f"grad now: {_text(grad)}"

    def _to_come(self, box: int) -> Iterator[str]:
        """What a backward pass would add."""
        arrivals = self._arrivals(box)
        if len(arrivals) == len(self._out.get(box, ())) and arrivals:
            total = [sum(numbers) for numbers in zip(*(each.numbers for each in arrivals))]
            summed = Value(arrivals[0].shape, arrivals[0].dtype, tuple(total))
            yield from _sum("backward adds", arrivals, summed)


def _text(grad: Any) -> str:
    """What is in a `.grad`: numbers, None, or something that has no numbers at hand."""
    value = as_value(grad)
    return short(value) if value else type(grad).__name__ if grad is not None else "None"


def _sum(start: str, parts: Sequence[Value], total: Value, before: bool = False) -> Iterator[str]:
    """A sum as lines: one line where the parts are numbers."""
    texts = [short(part) for part in parts]
    if before:
        texts[0] += " (before)"
    if len(parts) == 1:
        yield f"{start} {short(total)}"
    elif total.size == 1:
        yield f"{start} {added(texts)} = {short(total)}"
    else:
        yield f"{start} {texts[0]}"
        yield from (f"+ {text}" for text in texts[1:])
        yield f"= {short(total)}"


def _adds_up(parts: Sequence[Value], total: Value) -> bool:
    """Whether these are all parts of a sum, up to rounding."""
    sums = [sum(numbers) for numbers in zip(*(part.numbers for part in parts))]
    return len(sums) == len(total.numbers) and close(sums, total.numbers, total.dtype)


def _is_one(tensor: object) -> bool:
    value = as_value(tensor)
    return value is not None and value.size == 1
