"""`make_dot`: the text of whole pictures, and what it says to those who pass something else."""

import gc
import os
import subprocess
import sys
import weakref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viz import make_dot

HEAD = """\
digraph {
	graph [bgcolor=white fontname=Arial nodesep=0.3 ranksep=0.3]
	node [color=gray40 fillcolor=gray88 fontname=Arial fontsize=11 height=0.3 \
margin="0.12,0.05" shape=box style=filled]
	edge [arrowsize=0.7 color=gray30]
"""
GREEN = "fillcolor=lightgreen penwidth=2"
BLUE = "fillcolor=lightskyblue"


def body(picture):
    """The lines of boxes and arrows, without what comes before and after."""
    return [line.strip() for line in picture.body]


def test_the_prediction_has_one_green_one_gray_two_blue_boxes_and_three_arrows(regression):
    r = regression
    yhat = r.b + r.w * r.x
    assert make_dot(yhat).source == (
        "// a graph: 4 boxes, 3 arrows\n"
        f"{HEAD}"
        f'\tn0 [label="AddBackward0" {GREEN}]\n'
        f'\tn1 [label="(1)" {BLUE}]\n'
        '\tn2 [label="MulBackward0"]\n'
        f'\tn3 [label="(1)" {BLUE}]\n'
        "\tn1 -> n0\n"
        "\tn2 -> n0\n"
        "\tn3 -> n2\n"
        "}\n"
    )


def test_a_parameter_that_requires_no_gradient_has_no_blue_box(torch, regression):
    b_nograd = torch.randn(1)
    yhat = b_nograd + regression.w * regression.x
    assert make_dot(yhat).source == (
        "// a graph: 3 boxes, 2 arrows\n"
        f"{HEAD}"
        f'\tn0 [label="AddBackward0" {GREEN}]\n'
        '\tn1 [label="MulBackward0"]\n'
        f'\tn2 [label="(1)" {BLUE}]\n'
        "\tn1 -> n0\n"
        "\tn2 -> n1\n"
        "}\n"
    )


def test_the_branching_loss_has_eleven_boxes_and_eleven_arrows_and_shares_w(regression):
    x, y, b, w = regression.x, regression.y, regression.b, regression.w
    yhat = b + w * x
    error = y - yhat
    loss = (error**2).mean()
    if loss > 0:
        yhat2 = w * x
        error2 = y - yhat2
    loss += error2.mean()
    params = {"b": b, "w": w, "yhat": yhat, "error": error, "yhat2": yhat2, "error2": error2}
    assert make_dot(loss, params=params | {"loss": loss}).source == (
        "// the graph of loss: 11 boxes, 11 arrows\n"
        f"{HEAD}"
        f'\tn0 [label="loss\\nAddBackward0" {GREEN}]\n'
        '\tn1 [label="MeanBackward0"]\n'
        '\tn2 [label="MeanBackward0"]\n'
        '\tn3 [label="PowBackward0"]\n'
        '\tn4 [label="error2\\nSubBackward0"]\n'
        '\tn5 [label="error\\nSubBackward0"]\n'
        '\tn6 [label="yhat2\\nMulBackward0"]\n'
        '\tn7 [label="yhat\\nAddBackward0"]\n'
        f'\tn8 [label="w\\n(1)" {BLUE}]\n'
        f'\tn9 [label="b\\n(1)" {BLUE}]\n'
        '\tn10 [label="MulBackward0"]\n'
        "\tn1 -> n0\n"
        "\tn2 -> n0\n"
        "\tn3 -> n1\n"
        "\tn4 -> n2\n"
        "\tn5 -> n3\n"
        "\tn6 -> n4\n"
        "\tn7 -> n5\n"
        "\tn8 -> n6\n"
        "\tn9 -> n7\n"
        "\tn10 -> n7\n"
        "\tn8 -> n10\n"
        "}\n"
    )


def test_the_picture_stays_the_same_after_backward(regression):
    loss = ((regression.y - regression.w * regression.x) ** 2).mean()
    before = make_dot(loss).source
    loss.backward()
    assert make_dot(loss).source == before


def test_a_leaf_as_root_is_blue(torch):
    w = torch.ones(2, 3, requires_grad=True)
    assert body(make_dot(w)) == [f'n0 [label="(2, 3)" {BLUE}]']


def test_a_tensor_without_a_graph_is_one_plain_box_that_says_so(torch):
    text = r"x\n()\nNo graph: this tensor\ndoes not require a gradient."
    x = torch.tensor(5.0)
    assert body(make_dot(x, params={"x": x})) == [f'n0 [label="{text}" fillcolor=white]']


def test_several_roots_are_green_each(torch):
    w = torch.ones(1, requires_grad=True)
    for roots in ([w.exp(), w.sin()], (w.exp(), w.sin())):
        assert [GREEN in line for line in body(make_dot(roots))[:3]] == [True, True, False]


def test_a_square_keeps_both_arrows(torch):
    a = torch.ones(1, requires_grad=True)
    assert body(make_dot(a * a))[2:] == ["n1 -> n0", "n1 -> n0"]


def test_show_attrs_lists_what_an_operation_saved(torch, regression):
    label = r"MulBackward0\nother: [saved tensor]\lself: None\l"
    line = body(make_dot(regression.w * regression.x, show_attrs=True))[0]
    assert line == f'n0 [label="{label}" {GREEN}]'


def test_show_attrs_after_backward_says_freed(torch):
    a = torch.tensor([2.0], requires_grad=True)
    y = a.exp()
    y.backward()
    label = r"ExpBackward0\nresult: freed\l"
    assert body(make_dot(y, show_attrs=True))[0] == f'n0 [label="{label}" {GREEN}]'


class Kept:
    """A value of a user: its text has a line break, a quote and an address."""

    def __str__(self):
        return 'the first line "\n<Kept object at 0x7f00> and much more after that'


class Remember:
    """A node of no library that saved such a value."""

    next_functions = ()
    _saved_value = Kept()


class Result:
    """A tensor of no library, made by such a node."""

    grad_fn = Remember()
    requires_grad = True
    shape = (1,)
    output_nr = 0


def test_values_are_escaped_kept_in_a_line_and_without_addresses():
    label = r"Remember\nvalue: the first line \"\\n<Kept object> and much more...\l"
    picture = make_dot(Result(), show_attrs=True, max_attr_chars=48)
    assert body(picture) == [f'n0 [label="{label}" {GREEN}]']


@pytest.mark.parametrize(("chars", "text"), [(6, "the..."), (3, "..."), (0, "...")])
def test_values_are_cut_to_max_attr_chars_and_at_least_three(chars, text):
    picture = make_dot(Result(), show_attrs=True, max_attr_chars=chars)
    assert body(picture) == [f'n0 [label="Remember\\nvalue: {text}\\l" {GREEN}]']


def test_show_saved_draws_an_orange_box_for_each_saved_tensor(torch):
    a = torch.tensor([2.0], requires_grad=True)
    assert body(make_dot(a * a, show_saved=True))[2:] == [
        'n2 [label="other\\n(1)" fillcolor=orange]',
        'n3 [label="self\\n(1)" fillcolor=orange]',
        "n1 -> n0",
        "n1 -> n0",
        "n2 -> n0 [style=dashed dir=none]",
        "n3 -> n0 [style=dashed dir=none]",
    ]


def test_show_saved_after_backward_says_freed(torch):
    a = torch.tensor([2.0], requires_grad=True)
    y = a.exp()
    y.backward()
    assert 'n2 [label="result\\nfreed" fillcolor=orange]' in body(make_dot(y, show_saved=True))


def test_names_without_a_box_stand_below_the_picture(torch, regression):
    r = regression
    other = torch.ones(1, requires_grad=True)
    picture = make_dot(r.w * r.x, params={"w": r.w, "x": r.x, "y": r.y, "other": other})
    lines = (r"no box, requires_grad=False: x, y\l", r"no box, not in this graph: other\l")
    note = rf"&nbsp;\l{''.join(lines)}"
    last = f'graph [label="{note}" labeljust=l fontsize=10 fontcolor=gray30]'
    assert body(picture)[-1] == last


def test_a_long_list_of_names_without_a_box_is_counted(torch):
    w = torch.ones(1, requires_grad=True)
    params = {f"x{i}": torch.ones(1) for i in range(20)}
    note = body(make_dot(2 * w, params=params))[-1]
    assert "x0, x1, x2, x3, x4, x5 and 14 more" in note


def test_a_name_cannot_break_out_of_the_note_or_the_first_line(torch, texts):
    w = torch.ones(1, requires_grad=True)
    y = 2 * w
    name = 'a"b\\\n}<c>&lt;\0\ud800'
    picture = make_dot(y, params={name: y, name + "2": torch.ones(1)})
    shown = r'a"b\\n}<c>&lt;\x00\ud800'
    assert repr(picture) == f"the graph of {shown}: 2 boxes, 1 arrow"
    assert f"no box, requires_grad=False: {shown}2" in texts(picture.pipe("svg"))


def test_the_same_program_gives_the_same_text_in_every_process():
    code = (
        "import tinygrad_edu as torch; from viz import make_dot\n"
        "w, b = torch.ones(2, requires_grad=True), torch.ones(1, requires_grad=True)\n"
        "y = (w * w + b).exp().sum()\n"
        "print(make_dot(y, globals(), show_attrs=True, show_saved=True).source)"
    )
    command = [sys.executable, "-c", code]
    runs = [
        subprocess.run(
            command, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        )
        for seed in ("1", "2")
    ]
    assert runs[0].stdout == runs[1].stdout


def test_a_picture_holds_no_tensor(torch):
    w = torch.ones(1, requires_grad=True)
    picture, gone = make_dot(2 * w, params={"w": w}), weakref.ref(w)
    del w
    gc.collect()
    assert gone() is None
    assert repr(picture) == "a graph: 2 boxes, 1 arrow"


def test_a_chain_of_20000_operations_is_written(torch):
    y = w = torch.ones(1, requires_grad=True)
    for _ in range(20_000):
        y = y + w
    assert repr(make_dot(y)) == "a graph: 20001 boxes, 40000 arrows"


@pytest.mark.parametrize(
    ("thing", "advice"),
    [
        (None, "got None. Pass the result of a computation"),
        ("loss", "got 'str'. Pass the tensor itself, not its name"),
        (3.5, "got 'float'. It keeps no graph"),
        (True, "got 'bool'. It keeps no graph"),
        (max, "got 'builtin_function_or_method'. Pass what it returns"),
        (float, "got 'type'. Pass a tensor, not its class"),
        ([], "got 'list'. Pass a tensor"),
        ({}, "got 'dict'. Pass a tensor, or a tuple or list of tensors"),
        ([None], "got None"),
        (Remember(), "got 'Remember'. Pass the tensor itself, not its grad_fn"),
    ],
)
def test_what_is_no_tensor_is_refused_with_advice(thing, advice):
    with pytest.raises(TypeError, match=f"^make_dot draws the graph of a tensor, and {advice}"):
        make_dot(thing)


def test_a_numpy_array_and_a_grad_fn_are_refused_with_advice(torch):
    y = 2 * torch.ones(1, requires_grad=True)
    with pytest.raises(TypeError, match=r"got 'ndarray'\. It keeps no graph"):
        make_dot(y.detach().numpy())
    with pytest.raises(TypeError, match=r"got 'MulBackward0'\. Pass the tensor itself"):
        make_dot(y.grad_fn)


STEPS = {
    "exp": lambda t, u: (t * 0.1).exp(),
    "sin": lambda t, u: t.sin(),
    "plus": lambda t, u: t + u,
    "minus": lambda t, u: 1 - t,
    "times": lambda t, u: t * u,
    "over": lambda t, u: t / (2 + u * u),
    "power": lambda t, u: t**2,
    "mean": lambda t, u: t.mean() + u,
    "sum": lambda t, u: u * t.sum(),
    "max": lambda t, u: t.max() * u,
    "index": lambda t, u: t[0] + u,
    "view": lambda t, u: t.reshape(-1, 1).squeeze(),
    "matmul": lambda t, u: t.reshape(1, -1) @ u.reshape(-1, 1) + u,
    "detach": lambda t, u: t.detach() + u,
}


def perform(torch, program):
    """Run named steps, each on the results of the last two, from a leaf and from data."""
    tensors = [torch.ones(3, requires_grad=True), torch.ones(3)]
    for name in program:
        tensors.append(STEPS[name](*tensors[-2:]).reshape(-1)[:1] + tensors[0])
    return make_dot(tensors[-1], params={f"t{i}": t for i, t in enumerate(tensors)}).source


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=6))
def test_a_program_has_the_same_picture_in_both_libraries(program):
    ours = pytest.importorskip("tinygrad_edu")
    theirs = pytest.importorskip("torch")
    assert perform(ours, program) == perform(theirs, program)
