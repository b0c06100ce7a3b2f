"""Anomaly mode: each node knows the line that made it, and backward names the node that went wrong.

The forward's lines stand in `node.metadata['traceback_']`, as in PyTorch, and in `parent_` the node
whose backward made this one.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from threading import get_ident
from typing import Any

import numpy as np

from .devices import xp
from .modes import mode, watchers

running: dict[int, Any] = {}  # by thread: the node whose backward computes now


def switch(anomaly: str | None) -> None:
    """Set the mode: "check", "record" or None."""
    if (anomaly is None) == (note in watchers):
        (watchers.remove if anomaly is None else watchers.append)(note)
    type(mode).anomaly = anomaly


def note(node: Any, _result: Any, _inputs: Any) -> None:
    """Write down where a new node comes from."""
    import traceback  # two milliseconds, for the few who need it

    if node is None:
        return
    node.metadata["traceback_"] = traceback.format_stack()[:-3]
    if get_ident() in running:
        node.metadata["parent_"] = running[get_ident()]


def guarded(node: Any, compute: Callable[[], list[Any]]) -> list[Any]:
    """`compute()`, the gradients of a node. An error, or NaN in one of them, is reported first.

    Raises RuntimeError for NaN.
    """
    before = running.get(get_ident())
    running[get_ident()] = node
    try:
        with np.errstate(all="ignore"):
            gradients = compute()
        for i, g in enumerate(gradients if mode.anomaly == "check" else ()):
            array = getattr(g, "_array", g)
            if hasattr(array, "ndim") and xp(array).isnan(array).any().item():
                raise RuntimeError(
                    f"Function '{node.name()}' returned nan values in its {i}th output."
                )
        return gradients
    except Exception:
        _report(node)
        raise
    finally:
        if before is None:
            del running[get_ident()]
        else:
            running[get_ident()] = before


def _report(node: Any) -> None:
    opening = f"Error detected in {node.name()}. "
    caused = "Traceback of forward call that caused the error:\n"
    while node is not None:
        stack = node.metadata.get("traceback_")
        text = (
            caused + "".join(stack)
            if stack
            else (
                "No forward pass information available. Enable detect anomaly during forward "
                "pass for more information."
            )
        )
        try:
            warnings.warn(opening + text, UserWarning, stacklevel=5)
        except UserWarning as warning:  # where warnings are errors, the error that is there wins
            print(warning, file=sys.stderr)
        node = node.metadata.get("parent_")
        if node is not None:
            opening = f"\n\nPrevious calculation was induced by {node.name()}. "
            caused = "Traceback of forward call that induced the previous calculation:\n"
