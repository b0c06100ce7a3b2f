"""`outline`: the graph behind a tensor in words, for a screen reader, a terminal or a test.

It reads the boxes and arrows that `make_dot` draws, under the same numbers. The walk keeps a list
instead of recursing, and the lines stay short, so the length of a chain does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any, NamedTuple

from viz.drawing import caption, unplaced
from viz.graph import Arrow, Graph
from viz.labels import counted, in_parentheses, one_line, readable
from viz.naming import Names
from viz.roots import roots

WIDEST = 50  # columns of indentation; what lies deeper is told in a block of its own


class Outline(str):
    """A text that a notebook and a console show as it is, line by line."""

    def __repr__(self) -> str:
        return str(self)


def outline(var: Any, params: Any = None) -> Outline:
    """Tell the graph behind `var` in words: what `make_dot(var, params)` draws, a box a line.

    The inputs of an operation stand below it, numbered and indented, leaves before operations. An
    only input follows without indentation, after the word "from". A box that is met again is
    named, and not told twice. The numbers n0, n1, ... are those of the DOT text.

    Raises TypeError if `var` is no tensor, or `params` maps nothing.

    >>> import tinygrad_edu as torch
    >>> w, b = torch.ones(1, requires_grad=True), torch.ones(1, requires_grad=True)
    >>> outline((b + w * 3).exp(), params={"w": w, "b": b})
    a graph: 5 boxes, 4 arrows; 2 parameters with 2 numbers
    ExpBackward0 n0, an operation; backward starts here
    from AddBackward0 n1, an operation
      1. b n2, a parameter of shape (1)
      2. MulBackward0 n3, an operation; input 2 needs no gradient
         from w n4, a parameter of shape (1)
    """
    names, graph = Names(params), Graph(roots(var, "outline tells"))
    head = f"{caption(graph, names)}; {_parameters(graph)}"
    return Outline("\n".join([head, *_Teller(graph, names).lines(), *unplaced(graph, names)]))


class _Step(NamedTuple):
    """A line to come: the box that it is about, and what stands before that."""

    column: int
    lead: str  # "1. ", "from " or nothing
    result: str  # "result 2 of ", where the box has several
    box: int


class _Teller:
    """Tells each box once, and its inputs below it."""

    def __init__(self, graph: Graph, names: Names) -> None:
        self.graph = graph
        self.names = names
        self.told: set[int] = set()
        self.later: list[tuple[int, list[Arrow]]] = []  # boxes too deep, and inputs yet to tell
        self.of_several = {arrow.tail for arrow in graph.arrows if arrow.output_nr}
        self.inputs: list[list[Arrow]] = [[] for _ in graph.boxes]
        for arrow in graph.arrows:
            self.inputs[arrow.head].append(arrow)

    def lines(self) -> Iterator[str]:
        for root in range(self.graph.roots):
            yield from self._tell([_Step(0, "", "", root)])
        for box, new in self.later:  # the list grows while it is walked
            yield f"{self._title(box)}, continued"
            yield from self._tell(self._inputs(new, 0))

    def _tell(self, waiting: list[_Step]) -> Iterator[str]:
        while waiting:
            column, lead, result, box = waiting.pop()
            before = f"{' ' * column}{lead}{result}{self._title(box)}"
            if box in self.told:
                yield f"{before}, see above"
                continue
            self.told.add(box)
            new = [arrow for arrow in self.inputs[box] if arrow.tail not in self.told]
            deep = column > WIDEST and len(new) > 1
            yield f"{before}, {self._what(box)}{'; continued below' if deep else ''}"
            if deep:
                self.later.append((box, new))
            else:
                waiting += self._inputs(new, column + (0 if lead == "from " else len(lead)))

    def _inputs(self, new: list[Arrow], column: int) -> list[_Step]:
        """Steps to new inputs, the last one first. Leaves are told before what takes longer."""
        if len(new) == 1:
            return [_Step(column, "from ", self._result(new[0]), new[0].tail)]
        new = sorted(new, key=lambda arrow: self.graph.boxes[arrow.tail].kind != "leaf")
        return [
            _Step(column + 2, f"{arrow.slot + 1}. ", self._result(arrow), arrow.tail)
            for arrow in reversed(new)
        ]

    def _title(self, box: int) -> str:
        thing = self.graph.boxes[box]
        name = ", ".join(map(readable, self.names.of(thing)))
        if thing.is_operation:
            name = f"{name}: {type(thing.thing).__name__}" if name else type(thing.thing).__name__
        return one_line(f"{name} n{box}".strip())

    def _what(self, box: int) -> str:
        kind, thing, _ = self.graph.boxes[box]
        if kind == "leaf":
            return f"a parameter of shape {in_parentheses(thing.shape)}"
        if kind == "plain":
            return f"data of shape {in_parentheses(thing.shape)}; no graph, no gradient"
        start = ["backward starts here"] if kind == "root" else []
        return "; ".join(["an operation", *start, *self._asides(box, thing)])

    def _asides(self, box: int, node: Any) -> Iterator[str]:
        """What is said of inputs that get no line of their own."""
        arrows = {arrow.slot: arrow for arrow in self.inputs[box]}
        for slot in range(len(node.next_functions)):
            arrow = arrows.get(slot)
            if arrow is None:
                yield f"input {slot + 1} needs no gradient"
            elif arrow.tail in self.told:
                what = f"{self._result(arrow)}{self._title(arrow.tail)}"
                yield f"input {slot + 1} is {what}, see above"

    def _result(self, arrow: Arrow) -> str:
        return f"result {arrow.output_nr + 1} of " if arrow.tail in self.of_several else ""


def _parameters(graph: Graph) -> str:
    sizes = [prod(box.thing.shape) for box in graph.boxes if box.kind == "leaf"]
    numbers = counted(sum(sizes), "number", "numbers")
    return f"{counted(len(sizes), 'parameter', 'parameters')} with {numbers}"
