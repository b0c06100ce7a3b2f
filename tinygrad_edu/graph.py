"""The dynamic computation graph: what an operation leaves behind for backward.

A `Node` is one operation that happened. It knows the nodes of its inputs (`sources`), the arrays
its rules need (`saved`), and one rule per input, each turning the gradient of the result into the
gradient of that input. A node never holds the tensor of its result, so temporaries are freed at
once, and nodes point only to older nodes, so there is no reference cycle.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from sys import getrefcount
from threading import get_ident
from typing import Any, ClassVar
from weakref import WeakSet, ref

import numpy as np

from .devices import spread, sum_to, zeros_like_kind
from .dtypes import legacy_name
from .hooks import Hooks, Packed, RemovableHandle
from .modes import mode, paused, saved_hooks, watchers  # noqa: F401

FREED = (
    "Trying to backward through the graph a second time (or directly access saved tensors after "
    "they have already been freed). Saved intermediate values of the graph are freed when you "
    "call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward "
    "through the graph a second time or if you need to access saved tensors after calling backward."
)

new: Any = object.__new__
next_place = count(0, -1).__next__


class Node:
    """One operation of the graph, seen from backward.

    Subclasses are named as in PyTorch (`MulBackward0`) and hold the rules. `saved_names` are the
    names of the arrays and numbers in `saved`, in the order in which the rules take them; each is
    also an attribute, `_saved_` and the name that PyTorch has for it.
    """

    __slots__ = (
        "__weakref__",
        "_metadata",
        "dtype",
        "hooks",
        "place",
        "saved",
        "shape",
        "sources",
        "versions",
    )

    rules: ClassVar[Sequence[Callable[..., Any]]] = ()
    saved_names: Sequence[Any] = ()
    origins: Sequence[int | None] = ()  # of each saved value: the input it is, RESULT, or None
    untracked_inputs: ClassVar[int] = 0  # numbers, which PyTorch counts as tensors, after `sources`
    frees: ClassVar[bool] = False  # whether `saved` holds arrays, which backward lets go of
    is_operation: ClassVar[bool] = True  # and no end of a path
    full: ClassVar[bool] = False  # whether rules turn one number for all elements into an array
    tensor_type: ClassVar[Any]  # Tensor: set by tensor.py, which this module cannot import

    sources: tuple[Node | None, ...]  # by input: the node its gradient goes to, if it is wanted
    saved: tuple[Any, ...] | None
    versions: tuple[Any, ...]  # of each saved tensor: its version counter, the version then
    shape: Any  # of the result
    dtype: Any
    hooks: Hooks | None
    place: int  # in the order of backward: 0 for the first node ever made, then -1, -2, ...

    def __init__(self, sources: tuple[Node | None, ...], shape: Any, dtype: Any) -> None:
        self.sources = sources
        self.saved = ()
        self.versions = ()
        self.shape = shape
        self.dtype = dtype
        self.hooks = None
        self.place = next_place()

    def name(self) -> str:
        """The name of the operation, such as 'MulBackward0'."""
        return type(self).__name__

    def __repr__(self) -> str:
        return f"<{type(self).__name__} object at {id(self):#x}>"

    @property
    def next_functions(self) -> tuple[tuple[Node | None, int], ...]:
        """For each input: (its node, which of that node's results it is), or (None, 0)."""
        edges = [(None, 0) if node is None else node.as_result() for node in self.sources]
        return (*edges, *[(None, 0)] * self.untracked_inputs)

    def as_result(self) -> tuple[Node, int]:
        """The operation, and which of its results this node stands for."""
        return self, 0

    def output(self, number: int) -> Node:
        """The node to which the gradient of a result goes."""
        return self

    def __call__(self, *gradients: Any) -> Any:
        """The gradients of the inputs, given those of the results, as tensors."""
        if len(gradients) != 1:
            raise TypeError(f"expected 1 arguments, got {len(gradients)} instead")
        computed = tuple(self.vjp(*gradients))
        return computed[0] if len(computed) == 1 else computed

    @property
    def metadata(self) -> dict[str, Any]:
        """A dict for notes about this node, empty at first."""
        try:
            return self._metadata
        except AttributeError:
            self._metadata: dict[str, Any] = {}
            return self._metadata

    def _sequence_nr(self) -> int:
        return -self.place

    def vjp(self, g: Any, useful: set[Node] | None = None) -> list[Any]:
        """The gradient of each input, given the gradient of the result: a vector-Jacobian product.

        `g` is an array, or a Tensor if the pass is to be differentiated again. Inputs that need no
        gradient, or whose node is not in `useful`, get None.
        """
        saved = self.unpacked(g.__class__ is self.tensor_type)
        gradients: list[Any] = []
        for rule, target in zip(self.rules, self.sources):
            if target is None or (useful is not None and target not in useful):
                gradients.append(None)
            else:
                d = rule(g, *saved)
                gradients.append(None if d is None else target.fit(d))
        return gradients

    def fit(self, g: Any) -> Any:
        """`g` summed down to the shape of this node's result, or spread over it, in its type.

        One number for all elements stays that where the next rule makes an array of it: a mean
        of 10^7 elements sends back one number, not 40 MB.
        """
        tensor = g.__class__ is self.tensor_type
        if g.shape != self.shape:
            if g.shape:
                g = sum_to(g, self.shape)
            elif tensor or not self.full:
                g = spread(g, self.shape)
        if g.dtype is self.dtype:
            return g
        return g.type_as_dtype(self.dtype) if tensor else g.astype(self.dtype)

    def unpacked(self, as_tensors: bool = False) -> Sequence[Any]:
        """What was saved, for the rules. RuntimeError if it was let go, or written over since."""
        if self.saved is None:
            raise RuntimeError(FREED)
        self.check_versions()
        saved: Sequence[Any] = self.saved
        if self.hooks is not None and self.hooks.packed:
            packed = self.hooks.packed
            saved = [packed[i].unpack() if i in packed else s for i, s in enumerate(saved)]
        return self.as_tensors(saved) if as_tensors else saved

    def pack(self, position: int, pack: Callable[[Any], Any], unpack: Callable[[Any], Any]) -> None:
        """Keep, instead of the array saved at a position, what `pack` makes of it as a tensor."""
        tensor = self.saved_value(position)
        if self.origins and self.origins[position] == RESULT:
            tensor = tensor.detach()
        self.all_hooks().packed[position] = Packed(tensor, pack, unpack)
        saved = list(self.saved or ())
        saved[position] = None
        self.saved = tuple(saved)

    def check_versions(self) -> None:
        """RuntimeError if a saved tensor was written over since."""
        versions = self.versions
        for i in range(0, len(versions), 2):
            if versions[i][0] != versions[i + 1]:
                raise RuntimeError(self._modified(i // 2, versions[i][0], versions[i + 1]))

    def _modified(self, number: int, found: int, expected: int) -> str:
        arrays = [(i, a) for i, a in enumerate(self.saved or ()) if hasattr(a, "dtype")]
        position, array = arrays[number]
        made_by = self._source_of(position)
        source = ""
        if made_by is not None and made_by.is_operation:
            node, output = made_by.as_result()
            source = f", which is output {output} of {node.name().partition('Backward')[0]},"
        return (
            "one of the variables needed for gradient computation has been modified by an inplace "
            f"operation: [torch.{legacy_name(array.dtype)}Tensor {list(array.shape)}]{source} is "
            f"at version {found}; expected version {expected} instead. {self.name()} saved it for "
            "backward. Hint: use an operation that makes a new tensor (x = x + 1 instead of "
            "x += 1), or clone() the tensor before writing over it."
        )

    def _source_of(self, position: int) -> Node | None:
        """The node that made what was saved at a position, if that was an input or the result."""
        origin = self.origins[position] if self.origins else None
        if origin is None or origin >= len(self.sources):
            return None
        return self if origin == RESULT else self.sources[origin]

    def as_tensors(self, saved: Sequence[Any]) -> list[Any]:
        """What was saved, arrays as Tensors tied to the graph, so that rules can run on Tensors."""
        tensors: list[Any] = []
        packed = self.hooks is not None and self.hooks.packed
        counters = iter(() if packed else self.versions[::2])
        for position, value in enumerate(saved):
            if value.__class__ not in _NUMBERS and hasattr(value, "ndim"):
                value = self._as_tensor(value, self._source_of(position), next(counters, None))
            tensors.append(value)
        return tensors

    def _as_tensor(self, value: Any, source: Node | None, counter: Any) -> Any:
        z = new(self.tensor_type)
        z._array = value
        z._node = source
        z._counter = counter
        if source is None or source.dtype is value.dtype:
            return z
        if source.dtype.itemsize < value.dtype.itemsize:
            # It was saved in the type of the result: its own type, and the change recorded.
            z._array = value.astype(source.dtype)
            z = z.type_as_dtype(value.dtype)
        return z

    def saved_value(self, position: int) -> Any:
        """What was saved at a position, an array as a tensor; RuntimeError if it was let go, or
        written over since."""
        saved = self.unpacked()
        value = saved[position]
        if self.origins and self.origins[position] is not None and value.__class__ in (int, float):
            return self.tensor_type._tied(np.array(value)[()], None)  # PyTorch saved it as a tensor
        source = self._source_of(position)
        if isinstance(source, AccumulateGrad) and source.array is value:
            return source.variable
        return self.as_tensors(saved)[position]

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


hooked_leaves: WeakSet[Node] = WeakSet()


class AccumulateGrad(Node):
    """The end of a path, and the keeper of a leaf's gradient: adds what arrives to `grad`.

    The leaf holds it, and it holds the leaf weakly, so that there is no circle; a graph whose leaf
    was let go still has the leaf's array, of which `variable` makes the leaf again.
    """

    __slots__ = ("array", "grad", "leaf")
    is_operation = False

    def __init__(self, leaf: Any) -> None:
        super().__init__((), None, None)
        self.leaf = ref(leaf)
        self.grad: Any = None
        self.follow(leaf._array)

    def all_hooks(self) -> Hooks:
        hooked_leaves.add(self)
        return super().all_hooks()

    def follow(self, array: Any) -> None:
        """Note that the leaf has a new array; None while it requires no gradient."""
        self.array = array
        if array is not None:
            self.shape, self.dtype = array.shape, array.dtype

    def name(self) -> str:
        return "torch::autograd::AccumulateGrad"

    @property
    def variable(self) -> Any:
        """The leaf tensor."""
        leaf = self.leaf()
        if leaf is None:
            leaf = self.tensor_type._tied(self.array, self)
            self.leaf = ref(leaf)
        return leaf

    def accumulate(self, g: Any) -> None:
        """Add `g` to the leaf's `.grad`."""
        total = self.grad
        if self.array is None:
            return
        if g.__class__ is self.tensor_type:
            self.grad = g if total is None else total + g
        elif total is None:
            # An array that only this pass refers to becomes the gradient; others are copied.
            alone = isinstance(g, np.generic) or (getrefcount(g) <= 3 and g.base is None)
            self.grad = self.tensor_type._tied(g if alone else g.copy(), None)
        else:
            array = total._array
            if isinstance(array, np.generic):
                total._array = array + g
            elif array.size == 1:
                array[...] = array + g  # 0.4 microseconds faster than +=
            else:
                array += g
            if total._counter is not None:
                total._counter[0] += 1
        if self.hooks is not None:
            self.hooks.after_accumulation(g, self)


class DeadEnd(AccumulateGrad):
    """Where the gradient of a view goes that was made under no_grad: nowhere, as in PyTorch."""

    __slots__ = ()

    def accumulate(self, g: Any) -> None:
        """Let the gradient go."""

    def as_result(self) -> tuple[None, int]:  # type: ignore[override]
        return None, 0


RESULT = -1  # among the `origins` of a node: what was saved is its own result
_NUMBERS = {float, int, bool, type(None), tuple}


class Output(Node):
    """One of the several results of an operation: hands its gradient to the operation's node."""

    __slots__ = ("number",)

    def __init__(self, operation: ManyResults, number: int, shape: Any, dtype: Any) -> None:
        super().__init__((operation,), shape, dtype)
        self.number = number

    def as_result(self) -> tuple[Node, int]:
        return self.sources[0], self.number  # type: ignore[return-value]

    def name(self) -> str:
        return self.as_result()[0].name()

    def vjp(self, g: Any, useful: set[Node] | None = None) -> list[Any]:
        return [Parts({self.number: g})]


class Parts(dict):
    """The gradients that have arrived for an operation with several results, by number."""

    shape = dtype = None

    def __add__(self, other: Parts) -> Parts:
        return Parts(self | {n: self[n] + g if n in self else g for n, g in other.items()})


class ManyResults(Node):
    """The node of an operation with several results: `shape` and `dtype` are lists.

    Its rules take the list of the results' gradients, zeros where none arrived.
    """

    __slots__ = ("outputs",)
    outputs: dict[int, Any]  # weak references to the nodes of results, which hold this one
    list_rules: ClassVar[Sequence[Callable[..., Any]]] = ()

    def output(self, number: int) -> Node:
        """The node to which the gradient of a result goes; held weakly, for it holds this one."""
        reference = self.outputs.get(number)
        node = None if reference is None else reference()
        if node is None:
            node = Output(self, number, self.shape[number], self.dtype[number])
            self.outputs[number] = ref(node)
        return node

    def fit(self, g: Any) -> Any:
        return g

    def __call__(self, *gradients: Any) -> Any:
        if len(gradients) != len(self.shape):
            raise TypeError(f"expected {len(self.shape)} arguments, got {len(gradients)} instead")
        return tuple(self.vjp(Parts(enumerate(gradients))))

    def vjp(self, g: Any, useful: set[Node] | None = None) -> list[Any]:
        some = next(iter(g.values()))
        parts = [g[i] if i in g else self.missing(i, some) for i in range(len(self.shape))]
        saved = self.unpacked(some.__class__ is self.tensor_type)
        return [
            None if target is None else target.fit(rule(parts, *saved))
            for rule, target in zip(self.list_rules, self.sources)
        ]

    def missing(self, number: int, some: Any) -> Any:
        """Zeros for a result to which no gradient came; `some` is the gradient of another."""
        reference = self.outputs.get(number)
        node = None if reference is None else reference()
        g = None if node is None or node.hooks is None else node.hooks.on_arrival(None, node)
        return zeros_like_kind(some, self.shape[number], self.dtype[number]) if g is None else g


def push_saved_hooks(pack: Callable[[Any], Any], unpack: Callable[[Any], Any]) -> None:
    """From now on, on this thread, give what operations save to `pack`."""
    saved_hooks.setdefault(get_ident(), []).append((pack, unpack))
    if _pack_saved not in watchers:
        watchers.append(_pack_saved)


def pop_saved_hooks() -> None:
    """Forget the latest pair."""
    pairs = saved_hooks.get(get_ident())
    if pairs:
        pairs.pop()
    if not any(saved_hooks.values()):
        saved_hooks.clear()
        watchers[:] = [watcher for watcher in watchers if watcher is not _pack_saved]


def _pack_saved(node: Node) -> None:
    pairs = saved_hooks.get(get_ident())
    for position, value in enumerate(node.saved or () if pairs else ()):
        if hasattr(value, "ndim"):
            node.pack(position, *pairs[-1])  # type: ignore[index]


def node_of(tensor: Any) -> Any:
    """The node that the gradient of a tensor goes to, None if it requires none."""
    return tensor._node


def rebind(tensor: Any, array: Any) -> None:
    """Give a tensor another array."""
    tensor._array = array
    if isinstance(tensor._node, AccumulateGrad):
        tensor._node.follow(array)


def version_of(tensor: Any) -> list[int]:
    """The version counter of a tensor: a list of one number, shared by all that share memory."""
    counter = tensor._counter
    if counter is None:
        counter = tensor._counter = [0]
    return counter
