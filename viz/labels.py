"""What is written in a box, as the text of a DOT label.

Names and values come from users, so all of it is escaped: it shows as written, and can neither end
the label, nor become markup, nor break the drawing. How boxes look is not decided here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any

from viz.graph import Box, is_tensor, saved_values

NO_GRAPH = ("No graph: this tensor", "does not require a gradient.")

# What XML forbids, what ends a line, and what reorders the characters around it.
UNSHOWABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")  # differs from run to run


def label(
    box: Box,
    names: list[str],
    attr_chars: int = 0,
    lines: Iterable[str] = (),
    table: bool = False,
) -> str:
    r"""The label of a box: its names, what it is and more `lines`, centered, then up to
    `attr_chars` characters of each value that it saved, at the left or in a `table`.

    >>> class Tensor:
    ...     shape = (80, 1)
    >>> print(label(Box("leaf", Tensor()), ["w"]))
    w\n(80, 1)
    """
    head = _headlines(box, ", ".join(map(readable, names)))
    text = "\\n".join([*map(escape, head), *escaped(lines)])
    values = list(_saved_lines(box.thing, attr_chars)) if attr_chars and box.is_operation else []
    if table and values:
        rows = _table(values, len(type(box.thing).__name__))
        return "\\n".join([text, *map(escape, rows)])
    below = at_the_left(f"{name}: {value}" for name, value in values)
    return f"{text}\\n{below}" if below else text


def escape(text: str) -> str:
    r"""Write `text` so that a DOT label between quotes shows it as it is.

    >>> print(escape('a "quoted" \\ & <b>'))
    a \"quoted\" \\ &amp; <b>
    """
    shown = _visible(text).replace("\\", "\\\\").replace('"', '\\"')
    return shown.replace("&", "&amp;").replace("\n", "\\n")


def markup(text: str) -> str:
    r"""Write `text` so that an HTML-like DOT label shows it as it is.

    >>> print(markup("a < b & c"), markup(r"\N"))
    a &lt; b &amp; c \\N
    """
    return html.escape(_visible(text)).replace("\\", "\\\\")  # Graphviz makes a name of \N


def escaped(lines: Iterable[str]) -> Iterator[str]:
    """Each of the lines as one line of a DOT label."""
    return (escape(one_line(line)) for line in lines)


def centered(lines: Iterable[str]) -> str:
    """Lines below each other, as the text of a DOT label."""
    return "\\n".join(escaped(lines))


def at_the_left(lines: Iterable[str]) -> str:
    """The same, where they all begin at the left."""
    return "".join(f"{line}\\l" for line in escaped(lines))


def in_parentheses(shape: Iterable[int]) -> str:
    """A shape as it is written everywhere: (), (1), (80, 1)."""
    return f"({', '.join(map(str, shape))})"


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun, such as "1 box" or "2 boxes"."""
    return f"{number} {one if number == 1 else many}"


def shortened(text: str, most: int) -> str:
    """`text`, or its beginning and dots where it has more than `most` characters."""
    return text if len(text) <= most else text[: most - 3] + "..."


def readable(name: str) -> str:
    """A name as it is, or in quotes where nothing of it could be seen."""
    return name if name.strip() else repr(name)


def one_line(text: str) -> str:
    r"""`text` with nothing in it that could end the line: breaks are written as `\n`."""
    return _visible(text).replace("\n", "\\n")


def _visible(text: str) -> str:
    return UNSHOWABLE.sub(lambda found: ascii(found[0])[1:-1], text)


def _headlines(box: Box, name: str) -> Iterator[str]:
    if box.kind == "saved" and box.attribute:
        yield f"{box.attribute} = {name}" if name else box.attribute
    elif name:
        yield name
    yield from _what(box)
    if box.kind == "ghost" and box.attribute:
        yield box.attribute


def _what(box: Box) -> Iterable[str]:
    if box.is_operation:
        return [type(box.thing).__name__]
    if isinstance(box.thing, str):  # why a saved value cannot be read, or what stands for a ghost
        return [box.thing]
    shape = in_parentheses(box.thing.shape)
    return [shape, *NO_GRAPH] if box.kind == "plain" else [shape]


def _saved_lines(node: Any, chars: int) -> Iterator[tuple[str, str]]:
    for name, value in saved_values(node):
        yield name, shortened(one_line(_in_words(value)), chars)


def _table(rows: list[tuple[str, str]], width: int) -> Iterator[str]:
    """Pairs of texts in two columns below a line that is at least so wide."""
    left, right = (max(map(len, column)) for column in zip(*rows))
    yield "-" * max(left + right + 2, width)
    for name, value in rows:
        yield f"{name:<{left}}: {value:>{right}}"


def _in_words(value: Any) -> str:
    if is_tensor(value):
        return "[saved tensor]"
    if isinstance(value, (tuple, list)) and any(map(is_tensor, value)):
        return "[saved tensors]"
    return ADDRESS.sub("", str(value))
