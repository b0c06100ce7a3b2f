"""How a picture is drawn: direction, size, legend, and what wrong values are answered."""

import math

import pytest

from viz import make_dot


@pytest.fixture
def y(torch):
    return 2 * torch.ones(3, requires_grad=True)


def head(picture):
    return picture.source.splitlines()[2]


@pytest.mark.parametrize("direction", ["LR", "BT", "RL"])
def test_a_direction_is_one_of_graphvizs(y, direction):
    assert f" rankdir={direction} " in head(make_dot(y, direction=direction))


def test_the_usual_direction_is_not_written(y):
    assert make_dot(y, direction="TB").source == make_dot(y).source


def test_left_to_right_is_wider_than_high(torch):
    y = torch.ones(1, requires_grad=True)
    for _ in range(9):
        y = y.exp()
    width, height = measured(make_dot(y, direction="LR"))
    assert width > 2 * height
    width, height = measured(make_dot(y))
    assert height > 2 * width


@pytest.mark.parametrize(
    ("size", "written"), [(4, "4,4"), ((8, 3), "8,3"), ([0.5, 2.25], "0.5,2.25")]
)
def test_a_size_is_the_largest_width_and_height_in_inches(y, size, written):
    assert f'size="{written}"' in head(make_dot(y, size=size))


def test_a_big_picture_is_drawn_within_its_size(torch):
    y = torch.ones(1, requires_grad=True)
    for _ in range(20):
        y = y.exp()
    width, height = measured(make_dot(y, size=3))
    assert max(width, height) <= 3 * 72


def measured(picture):
    """Width and height in points."""
    svg = picture.pipe("svg", encoding="utf-8")
    return [float(svg.split(f'{side}="')[1].split("pt")[0]) for side in ("width", "height")]


def test_a_legend_has_only_the_kinds_that_are_there(torch, y, texts):
    told = [text for text in texts(make_dot(y, legend=True).pipe("svg")) if " " in text]
    assert told == [
        "the operation that the result came from: backward starts here",
        "a leaf that requires a gradient: backward adds to its .grad",
    ]
    saved = make_dot(y.exp(), legend=True, show_saved=True)
    assert "a tensor that an operation saved for backward" in texts(saved.pipe("svg"))
    assert "an operation, by the name of its backward step" in texts(saved.pipe("svg"))


def test_a_legend_has_torchvizs_colors_in_its_style(y, texts):
    picture = make_dot(y, legend=True, style="torchviz")
    assert 'BGCOLOR="darkolivegreen1"' in picture.source
    assert "the result" in texts(picture.pipe("svg"))


def test_remarks_and_names_below_the_legend_show_as_written(torch, y, texts):
    name = 'a"b\\<i>&lt;\n]]>\0\ud800'
    picture = make_dot(y, {name: torch.ones(1)}, legend=True, show_counts=True)
    told = [text for text in texts(picture.pipe("svg")) if " " in text]
    assert told[2:] == [
        r'no box, requires_grad=False: a"b\<i>&lt;\n]]>\x00\ud800',
        "1 parameter: 3 numbers",
    ]


def test_parameters_and_their_numbers_are_counted(torch):
    w, b = torch.ones(30, 50, requires_grad=True), torch.ones(50, requires_grad=True)
    y = torch.ones(2, 30) @ w + b + b
    assert r"\l2 parameters: 1,550 numbers\l" in make_dot(y, show_counts=True).source


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("style", "seaborn", "style is one of 'article', 'torchviz', and here it is 'seaborn'"),
        ("direction", "left", "direction is one of 'TB', 'LR', 'BT', 'RL', and here it is 'left'"),
        ("direction", ["LR"], r"direction is one of .* and here it is \['LR'\]"),
        ("size", "8,3", "size is in inches: a number above 0, or .width, height., .* '8,3'"),
        ("size", 0, "size is in inches.* 0"),
        ("size", (1, 2, 3), r"size is in inches.* \(1, 2, 3\)"),
        ("size", (1, math.inf), "size is in inches"),
        ("size", math.nan, "size is in inches"),
        ("max_attr_chars", "a", "max_attr_chars is a number of characters, and here it is 'a'"),
    ],
)
def test_wrong_values_are_answered_with_the_choices(y, option, value, sentence):
    with pytest.raises(ValueError, match=sentence):
        make_dot(y, show_attrs=True, **{option: value})
