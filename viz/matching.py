"""Which boxes of two graphs are the same: pairs of their numbers, found from the results down.

What is one object in both graphs is the same. Beyond that, boxes are equal where all that was
computed up to them is: the same operations, in the same places, on leaves of the same label. Where
one graph has an operation in between, the walk steps over it. Nothing here draws. The time it takes
grows with the number of boxes, however they are wired.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable

from viz.graph import Arrow, Box, Graph, in_order

FAR = 50  # boxes that are looked at below one place of a graph to find where the other goes on

Label = Callable[[Box], Hashable]


def match(first: Graph, second: Graph, label: Label) -> dict[int, int]:
    """For boxes of the first graph, the same box of the second. No box has two partners.

    Two boxes can be the same only where their `label` is.

    >>> import tinygrad_edu as torch
    >>> w = torch.ones(1, requires_grad=True)
    >>> match(Graph([w.sin()]), Graph([w.sin().exp()]), lambda box: type(box.thing).__name__)
    {1: 2, 0: 1}
    """
    shared = {id(box.thing) for box in first.boxes} & {id(box.thing) for box in second.boxes}
    walk = _Walk(_Side(first, label, shared), _Side(second, label, shared))
    for thing in sorted(shared, key=walk.first.places.__getitem__):
        walk.pair(walk.first.places[thing], walk.second.places[thing])
    for start in zip(range(first.roots), range(second.roots)):
        walk.down(*start)
    walk.pair_equal()
    return walk.pairs


class _Side:
    """One of the graphs, with what the walk asks of it. Equal boxes are of one class."""

    def __init__(self, graph: Graph, label: Label, shared: set[int]) -> None:
        self.places = {id(box.thing): place for place, box in enumerate(graph.boxes)}
        self.labels = [
            id(box.thing) if id(box.thing) in shared else label(box) for box in graph.boxes
        ]
        self.inputs: list[list[Arrow]] = [[] for _ in graph.boxes]
        for arrow in graph.arrows:
            self.inputs[arrow.head].append(arrow)
        wires = ((arrow.tail, arrow.head) for arrow in graph.arrows)
        self.inputs_first = list(in_order(len(graph.boxes), wires))
        self.paired: set[int] = set()
        self.classes = [0] * len(graph.boxes)
        self.members: dict[int, deque[int]] = {}

    def classify(self, known: dict[Hashable, int]) -> None:
        """Number the classes of equal boxes, in a table that both graphs share."""
        for box in self.inputs_first:
            below = tuple((a.slot, a.output_nr, self.classes[a.tail]) for a in self.inputs[box])
            self.classes[box] = known.setdefault((self.labels[box], below), len(known))
        for box, its_class in enumerate(self.classes):
            self.members.setdefault(its_class, deque()).append(box)

    def free(self, its_class: int) -> deque[int]:
        """The boxes of a class, from the first one on that has no partner yet."""
        members = self.members.get(its_class, deque())
        while members and members[0] in self.paired:
            members.popleft()
        return members

    def below(self, start: int, label: Hashable) -> int | None:
        """The nearest box of that label below `start` without a partner, if there is one near."""
        seen = [start]
        for box in seen:  # the list grows while it is walked
            for arrow in self.inputs[box] if len(seen) < FAR else ():
                if self.labels[arrow.tail] == label and arrow.tail not in self.paired:
                    return arrow.tail
                if arrow.tail not in seen:
                    seen.append(arrow.tail)
        return None


class _Walk:
    """Pairs boxes of two sides."""

    def __init__(self, first: _Side, second: _Side) -> None:
        self.first = first
        self.second = second
        self.pairs: dict[int, int] = {}
        known: dict[Hashable, int] = {}
        first.classify(known)
        second.classify(known)

    def pair_equal(self) -> None:
        """Pair what is equal, wherever it is."""
        for box, its_class in enumerate(self.first.classes):
            if box not in self.first.paired and self.second.free(its_class):
                self.down(box, self.second.free(its_class)[0])

    def down(self, one: int, other: int) -> None:
        """Pair boxes from these two on, towards the leaves."""
        waiting = deque([(one, other)])
        while waiting:
            waiting += self._meet(*waiting.popleft())

    def _meet(self, one: int, other: int) -> list[tuple[int, int]]:
        """Pair two boxes if they go together; which ones to look at next."""
        first, second = self.first, self.second
        if one in first.paired or other in second.paired:
            return []
        if first.classes[one] != second.classes[other]:
            elsewhere = self._equal_ones(one, other)
            if elsewhere:
                return elsewhere
            if first.labels[one] != second.labels[other]:
                return self._step_over(one, other) or self._inputs(one, other)
        self.pair(one, other)
        return self._inputs(one, other)

    def _equal_ones(self, one: int, other: int) -> list[tuple[int, int]]:
        """The two, each with the box that equals it, where there is no doubt which that is."""
        found = []
        for its_class in (self.first.classes[one], self.second.classes[other]):
            mine, yours = self.first.free(its_class), self.second.free(its_class)
            if len(mine) == len(yours) == 1:
                found.append((mine[0], yours[0]))
        return found

    def _step_over(self, one: int, other: int) -> list[tuple[int, int]]:
        """Go on below one of the two, where the other has its like there."""
        yours = self.second.below(other, self.first.labels[one])
        if yours is not None:
            return [(one, yours)]
        mine = self.first.below(one, self.second.labels[other])
        return [] if mine is None else [(mine, other)]

    def _inputs(self, one: int, other: int) -> list[tuple[int, int]]:
        """The inputs of two boxes, slot by slot."""
        theirs = {arrow.slot: arrow.tail for arrow in self.second.inputs[other]}
        inputs = [arrow for arrow in self.first.inputs[one] if arrow.slot in theirs]
        return [(arrow.tail, theirs[arrow.slot]) for arrow in inputs]

    def pair(self, one: int, other: int) -> None:
        self.pairs[one] = other
        self.first.paired.add(one)
        self.second.paired.add(other)
