"""An animated picture of a film: SVG with style sheets and no script, which plays in an `<img>`.

Every text, frame and dot that is ever seen lies in it, and is shown at its steps. Where nothing
moves, as in print, the last step is seen. What each step shows is decided in `viz.frames`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from copy import deepcopy
from itertools import accumulate
from operator import or_
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

SECONDS = 3.2  # of a step
WAY = 0.3  # of its time that a dot takes along its arrow
WIDTH = 280.0  # points, at least: 373 pixels
LETTER = 4.9  # points that a letter of the words takes
LINE = 13.0  # points
GRADIENT = "#551a8b"  # purple, told from all other colors by everybody
COLORS = {"forward": "black", "write": "black", "backward": GRADIENT, "accumulate": GRADIENT}


def moving(drawings: Sequence[Element], state: Mapping[str, Any]) -> str:
    """The frames of a stepper's `state` as one animated SVG, in an endless loop."""
    return _Reel(drawings, state).svg()


class _Reel:
    """The picture while it is put together."""

    def __init__(self, drawings: Sequence[Element], state: Mapping[str, Any]) -> None:
        self.frames = state["frames"]
        self.code = state["code"]
        self.sizes = [tuple(map(float, d.get("viewBox", "").split()[2:])) for d in drawings]
        self.width = max(WIDTH, *(width for width, _ in self.sizes))
        self.drawings = [deepcopy(drawing) for drawing in drawings]
        # what stands where, at each step
        self.texts = list(accumulate((frame["sets"] for frame in self.frames), or_))
        self.rules: dict[tuple[str, ...], str] = {}  # how a property changes: the class that does

    def svg(self) -> str:
        captions = [self._caption(frame) for frame in self.frames]
        head = LINE * (2.8 + max(map(len, captions)))
        height = head + max(height for _, height in self.sizes)
        size = {"width": f"{self.width:g}pt", "height": f"{height:g}pt"}
        view = f"0 0 {self.width:g} {height:g}"
        svg = Element("svg", size | {"viewBox": view, "xmlns": "http://www.w3.org/2000/svg"})
        style = SubElement(svg, "style")
        SubElement(svg, "rect", {"width": "100%", "height": "100%", "fill": "white"})
        for number, lines in enumerate(captions):
            self._write_caption(svg, number, lines)
        for number, drawing in enumerate(self.drawings):
            self._draw(svg, number, drawing, head)
        style.text = self._style()
        return tostring(svg, encoding="unicode")

    # --- words -------------------------------------------------------------------------------

    def _caption(self, frame: Mapping[str, Any]) -> list[str]:
        width = int((self.width - 16) / LETTER)
        return [line for text in frame["says"] for line in textwrap.wrap(text, width)]

    def _write_caption(self, svg: Element, number: int, lines: list[str]) -> None:
        frame = self.frames[number]
        look = {"font-family": "Arial", "font-size": "10"}
        group = SubElement(svg, "g", look | self._seen(self._only(number)))
        title = f"Step {number} of {len(self.frames) - 1}: {frame['title']}"
        _line(group, 1, **{"font-weight": "bold"}).text = title
        self._write_code(group, frame)
        for n, line in enumerate(lines):
            _line(group, n + 3.2).text = line

    def _write_code(self, group: Element, frame: Mapping[str, Any]) -> None:
        """The line of the program, with the part at work in bold type between arrows."""
        line, start, end = frame["mark"] or (frame["line"], 0, 0)
        code = self.code[line] if line >= 0 else ""
        text = _line(group, 2.1, **{"font-family": "Courier"})
        text.text = code[:start]
        part = SubElement(text, "tspan", {"font-weight": "bold", "text-decoration": "underline"})
        part.text, part.tail = code[start:end], code[end:]

    # --- the picture -------------------------------------------------------------------------

    def _draw(self, svg: Element, number: int, drawing: Element, top: float) -> None:
        shown = [frame["picture"] == number for frame in self.frames]
        group = SubElement(svg, "g", self._at("opacity", "0", "1", shown))
        left = (self.width - self.sizes[number][0]) / 2
        group.set("transform", f"translate({left:g} {top:g})")
        for key in ("font-family", "font-size", "text-anchor"):
            group.set(key, drawing.get(key, ""))
        for part in drawing:
            self._animate(part, shown)
            group.append(part)

    def _animate(self, part: Element, shown: list[bool]) -> None:
        for group in list(part.iter("g")):
            at = group.attrib.pop("data-at", "")
            if not at:
                continue
            group.attrib |= self._at("opacity", ".15", "1", [bool(t.get(at)) for t in self.texts])
            for text in group.findall("text"):
                self._write(group, text, shown)
            self._mark(group, at, shown)

    def _write(self, group: Element, text: Element, shown: list[bool]) -> None:
        """Put one text for each that ever stands at this place there."""
        at = text.attrib.pop("data-at", "")
        if not at:
            return
        group.remove(text)
        written = [now.get(at, "") if here else "" for now, here in zip(self.texts, shown)]
        for content in dict.fromkeys(filter(None, written)):
            look = self._seen([each == content for each in written])
            SubElement(group, "text", text.attrib | look).text = content

    def _mark(self, group: Element, at: str, shown: list[bool]) -> None:
        """Outline a box, or color an arrow and let a dot run along it, while it is at work."""
        outline = group.find("path" if at[0] == "e" else "polygon")
        for kind, color in COLORS.items():
            works = [
                here and frame["kind"] == kind and (at == frame["box"] or at in frame["along"])
                for frame, here in zip(self.frames, shown)
            ]
            if not any(works) or outline is None:
                continue
            look = self._seen(works) | {"fill": "none", "stroke": color, "stroke-width": "3"}
            SubElement(group, outline.tag, outline.attrib | look)
            for number, work in enumerate(works):
                if work and at[0] == "e":
                    self._dot(group, number, outline.get("d", ""), color)

    def _dot(self, group: Element, number: int, path: str, color: str) -> None:
        count = len(self.frames)
        look = self._seen(self._only(number))
        look["class"] = f"{look.get('class', '')} dot".strip()
        dot = SubElement(group, "circle", look | {"r": "4", "fill": color})
        times = (0, number / count, (number + WAY) / count, 1)
        motion = {
            "dur": f"{count * SECONDS:g}s",
            "repeatCount": "indefinite",
            "calcMode": "linear",
            "keyPoints": "1;1;0;0",  # from the end of the arrow to its beginning
            "keyTimes": ";".join(f"{time:.5g}" for time in times),
            "path": path,
        }
        SubElement(dot, "animateMotion", motion)

    # --- time --------------------------------------------------------------------------------

    def _only(self, step: int) -> list[bool]:
        return [n == step for n in range(len(self.frames))]

    def _seen(self, when: Sequence[bool]) -> dict[str, str]:
        return self._at("visibility", "hidden", "visible", when)

    def _at(self, name: str, off: str, on: str, when: Sequence[bool]) -> dict[str, str]:
        """Attributes that give a property one value at some steps and another at the others."""
        values = [on if each else off for each in when]
        if len(set(values)) == 1:
            return {name: values[0]}
        rule = self.rules.setdefault((name, *values), f"a{len(self.rules)}")
        return {name: values[-1], "class": rule}

    def _style(self) -> str:
        count = len(self.frames)
        style = ["@media (prefers-reduced-motion: reduce) { .dot { display: none } }"]
        for (name, *values), rule in self.rules.items():
            changes = [n for n in range(count) if n == 0 or values[n] != values[n - 1]]
            keys = "".join(f"{100 * n / count:.3f}%{{{name}:{values[n]}}}" for n in changes)
            style.append(f"@keyframes {rule}{{{keys}100%{{{name}:{values[-1]}}}}}")
            style.append(f".{rule}{{animation:{rule} {count * SECONDS:g}s step-end infinite}}")
        return "\n".join(style)


def _line(group: Element, place: float, **look: str) -> Element:
    """A line of text, so many lines below the top."""
    return SubElement(group, "text", {"x": "8", "y": f"{LINE * place:g}"} | look)
