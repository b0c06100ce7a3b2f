"""The dynamic computation graph: what an operation leaves behind for backward.

A `Node` is one operation that happened. It knows the nodes of its inputs (`next_functions`), the
arrays its rules need (`saved`) and one rule per input, each turning the gradient of the result
into the gradient of that input. Nodes never hold the tensors of results, so temporaries are freed
at once, and edges point only from results to inputs, so there is no reference cycle.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from itertools import count
from sys import getrefcount
from typing import Any, ClassVar

import numpy as np

from .devices import sum_to, zeros_like_kind
from .dtypes import legacy_name

FREED = (
    "Trying to backward through the graph a second time (or directly access saved tensors after "
    "they have already been freed). Saved intermediate values of the graph are freed when you "
    "call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward "
    "through the graph a second time or if you need to access saved tensors after calling backward."
)

UNTRACKED = (None, 0)  # the edge to an input that requires no gradient
next_sequence_nr = count().__next__  # nodes are numbered as they are made: newest is largest


class Mode(threading.local):
    """What the current thread does with operations: `grad` says whether they leave nodes."""

    grad = True
    inference = False


mode = Mode()


class Node:
    """One operation of the graph, seen from backward.

    Subclasses are named as in PyTorch (`MulBackward0`) and hold the rules. `saved_names` are the
    names of the arrays and numbers in `saved`, in the order in which the rules take them.
    """

    rules: tuple[Callable[..., Any], ...] = ()
    inputs: ClassVar[tuple[str, ...]] = ()
    saved_names: ClassVar[tuple[str, ...]] = ()
    frees: ClassVar[bool] = False  # whether `saved` holds arrays, which backward lets go of

    next_functions: tuple[tuple[Node | None, int], ...] = ()
    saved: tuple[Any, ...] | None = ()
    versions: tuple[tuple[list[int], int], ...] = ()  # (counter of a saved tensor, its value then)
    shape: Any = ()  # of the result; a list of shapes where there are several results
    dtype: Any = None
    hooks: Hooks | None = None
    sequence_nr: int
    tensor_type: type

    def name(self) -> str:
        """The name of the operation, such as 'MulBackward0'."""
        return type(self).__name__

    def __repr__(self) -> str:
        return f"<{self.name()} object at {id(self):#x}>"

    @property
    def metadata(self) -> dict[str, Any]:
        """A dict for notes about this node, empty at first."""
        return self.__dict__.setdefault("_metadata", {})

    def _sequence_nr(self) -> int:
        return self.sequence_nr

    def __getattr__(self, attribute: str) -> Any:
        if not attribute.startswith("_saved_"):
            raise AttributeError(f"'{self.name()}' object has no attribute '{attribute}'")
        names = [_torch_name(name) for name in self.saved_names]
        if attribute.removeprefix("_saved_") not in names:
            raise AttributeError(f"'{self.name()}' object has no attribute '{attribute}'")
        if self.saved is None:
            raise RuntimeError(FREED)
        position = names.index(attribute.removeprefix("_saved_"))
        name, value = self.saved_names[position], self.saved[position]
        source = self.next_functions[self.inputs.index(name)][0] if name in self.inputs else None
        if isinstance(source, AccumulateGrad) and source.variable._array is value:
            return source.variable
        return self._as_tensor(name, value)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(f"_saved_{_torch_name(n)}" for n in self.saved_names)]

    def saved_as_tensors(self) -> list[Any]:
        """What was saved, arrays as Tensors tied to the graph, so that rules can run on Tensors."""
        assert self.saved is not None
        return [self._as_tensor(n, value) for n, value in zip(self.saved_names, self.saved)]

    def _as_tensor(self, name: str, value: Any) -> Any:
        if not hasattr(value, "dtype") or isinstance(value, self.tensor_type):
            return value
        if name == "z":
            return self.tensor_type._tied(value, (self, 0))
        edge = self.next_functions[self.inputs.index(name)] if name in self.inputs else UNTRACKED
        return self.tensor_type._tied(value, edge)

    def vjp(self, g: Any, useful: set[Node] | None = None) -> list[Any]:
        """The gradient of each input, given the gradient of the result: a vector-Jacobian product.

        `g` is an array, or a Tensor if the pass is to be differentiated again. Inputs that need no
        gradient, or whose node is not in `useful`, get None.
        """
        saved = self.saved
        if saved is None:
            raise RuntimeError(FREED)
        for counter, version in self.versions:
            if counter[0] != version:
                raise self.modified_error(counter, version)
        if g.__class__ is self.tensor_type or self.shape.__class__ is list:
            g, saved = self._complete(g)
        gradients = []
        for rule, (target, number) in zip(self.rules, self.next_functions):
            if target is None or (useful is not None and target not in useful):
                gradients.append(None)
                continue
            d = rule(g, *saved)
            if d is not None and (d.shape != target.shape or d.dtype is not target.dtype):
                d = target.fit(d, number)
            gradients.append(d)
        return gradients

    def _complete(self, g: Any) -> tuple[Any, Any]:
        """For several results, zeros where no gradient arrived; for Tensors, saved Tensors."""
        if g.__class__ is list:
            some = next(each for each in g if each is not None)
            g = [zeros_like_kind(some, shape, self.dtype) if each is None else each
                 for each, shape in zip(g, self.shape)]
            tensors = some.__class__ is self.tensor_type
        else:
            tensors = True
        return g, self.saved_as_tensors() if tensors else self.saved

    def fit(self, g: Any, number: int) -> Any:
        """`g` summed down to the shape of this node's result, and in its type."""
        g = sum_to(g, self.shape[number] if self.shape.__class__ is list else self.shape)
        if g.__class__ is self.tensor_type:
            return g if g._array.dtype == self.dtype else g.type_as_dtype(self.dtype)
        return g.astype(self.dtype, copy=False)

    def modified_error(self, counter: list[int], version: int) -> RuntimeError:
        """What to say when a saved tensor was written over since."""
        position = [c is counter for c, _ in self.versions].index(True)
        arrays = [(n, v) for n, v in zip(self.saved_names, self.saved or ()) if hasattr(v, "dtype")]
        name, array = arrays[position]
        node, number = (self, 0) if name == "z" else UNTRACKED
        if name in self.inputs:
            node, number = self.next_functions[self.inputs.index(name)]
        source = "" if node is None or isinstance(node, AccumulateGrad) else (
            f", which is output {number} of {node.name()},")
        return RuntimeError(
            "one of the variables needed for gradient computation has been modified by an inplace "
            f"operation: [torch.{legacy_name(array.dtype)}Tensor {list(array.shape)}]{source} is "
            f"at version {counter[0]}; expected version {version} instead. {self.name()} saved it "
            "for backward. Hint: use an out-of-place operation (x = x + 1 instead of x += 1), or "
            "clone() the tensor before writing over it."
        )

    def register_hook(self, hook: Callable[[Any, Any], Any]) -> RemovableHandle:
        """Call `hook(grad_inputs, grad_outputs)` after this node ran; a tuple it returns replaces
        the gradients of the inputs."""
        return self.all_hooks().after.add(hook)

    def register_prehook(self, hook: Callable[[Any], Any]) -> RemovableHandle:
        """Call `hook(grad_outputs)` before this node runs; a tuple it returns replaces them."""
        return self.all_hooks().before.add(hook)

    def all_hooks(self) -> Hooks:
        """The hooks of this node, to register one."""
        if self.hooks is None:
            self.hooks = Hooks()
        return self.hooks


class AccumulateGrad(Node):
    """The end of a path: adds the gradient that arrives to the leaf tensor's `.grad`.

    It holds the leaf, so a graph keeps its leaves alive; the leaf holds it weakly.
    """

    def __init__(self, variable: Any) -> None:
        self.variable = variable
        self.shape = variable._array.shape
        self.dtype = variable._array.dtype
        self.tensor_type = variable.__class__
        self.sequence_nr = next_sequence_nr()
        self.hooks = variable._hooks

    def accumulate(self, g: Any) -> None:
        """Add `g` to the leaf's `.grad`."""
        leaf = self.variable
        if g.__class__ is self.tensor_type:
            leaf._grad = g if leaf._grad is None else leaf._grad + g
        elif leaf._grad is None:
            # An array that only this pass refers to becomes the gradient, others are copied.
            alone = isinstance(g, np.generic) or (getrefcount(g) <= 3 and g.base is None)
            leaf._grad = self.tensor_type._tied(g if alone else g.copy(), UNTRACKED)
        else:
            total = leaf._grad
            if isinstance(total._array, np.generic):
                total._array = total._array + g
            else:
                total._array += g
            if total._counter is not None:
                total._counter[0] += 1
        if self.hooks is not None:
            for hook in list(self.hooks.accumulated.values()):
                hook(leaf)


def leaf_edge(leaf: Any) -> tuple[Node, int]:
    """The edge to a leaf's AccumulateGrad node, which is made at the first use in a graph."""
    reference = leaf._accumulator
    node = None if reference is None else reference()
    if node is None:
        node = AccumulateGrad(leaf)
        leaf._accumulator = weakref.ref(node)
    return node, 0


def edge(tensor: Any) -> tuple[Node | None, int]:
    """Where the gradient of a tensor goes: (node, number of the node's output)."""
    if tensor._edge is not None:
        return tensor._edge
    return leaf_edge(tensor) if tensor._requires_grad else UNTRACKED


def version_of(tensor: Any) -> tuple[list[int], int]:
    """The tensor's version counter and its value now, for a node that saves its array."""
    counter = tensor._counter
    if counter is None:
        counter = tensor._counter = [0]
    return counter, counter[0]


class HookList(dict):
    """Hooks in the order in which they were registered, by the number of their handle."""

    def add(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Register `hook`."""
        handle = RemovableHandle(self)
        self[handle.id] = hook
        return handle


class Hooks:
    """All that is called when a gradient arrives at a node or has passed it."""

    def __init__(self) -> None:
        self.tensor: dict[int, HookList] = {}  # by output number: hooks of the result tensors
        self.retain: dict[int, weakref.ref] = {}  # by output number: tensors that keep their grad
        self.before = HookList()
        self.after = HookList()
        self.accumulated = HookList()

    def of_tensor(self, number: int) -> HookList:
        """The hooks of the result `number`."""
        return self.tensor.setdefault(number, HookList())

    def before_capture(self, g: Any, node: Node) -> Any:
        """Call the result tensors' hooks, then fill the `.grad` of those that retain it."""
        for number, hooks in self.tensor.items():
            for hook in list(hooks.values()):
                g = _replaced(g, number, hook(_tensor(_output(g, number), node)), node)
        for number, reference in self.retain.items():
            tensor, arrived = reference(), _output(g, number)
            if tensor is not None and arrived is not None:
                new = _tensor(arrived if arrived.__class__ is node.tensor_type else arrived.copy(),
                              node)
                tensor._grad = new if tensor._grad is None else tensor._grad + new
        return g

    def before_node(self, g: Any, node: Node) -> Any:
        """Call the node's own hooks with the gradients of all its results."""
        for hook in list(self.before.values()):
            outputs = g if g.__class__ is list else [g]
            returned = hook(tuple(_tensor(each, node) for each in outputs))
            if returned is not None:
                for number, new in enumerate(_as_tuple(returned)):
                    g = _replaced(g, number, new, node)
        return g

    def after_node(self, sent: list[Any], g: Any, node: Node) -> list[Any]:
        """Call the node's own hooks with what it computed and what it was given."""
        given = tuple(_tensor(each, node) for each in (g if g.__class__ is list else [g]))
        for hook in list(self.after.values()):
            returned = hook(tuple(_tensor(each, node) for each in sent), given)
            if returned is not None:
                tensors = g.__class__ is node.tensor_type
                sent = [new if tensors or new is None else new._array
                        for new in _as_tuple(returned)]
        return sent


def _as_tuple(returned: Any) -> tuple[Any, ...]:
    return returned if isinstance(returned, tuple) else (returned,)


def _output(g: Any, number: int) -> Any:
    return g[number] if g.__class__ is list else g


def _tensor(g: Any, node: Node) -> Any:
    """A gradient as the Tensor that a hook is given."""
    if g is None or g.__class__ is node.tensor_type:
        return g
    return node.tensor_type._tied(g, UNTRACKED)


def _replaced(g: Any, number: int, new: Any, node: Node) -> Any:
    """The gradients after a hook returned `new` for one of them, None meaning no change."""
    if new is None:
        return g
    if new.__class__ is not node.tensor_type:
        raise TypeError(f"a hook should return None or a Tensor, not {type(new).__name__}")
    old = _output(g, number)
    new = new if old.__class__ is node.tensor_type else new._array
    if g.__class__ is not list:
        return new
    return [new if i == number else each for i, each in enumerate(g)]


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


_TORCH_NAMES = {"x": "self", "y": "other", "z": "result"}


def _torch_name(name: str) -> str:
    return _TORCH_NAMES.get(name, name)
