"""The boxes and arrows of torchviz's picture, which `make_dot(..., style="torchviz")` draws.

Roots are tensors with a box of their own, and each leaf goes through an AccumulateGrad box. How
they look is in `viz.styles`. torchviz itself is not needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from viz.graph import Box, Graph, is_tensor, saved_tensors


class TorchvizGraph(Graph):
    """The boxes, arrows and ties that torchviz 0.0.3 draws.

    Unlike there, each saved tensor has a box of its own, and a root that is a leaf is one.

    >>> import tinygrad_edu as torch
    >>> w = torch.ones(1, requires_grad=True)
    >>> graph = TorchvizGraph([w * w])
    >>> [box.kind for box in graph.boxes]
    ['output', 'operation', 'operation', 'leaf']
    """

    def __init__(self, roots: Iterable[Any], show_saved: bool = False) -> None:
        self._all_saved = show_saved
        super().__init__(roots, show_saved=True)  # what custom functions save is always drawn

    def _root(self, tensor: Any) -> tuple[str, Any]:
        kind, _ = super()._root(tensor)
        return ("output" if kind == "root" else kind), tensor

    def _walk(self, start: int = 0) -> None:
        super()._walk()
        for number in range(self.roots):
            base = getattr(self.boxes[number].thing, "_base", None)
            if base is not None:
                reached = len(self.boxes)
                self.ties.append((self._place("base", base), number))
                super()._walk(reached)

    def _inputs(self, box: Box) -> Iterator[tuple[int, tuple[Any, int]]]:
        if box.is_operation and hasattr(box.thing, "variable"):
            return iter([(0, (box.thing.variable, 0))])
        if is_tensor(box.thing):
            node = box.thing.grad_fn
            return iter(() if node is None else [(0, (node, box.thing.output_nr))])
        return super()._inputs(box)

    def _input(self, node: Any) -> tuple[str, Any]:
        return ("leaf" if is_tensor(node) else "operation"), node

    def _place_saved(self) -> None:
        for number, box in enumerate(list(self.boxes)):
            custom = hasattr(type(box.thing), "saved_tensors")
            for name, tensor in saved_tensors(box) if custom or self._all_saved else ():
                tie = len(self.boxes), number
                self.ties.append(tie if custom else tie[::-1])
                unnamed = custom and is_tensor(tensor)
                self.boxes.append(Box("saved", tensor, "" if unnamed else name))
