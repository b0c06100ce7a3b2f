"""torch.testing's namespace: whether numbers are as expected, up to rounding."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arguments import require

# What rounding may change in each type: relative to the number, and absolutely.
TOLERANCES = {"float16": (1e-3, 1e-5), "float32": (1.3e-6, 1e-5), "float64": (1e-7, 1e-7)}


def assert_close(actual: Any, expected: Any, **options: Any) -> None:
    """AssertionError unless shape, type and, up to rounding, all numbers are those `expected`.

    Takes tensors, NumPy arrays, numbers, and lists of them. Options: `rtol` and `atol`, the
    relative and the absolute difference that is allowed; `equal_nan` and `check_dtype`.

    >>> import tinygrad_edu as torch
    >>> torch.testing.assert_close(torch.tensor([1.]), torch.tensor([1.0000001]))
    """
    if not isinstance(expected, list | tuple):
        return _check_pair(_array(actual), _array(expected), **options)
    require(len(actual) == len(expected), "The length of the sequences mismatch", AssertionError)
    for pair in zip(actual, expected):
        assert_close(*pair, **options)


def _array(value: Any) -> Any:
    return np.asarray(value.detach().cpu() if hasattr(value, "_array") else value)


def _check_pair(x, y, rtol=None, atol=None, equal_nan=False, check_dtype=True) -> None:
    if (rtol is None) != (atol is None):
        raise ValueError("rtol and atol must both be specified or both be unspecified")
    for name in ("shape", "dtype")[: 1 + check_dtype]:
        ours, theirs = getattr(x, name), getattr(y, name)
        said = f"The values for attribute '{name}' do not match: {ours} != {theirs}."
        require(ours == theirs, said, AssertionError)
    if rtol is None:
        rtol, atol = map(max, zip(*[TOLERANCES.get(each.dtype.name, (0, 0)) for each in (x, y)]))
    distance = np.abs(x * 1 - y * 1)  # bools cannot be subtracted
    close = (x == y) | (distance <= atol + rtol * np.abs(y)) & np.isfinite(y)
    wrong = ~(close | (equal_nan & np.isnan(x) & np.isnan(y)))
    if wrong.any():
        raise AssertionError(
            f"{'Tensor-likes' if x.ndim else 'Scalars'} are not close!\n\nMismatched elements: "
            f"{wrong.sum()} / {wrong.size}\nGreatest absolute difference: {distance[wrong].max()}"
        )
