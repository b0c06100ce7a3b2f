"""show_marks: what is special about tensors and operations, told by their public attributes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from viz.graph import Box, Graph, is_tensor, origin
from viz.labels import counted, readable
from viz.layers import Layer
from viz.naming import Names


class Marks(Layer):
    """Custom functions, views, tensors that retain their gradient, tensors with hooks.

    A result is known if it is a root or has a name. Hooks of operations cannot be asked for.

    >>> import tinygrad_edu as torch
    >>> y = torch.ones(4, requires_grad=True).view(2, 2)
    >>> y.retain_grad()
    >>> list(Marks(Graph([y]), Names(None)).lines(0))
    ['a view', 'retains its gradient']
    """

    def __init__(self, graph: Graph, names: Names) -> None:
        super().__init__(graph, names)
        known = {id(tensor): tensor for tensor in (*graph.tensors, *names.tensors())}
        self._results: dict[int, list[Any]] = {}
        for tensor in known.values():
            self._results.setdefault(id(origin(tensor)), []).append(tensor)

    def lines(self, box: int) -> Iterator[str]:
        """What is special about the box."""
        thing = self.graph.boxes[box].thing
        if hasattr(type(thing), "saved_tensors"):
            yield "custom Function"
        own = [thing] if is_tensor(thing) and id(thing) not in self._results else []
        marks = (self._marks(tensor) for tensor in (*own, *self._results.get(id(thing), ())))
        yield from dict.fromkeys(mark for each in marks for mark in each)

    def _marks(self, tensor: Any) -> Iterator[str]:
        base = getattr(tensor, "_base", None)
        if base is not None:
            names = ", ".join(map(readable, self.names.of(Box("saved", base))))
            yield f"a view of {names}" if names else "a view"
        if getattr(tensor, "retains_grad", False):
            yield "retains its gradient"
        for attribute, kind in (
            ("_backward_hooks", ""),
            ("_post_accumulate_grad_hooks", " after accumulation"),
        ):
            hooks = len(getattr(tensor, attribute, None) or ())
            if hooks:
                yield f"{counted(hooks, 'hook', 'hooks')}{kind}"
