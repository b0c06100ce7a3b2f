"""Boxes and arrows written as DOT text, with what layers tell about them.

All that comes from users is escaped here. Which boxes there are is decided in `viz.graph`, what is
written in them in `viz.labels`, how they look in `viz.styles`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from viz.folding import Block, Drawn, Folding
from viz.graph import Graph
from viz.labels import at_the_left, centered, counted, escape, escaped, label, one_line, readable
from viz.layers import Layer
from viz.legend import table
from viz.naming import Names
from viz.styles import ARTICLE, BESIDE, EDGE, GRAPH, MEANINGS, Look, Style

if TYPE_CHECKING:
    from viz.picture import Picture

FRAME = "color=gray40 style=rounded labeljust=l fontname=Arial fontsize=11 fontcolor=black"
FOLDED = "a block that is repeated: the last is drawn, next leads on, each is for every block"
NAMES_LISTED = 6
BARE = re.compile(r"[A-Za-z]\w*|\d+(\.\d+)?", re.ASCII)  # what DOT takes without quotes


def draw(
    graph: Graph,
    names: Names,
    layers: Sequence[Layer] = (),
    attr_chars: int = 0,
    ids: bool = False,
    *,
    style: Style = ARTICLE,
    layout: Look | None = None,
    legend: bool = False,
    folding: Folding | None = None,
) -> Picture:
    """The picture of a graph and its layers.

    `attr_chars` characters of each value that an operation saved are written in its box. With
    `ids`, box 3 is the element `n3` of the SVG and arrow 4 is `e4`. `layout` has DOT attributes of
    the whole picture.

    >>> import tinygrad_edu as torch
    >>> draw(Graph([torch.ones(1, requires_grad=True)]), Names(None))
    a graph: 1 box, 0 arrows
    """
    from viz.picture import Picture  # imports graphviz, which takes longer than all the rest

    drawing = _Drawing(graph, names, layers, style, attr_chars, ids, folding or Folding(graph))
    return Picture(
        comment=caption(graph, names) + drawing.folded(),
        format="svg",
        graph_attr=GRAPH | dict(layout or {}),
        node_attr=style.node,
        edge_attr=EDGE | (BESIDE if folding or _telling(layers, "beside") else {}),
        body=[*drawing.boxes(), *drawing.frames(), *drawing.arrows(), *drawing.note(legend)],
    )


def caption(graph: Graph, names: Names) -> str:
    """The picture in one line, such as "the graph of loss: 11 boxes, 11 arrows"."""
    roots = [name for box in graph.boxes[: graph.roots] for name in names.of(box)]
    subject = f"the graph of {', '.join(map(readable, roots))}" if roots else "a graph"
    boxes, arrows = len(graph.boxes), len(graph.arrows)
    return one_line(
        f"{subject}: {counted(boxes, 'box', 'boxes')}, {counted(arrows, 'arrow', 'arrows')}"
    )


@dataclass
class _Drawing:
    """What a picture is made from, and its lines of DOT text."""

    graph: Graph
    names: Names
    layers: Sequence[Layer]
    style: Style
    attr_chars: int
    ids: bool
    folding: Folding

    def boxes(self) -> Iterator[str]:
        writing = _telling(self.layers, "lines")
        looks = {kind: attributes(look) for kind, look in self.style.looks.items()}
        plain = not self.ids and not _telling(self.layers, "tooltip", "look")
        for number, box in enumerate(self.graph.boxes):
            if number not in self.folding.hidden:
                lines = [line for layer in writing for line in layer.lines(number)]
                text = label(box, self._names(number), self.attr_chars, lines, self.style.table)
                more = {} if plain else self._look(number)
                look = attributes({**self.style.looks[box.kind], **more}) if more else ""
                yield f'\tn{number} [label="{text}"{look or looks[box.kind]}]\n'

    def frames(self) -> Iterator[str]:
        return _frames(self.folding.blocks)

    def arrows(self) -> Iterator[str]:
        plain = not self.ids and not _telling(self.layers, "beside", "arrow_look")
        for arrow in self.folding.arrows():
            same = plain and not arrow.lines and not arrow.back
            look = "" if same else attributes(self._arrow_look(arrow)).lstrip()
            # Told from its head, an arrow that goes back bends around what lies between.
            ends = (arrow.head, arrow.tail) if arrow.back else (arrow.tail, arrow.head)
            yield f"\tn{ends[0]} -> n{ends[1]}{f' [{look}]' if look else ''}\n"
        for tail, head in self.folding.ties():
            kinds = self.graph.boxes[tail].kind, self.graph.boxes[head].kind
            tie = next(self.style.ties[kind] for kind in kinds if kind in self.style.ties)
            yield f"\tn{tail} -> n{head} [{attributes(tie).lstrip()}]\n"

    def note(self, legend: bool) -> Iterator[str]:
        """Say below the picture what the looks mean, which names have no box, and all remarks."""
        lines = [*unplaced(self.graph, self.names)]
        if self.folding.blocks and _telling(self.layers, "lines", "beside"):
            lines.append("What is told within a frame is of the last of its blocks.")
        lines += (line for layer in self.layers for line in layer.remarks())
        if legend:
            text = f"label=<{table(self._legend(), lines)}>"
        else:
            text = f'label="&nbsp;\\l{at_the_left(lines)}"'
        if legend or lines:
            yield f"\tgraph [{text} labeljust=l fontsize=10 fontcolor=gray30]\n"

    def folded(self) -> str:
        """What the first line says of a picture in which something is folded."""
        hidden = len(self.folding.hidden)
        shown = counted(len(self.graph.boxes) - hidden, "box", "boxes")
        return f", folded into {shown}" if hidden else ""

    def _names(self, number: int) -> list[str]:
        names = self.names.of(self.graph.boxes[number])
        first = self.folding.first.get(number)
        if first is None:
            return names
        others = self.names.of(self.graph.boxes[first])
        return [*others, "...", *names] if others and others != names else names

    def _look(self, number: int) -> dict[str, str]:
        told = [line for layer in self.layers for line in layer.tooltip(number)]
        look = {"tooltip": centered(told)} if told else {}
        for layer in self.layers:
            look |= _written(layer.look(number))
        return look | ({"id": f"n{number}"} if self.ids else {})

    def _arrow_look(self, arrow: Drawn) -> dict[str, str]:
        told = (line for layer in self.layers for line in layer.beside(arrow.number))
        beside = "".join(f"&nbsp;{line}\\l" for line in escaped(chain(arrow.lines, told)))
        look = {"label": beside} if beside else {}
        for layer in self.layers:
            look |= _written(layer.arrow_look(arrow.number))
        if arrow.back:
            look["dir"] = "back"
        return look | ({"id": f"e{arrow.number}"} if self.ids else {})

    def _legend(self) -> Iterator[tuple[Look, str]]:
        kinds = {self.graph.boxes[n].kind for n in self.folding.drawn()}
        for kind in self.style.looks:
            if kind in kinds:
                yield {**self.style.node, **self.style.looks[kind]}, MEANINGS[kind]
        if self.folding.blocks:
            yield {}, FOLDED
        for layer in self.layers:
            yield from layer.legend()


def _telling(layers: Iterable[Layer], *methods: str) -> list[Layer]:
    """The layers that have something of their own to tell by one of the methods."""
    silent = {getattr(Layer, method) for method in methods}
    return [each for each in layers if {getattr(type(each), name) for name in methods} - silent]


def unplaced(graph: Graph, names: Names) -> Iterator[str]:
    """Lines that say which names have no box: "no box, requires_grad=False: x, y"."""
    reasons: dict[str, list[str]] = {}
    for name, reason in names.without_box(graph):
        reasons.setdefault(reason, []).append(readable(name))
    return (f"no box, {reason}: {_listed(group)}" for reason, group in reasons.items())


def _frames(blocks: list[Block], place: str = "cluster") -> Iterator[str]:
    """A frame around the one block that is drawn of many, and frames within it."""
    for number, block in enumerate(blocks):
        yield f"\tsubgraph {place}_{number} {{\n"
        yield f'\t\tgraph [label="{at_the_left(block.lines())}" {FRAME}]\n'
        yield f"\t\t{' '.join(f'n{box}' for box in block.boxes)}\n"
        yield from _frames(block.inner, f"{place}_{number}")
        yield "\t}\n"


def _written(look: Look) -> dict[str, str]:
    return {attribute: escape(value) for attribute, value in look.items()}


def attributes(look: Look) -> str:
    """DOT attributes, whose values are escaped already."""
    pairs = ((k, v if BARE.fullmatch(v) else f'"{v}"') for k, v in look.items())
    return "".join(f" {attribute}={value}" for attribute, value in pairs)


def _listed(names: list[str]) -> str:
    more = len(names) - NAMES_LISTED
    return ", ".join(names[:NAMES_LISTED]) + (f" and {more} more" if more > 0 else "")
