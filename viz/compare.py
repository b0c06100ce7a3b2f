"""`compare`: two graphs in one picture, what only one of them has marked and said in words.

Which boxes are the same is found in `viz.matching`; this is the picture of both graphs laid upon
each other, drawn by `viz.drawing` with a layer that tells the differences.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from viz.drawing import draw
from viz.graph import Arrow, Box, Graph
from viz.labels import counted, one_line
from viz.layers import Layer
from viz.matching import match
from viz.naming import Names
from viz.roots import roots

if TYPE_CHECKING:
    from viz.picture import Picture

FIRST, SECOND, BOTH = 1, 2, 3
# Colour-blind readers tell these apart too, and the dashes and the words say it once more.
BOX_LOOKS = {
    FIRST: {"color": "#0072b2", "penwidth": "3"},
    SECOND: {"color": "#d55e00", "penwidth": "3", "style": "filled,dashed"},
    BOTH: {},
}
ARROW_LOOKS = {
    FIRST: {"color": "#0072b2", "penwidth": "2"},
    SECOND: {"color": "#d55e00", "penwidth": "2", "style": "dashed"},
    BOTH: {},
}


def compare(
    a: Any,
    b: Any,
    params: Any = None,
    first: str = "in the first",
    second: str = "in the second",
) -> Picture:
    """Draw the graphs behind `a` and `b` in one picture, and mark what only one of them has.

    What both have looks as in `make_dot`. What only one has is marked by a thick line, and says
    "only in the first" or "only in the second"; `first` and `second` are other words for that,
    such as "with b" and "without b". A line below the picture counts.

    `a` and `b` are tensors, or tuples or lists of them; `params` names tensors of both. A leaf is
    the same as itself, and as a leaf of the same name and shape, or without a name, of the same
    shape. An operation is the same as one of its kind in the same place, seen from the results.

    Raises TypeError if `a` or `b` is no tensor, or `params` maps nothing.

    >>> import tinygrad_edu as torch
    >>> w, b = torch.ones(1, requires_grad=True), torch.ones(1, requires_grad=True)
    >>> compare(b + 3 * w, b.detach() + 3 * w, first="with b", second="with b detached")
    two graphs: 3 boxes in both; only with b: 1; only with b detached: 0
    """
    names = Names(params)
    one, other = (Graph(roots(tensor, "compare draws")) for tensor in (a, b))
    pairs = match(one, other, lambda box: _label(box, names))
    for place, partner in pairs.items():
        names.join(one.boxes[place], other.boxes[partner])
    differences = _Differences(_Union(one, other, pairs), names, {FIRST: first, SECOND: second})
    picture = draw(differences.graph, names, [differences])
    picture.comment = one_line(f"two graphs: {differences.summary()}")
    return picture


def _label(box: Box, names: Names) -> Hashable:
    """What two boxes must have in common to be the same."""
    if box.is_operation:
        return type(box.thing).__name__
    return box.kind, tuple(box.thing.shape), tuple(names.of(box))


class _Union:
    """Two graphs as one; `boxes`, `arrows` and `roots` say which of the two has each."""

    def __init__(self, first: Graph, second: Graph, pairs: dict[int, int]) -> None:
        self.graph = Graph([])
        self.boxes: list[int] = []
        self.arrows: dict[Arrow, int] = {}
        self.roots: dict[int, int] = {}
        self._add(first, FIRST, {})
        self._add(second, SECOND, {other: one for one, other in pairs.items()})
        self.graph.arrows += self.arrows

    def _add(self, graph: Graph, side: int, places: dict[int, int]) -> None:
        for number, box in enumerate(graph.boxes):
            place = places.setdefault(number, len(self.boxes))
            self._place(place, box, side)
            if number < graph.roots:
                self.roots[place] = self.roots.get(place, 0) | side
        for tail, head, slot, output_nr in graph.arrows:
            arrow = Arrow(places[tail], places[head], slot, output_nr)
            self.arrows[arrow] = self.arrows.get(arrow, 0) | side

    def _place(self, place: int, box: Box, side: int) -> None:
        if place == len(self.boxes):
            self.boxes.append(side)
            self.graph.boxes.append(box)
            return
        self.boxes[place] |= side
        if box.kind == "root":
            self.graph.boxes[place] = self.graph.boxes[place]._replace(kind="root")


class _Differences(Layer):
    """Marks and names what only one of two graphs has."""

    def __init__(self, union: _Union, names: Names, titles: dict[int, str]) -> None:
        super().__init__(union.graph, names)
        self.union = union
        self.titles = titles
        self.arrows = list(union.arrows.values())

    def lines(self, box: int) -> Iterable[str]:
        side = self.union.boxes[box]
        if side != BOTH:
            yield f"only {self.titles[side]}"
        start = self.union.roots.get(box, side)
        if start != side:
            yield f"the result {self.titles[start]}"

    def look(self, box: int) -> Mapping[str, str]:
        return BOX_LOOKS[self.union.boxes[box]]

    def beside(self, arrow: int) -> Iterable[str]:
        tail, head, slot, _ = self.graph.arrows[arrow]
        side = self.arrows[arrow]
        if side != BOTH and self.union.boxes[tail] == self.union.boxes[head] == BOTH:
            yield f"only {self.titles[side]}: input {slot + 1}"

    def arrow_look(self, arrow: int) -> Mapping[str, str]:
        return ARROW_LOOKS[self.arrows[arrow]]

    def remarks(self) -> Iterable[str]:
        yield self.summary()

    def summary(self) -> str:
        """How many boxes both graphs have, and how many only one of them."""
        sides = self.union.boxes
        both = counted(sides.count(BOTH), "box", "boxes")
        if {*sides, *self.arrows, *self.union.roots.values()} == {BOTH}:
            return f"the same, {both} in each"
        if {*sides} == {BOTH}:
            return f"the same {both}, joined or used differently"
        only = (f"only {title}: {sides.count(side)}" for side, title in self.titles.items())
        return "; ".join([f"{both} in both", *only])
