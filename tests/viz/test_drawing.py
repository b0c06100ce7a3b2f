"""How the picture of a graph and its layers is written as DOT text."""

import pytest

from viz.drawing import draw
from viz.graph import Box, Graph
from viz.layers import Layer
from viz.naming import Names

ODD = 'a"b\\<i>&lt;\n]]>\0\ud800'
SHOWN = r'a"b\<i>&lt;\n]]>\x00\ud800'


@pytest.fixture
def drawn(torch):
    """A function that draws exp(w) with some layers."""

    def drawn(*layers, **options):
        w = torch.ones(1, requires_grad=True)
        graph, names = Graph([w.exp()]), Names({"w": w})
        return draw(graph, names, [layer(graph, names) for layer in layers], **options)

    return drawn


def body(picture):
    return [line.strip() for line in picture.body]


def test_a_layer_that_tells_nothing_changes_nothing(drawn):
    assert drawn(Layer).source == drawn().source


def test_lines_stand_below_what_a_box_says(drawn):
    class Number(Layer):
        def lines(self, box):
            yield f"box {box}"

    class Twice(Layer):
        def lines(self, box):
            yield f"twice: {2 * box}"

    assert body(drawn(Number, Twice))[1] == (
        r'n1 [label="w\n(1)\nbox 1\ntwice: 2" fillcolor=lightskyblue]'
    )


def test_a_look_overrides_that_of_the_kind(drawn):
    class Red(Layer):
        def look(self, box):
            return {"fillcolor": "#ff0000", "style": "filled,bold"} if box == 1 else {}

    assert body(drawn(Red))[1] == r'n1 [label="w\n(1)" fillcolor="#ff0000" style="filled,bold"]'


def test_a_tooltip_has_lines(drawn):
    class Tip(Layer):
        def tooltip(self, box):
            return ["first", "second"]

    assert r'tooltip="first\nsecond"' in body(drawn(Tip))[0]


def test_text_and_looks_of_an_arrow(drawn):
    class Gradient(Layer):
        def beside(self, arrow):
            yield f"gradient {arrow}"

        def arrow_look(self, arrow):
            return {"penwidth": "3"}

    picture = drawn(Gradient)
    assert body(picture)[2] == r'n1 -> n0 [label="&nbsp;gradient 0\l" penwidth=3]'
    assert "\tedge [arrowsize=0.7 color=gray30 fontcolor=gray20 fontname=Arial" in picture.source


def test_remarks_stand_below_the_picture(drawn, texts):
    class Remark(Layer):
        def remarks(self):
            yield "One thing."
            yield "And another."

    assert texts(drawn(Remark).pipe("svg"))[:3] == [" ", "One thing.", "And another."]


def test_rows_of_a_layer_stand_in_the_legend(drawn, texts):
    class Row(Layer):
        def legend(self):
            yield {"fillcolor": "tomato", "style": "dashed", "penwidth": "2"}, "changed"

    picture = drawn(Row, legend=True)
    assert 'BGCOLOR="tomato" COLOR="gray40" BORDER="2" STYLE="dashed"' in picture.source
    assert "changed" in texts(picture.pipe("svg"))


def test_a_ghost_has_a_dashed_box_and_a_dashed_arrow(drawn):
    class Ghost(Layer):
        def __init__(self, graph, names):
            super().__init__(graph, names)
            graph.ties.append((len(graph.boxes), 0))
            graph.boxes.append(Box("ghost", "3.0", "a number"))

    lines = body(drawn(Ghost))
    assert lines[2] == (
        r'n2 [label="3.0\na number" style="filled,dashed" fillcolor=white fontcolor=gray30]'
    )
    assert lines[-1] == "n2 -> n0 [style=dashed]"


def test_boxes_and_arrows_have_ids_on_demand(drawn):
    svg = drawn(ids=True).pipe("svg", encoding="utf-8")
    assert all(f'id="{name}"' in svg for name in ("n0", "n1", "e0"))


def test_nothing_that_a_layer_says_can_break_the_picture(drawn, texts):
    class Odd(Layer):
        def lines(self, box):
            yield ODD

        def tooltip(self, box):
            yield ODD

        def look(self, box):
            return {"URL": ODD}

        def beside(self, arrow):
            yield ODD

        def remarks(self):
            yield ODD

        def legend(self):
            yield {"fillcolor": 'white"/>&'}, ODD

    plain = texts(drawn(Odd).pipe("svg"))
    assert [line.strip() for line in plain].count(SHOWN) == 4
    assert [line.strip() for line in texts(drawn(Odd, legend=True).pipe("svg"))].count(SHOWN) == 5
