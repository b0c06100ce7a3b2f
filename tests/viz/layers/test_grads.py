"""show_grads: the gradient on each arrow, and the sum in `.grad`."""

from collections import defaultdict
from contextlib import nullcontext

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import viz
from viz import make_dot
from viz.graph import Graph
from viz.layers.flows import Flows


def arrows(picture):
    """What stands beside each arrow."""
    lines = [line for line in picture.body if "->" in line]
    return [line.split('label="')[1].split('"')[0] if "label=" in line else "" for line in lines]


def boxes(picture):
    return "\n".join(line for line in picture.body if "->" not in line)


@pytest.fixture
def branching(torch):
    """The graph of lesson 06: its parameters, and a function that computes the loss."""

    def compute():
        x = torch.tensor([[0.0], [1.0], [2.0]])
        y = torch.tensor([[0.0], [4.0], [5.0]])
        loss = ((y - (b + w * x)) ** 2).mean()
        loss += (y - w * x).mean()
        return loss

    b = torch.tensor([1.0], requires_grad=True)
    w = torch.tensor([1.0], requires_grad=True)
    return {"b": b, "w": w}, compute


def test_the_two_arrivals_at_w_add_up_to_its_grad(branching):
    params, compute = branching
    with viz.record():
        loss = compute()
        loss.backward()
    picture = make_dot(loss, params, show_grads=True)
    assert r"w\n(1)\ngrad = -1 + (-4) = -5" in boxes(picture)
    assert r"b\n(1)\ngrad = -2" in boxes(picture)
    beside = arrows(picture)
    w = next(n for n, box in enumerate(Graph([loss]).boxes) if box.thing is params["w"])
    at_w = [beside[n] for n, arrow in enumerate(Graph([loss]).arrows) if arrow.tail == w]
    assert [text.split(";")[1] for text in at_w] == [r"grad -1\l", r"grad -4\l"]


def test_without_a_recording_a_trial_tells_what_backward_will_add(branching):
    params, compute = branching
    loss = compute()
    picture = make_dot(loss, params, show_grads=True)
    assert r"w\n(1)\ngrad = None\nbackward adds -1 + (-4) = -5" in boxes(picture)
    assert "in a trial" in picture.source
    assert params["w"].grad is None
    loss.backward()
    assert params["w"].grad.item() == -5


def test_after_backward_grad_is_told_and_what_was_lost_is_named(branching):
    params, compute = branching
    loss = compute()
    loss.backward()
    picture = make_dot(loss, params, show_grads=True)
    assert r"w\n(1)\ngrad = -5" in boxes(picture)
    assert "backward adds" not in boxes(picture)
    assert "Some gradients are not known: PowBackward0 has let go" in picture.source


def test_a_second_pass_shows_what_was_there_before(branching):
    params, compute = branching
    with viz.record():
        compute().backward()
        loss = compute()
        loss.backward()
    picture = make_dot(loss, params, show_grads=True)
    assert r"w\n(1)\ngrad = -5 (before) + (-1) + (-4) = -10" in boxes(picture)
    assert r"b\n(1)\ngrad = -2 (before) + (-2) = -4" in boxes(picture)


def test_a_grad_that_was_set_to_none_since_says_so(branching):
    params, compute = branching
    with viz.record():
        loss = compute()
        loss.backward()
    params["w"].grad = None
    picture = make_dot(loss, params, show_grads=True)
    assert r"grad = -1 + (-4) = -5\ngrad now: None" in boxes(picture)


def test_the_pass_of_another_graph_is_not_told_for_this_one(torch):
    with viz.record():
        w = torch.tensor([2.0], requires_grad=True)
        first = w * 3
        first.backward()
        (w * 7).backward()
    assert r"(1)\ngrad = 3\ngrad now: 10" in boxes(make_dot(first, show_grads=True))
    later = make_dot(w * 5, show_grads=True)
    assert r"(1)\ngrad = 10\nbackward adds 5" in boxes(later)


def test_a_part_that_came_from_outside_of_the_graph_is_not_split_wrongly(torch):
    with viz.record():
        w = torch.tensor([2.0], requires_grad=True)
        shown = w * 3
        (shown + w * w).backward()
    assert r"(1)\ngrad = 7" in boxes(make_dot(shown, show_grads=True))


def test_gradients_of_many_numbers_add_up_line_by_line(torch):
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    picture = make_dot((w * w).sum(), show_grads=True)
    assert r"backward adds [1, 2]\n+ [1, 2]\n= [2, 4]" in boxes(picture)


def test_a_retained_gradient_stands_in_the_box_of_its_operation(torch):
    w = torch.tensor([2.0], requires_grad=True)
    y = w * 3
    y.retain_grad()
    z = y.exp() * 0 + 5 * y
    z.backward(retain_graph=True)
    assert r"y\nMulBackward0\ngrad = 5" in boxes(make_dot(z, {"y": y}, show_grads=True))


def test_a_result_of_many_numbers_is_tried_with_ones_and_says_so(torch):
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    assert "in a trial with ones" in make_dot(w * 2, show_grads=True).source
    assert "with ones" not in make_dot((w * 2).sum(), show_grads=True).source


def test_gradients_have_a_word_and_a_color_of_their_own(torch):
    w = torch.tensor([1.0], requires_grad=True)
    (line,) = [line for line in make_dot(w * 2, show_grads=True).body if "->" in line]
    assert line.strip() == r'n1 -> n0 [label="&nbsp;grad 2\l" fontcolor=purple4]'


STEPS = {
    "square": lambda t, u: t**2,
    "times": lambda t, u: t * u,
    "plus": lambda t, u: t + u,
    "minus": lambda t, u: t - u,
    "sine": lambda t, u: t.sin(),
    "tanh": lambda t, u: t.tanh(),
    "itself": lambda t, u: t * t,
}


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # the library has no state
)
@given(
    program=st.lists(
        st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 9), st.integers(0, 9)),
        min_size=1,
        max_size=8,
    ),
    recorded=st.booleans(),
)
def test_what_goes_along_the_arrows_out_of_a_box_adds_up_to_what_arrives_there(
    torch, program, recorded
):
    leaves = [torch.tensor(v, requires_grad=True, dtype=torch.float64) for v in (0.5, -1.5)]
    with viz.record() if recorded else nullcontext():
        tensors = list(leaves)
        for name, i, j in program:
            tensors.append(STEPS[name](tensors[i % len(tensors)], tensors[j % len(tensors)]))
        loss = tensors[-1]
        if recorded:
            loss.backward()
    graph = Graph([loss])
    flows = Flows(graph)
    out = defaultdict(float)
    for number, arrow in enumerate(graph.arrows):
        out[arrow.tail] += flows.along(number).numbers[0]
    if not recorded:
        loss.backward()
    for number, box in enumerate(graph.boxes):
        if box.kind == "leaf":
            assert out[number] == pytest.approx(box.thing.grad.item())
        elif box.kind == "operation":
            assert out[number] == pytest.approx(flows.arriving(number).numbers[0])
