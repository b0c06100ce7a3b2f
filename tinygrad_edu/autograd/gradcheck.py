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

from .. import engine
from ..devices import xp
from ..graph import Node, node_of
from ..operations.in_place import memory


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
) -> bool:
    """Whether backward of `func(*inputs)` agrees with differences, for each input that requires a
    gradient (these should be float64) and each output.

    Returns True; a mismatch of more than `atol + rtol * |difference|` is a GradcheckError, or
    False without `raise_exception`. Raises ValueError if no input requires a gradient. Inputs are
    changed by `eps` while it runs.

    >>> import tinygrad_edu as torch
    >>> x = torch.tensor([0.5, 1.5], dtype=torch.float64, requires_grad=True)
    >>> torch.autograd.gradcheck(torch.exp, (x,))
    True
    """
    inputs = _as_tuple(inputs)
    tracked = _checked(inputs)
    try:
        outputs = _floats(func(*inputs))
        any_tracked = any(z._requires_grad for z in outputs)
        for i, x in tracked:
            rows = _numerical(func, inputs, x, eps)
            for o, z in enumerate(outputs):
                numerical = rows[o]
                if z._requires_grad:
                    _compare(i, o, numerical, _analytical(z, x), atol, rtol)
                elif not any_tracked and numerical.any():
                    raise GradcheckError(
                        "Numerical gradient for function expected to be zero: its result "
                        f"depends on input {i}, but does not require a gradient."
                    )
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def gradgradcheck(
    func: Callable[..., Any],
    inputs: Any,
    grad_outputs: Any = None,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    """As `gradcheck`, of the gradients of `func(*inputs)`: whether second derivatives are right.

    Backward starts with `grad_outputs`, by default random numbers.

    >>> import tinygrad_edu as torch
    >>> x = torch.tensor([0.5, 1.5], dtype=torch.float64, requires_grad=True)
    >>> torch.autograd.gradgradcheck(torch.exp, (x,))
    True
    """
    inputs = _as_tuple(inputs)
    _checked(inputs)
    outputs = [z for z in _floats(func(*inputs)) if z._requires_grad]
    starts = _random_like(outputs) if grad_outputs is None else _as_tuple(grad_outputs)

    def gradients(*arguments: Any) -> tuple[Any, ...]:
        tensors, starts_now = arguments[: len(inputs)], arguments[len(inputs) :]
        results = [z for z in _floats(func(*tensors)) if z._requires_grad]
        wanted = [node_of(x) for x in tensors if getattr(x, "_requires_grad", False)]
        caught = engine.run([node_of(z) for z in results], starts_now, True, True, wanted)
        return tuple([caught[node] for node in wanted if node in caught])

    options: dict[str, Any] = {"eps": eps, "atol": atol, "rtol": rtol}
    return gradcheck(gradients, (*inputs, *starts), raise_exception=raise_exception, **options)


def _as_tuple(things: Any) -> tuple[Any, ...]:
    return tuple(things) if isinstance(things, (tuple, list)) else (things,)


def _checked(inputs: tuple[Any, ...]) -> list[tuple[int, Any]]:
    """The inputs that require a gradient, with their positions."""
    tracked = [(i, x) for i, x in enumerate(inputs) if getattr(x, "_requires_grad", False)]
    if not tracked:
        raise ValueError(
            "gradcheck expects at least one input tensor to require gradient, but none of them "
            "have requires_grad=True."
        )
    for i, x in tracked:
        array = memory(x)
        if array.dtype != np.float64:
            warnings.warn(
                f"Input #{i} requires gradient and is not a double precision floating point or "
                "complex. This check will likely fail if all the inputs are not of double "
                "precision floating point or complex. ",
                UserWarning,
                stacklevel=3,
            )
        if any(step == 0 and size > 1 for step, size in zip(array.strides, array.shape)):
            raise RuntimeError(
                f"The {i}th input has a dimension with stride 0. gradcheck only supports inputs "
                "that are non-overlapping to be able to compute the numerical gradients "
                "correctly. You should call .contiguous on the input before passing it to "
                "gradcheck."
            )
    return tracked


def _floats(output: Any) -> list[Any]:
    """The results that could have a gradient."""
    return [z for z in _as_tuple(output) if z._requires_grad or z.is_floating_point()]


def _numerical(func: Callable[..., Any], inputs: Any, x: Any, eps: float) -> list[Any]:
    """For each output of `func`, its numerical Jacobian with respect to the input `x`."""
    array = memory(x)
    rows = []
    for position in np.ndindex(array.shape):
        before = array[position].copy()
        sides = []
        for step in (eps, -eps):
            array[position] = before + step
            sides.append([z._array.copy() for z in _floats(func(*inputs))])
            array[position] = before
        rows.append([((up - down) / (2 * eps)).reshape(-1) for up, down in zip(*sides)])
    return [xp(array).stack(columns) for columns in zip(*rows)]


def _analytical(z: Any, x: Any) -> Any:
    """The Jacobian of the output `z` with respect to the input `x`, by backward."""
    node, target = node_of(z), node_of(x)
    columns = []
    for position in np.ndindex(z._array.shape):
        start = xp(z._array).zeros(z._array.shape, z._array.dtype)
        start[position] = 1
        g = engine.run([node], [start], True, False, [target]).get(target)
        columns.append(xp(x._array).zeros(x._array.size) if g is None else g.reshape(-1))
    return xp(x._array).stack(columns, 1)


def _compare(i: int, o: int, numerical: Any, analytical: Any, atol: float, rtol: float) -> None:
    if not xp(numerical).allclose(analytical, numerical, rtol, atol):
        n, a = (Node.tensor_type._tied(jacobian, None) for jacobian in (numerical, analytical))
        raise GradcheckError(
            f"Jacobian mismatch for output {o} with respect to input {i},\n"
            f"numerical:{n}\nanalytical:{a}\n"
        )


def _random_like(tensors: list[Any]) -> tuple[Any, ...]:
    """Tensors of random numbers, the same at each call, that require a gradient."""
    generator = np.random.default_rng(0)
    results = []
    for z in tensors:
        array = xp(z._array).asarray(generator.standard_normal(z._array.shape))
        results.append(z._tied(array.astype(z._array.dtype), None))
        results[-1]._requires_grad = True
    return tuple(results)
