"""The backward pass: walks the graph from its roots to its leaves, newest node first.

A node was made after the nodes of its inputs, so when the newest waiting node runs, everything
that used its result has run, and its gradient is complete. Gradients in flight live in the dict
`arrived`, never on nodes. They are arrays, or Tensors where the backward pass is itself to be
differentiated (`create_graph`); the rules are the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from heapq import heappop, heappush
from typing import Any

from .graph import AccumulateGrad, Node, mode

Edge = tuple[Node, int]  # a node and the number of one of its outputs


def run(
    roots: Sequence[Edge],
    gradients: Iterable[Any],
    keep_graph: bool,
    create_graph: bool,
    wanted: Collection[Edge] | None = None,
) -> dict[Edge, Any]:
    """Send `gradients` from the `roots` backward; return those that arrive at `wanted` edges.

    Without `wanted`, every leaf's gradient is added to its `.grad` instead.
    """
    arrived: dict[Node, Any] = {}
    waiting: list[tuple[int, Node]] = []  # a heap: the newest node first
    caught: dict[Edge, Any] = {}
    useful = None if wanted is None else _leading_to({node for node, _ in wanted}, roots)
    for g, (node, number) in zip(gradients, roots):
        _deliver(g, node, number, arrived, waiting)
    grad_mode, mode.grad = mode.grad, create_graph
    try:
        while waiting:
            node = heappop(waiting)[1]
            g = arrived.pop(node)
            if node.hooks is not None:
                g = node.hooks.before_capture(g, node)
            if wanted is not None:
                for edge in wanted:
                    if edge[0] is node:
                        caught[edge] = g[edge[1]] if g.__class__ is list else g
            if node.hooks is not None:
                g = node.hooks.before_node(g, node)
            if node.__class__ is AccumulateGrad:
                if wanted is None:
                    node.accumulate(g)
                continue
            sent = node.vjp(g, useful)
            if node.hooks is not None:
                sent = node.hooks.after_node(sent, g, node)
            if not keep_graph and node.frees:
                node.saved = None
            for g, (target, number) in zip(sent, node.next_functions):
                if g is None or target is None:
                    continue
                if target in arrived or target.shape.__class__ is list:
                    _deliver(g, target, number, arrived, waiting)
                else:  # the common case, without the call: 1.5 microseconds of W2
                    arrived[target] = g
                    heappush(waiting, (-target.sequence_nr, target))
            sent = g = None  # so that a gradient that nobody else holds can become a `.grad`
    finally:
        mode.grad = grad_mode
    return caught


def _deliver(g: Any, node: Node, number: int, arrived: dict, waiting: list) -> None:
    """Add the gradient `g` to what has arrived at the node's output `number`."""
    if node not in arrived:
        heappush(waiting, (-node.sequence_nr, node))
    if node.shape.__class__ is list:
        slots = arrived.setdefault(node, [None] * len(node.shape))
        slots[number] = g if slots[number] is None else slots[number] + g
    else:
        arrived[node] = arrived[node] + g if node in arrived else g


def _leading_to(targets: set[Node], roots: Sequence[Edge]) -> set[Node]:
    """The nodes between the roots and the targets: only their rules have to run."""
    useful = set(targets)
    seen: set[Node] = set()
    stack = [(node, False) for node, _ in roots]
    while stack:
        node, sources_seen = stack.pop()
        sources = [source for source, _ in node.next_functions if source is not None]
        if sources_seen:
            if not useful.isdisjoint(sources):
                useful.add(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((source, False) for source in sources)
    return useful
