"""What a picture starts from: the tensors that were passed, or advice where something else was."""

from __future__ import annotations

from typing import Any

from viz.graph import is_tensor


def roots(var: Any, asker: str) -> list[Any]:
    """The tensors in `var`, which is a tensor or a tuple or list of them.

    Raises TypeError for anything else, in the name of `asker`, such as "make_dot draws".
    """
    tensors = list(var) if isinstance(var, (tuple, list)) else [var]
    for root in tensors or [var]:
        if not is_tensor(root):
            got = "None" if root is None else f"{type(root).__name__!r}"
            raise TypeError(f"{asker} the graph of a tensor, and got {got}. {_advice(root)}")
    return tensors


def _advice(thing: Any) -> str:
    """What to pass instead of `thing`, which is no tensor."""
    if thing is None:
        return "Pass the result of a computation; backward() and print() return None."
    if isinstance(thing, str):
        return "Pass the tensor itself, not its name."
    if isinstance(thing, type):
        return "Pass a tensor, not its class."
    if hasattr(thing, "next_functions"):
        return "Pass the tensor itself, not its grad_fn."
    if isinstance(thing, (int, float, complex)) or hasattr(thing, "__array__"):
        return "It keeps no graph: pass the tensor that it was taken from."
    if callable(thing):
        return "Pass what it returns: loss.mean() is a tensor, loss.mean is not."
    return "Pass a tensor, or a tuple or list of tensors."
