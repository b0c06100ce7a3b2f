"""Boxes and arrows written as DOT text, with what layers tell about them.

How everything looks is decided here, and all that comes from users is escaped. Which boxes there
are is decided in `viz.graph`, and what is written in them in `viz.labels`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from viz.graph import Graph
from viz.labels import escape, label, one_line, readable
from viz.layers import Layer
from viz.naming import Names

if TYPE_CHECKING:
    from viz.picture import Picture

# Arial is as wide in one Graphviz engine as in the next. White stays white on a dark page.
GRAPH = {"bgcolor": "white", "fontname": "Arial", "nodesep": "0.3", "ranksep": "0.3"}
NODE = {
    "shape": "box",
    "style": "filled",
    "fillcolor": "gray88",
    "color": "gray40",
    "fontname": "Arial",
    "fontsize": "11",
    "height": "0.3",
    "margin": "0.12,0.05",
}
EDGE = {"arrowsize": "0.7", "color": "gray30"}
BESIDE = {"fontname": "Arial", "fontsize": "9", "fontcolor": "gray20"}  # of text at an arrow
LOOKS = {
    "root": {"fillcolor": "lightgreen", "penwidth": "2"},
    "operation": {},
    "leaf": {"fillcolor": "lightskyblue"},
    "plain": {"fillcolor": "white"},
    "saved": {"fillcolor": "orange"},
    "ghost": {"style": "dashed", "fontcolor": "gray30"},
}
TIES = {"saved": {"style": "dashed", "dir": "none"}, "ghost": {"style": "dashed"}}
NAMES_LISTED = 6
BARE = re.compile(r"[A-Za-z]\w*|\d+(\.\d+)?", re.ASCII)  # what DOT takes without quotes


def draw(
    graph: Graph,
    names: Names,
    layers: Sequence[Layer] = (),
    attr_chars: int = 0,
    ids: bool = False,
) -> Picture:
    """The picture of a graph and its layers.

    `attr_chars` characters of each value that an operation saved are written in its box. With
    `ids`, box 3 is the element `n3` of the SVG and arrow 4 is `e4`.

    >>> import tinygrad_edu as torch
    >>> draw(Graph([torch.ones(1, requires_grad=True)]), Names(None))
    a graph: 1 box, 0 arrows
    """
    from viz.picture import Picture  # imports graphviz, which takes longer than all the rest

    boxes = _boxes(graph, names, layers, attr_chars, ids)
    return Picture(
        comment=caption(graph, names),
        format="svg",
        graph_attr=GRAPH,
        node_attr=NODE,
        edge_attr=EDGE | (BESIDE if layers else {}),
        body=[*boxes, *_arrows(graph, layers, ids), *_note(graph, names, layers)],
    )


def caption(graph: Graph, names: Names) -> str:
    """The picture in one line, such as "the graph of loss: 11 boxes, 11 arrows"."""
    roots = [name for box in graph.boxes[: graph.roots] for name in names.of(box)]
    subject = f"the graph of {', '.join(map(readable, roots))}" if roots else "a graph"
    boxes, arrows = len(graph.boxes), len(graph.arrows)
    return one_line(
        f"{subject}: {counted(boxes, 'box', 'boxes')}, {counted(arrows, 'arrow', 'arrows')}"
    )


def _boxes(
    graph: Graph, names: Names, layers: Sequence[Layer], attr_chars: int, ids: bool
) -> Iterator[str]:
    for number, box in enumerate(graph.boxes):
        lines = [line for layer in layers for line in layer.lines(number)]
        look = dict(LOOKS[box.kind])
        tooltip = "\\n".join(_lines(line for layer in layers for line in layer.tooltip(number)))
        if tooltip:
            look["tooltip"] = tooltip
        for layer in layers:
            look |= _written(layer.look(number))
        if ids:
            look["id"] = f"n{number}"
        text = label(box, names.of(box), attr_chars, lines)
        yield f'\tn{number} [label="{text}"{_attributes(look)}]\n'


def _arrows(graph: Graph, layers: Sequence[Layer], ids: bool) -> Iterator[str]:
    for number, arrow in enumerate(graph.arrows):
        look: dict[str, str] = {}
        beside = _below_each_other(line for layer in layers for line in layer.beside(number))
        if beside:
            look["label"] = beside
        for layer in layers:
            look |= _written(layer.arrow_look(number))
        if ids:
            look["id"] = f"e{number}"
        attributes = _attributes(look).lstrip()
        yield f"\tn{arrow.tail} -> n{arrow.head}{f' [{attributes}]' if attributes else ''}\n"
    for tail, head in graph.ties:
        look = TIES[graph.boxes[tail].kind]
        yield f"\tn{tail} -> n{head} [{_attributes(look).lstrip()}]\n"


def unplaced(graph: Graph, names: Names) -> Iterator[str]:
    """Lines that say which names have no box: "no box, requires_grad=False: x, y"."""
    reasons: dict[str, list[str]] = {}
    for name, reason in names.without_box(graph):
        reasons.setdefault(reason, []).append(readable(name))
    return (f"no box, {reason}: {_listed(group)}" for reason, group in reasons.items())


def _note(graph: Graph, names: Names, layers: Sequence[Layer]) -> Iterator[str]:
    """Say below the picture which names have no box, and what the layers remark."""
    remarks = (line for layer in layers for line in layer.remarks())
    text = _below_each_other(chain(unplaced(graph, names), remarks))
    if text:
        yield f'\tgraph [label="&nbsp;\\l{text}" labeljust=l fontsize=10 fontcolor=gray30]\n'


def _lines(lines: Iterable[str]) -> Iterator[str]:
    return (escape(one_line(line)) for line in lines)


def _below_each_other(lines: Iterable[str]) -> str:
    return "".join(f"{line}\\l" for line in _lines(lines))


def _written(look: Mapping[str, str]) -> dict[str, str]:
    return {attribute: escape(value) for attribute, value in look.items()}


def _attributes(look: Mapping[str, str]) -> str:
    """DOT attributes, whose values are escaped already."""
    pairs = ((k, v if BARE.fullmatch(v) else f'"{v}"') for k, v in look.items())
    return "".join(f" {attribute}={value}" for attribute, value in pairs)


def _listed(names: list[str]) -> str:
    more = len(names) - NAMES_LISTED
    return ", ".join(names[:NAMES_LISTED]) + (f" and {more} more" if more > 0 else "")


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun, such as "1 box" or "2 boxes"."""
    return f"{number} {one if number == 1 else many}"
