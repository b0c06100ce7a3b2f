"""How operations are written, and their local derivatives: tables, one row per operation.

A row is text that is also Python: x, y and z are the operands in the order in which they are
written, n is the number of elements of x, g the gradient that arrives. Numbers are computed from
the same text, so that what is read is what is computed. Nothing here knows of tensors or graphs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache
from types import CodeType
from typing import Any

# Each element by itself: how it is written, then the derivative by each operand.
ELEMENTWISE = {
    "AddBackward0": ("x + y", "1", "1"),
    "SubBackward0": ("x - y", "1", "-1"),
    "RsubBackward1": ("x - y", "", "-1"),
    "MulBackward0": ("x * y", "y", "x"),
    "DivBackward0": ("x / y", "1 / y", "-x / y ** 2"),
    "PowBackward0": ("x ** y", "y * x ** (y - 1)"),
    "PowBackward1": ("x ** y", "y * x ** (y - 1)", "log(x) * x ** y"),
    "PowBackward2": ("x ** y", "", "log(x) * x ** y"),
    "NegBackward0": ("-x", "-1"),
    "AbsBackward0": ("abs(x)", "sign(x)"),
    "ReciprocalBackward0": ("1 / x", "-1 / x ** 2"),
    "SqrtBackward0": ("sqrt(x)", "1 / (2 * sqrt(x))"),
    "RsqrtBackward0": ("1 / sqrt(x)", "-1 / (2 * x * sqrt(x))"),
    "ExpBackward0": ("exp(x)", "exp(x)"),
    "Expm1Backward0": ("expm1(x)", "exp(x)"),
    "LogBackward0": ("log(x)", "1 / x"),
    "Log2Backward0": ("log2(x)", "1 / (x * log(2))"),
    "Log10Backward0": ("log10(x)", "1 / (x * log(10))"),
    "Log1PBackward0": ("log1p(x)", "1 / (1 + x)"),
    "SinBackward0": ("sin(x)", "cos(x)"),
    "CosBackward0": ("cos(x)", "-sin(x)"),
    "TanBackward0": ("tan(x)", "1 + tan(x) ** 2"),
    "AsinBackward0": ("asin(x)", "1 / sqrt(1 - x ** 2)"),
    "AcosBackward0": ("acos(x)", "-1 / sqrt(1 - x ** 2)"),
    "AtanBackward0": ("atan(x)", "1 / (1 + x ** 2)"),
    "Atan2Backward0": ("atan2(x, y)", "y / (x ** 2 + y ** 2)", "-x / (x ** 2 + y ** 2)"),
    "SinhBackward0": ("sinh(x)", "cosh(x)"),
    "CoshBackward0": ("cosh(x)", "sinh(x)"),
    "TanhBackward0": ("tanh(x)", "1 - tanh(x) ** 2"),
    "SigmoidBackward0": ("sigmoid(x)", "sigmoid(x) * (1 - sigmoid(x))"),
    "ReluBackward0": ("relu(x)", "1 if x > 0 else 0"),
    "WhereBackward0": ("where(x, y, z)", "", "1 if x else 0", "0 if x else 1"),
    "CloneBackward0": ("clone(x)", "1"),
}

# One number from all elements; the derivative is for each element.
OVER_ALL = {
    "MeanBackward0": ("mean(x)", "1 / n"),
    "SumBackward0": ("sum(x)", "1"),
    "DotBackward0": ("dot(x, y)", "y", "x"),
}

# Not computed here: in words, or as what becomes of g, the gradient that arrives.
IN_WORDS = {
    "MeanBackward1": ("mean(x)", "1 / how many make a mean"),
    "SumBackward1": ("sum(x)", "1"),
    "MaxBackward0": ("max(x)", "1 at the largest, 0 elsewhere"),
    "MaxBackward1": ("max(x)", "1 at the largest, 0 elsewhere"),
    "MinBackward0": ("min(x)", "1 at the smallest, 0 elsewhere"),
    "MinBackward1": ("min(x)", "1 at the smallest, 0 elsewhere"),
    "MaximumBackward0": ("maximum(x, y)", "1 where it is larger", "1 where it is larger"),
    "MinimumBackward0": ("minimum(x, y)", "1 where it is smaller", "1 where it is smaller"),
    "ClampBackward1": ("clamp(x)", "1 within the limits, 0 outside"),
    "MmBackward0": ("x @ y", "g @ y.T", "x.T @ g"),
    "BmmBackward0": ("x @ y", "g @ y.mT", "x.mT @ g"),
    "MvBackward0": ("x @ y", "outer(g, y)", "x.T @ g"),
    "AddmmBackward0": ("x + y @ z", "1", "g @ z.T", "y.T @ g"),
    "TBackward0": ("x.T", "g.T"),
    "PermuteBackward0": ("permute(x)", "g, permuted back"),
    "TransposeBackward0": ("transpose(x)", "g, transposed back"),
    "ViewBackward0": ("view(x)", "g in the shape of x"),
    "SqueezeBackward0": ("squeeze(x)", "g in the shape of x"),
    "UnsqueezeBackward0": ("unsqueeze(x)", "g in the shape of x"),
    "ExpandBackward0": ("expand(x)", "g, the copies added up"),
    "SelectBackward0": ("select(x)", "g at its place, 0 elsewhere"),
    "SliceBackward0": ("slice(x)", "g at its place, 0 elsewhere"),
    "IndexBackward0": ("index(x, y)", "g at its places, 0 elsewhere"),
}

COMPUTED = ELEMENTWISE | OVER_ALL
FORMULAS = COMPUTED | IN_WORDS

STEPS = [10.0**-digits for digits in range(4, 10)]  # of finite differences, in units of the number
AGREEING = 2e-5  # relative; two differences that agree are taken for the slope

FUNCTIONS = {
    **{name: getattr(math, name) for name in dir(math) if not name.startswith("_")},
    "abs": abs,
    "clone": float,
    "dot": lambda x, y: math.fsum(a * b for a, b in zip(x, y)),
    "mean": lambda x: math.fsum(x) / len(x),
    "relu": lambda x: max(x, 0.0),
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "sign": lambda x: math.copysign(1, x) if x else 0.0,
    "sum": math.fsum,  # exact: no number is lost beside a larger one
    "where": lambda x, y, z: y if x else z,
}
LETTER = re.compile(r"\b[xyz]\b")
ATOM = re.compile(r"[\w.]+|[\w.]*\([^()]*\)|\[[^\[\]]*\]")  # needs no parentheses around it


def written(operation: str, operands: Sequence[str]) -> str:
    """The operation as a line of Python, with its operands as they are named, or with numbers.

    >>> written("MulBackward0", ["w", "x"]), written("PowBackward0", ["-3", "2"])
    ('w * x', '(-3) ** 2')
    >>> written("LogSoftmaxBackward0", ["scores"])
    'log_softmax(scores)'
    """
    template = _formula(operation)
    if template and _fits(template, operands):
        return _filled(template, operands)
    return f"{called(operation)}({', '.join(operands)})"


def called(operation: str) -> str:
    """The name of an operation as one would call it.

    >>> called("LogSoftmaxBackward0")
    'log_softmax'
    """
    name = operation.partition("Backward")[0] or operation
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def operand_count(operation: str) -> int:
    """How many operands the operation is written with; 0 where the table has no row.

    >>> operand_count("MulBackward0"), operand_count("LogSoftmaxBackward0")
    (2, 0)
    """
    return len(set(LETTER.findall(_formula(operation))))


def read_by_slope(operation: str, place: int) -> set[int]:
    """Which operands stand in the derivative by the operand at `place`.

    >>> read_by_slope("MulBackward0", 0), read_by_slope("DivBackward0", 1)
    ({1}, {0, 1})
    """
    return {"xyz".index(letter) for letter in LETTER.findall(_slope_text(operation, place))}


def slope(operation: str, place: int, operands: Sequence[str], count: int | None = None) -> str:
    """The local derivative by the operand at `place`, as text; empty where the table has none.

    A text in which g stands is the whole gradient, made of g, the one that arrives. `count` is the
    number of elements, written as n where it is not given.

    >>> slope("PowBackward0", 0, ["error", "2"]), slope("MmBackward0", 0, ["x", "w"])
    ('2 * error', 'g @ w.T')
    >>> slope("MeanBackward0", 0, ["error"]), slope("MeanBackward0", 0, ["error"], 80)
    ('1 / n', '1 / 80')
    """
    template = _slope_text(operation, place)
    if count is not None:
        template = re.sub(r"\bn\b", str(count), template)
    return _simpler(_filled(template, operands)) if _fits(template, operands) else ""


def derivative(
    operation: str, place: int, operands: Sequence[str], count: int | None = None
) -> str:
    """The local derivative as an equation; empty where the table has none.

    >>> derivative("MulBackward0", 0, ["w", "x"]), derivative("MmBackward0", 0, ["x", "w"])
    ('∂/∂w = x', 'to x: g @ w.T')
    """
    text = slope(operation, place, operands, count)
    if not text:
        return ""
    of_g = re.search(r"\bg\b", _slope_text(operation, place))
    by = operands[place]
    return f"to {by}: {text}" if of_g else f"∂/∂{_in_parentheses(by)} = {text}"


def computed(operation: str, operands: Sequence[Any]) -> float | None:
    """What an operation gives for numbers, or for sequences of all elements; None if unknown.

    >>> computed("MulBackward0", [2.0, 3.0]), computed("MeanBackward0", [(1.0, 2.0)])
    (6.0, 1.5)
    """
    return _value(_formula(operation), operands) if operation in COMPUTED else None


def slope_at(
    operation: str,
    place: int,
    operands: Sequence[Any],
    element: int = 0,
    count: int | None = None,
) -> float | None:
    """The local derivative by the operand at `place` as a number, or None if that is unknown.

    Of an operation over all elements, `element` is the one that the derivative is by, and `count`
    is how many there are, if more than are given.

    >>> slope_at("MulBackward0", 0, [2.0, 3.0]), slope_at("MeanBackward0", 0, [(1.0, 2.0)])
    (3.0, 0.5)
    """
    if operation not in COMPUTED:
        return None
    text = _slope_text(operation, place)
    if operation in ELEMENTWISE:
        return _value(text, operands)
    each = [operand[element] for operand in operands]
    return _value(text, each, n=count or len(operands[0]))


def difference(
    operation: str, place: int, operands: Sequence[Any], element: int = 0
) -> float | None:
    """What `slope_at` should be, measured: by how much the result moves with the operand.

    None where that is unknown, and at a kink, where it is not the same on both sides. Steps become
    smaller until two of them agree, as a curve may be too steep for one, and a sum too large.

    >>> abs(difference("PowBackward0", 0, [3.0, 2.0]) - 6) < 1e-6
    True
    """
    before = None
    for step in STEPS:
        now = _difference(operation, place, operands, element, step)
        allowed = AGREEING * max(abs(now or 0), 1e-6)
        if now is not None and before is not None and abs(now - before) <= allowed:
            return now
        before = now
    return None


def _difference(
    operation: str, place: int, operands: Sequence[Any], element: int, size: float
) -> float | None:
    """The difference of one step; None at a kink, and where rounding is larger than it."""
    moved = [_moved(operands, place, element, sign * size) for sign in (1, -1)]
    after, before = (computed(operation, operands) for operands, _ in moved)
    here, step = computed(operation, operands), moved[0][1] - moved[1][1]
    if after is None or before is None or here is None:
        return None
    kink = abs(after + before - 2 * here) > 0.1 * abs(after - before) + 1e-3 * step
    rounding = 1e-15 * abs(here) > AGREEING * max(abs(after - before), 1e-4 * step)
    return None if kink or rounding else (after - before) / step


def _moved(operands: Sequence[Any], place: int, element: int, by: float) -> tuple[list[Any], float]:
    """The operands with one number moved a little, and that number."""
    moved = list(operands)
    operand = moved[place]
    if isinstance(operand, (int, float)):
        moved[place] = number = operand + by * max(1, abs(operand))
    else:  # all elements of a sum, so that the step is not lost beside the largest
        number = operand[element] + by * max(1, *map(abs, operand))
        moved[place] = (*operand[:element], number, *operand[element + 1 :])
    return moved, number


def _formula(operation: str) -> str:
    return FORMULAS.get(operation, ("",))[0]


def _slope_text(operation: str, place: int) -> str:
    slopes = FORMULAS.get(operation, ())[1:]
    return slopes[place] if place < len(slopes) else ""


@cache
def _compiled(text: str) -> CodeType:
    return compile(text, "a formula", "eval")


def _value(text: str, operands: Sequence[Any], **more: float) -> float | None:
    """The value of a text of the tables, which are ours: nothing of a user's is evaluated."""
    if not text:
        return None
    try:
        value = eval(_compiled(text), FUNCTIONS, dict(zip("xyz", operands)) | more)
        return float(value)
    except (ArithmeticError, NameError, TypeError, ValueError):  # outside of where it is defined
        return None


def _fits(template: str, operands: Sequence[str]) -> bool:
    """Whether there is an operand for each letter."""
    return set(LETTER.findall(template)) <= set("xyz"[: len(operands)])


def _filled(template: str, operands: Sequence[str]) -> str:
    """The template with operands for its letters, in parentheses where they need them."""

    def operand(found: re.Match[str]) -> str:
        text = operands["xyz".index(found[0])]
        before, after = template[: found.start()], template[found.end() :]
        enclosed = (not before or before.endswith(("(", ", "))) and after[:1] in ("", ")", ",")
        return text if enclosed else _in_parentheses(text)

    return LETTER.sub(operand, template)


def _in_parentheses(text: str) -> str:
    return text if ATOM.fullmatch(text) else f"({text})"


def _simpler(text: str) -> str:
    """An exponent of a plain number less one, computed: 2 * x ** (2 - 1) is 2 * x."""
    text = re.sub(r"\((\d+) - 1\)", lambda found: str(int(found[1]) - 1), text)
    return text.removesuffix(" ** 1")
