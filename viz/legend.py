"""The legend below a picture: what its looks mean, as a table in an HTML-like DOT label."""

from __future__ import annotations

from collections.abc import Iterable

from viz.labels import markup, one_line
from viz.styles import Look

SWATCH = '<TD WIDTH="30" HEIGHT="16" BGCOLOR="{fill}" COLOR="{line}" BORDER="{width}"{style}></TD>'


def table(rows: Iterable[tuple[Look, str]], below: Iterable[str] = ()) -> str:
    """The label of a graph: rows of a look and what it means, then lines across the table.

    >>> print(table([({"fillcolor": "orange"}, "saved")]).split("<TD")[1])
     WIDTH="30" HEIGHT="16" BGCOLOR="orange" COLOR="gray40" BORDER="1"></TD>
    """
    cells = [f"<TR>{_swatch(look)}{_text(meaning, 1)}</TR>" for look, meaning in rows]
    lines = [f"<TR>{_text(line, 2)}</TR>" for line in below]
    return f'<TABLE BORDER="0" CELLSPACING="3">{"".join(cells + lines)}</TABLE>'


def _swatch(look: Look) -> str:
    return SWATCH.format(
        fill=markup(look.get("fillcolor", "white")),
        line=markup(look.get("color", "gray40")),
        width=round(float(look.get("penwidth", 1))),
        style=' STYLE="dashed"' if "dashed" in look.get("style", "") else "",
    )


def _text(text: str, columns: int) -> str:
    return f'<TD ALIGN="LEFT" COLSPAN="{columns}">{markup(one_line(text)) or " "}</TD>'
