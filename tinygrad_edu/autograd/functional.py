"""torch.autograd.functional: Jacobians and Hessians of a function, and their products with a
vector, all made of `grad`.

`func` takes tensors and returns a tensor or a tuple of tensors; `inputs` is a tensor or a tuple,
and `v` is like the inputs or like the results. With `create_graph` the answers can be
differentiated again; with `strict` it is a RuntimeError, not zeros, if one does not depend on
another. Anything but tensors is a TypeError, a `v` of another shape a RuntimeError.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..devices import xp
from ..graph import Node
from ..operations.shapes import stack
from .differentiate import grad
from .grad_mode import enable_grad

Tensors = tuple[Any, ...]
INDEPENDENT = "The output of the user-provided function is independent of input {}."
CONSTANT = "The {} of the user-provided function is independent of input {{}}."
TRICK = (
    "The gradient with respect to the input is independent of entry {} in the grad_outputs when "
    "using the double backward trick to compute forward mode gradients."
)
STRAIGHT = (
    "While computing the hessian, found that the jacobian of the user-provided function with "
    "respect to input {} is independent of the input."
)
NO_GRADIENT = "Output {} of the user-provided function does not require gradients."


def _tuple(things: Any, what: str, function: str) -> tuple[bool, Tensors]:
    """Whether it was a tuple, and a tuple of tensors."""
    several = isinstance(things, tuple)
    things = things if several else (things,)
    for i, thing in enumerate(things):
        if not isinstance(thing, Node.tensor_type):
            where = f"value at index {i}" if several else f"given {what}"
            raise TypeError(
                f"The {what} given to {function} must be either a Tensor or a tuple of Tensors "
                f"but the {where} has type {type(thing)}."
            )
    return several, things


def _fresh(tensors: Tensors, create_graph: bool, track: bool = True) -> Tensors:
    """New tensors of the same numbers, so that what `func` captures is not taken for an input."""
    return tuple(
        [
            x.view(x.shape)
            if create_graph and x.requires_grad
            else x.detach().requires_grad_(track)
            for x in tensors
        ]
    )


def _started(
    function: str, func: Any, inputs: Any, create_graph: bool, strict: bool, scalar: bool = False
) -> tuple[bool, Tensors, bool, Tensors]:
    """The inputs, and what `func` makes of them, each with whether it is a tuple."""
    several, xs = _tuple(inputs, "inputs", function)
    xs = _fresh(xs, create_graph)
    many, ys = _tuple(func(*xs), "outputs of the user-provided function", function)
    _check(ys, strict, NO_GRADIENT, NO_GRADIENT)
    if scalar and many:
        raise RuntimeError(f"The function given to {function} should return a single Tensor")
    if scalar and ys[0].numel() != 1:
        raise RuntimeError(
            f"The Tensor returned by the function given to {function} should contain a single "
            "element"
        )
    return several, xs, many, ys


def _vector(v: Any, like: Tensors, several: bool, function: str, create_graph: bool) -> Any:
    """`v` as a tuple of tensors of the shapes of `like`; None if that is a single number."""
    if v is None:
        if len(like) != 1 or like[0].numel() != 1:
            user = "user-provided function"
            place = f"{user} returns" if function == "vjp" else f"input to the {user} is"
            raise RuntimeError(
                f"The vector v can only be None if the {place} a single Tensor with a single "
                "element."
            )
        return None
    v = _fresh(_tuple(v, "v", function)[1], create_graph, track=False)
    if len(v) != len(like):
        raise RuntimeError(
            f"v is a tuple of invalid length: should be {len(like)} but got {len(v)}."
            if several
            else "The given v should contain a single Tensor."
        )
    for i, (a, b) in enumerate(zip(v, like)):
        if a.shape != b.shape:
            entry = f"Entry {i} in " if several else ""
            raise RuntimeError(f"{entry}v has invalid size: should be {b.shape} but got {a.shape}.")
    return v


def _gradients(ys: Any, xs: Tensors, v: Any, create_graph: bool, keep: bool = False) -> Any:
    """For each of `xs` the gradient of `ys`, None where nothing depends on it."""
    pairs = [(y, g) for y, g in zip(ys, v or [None] * len(ys)) if y is not None and y.requires_grad]
    if not pairs:
        return (None,) * len(xs)
    outputs, starts = zip(*pairs)
    return grad(outputs, xs, starts, keep or None, create_graph, allow_unused=True)


def _check(tensors: Sequence[Any], strict: bool, absent: str, constant: str = "") -> None:
    """In strict mode, RuntimeError for a gradient that is absent, or, if it should be
    differentiable, constant."""
    for i, g in enumerate(tensors if strict else ()):
        if g is None or (constant and not g.requires_grad):
            said = (absent if g is None else constant).format(i)
            raise RuntimeError(f"{said} This is not allowed in strict mode.")


def _zeros(x: Any) -> Any:
    return x._tied(xp(x._array).zeros_like(x._array), None)


def _filled(grads: Any, like: Tensors) -> Tensors:
    """The gradients, zeros where nothing depends on an input."""
    return tuple([_zeros(x) if g is None else g for g, x in zip(grads, like)])


def _finished(tensors: Tensors, several: bool, create_graph: bool) -> Any:
    """The tensors as the user is given them: alone or in a tuple, without a graph unless asked."""
    results = tensors if create_graph else tuple([x.detach() for x in tensors])
    return results if several else results[0]


def vjp(
    func: Any, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """`func(*inputs)`, and the vector `v`, one entry per result, times the Jacobian.

    >>> import tinygrad_edu as torch
    >>> x = torch.tensor([1., 2.])
    >>> torch.autograd.functional.vjp(lambda x: x * x, x, torch.ones(2))
    (tensor([1., 4.]), tensor([2., 4.]))
    """
    with enable_grad():
        several, xs, many, ys = _started("vjp", func, inputs, create_graph, strict)
        v = _vector(v, ys, many, "vjp", create_graph)
        grads = _gradients(ys, xs, v, create_graph)
        _check(grads, strict, INDEPENDENT, CONSTANT.format("jacobian") if create_graph else "")
        products = _filled(grads, xs)
    return _finished(ys, many, create_graph), _finished(products, several, create_graph)


def jvp(
    func: Any, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """`func(*inputs)`, and the Jacobian times the vector `v`, which has one entry per input.

    Backward gives u J for any u, which is linear in u: its own backward, for u, gives J v.

    >>> import tinygrad_edu as torch
    >>> x = torch.tensor([1., 2.])
    >>> torch.autograd.functional.jvp(lambda x: x * x, x, torch.tensor([1., 0.]))
    (tensor([1., 4.]), tensor([2., 0.]))
    """
    with enable_grad():
        several, xs, many, ys = _started("jvp", func, inputs, create_graph, strict)
        v = _vector(v, xs, several, "jvp", create_graph)
        u = tuple([_zeros(y).requires_grad_() for y in ys])
        grads = _gradients(ys, xs, u, True)
        _check(
            grads,
            strict,
            INDEPENDENT,
            "The gradient with respect to input {} is independent of the inputs of the "
            "user-provided function.",
        )
        products = _gradients(grads, u, v, create_graph)
        _check(products, strict, TRICK, CONSTANT.format("jacobian") if create_graph else "")
        products = _filled(products, ys)
    return _finished(ys, many, create_graph), _finished(products, many, create_graph)


def vhp(
    func: Any, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """`func(*inputs)`, a single number, and the vector `v`, one entry per input, times the Hessian.

    >>> import tinygrad_edu as torch
    >>> x = torch.tensor([1., 2.])
    >>> torch.autograd.functional.vhp(lambda x: (x ** 3).sum(), x, torch.ones(2))
    (tensor(9.), tensor([ 6., 12.]))
    """
    return _hessian_product("vhp", func, inputs, v, create_graph, strict)


def hvp(
    func: Any, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """As `vhp`, the Hessian times `v`: the same numbers, because a Hessian is symmetric."""
    return _hessian_product("hvp", func, inputs, v, create_graph, strict)


def _hessian_product(
    function: str, func: Any, inputs: Any, v: Any, create_graph: bool, strict: bool
) -> tuple[Any, Any]:
    with enable_grad():
        several, xs, many, ys = _started(function, func, inputs, create_graph, strict, scalar=True)
        v = _vector(v, xs, several, function, create_graph)
        slopes = _gradients(ys, xs, None, True)
        _check(slopes, strict, INDEPENDENT, STRAIGHT)
        grads = _gradients(slopes, xs, v, create_graph)
        _check(
            grads,
            strict,
            CONSTANT.format("jacobian"),
            CONSTANT.format("hessian") if create_graph else "",
        )
        products = _filled(grads, xs)
    return _finished(ys, many, create_graph), _finished(products, several, create_graph)


def jacobian(
    func: Any,
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    strategy: str = "reverse-mode",
) -> Any:
    """The derivative of each result's elements for each input's elements, of the shape of the
    result followed by that of the input; in a tuple per result, of a tuple per input, where these
    are tuples. `vectorize` and `strategy` change how PyTorch computes it; here they change nothing.

    >>> import tinygrad_edu as torch
    >>> torch.autograd.functional.jacobian(lambda x: x * x, torch.tensor([1., 2.]))
    tensor([[2., 0.],
            [0., 4.]])
    """
    if strategy not in ("reverse-mode", "forward-mode"):
        raise AssertionError('Expected strategy to be either "forward-mode" or "reverse-mode".')
    if strict and vectorize:
        raise RuntimeError(
            "torch.autograd.functional.jacobian: `strict=True` and `vectorized=True` are not "
            "supported together"
        )
    with enable_grad():
        several, xs, many, ys = _started("jacobian", func, inputs, create_graph, strict)
        rows = tuple([_jacobians(i, y, xs, create_graph, strict) for i, y in enumerate(ys)])
    rows = tuple([_finished(row, several, create_graph) for row in rows])
    return rows if many else rows[0]


def _jacobians(i: int, y: Any, xs: Tensors, create_graph: bool, strict: bool) -> Tensors:
    """The Jacobians of the result `y`, number `i`, for each input."""
    rows = []
    for element in range(y.numel()):
        grads = _gradients([y.reshape(-1)[element]], xs, None, create_graph, keep=True)
        _check(
            grads,
            strict,
            f"Output {i} of the user-provided function is independent of input {{}}.",
            CONSTANT.format("jacobian") if create_graph else "",
        )
        rows.append(_filled(grads, xs))
    return tuple(
        [stack([row[n] for row in rows]).reshape(y.shape + x.shape) for n, x in enumerate(xs)]
    )


def hessian(
    func: Any,
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    outer_jacobian_strategy: str = "reverse-mode",
) -> Any:
    """The second derivatives of `func(*inputs)`, a single number: the Jacobian of its gradient.

    >>> import tinygrad_edu as torch
    >>> torch.autograd.functional.hessian(lambda x: (x ** 3).sum(), torch.tensor([1., 2.]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """
    several, _ = _tuple(inputs, "inputs", "hessian")

    def gradient(*xs: Any) -> Tensors:
        _, xs, _, ys = _started("hessian", func, xs, True, strict, scalar=True)
        slopes = _filled(_gradients(ys, xs, None, True), xs)
        _check(slopes, strict, "", STRAIGHT)
        return slopes

    result = jacobian(gradient, inputs, create_graph, strict, vectorize, outer_jacobian_strategy)
    return result if several else result[0]
