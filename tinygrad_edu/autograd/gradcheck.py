"""torch.autograd.gradcheck: compares what backward computes with differences of the function.

A Jacobian here has one row per element of the input and one column per element of the output, as
in PyTorch. The analytical one is read from backward, column by column; the numerical one from
(f(x + eps) - f(x - eps)) / (2 eps), row by row.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ..devices import xp
from ..graph import Node
from ..operations.in_place import memory
from .differentiate import grad

Tensors = tuple[Any, ...]


class GradcheckError(RuntimeError):
    """Backward and the differences disagree."""


def gradcheck(
    func: Callable[..., Any],
    inputs: Any,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_batched_grad: bool = False,
    fast_mode: bool = False,
) -> bool:
    """Whether backward of `func(*inputs)` agrees with differences, for each input that requires a
    gradient (these should be float64) and each output.

    Returns True; a GradcheckError, or False without `raise_exception`, if they differ by more than
    `atol + rtol * |difference|`, if backward twice gives gradients that differ by more than
    `nondet_tol`, or if it makes something of a zero gradient. Raises ValueError if no input
    requires a gradient. Inputs are changed by `eps` while it runs. The last three arguments are
    PyTorch's and change nothing: every element is compared, one by one.

    >>> import tinygrad_edu as torch
    >>> x = torch.tensor([0.5, 1.5], dtype=torch.float64, requires_grad=True)
    >>> torch.autograd.gradcheck(torch.exp, (x,))
    True
    """
    inputs = _as_tuple(inputs)
    tracked = _tracked(inputs)
    try:
        outputs = _floats(func(*inputs))
        for i, x in tracked:
            for o, numerical in enumerate(_numerical(func, inputs, outputs, x, eps)):
                if outputs[o].requires_grad:
                    analytical = _analytical(outputs[o], x, nondet_tol)
                    _compare(i, o, numerical, analytical, atol, rtol)
                elif not any([z.requires_grad for z in outputs]) and numerical.any():
                    raise GradcheckError(
                        "Numerical gradient for function expected to be zero: its result depends "
                        f"on input {i}, but does not require a gradient."
                    )
        _check_zero(outputs, [x for _, x in tracked])
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def gradgradcheck(
    func: Callable[..., Any], inputs: Any, grad_outputs: Any = None, **options: Any
) -> bool:
    """As `gradcheck`, of the gradients of `func(*inputs)`: whether second derivatives are right.

    Backward starts with `grad_outputs`, by default random numbers. `options` are `gradcheck`'s.

    >>> import tinygrad_edu as torch
    >>> x = torch.tensor([0.5, 1.5], dtype=torch.float64, requires_grad=True)
    >>> torch.autograd.gradgradcheck(torch.exp, (x,))
    True
    """
    inputs = _as_tuple(inputs)
    wanted = [i for i, _ in _tracked(inputs)]
    outputs = [z for z in _floats(func(*inputs)) if z.requires_grad]
    starts = _random_like(outputs) if grad_outputs is None else _as_tuple(grad_outputs)

    def gradients(*arguments: Any) -> Tensors:
        xs, starts_now = arguments[: len(inputs)], arguments[len(inputs) :]
        results = [z for z in _floats(func(*xs)) if z.requires_grad]
        found = grad(results, [xs[i] for i in wanted], starts_now, None, True, allow_unused=True)
        return tuple([g for g in found if g is not None])

    return gradcheck(gradients, (*inputs, *starts), **options)


def _as_tuple(things: Any) -> Tensors:
    return tuple(things) if isinstance(things, (tuple, list)) else (things,)


def _tracked(inputs: Tensors) -> list[tuple[int, Any]]:
    """The inputs that require a gradient, with their positions."""
    tracked = [(i, x) for i, x in enumerate(inputs) if getattr(x, "requires_grad", False)]
    if not tracked:
        raise ValueError(
            "gradcheck expects at least one input tensor to require gradient, but none of them "
            "have requires_grad=True."
        )
    for i, x in tracked:
        array = memory(x)
        if array.dtype != np.float64:
            text = f"Input #{i} requires gradient and is not a double precision floating point or "
            warnings.warn(text + "complex. It should be, or the check may fail.", stacklevel=3)
        if any([step == 0 and size > 1 for step, size in zip(array.strides, array.shape)]):
            raise RuntimeError(
                f"The {i}th input has a dimension with stride 0. gradcheck only supports inputs "
                "that are non-overlapping: call .contiguous() on it first."
            )
    return tracked


def _floats(output: Any) -> list[Any]:
    """The results that could have a gradient."""
    return [z for z in _as_tuple(output) if z.requires_grad or z.is_floating_point()]


def _numerical(func: Any, inputs: Tensors, outputs: list[Any], x: Any, eps: float) -> list[Any]:
    """For each output of `func`, its numerical Jacobian with respect to the input `x`."""
    array = memory(x)
    jacobians = [xp(array).empty((array.size, z.numel()), z._array.dtype) for z in outputs]
    for row, position in enumerate(np.ndindex(array.shape)):
        before = array[position].copy()
        sides = []
        for step in (eps, -eps):
            array[position] = before + step
            sides.append([z._array.copy() for z in _floats(func(*inputs))])
            array[position] = before
        for jacobian, z, up, down in zip(jacobians, outputs, *sides):
            _check_alike(z._array, up, down)
            jacobian[row] = ((up - down) / (2 * eps)).reshape(-1)
    return jacobians


def _check_alike(*arrays: Any) -> None:
    for what in ("shape", "dtype"):
        found = {getattr(array, what) for array in arrays}
        if len(found) > 1:
            raise AssertionError(
                f"Expected `func` to return outputs with the same {what} when inputs are perturbed "
                f"within `eps`, but got: {found}"
            )


def _analytical(z: Any, x: Any, nondet_tol: float) -> Any:
    """The Jacobian of the output `z` with respect to the input `x`, by backward, twice."""
    first, second = (_columns(z, x) for _ in range(2))
    if abs(first - second).max(initial=0) > nondet_tol:
        raise GradcheckError(
            "Backward is not reentrant, i.e., running backward with same input and grad_output "
            "multiple times gives different values. The tolerance for nondeterminism was "
            f"{nondet_tol}."
        )
    return first


def _columns(z: Any, x: Any) -> Any:
    module, array = xp(x._array), z._array
    jacobian = module.zeros((x.numel(), array.size), x._array.dtype)
    for column, position in enumerate(np.ndindex(array.shape)):
        start = module.zeros(array.shape, array.dtype)
        start[position] = 1
        (g,) = grad(z, x, z._tied(start, None), retain_graph=True, allow_unused=True)
        if g is not None:
            jacobian[:, column] = g._array.reshape(-1)
    return jacobian


def _compare(i: int, o: int, numerical: Any, analytical: Any, atol: float, rtol: float) -> None:
    if not xp(numerical).allclose(analytical, numerical, rtol, atol):
        n, a = (Node.tensor_type._tied(jacobian, None) for jacobian in (numerical, analytical))
        raise GradcheckError(
            f"Jacobian mismatch for output {o} with respect to input {i},\n"
            f"numerical:{n}\nanalytical:{a}\n"
        )


def _check_zero(outputs: list[Any], xs: list[Any]) -> None:
    """Backward is linear: zeros in, zeros out."""
    tracked = [z for z in outputs if z.requires_grad]
    if tracked:
        found = grad(tracked, xs, [z.detach() * 0 for z in tracked], allow_unused=True)
        if any([g is not None and (g._array != 0).any() for g in found]):
            raise GradcheckError("backward not multiplied by grad_output")


def _random_like(tensors: list[Any]) -> Tensors:
    """Tensors of random numbers, the same at each call, that require a gradient."""
    normal = np.random.default_rng(0).standard_normal
    arrays = [xp(z._array).asarray(normal(z.shape), z._array.dtype) for z in tensors]
    return tuple([z._tied(a, None).requires_grad_() for z, a in zip(tensors, arrays)])
