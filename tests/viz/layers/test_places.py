"""show_lines, and what the mouse shows: lines of the user's source."""

import inspect
import warnings

import viz
from viz import make_dot


def here():
    return inspect.currentframe().f_back.f_lineno


def test_a_recorded_operation_tells_its_line_its_expression_and_its_variable(torch):
    w, b = (torch.tensor([2.0], requires_grad=True) for _ in range(2))
    with viz.record():
        yhat = b + w * 3
        line = here() - 1
    source = make_dot(yhat, show_lines=True).source
    assert rf"AddBackward0\nline {line}: yhat = b + w * 3" in source
    assert rf"MulBackward0\nline {line}: w * 3" in source
    assert "lines are those of test_places.py" in source


def test_leaves_get_the_names_that_were_recorded(torch):
    with viz.record():
        w = torch.tensor([2.0], requires_grad=True)
        y = w * 3
    assert r'label="w\n(1)"' in make_dot(y, show_lines=True).source
    assert r'label="mine\n(1)"' in make_dot(y, {"mine": w}, show_lines=True).source


def test_an_assignment_in_place_is_not_written_twice(torch):
    with viz.record():
        total = torch.tensor([2.0], requires_grad=True) * 1
        total += 3
    source = make_dot(total, show_lines=True).source
    assert ": total += 3" in source
    assert "total = total" not in source


def test_a_long_line_is_cut(torch):
    with viz.record():
        w = torch.tensor([2.0], requires_grad=True)
        y = w + torch.ones(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
    (line,) = [line for line in make_dot(y, show_lines=True).body if "AddBackward0" in line]
    label = line.split('label="')[1].split('"')[0]
    text = label.split(": ")[1]
    assert text.startswith("y = w + torch.ones(1, ")
    assert text.endswith("...")
    assert len(text) == 40


def test_without_a_recording_it_is_said_how_to_have_lines(torch):
    y = torch.tensor([2.0], requires_grad=True) * 3
    assert "inside of with viz.record()" in make_dot(y, show_lines=True).source


def test_the_mouse_shows_the_line_without_any_option(torch):
    w, b = (torch.tensor([2.0], requires_grad=True) for _ in range(2))
    with viz.record():
        yhat = b + w * 3
        line = here() - 1
    source = make_dot(yhat).source
    assert f'tooltip="test_places.py, line {line}: yhat = b + w * 3\\nw * 3"' in source
    assert f"line {line}" not in source.replace("tooltip", "").split("label=")[1].split('"')[1]


def test_the_lines_that_anomaly_mode_kept_are_shown(torch):
    with warnings.catch_warnings(action="ignore"), torch.autograd.detect_anomaly():
        y = torch.tensor([2.0], requires_grad=True) * 3
        line = here() - 1
    text = f"line {line}: y = torch.tensor"
    assert text in make_dot(y, show_lines=True).source
    assert text in make_dot(y).source


def test_a_picture_of_a_graph_that_was_not_recorded_says_nothing_of_lines(torch):
    source = make_dot(torch.tensor([2.0], requires_grad=True) * 3).source
    assert "tooltip" not in source
    assert "line " not in source


def test_source_with_markup_is_escaped(torch):
    with viz.record():
        y = torch.tensor([2.0], requires_grad=True) * len('"<b>&\\')
    source = make_dot(y, show_lines=True).source
    assert "<b>&\\\\')" not in source
    assert "&amp;" in source
    make_dot(y, show_lines=True).pipe("svg")
