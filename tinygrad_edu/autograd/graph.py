"""torch.autograd.graph: the nodes of a graph, and what can be done with them from outside."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..graph import Node, node_of
from ..operations.in_place import bump


class GradientEdge(NamedTuple):
    """Where the gradient of a tensor goes: a node, and which of its results the tensor is.

    `backward` and `grad` take it in place of the tensor, which need not be kept, or may have been
    written over since.
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
    node = node_of(tensor)
    if node is None:
        raise RuntimeError(
            "It is not possible to get the gradient edge for a Tensor that does not require "
            "gradients. Make it with requires_grad=True."
        )
    return GradientEdge(node.as_result()[0], node.as_result()[1], node)


def target_of(x: Any) -> Any:
    """The node that the gradient of a tensor or an edge goes to, None if it requires none."""
    if not isinstance(x, GradientEdge):
        return x._node
    return x.node.output(x.output_nr)


def increment_version(tensors: Any) -> None:
    """Count a modification of a tensor, or of several, for code that writes to memory unseen."""
    for tensor in [tensors] if isinstance(tensors, Node.tensor_type) else tensors:
        bump(tensor)
