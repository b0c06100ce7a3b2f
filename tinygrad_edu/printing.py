"""How a tensor is written: the text of `print(t)`, character for character PyTorch's.

This module turns an array and a few facts about its tensor into text. It knows of no tensors,
graphs or devices. Of an array that lives elsewhere, only what is shown is brought here.
"""

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

PREFIX = "tensor("

DEFAULTS = {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80}
PROFILES: dict[str | None, dict[str, Any]] = {
    "default": DEFAULTS,
    "short": DEFAULTS | {"precision": 2, "edgeitems": 2},
    "full": DEFAULTS | {"threshold": math.inf},
}
options = SimpleNamespace(**DEFAULTS, sci_mode=None)


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Choose how tensors are printed; what is left None stays as it was.

    precision: digits after the point. threshold: more elements than this are summed up by the
    first and last `edgeitems` of each dimension. linewidth: columns of a line. profile: 'default',
    'short' or 'full'. sci_mode: True or False force or forbid powers of ten; None, also when
    it is not given, lets the values decide.

    >>> set_printoptions(precision=2)
    >>> tensor_text(np.float32(3.14159))
    'tensor(3.14)'
    >>> set_printoptions(profile="default")
    """
    given = dict(zip(DEFAULTS, (precision, threshold, edgeitems, linewidth)))
    given = {name: value for name, value in given.items() if value is not None}
    vars(options).update(PROFILES.get(profile, {}) | given, sci_mode=sci_mode)


def tensor_text(
    array: Any,
    *,
    bring: Callable[[Any], Any] = np.asarray,
    requires_grad: bool = False,
    grad_fn: str | None = None,
    device: str = "cpu",
    default_dtype: Any = np.float32,
) -> str:
    """The text of a tensor with these values: any shape, any bool, integer or float dtype.

    `bring` makes a NumPy array of what is shown of `array`, which may live elsewhere. `grad_fn` is
    the name of its node, and hides `requires_grad`, as in PyTorch.

    >>> print(tensor_text(np.float32([[1, 2], [3.5, 4]]), grad_fn="MulBackward0"))
    tensor([[1.0000, 2.0000],
            [3.5000, 4.0000]], grad_fn=<MulBackward0>)
    """
    notes = [] if device == "cpu" else [f"device='{device}'"]
    if array.ndim != 1 if array.size == 0 else options.edgeitems == 0:
        notes.append(f"size={array.shape}")
    usual = array.dtype == default_dtype or (array.size and array.dtype.name in ("int64", "bool"))
    if not usual:
        notes.append(f"dtype=torch.{array.dtype.name}")
    if grad_fn is not None:
        notes.append(f"grad_fn=<{grad_fn}>")
    elif requires_grad:
        notes.append("requires_grad=True")
    return _append(PREFIX + _body(array, bring), notes) + ")"


def _append(text: str, notes: list[str]) -> str:
    """Add each note on the last line, or on a line of its own where it would not fit."""
    last = len(text) - text.rfind("\n") + 1  # PyTorch counts two columns too many; so do we
    for note in notes:
        last += len(note) + 2
        if last > options.linewidth:
            text += ",\n" + " " * len(PREFIX) + note
            last = len(PREFIX) + len(note)
        else:
            text += ", " + note
    return text


def _body(array: Any, bring: Callable[[Any], Any]) -> str:
    if array.size == 0:
        return "[]"
    gaps = [array.size > options.threshold and n > 2 * options.edgeitems for n in array.shape]
    for dim, gap in enumerate(gaps):
        array = _ends(array, dim) if gap else array
    shown = np.asarray(bring(array))
    write, width = _writer(shown.ravel().tolist(), shown.dtype.kind == "f")
    return _nested(shown.tolist(), gaps, lambda x: write(x).rjust(width), width, len(PREFIX))


def _ends(array: Any, dim: int) -> Any:
    """The first and the last few along a dimension, which are what is shown of many."""
    before, edge, n = (slice(None),) * dim, options.edgeitems, array.shape[dim]
    return np.concatenate([array[*before, :edge], array[*before, n - edge :]], dim)


def _nested(values: Any, gaps: list[bool], write: Callable, width: int, indent: int) -> str:
    """Brackets around a nested list; the innermost dimension flows into lines."""
    if not gaps:
        return write(values)
    inner = gaps[1:]
    items = [_nested(value, inner, write, width, indent + 1) for value in values]
    if gaps[0]:
        items.insert(options.edgeitems, "..." if inner or not options.edgeitems else " ...")
    margin = "\n" + " " * (indent + 1)
    if inner:
        return "[" + ("," + "\n" * (len(inner) - 1) + margin).join(items) + "]"
    n = max(1, (options.linewidth - indent) // (width + 2))
    lines = [", ".join(items[start : start + n]) for start in range(0, len(items), n)]
    return "[" + ("," + margin).join(lines) + "]"


def _writer(values: list, is_float: bool) -> tuple[Callable[[Any], str], int]:
    """One way of writing for the whole tensor, and its width.

    Zeros, infinities and nan do not count: they may stick out.
    """
    write: Callable[[Any], str] = str
    if is_float:
        values = [x for x in values if x and math.isfinite(x)]
        write = _float_writer(values)
    return write, max((len(write(x)) for x in values), default=1)


def _float_writer(counted: list[float]) -> Callable[[float], str]:
    if not counted:
        return _write_whole
    low, high = min(map(abs, counted)), max(map(abs, counted))
    scientific = options.sci_mode
    if scientific is None:
        scientific = high / low > 1000 or high > 1e8 or low < 1e-4
    if not scientific and all(x.is_integer() for x in counted):
        return _write_whole
    return f"{{:.{options.precision}{'e' if scientific else 'f'}}}".format


def _write_whole(x: float) -> str:
    """A whole number, with a dot to show that it is a float: `3.`, but `inf` and `nan`."""
    return f"{x:.0f}." if math.isfinite(x) else f"{x:.0f}"
