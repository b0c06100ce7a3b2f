"""`Playground`: type an expression, switch each `requires_grad`, and see the graph change.

A notebook computes each new expression in Python. A page without a kernel holds what the given
expressions show, for all settings of the switches. How it looks there is up to playground.js.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import product
from keyword import iskeyword
from typing import Any

from viz.dot import make_dot
from viz.expressions import Refused, evaluate, parse
from viz.graph import is_tensor
from viz.labels import in_parentheses, one_line
from viz.libraries import library_of
from viz.outline import outline
from viz.record import record
from viz.values import Value
from viz.widget import Interactive

SWITCHES = 4  # a page holds two pictures of an expression for one switch, 16 for four


class Playground(Interactive):
    """A graph to play with: an expression in named tensors, and a switch for each of them.

    `tensors` maps up to four names to tensors of either library; they are copied, so that nothing
    happens to them. `expressions` is one expression, or several to choose from, such as
    `["a * b", "(a * b).exp()"]`; the first is shown at first. `options` go to
    `make_dot`; without others, what gets no gradient is drawn as a ghost. In a notebook, other
    expressions can be typed; `.widget` has the traits `expression` and `switches` (a truth value
    for each tensor), to be read and set. `.save("page.html")` writes a page that needs no kernel,
    and shows the given expressions.

    Raises TypeError where there are no tensors, ValueError for more than four, for a name that
    Python would not take, and for an expression with more than names, numbers and functions.

    >>> import tinygrad_edu as torch
    >>> a, b = torch.tensor(2.0, requires_grad=True), torch.tensor(3.0)
    >>> Playground({"a": a, "b": b}, ["a * b", "(a + b) * b"])
    a graph playground: a * b, with the tensors a, b
    """

    script = "playground.js"
    parts = ("playground.css",)

    def __init__(
        self, tensors: Mapping[str, Any], expressions: str | Sequence[str], **options: Any
    ) -> None:
        self._tensors, self._options = _checked(tensors), {"show_ghosts": True, **options}
        given = [expressions] if isinstance(expressions, str) else list(expressions)
        if not given:
            raise ValueError("Playground needs an expression to begin with, such as 'a * b'.")
        switches = [bool(tensor.requires_grad) for tensor in self._tensors.values()]
        setting = "".join(str(int(on)) for on in switches)
        frames = {each: self._frames(each) for each in given}
        for expression in given:
            if problem := frames[expression][setting].get("problem"):
                raise ValueError(f"{expression!r} shows nothing. {problem}")
        self._picture = frames[given[0]][setting]["svg"]
        state = {
            "names": list(self._tensors),
            "values": [_in_words(tensor) for tensor in self._tensors.values()],
            "fixed": [not _switchable(tensor) for tensor in self._tensors.values()],
            "expressions": given,
            "frames": b64encode(zlib.compress(json.dumps(frames).encode(), 9)).decode(),
            "expression": given[0],
            "switches": switches,
            "answer": None,
        }
        names = ", ".join(self._tensors)
        super().__init__(state, f"a graph playground: {given[0]}, with the tensors {names}")

    def svg(self) -> str:
        """The graph of the first expression."""
        return self._picture

    @cached_property
    def widget(self) -> Any:
        """The live widget, which computes what is typed. Raises ImportError without anywidget."""
        widget = super().widget
        widget.observe(self._answer, ["expression", "switches"])
        return widget

    def _answer(self, _: Any) -> None:
        expression, switches = self.widget.expression, self.widget.switches
        frame = self._frame(expression, switches)
        self.widget.answer = {"expression": expression, "switches": switches, **frame}

    def _frames(self, expression: str) -> dict[str, dict[str, Any]]:
        """What the expression shows, for all settings of the switches, such as "011"."""
        ways = [(0, 1) if _switchable(tensor) else (0,) for tensor in self._tensors.values()]
        settings = product(*ways)
        return {"".join(map(str, each)): self._frame(expression, each) for each in settings}

    def _frame(self, expression: str, switches: Iterable[int]) -> dict[str, Any]:
        """All that is shown of an expression at one setting, or the problem with it."""
        pairs = zip(self._tensors.items(), switches)
        try:
            tree = parse(expression, self._tensors)
            leaves = {name: _copy(tensor, bool(on)) for (name, tensor), on in pairs}
            with record():  # so that the picture knows the reason of each ghost
                result = evaluate(tree, leaves, library_of(next(iter(leaves.values()))))
            return self._shown(result, leaves)
        except Refused as refused:
            return {"problem": str(refused)}
        except Exception as error:  # whatever the library raises, the reader sees what it says
            return {"problem": f"{type(error).__name__}: {one_line(str(error))}"}

    def _shown(self, result: Any, leaves: Mapping[str, Any]) -> dict[str, Any]:
        if not is_tensor(result):
            raise Refused(f"The result is a {type(result).__name__!r}, and no tensor.")
        drawing = str(make_dot(result, leaves, **self._options).pipe("svg", encoding="utf-8"))
        shown = {"svg": drawing[drawing.index("<svg") :], "words": outline(result, leaves)}
        remark = _why_no_gradients(result)
        if not remark:
            result.backward()
        gradients = [_gradient(leaf) for leaf in leaves.values()]
        return {**shown, "result": _in_words(result), "gradients": gradients, "remark": remark}


def _checked(tensors: Any) -> dict[str, Any]:
    if not isinstance(tensors, Mapping) or not tensors or not all(map(is_tensor, tensors.values())):
        raise TypeError(
            f"Playground takes a mapping from names to tensors, and got {one_line(repr(tensors))}. "
            "Pass {'a': a, 'b': b} with tensors a and b."
        )
    if len(tensors) > SWITCHES:
        raise ValueError(f"Playground takes up to {SWITCHES} tensors, and got {len(tensors)}.")
    for name in tensors:
        if not str(name).isidentifier() or iskeyword(name):
            raise ValueError(f"{name!r} cannot stand in an expression: pass a name such as 'a'.")
    return {name: _copy(tensor, tensor.requires_grad) for name, tensor in tensors.items()}


def _copy(tensor: Any, requires_grad: bool) -> Any:
    return tensor.detach().clone().requires_grad_(requires_grad)


def _switchable(tensor: Any) -> bool:
    return bool(tensor.dtype.is_floating_point or tensor.dtype.is_complex)


def _in_words(tensor: Any) -> str:
    shape = f" {in_parentheses(tensor.shape)}" if len(tensor.shape) else ""
    return f"{Value.of(tensor).text()}{shape}"


def _why_no_gradients(result: Any) -> str:
    if not result.requires_grad:
        return "No gradients: nothing in this expression requires one."
    if result.numel() != 1:
        return (
            f"No gradients: backward() starts from one number, and the result has "
            f"{result.numel()}. Add .sum() or .mean()."
        )
    return ""


def _gradient(leaf: Any) -> str:
    if not leaf.requires_grad:
        return "—"
    return "None" if leaf.grad is None else _in_words(leaf.grad)
