"""torch.autograd.Function: an operation whose forward and backward the user writes.

`Function.apply` runs the user's forward unrecorded, then puts one node into the graph for all its
results; when backward comes to that node, it runs the user's backward. What forward leaves for
backward is kept by a FunctionCtx, the `ctx` of both. Operations of this package are made by
`operations.record` instead.
"""

from __future__ import annotations

import functools
import inspect
import warnings
import weakref
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from ..graph import Node, version_of
from ..hooks import _tensor
from ..modes import mode, show, watchers
from ..operations import in_place
from ..saved import FREED, SavedTensor
from ..several import ManyResults
from .grad_mode import no_grad


class FunctionCtx:
    """What one call of forward leaves for backward. Any attribute may be added to it.

    `needs_input_grad` says for each argument of `apply` whether it is a tensor that requires a
    gradient.
    """

    needs_input_grad: tuple[bool, ...] = ()
    _to_save: tuple[Any, ...] = ()
    _dirty: tuple[Any, ...] = ()
    _non_differentiable: tuple[Any, ...] = ()
    _materialize = True
    _materialize_non_diff_grads = True
    _node: Any = None  # weak, because the node holds this

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep tensors (or None) for `saved_tensors` in backward; a second call replaces them.

        Only so does backward notice that one was written over since. Raises TypeError in `apply`
        for anything else: keep that as an attribute.
        """
        self._to_save = tensors

    def mark_dirty(self, *tensors: Any) -> None:
        """Say which arguments forward wrote over; it must return them."""
        self._dirty = tensors

    def mark_non_differentiable(self, *tensors: Any) -> None:
        """Say which results have no gradient."""
        self._non_differentiable = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """Whether backward is given zeros, not None, for results that got no gradient."""
        self._materialize = value

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """The tensors of `save_for_backward`. RuntimeError if one was written over since, or after
        backward let go of them."""
        if self._node is None:
            return ()
        node = self._node()
        if node is None:
            raise RuntimeError(FREED)
        return node.saved_tensors

    @property
    def saved_variables(self) -> tuple[Any, ...]:
        """The old name of `saved_tensors`."""
        text = "'saved_variables' is deprecated; use 'saved_tensors'"
        warnings.warn(text, DeprecationWarning, stacklevel=2)
        return self.saved_tensors


class FunctionNode(ManyResults):
    """What a call of `apply` leaves in the graph; attributes of its `ctx` can be read from it."""

    frees = True
    function: ClassVar[Any]  # the user's class
    __call__: Any = None  # as in PyTorch, where only nodes of its own operations can be called

    def __init__(self, ctx: FunctionCtx, arguments: tuple[Any, ...], results: tuple[Any, ...]):
        tensors = [x for x in arguments if isinstance(x, self.tensor_type)]
        arrays: list[Any] = [getattr(z, "_array", None) for z in results]
        shapes, dtypes = [np.shape(a) for a in arrays], [getattr(a, "dtype", None) for a in arrays]
        super().__init__(tuple([x._node for x in tensors]), shapes, dtypes)
        self.single = len(results) == 1
        if self.single:
            self.shape, self.dtype = shapes[0], dtypes[0]
        self.are_tensors = [isinstance(x, self.tensor_type) for x in arguments]
        self.constants = [i for i, z in enumerate(results) if _among(z, ctx._non_differentiable)]
        self.outputs = {}
        self.ctx = ctx

    def __getattr__(self, name: str) -> Any:
        if name in ("ctx", "_metadata"):
            raise AttributeError(name)
        return getattr(self.ctx, name)

    def __repr__(self) -> str:
        return f"<torch.autograd.function.{self.name()} object at {id(self):#x}>"

    def output(self, number: int) -> Node:
        """The node to which the gradient of a result goes: this one, if there is no other."""
        return self if self.single else super().output(number)

    def save(self, tensors: tuple[Any, ...], results: list[Any], inputs: tuple[Any, ...]) -> None:
        """Keep the arrays of `tensors`, their versions, and where their gradients go."""
        self.made_by: list[Any] = []  # the node of each, or which result it is
        for i, x in enumerate(tensors):
            if x is not None and not isinstance(x, self.tensor_type):
                raise TypeError(
                    f"save_for_backward can only save variables, but argument {i} is of type "
                    f"{type(x).__name__}. Keep it as an attribute: ctx.name = value."
                )
            tracked = getattr(x, "requires_grad", False)
            own = [n for n, z in enumerate(results) if z is x and tracked]
            self.made_by.append(own[-1] if own else getattr(x, "_node", None))
        self.saved = tuple([getattr(x, "_array", None) for x in tensors])
        counters = [version_of(x) for x in tensors if x is not None]
        self.versions = tuple([part for counter in counters for part in (counter, counter[0])])
        if watchers:
            show(self, results[0], *inputs)

    def _source_of(self, position: int) -> Node | None:
        source = self.made_by[position]
        return self.output(source) if isinstance(source, int) else source

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """See `FunctionCtx.saved_tensors`."""
        return tuple([self.saved_value(i) for i in range(len(self.made_by))])

    @property
    def _raw_saved_tensors(self) -> tuple[Any, ...]:
        return tuple([SavedTensor.of(self, i) for i in range(len(self.saved_tensors))])

    def fit(self, g: Any) -> Any:
        return Node.fit(self, g) if self.single else g

    def missing(self, number: int, some: Any) -> Any:
        wanted = self.ctx._materialize_non_diff_grads or number not in self.constants
        if self.ctx._materialize and wanted and self.dtype[number] is not None:
            return super().missing(number, some)
        return None

    def vjp(self, g: Any, useful: set[Node] | None = None) -> list[Any]:
        """What the user's backward returns for each tensor, given the gradients of the results."""
        if self.single:
            given = [g]
        else:
            some = next(iter(g.values()))
            given = [g[i] if i in g else self.missing(i, some) for i in range(len(self.shape))]
        returned = self._backward()(self.ctx, *[_tensor(d, self) for d in given])
        gradients = self._checked(returned if isinstance(returned, tuple) else (returned,))
        if any([isinstance(d, self.tensor_type) for d in given]):
            return gradients
        return [None if d is None else d._array for d in gradients]

    def _backward(self) -> Callable[..., Any]:
        backward, vjp = self.function.backward, self.function.vjp
        if vjp is not Function.vjp and backward is not Function.backward:
            raise RuntimeError(
                "Implementing both 'backward' and 'vjp' for a custom Function is not allowed. You "
                "should only implement one of them."
            )
        return backward if vjp is Function.vjp else vjp

    def _checked(self, returned: tuple[Any, ...]) -> list[Any]:
        """The gradients for the arguments that are tensors; the others must have None."""
        expected = len(self.are_tensors)
        if len(returned) < expected or any([d is not None for d in returned[expected:]]):
            raise RuntimeError(
                f"function {self.name()} returned an incorrect number of gradients (expected "
                f"{expected}, got {len(returned)}): backward returns one for each argument of "
                "apply, None for those that have no gradient."
            )
        gradients: list[Any] = []
        for i, (d, is_tensor) in enumerate(zip(returned, self.are_tensors)):
            if is_tensor:
                gradients.append(self._fitted(d, len(gradients)))
            elif d is not None:
                raise RuntimeError(
                    f"function {self.name()} returned a gradient different than None at position "
                    f"{i + 1}, but the corresponding forward input was not a Variable: return None."
                )
        return gradients

    def _fitted(self, d: Any, i: int) -> Any:
        """The gradient `d` of tensor `i`, in its shape and type."""
        target = self.sources[i]
        if d is not None and not isinstance(d, self.tensor_type):
            raise RuntimeError(f"expected Variable or None (got {type(d).__name__})")
        if d is None or target is None:
            return None
        extra = d.ndim - len(target.shape)
        if extra < 0 or any([b not in (1, a) for a, b in zip(d.shape[extra:], target.shape)]):
            raise RuntimeError(
                f"Function {self.name()} returned an invalid gradient at index {i} - got "
                f"{list(d.shape)} but expected shape compatible with {list(target.shape)}"
            )
        return target.fit(d)


class Function:
    """An operation of one's own: subclass it, write `forward` and `backward`, call `apply`.

    `forward(ctx, *arguments)` computes a tensor or a tuple of tensors; `backward(ctx, *grads)` is
    given one gradient per result and returns one per argument, None for those that have none.
    Instead, `forward` may take the arguments alone, with `setup_context(ctx, inputs, output)` to
    keep what backward needs. If backward is made of differentiable operations, its gradients can
    be differentiated again.

    >>> import tinygrad_edu as torch
    >>> class Cube(torch.autograd.Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         ctx.save_for_backward(x)
    ...         return x**3
    ...     @staticmethod
    ...     def backward(ctx, g):
    ...         x, = ctx.saved_tensors
    ...         return 3 * x**2 * g
    >>> x = torch.tensor(2., requires_grad=True)
    >>> y = Cube.apply(x)
    >>> y
    tensor(8., grad_fn=<CubeBackward>)
    >>> y.backward()
    >>> x.grad
    tensor(12.)
    """

    _backward_cls: ClassVar[type[FunctionNode]]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls._backward_cls = type(f"{cls.__name__}Backward", (FunctionNode,), {"function": cls})

    def __init__(self, *arguments: Any) -> None:
        text = f"{type(self)} should not be instantiated: call {type(self).__name__}.apply(...)."
        warnings.warn(text, DeprecationWarning, stacklevel=2)

    def __call__(self, *arguments: Any) -> Any:
        """RuntimeError: a function is called by `apply`."""
        raise RuntimeError(
            "Legacy autograd function with non-static forward method is deprecated. Please call "
            f"{type(self).__name__}.apply(...) with a static forward method."
        )

    @staticmethod
    def forward(*arguments: Any) -> Any:
        """Compute the result; to be written by the user."""
        raise NotImplementedError(
            "You must implement the forward function for custom autograd.Function."
        )

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        """Keep in `ctx` what backward needs, if `forward` does not take `ctx` itself."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Compute the gradients of the arguments; to be written by the user."""
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom "
            "autograd.Function to use it with backward mode AD."
        )

    vjp = backward

    @classmethod
    def apply(cls, *arguments: Any, **options: Any) -> Any:
        """Run forward, and put the function into the graph if an argument requires a gradient."""
        ctx = FunctionCtx()
        separate = cls.setup_context is not Function.setup_context
        first = () if separate else (ctx,)
        if separate or options:
            bound = inspect.signature(cls.forward).bind(*first, *arguments, **options)
            bound.apply_defaults()
            arguments = bound.args[len(first) :]
        ctx.needs_input_grad = tuple([getattr(x, "requires_grad", False) for x in arguments])
        with no_grad():
            output = cls.forward(*first, *arguments)
            if separate:
                cls.setup_context(ctx, arguments, output)
        results = cls._tied(ctx, arguments, output if isinstance(output, tuple) else (output,))
        return tuple(results) if isinstance(output, tuple) else results[0]

    @classmethod
    def _tied(cls, ctx: FunctionCtx, arguments: Any, outputs: tuple[Any, ...]) -> list[Any]:
        """The results of forward, with the function's node as their history."""
        if not all([_among(x, outputs) for x in ctx._dirty]):
            raise RuntimeError(
                "Some elements marked as dirty during the forward method were not returned as "
                "output. The inputs that are modified inplace must all be outputs of the Function."
            )
        node = None
        if mode.grad and any(ctx.needs_input_grad):
            node = cls._backward_cls(ctx, arguments, outputs)
        made = "function" if len(outputs) == 1 else "several"
        results = [_result(z, i, node, ctx, arguments, made) for i, z in enumerate(outputs)]
        if node is not None:
            node.save(ctx._to_save, results, arguments)
            ctx._node = weakref.ref(node)
        ctx._to_save = ctx._dirty = ctx._non_differentiable = ()
        return results


class InplaceFunction(Function):
    """A Function that writes over an argument; its forward says which, by `ctx.mark_dirty`."""


def _among(x: Any, things: tuple[Any, ...]) -> bool:
    return any([x is thing for thing in things])


def _result(z: Any, i: int, node: Any, ctx: FunctionCtx, arguments: Any, made: str) -> Any:
    """Result `i` of forward, as `apply` returns it."""
    if not isinstance(z, Node.tensor_type):
        return z
    given, dirty = _among(z, arguments), _among(z, ctx._dirty)
    tracked = node is not None and z.is_floating_point() and not _among(z, ctx._non_differentiable)
    if dirty:
        in_place.bump(z)
        _check_dirty(z, given, tracked, made)
    if given and not tracked and z.requires_grad:
        return z.detach()
    if tracked and dirty:
        in_place.rebase(z, node.output(i))
        return z
    if given and not dirty:
        with no_grad():
            z = z.view(z.shape)  # a tensor of its own, in the same memory
    if tracked:
        z._node = node.output(i)
    elif z._base is None:
        z._node = None
    if z._base is not None and mode.grad and not dirty:
        z._made = made
    return z


def _check_dirty(z: Any, given: bool, tracked: bool, made: str) -> None:
    if not given:
        warnings.warn(
            "ctx.mark_dirty() received a tensor that was not an input. Only arguments that forward "
            "wrote over should be passed to it.",
            stacklevel=5,
        )
    if tracked and z.requires_grad and z.is_leaf:
        raise RuntimeError(
            "a leaf Variable that requires grad has been used in an in-place operation. "
            "Give the function a clone() of it."
        )
    if tracked and z._base is not None and made == "several":
        raise RuntimeError(
            "If your Function modifies inplace an input that is a view of another Tensor, your "
            "Function cannot return more than one Tensor. Give it a clone() of the view."
        )


class Error(Node):
    """The history of a gradient that cannot be differentiated again."""

    __slots__ = ()

    def name(self) -> str:
        return "torch::autograd::Error"

    def vjp(self, g: Any, useful: set[Node] | None = None) -> list[Any]:
        raise RuntimeError(
            "trying to differentiate twice a function that was marked with @once_differentiable"
        )


def once_differentiable(backward: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a `backward` whose gradients cannot be differentiated again, as when it computes
    with NumPy; to try is a RuntimeError."""

    @functools.wraps(backward)
    def unrecorded(ctx: Any, *gradients: Any) -> Any:
        with no_grad():
            returned = backward(ctx, *gradients)
        if not (mode.grad and any([g is not None and g.requires_grad for g in gradients])):
            return returned
        if isinstance(returned, tuple):
            return tuple([_undifferentiable(d) for d in returned])
        return _undifferentiable(returned)

    return unrecorded


def _undifferentiable(d: Any) -> Any:
    """The gradient `d`, with a history that says no."""
    return d if d is None else d._tied(d._array, Error((), d._array.shape, d._array.dtype))
