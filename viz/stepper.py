"""The stepper: a recorded tape, step by step, on one fixed picture of the graph.

Here each graph of the tape is drawn once, with room for all that will be written in it. What each
step shows is told in `viz.frames`; stepper.js shows it, and `viz.moving` makes an animated picture.
"""

from __future__ import annotations

from textwrap import wrap
from typing import Any
from xml.etree import ElementTree

from viz.drawing import attributes
from viz.frames import Film
from viz.labels import centered, escape, in_parentheses, readable
from viz.moving import GRADIENT, moving
from viz.notes import LeafNote, Note
from viz.record import Tape
from viz.render import render
from viz.scenes import Scene
from viz.styles import EDGE, GRAPH, LOOKS, NODE
from viz.values import Value
from viz.widget import Interactive

LIMIT = 100  # steps: what a reader steps through, and what a notebook stores
RECORD = "with viz.record() as tape: ..."
MANY = 80  # arrows: more take Graphviz half a minute to curve, and a second to draw straight
STRAIGHT = {"splines": "line", "nslimit": "4"}


class Stepper(Interactive):
    """A tape to step through: slider, play, back and forward, arrow keys.

    It shows itself in a notebook; `.save("page.html")` writes a page that works without a kernel,
    `.save("steps.svg")` an animated picture. Make one with `viz.stepper(tape)`.
    """

    script = "stepper.js"
    parts = ("stepper.css",)

    def __init__(self, tape: Tape) -> None:
        if not isinstance(tape, Tape):
            raise TypeError(
                f"stepper goes through a recorded tape, and got {type(tape).__name__!r}. "
                f"Record one: {RECORD}"
            )
        if not (steps := tape.steps):
            raise ValueError(
                "The tape is empty: no operation on a tensor that requires a gradient was seen. "
                f"Compute within the block, in the same thread: {RECORD}"
            )
        film = Film(steps[:LIMIT])
        if (more := len(steps) - LIMIT) > 0:
            says = f"The tape has {more} more steps. Record less to see them."
            film.frames[-1]["says"].append(says)
        self._drawings = _drawn(film)
        self._state = {
            "pictures": [_text(drawing) for drawing in self._drawings],
            "code": film.code,
            "rows": film.rows,
            "frames": film.frames,
            "step": 0,
        }
        super().__init__(self._state, f"{len(film.frames) - 1} steps, forward and backward")

    def svg(self) -> str:
        """An animated picture that plays wherever pictures are shown, without a script."""
        return moving(self._drawings, self._state)


def stepper(tape: Tape) -> Stepper:
    """Step through a tape: what `viz.record()` recorded, forward and backward.

    Of a long tape the first 100 steps are shown. Raises TypeError if `tape` is no tape, and
    ValueError if it is empty.

    >>> import tinygrad_edu as torch
    >>> from viz import record
    >>> w = torch.tensor(3.0, requires_grad=True)
    >>> with record() as tape:
    ...     loss = w * w
    ...     loss.backward()
    >>> stepper(tape)
    3 steps, forward and backward
    """
    return Stepper(tape)


def _drawn(film: Film) -> list[ElementTree.Element]:
    """The pictures of a film, each drawn once; frames are told the number of theirs.

    Graphs that differ in their numbers alone, as the turns of a loop do, share one picture.
    """
    shapes = [_shape(scene) for scene in film.scenes]
    numbers = {shape: n for n, shape in enumerate(dict.fromkeys(shapes))}
    room: list[dict[str, str]] = [{} for _ in numbers]
    for frame in film.frames:
        frame["picture"] = number = numbers[shapes[frame.pop("scene")]]
        for key, text in frame["sets"].items():
            if isinstance(text, str):
                room[number][key] = max(room[number].get(key, ""), text, key=len)
    scenes = {numbers[shape]: scene for shape, scene in zip(shapes, film.scenes)}
    return [_drawing(scenes[n], room[n]) for n in range(len(numbers))]


def _shape(scene: Scene) -> Any:
    """What of a scene is drawn, without the numbers."""
    boxes = range(len(scene.boxes))
    return tuple(tuple(_lines(scene, box)) for box in boxes), tuple(scene.arrows)


def _lines(scene: Scene, number: int) -> list[str]:
    """What stands in a box from the beginning: its name, and the operation or the shape."""
    box = scene.boxes[number]
    if isinstance(box, Note):
        what = box.operation
    else:
        value = scene.value_of(number)
        what = in_parentheses(value.shape) if isinstance(value, Value) else ""
    return [line for line in (readable(box.name) if box.name else "", what) if line]


def _dot(scene: Scene, room: dict[str, str]) -> str:
    """The picture as DOT text; the longest that will be written at a place keeps the room."""
    body = []
    for n, box in enumerate(scene.boxes):
        kind = "leaf" if isinstance(box, LeafNote) else "root" if n < scene.roots else "operation"
        lines = [*_lines(scene, n), room.get(f"n{n}v") or "?"]
        if kind == "leaf":
            lines.append(room.get(f"n{n}g") or "?")
        look = attributes({**LOOKS[kind], "id": f"n{n}"})
        body.append(f'n{n} [label="{centered(lines)}"{look}]')
    for n, arrow in enumerate(scene.arrows):
        text = escape("  " + room.get(f"e{n}g", ""))  # spaces keep it away from the arrow
        body.append(f'n{arrow.tail} -> n{arrow.head} [label="{text}" id="e{n}"]')
    arrows = EDGE | {"fontname": "Arial", "fontsize": "10", "fontcolor": GRADIENT}
    heads = (f"{k} [{attributes(v)}]" for k, v in (("node", NODE), ("edge", arrows)))
    graph = GRAPH | (STRAIGHT if len(scene.arrows) > MANY else {})
    return "\n".join(["digraph {", f"graph [{attributes(graph)}]", *heads, *body, "}"])


def _drawing(scene: Scene, room: dict[str, str]) -> ElementTree.Element:
    """The picture as SVG elements without a namespace, with an attribute `data-at` at each box,
    each arrow, and each text that will change."""
    try:
        svg = render(_dot(scene, room)).decode()
    except RuntimeError as error:  # the words and the table tell the steps without it, too
        return _excuse(str(error))
    drawing = ElementTree.fromstring(svg.replace('xmlns="http://www.w3.org/2000/svg"', ""))
    drawing.attrib |= {"font-family": "Arial", "text-anchor": "middle"}
    for text in drawing.iter("text"):  # what is said once need not be said in each text
        look = text.attrib
        text.attrib = {key: look[key] for key in ("x", "y", "font-size", "fill") if key in look}
    for group in drawing.iter("g"):
        for title in group.findall("title"):
            group.remove(title)
        at = group.attrib.pop("id", "")
        if group.get("class") in ("node", "edge"):
            group.set("data-at", at)
            _mark(list(group.iter("text")), at, scene)
    return drawing


def _mark(texts: list[ElementTree.Element], at: str, scene: Scene) -> None:
    """Give each text that will change its place: in the box or beside the arrow `at`."""
    if at[0] == "e":
        for text in texts:
            text.attrib |= {"data-at": f"{at}g", "x": f"{float(text.get('x', 0)) + 3:g}"}
        return
    cells = "vg" if isinstance(scene.boxes[int(at[1:])], LeafNote) else "v"
    for cell, text in zip(cells, texts[-len(cells) :]):
        text.set("data-at", f"{at}{cell}")


def _excuse(error: str) -> ElementTree.Element:
    lines = wrap(error, 60)
    size = {"width": "300pt", "height": f"{14 * len(lines)}pt"}
    drawing = ElementTree.Element("svg", size | {"viewBox": f"0 0 300 {14 * len(lines)}"})
    drawing.attrib |= {"font-family": "Arial", "font-size": "10"}
    for n, line in enumerate(lines):
        ElementTree.SubElement(drawing, "text", {"x": "0", "y": f"{14 * n + 10}"}).text = line
    return drawing


def _text(drawing: ElementTree.Element) -> str:
    drawing.set("xmlns", "http://www.w3.org/2000/svg")
    for element in drawing.iter():
        element.tail = None  # the spaces between elements
        if element.tag != "text":
            element.text = None
    return ElementTree.tostring(drawing, encoding="unicode")
