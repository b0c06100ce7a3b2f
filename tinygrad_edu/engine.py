"""The backward pass: walks the graph from its roots to its leaves, newest node first.

A node was made after the nodes of its inputs, so when the newest waiting node runs, everything
that used its result has run, and its gradient is complete. Gradients in flight live in the dict
`arrived`, never on nodes. They are arrays, or Tensors where the backward pass is itself to be
differentiated (`create_graph`); the rules are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from threading import get_ident
from typing import Any

from .devices import spread
from .graph import FREED, Node, paused


def run(
    roots: Sequence[Any],
    gradients: Sequence[Any],
    keep_graph: bool,
    create_graph: bool,
    wanted: Sequence[Any] | None = None,
) -> dict[Any, Any]:
    """Send `gradients` from the `roots` backward; return those that arrive at the `wanted` nodes.

    Without `wanted`, every leaf's gradient is added to its `.grad` instead.
    """
    arrived: dict[Any, Any] = {}
    waiting: list[tuple[int, Node]] = []  # a heap of operations: the newest first
    caught: dict[Any, Any] = {}
    useful = None if wanted is None else leading_to(set(wanted), roots)
    for node, g in zip(roots, gradients):
        if node in arrived:
            arrived[node] = arrived[node] + g
        else:
            arrived[node] = g
            if node.is_operation:
                heappush(waiting, (node.place, node))
    thread = get_ident()
    was_paused = thread in paused
    (paused.discard if create_graph else paused.add)(thread)
    try:
        while waiting:
            node = heappop(waiting)[1]
            g = arrived.pop(node)
            rules, versions = node.rules, node.versions
            saved: Any = node.saved
            if not rules or node.hooks is not None or wanted is not None:
                g = _arrive(node, g, wanted, caught)
                if useful is not None and node not in useful:
                    continue
                if not rules or node.hooks is not None:
                    rules, saved, versions = _constant_rules(node, g, useful), (), ()
            if saved is None:
                raise RuntimeError(FREED)
            if versions and (versions[0][0] != versions[1] or len(versions) > 2):
                node.check_versions()
            if create_graph and saved:
                saved = node.saved_as_tensors()
            if not keep_graph and node.frees:
                node.saved = None
            for rule, target in zip(rules, node.sources):
                if target is None or (useful is not None and target not in useful):
                    continue
                d = rule(g, *saved)
                if d is None:
                    continue
                if node.shape != target.shape or node.dtype is not target.dtype:
                    d = target.fit(d)
                if target in arrived:
                    arrived[target] = arrived[target] + d
                else:
                    arrived[target] = d
                    if target.is_operation:
                        heappush(waiting, (target.place, target))
            d = g = saved = None  # a gradient that nobody else holds can become a leaf's `.grad`
        for leaf in list(arrived):  # what is left are the ends of paths
            g = arrived.pop(leaf)
            if leaf.hooks is not None or wanted is not None:
                g = _arrive(leaf, g, wanted, caught)
            if wanted is None:
                leaf.accumulate(g)
    finally:
        (paused.add if was_paused else paused.discard)(thread)
    return caught


def _arrive(node: Node, g: Any, wanted: Sequence[Node] | None, caught: dict[Node, Any]) -> Any:
    """Show the gradient of a node's result to hooks, and keep it if it is wanted."""
    if node.full and g.shape != node.shape:
        g = spread(g, node.shape)
    if node.hooks is not None:
        g = node.hooks.on_arrival(g, node)
    if wanted is not None and node in wanted:
        caught[node] = g
    return g if node.hooks is None else node.hooks.before_node(g, node)


def _constant_rules(node: Node, g: Any, useful: set[Node] | None) -> list[Any]:
    """For a node that computes all its gradients at once, or has hooks: rules that return them."""
    gradients = node.vjp(g, useful)
    if node.hooks is not None:
        gradients = node.hooks.after_node(gradients, g, node)
    return [lambda _, d=d: d for d in gradients]


def leading_to(targets: set[Node], roots: Sequence[Node]) -> set[Node]:
    """The nodes between the roots and the targets: only their rules have to run."""
    useful = set(targets)
    seen: set[Node] = set()
    stack = [(node, False) for node in roots]
    while stack:
        node, sources_seen = stack.pop()
        sources = [source for source in node.sources if source is not None]
        if sources_seen:
            if not useful.isdisjoint(sources):
                useful.add(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((source, False) for source in sources)
    return useful
