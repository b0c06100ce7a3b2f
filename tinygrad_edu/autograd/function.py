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

from ..devices import zeros_like_kind
from ..graph import FREED, ManyResults, Node, mode, node_of, version_of
from ..operations import in_place


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


class FunctionNode(ManyResults):
    """What a call of `apply` leaves in the graph; attributes of its `ctx` can be read from it."""

    frees = True
    function: ClassVar[Any]  # the user's class

    def __init__(self, ctx: FunctionCtx, arguments: tuple[Any, ...], results: tuple[Any, ...]):
        tensors = [x for x in arguments if isinstance(x, self.tensor_type)]
        arrays: list[Any] = [getattr(z, "_array", None) for z in results]
        super().__init__(
            tuple([x._node for x in tensors]),
            [np.shape(array) for array in arrays],
            [None if array is None else array.dtype for array in arrays],
        )
        self.are_tensors = [isinstance(x, self.tensor_type) for x in arguments]
        self.outputs = {}
        self.ctx = ctx

    def __getattr__(self, name: str) -> Any:
        if name in ("ctx", "_metadata"):
            raise AttributeError(name)
        return getattr(self.ctx, name)

    def __repr__(self) -> str:
        return f"<torch.autograd.function.{self.name()} object at {id(self):#x}>"

    def save(self, tensors: tuple[Any, ...], results: list[Any]) -> None:
        """Keep the arrays of `tensors`, their versions, and where their gradients go."""
        names: list[Any] = []
        arrays: list[Any] = []
        for i, x in enumerate(tensors):
            if x is None:
                names.append(None)
                arrays.append(None)
                continue
            if not isinstance(x, self.tensor_type):
                raise TypeError(
                    f"save_for_backward can only save variables, but argument {i} is of type "
                    f"{type(x).__name__}. Keep it as an attribute: ctx.name = value."
                )
            numbers = [number for number, z in enumerate(results) if z is x]
            names.append(numbers[-1] if numbers else node_of(x))
            arrays.append(x._array)
            counter = version_of(x)
            self.versions += (counter, counter[0])
        self.saved_names, self.saved = names, tuple(arrays)

    def _source_of(self, position: int) -> Node | None:
        name = self.saved_names[position]
        return self.output(name) if isinstance(name, int) else name

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """See `FunctionCtx.saved_tensors`."""
        if self.saved is None and self.saved_names:
            raise RuntimeError(FREED)
        return tuple([self.saved_value(i) for i in range(len(self.saved_names))])

    def fit(self, g: Any) -> Any:
        return g

    def vjp(self, g: Any, useful: set[Node] | None = None) -> list[Any]:
        """What the user's backward returns for each tensor, given the gradients of the results."""
        some = next(iter(g.values()))
        returned = self.function.backward(
            self.ctx, *[self._incoming(g.get(i), i, some) for i in range(len(self.shape))]
        )
        gradients = self._of_tensors(returned if isinstance(returned, tuple) else (returned,))
        fitted = [self._fitted(d, i) for i, d in enumerate(gradients)]
        if some.__class__ is self.tensor_type:
            return fitted
        return [None if d is None else d._array for d in fitted]

    def _incoming(self, g: Any, number: int, some: Any) -> Any:
        dtype = self.dtype[number]
        if g is None:
            if not self.ctx._materialize or dtype is None:
                return None
            g = zeros_like_kind(some, self.shape[number], dtype)
        return g if g.__class__ is self.tensor_type else self.tensor_type._tied(g, None)

    def _of_tensors(self, returned: tuple[Any, ...]) -> list[Any]:
        """The gradients for the arguments that are tensors; the others must have None."""
        expected = len(self.are_tensors)
        if len(returned) < expected or any(d is not None for d in returned[expected:]):
            raise RuntimeError(
                f"function {self.name()} returned an incorrect number of gradients (expected "
                f"{expected}, got {len(returned)}): backward returns one for each argument of "
                "apply, None for those that have no gradient."
            )
        for i, (d, is_tensor) in enumerate(zip(returned, self.are_tensors)):
            if d is not None and not is_tensor:
                raise RuntimeError(
                    f"function {self.name()} returned a gradient different than None at position "
                    f"{i + 1}, but the corresponding forward input was not a Variable: return None."
                )
            if d is not None and not isinstance(d, self.tensor_type):
                raise RuntimeError(f"expected Variable or None (got {type(d).__name__})")
        return [d for d, is_tensor in zip(returned, self.are_tensors) if is_tensor]

    def _fitted(self, d: Any, i: int) -> Any:
        target = self.sources[i]
        if d is None or target is None:
            return None
        extra = d.ndim - len(target.shape)
        if extra < 0 or any(b not in (1, a) for a, b in zip(d.shape[extra:], target.shape)):
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

    node_class: ClassVar[type[FunctionNode]]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.node_class = type(f"{cls.__name__}Backward", (FunctionNode,), {"function": cls})

    def __init__(self, *arguments: Any) -> None:
        warnings.warn(
            f"{type(self)} should not be instantiated. Methods on autograd functions are all "
            "static, so you should invoke them on the class itself: call "
            f"{type(self).__name__}.apply(...).",
            DeprecationWarning,
            stacklevel=2,
        )

    def __call__(self, *arguments: Any) -> Any:
        """RuntimeError: a function is called by `apply`."""
        raise RuntimeError(
            "Legacy autograd function with non-static forward method is deprecated. Please use "
            f"new-style autograd function with static forward method, {type(self).__name__}.apply."
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
        ctx.needs_input_grad = tuple([getattr(x, "_requires_grad", False) for x in arguments])
        grad_mode, mode.grad = mode.grad, False
        try:
            output = cls.forward(*first, *arguments)
            if separate:
                cls.setup_context(ctx, arguments, output)
        finally:
            mode.grad = grad_mode
        results = cls._tied(ctx, arguments, output if isinstance(output, tuple) else (output,))
        return tuple(results) if isinstance(output, tuple) else results[0]

    @classmethod
    def _tied(cls, ctx: FunctionCtx, arguments: Any, outputs: tuple[Any, ...]) -> list[Any]:
        """The results of forward, with the function's node as their history."""
        if not all(_among(x, outputs) for x in ctx._dirty):
            raise RuntimeError(
                "Some elements marked as dirty during the forward method were not returned as "
                "output. The inputs that are modified inplace must all be outputs of the Function."
            )
        node = None
        if mode.grad and any(ctx.needs_input_grad):
            node = cls.node_class(ctx, arguments, outputs)
        results = [_result(z, i, node, ctx, arguments) for i, z in enumerate(outputs)]
        if node is not None:
            own = [r if _among(z, arguments) else z for z, r in zip(outputs, results)]
            node.save(ctx._to_save, own)
            ctx._node = weakref.ref(node)
        ctx._to_save = ctx._dirty = ctx._non_differentiable = ()
        return results


def _among(x: Any, things: tuple[Any, ...]) -> bool:
    return any(x is thing for thing in things)


def _result(z: Any, i: int, node: FunctionNode | None, ctx: FunctionCtx, arguments: Any) -> Any:
    """Result `i` of forward, as `apply` returns it."""
    if not isinstance(z, Node.tensor_type):
        return z
    if _among(z, ctx._dirty):
        in_place.bump(z)
        if node is not None:
            _check_dirty(z)
            in_place.rebase(z, node.output(i))
        return z
    tracked = node if z.is_floating_point() and not _among(z, ctx._non_differentiable) else None
    if _among(z, arguments) or z._base is not None:
        # Writing over a result that shares memory would change the history of the argument:
        # PyTorch forbids that, here the result has memory of its own.
        z = z.detach() if tracked is None else z.detach().clone()
    z._node = None if tracked is None else tracked.output(i)
    return z


def _check_dirty(z: Any) -> None:
    if z._node is not None and z.is_leaf:
        raise RuntimeError(
            "a leaf Variable that requires grad has been used in an in-place operation. "
            "Give the function a clone() of it."
        )
    if z._base is not None:
        raise RuntimeError(
            "A view was marked as dirty by a custom function, which is not supported here. "
            "Give the function a clone() of it."
        )


class DelayedError(Node):
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
        grad_mode, mode.grad = mode.grad, False
        try:
            returned = backward(ctx, *gradients)
        finally:
            mode.grad = grad_mode
        if not (mode.grad and any(g is not None and g._requires_grad for g in gradients)):
            return returned
        if not isinstance(returned, tuple):
            return _undifferentiable(returned)
        return tuple([_undifferentiable(d) for d in returned])

    return unrecorded


def _undifferentiable(d: Any) -> Any:
    if d is None:
        return None
    z = d.detach()
    z._node = DelayedError((), d._array.shape, d._array.dtype)
    return z
