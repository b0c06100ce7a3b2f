"""show_ghosts: dashed boxes for what gets no gradient, and the true reason for each."""

import pytest

import viz
from viz import make_dot

UNKNOWN = "Of some ghosts nothing is known"


def ghosts(picture):
    """The labels of the dashed boxes."""
    lines = [line for line in picture.body if "filled,dashed" in line and "->" not in line]
    return [line.split('label="')[1].split('"')[0] for line in lines]


def ties(picture):
    return [
        line.split("[")[0].strip() for line in picture.body if "->" in line and "dashed" in line
    ]


@pytest.fixture
def parts(torch):
    w = torch.tensor([2.0], requires_grad=True)
    return w, torch.tensor([[1.0], [2.0]])


def test_a_recording_tells_each_reason(torch, parts):
    w, x = parts
    with viz.record():
        cut = (w * x).detach()
        with torch.no_grad():
            frozen = w * x
        y = w * x + cut + frozen + torch.ones(1)
    picture = make_dot(y, show_ghosts=True)
    assert ghosts(picture) == [
        r"(1)\nrequires_grad=False",
        r"frozen\n(2, 1)\nunder no_grad",
        r"cut\n(2, 1)\ndetach()",
        r"x\n(2, 1)\nrequires_grad=False",
    ]
    assert UNKNOWN not in picture.source


def test_python_numbers_have_no_ghost_where_they_were_recorded(torch, parts):
    w, _ = parts
    with viz.record():
        y = (1 - 3 * w) ** 2 / 4 + 2**w
    assert ghosts(make_dot(y, show_ghosts=True)) == []


def test_data_used_twice_is_one_ghost_with_two_ties(parts):
    w, x = parts
    with viz.record():
        y = w * x + w.exp() * x
    picture = make_dot(y, show_ghosts=True)
    assert len(ghosts(picture)) == 1
    assert len(ties(picture)) == 2


def test_without_a_recording_saved_data_is_known_and_its_name(parts):
    w, x = parts
    picture = make_dot(w * x, {"x": x}, show_ghosts=True)
    assert ghosts(picture) == [r"x\n(2, 1)\nrequires_grad=False"]
    assert "no box" not in picture.source


def test_without_a_recording_what_nobody_saved_is_not_guessed(torch, parts):
    w, x = parts
    for y in (w + x, w + 1, w * 3):
        picture = make_dot(y, {"x": x}, show_ghosts=True)
        assert ghosts(picture) == ["number or data"]
        assert UNKNOWN in picture.source


def test_what_is_certainly_a_number_is_no_ghost_without_a_recording(parts):
    w, _ = parts
    assert ghosts(make_dot((1 - w**2) + 2**w, show_ghosts=True)) == []


def test_a_condition_is_a_ghost(torch, parts):
    w, x = parts
    picture = make_dot(torch.where(x > 1, w, -w), show_ghosts=True)
    assert ghosts(picture) == [r"(2, 1)\nrequires_grad=False"]


def test_names_of_ghosts_are_escaped(parts):
    w, x = parts
    picture = make_dot(w * x, {'"<&\\': x}, show_ghosts=True)
    assert r'label="\"<&amp;\\\n(2, 1)\nrequires_grad=False"' in picture.source
    picture.pipe("svg")
