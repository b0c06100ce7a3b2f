"""torch.testing's namespace: whether numbers are as expected, up to rounding."""

from __future__ import annotations

from typing import Any

import numpy as np

from .creation import as_tensor

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
        _check_pair(actual, expected, **options)
        return
    if len(actual) != len(expected):
        raise AssertionError(
            f"The length of the sequences mismatch: {len(actual)} != {len(expected)}"
        )
    for pair in zip(actual, expected):
        assert_close(*pair, **options)


def _check_pair(
    actual: Any,
    expected: Any,
    rtol: Any = None,
    atol: Any = None,
    equal_nan: bool = False,
    check_dtype: bool = True,
) -> None:
    if (rtol is None) != (atol is None):
        raise ValueError("rtol and atol must both be specified or both be unspecified")
    x, y = (_tensor(each).detach().cpu() for each in (actual, expected))
    for name in ("shape", "dtype")[: 1 + check_dtype]:
        ours, theirs = getattr(x, name), getattr(y, name)
        if ours != theirs:
            raise AssertionError(
                f"The values for attribute '{name}' do not match: {ours} != {theirs}."
            )
    x, y = x.numpy(), y.numpy()
    if rtol is None:
        pairs = [TOLERANCES.get(each.dtype.name, (0, 0)) for each in (x, y)]
        rtol, atol = map(max, zip(*pairs))
    distance = np.abs(x * 1 - y * 1)  # bools cannot be subtracted
    close = (x == y) | (distance <= atol + rtol * np.abs(y)) & np.isfinite(y)
    wrong = ~(close | (equal_nan & np.isnan(x) & np.isnan(y)))
    if wrong.any():
        what = "Tensor-likes" if hasattr(expected, "shape") else "Scalars"
        raise AssertionError(
            f"{what} are not {'close' if rtol or atol else 'equal'}!\n\nMismatched elements: "
            f"{wrong.sum()} / {wrong.size}\nGreatest absolute difference: {distance[wrong].max()}"
        )


def _tensor(value: Any) -> Any:
    return value if hasattr(value, "_array") else as_tensor(np.asarray(value))
