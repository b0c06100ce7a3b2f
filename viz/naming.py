"""The names that a user gives to tensors, brought to the boxes of a graph.

Any mapping will do, `globals()` too: what is no tensor is passed over, and a tensor without a box
is listed with the reason. Nothing here is escaped; that is for who writes DOT.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from viz.graph import Box, Graph, is_tensor, origin

NOTEBOOK_HISTORY = re.compile(r"_+\d*")  # what IPython calls the results of earlier cells


class Names:
    """Which names belong to which boxes, from `params` as `make_dot` takes it.

    >>> import tinygrad_edu as torch
    >>> w = torch.ones(1, requires_grad=True)
    >>> names, graph = Names({"w": w, "x": torch.ones(3)}), Graph([2 * w])
    >>> [names.of(box) for box in graph.boxes], list(names.without_box(graph))
    ([[], ['w']], [('x', 'requires_grad=False')])
    """

    def __init__(self, params: Any) -> None:
        self._named = [(str(name), t, origin(t)) for name, t in _pairs(params) if is_tensor(t)]
        self._at: dict[int, list[tuple[str, int]]] = {}
        self._data: dict[Any, list[str]] = {}
        for name, tensor, place in self._named:
            self._at.setdefault(id(place), []).append((name, tensor.output_nr))
            if not tensor.requires_grad:
                self._data.setdefault(memory(tensor), []).append(name)

    def of(self, box: Box) -> list[str]:
        """The names of a box; a private one only where there is no other."""
        names = self._all_of(box)
        return [name for name in names if not name.startswith("_")] or names[:1]

    def give(self, box: Box, name: str) -> None:
        """Name a box; "" is no name."""
        if name:
            self._at.setdefault(id(box.thing), []).append((name, 0))

    def join(self, box: Box, other: Box) -> None:
        """Let `box` stand for `other` too, which then has a place where `box` has one."""
        if box.thing is not other.thing:
            self._at.setdefault(id(box.thing), []).extend(self._at.get(id(other.thing), ()))

    def tensors(self) -> Iterator[Any]:
        """The tensors that have names."""
        return (tensor for _, tensor, _ in self._named)

    def move_to_results(self, graph: Graph) -> None:
        """Write names at the boxes of tensors, and no longer at the operations they came from."""
        for box in graph.boxes:
            if box.kind in ("output", "base"):
                at = self._at.get(id(origin(box.thing)), [])
                moved = [pair for pair in at if pair[1] == box.thing.output_nr]
                self._at[id(origin(box.thing))] = [pair for pair in at if pair not in moved]
                self._at.setdefault(id(box.thing), []).extend(moved)

    def without_box(self, graph: Graph) -> Iterator[tuple[str, str]]:
        """Pairs of a name and the reason why its tensor has no box in the graph."""
        told = {name for box in graph.boxes for name in self._all_of(box)}
        for name, tensor, _ in self._named:
            if name not in told and not NOTEBOOK_HISTORY.fullmatch(name):
                yield name, "not in this graph" if tensor.requires_grad else "requires_grad=False"

    def _all_of(self, box: Box) -> list[str]:
        if box.kind not in ("saved", "ghost"):
            return [name for name, _ in self._at.get(id(box.thing), ())]
        if not is_tensor(box.thing):
            return []
        if not box.thing.requires_grad:
            return self._data.get(memory(box.thing), [])
        at = self._at.get(id(origin(box.thing)), ())
        return [name for name, output_nr in at if output_nr == box.thing.output_nr]


def memory(tensor: Any) -> Any:
    """Where a tensor's numbers lie: saved data may come back as another tensor on the same array.

    Empty, sparse and made-up tensors have no address, and are known by being themselves.
    """
    try:
        address = tensor.data_ptr()
        return (address, tuple(tensor.shape), tensor.stride()) if address else id(tensor)
    except (AttributeError, RuntimeError):
        return id(tensor)


def _pairs(params: Any) -> list[tuple[Any, Any]]:
    try:
        return list(dict(() if params is None else params).items())
    except (TypeError, ValueError):
        instead = "params={'w': w, 'b': b} or params=globals()"
        if hasattr(params, "named_parameters"):
            instead = "params=dict(model.named_parameters())"
        raise TypeError(
            f"params is a mapping from names to tensors, and here it is "
            f"{type(params).__name__!r}. Pass {instead}."
        ) from None
