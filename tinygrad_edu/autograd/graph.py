"""torch.autograd.graph: the nodes of a graph, and what can be done with them from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from threading import get_ident
from typing import Any, NamedTuple

from ..graph import Node
from ..hooks import RemovableHandle
from ..modes import saved_hooks, watchers
from ..operations.in_place import bump
from ..routes import leading_to, reachable
from ..saved import pop_saved_hooks, push_saved_hooks


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


def register_operation_hook(hook: Callable[..., None]) -> RemovableHandle:
    """Call `hook(node, result, inputs)` after each operation of this thread that left a node, until
    the handle that is returned is removed. PyTorch has `torch.overrides.TorchFunctionMode` for it.

    `node` is None where an operation left none because of `no_grad` or `detach`, and where a tensor
    was written over in place: then `result` is also the one input. Operations that a hook calls are
    shown to it too.

    >>> import tinygrad_edu as torch
    >>> x = torch.tensor(3., requires_grad=True)
    >>> with register_operation_hook(lambda node, result, inputs: print(node.name(), result)):
    ...     y = x * 2 + 1
    MulBackward0 tensor(6., grad_fn=<MulBackward0>)
    AddBackward0 tensor(7., grad_fn=<AddBackward0>)
    """
    thread = get_ident()

    def watch(node: Any, result: Any, inputs: tuple[Any, ...]) -> None:
        if get_ident() == thread:
            hook(node, result, inputs)

    return Watch(watch)


class Watch(RemovableHandle):
    """What `register_operation_hook` returns; `remove()` takes the hook away again."""

    def __init__(self, watch: Callable[..., None]) -> None:
        self._watch = watch
        watchers.append(watch)

    def remove(self) -> None:
        """Take the hook away; once is enough."""
        watchers[:] = [watcher for watcher in watchers if watcher is not self._watch]


class Pass:
    """A backward pass that is running: where it starts, and which gradients it is to find."""

    def __init__(self, roots: Sequence[Node], wanted: Sequence[Node] | None) -> None:
        self.roots, self.wanted = roots, wanted
        self.found: dict[object, dict[int, Any]] = {}  # by hook: the gradients that have arrived

    def will_reach(self, nodes: Sequence[Node]) -> int:
        """To how many of `nodes` a gradient comes."""
        reached = set(reachable(self.roots))
        if self.wanted is not None:
            reached &= leading_to(set(self.wanted), self.roots)
        return len(reached.intersection(nodes))


# By thread: the pass that is running. The quick way through `backward` notes none, so it is closed
# once somebody has asked.
passes: dict[int, Any] = {}
asked: set[str] = set()


def register_multi_grad_hook(
    tensors: Sequence[Any], fn: Callable[[Any], None], *, mode: str = "all"
) -> MultiHandle:
    """Call `fn` once in each backward pass that comes to one of the tensors: with the list of their
    gradients when the last has arrived, None for those to which none comes; or, in the mode "any",
    with the first that arrives. ValueError for another mode.

    >>> import tinygrad_edu as torch
    >>> x, y = (torch.tensor(v, requires_grad=True) for v in (2., 3.))
    >>> handle = torch.autograd.graph.register_multi_grad_hook([x, y], print)
    >>> (x * y).backward()
    [tensor(3.), tensor(2.)]
    """
    if mode not in ("all", "any"):
        raise ValueError(f"Expects mode to be one of ('all', 'any') but got {mode}")
    nodes, key = [tensor._node for tensor in tensors], object()

    def arrived(i: int, g: Any) -> None:
        now = passes[get_ident()]
        found = now.found.setdefault(key, {})
        found[i] = g
        if mode == "any" and len(found) == 1:
            fn(g)
        elif mode == "all" and len(found) == now.will_reach(nodes):
            fn([found.get(i) for i in range(len(nodes))])

    asked.add("register_multi_grad_hook")
    return MultiHandle([t.register_hook(partial(arrived, i)) for i, t in enumerate(tensors)])


class MultiHandle(RemovableHandle):
    """What `register_multi_grad_hook` returns; `remove()` takes the hook away again."""

    def __init__(self, handles: list[RemovableHandle]) -> None:
        self.handles = handles

    def remove(self) -> None:
        """Take the hook away from all its tensors."""
        for handle in self.handles:
            handle.remove()


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
        refused = _refused.get(get_ident())
        if refused is not None:
            raise RuntimeError(refused)
        push_saved_hooks(self.pack_hook, self.unpack_hook)

    def __exit__(self, *exception: object) -> None:
        pop_saved_hooks()


class save_on_cpu(saved_tensors_hooks):
    """Inside, what operations on a GPU save is kept in the computer's memory until backward."""

    def __init__(self, pin_memory: bool = False) -> None:
        super().__init__(lambda x: (x.device, x.cpu()), lambda packed: packed[1].to(packed[0]))


_refused: dict[int, str | None] = {}  # by thread: why saved_tensors_hooks may not be used


@contextmanager
def disable_saved_tensors_hooks(error_message: str) -> Iterator[None]:
    """Inside, to use `saved_tensors_hooks` is a RuntimeError of this message; so is to come here
    while they are in use."""
    thread = get_ident()
    if saved_hooks.get(thread):
        raise RuntimeError(error_message)
    before, _refused[thread] = _refused.get(thread), error_message
    try:
        yield
    finally:
        _refused[thread] = before
