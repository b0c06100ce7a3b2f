"""Tables wired to each other, as DOT text: HTML-like labels, and arrows from a row to a table.

How tables look is decided here, and all text is escaped. What they say is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from viz.labels import at_the_left, markup, one_line, shortened
from viz.styles import Look

NODE = {"shape": "plain", "fontname": "Arial", "fontsize": "11"}
TABLE = 'BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2" COLOR="gray40" BGCOLOR="white"'
LONGEST = 40  # characters of a text in a cell


class Row(NamedTuple):
    """A line of a table: what it is, its value, and the color behind it."""

    key: str
    text: str
    color: str = "white"


@dataclass
class Table:
    """A table with a colored head; `small` stands below the title."""

    title: str
    small: str
    color: str
    rows: list[Row] = field(default_factory=list)


class Wire(NamedTuple):
    """An arrow from a row of a table to the head of another, both by their numbers.

    It leaves at a `side`: "e", right of the value, "s", below it, or "w", left of the key.
    """

    table: int
    row: int
    head: int
    look: Look
    side: str = "e"


def body(tables: Iterable[Table], wires: Iterable[Wire]) -> Iterator[str]:
    """The lines of DOT text.

    >>> tables = [Table("w", "", "gray88", [Row("grad_fn", "Sin")]), Table("Sin", "", "gray88")]
    >>> list(body(tables, [Wire(0, 0, 1, {"color": "black"})]))[2].strip()
    'n0:value0:e -> n1:head:n [color="black"]'
    """
    for number, table in enumerate(tables):
        yield f"\tn{number} [label=<{_label(table)}>]\n"
    for wire in wires:
        look = " ".join(f'{attribute}="{value}"' for attribute, value in wire.look.items())
        port = f"{'key' if wire.side == 'w' else 'value'}{wire.row}:{wire.side}"
        yield f"\tn{wire.table}:{port} -> n{wire.head}:head:n [{look}]\n"


def note(lines: Iterable[str]) -> Iterator[str]:
    """Lines below the picture, as DOT text."""
    text = at_the_left(lines)
    if text:
        yield f'\tgraph [label="&nbsp;\\l{text}" labeljust=l fontsize=10 fontcolor=gray30]\n'


def _label(table: Table) -> str:
    rows = "".join(_row(number, row) for number, row in enumerate(table.rows))
    return f"<TABLE {TABLE}>{_head(table)}{rows}</TABLE>"


def _head(table: Table) -> str:
    small = f'<BR/><FONT POINT-SIZE="9">{_shown(table.small)}</FONT>' if table.small else ""
    cell = f'<TD COLSPAN="2" PORT="head" BGCOLOR="{table.color}">'
    return f"<TR>{cell}<B>{_shown(table.title)}</B>{small}</TD></TR>"


def _row(number: int, row: Row) -> str:
    key = f'<TD ALIGN="LEFT" PORT="key{number}">{_gray(row.key)}</TD>'
    value = f'<TD ALIGN="LEFT" PORT="value{number}" BGCOLOR="{row.color}">{_shown(row.text)}</TD>'
    return f"<TR>{key}{value}</TR>"


def _gray(text: str) -> str:
    return f'<FONT COLOR="gray30">{_shown(text)}</FONT>'


def _shown(text: str) -> str:
    return markup(shortened(one_line(text), LONGEST)) or " "
