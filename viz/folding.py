"""Which boxes and arrows of a graph are drawn, where repeated blocks are drawn once.

Of each repeat that `viz.repeats` finds, the last block is drawn. Arrows into the first block lead
to it, arrows from the last one come from it, and the arrow from each block to the next goes back to
its beginning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import prod
from typing import NamedTuple

from viz.graph import Arrow, Graph
from viz.repeats import Program, Repeat


class Drawn(NamedTuple):
    """An arrow of the graph, by its number, as it is drawn. One that goes `back` to the beginning
    of a block stands for the arrow that goes on to the next."""

    number: int
    tail: int
    head: int
    lines: tuple[str, ...] = ()
    back: bool = False


class Block(NamedTuple):
    """What is framed: the one block that is drawn of several, and blocks within it.

    `tensors` and `numbers` count the parameters that the blocks have of their own, all together.
    """

    times: int
    tensors: int
    numbers: int
    boxes: list[int]
    inner: list[Block]

    def lines(self) -> Iterator[str]:
        """What is written in the frame."""
        yield f"× {self.times}"
        if self.tensors:
            yield f"{self.tensors:,} parameters: {self.numbers:,} numbers"


class Seat(NamedTuple):
    """The place of a box in a repeat: which block, which column, and a leaf's slot there or -1."""

    repeat: int
    block: int
    column: int
    slot: int


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

    def ties(self) -> Iterable[tuple[int, int]]:
        """The ties that are drawn."""
        return self.graph.ties


class Folded(Folding):
    """A graph in which repeated blocks are folded.

    >>> import tinygrad_edu as torch
    >>> y = w = torch.ones(1, requires_grad=True)
    >>> for _ in range(50):
    ...     y = y * w
    >>> folding = Folded(Graph([y]))
    >>> [block.times for block in folding.blocks], list(folding.drawn())
    ([50], [0, 2])
    """

    def __init__(self, graph: Graph) -> None:
        super().__init__(graph)
        self._program = Program(graph)
        self._repeats = self._program.repeats()
        self._seats: list[list[Seat]] = [[] for _ in graph.boxes]  # outer repeats first
        self._last: dict[int, int] = {}  # for a hidden box: the one of the last block
        for number in range(len(self._repeats)):
            self._fold(number)
        self._ties = list(self._tied())
        self.hidden |= {tail for tail, _ in graph.ties} - {tail for tail, _ in self._ties}
        self.blocks = self._framed()

    def arrows(self) -> Iterator[Drawn]:
        """The arrows that are drawn."""
        return filter(None, map(self._drawn, range(len(self.graph.arrows))))

    def ties(self) -> Iterable[tuple[int, int]]:
        """The ties that are drawn."""
        return self._ties

    def _fold(self, number: int) -> None:
        """Seat the boxes of a repeat, and hide all blocks but the last."""
        repeat = self._repeats[number]
        drawn = [box for *_, box in self._program.boxes_of(repeat, repeat.last)]
        for block in range(repeat.times):
            boxes = self._program.boxes_of(repeat, repeat.start + block * repeat.period)
            for (column, slot, box), last in zip(boxes, drawn):
                self._seats[box].append(Seat(number, block, column, slot))
                if block == 0:
                    self.first[last] = self.first.get(box, box)
                if box != last:
                    self.hidden.add(box)
                    self._last[box] = last

    def _tied(self) -> Iterator[tuple[int, int]]:
        """Ties to boxes that are drawn. A ghost that enters the first block alone is kept."""
        ghosts = {tail for tail, _ in self.graph.ties if self.graph.boxes[tail].kind == "ghost"}
        haunted = {head for tail, head in self.graph.ties if tail in ghosts}
        for tail, head in self.graph.ties:
            while tail in ghosts and head in self._last and self._last[head] not in haunted:
                if self._seats[head][-1].block:
                    break
                head = self._last[head]
            if head not in self.hidden:
                yield tail, head

    def _drawn(self, number: int) -> Drawn | None:
        """How an arrow is drawn, if it is: repeats around its ends are dealt with one by one."""
        arrow = self.graph.arrows[number]
        way = _Way(arrow.tail, arrow.head)
        while way.drawn:
            tail = next(iter(self._seats[way.tail][way.left :]), None)
            head = next(iter(self._seats[way.head][way.entered :]), None)
            if tail and head and tail.repeat == head.repeat and not way.back:
                self._go_on(way, tail, head)
            elif head:
                self._enter(way, head, arrow)
            elif tail:
                self._leave(way, tail, arrow)
            else:
                return Drawn(number, way.tail, way.head, tuple(dict.fromkeys(way.lines)), way.back)
        return None

    def _go_on(self, way: _Way, tail: Seat, head: Seat) -> None:
        """From one box of a repeat to another, in the same block or the next."""
        way.left += 1
        way.entered += 1
        way.drawn = head.block == self._repeats[head.repeat].times - 1
        if way.drawn and tail.block != head.block:
            way.tail, way.back = self._last[way.tail], True
            way.lines.append("next")

    def _enter(self, way: _Way, head: Seat, arrow: Arrow) -> None:
        """Into a repeat: into each block, or into the first, for which the last is drawn."""
        way.entered += 1
        repeat = self._repeats[head.repeat]
        hidden = head.block != repeat.times - 1
        if (head.column, arrow.slot) in repeat.shared:
            way.drawn = not hidden
            way.lines.append("each")
        elif hidden:
            way.head = self._last[way.head]

    def _leave(self, way: _Way, tail: Seat, arrow: Arrow) -> None:
        """Out of a repeat: out of each block, or out of the last."""
        way.left += 1
        repeat = self._repeats[tail.repeat]
        way.drawn = tail.block == repeat.times - 1
        reader = self._program.place[arrow.head]
        if any((*tail[2:], place) in repeat.common for place in (reader, -1 - reader)):
            way.lines.append("each")

    def _framed(self) -> list[Block]:
        """The last blocks, those within others inside of them."""
        blocks = [self._block(repeat) for repeat in self._repeats]
        outer: list[Block] = []
        for number, (repeat, block) in enumerate(zip(self._repeats, blocks)):
            around = [seat.repeat for seat in self._seats[self._program.order[repeat.last]]]
            at = around.index(number)
            (blocks[around[at - 1]].inner if at else outer).append(block)
        ends = Counter(tail for tail, _ in self.graph.ties)
        within = {tail: head for tail, head in self.graph.ties if ends[tail] == 1}
        for box in self.drawn():
            end = within.get(box, box)
            if self._seats[end] and end not in self.hidden:
                blocks[self._seats[end][-1].repeat].boxes.append(box)
        return outer

    def _block(self, repeat: Repeat) -> Block:
        boxes = self._program.boxes_of(repeat, repeat.last)
        own = [self.graph.boxes[box].thing.shape for _, slot, box in boxes if slot >= 0]
        times = repeat.times
        return Block(times, times * len(own), times * sum(map(prod, own)), [], [])


@dataclass
class _Way:
    """An arrow while it is found out how it is drawn, if it is.

    `left` and `entered` count the repeats around its tail and its head that are dealt with.
    """

    tail: int
    head: int
    left: int = 0
    entered: int = 0
    back: bool = False
    drawn: bool = True
    lines: list[str] = field(default_factory=list)
