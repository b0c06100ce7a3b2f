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

from . import anomaly
from .devices import later, spread
from .graph import Node, hooked_leaves
from .modes import mode, paused
from .routes import leading_to, uses_of_leaves
from .saved import FREED


def run(
    roots: Sequence[Any],
    gradients: Sequence[Any],
    keep_graph: bool,
    create_graph: bool,
    wanted: Sequence[Any] | None = None,
    capture: bool = True,
    results: Sequence[Any] = (),
) -> dict[Any, Any]:
    """Send `gradients` from the `roots` backward, and add those of leaves to their `.grad`.

    With `wanted`, only nodes on the way to these run, and their gradients are returned; without
    `capture` they too are added to the leaves' `.grad`. `results` are the tensors of the roots.
    """
    arrived: dict[Any, Any] = {}
    waiting: list[tuple[int, Node]] = []  # a heap of operations: the newest first
    caught: dict[Any, Any] = {}
    useful = None
    if wanted is not None:
        useful = leading_to(set(wanted), roots)
        caught = dict.fromkeys(wanted) if capture else caught
    watched = useful is not None or mode.anomaly is not None
    uses = uses_of_leaves(roots, useful) if hooked_leaves else None
    for node, g in zip(roots, gradients):
        if useful is not None and node not in useful:
            continue
        if node in arrived:
            arrived[node] = arrived[node] + g
        else:
            arrived[node] = g
            if node.is_operation:
                heappush(waiting, (node.place, node))
    thread = get_ident()
    before = paused.get(thread, False)
    if create_graph:
        paused.pop(thread, None)
    else:
        paused[thread] = None
    try:
        while waiting:
            node = heappop(waiting)[1]
            g = arrived.pop(node)
            rules: Any = node.rules
            saved: Any = node.saved
            versions = node.versions
            if watched or node.hooks is not None or not rules:
                if node.hooks is not None or node in caught:
                    runs = not capture or useful is None or not useful.isdisjoint(node.sources)
                    g = _arrive(node, g, caught, runs)
                    if not runs:
                        continue
                if mode.anomaly or node.hooks is not None or not rules:
                    rules, saved, versions = _constant_rules(node, g, useful), (), ()
            if saved is None:
                raise RuntimeError(FREED)
            if versions and (versions[0][0] != versions[1] or len(versions) > 2):
                node.check_versions()
            if create_graph and saved:
                saved = node.as_tensors(saved)
            if node.frees and not keep_graph:
                node.saved = None
            i = -1  # counting is 0.16 microseconds a node faster than zip
            for target in node.sources:
                i += 1
                if target is None or (useful is not None and target not in useful):
                    continue
                d = rules[i](g, *saved)
                if d is None:
                    continue
                if target.shape != node.shape or target.dtype is not node.dtype:
                    d = target.fit(d)
                if target in arrived:
                    arrived[target] = arrived[target] + d
                else:
                    arrived[target] = d
                    if target.is_operation:
                        heappush(waiting, (target.place, target))
                if uses is not None and target in uses:
                    uses[target] -= 1
                    if not uses[target]:
                        d = None
                        _finish(target, arrived.pop(target), useful, caught)
            # A gradient that nobody else holds can become a leaf's `.grad`.
            d = g = saved = rules = None
        for settle in later:
            settle(arrived, results)
        for leaf in list(arrived):  # what is left are the ends of paths
            g = arrived.pop(leaf)
            if watched or leaf.hooks is not None:
                _finish(leaf, g, useful, caught)
            else:
                leaf.accumulate(g)
    finally:
        if before is False:
            paused.pop(thread, None)
        else:
            paused[thread] = before
    return caught


def _arrive(node: Node, g: Any, caught: dict[Any, Any], runs: bool = False) -> Any:
    """Show the gradient of a node's result to the tensor's hooks, and keep it if it is wanted: as
    it was before the hooks if the node runs on, as PyTorch does."""
    if node.full and g.shape != node.shape:
        g = spread(g, node.shape)
    hooked = g if node.hooks is None else node.hooks.on_arrival(g, node)
    if node in caught:
        caught[node] = g if runs else hooked
    return hooked


def _finish(leaf: Any, g: Any, useful: set[Node] | None, caught: dict[Any, Any]) -> None:
    """Give a leaf its gradient, which is complete, or catch it."""
    for settle in later:
        settle(complete := {leaf: g}, ())
        g = complete[leaf]
    g = _arrive(leaf, g, caught)
    if leaf in caught or (useful is not None and leaf not in useful):
        return
    if leaf.hooks is not None:
        g = leaf.hooks.before_node(g, leaf)
    leaf.accumulate(g)


def _constant_rules(node: Node, g: Any, useful: set[Node] | None) -> list[Any]:
    """For a node that computes all its gradients at once, has hooks, or is watched: rules that
    return them."""
    if node.hooks is not None:
        g = node.hooks.before_node(g, node)
    if mode.anomaly:
        gradients = anomaly.guarded(node, lambda: node.vjp(g, useful))
    else:
        gradients = node.vjp(g, useful)
    if node.hooks is not None:
        gradients = node.hooks.after_node(gradients, g, node)
    return [lambda _, d=d: d for d in gradients]
