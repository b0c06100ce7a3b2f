"""`outline`: the words for whole graphs, line by line, in both libraries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.graph import Graph
from viz.outline import WIDEST, outline


def test_a_prediction_is_told_box_by_box(regression):
    r = regression
    assert outline(r.b + r.w * r.x, params={"b": r.b, "w": r.w}) == (
        "a graph: 4 boxes, 3 arrows; 2 parameters with 2 numbers\n"
        "AddBackward0 n0, an operation; backward starts here\n"
        "  1. b n1, a parameter of shape (1)\n"
        "  2. MulBackward0 n2, an operation; input 2 needs no gradient\n"
        "     from w n3, a parameter of shape (1)"
    )


def test_the_branching_loss_is_told_and_its_shared_parameter_only_once(regression):
    x, y, b, w = regression.x, regression.y, regression.b, regression.w
    yhat = b + w * x
    error = y - yhat
    loss = (error**2).mean()
    if loss > 0:
        yhat2 = w * x
        error2 = y - yhat2
    loss += error2.mean()
    params = {"b": b, "w": w, "x": x, "yhat": yhat, "error": error, "loss": loss}
    assert outline(loss, params) == (
        "the graph of loss: 11 boxes, 11 arrows; 2 parameters with 2 numbers\n"
        "loss: AddBackward0 n0, an operation; backward starts here\n"
        "  1. MeanBackward0 n1, an operation\n"
        "     from PowBackward0 n3, an operation\n"
        "     from error: SubBackward0 n5, an operation; input 1 needs no gradient\n"
        "     from yhat: AddBackward0 n7, an operation\n"
        "       1. b n9, a parameter of shape (1)\n"
        "       2. MulBackward0 n10, an operation; input 2 needs no gradient\n"
        "          from w n8, a parameter of shape (1)\n"
        "  2. MeanBackward0 n2, an operation\n"
        "     from SubBackward0 n4, an operation; input 1 needs no gradient\n"
        "     from MulBackward0 n6, an operation; input 1 is w n8, see above; "
        "input 2 needs no gradient\n"
        "no box, requires_grad=False: x"
    )


def test_a_loop_that_uses_a_leaf_at_each_turn_stays_at_the_left(torch):
    a = torch.tensor(2.0, requires_grad=True)
    assert outline(a * a * a * a, params={"a": a}) == (
        "a graph: 4 boxes, 6 arrows; 1 parameter with 1 number\n"
        "MulBackward0 n0, an operation; backward starts here\n"
        "  2. a n2, a parameter of shape ()\n"
        "  1. MulBackward0 n1, an operation; input 2 is a n2, see above\n"
        "     from MulBackward0 n3, an operation; input 1 is a n2, see above; "
        "input 2 is a n2, see above"
    )


def test_results_of_one_operation_are_told_apart(torch):
    first, _, third = torch.ones(3, requires_grad=True).unbind()
    assert outline(first + third.exp()).splitlines()[1:] == [
        "AddBackward0 n0, an operation; backward starts here",
        "  1. result 1 of UnbindBackward0 n1, an operation",
        "     from n3, a parameter of shape (3)",
        "  2. ExpBackward0 n2, an operation; input 1 is result 3 of UnbindBackward0 n1, see above",
    ]


def test_a_leaf_and_data_are_told_in_a_line_each(torch):
    w, x = torch.ones(2, 3, requires_grad=True), torch.ones(4)
    assert outline([w, x], params={"w": w, "x": x}) == (
        "the graph of w, x: 2 boxes, 0 arrows; 1 parameter with 6 numbers\n"
        "w n0, a parameter of shape (2, 3)\n"
        "x n1, data of shape (4); no graph, no gradient"
    )


def test_several_roots_are_told_one_after_the_other(torch):
    w = torch.ones(1, requires_grad=True)
    y = w.exp()
    assert outline([y.sin(), y]).splitlines()[1:] == [
        "SinBackward0 n0, an operation; backward starts here",
        "from ExpBackward0 n1, an operation; backward starts here",
        "from n2, a parameter of shape (1)",
        "ExpBackward0 n1, see above",
    ]


def test_the_words_stay_the_same_after_backward(regression):
    loss = ((regression.y - regression.w * regression.x) ** 2).mean()
    before = outline(loss)
    loss.backward()
    assert outline(loss) == before


def test_a_chain_of_only_inputs_is_not_indented(torch):
    y = torch.ones(1, requires_grad=True)
    for _ in range(1_000):
        y = y.sin()
    lines = outline(y).splitlines()
    assert len(lines) == 1_002
    assert all(line.startswith("from SinBackward0 n") for line in lines[2:-1])


def test_a_deep_graph_is_told_in_blocks_of_narrow_lines_and_each_box_once(torch):
    y = w = torch.ones(1, requires_grad=True)
    for _ in range(1_000):
        y = y.cos() * w + y.sin()
    lines = outline(y).splitlines()
    assert max(len(line) - len(line.lstrip()) for line in lines) <= WIDEST + 10
    told = [line for line in lines[1:] if "see above" not in line.partition("; ")[0]]
    told = [line for line in told if not line.endswith(", continued")]
    assert len(told) == len(Graph([y]).boxes)


def test_a_graph_of_40000_operations_is_told(torch):
    y = w = torch.ones(1, requires_grad=True)
    for _ in range(20_000):
        y = (y * w).sin()
    assert outline(y).count("\n") == 40_001


def test_a_notebook_shows_the_text_and_not_its_quotes(torch):
    words = outline(torch.ones(1, requires_grad=True))
    assert repr(words) == str(words) != str.__repr__(words)


def test_names_cannot_break_the_lines(torch):
    w = torch.ones(1, requires_grad=True)
    assert outline(w, params={"a\n\0\u202e\ud800": w}).splitlines()[1] == (
        r"a\n\x00\u202e\ud800 n0, a parameter of shape (1)"
    )


def test_what_is_no_tensor_is_refused_with_advice():
    with pytest.raises(TypeError, match=r"^outline tells the graph of a tensor, and got None\."):
        outline(None)


@given(st.lists(st.sampled_from(["sin", "times", "plus", "mean", "again", "data"]), max_size=8))
def test_a_program_is_told_in_the_same_words_in_both_libraries(program):
    ours, theirs = pytest.importorskip("tinygrad_edu"), pytest.importorskip("torch")
    assert perform(ours, program) == perform(theirs, program)


def perform(torch, program):
    w, x = torch.ones(3, requires_grad=True), torch.ones(3)
    steps = {
        "sin": lambda t: t.sin(),
        "times": lambda t: t * w,
        "plus": lambda t: 1 + t,
        "mean": lambda t: t.mean() * w,
        "again": lambda t: t * t,
        "data": lambda t: t - x,
    }
    y = w
    for name in program:
        y = steps[name](y)
    return outline(y, params={"w": w, "x": x, "y": y})
