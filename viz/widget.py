"""What moves in a notebook: the base of the stepper and the explorers.

An `Interactive` is a state, a script in JavaScript that shows it, and a picture for readers where
no script runs. It shows itself as a live widget, and as a page of its own that needs no kernel.
What is shown, and how, is decided by those who inherit.
"""

from __future__ import annotations

import json
import os
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

VIEW = "application/vnd.jupyter.widget-view+json"
PAGE = """<!doctype html>
<html lang="en" class="viz-page">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{caption}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
<body>
<main></main>
<script type="application/json" id="state">{state}</script>
<script type="module">{script}
const state = JSON.parse(document.getElementById("state").textContent);
widget.render({{ model: pageModel(state), el: document.querySelector("main") }});
</script>
"""

PART = """<div data-viz="{name}">{picture}</div>
<style>{style}</style>
<script type="application/json" data-viz-state="{name}">{state}</script>
<script type="module">{script}
{{
  const state = JSON.parse(document.querySelector('[data-viz-state="{name}"]').textContent);
  const here = document.querySelector('[data-viz="{name}"]:not(.viz)');
  here.replaceChildren();
  widget.render({{ model: pageModel(state), el: here }});
}}
</script>
"""


class Interactive(ABC):
    """A state that shows itself: as a live widget, as a page, and as a picture.

    `state` is what the script shows: text, numbers, lists and mappings, as JSON has them.
    `caption` says in one line what there is to see; it stands where nothing can be shown.
    Those who inherit name their `script`, a file beside this one that ends with
    `export default { render({ model, el }) { ... } };` and may use what widget.js and, for its
    looks, widget.css hold, and what is in further `parts`: files that end with .js or .css.
    The `widget` has a trait for each entry of the state.

    Raises ValueError if the state holds a number that JSON has not: inf or nan.
    """

    script: str
    parts: tuple[str, ...] = ()

    def __init__(self, state: Mapping[str, Any], caption: str) -> None:
        self._json = json.dumps(state, allow_nan=False)
        self._caption = caption

    @abstractmethod
    def svg(self) -> str:
        """A picture, still or moving, for readers where no script runs."""

    @cached_property
    def widget(self) -> Any:
        """The live widget, an `anywidget.AnyWidget`. Raises ImportError without anywidget."""
        try:
            import anywidget
            import traitlets
        except ImportError as error:
            raise ImportError(
                "A live widget needs the package anywidget. Install it with: "
                "pip install anywidget. Without it, .save('page.html') writes a page."
            ) from error
        state = json.loads(self._json)
        traits = {key: traitlets.Any(value).tag(sync=True) for key, value in state.items()}
        looks = {"_esm": self._source(), "_css": self._looks()}
        return type(type(self).__name__, (anywidget.AnyWidget,), {**looks, **traits})()

    def html(self) -> str:
        """A page of its own: it works from a file, without a kernel, and asks no other machine."""
        return PAGE.format(caption=escape(self._caption), **self._pieces())

    def part(self) -> str:
        """A part of somebody's page, in HTML: the picture, and in its place what moves once the
        page's scripts run. The same may stand in a page twice."""
        name = sha256(self._json.encode()).hexdigest()[:12]
        return PART.format(name=name, picture=self.svg(), **self._pieces())

    def _pieces(self) -> dict[str, str]:
        """What a page is made of."""
        return {
            "style": self._looks(),
            "state": self._json.replace("<", "\\u003c"),  # so that no text can end the element
            "script": self._source().replace("export default", "const widget ="),
        }

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the page to a path that ends with .html, the picture to one that ends with .svg.

        Raises ValueError for another ending.
        """
        formats = {".html": self.html, ".svg": self.svg}
        ending = Path(path).suffix.lower()
        if ending not in formats:
            raise ValueError(f"{os.fspath(path)!r} ends with neither .html nor .svg: name one.")
        Path(path).write_text(formats[ending](), encoding="utf-8")

    def __repr__(self) -> str:
        return self._caption

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """The live widget where it can run, the picture for the others, and the caption.

        Where the variable VIZ_PAGES is set, a page is being made, which has no kernel.
        """
        text = f"{self._caption}: run the cell in a notebook, or .save('page.html')"
        bundle: dict[str, Any] = {"text/plain": text, "image/svg+xml": self.svg()}
        if os.environ.get("VIZ_PAGES"):
            return bundle | {"text/html": self.part()}
        try:
            model = self.widget.model_id
        except ImportError:
            return bundle
        return bundle | {VIEW: {"version_major": 2, "version_minor": 1, "model_id": model}}

    def _source(self) -> str:
        return self._joined("widget.js", ".js") + _file(self.script)

    def _looks(self) -> str:
        return self._joined("widget.css", ".css")

    def _joined(self, first: str, ending: str) -> str:
        parts = [part for part in self.parts if part.endswith(ending)]
        return "".join(f"{_file(part)}\n" for part in [first, *parts])


def _file(name: str) -> str:
    from importlib.resources import files  # takes long to import, and is needed here alone

    return files("viz").joinpath(name).read_text(encoding="utf-8")
