"""Operations with several results, such as `unbind` and `max(dim)`.

Each result has a node of its own, an `Output`, which hands its gradient to the node of the
operation; that waits until all have come, and takes zeros for those that nobody wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar
from weakref import ref

from .devices import zeros_like_kind
from .graph import Node


class Output(Node):
    """One of the several results of an operation: hands its gradient to the operation's node."""

    __slots__ = ("number",)

    def __init__(self, operation: ManyResults, number: int, shape: Any, dtype: Any) -> None:
        super().__init__((operation,), shape, dtype)
        self.number = number

    def as_result(self) -> tuple[Node, int]:
        return self.sources[0], self.number  # type: ignore[return-value]

    def name(self) -> str:
        return self.as_result()[0].name()

    def vjp(self, g: Any, useful: set[Node] | None = None) -> list[Any]:
        return [Parts({self.number: g})]


class Parts(dict):
    """The gradients that have arrived for an operation with several results, by number."""

    shape = dtype = None

    def __add__(self, other: Parts) -> Parts:
        return Parts(self | {n: self[n] + g if n in self else g for n, g in other.items()})


class ManyResults(Node):
    """The node of an operation with several results: `shape` and `dtype` are lists.

    Its rules take the list of the results' gradients, zeros where none arrived.
    """

    __slots__ = ("outputs",)
    outputs: dict[int, Any]  # weak references to the nodes of results, which hold this one
    list_rules: ClassVar[Sequence[Callable[..., Any]]] = ()

    def output(self, number: int) -> Node:
        """The node to which the gradient of a result goes; held weakly, for it holds this one."""
        node = self._living_output(number)
        if node is None:
            node = Output(self, number, self.shape[number], self.dtype[number])
            self.outputs[number] = ref(node)
        return node

    def _living_output(self, number: int) -> Any:
        reference = self.outputs.get(number)
        return None if reference is None else reference()

    def fit(self, g: Any) -> Any:
        return g

    def __call__(self, *gradients: Any) -> Any:
        if len(gradients) != len(self.shape):
            raise TypeError(f"expected {len(self.shape)} arguments, got {len(gradients)} instead")
        return tuple(self.vjp(Parts(enumerate(gradients))))

    def vjp(self, g: Any, useful: set[Node] | None = None) -> list[Any]:
        some = next(iter(g.values()))
        parts = [g[i] if i in g else self.missing(i, some) for i in range(len(self.shape))]
        saved = self.unpacked(some.__class__ is self.tensor_type)
        return [
            None if target is None else target.fit(rule(parts, *saved))
            for rule, target in zip(self.list_rules, self.sources)
        ]

    def missing(self, number: int, some: Any) -> Any:
        """Zeros for a result to which no gradient came; `some` is the gradient of another."""
        node = self._living_output(number)
        g = None if node is None or node.hooks is None else node.hooks.on_arrival(None, node)
        return zeros_like_kind(some, self.shape[number], self.dtype[number]) if g is None else g
