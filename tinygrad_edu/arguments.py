"""Refuses an argument of the wrong kind, in PyTorch's words.

It looks at one argument at a time; what the numbers may be is for each function to say.
"""

from __future__ import annotations

from typing import Any

KINDS: dict[str, tuple[type, ...]] = {"int": (int,), "bool": (bool,), "str": (str,)}
KINDS["float"] = KINDS["Number"] = (float, int, bool)


def check(function: str, argument: str, value: Any, kind: str, position: int = 0) -> Any:
    """`value` as a Python value; TypeError unless it is of the `kind`, one of KINDS.

    A NumPy number stands for its value, and so does a tensor without dimensions that requires no
    gradient. `position` is the argument's place in the call, 0 for one that is given by name.

    >>> import numpy as np
    >>> check("eye", "n", np.int64(3), "int", 1)
    3
    >>> check("eye", "n", 2.5, "int", 1)
    Traceback (most recent call last):
    TypeError: eye(): argument 'n' (position 1) must be int, not float
    """
    if value.__class__ in KINDS[kind]:
        return value
    number = getattr(value, "_array", value)
    if getattr(number, "ndim", None) == 0 and not getattr(value, "_requires_grad", False):
        number = number.item()
    if number.__class__ in KINDS[kind]:
        return number
    place = f" (position {position})" if position else ""
    raise TypeError(
        f"{function}(): argument '{argument}'{place} must be {kind}, not {type_name(value)}"
    )


def type_name(value: Any) -> str:
    """The name of a value's type, as PyTorch writes it: 'int', 'Tensor', 'numpy.ndarray'."""
    kind = type(value)
    return f"numpy.{kind.__name__}" if kind.__module__ == "numpy" else kind.__name__
