"""torch.autograd.functional: Jacobians and Hessians of a function, and their products with a
vector, all made of `grad`.

`func` takes tensors and returns a tensor or a tuple of tensors; `inputs` is a tensor or a tuple,
and `v` is like the inputs or like the results. With `create_graph` the answers can be
differentiated again; with `strict` it is a RuntimeError, not zeros, if one does not depend on
another. Anything but tensors is a TypeError, a `v` of another shape a RuntimeError.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..devices import zeros_like_kind
from ..graph import Node
from ..operations.shapes import stack
from .differentiate import grad
from .grad_mode import enable_grad

Tensors = tuple[Any, ...]

# What is refused in strict mode. {} is the number of the result or of the input.
FUNCTION = "the user-provided function"
UNTRACKED = f"Output {{}} of {FUNCTION} does not require gradients."
UNRELATED = f"The output of {FUNCTION} is independent of input {{}}."
LINEAR = f"The jacobian of {FUNCTION} is independent of input {{}}."
QUADRATIC = f"The hessian of {FUNCTION} is independent of input {{}}."
CONSTANT_SLOPE = (
    f"The gradient with respect to input {{}} is independent of the inputs of {FUNCTION}."
)
CONSTANT_GRADIENT = (
    f"While computing the hessian, found that the jacobian of {FUNCTION} with respect to "
    "input {} is independent of the input."
)
NO_ENTRY = (
    "The gradient with respect to the input is independent of entry {} in the grad_outputs when "
    "using the double backward trick to compute forward mode gradients."
)


def _tuple(things: Any, what: str, function: str) -> Tensors:
    """One tensor or several as a tuple. TypeError for anything else."""
    several = isinstance(things, tuple)
    for i, thing in enumerate(things if several else (things,)):
        if not isinstance(thing, Node.tensor_type):
            where = f"value at index {i}" if several else f"given {what}"
            raise TypeError(
                f"The {what} given to {function} must be either a Tensor or a tuple of Tensors "
                f"but the {where} has type {type(thing)}."
            )
    return things if several else (things,)


def _fresh(x: Any, create_graph: bool, track: bool = True) -> Any:
    """A new tensor of the same numbers, so that what `func` captures is not taken for an input."""
    if create_graph and x.requires_grad:
        return x.view(x.shape)
    return x.detach().requires_grad_(track)


def _zeros(x: Any) -> Any:
    return zeros_like_kind(x, x.shape, x._array.dtype)


def _strict(tensors: Sequence[Any], absent: str, constant: str = "") -> None:
    """RuntimeError if one of the tensors is absent or, where that is refused, constant."""
    for i, z in enumerate(tensors):
        refused = absent if z is None else "" if z.requires_grad else constant
        if refused:
            raise RuntimeError(f"{refused.format(i)} This is not allowed in strict mode.")


class _Call:
    """The user's function, called for one of the functions below: its inputs `xs`, results `ys`."""

    def __init__(self, name: str, func: Any, inputs: Any, create_graph: bool, strict: bool) -> None:
        self.name, self.create_graph, self.strict = name, create_graph, strict
        self.xs = tuple([_fresh(x, create_graph) for x in _tuple(inputs, "inputs", name)])
        results = func(*self.xs)
        self.ys = _tuple(results, f"outputs of {FUNCTION}", name)
        self.one_x, self.one_y = not isinstance(inputs, tuple), not isinstance(results, tuple)
        if strict:
            _strict(self.ys, "", UNTRACKED)

    def must_be_one_number(self) -> None:
        """RuntimeError unless the result is one tensor of one element."""
        if not self.one_y:
            raise RuntimeError(f"The function given to {self.name} should return a single Tensor")
        if self.ys[0].numel() != 1:
            raise RuntimeError(
                f"The Tensor returned by the function given to {self.name} should contain a single "
                "element"
            )

    def vector(self, v: Any, like: Tensors) -> Tensors | None:
        """`v`, in the shapes of `like`; None, which stands for 1, if that is one number."""
        alone, place = self.one_y, f"{FUNCTION} returns"
        if like is self.xs:
            alone, place = self.one_x, f"the input to {FUNCTION} is"
        if v is None:
            if len(like) == 1 and like[0].numel() == 1:
                return None
            what = f"{place} a single Tensor with a single element"
            raise RuntimeError(f"The vector v can only be None if {what}.")
        v = tuple([_fresh(x, self.create_graph, track=False) for x in _tuple(v, "v", self.name)])
        if len(v) != len(like):
            found = f"v is a tuple of invalid length: should be {len(like)} but got {len(v)}."
            raise RuntimeError("The given v should contain a single Tensor." if alone else found)
        for i, (a, b) in enumerate(zip(v, like)):
            if a.shape != b.shape:
                found = f"should be {b.shape} but got {a.shape}"
                raise RuntimeError(f"Entry {i} in v has invalid size: {found}.")
        return v

    def gradients(
        self, ys: Tensors, xs: Tensors, v: Any, absent: str, constant: str, again: bool = False
    ) -> Tensors:
        """For each of `xs` the gradient of `ys` times `v`; zeros where there is none.

        In strict mode that is an error of the text `absent`, and of the text `constant` if it is
        to be differentiated `again`, or by the user, and cannot be.
        """
        again = again or self.create_graph
        pairs = [(y, start) for y, start in zip(ys, v or [None] * len(ys)) if y.requires_grad]
        grads: Tensors = (None,) * len(xs)
        if pairs:
            outputs, starts = zip(*pairs)
            grads = grad(outputs, xs, starts, True, again, allow_unused=True)
        if self.strict:
            _strict(grads, absent, constant if again else "")
        return tuple([_zeros(x) if g is None else g for g, x in zip(grads, xs)])

    def given(self, tensors: Tensors, alone: bool) -> Any:
        """The tensors for the user: alone or in a tuple, and without a graph unless asked for."""
        results = tensors if self.create_graph else tuple([z.detach() for z in tensors])
        return results[0] if alone else results


def _product(rule: Callable[[_Call, Any], tuple[Tensors, bool]]) -> Callable[..., tuple[Any, Any]]:
    """The function for users of a rule, which returns the products, and whether that is one tensor
    and no tuple."""

    def product(
        func: Any, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
    ) -> tuple[Any, Any]:
        with enable_grad():
            call = _Call(rule.__name__, func, inputs, create_graph, strict)
            products, alone = rule(call, v)
        return call.given(call.ys, call.one_y), call.given(products, alone)

    product.__name__ = product.__qualname__ = rule.__name__
    product.__doc__ = rule.__doc__
    return product


@_product
def vjp(call: _Call, v: Any) -> tuple[Tensors, bool]:
    """`func(*inputs)`, and the vector `v`, one entry per result, times the Jacobian.

    >>> import tinygrad_edu as torch
    >>> x = torch.tensor([1., 2.])
    >>> torch.autograd.functional.vjp(lambda x: x * x, x, torch.ones(2))
    (tensor([1., 4.]), tensor([2., 4.]))
    """
    v = call.vector(v, call.ys)
    return call.gradients(call.ys, call.xs, v, UNRELATED, LINEAR), call.one_x


@_product
def jvp(call: _Call, v: Any) -> tuple[Tensors, bool]:
    """`func(*inputs)`, and the Jacobian times the vector `v`, which has one entry per input.

    Backward gives u J for any u, which is linear in u: its own backward, for u, gives J v.

    >>> import tinygrad_edu as torch
    >>> x = torch.tensor([1., 2.])
    >>> torch.autograd.functional.jvp(lambda x: x * x, x, torch.tensor([1., 0.]))
    (tensor([1., 4.]), tensor([2., 0.]))
    """
    v = call.vector(v, call.xs)
    u = tuple([_zeros(y).requires_grad_() for y in call.ys])
    slopes = call.gradients(call.ys, call.xs, u, UNRELATED, CONSTANT_SLOPE, again=True)
    return call.gradients(slopes, u, v, NO_ENTRY, LINEAR), call.one_y


@_product
def vhp(call: _Call, v: Any) -> tuple[Tensors, bool]:
    """`func(*inputs)`, a single number, and the vector `v`, one entry per input, times the Hessian.

    >>> import tinygrad_edu as torch
    >>> x = torch.tensor([1., 2.])
    >>> torch.autograd.functional.vhp(lambda x: (x ** 3).sum(), x, torch.ones(2))
    (tensor(9.), tensor([ 6., 12.]))
    """
    return _hessian_product(call, v)


@_product
def hvp(call: _Call, v: Any) -> tuple[Tensors, bool]:
    """As `vhp`, the Hessian times `v`: the same numbers, because a Hessian is symmetric."""
    return _hessian_product(call, v)


def _hessian_product(call: _Call, v: Any) -> tuple[Tensors, bool]:
    call.must_be_one_number()
    v = call.vector(v, call.xs)
    slopes = call.gradients(call.ys, call.xs, None, UNRELATED, CONSTANT_GRADIENT, again=True)
    return call.gradients(slopes, call.xs, v, LINEAR, QUADRATIC), call.one_x


@enable_grad()
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
    call = _Call("jacobian", func, inputs, create_graph, strict)
    jacobians = []
    for i, y in enumerate(call.ys):
        unrelated = UNRELATED.replace("The output", f"Output {i}")
        rows = [call.gradients((z,), call.xs, None, unrelated, LINEAR) for z in y.reshape(-1)]
        stacked = [stack([row[n] for row in rows]) for n in range(len(call.xs))]
        of_y = tuple([z.reshape(y.shape + x.shape) for z, x in zip(stacked, call.xs)])
        jacobians.append(call.given(of_y, call.one_x))
    return jacobians[0] if call.one_y else tuple(jacobians)


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
    _tuple(inputs, "inputs", "hessian")

    def gradient(*xs: Any) -> Tensors:
        call = _Call("hessian", func, xs, True, strict)
        call.must_be_one_number()
        return call.gradients(call.ys, call.xs, None, CONSTANT_GRADIENT, CONSTANT_GRADIENT)

    result = jacobian(gradient, inputs, create_graph, strict, vectorize, outer_jacobian_strategy)
    return result if isinstance(inputs, tuple) else result[0]
