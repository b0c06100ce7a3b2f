"""show_values: the numbers in each box, as far as they are known."""

from __future__ import annotations

from collections.abc import Iterator

from viz.graph import Graph
from viz.layers import Layer
from viz.layers.known import Known, as_value
from viz.naming import Names
from viz.values import same, short


class Values(Layer):
    """Writes "= 0.3367" into the boxes of leaves, operations, ghosts and saved tensors."""

    def __init__(self, graph: Graph, names: Names) -> None:
        super().__init__(graph, names)
        self._known = Known(graph, names)

    def lines(self, box: int) -> Iterator[str]:
        """The value when it was used; that of now too, if a leaf was changed since."""
        thing = self.graph.boxes[box].thing
        now = getattr(thing, "value", None) or as_value(thing)
        value = self._known.value(box) or now
        if value is not None:
            yield f"= {short(value)}"
        if value is not None and now is not None and not same(now, value):
            yield f"now {short(now)}"

    def remarks(self) -> Iterator[str]:
        """What to do about boxes without a value."""
        operations = (n for n, box in enumerate(self.graph.boxes) if box.is_operation)
        if any(self._known.value(n) is None for n in operations):
            yield "Values that nobody kept are left out. To see all: with viz.record(): ..."
