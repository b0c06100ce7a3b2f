"""How boxes and arrows look, as DOT attributes, and what the looks mean.

`ARTICLE` is make_dot's own style, `TORCHVIZ` the one that torchviz's users know. Which boxes there
are is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

Look = Mapping[str, str]

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
GHOST = {"style": "filled,dashed", "fillcolor": "white", "fontcolor": "gray30"}
LOOKS: dict[str, Look] = {
    "root": {"fillcolor": "lightgreen", "penwidth": "2"},
    "operation": {},
    "leaf": {"fillcolor": "lightskyblue"},
    "plain": {"fillcolor": "white"},
    "saved": {"fillcolor": "orange"},
    "ghost": GHOST,
}
MEANINGS = {
    "root": "the operation that the result came from: backward starts here",
    "output": "the result",
    "base": "the tensor whose memory the result shares",
    "operation": "an operation, by the name of its backward step",
    "leaf": "a leaf that requires a gradient: backward adds to its .grad",
    "plain": "a tensor without a graph",
    "saved": "a tensor that an operation saved for backward",
    "ghost": "takes part in the computation, gets no gradient",
}


class Style(NamedTuple):
    """One way to draw: the DOT attributes of all boxes, and by kind those of boxes and of ties.

    A tie has the kind of the box that makes it one. `table` says how saved values are listed.
    """

    node: Look
    looks: Mapping[str, Look]
    ties: Mapping[str, Look]
    table: bool = False


ARTICLE = Style(
    node=NODE,
    looks=LOOKS,
    ties={"saved": {"style": "dashed", "dir": "none"}, "ghost": {"style": "dashed"}},
)
TORCHVIZ = Style(
    # Courier stands for torchviz's monospace, which runs out of its boxes in some engines.
    node={
        "shape": "box",
        "style": "filled",
        "fillcolor": "lightgrey",
        "fontname": "Courier",
        "fontsize": "10",
        "height": "0.2",
    },
    looks={
        "output": {"fillcolor": "darkolivegreen1"},
        "base": {"fillcolor": "darkolivegreen3"},
        "operation": {},
        "leaf": {"fillcolor": "lightblue"},
        "plain": {"fillcolor": "white"},
        "saved": {"fillcolor": "orange"},
        "ghost": GHOST,
    },
    ties={
        "saved": {"dir": "none"},
        "ghost": {"style": "dashed"},
        "output": {"style": "dotted"},
    },
    table=True,
)
