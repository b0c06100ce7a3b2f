"""`xray`: what the tables say, where the wires go, and that no text can break them."""

import gc
import html
import re
import warnings
import weakref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viz.render import render
from viz.tables import Row, Table, body
from viz.xray import xray

WIRE = re.compile(r"\tn(\d+):(?:key|value)(\d+):\w -> n(\d+):head:\w \[(.*)\]")


def text(markup):
    return html.unescape(re.sub("<[^<>]*>", "", markup))


def tables(picture):
    """Each table as its title and its rows, which are pairs."""
    for line in picture.body:
        if "<TABLE" in line:
            cells = [
                re.findall("<TD.*?>(.*?)</TD>", row) for row in re.findall("<TR>.*?</TR>", line)
            ]
            title = text(re.search("<B>(.*?)</B>", line)[1])
            yield title, [tuple(map(text, pair)) for pair in cells[1:]]


def rows(picture, title):
    """The rows of the first table with that title."""
    return next(dict(rows) for found, rows in tables(picture) if found == title)


def wires(picture):
    """Each wire as the row where it starts and the title of the table where it ends."""
    all_tables = list(tables(picture))
    for found in filter(None, map(WIRE.match, picture.body)):
        title, its_rows = all_tables[int(found[1])]
        yield f"{title}.{its_rows[int(found[2])][0]}", all_tables[int(found[3])][0]


@pytest.fixture
def cubes(torch):
    a = torch.tensor([5.0], requires_grad=True)
    b = torch.tensor([6.0], requires_grad=True)
    y = a**3 - b**2
    return y, {"a": a, "b": b, "y": y}


def test_a_result_is_a_table_of_its_attributes(cubes):
    picture = xray(*cubes)
    assert repr(picture) == "an X-ray of y: 3 tensors, 5 backward nodes"
    assert rows(picture, "y") == {
        "data": "[89]",
        "grad": "None (not a leaf)",
        "grad_fn": "SubBackward0",
        "is_leaf": "False",
        "requires_grad": "True",
    }


def test_a_leaf_is_a_table_of_its_attributes(cubes):
    assert rows(xray(*cubes), "a") == {
        "data": "[5]",
        "grad": "None",
        "grad_fn": "None (a leaf)",
        "is_leaf": "True",
        "requires_grad": "True",
    }


def test_data_without_a_graph_is_one_table_that_says_so(torch):
    c = torch.tensor(2.0) * torch.tensor(3.0)
    picture = xray(c, {"c": c})
    assert repr(picture) == "an X-ray of c: 1 tensor, 0 backward nodes"
    assert rows(picture, "c") == {
        "data": "6",
        "grad": "None",
        "grad_fn": "None (no graph)",
        "is_leaf": "True",
        "requires_grad": "False",
    }
    assert "Follow" not in picture.source


def test_a_backward_node_shows_what_it_saved_and_where_it_goes_on(cubes):
    assert rows(xray(*cubes), "PowBackward0") == {
        "_saved_self": "a",
        "_saved_exponent": "3",
        "next_functions[0]": "AccumulateGrad",
    }


def test_wires_go_from_attributes_to_what_they_hold(cubes):
    assert sorted(wires(xray(*cubes))) == [
        ("AccumulateGrad.variable", "a"),
        ("AccumulateGrad.variable", "b"),
        ("PowBackward0._saved_self", "a"),
        ("PowBackward0._saved_self", "b"),
        ("PowBackward0.next_functions[0]", "AccumulateGrad"),
        ("PowBackward0.next_functions[0]", "AccumulateGrad"),
        ("SubBackward0.next_functions[0]", "PowBackward0"),
        ("SubBackward0.next_functions[1]", "PowBackward0"),
        ("y.grad_fn", "SubBackward0"),
    ]


def test_the_gradient_stands_in_the_leaf_after_backward_and_saved_tensors_are_freed(torch):
    a = torch.tensor([2.0, 1.0], requires_grad=True)
    y = (a * a).sum()
    y.backward()
    picture = xray(y, {"a": a, "y": y})
    assert rows(picture, "a")["grad"] == "[4, 2]"
    assert rows(picture, "MulBackward0")["_saved_self"] == "freed"
    assert not any("_saved" in start for start, _ in wires(picture))


def test_a_saved_tensor_that_was_changed_in_place_is_told_in_red(torch):
    w = torch.ones(1, requires_grad=True)
    t = w.exp()
    y = t * w
    with torch.no_grad():
        t.add_(1)
    picture = xray(y)
    assert rows(picture, "MulBackward0")["_saved_self"] == "changed in place"
    assert 'BGCOLOR="tomato">changed in place' in picture.source


def test_a_retained_gradient_is_shown_and_no_warning_is_given(torch):
    w = torch.ones(1, requires_grad=True)
    y = 3 * w
    y.retain_grad()
    z = 2 * y
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert rows(xray(z, {"y": y}), "y")["grad"] == "None"
        z.backward()
        assert rows(xray(z, {"y": y}), "y")["grad"] == "[2]"


def test_a_tensor_that_is_met_again_has_one_table(torch):
    x, w = torch.ones(3), torch.ones(3, requires_grad=True)
    picture = xray(w * x + w * x, {"w": w, "x": x})
    titles = [title for title, _ in tables(picture)]
    assert titles.count("x") == titles.count("w") == titles.count("AccumulateGrad") == 1
    assert list(wires(picture)).count(("MulBackward0._saved_other", "x")) == 2


def test_a_result_that_saved_itself_is_wired_to_its_own_table(torch):
    w = torch.ones(1, requires_grad=True)
    y = w.exp()
    picture = xray(y, {"y": y})
    assert ("ExpBackward0._saved_result", "y") in wires(picture)
    assert repr(picture) == "an X-ray of y: 2 tensors, 2 backward nodes"


def test_results_that_have_names_get_tables_and_other_names_are_told(torch):
    w, other = torch.ones(1, requires_grad=True), torch.ones(1)
    y = w + 1
    picture = xray(y + 1, {"y": y, "other": other})
    assert ("y.grad_fn", "AddBackward0") in wires(picture)
    assert "no box, requires_grad=False: other" in picture.source


def test_an_input_that_needs_no_gradient_is_said_in_words(torch):
    w = torch.ones(1, requires_grad=True)
    assert rows(xray(w * torch.ones(1)), "MulBackward0")["next_functions[1]"] == (
        "None (needs no gradient)"
    )


def test_results_of_one_operation_are_told_apart(torch):
    first, second = torch.ones(2, requires_grad=True).unbind()
    assert rows(xray(first * second), "MulBackward0")["next_functions[1]"] == (
        "result 2 of UnbindBackward0"
    )


def test_long_data_is_shortened(torch):
    assert rows(xray(torch.ones(80, 1)), "tensor")["data"] == "[1, 1, 1, …]"


def test_a_long_name_is_shortened(torch):
    w = torch.ones(1, requires_grad=True)
    [(title, _)] = tables(xray(w, {"w" * 100: w}))
    assert title == "w" * 37 + "..."


def test_of_a_long_graph_the_operations_near_the_result_are_shown(torch):
    y = torch.ones(1, requires_grad=True)
    for _ in range(1_000):
        y = 1 + y
    picture = xray(y)
    assert repr(picture) == "an X-ray: 1 tensor, 40 backward nodes"
    assert "960 operations further back not shown" in picture.source
    assert "AddBackward0 (not shown)" in picture.source
    assert repr(xray(y, operations=2)) == "an X-ray: 1 tensor, 2 backward nodes"


def test_an_x_ray_goes_down_so_that_it_fits_into_a_notebook(torch):
    y = torch.ones(1, requires_grad=True).sin()
    assert "rankdir" not in xray(y).source  # from top to bottom is what Graphviz does


def test_the_branching_loss_has_the_same_x_ray_in_both_libraries():
    ours, theirs = pytest.importorskip("tinygrad_edu"), pytest.importorskip("torch")
    assert branching(ours) == branching(theirs)


def branching(torch):
    torch.manual_seed(42)
    x, w, b = torch.rand(80, 1), *(torch.randn(1, requires_grad=True) for _ in range(2))
    y = 1 + 2 * x
    yhat = b + w * x
    error = y - yhat
    loss = (error**2).mean()
    if loss > 0:
        error2 = y - w * x
        loss += error2.mean()
    return xray(loss, {"x": x, "y": y, "w": w, "b": b, "yhat": yhat, "loss": loss}).source


def test_a_tensor_whose_numbers_cannot_be_read_is_shown_without_them():
    torch = pytest.importorskip("torch")
    y = torch.ones(3, device="meta", requires_grad=True)
    assert rows(xray(y), "tensor")["data"] == "numbers not shown"


def test_what_a_custom_function_saved_is_wired(torch):
    class Product(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, y):
            ctx.save_for_backward(x, y)
            return x * y

        @staticmethod
        def backward(ctx, g):
            x, y = ctx.saved_tensors
            return g * y, g * x

    w, x = torch.ones(1, requires_grad=True), torch.ones(1)
    picture = xray(Product.apply(w, x), {"w": w, "x": x})
    assert ("ProductBackward.saved_tensors[1]", "x") in wires(picture)


def test_an_x_ray_holds_no_tensor(torch):
    w = torch.ones(1, requires_grad=True)
    picture, gone = xray(w.sin(), {"w": w}), weakref.ref(w)
    del w
    gc.collect()
    assert gone() is None
    assert repr(picture) == "an X-ray: 2 tensors, 2 backward nodes"


def test_what_is_no_tensor_is_refused_with_advice():
    with pytest.raises(TypeError, match=r"^xray draws the graph of a tensor, and got 'str'\."):
        xray("loss")


HOSTILE = [
    *"\"\\<>{}[]|&;=\n\t\r\0'",
    *(
        "</TD>",
        "<BR/>",
        "<!--",
        "-->",
        "]]>",
        "<![CDATA[",
        "&amp;",
        "&#65;",
        "&nbsp;",
        "\\N",
        "\\l",
    ),
    *("\u202e", "\u2028", "\ud800", "\uffff", "\x1b[0m", "\x85", "θ", "שלום", "\U0001f469"),
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_show_as_written_and_break_nothing(torch, texts, hostile):
    w = torch.ones(1, requires_grad=True)
    name = f"a{hostile}z"
    svg = xray(w.exp(), {name: w, name + "x": torch.ones(1)}).pipe("svg")
    shown = name if name.isprintable() else ascii(name)[1:-1]
    assert {shown, f"adds to {shown}.grad"} <= set(texts(svg))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=5)).map("".join))
def test_no_text_breaks_a_table(texts, hostile):
    table = Table("A" + hostile, hostile, "white", [Row(hostile, hostile), Row("key", "value")])
    drawn = texts(render(f"digraph {{{''.join(body([table], []))}}}"))
    assert drawn[0].startswith("A")
    assert drawn[-2:] == ["key", "value"]


def test_a_number_of_operations_that_is_no_integer_is_told(torch):
    y = torch.ones(1, requires_grad=True) * 2
    with pytest.raises(TypeError, match="operations is how many to draw, an integer, and got '3'"):
        xray(y, operations="3")
