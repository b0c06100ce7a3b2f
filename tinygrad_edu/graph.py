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
from typing import Any, ClassVar
from weakref import WeakSet, ref

import numpy as np

from .devices import has_memory, spread, sum_to
from .hooks import Hooks, RemovableHandle
from .saved import Saving

new: Any = object.__new__
next_place = count(0, -1).__next__


class Node(Saving):
    """One operation of the graph, seen from backward.

    Subclasses are named as in PyTorch (`MulBackward0`) and hold the rules. What was saved for them
    is the business of `Saving`.
    """

    __slots__ = (
        "__weakref__",
        "_metadata",
        "dtype",
        "place",
        "shape",
    )

    rules: ClassVar[Sequence[Callable[..., Any]]] = ()
    untracked_inputs: ClassVar[int] = 0  # numbers, which PyTorch counts as tensors, after `sources`
    is_operation: ClassVar[bool] = True  # and no end of a path
    full: ClassVar[bool] = False  # whether rules turn one number for all elements into an array

    sources: tuple[Node | None, ...]  # by input: the node its gradient goes to, if it is wanted
    shape: Any  # of the result
    dtype: Any
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
        computed += (None,) * (len(self.next_functions) - len(computed))  # for a plain number
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
            if array.__class__ is not np.ndarray and not has_memory(array):
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
