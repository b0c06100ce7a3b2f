"""What a recording leaves at the nodes of a graph, in their public `metadata`: one `Note` each.

A note holds snapshots, never a node and never a tensor, so that it keeps nothing alive.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from viz.values import Value
from viz.where import Where

KEY = "viz"  # in `metadata`


@dataclass(frozen=True, slots=True)
class Operand:
    """One input of an operation as it was called: `value` is a snapshot, or a Python number; None
    where PyTorch wrote over the input before anybody saw it.

    `name` is the variable that held it, "" if none did. `reason` says why no gradient goes to it,
    "" if one does. `tensor()` is the tensor, None for numbers and if it is gone.
    """

    value: Any
    name: str = ""
    reason: str = ""
    tensor: Callable[[], Any] = field(default=lambda: None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Pass:
    """One run of backward through an operation: the gradients that arrived, one for each result,
    and those that were sent on, one for each of `next_functions`."""

    arrived: tuple[Value | None, ...]
    sent: tuple[Value | None, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A change in place of what an operation had read ("self", "other") or computed ("result").

    `version` counts the changes of that memory, this one included.
    """

    what: str
    where: Where | None
    version: int


@dataclass(slots=True)
class Note:
    """What is known of one operation. `result` is the first, where there are several; `name` is the
    variable that it was stored in, "" if there was none. `edges` are the notes of its
    `next_functions` and the numbers of their results, so that the wiring outlives the nodes."""

    number: int  # in the tape, from 0
    operation: str
    where: Where | None
    name: str = ""
    inputs: tuple[Operand, ...] = ()
    edges: tuple[tuple[Note | LeafNote | None, int], ...] = field(
        default=(), repr=False, compare=False
    )
    result: Value | None = None
    passes: list[Pass] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Accumulation:
    """One addition to a leaf's `.grad`: what it was, what arrived, and what it became."""

    before: Value | None
    arrived: Value
    after: Value | None


@dataclass(slots=True)
class LeafNote:
    """What is known of a leaf, at its AccumulateGrad node."""

    name: str = ""
    passes: list[Accumulation] = field(default_factory=list)


def note_of(node: Any) -> Any:
    """The Note of an operation, the LeafNote of an AccumulateGrad; None if none was recorded."""
    return getattr(node, "metadata", {}).get(KEY)
