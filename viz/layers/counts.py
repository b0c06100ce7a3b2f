"""show_counts: how many parameters a graph has, and how many numbers they are."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from viz.layers import Layer


class Counts(Layer):
    """Counts the leaves below the picture; one that is used many times counts once.

    >>> import tinygrad_edu as torch
    >>> from viz.graph import Graph
    >>> from viz.naming import Names
    >>> w = torch.ones(50, 30, requires_grad=True)
    >>> list(Counts(Graph([w * w]), Names(None)).remarks())
    ['1 parameter: 1,500 numbers']
    """

    def remarks(self) -> Iterator[str]:
        """The line below the picture."""
        sizes = [prod(box.thing.shape) for box in self.graph.boxes if box.kind == "leaf"]
        noun = "parameter" if len(sizes) == 1 else "parameters"
        numbers = sum(sizes)
        yield f"{len(sizes):,} {noun}: {numbers:,} {'number' if numbers == 1 else 'numbers'}"
