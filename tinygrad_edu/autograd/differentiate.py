"""backward and grad: where a backward pass starts, which gradients it is to find, and what becomes
of them. The pass itself is in `engine`."""

from __future__ import annotations

import warnings
from threading import get_ident
from typing import Any

import numpy as np

from .. import engine
from ..devices import xp, zeros_like_kind
from ..graph import Node
from .graph import GradientEdge, Pass, asked, passes, target_of

NO_GRAPH = (
    "element {} of tensors does not require grad and does not have a grad_fn. No tensor that it "
    "was computed from requires a gradient: make one with requires_grad=True, outside of no_grad()."
)
# By argument: what is said, and raised, of an element of a wrong kind.
EXPECTED = {
    "outputs": (AssertionError, "Expected output to be a torch.Tensor"),
    "inputs": (RuntimeError, "all inputs have to be Tensors or GradientEdges"),
    "gradients": (TypeError, "gradients can be either Tensors or None"),
}


def _listed(argument: str, things: Any) -> list[Any]:
    """One tensor or edge in a list; several in a list of their own."""
    kinds = (Node.tensor_type, type(None) if argument == "gradients" else GradientEdge)
    if isinstance(things, kinds):
        return [things]
    error, expected = EXPECTED[argument]
    try:
        things = list(things)
    except TypeError:
        raise TypeError(f"{expected}, but got {type(things).__name__}") from None
    for thing in things:
        if not isinstance(thing, kinds):
            raise error(f"{expected}, but got {type(thing).__name__}")
    return things


def _one(x: Any) -> Any:
    """The gradient of the array `x`, of one element, for itself."""
    if x.size != 1:
        raise RuntimeError(
            "grad can be implicitly created only for scalar outputs. This one has the shape "
            f"{list(x.shape)}: reduce it first, with .sum() or .mean(), or say where to start "
            "with backward(gradient=...)."
        )
    return type(x)(1) if isinstance(x, np.generic) else xp(x).ones(x.shape, x.dtype)


def _roots(outputs: list[Any], gradients: Any, create_graph: bool) -> tuple[list[Any], list[Any]]:
    """The nodes where backward starts, and the gradients that it starts with."""
    gradients = [None] * len(outputs) if gradients is None else _listed("gradients", gradients)
    if len(gradients) != len(outputs):
        raise RuntimeError(f"got {len(outputs)} tensors and {len(gradients)} gradients")
    nodes, starts = [], []
    for i, (output, g) in enumerate(zip(outputs, gradients)):
        node = target_of(output)
        if node is None:
            raise RuntimeError(NO_GRAPH.format(i))
        # An edge has no array, but its node knows what that would be like.
        is_edge = isinstance(output, GradientEdge)
        x = np.empty(node.shape, node.dtype) if is_edge else output._array
        if g is None:
            g = Node.tensor_type._tied(_one(x), None)
        elif g._array.shape != x.shape:
            raise RuntimeError(
                f"Mismatch in shape: grad_output[{i}] has a shape of {g.shape} and output[{i}] "
                f"has a shape of torch.Size({list(x.shape)})."
            )
        elif g._array.dtype is not x.dtype:
            g = g.type_as_dtype(x.dtype)
        nodes.append(node)
        starts.append(g if create_graph else g._array)
    return nodes, starts


def _inputs(function: str, inputs: Any) -> list[Any]:
    inputs = _listed("inputs", inputs)
    if not inputs:
        raise RuntimeError(f"`inputs` argument to `{function}()` cannot be empty.")
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
    usual = grad_tensors is None and inputs is None and not (create_graph or asked)
    if usual and hasattr(tensors, "_array"):
        # loss.backward(), 2 microseconds faster than by way of the lists below
        if tensors._node is None:
            raise RuntimeError(NO_GRAPH.format(0))
        start = _one(tensors._array)
        engine.run((tensors._node,), (start,), bool(retain_graph), False, results=(tensors,))
        return
    tensors = _listed("outputs", tensors)
    inputs = None if inputs is None else _inputs("backward", inputs)
    if create_graph:
        warnings.warn(
            "Using backward() with create_graph=True will create a reference cycle between the "
            "parameter and its gradient which can cause a memory leak. Use autograd.grad, or set "
            ".grad to None when you are done with it.",
            UserWarning,
            stacklevel=3,
        )
    roots, starts = _roots(tensors, grad_tensors, create_graph)
    for x in inputs or ():
        if not isinstance(x, GradientEdge):
            x.retain_grad()
    wanted = None if inputs is None else [target_of(x) for x in inputs]
    _run(tensors, roots, starts, retain_graph, create_graph, wanted, capture=False)


def _run(
    outputs: Any,
    roots: Any,
    starts: Any,
    retain: bool | None,
    create_graph: bool,
    wanted: Any,
    capture: bool,
) -> Any:
    """`engine.run`, noted for those who ask which pass is running."""
    keep = create_graph if retain is None else retain
    thread = get_ident()
    outer, passes[thread] = passes.get(thread), Pass(roots, wanted)
    try:
        tensors = [z for z in outputs if hasattr(z, "_array")]
        return engine.run(roots, starts, keep, create_graph, wanted, capture, tensors)
    finally:
        passes[thread] = outer


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
    outputs, inputs = _listed("outputs", outputs), _inputs("grad", inputs)
    roots, starts = _roots(outputs, grad_outputs, create_graph)
    wanted = [target_of(x) for x in inputs]
    if None in wanted:
        raise RuntimeError(
            "One of the differentiated Tensors does not require grad. Make it with "
            "requires_grad=True."
        )
    caught = _run(outputs, roots, starts, retain_graph, create_graph, wanted, capture=True)
    return tuple(
        [
            _found(x, caught.get(node), i, allow_unused, materialize_grads, create_graph)
            for i, (x, node) in enumerate(zip(inputs, wanted))
        ]
    )


def _found(x: Any, g: Any, i: int, allow_unused: Any, materialize: bool, create_graph: bool) -> Any:
    """What `grad` returns for its input `x`, for which `g` was found, or None."""
    if g is not None:
        if g.__class__ is Node.tensor_type:
            return g
        return Node.tensor_type._tied(g if isinstance(g, np.generic) else g.copy(), None)
    if materialize:
        if isinstance(x, GradientEdge):
            raise RuntimeError(
                "materialize_grads cannot be used when the given input is a GradientEdge: give "
                "the tensor itself"
            )
        return zeros_like_kind(x, x.shape, x._array.dtype).requires_grad_(create_graph)
    if allow_unused:
        return None
    raise RuntimeError(
        f"The differentiated Tensor at index {i} appears to not have been used in the graph. "
        "Set allow_unused=True if this is the desired behavior."
    )
