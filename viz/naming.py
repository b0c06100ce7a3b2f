"""The names that a user gives to tensors, brought to the boxes of a graph.

Any mapping will do, `globals()` too: what is no tensor is passed over, and a tensor that has no
box is told apart with the reason. Nothing here is escaped; that is for who writes DOT.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from viz.graph import Box, Graph, is_tensor, origin

NOTEBOOK_HISTORY = re.compile(r"_+\d*")  # what IPython calls the results of earlier cells


class Names:
    """Which names belong to which boxes, from `params` as `make_dot` takes it."""

    def __init__(self, params: Any) -> None:
        self._named = [(str(name), t, origin(t)) for name, t in _pairs(params) if is_tensor(t)]
        self._at: dict[int, list[tuple[str, int]]] = {}
        for name, tensor, place in self._named:
            self._at.setdefault(id(place), []).append((name, tensor.output_nr))

    def of(self, box: Box) -> list[str]:
        """The names of a box; a private one only where there is no other."""
        names = self._of_saved(box.thing) if box.kind == "saved" else self._of(box.thing)
        return [name for name in names if not name.startswith("_")] or names[:1]

    def without_box(self, graph: Graph) -> Iterator[tuple[str, str]]:
        """Pairs of a name and the reason why its tensor has no box in the graph."""
        shown = [origin(b.thing) if is_tensor(b.thing) else b.thing for b in graph.boxes]
        places = set(map(id, shown))
        for name, tensor, place in self._named:
            if id(place) not in places and not NOTEBOOK_HISTORY.fullmatch(name):
                yield name, _reason(tensor)

    def _of(self, place: Any) -> list[str]:
        return [name for name, _ in self._at.get(id(place), ())]

    def _of_saved(self, tensor: Any) -> list[str]:
        at = self._at.get(id(origin(tensor)), ()) if is_tensor(tensor) else ()
        return [name for name, output_nr in at if output_nr == tensor.output_nr]


def _reason(tensor: Any) -> str:
    return "not in this graph" if tensor.requires_grad else "requires_grad=False"


def _pairs(params: Any) -> list[tuple[Any, Any]]:
    try:
        return list(dict(() if params is None else params).items())
    except (TypeError, ValueError):
        raise TypeError(
            f"make_dot takes params as a mapping from names to tensors, and got "
            f"{type(params).__name__!r}. Pass params={{'w': w, 'b': b}} or params=globals()."
        ) from None
