"""The dynamic computation graph: what an operation leaves behind for backward.

A `Node` is one operation that happened. It knows the nodes of its inputs (`sources`), the arrays
its rules need (`saved`), and one rule per input, each turning the gradient of the result into the
gradient of that input. A node never holds the tensor of its result, so temporaries are freed at
once, and nodes point only to older nodes, so there is no reference cycle.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from itertools import count
from sys import getrefcount
from threading import get_ident
from typing import Any, ClassVar
from weakref import ref

import numpy as np

from .devices import spread, sum_to, zeros_like_kind
from .dtypes import legacy_name
from .hooks import Hooks, RemovableHandle

FREED = (
    "Trying to backward through the graph a second time (or directly access saved tensors after "
    "they have already been freed). Saved intermediate values of the graph are freed when you "
    "call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward "
    "through the graph a second time or if you need to access saved tensors after calling backward."
)

new: Any = object.__new__
next_place = count(0, -1).__next__


# The threads whose operations leave no nodes. Operations look here, which is four times faster
# than at a threading.local, 3 % of a small training step; everything else asks `mode`.
paused: set[int] = set()


class _Watch:
    """Takes a thread off the list when it ends, for its number is given to another."""

    def __init__(self) -> None:
        self.thread = get_ident()

    def __del__(self, discard: Any = paused.discard) -> None:
        discard(self.thread)


class Mode:
    """What the current thread does with operations: `grad` says whether they leave nodes."""

    def __init__(self) -> None:
        self._thread = threading.local()

    @property
    def grad(self) -> bool:
        return get_ident() not in paused

    @grad.setter
    def grad(self, enabled: bool) -> None:
        if enabled:
            paused.discard(get_ident())
        else:
            if not hasattr(self._thread, "watch"):
                self._thread.watch = _Watch()
            paused.add(get_ident())


mode = Mode()

# Functions that are shown each new node: anomaly mode, saved_tensors_hooks.
watchers: list[Callable[[Node], None]] = []


def show(node: Node) -> None:
    """Show a node that an operation has just made to the watchers."""
    for watcher in watchers:
        watcher(node)


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
                gradients.append(target.fit(rule(g, *saved)))
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
        return self.saved_as_tensors() if as_tensors else self.saved

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

    def saved_as_tensors(self) -> list[Any]:
        """What was saved, arrays as Tensors tied to the graph, so that rules can run on Tensors."""
        return [
            value
            if value.__class__ in _NUMBERS or not hasattr(value, "ndim")
            else self._as_tensor(value, self._source_of(position))
            for position, value in enumerate(self.saved or ())
        ]

    def _as_tensor(self, value: Any, source: Node | None) -> Any:
        if source is None or source.dtype.itemsize >= value.dtype.itemsize:
            return self.tensor_type._tied(value, source)
        # It was saved in the type of the result: its own type first, and the change recorded.
        return self.tensor_type._tied(value.astype(source.dtype), source).type_as_dtype(value.dtype)

    def saved_value(self, position: int) -> Any:
        """What was saved at a position, an array as a tensor; RuntimeError if it was let go, or
        written over since."""
        value = self.unpacked()[position]
        source = self._source_of(position)
        if self.origins and self.origins[position] is not None and value.__class__ in (int, float):
            value = np.array(value)[()]  # a number beside a tensor, which PyTorch shows as a tensor
        if isinstance(source, AccumulateGrad) and source.array is value:
            return source.variable
        return self._as_tensor(value, source) if hasattr(value, "ndim") else value

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
            if isinstance(total._array, np.generic):
                total._array = total._array + g
            else:
                total._array += g
            if total._counter is not None:
                total._counter[0] += 1
        if self.hooks is not None:
            for hook in list(self.hooks.accumulated.values()):
                hook(self.variable)


class DeadEnd(AccumulateGrad):
    """Where the gradient of a view goes that was made under no_grad: nowhere, as in PyTorch."""

    __slots__ = ()

    def accumulate(self, g: Any) -> None:
        """Let the gradient go."""

    def as_result(self) -> tuple[None, int]:  # type: ignore[override]
        return None, 0


RESULT = -1  # among the `origins` of a node: what was saved is its own result
_NUMBERS = (float, int, bool, type(None), tuple)


class Output(Node):
    """One of the several results of an operation: hands its gradient to the operation's node."""

    __slots__ = ("number",)
    number: int

    @property
    def _operation(self) -> Any:
        return self.sources[0]

    def as_result(self) -> tuple[Node, int]:
        return self._operation, self.number

    def name(self) -> str:
        return self._operation.name()

    def vjp(self, g: Any, useful: set[Node] | None = None) -> list[Any]:
        return [Parts({self.number: g})]


class Parts(dict):
    """The gradients that have arrived for an operation with several results, by number."""

    shape = dtype = None

    def __add__(self, other: Parts) -> Parts:
        return Parts(self | {n: self[n] + g if n in self else g for n, g in other.items()})


class ManyResults(Node):
    """The node of an operation with several results; `shape` is the list of their shapes.

    Its rules take the list of the results' gradients, zeros where none arrived.
    """

    __slots__ = ()
    list_rules: ClassVar[Sequence[Callable[..., Any]]] = ()

    def fit(self, g: Any) -> Any:
        return g

    def vjp(self, g: Any, useful: set[Node] | None = None) -> list[Any]:
        some = next(iter(g.values()))
        parts = [
            g[i] if i in g else zeros_like_kind(some, shape, self.dtype)
            for i, shape in enumerate(self.shape)
        ]
        saved = self.unpacked(some.__class__ is self.tensor_type)
        return [
            None if target is None else target.fit(rule(parts, *saved))
            for rule, target in zip(self.list_rules, self.sources)
        ]


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
