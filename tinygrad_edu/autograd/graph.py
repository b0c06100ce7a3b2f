"""torch.autograd.graph: the nodes of a graph, and what can be done with them from outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..graph import Node, pop_saved_hooks, push_saved_hooks
from ..operations.in_place import bump


class GradientEdge(NamedTuple):
    """Where the gradient of a tensor goes: a node, and which of its results the tensor is.

    `backward` and `grad` take it in place of the tensor, which may be gone or written over.
    """

    node: Node
    output_nr: int
    ownership_token: Any = None  # whatever must live as long as the edge


def get_gradient_edge(tensor: Any) -> GradientEdge:
    """The edge of a tensor that requires a gradient; RuntimeError if it requires none.

    >>> import tinygrad_edu as torch
    >>> x = torch.tensor(3., requires_grad=True)
    >>> y = x * x
    >>> edge = torch.autograd.graph.get_gradient_edge(y)
    >>> z = y * 2
    >>> del y
    >>> torch.autograd.grad(z, edge)
    (tensor(2.),)
    """
    if tensor._node is None:
        raise RuntimeError(
            "It is not possible to get the gradient edge for a Tensor that does not require "
            "gradients. Make it with requires_grad=True."
        )
    return GradientEdge(*tensor._node.as_result())


def target_of(x: Any) -> Any:
    """The node that the gradient of a tensor or an edge goes to, None if it requires none."""
    if not isinstance(x, GradientEdge):
        return x._node
    return x.node.output(x.output_nr)


def increment_version(tensors: Any) -> None:
    """Count a modification of a tensor, or of several, for code that writes to memory unseen."""
    for tensor in [tensors] if isinstance(tensors, Node.tensor_type) else tensors:
        bump(tensor)


class saved_tensors_hooks:
    """Inside, each tensor that an operation saves is given to `pack_hook`, and what that returns is
    kept in its place; backward gives it to `unpack_hook`, which must return the tensor again.

    >>> import tinygrad_edu as torch
    >>> x = torch.tensor(3., requires_grad=True)
    >>> with torch.autograd.graph.saved_tensors_hooks(lambda t: t.item(), torch.tensor):
    ...     y = x.exp()
    >>> y.backward()
    >>> x.grad
    tensor(20.0855)
    """

    def __init__(self, pack_hook: Callable[[Any], Any], unpack_hook: Callable[[Any], Any]) -> None:
        self.pack_hook, self.unpack_hook = pack_hook, unpack_hook

    def __enter__(self) -> None:
        push_saved_hooks(self.pack_hook, self.unpack_hook)

    def __exit__(self, *exception: object) -> None:
        pop_saved_hooks()


class save_on_cpu(saved_tensors_hooks):
    """Inside, what operations on a GPU save is kept in the computer's memory until backward."""

    def __init__(self, pin_memory: bool = False) -> None:
        super().__init__(lambda x: (x.device, x.cpu()), lambda packed: packed[1].to(packed[0]))
