"""Run a small program under a module shaped like torch, and note all that it shows.

A program is text: the same text runs under PyTorch and under tinygrad_edu. Its statements run one
after the other, as in a notebook: the value of an expression is written, an error is noted and the
next statement runs all the same. What is left in its variables at the end is described as plain
data that fits into JSON: values, dtypes, shapes, gradients, and the graph by its nodes' names.

A variable named like `dx` or `d2y` holds a derivative: its values count, not the graph that
brought them about, since each library writes its second derivatives in its own way.
"""

import ast
import io
import json
import math
import re
import warnings
from contextlib import redirect_stdout
from types import ModuleType
from typing import Any

import numpy as np

DERIVATIVE = re.compile(r"d\d?[a-z]\d?")


def run(program: str, torch: Any, written: bool = False) -> dict[str, Any]:
    """What the program shows under this module: text, errors, warnings and variables.

    With `written`, also how each of its tensors is written.
    """
    names = {"torch": torch, "np": np}
    before = set(names)
    text, errors = io.StringIO(), []
    with warnings.catch_warnings(record=True) as warned, redirect_stdout(text):
        warnings.simplefilter("always")
        # What the package itself says at import, and "always" has just overruled: see its __init__.
        warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"tinygrad_edu(\.|$)")
        for statement in ast.parse(program).body:
            try:
                _execute(statement, names)
            except Exception as error:
                errors.append([ast.unparse(statement), type(error).__name__, str(error)])
    left = {k: v for k, v in names.items() if k not in before and is_data(k, v)}
    answer = {
        "text": _without_addresses(text.getvalue()),
        "errors": errors,
        "warnings": [[w.category.__name__, str(w.message)] for w in warned],
        "variables": {name: describe_safely(value, left, name) for name, value in left.items()},
    }
    if written:
        sound = [name for name, told in answer["variables"].items() if "error" not in str(told)]
        answer["written"] = {name: str(left[name]) for name in sound}
    return json.loads(json.dumps({key: value for key, value in answer.items() if value}))


def _execute(statement: ast.stmt, names: dict[str, Any]) -> None:
    if not isinstance(statement, ast.Expr):
        exec(compile(ast.Module([statement], []), "program", "exec"), names)
        return
    value = eval(compile(ast.Expression(statement.value), "program", "eval"), names)
    if value is not None:
        print(repr(value))


def is_data(name: str, value: Any) -> bool:
    """Whether a variable is worth a description: no module, function, class or private name."""
    return not (name.startswith("_") or callable(value) or isinstance(value, ModuleType))


def is_tensor(value: Any) -> bool:
    """Whether the value is a tensor, of whichever library."""
    return hasattr(value, "grad_fn") and hasattr(value, "dtype")


def describe_safely(value: Any, names: dict[str, Any], name: str) -> Any:
    """The description, or the error of a tensor that cannot even be looked at any more."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return describe(value, names, name)
        except RuntimeError as error:
            return {"error": str(error)}


def describe(value: Any, names: dict[str, Any], name: str = "") -> Any:
    """The value as plain data for JSON; `names` are the program's variables."""
    if is_tensor(value):
        return _describe_tensor(value, names, derivative=bool(DERIVATIVE.fullmatch(name)))
    if isinstance(value, np.ndarray | np.generic):
        return {"array": str(value.dtype), "values": value.tolist()}
    if isinstance(value, list | tuple) and type(value).__name__ in ("list", "tuple"):
        return [describe(item, names, name) for item in value]
    if isinstance(value, dict):
        return {str(key): describe(item, names, name) for key, item in value.items()}
    if isinstance(value, int | float | str | None):
        return value
    return _without_addresses(str(value))


def _without_addresses(text: str) -> str:
    """`<torch._C.Generator object at 0x7f...>` says nothing but `<Generator>`."""
    return re.sub(r"<(?:[\w.]+\.)?(\w+) object at 0x[0-9a-f]+>", r"<\1>", text)


def _describe_tensor(tensor: Any, names: dict[str, Any], derivative: bool) -> dict[str, Any]:
    told = {
        "dtype": str(tensor.dtype),
        "shape": list(tensor.shape),
        "values": _values(tensor),
        "requires_grad": tensor.requires_grad,
    }
    if derivative:
        return told
    told["is_leaf"] = tensor.is_leaf
    if tensor.grad is not None:
        told["grad"] = _describe_tensor(tensor.grad, names, derivative=True)
    if tensor.grad_fn is not None:
        told["output_nr"] = tensor.output_nr
        told["graph"] = graph(tensor.grad_fn, names)
    return told


def _values(tensor: Any) -> Any:
    """Nested lists, with as few digits as give the same number of the tensor's dtype back."""
    array = np.asarray(tensor.detach().cpu().clone().numpy())
    if array.dtype in (np.float16, np.float32):
        short = [float(str(x)) for x in array.ravel()]
        array = np.array(short, np.float64).reshape(array.shape)
    return array.tolist()


def graph(root: Any, names: dict[str, Any]) -> list[list[Any]]:
    """Each node once, by breadth: its name, then per input [place in this list, output number].

    An input that is not tracked is None. The name of a leaf stands in place of its inputs.
    """
    order, place = [root], {root: 0}
    told: list[list[Any]] = []
    for node in order:
        leaf = getattr(node, "variable", None)
        if leaf is not None:
            known = [name for name, value in names.items() if value is leaf]
            told.append([node.name().split("::")[-1], *known[:1]])
            continue
        edges = []
        for parent, number in node.next_functions:
            if parent is not None and parent not in place:
                place[parent] = len(order)
                order.append(parent)
            edges.append(None if parent is None else [place[parent], number])
        told.append([node.name().split("::")[-1], *edges])
    return told


TOLERANCES = {"torch.float16": 4e-3, "torch.float32": 2e-5, "torch.float64": 1e-9}


def differences(
    ours: Any,
    theirs: Any,
    where: str = "",
    tolerance: float = 1e-5,
    tolerances: dict[str, float] = TOLERANCES,
) -> list[str]:
    """Where two descriptions differ, in words; floats may differ a little, all else may not.

    `tolerances` are those of the values of a tensor by its dtype, `tolerance` that of a number.
    """
    if isinstance(theirs, dict) and isinstance(ours, dict):
        tolerance = tolerances.get(theirs.get("dtype", ""), tolerance)
        found = []
        for key in [*theirs, *(key for key in ours if key not in theirs)]:
            pair = ours.get(key, "(nothing)"), theirs.get(key, "(nothing)")
            found += differences(*pair, f"{where}.{key}", tolerance, tolerances)
        return found
    if isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        found = []
        for i, pair in enumerate(zip(ours, theirs, strict=True)):
            found += differences(*pair, f"{where}[{i}]", tolerance, tolerances)
        return found
    if isinstance(theirs, float) and isinstance(ours, float) and close(ours, theirs, tolerance):
        return []
    same = type(ours) is type(theirs) and ours == theirs
    return [] if same else [f"{where.lstrip('.')}: expected {theirs!r}, got {ours!r}"]


def close(a: float, b: float, tolerance: float) -> bool:
    """Equal up to the tolerance, relative for large numbers; nan equals nan."""
    if math.isnan(a) or math.isnan(b) or math.isinf(a) or math.isinf(b):
        return a == b or (math.isnan(a) and math.isnan(b))
    return abs(a - b) <= tolerance * max(1.0, abs(a), abs(b))
