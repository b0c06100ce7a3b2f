"""show_state: what was freed, changed, or added up since the graph was made."""

import viz
from viz import make_dot

RED = "fillcolor=tomato"


def first(picture):
    return picture.body[0]


def test_a_fresh_graph_has_nothing_to_tell_and_says_so(torch):
    w = torch.tensor([3.0], requires_grad=True)
    assert "state: no saved tensor was freed or changed." in make_dot(w * w, show_state=True).source


def test_backward_frees_what_was_saved_and_nothing_turns_red(torch):
    w = torch.tensor([3.0], requires_grad=True)
    y = w * w
    y.backward()
    picture = make_dot(y, show_state=True)
    assert r"MulBackward0\nsaved tensors: freed" in first(picture)
    assert RED not in picture.source


def test_retain_graph_frees_nothing(torch):
    w = torch.tensor([3.0], requires_grad=True)
    y = w * w
    y.backward(retain_graph=True)
    assert "freed" not in first(make_dot(y, show_state=True))


def test_a_change_turns_the_box_red_and_names_the_versions(torch):
    w, x = torch.tensor([3.0], requires_grad=True), torch.tensor([1.0])
    y = w * x
    x += 1
    x += 1
    picture = make_dot(y, show_state=True, legend=True)
    assert RED in first(picture)
    assert "other changed since: version 0 saved, now 2" in first(picture)
    assert "backward cannot run" in picture.source


def test_a_recording_names_the_line_and_the_variable(torch):
    with viz.record():
        w = torch.tensor([3.0], requires_grad=True)
        y = w * w
        with torch.no_grad():
            w -= 1
    picture = make_dot(y, show_state=True)
    assert "w changed since: version 0 saved, now 1" in first(picture)
    assert first(picture).count(": w -= 1") == 1


def test_a_changed_result_is_named_too(torch):
    with viz.record():
        w = torch.tensor([3.0], requires_grad=True)
        y = w.exp()
        z = y * 1
        y.data  # noqa: B018
        with torch.no_grad():
            y.add_(1)
    picture = make_dot(z, show_state=True)
    red = [line for line in picture.body if RED in line]
    assert len(red) == 1
    assert "result changed since: version 0 saved, now 1" in red[0]
    assert "y.add_(1)" in red[0]


def test_a_change_of_what_nobody_saved_is_none(torch):
    w, x = torch.tensor([3.0], requires_grad=True), torch.tensor([1.0])
    y = w + x
    x += 1
    assert RED not in make_dot(y, show_state=True).source


def test_passes_that_were_added_up_are_counted(torch):
    with viz.record():
        w = torch.tensor([3.0], requires_grad=True)
        for _ in range(3):
            y = w * 2
            y.backward()
    assert "grad: 3 passes added up" in make_dot(y, show_state=True).source


def test_counting_starts_again_when_grad_was_none(torch):
    with viz.record():
        w = torch.tensor([3.0], requires_grad=True)
        for turn in range(5):
            if turn == 3:
                w.grad = None
            y = w * 2
            y.backward()
    assert "grad: 2 passes added up" in make_dot(y, show_state=True).source
    w.grad = None
    assert "passes" not in make_dot(y, show_state=True).source


def test_counting_starts_again_when_grad_was_set_to_zero(torch):
    with viz.record():
        w = torch.tensor([3.0], requires_grad=True)
        for _ in range(2):
            y = w * 2
            y.backward()
            if w.grad.item() == 2:
                w.grad.zero_()
    assert "passes" not in make_dot(y, show_state=True).source
