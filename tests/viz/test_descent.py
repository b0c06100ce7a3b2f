"""Descent in Python: its five numbers, what it refuses, its still picture. browser_explorers.py
tests what moves.
"""

import json
import math
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from viz import Descent
from viz.descent import Bowl

SVG = "{http://www.w3.org/2000/svg}"
X, Y = [0.0, 1.0, 2.0], [0.9, 3.1, 5.0]


@pytest.fixture
def data(torch):
    torch.manual_seed(42)
    x = torch.rand(80, 1, dtype=torch.float64)
    return x, 1 + 2 * x + 0.1 * torch.randn(80, 1, dtype=torch.float64)


def rows(tensor):
    return [row[0] for row in tensor.tolist()]


def test_the_bowl_holds_the_loss_of_the_engine(torch, data):
    x, y = data
    bowl = Bowl.of(rows(x), rows(y))
    for b, w in [(0.0, 0.0), (1.5, -2.0), (bowl.b, bowl.w)]:
        loss = ((b + w * x - y) ** 2).mean().item()
        db, dw = b - bowl.b, w - bowl.w
        told = (db + bowl.mean * dw) ** 2 + bowl.variance * dw**2 + bowl.least
        assert told == pytest.approx(loss, rel=1e-12)


def test_a_step_is_the_step_of_the_engine(torch, data):
    x, y = data
    b = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    w = torch.tensor(-0.7, dtype=torch.float64, requires_grad=True)
    ((b + w * x - y) ** 2).mean().backward()
    expected = (0.3 - 0.1 * b.grad.item(), -0.7 - 0.1 * w.grad.item())
    assert Bowl.of(rows(x), rows(y)).step(0.3, -0.7, 0.1) == pytest.approx(expected, rel=1e-12)


def test_the_bowl_keeps_its_digits_where_x_is_far_from_zero():
    xs = [1e6 + k / 64 for k in range(64)]
    bowl = Bowl.of(xs, [3 * x - 1 for x in xs])
    assert bowl.w == pytest.approx(3, rel=1e-12)
    assert bowl.variance == pytest.approx(np.var(np.arange(64) / 64), rel=1e-12)


@pytest.mark.parametrize("reshape", [(80,), (80, 1)])
def test_takes_tensors_arrays_and_lists_of_one_feature(data, reshape):
    x, y = (tensor.reshape(reshape) for tensor in data)
    kinds = [(x, y), (np.array(x.tolist()), np.array(y.tolist())), (x.tolist(), y.tolist())]
    pages = {Descent(*kind).html() for kind in kinds}
    assert len(pages) == 1


def test_takes_parameters_and_integers_too(torch):
    x = torch.tensor([0, 1, 2])
    y = torch.tensor([0.9, 3.1, 5.0], dtype=torch.float64, requires_grad=True)
    assert Descent(x, y).html() == Descent(X, Y).html()


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"x": X, "y": Y[:2]}, ValueError, "x has 3 rows and y has 2"),
        ({"x": [2.0, 2.0], "y": [1.0, 2.0]}, ValueError, "two different numbers"),
        ({"x": [0.1] * 80, "y": [0.2] * 80}, ValueError, "two different numbers"),
        ({"x": [0.0, 1e-200], "y": [1.0, 2.0]}, ValueError, "two different numbers"),
        ({"x": [], "y": []}, ValueError, "two different numbers"),
        ({"x": [[0, 1], [1, 2]], "y": [1, 2]}, TypeError, "one feature"),
        ({"x": [[], [1]], "y": [1, 2]}, TypeError, "one feature"),
        ({"x": 3.0, "y": Y}, TypeError, "'float'"),
        ({"x": X, "y": None}, TypeError, "'NoneType'"),
        ({"x": ["a", "b", "c"], "y": Y}, TypeError, "Descent takes x as numbers"),
        ({"x": X, "y": [1.0, math.nan, 2.0]}, ValueError, "y holds nan"),
        ({"x": X, "y": [1.0, math.inf, -math.inf]}, ValueError, "y holds nan, inf"),
        ({"x": [0, 1, 1e200], "y": Y}, ValueError, "x holds nan"),
        ({"x": X, "y": Y, "lr": 0}, ValueError, "above 0"),
        ({"x": X, "y": Y, "lr": math.nan}, ValueError, "lr holds nan"),
        ({"x": X, "y": Y, "lr": "fast"}, TypeError, "lr"),
        ({"x": X, "y": Y, "start": (1, 2, 3)}, ValueError, "two numbers, and got 3"),
        ({"x": X, "y": Y, "start": 0}, TypeError, "start"),
    ],
)
def test_refuses_with_a_sentence(arguments, error, words):
    with pytest.raises(error, match=words):
        Descent(**arguments)


def test_the_widget_has_learning_rate_start_and_step_to_read_and_set():
    pytest.importorskip("anywidget")
    widget = Descent(X, Y, lr=0.5, start=(1, 2)).widget
    assert (widget.lr, widget.start, widget.step) == (0.5, [1.0, 2.0], 0)
    widget.lr = 0.25
    assert widget.get_state("lr") == {"lr": 0.25}


def test_all_rows_count_and_some_are_drawn():
    xs = [k / 1000 for k in range(1001)]
    state = json.loads(Descent(xs, [x**2 for x in xs])._json)
    assert (state["rows"], len(state["points"]) <= 300) == (1001, True)
    assert state["bowl"]["mean"] == 0.5


@pytest.mark.parametrize("lr", [0.001, 0.1, 0.6, 5, 1e9, 1e99])
def test_the_still_picture_is_an_svg_at_every_learning_rate(lr):
    picture = ElementTree.fromstring(Descent(X, Y, lr=lr).svg())
    assert picture.tag == f"{SVG}svg"
    assert "nan" not in ElementTree.tostring(picture, "unicode")
    assert len(list(picture.iter(f"{SVG}circle"))) >= 2


def test_the_start_may_be_the_minimum_of_an_exact_fit():
    Descent([0, 1], [1, 3], start=(1, 2)).svg()
    Descent([0, 1], [0, 0]).svg()


@pytest.mark.parametrize("scale", [1e-9, 1, 1e6])
def test_the_surface_reaches_as_far_as_the_data_ask_for(scale):
    bowl = Bowl.of([scale * x for x in X], [scale * y for y in Y])
    far_b, far_w = bowl.reach(0, 0)
    assert 1.3 * abs(bowl.w) < far_w < 3 * abs(bowl.w)
    assert far_b == pytest.approx(scale * Bowl.of(X, Y).reach(0, 0)[0])


def test_is_the_same_at_every_call():
    assert Descent(X, Y).html() == Descent(X, Y).html()
    assert repr(Descent(X, Y)) == (
        "gradient descent on 3 rows, from b = 0, w = 0, with learning rate 0.1"
    )
