"""torch.autograd's namespace: backward, grad, and the modes that switch recording on and off."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Sequence
from threading import get_ident
from typing import Any

import numpy as np

from .. import engine
from ..devices import xp
from ..graph import Node, mode, new, node_of, paused
from ..operations.record import check_tensor
from . import function
from .function import Function
from .gradcheck import GradcheckError, gradcheck, gradgradcheck

NO_GRAPH = (
    "element {} of tensors does not require grad and does not have a grad_fn. No tensor that it "
    "was computed from requires a gradient: make one with requires_grad=True, outside of no_grad()."
)


def _listed(tensors: Any) -> list[Any]:
    return list(tensors) if isinstance(tensors, (tuple, list)) else [tensors]


def _start(tensor: Any, gradient: Any, i: int, create_graph: bool) -> Any:
    """The gradient with which backward starts at `tensor`: `gradient`, or 1 for one element."""
    x = tensor._array
    if gradient is None:
        if x.size != 1:
            raise RuntimeError(
                "grad can be implicitly created only for scalar outputs. This one has the shape "
                f"{list(x.shape)}: reduce it first, with .sum() or .mean(), or say where to start "
                "with backward(gradient=...)."
            )
        one = type(x)(1) if isinstance(x, np.generic) else xp(x).ones(x.shape, x.dtype)
        return tensor._tied(one, None) if create_graph else one
    if gradient._array.shape != x.shape:
        raise RuntimeError(
            f"Mismatch in shape: grad_output[{i}] has a shape of {gradient.shape} and output[{i}] "
            f"has a shape of {tensor.shape}."
        )
    if create_graph:
        return gradient.type_as_dtype(x.dtype)
    return gradient._array.astype(x.dtype, copy=False)


def _roots(tensors: list[Any], gradients: Any, create_graph: bool) -> tuple[list[Any], list[Any]]:
    """The nodes where backward starts, and the gradients that it starts with."""
    gradients = [None] * len(tensors) if gradients is None else _listed(gradients)
    for gradient in gradients:
        if gradient is not None and not hasattr(gradient, "_array"):
            raise TypeError(
                f"gradients can be either Tensors or None, but got {type(gradient).__name__}"
            )
    if len(gradients) != len(tensors):
        raise RuntimeError(f"got {len(tensors)} tensors and {len(gradients)} gradients")
    nodes, starts = [], []
    for i, (tensor, gradient) in enumerate(zip(tensors, gradients)):
        check_tensor("backward", tensor, argument="tensors")
        if not tensor._requires_grad:
            raise RuntimeError(NO_GRAPH.format(i))
        nodes.append(tensor._node or node_of(tensor))
        starts.append(_start(tensor, gradient, i, create_graph))
    return nodes, starts


def _inputs(function: str, inputs: Any) -> list[Any]:
    """The tensors to differentiate for; each must require a gradient."""
    inputs = _listed(inputs)
    if not inputs:
        raise RuntimeError(f"`inputs` argument to `{function}()` cannot be empty.")
    for tensor in inputs:
        check_tensor(function, tensor, argument="inputs")
        if not tensor._requires_grad:
            said = {
                "grad": "One of the differentiated Tensors does not require grad",
                "backward": "can't retain_grad on Tensor that has requires_grad=False",
            }
            raise RuntimeError(f"{said[function]}. Make it with requires_grad=True.")
    return inputs


def backward(
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Any = None,
) -> None:
    """Add the gradients of `tensors` to the `.grad` of the leaves they were computed from.

    `tensors` is a tensor or a sequence, `grad_tensors` the gradients to start with (None: 1 for
    a tensor of one element). See `Tensor.backward`.

    >>> import tinygrad_edu as torch
    >>> x = torch.tensor(2., requires_grad=True)
    >>> torch.autograd.backward([x * 3, x * x])
    >>> x.grad
    tensor(7.)
    """
    if grad_tensors is None and inputs is None and not create_graph and hasattr(tensors, "_array"):
        # the usual loss.backward(), 2 microseconds faster than by way of the lists below
        if not tensors._requires_grad:
            raise RuntimeError(NO_GRAPH.format(0))
        start = _start(tensors, None, 0, False)
        engine.run((node_of(tensors),), (start,), bool(retain_graph), False)
        return
    tensors = _listed(tensors)
    if inputs is not None:
        inputs = _inputs("backward", inputs)
    if create_graph:
        warnings.warn(
            "Using backward() with create_graph=True will create a reference cycle between the "
            "parameter and its gradient which can cause a memory leak. We recommend using "
            "autograd.grad when creating the graph to avoid this. If you have to use this "
            "function, make sure to reset the .grad fields of your parameters to None after use "
            "to break the cycle and avoid the leak.",
            UserWarning,
            stacklevel=3,
        )
    roots, starts = _roots(tensors, grad_tensors, create_graph)
    keep = create_graph if retain_graph is None else retain_graph
    if inputs is None:
        engine.run(roots, starts, keep, create_graph)
        return
    wanted = {node_of(tensor): tensor for tensor in inputs}
    caught = engine.run(roots, starts, keep, create_graph, list(wanted))
    for target, g in caught.items():
        _accumulate(wanted[target], target, g)


def _accumulate(tensor: Any, target: Any, g: Any) -> None:
    if tensor.is_leaf:
        target.accumulate(g)
    else:
        g = g if g.__class__ is tensor.__class__ else tensor._tied(g.copy(), None)
        keeper = tensor._kept_by()
        keeper.grad = g if keeper.grad is None else keeper.grad + g


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Any, ...]:
    """The gradients of the sum of `outputs` for each of `inputs`, as a tuple; no `.grad` changes.

    With `create_graph` the gradients can be differentiated again. An input that the outputs do
    not depend on is a RuntimeError, or None with `allow_unused`, or zeros with
    `materialize_grads`.

    >>> import tinygrad_edu as torch
    >>> x = torch.tensor(2., requires_grad=True)
    >>> slope, = torch.autograd.grad(x ** 3, x, create_graph=True)
    >>> torch.autograd.grad(slope, x)
    (tensor(12.),)
    """
    if is_grads_batched:
        raise NotImplementedError("is_grads_batched is not available here: loop over the gradients")
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "Expected allow_unused to be True or not passed when materialize_grads=True, "
            "but got: allow_unused=False."
        )
    outputs, inputs = _listed(outputs), _inputs("grad", inputs)
    roots, starts = _roots(outputs, grad_outputs, create_graph)
    wanted = [node_of(tensor) for tensor in inputs]
    keep = create_graph if retain_graph is None else retain_graph
    caught = engine.run(roots, starts, keep, create_graph, wanted)
    return tuple(
        _result(tensor, caught.get(target), i, allow_unused, materialize_grads, create_graph)
        for i, (tensor, target) in enumerate(zip(inputs, wanted))
    )


def _result(
    tensor: Any, g: Any, i: int, allow_unused: Any, materialize: bool, create_graph: bool
) -> Any:
    if g is not None:
        return (
            g
            if g.__class__ is tensor.__class__
            else tensor._tied(g if isinstance(g, np.generic) else g.copy(), None)
        )
    if materialize:
        x = tensor._array
        zeros = tensor._tied(xp(x).zeros(x.shape, x.dtype), None)
        zeros._requires_grad = create_graph
        return zeros
    if allow_unused:
        return None
    raise RuntimeError(
        f"The differentiated Tensor at index {i} appears to not have been used in the graph. "
        "Set allow_unused=True if this is the desired behavior."
    )


class _ModeGuard:
    """A grad mode as a `with` block and as a decorator; the mode before returns at the end."""

    __slots__ = ("before",)
    enabled = False

    def __enter__(self) -> None:
        thread = get_ident()
        self.before = thread not in paused
        if self.enabled:
            paused.discard(thread)
        else:
            paused.add(thread)

    def __exit__(self, *exception: object) -> None:
        if self.before:
            paused.discard(get_ident())
        else:
            paused.add(get_ident())

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def with_mode(*arguments: Any, **options: Any) -> Any:
            with self._again():
                return function(*arguments, **options)

        return with_mode

    def _again(self) -> _ModeGuard:
        return type(self)()


class no_grad(_ModeGuard):
    """Operations inside leave no nodes: `with torch.no_grad():`, or `@torch.no_grad()`.

    >>> import tinygrad_edu as torch
    >>> w = torch.tensor(1., requires_grad=True)
    >>> with torch.no_grad():
    ...     w -= 0.5
    >>> w
    tensor(0.5000, requires_grad=True)
    """

    def __new__(cls, function: Callable[..., Any] | None = None) -> Any:
        return new(cls) if function is None else new(cls)(function)


class inference_mode(no_grad):
    """As `no_grad`."""


class enable_grad(no_grad):
    """Operations inside leave nodes again, within a `no_grad`."""

    enabled = True


class set_grad_enabled(_ModeGuard):
    """Switch recording on or off at once, or for a `with` block."""

    def __init__(self, mode: bool) -> None:
        if not isinstance(mode, bool):
            raise TypeError(
                f"set_grad_enabled(): argument 'enabled' (position 1) must be bool, not "
                f"{type(mode).__name__}"
            )
        self.enabled = mode
        self.before = _switch(self.enabled)

    def __enter__(self) -> None:
        mode.grad = self.enabled

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        mode.grad = self.before
        return super().__call__(function)

    def _again(self) -> _ModeGuard:
        return set_grad_enabled(self.enabled)

    def __repr__(self) -> str:
        return f"torch.autograd.grad_mode.set_grad_enabled(mode={self.enabled})"


def _switch(enabled: bool) -> bool:
    before, mode.grad = mode.grad, enabled
    return before


def is_grad_enabled() -> bool:
    """Whether operations on this thread are recorded now."""
    return mode.grad


__all__: Sequence[str] = (
    "Function",
    "GradcheckError",
    "Node",
    "backward",
    "enable_grad",
    "function",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "inference_mode",
    "is_grad_enabled",
    "no_grad",
    "set_grad_enabled",
)
