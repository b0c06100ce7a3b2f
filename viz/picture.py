"""A `graphviz.Digraph` that shows itself in a notebook, with or without Graphviz on the machine.

All that a Digraph can do stays, and whatever draws goes through `viz.render`. Where nothing can
draw, a notebook shows one sentence and the DOT text. What is in the picture is decided elsewhere.
"""

from __future__ import annotations

import html
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import graphviz

from viz.render import render

FORMATS = {"image/svg+xml": "svg", "image/png": "png"}
LIMITS = {"svg": 5_000, "png": 800}  # lines of DOT text that a notebook takes without groaning
LINES_SHOWN = 200  # of the DOT text, where it stands in for the drawing
TOO_MUCH = (
    "This is too much to draw in a notebook. make_dot(..., fold=True) draws repeated blocks once; "
    "an earlier result has a smaller graph; .render('graph') draws all of it into the file "
    "graph.svg; .source is its DOT text."
)


class Picture(graphviz.Digraph):
    """The picture of a graph: `.source` is its DOT text, `.render("loss")` draws loss.svg."""

    def __repr__(self) -> str:
        return self.comment or super().__repr__()

    def pipe(
        self,
        format: str | None = None,
        *,
        engine: str | None = None,
        encoding: str | None = None,
        **options: Any,
    ) -> bytes | str:
        """Return the drawing, as bytes, or as text where an encoding is given.

        Further options are graphviz's own, and need Graphviz itself on the machine.
        """
        if any(options.values()):
            return super().pipe(format, engine=engine, encoding=encoding, **options)
        drawing = self._draw(format, engine)
        return drawing if encoding is None else drawing.decode(encoding)

    def render(
        self,
        filename: str | os.PathLike[str] | None = None,
        directory: str | os.PathLike[str] | None = None,
        view: bool = False,
        cleanup: bool = False,
        format: str | None = None,
        *,
        outfile: str | os.PathLike[str] | None = None,
        engine: str | None = None,
        **options: Any,
    ) -> str:
        """Write the DOT text to `filename`, the drawing beside it; return the drawing's path.

        `outfile` is a path for the drawing, whose ending names the format. `cleanup` deletes the
        DOT text afterwards, `view` opens the drawing. Further options are graphviz's own, and
        need Graphviz itself on the machine.
        """
        if any(options.values()):
            given = {"format": format, "outfile": outfile, "engine": engine, "cleanup": cleanup}
            return super().render(filename, directory=directory, view=view, **given, **options)
        if outfile is not None:
            format = format or Path(outfile).suffix.removeprefix(".")
            filename = filename or Path(outfile).with_suffix(".gv")
        source = self.save(filename, directory=directory)
        drawing = os.fspath(outfile or f"{source}.{format or self.format}")
        Path(drawing).write_bytes(self._draw(format, engine))
        if cleanup:
            os.remove(source)
        if view:
            graphviz.view(drawing)
        return drawing

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None, **_: Any
    ) -> dict[str, bytes | str]:
        """The drawing for a notebook: SVG, and PNG for a reader that shows no SVG."""
        if len(self.body) > LIMITS["svg"]:
            return {"text/plain": f"{self!r}\n{TOO_MUCH}"}
        wanted = set(FORMATS if include is None else include) - set(exclude or ())
        bundle: dict[str, bytes | str] = {}
        for mime in (mime for mime in FORMATS if mime in wanted):
            try:
                bundle |= self._drawing(mime)
            except RuntimeError as error:
                return bundle or {"text/plain": f"{error}\n{self._beginning()}"}
        return bundle

    def _drawing(self, mime: str) -> dict[str, bytes | str]:
        format = FORMATS[mime]
        if len(self.body) > LIMITS[format]:
            return {}
        if format != "svg":
            return {mime: self.pipe(format)}
        drawing = str(self.pipe(format, encoding="utf-8"))
        spoken = f'<svg role="img" aria-label="{html.escape(repr(self))}" '
        return {mime: drawing.replace("<svg ", spoken, 1)}  # for screen readers

    def _draw(self, format: str | None, engine: str | None) -> bytes:
        return render(self.source, format or self.format, engine or self.engine)

    def _beginning(self) -> str:
        lines = self.source.splitlines()
        if len(lines) > LINES_SHOWN:
            lines[LINES_SHOWN:] = [f"... and {len(lines) - LINES_SHOWN} more lines in .source"]
        return "\n".join(lines)
