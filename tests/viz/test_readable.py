"""All pictures can be read: text stays in its box, and colours are told apart by every eye.

Each picture is drawn as JSON, in which Graphviz says of a line of text where it stands, how wide it
takes it, and which rectangles and colours lie behind it.
"""

import ast
import itertools
import json
from pathlib import Path
from typing import NamedTuple

import pytest

import tinygrad_edu as torch
import viz
from viz import make_dot
from viz.layers.state import CHANGED
from viz.render import render
from viz.styles import LOOKS
from viz.xray import xray

OPTIONS = (
    "values",
    "grads",
    "ghosts",
    "lines",
    "shapes",
    "derivatives",
    "state",
    "marks",
    "counts",
)
NAMES = ["w", "θ", "a long name with many words in it", "損失損失損失", "\U0001f642é", "W" * 30]

# Widths in em, in Arial, as a browser measures them. An engine without pango takes a letter that is
# not ASCII for as many spaces as it has bytes, so few of them should stand in a line.
WIDTHS = {"×": 0.584, "∂": 0.494, "→": 1.0, "…": 1.0, "—": 1.0, "−": 0.584, "·": 0.278}
WIDTHS |= {"θ": 0.556, "é": 0.556, "損": 1.0, "失": 1.0, "\U0001f642": 1.25, "\xa0": 0.278}
SPACE = {"Arial": 0.278, "Courier": 0.6}


class Line(NamedTuple):
    """A line of text as it is drawn."""

    text: str
    color: str
    behind: str  # the colour behind it
    left: float
    right: float
    box: tuple[float, float] | None  # the sides of the last rectangle around its middle


class Drawn(NamedTuple):
    """What there is to see in a picture."""

    lines: list[Line]
    strokes: set[str]  # the colours of arrows and outlines


def pictures():
    """Every kind of picture, by a name."""
    torch.manual_seed(42)
    x, b, w = torch.rand(80, 1), torch.randn(1).requires_grad_(), torch.randn(1).requires_grad_()
    y = 1 + 2 * x
    with viz.record():
        yhat = b + w * x
        loss = ((y - yhat) ** 2).mean() + (y - w * x).mean()
        loss.backward(retain_graph=True)
    named = {"x": x, "y": y, "b": b, "w": w, "yhat": yhat, "loss": loss}
    yield "plain", make_dot(loss, named)
    for option in OPTIONS:
        yield option, make_dot(loss, named, legend=True, **{f"show_{option}": True})
    everything = {f"show_{option}": True for option in (*OPTIONS, "attrs", "saved")}
    yield "everything", make_dot(loss, named, legend=True, **everything)
    yield "torchviz", make_dot(loss, named, True, True, style="torchviz", legend=True)
    yield "compared", viz.compare(loss, b.detach() + w, named)
    yield "xray", xray(loss, named)
    yield "names", make_dot(sum(leaves := [w.exp() for _ in NAMES]), dict(zip(NAMES, leaves)))
    turn = w
    for _ in range(5):
        turn = (b + w * turn).tanh()
    yield "folded", make_dot(turn, named, fold=True, legend=True)
    product = w.exp() * (factor := 1 * w)
    factor.mul_(2)
    yield "changed", make_dot(product, show_state=True, show_saved=True, legend=True)


def drawn(picture):
    graph = json.loads(render(picture.source, "json"))
    drawing = Drawn([], set())
    for thing in [*graph.get("objects", ()), *graph.get("edges", ()), graph]:
        _Pen(drawing).draw(
            [op for part in ("_draw_", "_hdraw_", "_ldraw_") for op in thing.get(part, ())]
        )
    return drawing


class _Pen:
    """Follows the drawing operations of one thing, as Graphviz lists them."""

    def __init__(self, drawing):
        self.drawing = drawing
        self.pen, self.fill, self.font, self.size = "#000000", "#ffffff", "Arial", 14
        self.rectangles = []

    def draw(self, operations):
        for op in operations:
            if op["op"] == "c":
                self.pen = op["color"]
            elif op["op"] == "C":
                self.fill = op["color"]
            elif op["op"] == "F":
                self.font, self.size = op["face"], op["size"]
            elif op["op"] == "T":
                self.drawing.lines.append(self.line(op))
            elif "points" in op:
                self.outline(op["op"], op["points"])

    def outline(self, kind, points):
        if len(self.pen) == 7:  # a longer one is transparent
            self.drawing.strokes.add(self.pen)
        if kind in "pP" and len(points) == 4:
            sides = [(min(axis), max(axis)) for axis in zip(*points)]
            self.rectangles.append((sides, self.fill if kind == "P" else None))

    def line(self, op):
        wide = op["width"] + self.size * sum(map(self.error, op["text"]))
        middle, y = op["pt"][0] + {"l": 0.5, "c": 0, "r": -0.5}[op["align"]] * wide, op["pt"][1]
        around = [
            (across, fill)
            for (across, down), fill in self.rectangles
            if across[0] <= middle <= across[1] and down[0] <= y <= down[1]
        ]
        behind = next((fill for _, fill in reversed(around) if fill), "#ffffff")
        box = around[-1][0] if around else None
        return Line(op["text"], self.pen, behind, middle - wide / 2, middle + wide / 2, box)

    def error(self, letter):
        """How much wider a letter is than the engine takes it, in em."""
        if letter.isascii():
            return 0
        width = WIDTHS[letter] if self.font == "Arial" else 0.6 if WIDTHS[letter] < 1 else 1.2
        return width - SPACE[self.font] * len(letter.encode())


@pytest.fixture(scope="module")
def all_drawn():
    return {name: drawn(picture) for name, picture in pictures()}


# Letters and their boxes


def test_the_letters_that_viz_writes_have_a_known_width():
    strange = {}
    for path in Path(viz.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        nodes = [node for node in ast.walk(tree) if hasattr(node, "body") and node.body]
        statements = [s for node in nodes if isinstance(node.body, list) for s in node.body]
        prose = {id(s.value) for s in statements if isinstance(s, ast.Expr)}  # docstrings
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                letters = {c for c in node.value if not c.isascii() and c.isprintable()}
                if id(node) not in prose and letters - set(WIDTHS):
                    strange[path.name] = letters - set(WIDTHS)
    assert strange == {}


def test_the_engine_knows_how_wide_ascii_letters_are():
    (line,) = drawn(make_dot(torch.ones(1, requires_grad=True) * 2)).lines[:1]
    assert (line.right - line.left) / 11 == pytest.approx(6.557, abs=0.002)


def test_every_line_of_text_stays_in_its_box(all_drawn):
    outside = [
        (name, line)
        for name, drawing in all_drawn.items()
        for line in drawing.lines
        if line.box and not line.box[0] - 0.5 <= line.left <= line.right <= line.box[1] + 0.5
    ]
    assert outside == []


def test_boxes_are_not_much_wider_than_their_text(all_drawn):
    widths = {}
    for name, drawing in all_drawn.items():
        for line in drawing.lines if name != "xray" else ():  # there, columns decide
            if line.box and line.box[0] > 1:  # not the card
                widths.setdefault((name, line.box), []).append(line.right - line.left)
    assert {
        place: room
        for place, texts in widths.items()
        if (room := place[1][1] - place[1][0] - max(*texts, 38)) > 30
    } == {}


# Colours


def linear(color):
    """A colour such as "#87cefa" as amounts of red, green and blue light."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector)) for row in matrix]


# What is left of the light for those who lack a kind of cone: Machado, Oliveira, Fernandes 2009.
EYES = {
    "all cones": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
# From light to OKLab, in which equal distances look equally different (Ottosson 2020).
CONES = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
OKLAB = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
]
CLEAR = 8  # hundredths of OKLab; 2 is just noticeable where two colours touch


def looks_like(color, eye):
    seen = [min(max(part, 0), 1) for part in times(EYES[eye], linear(color))]
    return times(OKLAB, [cone ** (1 / 3) for cone in times(CONES, seen)])


def difference(one, other, eye):
    pairs = zip(looks_like(one, eye), looks_like(other, eye))
    return 100 * sum((a - b) ** 2 for a, b in pairs) ** 0.5


def contrast(one, other):
    """By the Web Content Accessibility Guidelines: 4.5 for text, 3 for lines."""
    low, high = sorted(times([[0.2126, 0.7152, 0.0722]], linear(c))[0] for c in (one, other))
    return (high + 0.05) / (low + 0.05)


def hexadecimal(color):
    """A colour of Graphviz by its name, such as gray88, as it is drawn."""
    graph = json.loads(render(f'digraph {{ a [style=filled fillcolor="{color}"] }}', "json"))
    return next(op["color"] for op in graph["objects"][0]["_draw_"] if op["op"] == "C")


def test_black_on_white_has_the_contrast_and_the_difference_that_the_formulas_promise():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert difference("#000000", "#ffffff", "all cones") == pytest.approx(100, abs=0.1)


def test_red_and_green_are_near_for_deuteranopia_alone():
    pair = ("#b27a4c", "#8a8f4c")
    assert difference(*pair, "deuteranopia") < 5 < difference(*pair, "all cones")


def test_boxes_of_two_kinds_differ_in_colour_for_every_eye_or_in_their_line():
    looks = {"operation": {"fillcolor": "gray88"}, "changed": CHANGED}
    looks = {**LOOKS, **{kind: {**LOOKS.get(kind, {}), **look} for kind, look in looks.items()}}
    fills = {kind: hexadecimal(look["fillcolor"]) for kind, look in looks.items()}
    line = {kind: (look.get("penwidth"), look.get("style")) for kind, look in looks.items()}
    alike = [
        (one, other, eye)
        for one, other in itertools.combinations(looks, 2)
        for eye in EYES
        if line[one] == line[other] and difference(fills[one], fills[other], eye) < CLEAR
    ]
    assert alike == []


def test_all_text_stands_out_from_what_is_behind_it(all_drawn):
    faint = [
        (name, line.text, line.color, line.behind)
        for name, drawing in all_drawn.items()
        for line in drawing.lines
        if contrast(line.color, line.behind) < 4.5
    ]
    assert faint == []


def test_all_lines_stand_out_from_the_white_card(all_drawn):
    faint = [
        (name, stroke)
        for name, drawing in all_drawn.items()
        for stroke in drawing.strokes
        if contrast(stroke, "#ffffff") < 3
    ]
    assert faint == []


def test_every_picture_lies_on_a_white_card_that_stays_white_in_a_dark_page():
    assert {name for name, picture in pictures() if "bgcolor=white" not in picture.source} == set()
