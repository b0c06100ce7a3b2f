"""Refuses an argument of the wrong kind, in PyTorch's words.

What the numbers may be is for each function to say, which `require` makes short.
"""

from __future__ import annotations

from typing import Any

NUMBER = {float, int, bool}
KINDS: dict[str, set[type]]
KINDS = {"int": {int}, "bool": {bool}, "str": {str}, "float": NUMBER, "Number": NUMBER}


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
    if getattr(number, "ndim", None) == 0 and not getattr(value, "_node", None):
        number = number.item()
    if number.__class__ in KINDS[kind]:
        return number
    place = f" (position {position})" if position else ""
    raise TypeError(
        f"{function}(): argument '{argument}'{place} must be {kind}, not {type_name(value)}"
    )


def check_all(function: str, kind: str, **values: Any) -> list[Any]:
    """The first arguments of a call, which are all of one kind.

    >>> check_all("eye", "int", n=3, m=2)
    [3, 2]
    """
    if KINDS[kind].issuperset(map(type, values.values())):  # 1 microsecond quicker
        return list(values.values())
    return [check(function, name, values[name], kind, i) for i, name in enumerate(values, 1)]


def require(fine: Any, message: str, error: type[Exception] = RuntimeError) -> None:
    """Raise `error` unless all is fine."""
    if not fine:
        raise error(message)


def type_name(value: Any) -> str:
    """The name of a value's type, as PyTorch writes it: 'int', 'Tensor', 'numpy.ndarray'."""
    kind = type(value)
    return f"numpy.{kind.__name__}" if kind.__module__ == "numpy" else kind.__name__
