"""Expressions that a reader types, such as `(a * b).exp()`: checked, then computed.

Only the names that were given, numbers, arithmetic, indexing and the functions listed here are
allowed. Whatever else Python could do is refused in a sentence, before anything runs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import Any

from viz.labels import one_line

LONGEST = 200  # characters; longer ones make pictures that nobody can read
LISTED = (
    "abs add amax amin cat clamp clone cos cosh cumsum detach diag div dot erf exp flatten "
    "log log1p log_softmax logsumexp matmul max maximum mean min minimum mm mul mv neg norm "
    "outer permute pow prod reciprocal relu reshape rsqrt sigmoid sin sinh softmax sqrt square "
    "squeeze stack std sub sum t tan tanh transpose tril triu unsqueeze var view where"
)
FUNCTIONS = frozenset(LISTED.split())
ALLOWED = (
    *(ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.MatMult),
    *(ast.UnaryOp, ast.USub, ast.UAdd, ast.Compare, ast.Lt, ast.LtE, ast.Gt, ast.GtE),
    *(ast.Call, ast.keyword, ast.Subscript, ast.Slice, ast.Tuple, ast.List, ast.Load),
)
INCOMPLETE = "This is no expression yet: one looks like a * b, without an equals sign."


class Refused(ValueError):
    """What is wrong with an expression, in a sentence for whoever typed it."""


def parse(expression: str, names: Iterable[str]) -> ast.Expression:
    """The expression as a syntax tree, where it says nothing but what is allowed.

    Raises Refused otherwise, a ValueError with a sentence for the reader.

    >>> parse("a.grad_fn", ["a"])
    Traceback (most recent call last):
    viz.expressions.Refused: Not allowed here: a.grad_fn (attributes are .T and functions).
    """
    text = expression.strip()
    if not text:
        raise Refused("Type an expression, such as a * b.")
    if len(text) > LONGEST:
        raise Refused(f"An expression has at most {LONGEST} characters here.")
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Refused(INCOMPLETE) from None
    _check(tree, text, list(names))
    return tree


def evaluate(tree: ast.Expression, tensors: Mapping[str, Any], library: Any) -> Any:
    """What a parsed expression gives. Raises what the library raises."""
    functions = {name: getattr(library, name) for name in FUNCTIONS if hasattr(library, name)}
    known = {"__builtins__": {}, "torch": library, **functions, **tensors}
    return eval(compile(tree, "<expression>", "eval"), known)


def _check(tree: ast.Expression, text: str, names: list[str]) -> None:
    nodes = list(ast.walk(tree.body))
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    bases = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
    for node in nodes:
        known = [*names, "torch"] if id(node) in bases else names
        reason = _against(node, id(node) in called, known)
        if reason:
            part = ast.get_source_segment(text, node) or text
            raise Refused(f"Not allowed here: {one_line(part)} ({reason}).")


def _against(node: ast.AST, called: bool, names: list[str]) -> str:
    """What speaks against a part of an expression; nothing if it is allowed."""
    match node:
        case ast.Name(id=name) if called:
            return "" if name in FUNCTIONS else f"functions are {LISTED}"
        case ast.Name(id=name):
            return "" if name in names else f"names are {', '.join(names)}"
        case ast.Attribute(attr=name):
            allowed = name in FUNCTIONS if called else name == "T"
            return "" if allowed else "attributes are .T and functions"
        case ast.Constant(value=value):
            numeric = value is None or isinstance(value, (int, float))
            return "" if numeric else "constants are numbers"
        case ast.BinOp(left=ast.List() | ast.Tuple()) | ast.BinOp(right=ast.List() | ast.Tuple()):
            return "one computes with tensors and numbers"
        case ast.BinOp(op=ast.Pow()) if not _has_a_name(node):
            return "a power needs a tensor in it"  # 9**9**9 would take for ever
    return "" if isinstance(node, ALLOWED) else "it is no arithmetic with tensors"


def _has_a_name(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Name) for part in ast.walk(node))
