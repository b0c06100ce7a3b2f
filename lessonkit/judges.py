"""Judges: each looks at one answer and returns None, or a sentence that says what is wrong.

A judge is any function `judge(answer, arguments) -> str | None`; `arguments` is the tuple that the
learner's function was called with (empty if the answer is a value). The ones here cover what most
exercises need; an exercise with a need of its own writes its own function. A sentence never
contains the right value. Tensors are known by what they show, whichever engine made them.
"""

import math
from collections.abc import Callable, Iterator
from itertools import repeat
from numbers import Real
from typing import Any

Judge = Callable[[Any, tuple[Any, ...]], str | None]

LONGEST_SHOWN = 400


def is_tensor(value: Any) -> bool:
    """Tell whether `value` is a tensor of tinygrad_edu or PyTorch (a NumPy array is not)."""
    return all(hasattr(value, name) for name in ("shape", "dtype", "tolist", "requires_grad"))


def show(value: Any) -> str:
    """Return how an answer reads in a sentence, without memory addresses.

    Example:
        >>> show(3.5), show(len), show(object())
        ('3.5', 'the function len', 'a value of type object')
    """
    if value is ...:
        return "still `...`"
    if callable(value) and hasattr(value, "__name__"):
        return f"the {'class' if isinstance(value, type) else 'function'} {value.__name__}"
    if type(value).__module__ == "numpy" and hasattr(value, "shape") and value.shape:
        return f"a NumPy array of shape {tuple(value.shape)}"
    try:
        text = "" if callable(value) else repr(value)
    except Exception:  # of the learner's own class, or of a number with thousands of digits
        text = ""
    if not text or " at 0x" in text or text.startswith("<") or len(text) > LONGEST_SHOWN:
        shape = f" and shape {tuple(value.shape)}" if is_tensor(value) else ""
        return f"a value of type {type(value).__name__}{shape}"
    return text


def tensor_of(values: Any, tolerance: float = 1e-4) -> Judge:
    """Judge that the answer is a tensor of these values: a number, or nested lists of numbers.

    The shape must be the same. Floats in `values` ask for a floating dtype. `tolerance` is
    absolute for small values and relative for values above 1.
    """
    shape, right = shape_of(values), list(flat(values))

    def judge(answer: Any, arguments: tuple[Any, ...]) -> str | None:
        wanted = f"Expected: a tensor of shape {shape}, each value within {tolerance:g}."
        if not is_tensor(answer):
            return f"This is {not_a_tensor(answer)}. {wanted}"
        if tuple(answer.shape) != shape:
            return f"The shape is {tuple(answer.shape)}. {wanted}\nYour answer: {show(answer)}"
        if any(isinstance(v, float) for v in right) and "float" not in str(answer.dtype):
            return f"The dtype is {answer.dtype}; a floating dtype is expected."
        return wrong_values(list(flat(answer.tolist())), right, tolerance, show(answer), wanted)

    return judge


def number(value: float, tolerance: float = 1e-4) -> Judge:
    """Judge that the answer is a Python number near `value`."""

    def judge(answer: Any, arguments: tuple[Any, ...]) -> str | None:
        wanted = f"Expected: a Python number, within {tolerance:g}."
        if is_tensor(answer):
            return f"This is a tensor; `.item()` makes a Python number of it. {wanted}"
        if not isinstance(answer, Real) or isinstance(answer, bool):
            return f"This is {show(answer)}. {wanted}"
        return wrong_values([float(answer)], [value], tolerance, show(answer), wanted)

    return judge


def exactly(value: Any) -> Judge:
    """Judge that the answer is a plain value equal to `value`: a bool, text, None, a list."""

    def judge(answer: Any, arguments: tuple[Any, ...]) -> str | None:
        if type(answer) is type(value) and answer == value:
            return None
        problem = f"This is not right. Your answer: {show(answer)}."
        if type(answer) is type(value):
            return problem
        return f"{problem} Expected: a value of type {type(value).__name__}."

    return judge


def each_of(*judges: Judge) -> Judge:
    """Judge that the answer is a tuple or list with one item per judge, in order."""

    def judge(answer: Any, arguments: tuple[Any, ...]) -> str | None:
        problem = wrong_count(answer, len(judges))
        if problem:
            return problem
        for place, (value, value_judge) in enumerate(zip(answer, judges, strict=True), start=1):
            problem = value_judge(value, arguments)
            if problem and all(map(passes, judges, reversed(answer), repeat(arguments))):
                return "These are the right values in the wrong order."
            if problem:
                return f"Value {place} of {len(judges)}: {problem}"
        return None

    return judge


def passes(judge: Judge, answer: Any, arguments: tuple[Any, ...]) -> bool:
    """Tell whether a judge finds nothing wrong, when it is asked about another's answer."""
    try:
        return judge(answer, arguments) is None
    except Exception:
        return False


def item(place: int, count: int, item_judge: Judge) -> Judge:
    """Judge item `place` (1 is the first) of a tuple or list of `count` items."""

    def judge(answer: Any, arguments: tuple[Any, ...]) -> str | None:
        return wrong_count(answer, count) or item_judge(answer[place - 1], arguments)

    return judge


def wrong_count(answer: Any, count: int) -> str | None:
    """Say it when the answer is not a tuple or list of `count` items."""
    wanted = f"Expected: {count} values, separated by commas."
    if not isinstance(answer, tuple | list):
        return f"This is one value, {show(answer)}. {wanted}"
    if len(answer) != count:
        return f"The number of values is {len(answer)}. {wanted}"
    return None


def not_a_tensor(answer: Any) -> str:
    """Say what the learner gave in the place of a tensor."""
    if answer is None:
        return "None, not a tensor (a `.grad` is None until `backward` has run)"
    if isinstance(answer, Real) and not isinstance(answer, bool):
        return f"the Python number {answer!r}, not a tensor"
    return f"{show(answer)}, not a tensor"


def wrong_values(
    given: list[Any], right: list[Any], tolerance: float, shown: str, wanted: str
) -> str | None:
    """Compare two flat lists of numbers; say that values differ, never which are right."""
    if any(value != value for value in given):
        return f"It contains nan, which means 'not a number'.\nYour answer: {shown}\n{wanted}"
    good = [
        math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance)
        for a, b in zip(given, right, strict=True)
    ]
    if all(good):
        return None
    count = "The value is" if len(good) == 1 else f"{good.count(False)} of {len(good)} values are"
    factor = " All are off by the same factor." if same_factor(given, right) else ""
    return f"{count} not right.{factor}\nYour answer: {shown}\n{wanted}"


def same_factor(given: list[Any], right: list[Any]) -> bool:
    """Tell whether several values are the right ones times one number: a sign, a 2, a 1/n.

    Example:
        >>> same_factor([2.0, 4.0], [1.0, 2.0]), same_factor([2.0], [1.0])
        (True, False)
    """
    a, b = max(zip(given, right, strict=True), key=lambda pair: abs(pair[1]))
    exact = all(math.isclose(x * b, y * a, rel_tol=1e-4) for x, y in zip(given, right, strict=True))
    return len(given) > 1 and a * b != 0 and math.isfinite(a) and exact


def shape_of(values: Any) -> tuple[int, ...]:
    """Return the shape of nested lists.

    Example:
        >>> shape_of([[1, 2, 3]]), shape_of(5)
        ((1, 3), ())
    """
    if not isinstance(values, list):
        return ()
    return (len(values), *(shape_of(values[0]) if values else ()))


def flat(values: Any) -> Iterator[Any]:
    """Yield the numbers of nested lists in reading order."""
    if not isinstance(values, list):
        yield values
        return
    for value in values:
        yield from flat(value)
