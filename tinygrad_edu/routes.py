"""Which nodes a backward pass visits: everything behind the roots, or only what leads somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from .graph import Node


def reachable(roots: Sequence[Node]) -> list[Node]:
    """The roots and all nodes behind them."""
    found = list(dict.fromkeys(roots))
    seen = set(found)
    for node in found:  # grows on the way
        for source in node.sources:
            if source is not None and source not in seen:
                seen.add(source)
                found.append(source)
    return found


def leading_to(targets: set[Node], roots: Sequence[Node]) -> set[Node]:
    """The nodes between the roots and the targets, both included: only these are needed."""
    useful = set(targets)
    found = reachable(roots)
    if targets.issuperset([node for node in found if not node.is_operation]):
        return set(found)  # all of it
    for node in sorted(found, key=attrgetter("place"), reverse=True):  # the oldest first
        if node not in useful and not useful.isdisjoint(node.sources):
            useful.add(node)
    return useful


def uses_of_leaves(roots: Sequence[Node], useful: set[Node] | None) -> dict[Node, int]:
    """How often each leaf is used: as in PyTorch, its hooks are called when the last has come."""
    uses: dict[Node, int] = {}
    for node in reachable(roots):
        for source in node.sources:
            if source is None or source.is_operation:
                continue
            if useful is None or (source in useful and node in useful):
                uses[source] = uses.get(source, 0) + 1
    return uses
