"""Layers: what a picture tells beside its boxes and arrows, such as values or source lines.

Each option of `make_dot` that tells more is a class here. A layer says what there is to tell, in
plain words; it draws nothing and escapes nothing. That is done in `viz.drawing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viz.graph import Graph
    from viz.naming import Names


class Layer:
    """What one option adds to the picture of a graph. This one adds nothing.

    Boxes and arrows are known by their places in `graph.boxes` and `graph.arrows`. A layer may
    append to `graph.boxes` (boxes of kind "ghost": `thing` is a tensor, or a text that stands for
    it, and `attribute` says why it is a ghost) and to `graph.ties` when it is made. All layers are
    made before any of them is asked.

    >>> import tinygrad_edu as torch
    >>> from viz.drawing import draw
    >>> from viz.graph import Graph
    >>> from viz.naming import Names
    >>> class Sizes(Layer):
    ...     def lines(self, box):
    ...         if self.graph.boxes[box].kind == "leaf":
    ...             yield f"{self.graph.boxes[box].thing.numel()} numbers"
    >>> graph, names = Graph([2 * torch.ones(3, requires_grad=True)]), Names(None)
    >>> print(draw(graph, names, [Sizes(graph, names)]).body[1].strip())
    n1 [label="(3)\\n3 numbers" fillcolor=lightskyblue]
    """

    def __init__(self, graph: Graph, names: Names) -> None:
        self.graph = graph
        self.names = names

    def lines(self, box: int) -> Iterable[str]:
        """Lines below what the box says."""
        return ()

    def tooltip(self, box: int) -> Iterable[str]:
        """Lines that show while the mouse rests on the box."""
        return ()

    def look(self, box: int) -> Mapping[str, str]:
        """DOT attributes of the box, in place of those of its kind."""
        return {}

    def beside(self, arrow: int) -> Iterable[str]:
        """Lines beside the arrow."""
        return ()

    def arrow_look(self, arrow: int) -> Mapping[str, str]:
        """DOT attributes of the arrow."""
        return {}

    def remarks(self) -> Iterable[str]:
        """Lines below the picture."""
        return ()

    def legend(self) -> Iterable[tuple[Mapping[str, str], str]]:
        """Rows for the legend: DOT attributes of a box, and what they mean."""
        return ()
