"""Repeats in a program: blocks of operations that come again and again, each fed by the one before.

A program is a graph's operations in the order in which they ran. A loop, or equal layers one after
the other, is then a stretch in which each operation looks like the one a fixed number of places
later, its period: the same name, and each input is either the very same box (a weight that all
turns share) or the corresponding box of the next block (a weight of its own, the turn before).
Stretches are looked for where a run of names comes again, for runs of 1, 2, 4, 8, ... names, so
that the time grows as n log n. Nothing here knows of pictures.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Hashable, Iterable, Iterator
from typing import Any, NamedTuple

from viz.graph import Graph
from viz.labels import in_parentheses

LEAST = 3  # blocks that are worth folding
MANY = 3  # readers, from which on a box is likely to be shared by all blocks


class Input(NamedTuple):
    """One input of an operation, told so that corresponding inputs of equal blocks are equal.

    `shape` is that of a leaf, and empty for an operation. `distance` counts operations back to the
    one that computed the input, or to the first that read the leaf, there in `first_slot`.
    """

    slot: int
    output_nr: int
    shape: str
    distance: int
    first_slot: int

    @property
    def is_new_leaf(self) -> bool:
        """Whether it is a leaf that is read here for the first time."""
        return bool(self.shape) and (self.distance, self.first_slot) == (0, self.slot)


class Reading(NamedTuple):
    """That the operation at a place reads what a block computes in a column, or its leaf there.

    `slot` is that of the leaf in the column, or -1. A reader in the next turn of a repeat around
    this one counts as -1 - place.
    """

    column: int
    slot: int
    reader: int


class Repeat(NamedTuple):
    """`times` equal blocks of `period` operations; the first begins at the place `start`.

    `own` are the columns and slots where a block first reads a leaf of its own, `shared` those
    where all blocks read the very same box. `common` are readers behind the repeat that read every
    block.
    """

    start: int
    period: int
    times: int
    own: frozenset[tuple[int, int]]
    shared: frozenset[tuple[int, int]]
    common: frozenset[Reading]

    @property
    def last(self) -> int:
        """Where the last block begins."""
        return self.start + (self.times - 1) * self.period

    @property
    def end(self) -> int:
        """The place behind the last block."""
        return self.start + self.times * self.period


class Program:
    """The operations of a graph in the order in which they ran, and what each of them reads."""

    def __init__(self, graph: Graph) -> None:
        operations = [n for n, box in enumerate(graph.boxes) if box.is_operation]
        self.order = sorted(operations, key=lambda n: (_ran(graph.boxes[n].thing), -n))
        self.names = [type(graph.boxes[n].thing) for n in self.order]
        self.place = {number: place for place, number in enumerate(self.order)}
        self.boxes: list[list[int]] = [[] for _ in self.order]  # that an operation reads
        self.inputs: list[list[Input]] = [[] for _ in self.order]
        self.readers: list[list[int]] = [[] for _ in graph.boxes]
        first_slots: dict[int, int] = {}
        for arrow in sorted(graph.arrows, key=lambda arrow: (self.place[arrow.head], arrow.slot)):
            box, x = graph.boxes[arrow.tail], self.place[arrow.head]
            shape = "" if box.is_operation else in_parentheses(box.thing.shape)
            distance = x - self.place.setdefault(arrow.tail, x)
            first = first_slots.setdefault(arrow.tail, arrow.slot) if shape else 0
            self.boxes[x].append(arrow.tail)
            self.inputs[x].append(Input(arrow.slot, arrow.output_nr, shape, distance, first))
            self.readers[arrow.tail].append(x)
        for root in range(graph.roots):  # is used outside of the graph
            self.readers[root].append(len(self.order))
        self._looks = _ranks((name, *each) for name, each in zip(self.names, self.inputs))
        ends = ([each[:2] for each in inputs] for inputs in self.inputs)
        self._outlines = _ranks((name, *each) for name, each in zip(self.names, ends))

    def repeats(self) -> list[Repeat]:
        """All repeats, long ones first; one within a block comes after that of the block."""
        found: list[Repeat] = []
        free = [(0, len(self.order))]  # where no repeat has been found, and last blocks of repeats
        for length, period, start in sorted(self._stretches()):
            stretch = start, start - length
            for segment in _touched(free, start - period, stretch[1] + period):
                repeats = self._repeats_in(period, *stretch, *segment)
                found += repeats
                for repeat in repeats:
                    self._read_in_next_turn(repeat)
                if repeats:
                    del free[bisect_left(free, segment)]
                    for rest in _rest(segment, repeats):
                        insort(free, rest)
        return found

    def boxes_of(self, repeat: Repeat, start: int) -> Iterator[tuple[int, int, int]]:
        """The boxes of the block that begins at `start`: column, slot or -1, and number.

        Corresponding boxes of two blocks come in the same order; operations first, then leaves.
        """
        for column in range(repeat.period):
            yield column, -1, self.order[start + column]
        for column, slot in sorted(repeat.own):
            slots = [each.slot for each in self.inputs[start + column]]
            yield column, slot, self.boxes[start + column][slots.index(slot)]

    def _stretches(self) -> Iterator[tuple[int, int, int]]:
        """Where operations look like those a period later: (minus the length, period, start)."""
        known: dict[int, list[tuple[int, int]]] = {}
        for x, period in self._candidates():
            spans = known.setdefault(period, [])
            at = bisect_right(spans, (x, len(self.order))) - 1
            if at < 0 or x >= spans[at][1]:
                start, end = self._stretch(x, period)
                insort(spans, (start, max(end, x + 1)))
                if end - start >= period:
                    yield start - end, period, start

    def _candidates(self) -> Iterator[tuple[int, int]]:
        """Places, and how much later a run of names comes again."""
        for keys in zip(*self._keys()):
            ranks, width, kinds = _ranks(keys), 1, 0
            # Once twice the width tells no more runs apart, no greater width does.
            while LEAST * width <= len(keys) and kinds < max(ranks) + 1 < len(ranks):
                yield from _distances(ranks)
                kinds = max(ranks) + 1
                ranks = _ranks(zip(ranks, ranks[width:]))
                width *= 2

    def _keys(self) -> Iterator[tuple[Hashable, Hashable]]:
        """Two names for each operation, which are the same for operations that may be alike.

        One tells how long ago each input was read before, and fits blocks with leaves of their
        own; the other names boxes that are read often, and fits blocks that take turns with them.
        """
        last: dict[int, int] = {}
        for x, name in enumerate(self.names):
            near: list[Any] = []
            far: list[Any] = []
            for box, (slot, output_nr, shape, _, _) in zip(self.boxes[x], self.inputs[x]):
                what = slot, output_nr, shape, x - last[box] if box in last else None
                near.append(what)
                far.append((slot, box) if len(self.readers[box]) >= MANY else what)
                last[box] = x
            yield (name, *near), (name, *far)

    def _stretch(self, x: int, period: int) -> tuple[int, int]:
        """The places around x that are alike with those a period later, all in the same way."""
        ways: dict[int, list[bool]] = {}
        start = end = x
        while end + period < len(self.order) and self._goes_on(ways, end, period, end - period):
            end += 1
        while start > 0 and self._goes_on(ways, start - 1, period, start - 1 + period):
            start -= 1
        return start, end

    def _goes_on(self, ways: dict[int, list[bool]], x: int, period: int, known: int) -> bool:
        way = self._alike(x, x + period)
        if way is None or ways.get(known, way) != way:
            return False
        ways[x] = way
        return True

    def _alike(self, x: int, y: int) -> list[bool] | None:
        """For each input of y whether it is the very same as at x; None if x and y differ."""
        if self._outlines[x] != self._outlines[y]:
            return None
        if self._looks[x] == self._looks[y]:
            return [False] * len(self.inputs[x])
        way = []
        for box, other, here, there in zip(
            self.boxes[x], self.boxes[y], self.inputs[x], self.inputs[y]
        ):
            way.append(here != there)
            if here != there and box != other:
                return None
        return way

    def _repeats_in(self, period: int, start: int, end: int, low: int, high: int) -> list[Repeat]:
        """The repeats in a stretch, as far as it lies in the segment from `low` to `high`."""
        start, end = max(start, low), min(end, high - period)
        low = max([low, *self._behind_shared(start, end, period)])
        start = max(start, low)
        if end - start < period:
            return []
        start = self._front(start, period, low)
        return list(self._divided(start, period, (end - start) // period + 1))

    def _behind_shared(self, start: int, end: int, period: int) -> Iterator[int]:
        """The places behind operations that are read by later blocks: no block may hold those."""
        for x in range(start, end):
            for each, same in zip(self.inputs[x], self._alike(x, x + period) or ()):
                if same and not each.shape:
                    yield x - each.distance + 1

    def _front(self, start: int, period: int, low: int) -> int:
        """Where the first block may begin: what it takes from the turn before may be anything."""
        front = start
        for x in range(start - 1, max(low, start - period) - 1, -1):
            bound = self._entry(x, period)
            low = len(self.order) if bound is None else max(low, bound)
            if low > x:
                break
            front = x
        return front

    def _entry(self, x: int, period: int) -> int | None:
        """The first place at which a block may begin that goes on with the operation at x.

        None if that is unlike the one a period later in more than what it takes from before.
        """
        y, bound = x + period, 0
        way = self._alike(y, y + period)
        if way is None or self.names[x] != self.names[y]:
            return None
        here = {each.slot: (box, each) for box, each in zip(self.boxes[x], self.inputs[x])}
        for other, there, same in zip(self.boxes[y], self.inputs[y], way):
            box, mine = here.pop(there.slot, (None, None))
            if same and (box != other or mine is None or mine.output_nr != there.output_nr):
                return None
            if not same and mine != there:
                if there.shape or there.distance > period:
                    return None
                distances = [there.distance] + ([mine.distance] if mine and not mine.shape else [])
                bound = max(bound, x + 1 - min(distances))
        return None if here else bound

    def _divided(self, start: int, period: int, times: int) -> Iterator[Repeat]:
        """The repeats among equal blocks: divided where one is read from outside unlike others."""
        if times < LEAST:
            return
        repeat = self._repeat(start, period, times)
        readings = [set(self._readings(repeat, start + i * period)) for i in range(times)]
        far = [_far(each, start + i * period, period) for i, each in enumerate(readings)]
        first = 0
        while first < times:
            last = first
            while last + 1 < times and far[last + 1] == far[first]:
                last += 1
            if last + 1 < times and far[first] <= readings[last + 1]:
                last += 1  # the last block is drawn, and may be read by anything else
            if last - first + 1 >= LEAST:
                begin, common = start + first * period, frozenset(far[first])
                yield repeat._replace(start=begin, times=last - first + 1, common=common)
            first = last + 1

    def _repeat(self, start: int, period: int, times: int) -> Repeat:
        own, shared = set(), set()
        for column in range(period):
            x = start + period + column  # in the second block, which is like all that follow
            for each, same in zip(self.inputs[x], self._alike(x, x + period) or ()):
                if same:
                    shared.add((column, each.slot))
                elif each.is_new_leaf:
                    own.add((column, each.slot))
        return Repeat(start, period, times, frozenset(own), frozenset(shared), frozenset())

    def _readings(self, repeat: Repeat, start: int) -> Iterator[Reading]:
        """Who reads what the block that begins at `start` computes, and its leaves."""
        for column, slot, box in self.boxes_of(repeat, start):
            yield from (Reading(column, slot, reader) for reader in self.readers[box])

    def _read_in_next_turn(self, repeat: Repeat) -> None:
        """Note at the last block, which alone is drawn, what each block gives to the next."""
        before = self.boxes_of(repeat, repeat.last - repeat.period)
        for (*_, box), (*_, drawn) in zip(before, self.boxes_of(repeat, repeat.last)):
            again = [-1 - x for x in self.readers[box] if repeat.last <= x < repeat.end]
            self.readers[drawn].extend(again)


def _ran(node: Any) -> int:
    """When the operation of a node ran. Of nodes that do not tell, the graph's order counts."""
    return node._sequence_nr() if hasattr(node, "_sequence_nr") else 0


def _ranks(keys: Iterable[Hashable]) -> list[int]:
    """Small numbers in place of keys, equal where the keys are."""
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(key, len(numbers)) for key in keys]


def _distances(ranks: list[int]) -> Iterator[tuple[int, int]]:
    """Each place whose rank comes again, and how much later it first does."""
    last: dict[int, int] = {}
    for x, rank in enumerate(ranks):
        if rank in last:
            yield last[rank], x - last[rank]
        last[rank] = x


def _far(readings: set[Reading], start: int, period: int) -> set[Reading]:
    """Readings outside of the block that begins at `start` and of the next."""
    return {each for each in readings if not start <= each.reader < start + 2 * period}


def _touched(segments: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    first = max(bisect_right(segments, (start, end)) - 1, 0)
    return segments[first : bisect_right(segments, (end,))]


def _rest(segment: tuple[int, int], repeats: list[Repeat]) -> Iterator[tuple[int, int]]:
    """What is left of a segment: what lies between the repeats, and their last blocks."""
    low, high = segment
    for repeat in repeats:
        yield from ((low, repeat.start), (repeat.last, repeat.end))
        low = repeat.end
    yield low, high
