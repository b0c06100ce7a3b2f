"""Which boxes and arrows of a graph are drawn, where repeated blocks are drawn once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from viz.graph import Graph


class Drawn(NamedTuple):
    """An arrow of the graph, by its number, as it is drawn. One that goes `back` to the beginning
    of a block stands for the arrow that goes on to the next."""

    number: int
    tail: int
    head: int
    lines: tuple[str, ...] = ()
    back: bool = False


class Block(NamedTuple):
    """What is framed: the one block that is drawn of several, and blocks within it."""

    times: int
    boxes: list[int]
    tensors: int
    numbers: int
    inner: list[Block]

    def lines(self) -> Iterator[str]:
        """What is written in the frame."""
        yield f"× {self.times}"
        if self.tensors:
            yield f"{self.tensors:,} parameters, {self.numbers:,} numbers"


class Folding:
    """All boxes and arrows of a graph: nothing is folded.

    `hidden` are the boxes that are not drawn, `first` tells for a box which one it stands for in
    the first block.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.hidden: set[int] = set()
        self.first: dict[int, int] = {}
        self.blocks: list[Block] = []

    def drawn(self) -> Iterator[int]:
        """The boxes that are drawn."""
        return (number for number in range(len(self.graph.boxes)) if number not in self.hidden)

    def arrows(self) -> Iterator[Drawn]:
        """The arrows that are drawn."""
        for number, arrow in enumerate(self.graph.arrows):
            yield Drawn(number, arrow.tail, arrow.head)

    def ties(self) -> Iterator[tuple[int, int]]:
        """The ties that are drawn."""
        for tail, head in self.graph.ties:
            if tail not in self.hidden and head not in self.hidden:
                yield tail, head
