"""show_values: numbers in the boxes, as far as they are known."""

import viz
from viz import make_dot

UNKNOWN = "Values that nobody kept"


def labels(picture):
    """The labels of the boxes, by name of what is in their first line."""
    lines = [line for line in picture.body if "[label=" in line and "->" not in line]
    return [line.split('label="')[1].split('"')[0] for line in lines]


def test_leaves_roots_and_named_results_show_their_numbers_without_a_recording(torch):
    w = torch.tensor([2.0], requires_grad=True)
    y = w * 3
    z = y - 1
    picture = make_dot(z.exp() * 0, {"y": y}, show_values=True)
    assert labels(picture)[0] == r"MulBackward0\n= 0"
    assert r"y\nMulBackward0\n= 6" in labels(picture)
    assert r"(1)\n= 2" in labels(picture)
    assert UNKNOWN in picture.source


def test_what_an_operation_saved_is_the_value_of_the_box_that_it_came_from(torch):
    w = torch.tensor([3.0], requires_grad=True)
    picture = make_dot(((w - 1).exp() * 2).sum(), show_values=True)
    assert r"SubBackward0" in labels(picture)
    assert r"ExpBackward0\n= 7.389" in labels(picture)


def test_a_recording_knows_every_value(torch):
    with viz.record():
        w = torch.tensor([3.0], requires_grad=True)
        loss = ((w - 1) + 5).mean()
    picture = make_dot(loss, show_values=True)
    assert labels(picture) == [
        r"MeanBackward0\n= 7",
        r"AddBackward0\n= 7",
        r"SubBackward0\n= 2",
        r"(1)\n= 3",
    ]
    assert UNKNOWN not in picture.source


def test_a_leaf_that_was_changed_since_shows_both_numbers(torch):
    with viz.record():
        w = torch.tensor([3.0], requires_grad=True)
        y = w * 2
    with torch.no_grad():
        w -= 1
    assert r"(1)\n= 3\nnow 2" in labels(make_dot(y, show_values=True))


def test_nan_is_not_taken_for_a_change(torch):
    with viz.record():
        w = torch.tensor([float("nan")], requires_grad=True)
        y = w * 2
    assert labels(make_dot(y, show_values=True)) == [r"MulBackward0\n= nan", r"(1)\n= nan"]


def test_long_tensors_show_their_first_three_numbers(torch):
    w = torch.ones(4, requires_grad=True)
    assert labels(make_dot(w * 2, show_values=True))[1] == r"(4)\n= [1, 1, 1, …]"


def test_ghosts_and_saved_tensors_have_values_too(torch):
    w, x = torch.tensor([2.0], requires_grad=True), torch.tensor([5.0])
    picture = make_dot(w * x, {"x": x}, show_saved=True, show_ghosts=True, show_values=True)
    assert r"x\n(1)\nrequires_grad=False\n= 5" in labels(picture)
    assert r"other = x\n(1)\n= 5" in labels(picture)
