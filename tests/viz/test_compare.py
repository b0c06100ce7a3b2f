"""`compare`: what two graphs share and what they do not, and how the picture says so."""

import pytest

from viz.compare import compare
from viz.graph import Graph
from viz.matching import match

FIRST = 'color="#0072b2" penwidth=3'
SECOND = 'penwidth=3 style="filled,dashed" color="#d55e00"'


def boxes(picture):
    """The boxes' labels, a line of them a list."""
    labels = [line.split('"')[1] for line in picture.body if "label=" in line and "\tn" in line]
    return [label.split("\\n") for label in labels if "->" not in label]


def marked(picture, title):
    return [lines[0] for lines in boxes(picture) if f"only {title}" in lines]


def branching(r, branch):
    error = r.y - (r.b + r.w * r.x)
    loss = (error**2).mean()
    if branch:
        error2 = r.y - r.w * r.x
        loss += error2.mean()
    return loss


def power(a, turns):
    result = a
    for _ in range(turns):
        result = result * a
    return result


def test_a_parameter_that_requires_no_gradient_is_only_in_the_first(torch, regression):
    r, b_nograd = regression, torch.randn(1)
    params = {"b": r.b, "w": r.w}
    picture = compare(r.b + r.w * r.x, b_nograd + r.w * r.x, params, "with b", "with b_nograd")
    assert repr(picture) == "two graphs: 3 boxes in both; only with b: 1; only with b_nograd: 0"
    assert marked(picture, "with b") == ["b"]


def test_the_lines_of_one_graph_are_marked_and_those_of_both_are_plain(torch, regression):
    r = regression
    picture = compare(r.b + r.w * r.x, r.b.detach() + r.w * r.x, {"b": r.b, "w": r.w})
    blue = "fillcolor=lightskyblue"
    note = r"&nbsp;\l3 boxes in both; only in the first: 1; only in the second: 0\l"
    assert [line.strip() for line in picture.body] == [
        'n0 [label="AddBackward0" fillcolor=lightgreen penwidth=2]',
        f'n1 [label="b\\n(1)\\nonly in the first" {blue} {FIRST}]',
        'n2 [label="MulBackward0"]',
        f'n3 [label="w\\n(1)" {blue}]',
        'n1 -> n0 [color="#0072b2" penwidth=2]',
        "n2 -> n0",
        "n3 -> n2",
        f'graph [label="{note}" labeljust=l fontsize=10 fontcolor=gray30]',
    ]


def test_a_branch_that_was_taken_is_only_in_the_second(regression):
    r = regression
    picture = compare(branching(r, False), branching(r, True), {"b": r.b, "w": r.w})
    counts = "7 boxes in both; only in the first: 0; only in the second: 4"
    assert repr(picture) == f"two graphs: {counts}"
    branch = ["AddBackward0", "MeanBackward0", "SubBackward0", "MulBackward0"]
    assert marked(picture, "in the second") == branch
    assert ["MeanBackward0", "the result in the first"] in boxes(picture)


def test_a_branch_that_was_not_taken_is_only_in_the_first(regression):
    picture = compare(branching(regression, True), branching(regression, False))
    counts = "7 boxes in both; only in the first: 4; only in the second: 0"
    assert repr(picture) == f"two graphs: {counts}"


def test_a_branch_on_top_of_the_same_tensors_is_only_in_the_second(regression):
    r = regression
    loss = (r.w * r.x).mean()
    picture = compare(loss, loss + r.w.exp(), {"w": r.w})
    assert marked(picture, "in the second") == ["AddBackward0", "ExpBackward0"]


@pytest.mark.parametrize("same_leaf", [True, False])
def test_a_fourth_turn_of_a_loop_is_one_box_more_at_the_end(torch, same_leaf):
    a = torch.tensor(2.0, requires_grad=True)
    other = a if same_leaf else torch.tensor(2.0, requires_grad=True)
    picture = compare(power(a, 3), power(other, 4))
    counts = "4 boxes in both; only in the first: 0; only in the second: 1"
    assert repr(picture) == f"two graphs: {counts}"
    assert "n4 -> n1" not in picture.source
    assert 'n0 -> n4 [color="#d55e00" penwidth=2 style=dashed]' in picture.source


def test_two_turns_of_a_training_loop_are_the_same(regression):
    r = regression
    picture = compare(branching(r, True), branching(r, True), {"b": r.b, "w": r.w})
    assert repr(picture) == "two graphs: the same, 11 boxes in each"
    assert not marked(picture, "in the first") + marked(picture, "in the second")


def test_a_graph_compared_with_itself_is_the_same(torch):
    y = torch.ones(1, requires_grad=True).exp()
    assert repr(compare(y, y)) == "two graphs: the same, 2 boxes in each"


def test_two_tensors_without_a_graph_are_the_same(torch):
    picture = compare(torch.ones(2), torch.zeros(2))
    assert repr(picture) == "two graphs: the same, 1 box in each"


def test_graphs_that_have_nothing_in_common_stand_side_by_side(torch, regression):
    t = torch.ones(2, 3, requires_grad=True)
    picture = compare(branching(regression, False), t.exp().sum())
    counts = "0 boxes in both; only in the first: 7; only in the second: 3"
    assert repr(picture) == f"two graphs: {counts}"


def test_swapped_inputs_are_told_beside_the_arrows(torch):
    a, b = (torch.ones(1, requires_grad=True) for _ in range(2))
    picture = compare(a - b, b - a, {"a": a, "b": b})
    assert repr(picture) == "two graphs: the same 3 boxes, joined or used differently"
    for words in ("only in the first: input 1", "only in the second: input 2"):
        assert words in picture.source


def test_an_operation_in_between_is_stepped_over(torch):
    w = torch.ones(1, requires_grad=True)
    picture = compare(w.sin().exp(), w.cos().sin().relu().exp())
    assert marked(picture, "in the second") == ["ReluBackward0", "CosBackward0"]


def test_leaves_of_different_names_or_shapes_are_not_the_same(torch):
    v, w = (torch.ones(1, requires_grad=True) for _ in range(2))
    picture = compare(v.exp(), w.exp(), {"v": v, "w": w})
    assert marked(picture, "in the first") == ["v"]
    assert marked(picture, "in the second") == ["w"]
    wide = torch.ones(2, requires_grad=True)
    assert marked(compare(v.exp(), wide.exp()), "in the second") == ["(2)"]


def test_a_tensor_that_both_have_is_the_same_wherever_it_is_used(torch):
    v, w = (torch.ones(1, requires_grad=True) for _ in range(2))
    picture = compare(w * 3, v * 3 + w * 3)
    assert marked(picture, "in the second") == ["AddBackward0", "MulBackward0", "(1)"]


def test_what_is_the_same_carries_the_names_of_both(torch):
    w = torch.ones(1, requires_grad=True)
    y, z = w.exp(), w.exp()
    picture = compare(y, z, {"w": w, "y": y, "z": z})
    assert boxes(picture)[0] == ["y, z", "ExpBackward0"]
    assert "no box" not in picture.source


def test_titles_of_users_are_escaped(torch, texts):
    w = torch.ones(1, requires_grad=True)
    title = '"<b>&amp;\\n\n\0\ud800'
    picture = compare(w.exp(), w.sin(), second=title)
    assert r'only "<b>&amp;\n\n\x00\ud800' in texts(picture.pipe("svg"))
    assert "\n" not in repr(picture)


def test_what_is_no_tensor_is_refused_with_advice(torch):
    with pytest.raises(TypeError, match=r"^compare draws the graph of a tensor, and got None\."):
        compare(torch.ones(1), None)


def test_chains_of_20000_operations_are_compared(torch):
    a, other = (torch.tensor(0.5, requires_grad=True) for _ in range(2))
    picture = compare(power(a, 10_000), power(other, 20_000).sin(), {"a": a})
    counts = "10000 boxes in both; only in the first: 1; only in the second: 10002"
    assert repr(picture) == f"two graphs: {counts}"


def test_no_box_gets_two_partners(torch):
    w = torch.ones(1, requires_grad=True)
    once, twice = Graph([w.exp() + w.sin()]), Graph([(w.exp() + w.exp()) * w.exp()])
    pairs = match(once, twice, lambda box: type(box.thing).__name__)
    assert len(set(pairs.values())) == len(pairs) == 3
