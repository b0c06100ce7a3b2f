"""The user's functions that are called when a gradient passes, and handles to remove them."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from itertools import count
from typing import Any

from .devices import spread


class HookList(dict):
    """Hooks in the order in which they were registered, by the number of their handle."""

    def add(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Register `hook`."""
        handle = RemovableHandle(self)
        self[handle.id] = hook
        return handle


class RemovableHandle:
    """What registering a hook returns; `remove()` takes the hook away again."""

    _next_id = count().__next__

    def __init__(self, hooks: HookList) -> None:
        self._hooks = weakref.ref(hooks)
        self.id = RemovableHandle._next_id()

    def remove(self) -> None:
        """Take the hook away; once is enough."""
        hooks = self._hooks()
        if hooks is not None:
            hooks.pop(self.id, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *exception: object) -> None:
        self.remove()


class Hooks:
    """All that is called when a gradient arrives at a node or has passed it.

    Hooks are given Tensors; the pass itself may carry arrays.
    """

    def __init__(self) -> None:
        self.tensor = HookList()  # hooks of the tensor whose gradient it is
        self.retain: Any = None  # weak reference to the tensor, if it retains its gradient
        self.before = HookList()  # hooks of the node
        self.after = HookList()
        self.accumulated = HookList()  # hooks of a leaf, for after its .grad was written
        self.packed: dict[int, Any] = {}  # by position: what saved_tensors_hooks took over

    def on_arrival(self, g: Any, node: Any) -> Any:
        """Call the tensor's hooks, then fill the `.grad` of a tensor that retains it."""
        for hook in list(self.tensor.values()):
            g = _replaced(g, hook(_tensor(g, node)), node)
        tensor = None if self.retain is None else self.retain()
        if tensor is not None and g is not None:
            kept = g if g.__class__ is node.tensor_type else _tensor(g.copy(), node)
            keeper = tensor._kept_by()
            keeper.grad = kept if keeper.grad is None else keeper.grad + kept
        return g

    def before_node(self, g: Any, node: Any) -> Any:
        """Call the node's own hooks with the gradients of its results."""
        for hook in list(self.before.values()):
            returned = hook(_results(g, node))
            if returned is None:
                continue
            returned = _as_tuple(returned)
            if isinstance(g, dict):
                g = type(g)(
                    {
                        i: _replaced(g.get(i), d, node)
                        for i, d in enumerate(returned)
                        if d is not None
                    }
                )
            else:
                g = _replaced(g, returned[0], node)
        return g

    def after_accumulation(self, g: Any, node: Any) -> None:
        """Call the hooks of a leaf whose `.grad` was written, then its node's own."""
        for hook in list(self.accumulated.values()):
            if hook(node.variable) is not None:
                raise RuntimeError("Tensor post accumulate grad hooks should return None.")
        self.after_node([], g, node)

    def after_node(self, sent: list[Any], g: Any, node: Any) -> list[Any]:
        """Call the node's own hooks with what it computed and what it was given."""
        for hook in list(self.after.values()):
            computed = [_sent(d, target, node) for d, target in zip(sent, node.sources)]
            computed += [None] * node.untracked_inputs
            returned = hook(tuple(computed), _results(g, node))
            if returned is not None:
                sent = [
                    None if d is None else _replaced(old, d, node)
                    for old, d in zip(sent, _as_tuple(returned))
                ]
        return sent


def _results(g: Any, node: Any) -> tuple[Any, ...]:
    if isinstance(g, dict):
        return tuple(_tensor(g.get(i), node) for i in range(len(node.shape)))
    return (_tensor(g, node),)


def _sent(d: Any, target: Any, node: Any) -> Any:
    """A gradient on its way to `target`, one number for all elements written out."""
    if d is not None and target is not None and target.full and d.shape != target.shape:
        d = spread(d, target.shape)
    return _tensor(d, node)


def _as_tuple(returned: Any) -> tuple[Any, ...]:
    return returned if isinstance(returned, tuple) else (returned,)


def _tensor(g: Any, node: Any) -> Any:
    if g is None or g.__class__ is node.tensor_type:
        return g
    return node.tensor_type._tied(g, None)


def _replaced(g: Any, returned: Any, node: Any) -> Any:
    """The gradient after a hook returned something for it, None meaning no change."""
    if returned is None:
        return g
    if returned.__class__ is not node.tensor_type:
        raise TypeError(f"a hook should return None or a Tensor, not {type(returned).__name__}")
    return returned if g.__class__ is node.tensor_type else returned._array
