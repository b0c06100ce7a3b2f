"""torchviz's picture, compared with torchviz itself, and what is mended in it."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viz import make_dot
from viz.drawing import draw
from viz.naming import Names
from viz.styles import TORCHVIZ
from viz.torchviz import TorchvizGraph

NODE = re.compile(r'\t(\w+) \[label=("(?:[^"\\]|\\.)*"|\w+)(.*)\]\n', re.DOTALL)
EDGE = re.compile(r"\t(\w+) -> (\w+)(?: \[(.*)\])?\n")


@pytest.fixture
def both():
    """PyTorch and torchviz."""
    return pytest.importorskip("torch"), pytest.importorskip("torchviz")


def theirs(torchviz, root, **options):
    """The boxes and arrows of torchviz, by the addresses of what they stand for."""
    return read(torchviz.make_dot(root, **options).body, str)


def ours(root, params=None, show_saved=False, show_attrs=False, **options):
    """The same of ours, and the graph, which keeps nodes alive, so that addresses stay theirs."""
    graph = TorchvizGraph(root if isinstance(root, tuple) else [root], show_saved)
    names = Names(params)
    names.move_to_results(graph)
    picture = draw(graph, names, attr_chars=50 if show_attrs else 0, style=TORCHVIZ, **options)
    return read(picture.body, lambda name: str(id(graph.boxes[int(name[1:])].thing))), graph


def read(body, identity):
    boxes, arrows = {}, Counter()
    for line in body:
        if edge := EDGE.fullmatch(line):
            arrows[identity(edge[1]), identity(edge[2]), edge[3] or ""] += 1
        elif node := NODE.fullmatch(line):
            lines = node[2].strip('"').replace("\\n", "\n").split("\n")
            label = tuple(line.strip() for line in lines if line.strip())
            boxes[identity(node[1])] = label, node[3].strip()
    return boxes, arrows


def test_the_lessons_branching_graph_is_torchvizs(both):
    torch, torchviz = both
    x, y = torch.rand(80, 1), torch.rand(80, 1)
    b, w = torch.randn(1, requires_grad=True), torch.randn(1, requires_grad=True)
    loss = ((y - (b + w * x)) ** 2).mean()
    loss = loss + (y - w * x).mean()
    params = {"b": b, "w": w, "loss": loss}
    picture, _alive = ours(loss, params)
    assert picture == theirs(torchviz, loss, params=params)


def test_attributes_are_listed_as_torchviz_lists_them(both):
    torch, torchviz = both
    w = torch.ones(3, requires_grad=True)
    loss = ((w * torch.ones(80, 3)) ** 2).reshape(-1, 3).mean(dim=0).sum()
    picture, _alive = ours(loss, show_attrs=True)
    assert picture == theirs(torchviz, loss, show_attrs=True)


def test_roots_of_several_kinds_are_torchvizs(both):
    torch, torchviz = both
    w = torch.ones(4, requires_grad=True)
    hidden = w * 2
    roots = (hidden.sum(), hidden.view(2, 2), hidden[1:], w.exp())
    picture, _alive = ours(roots)
    assert picture == theirs(torchviz, roots)


def test_a_view_of_a_leaf_is_tied_to_it(torch):
    w = torch.ones(4, requires_grad=True)
    assert body(make_dot(w.view(2, 2), style="torchviz"))[-1] == "n3 -> n0 [style=dotted]"


def test_saved_tensors_are_torchvizs_where_it_keeps_them_apart(both):
    torch, torchviz = both
    a = torch.ones(2, requires_grad=True)
    root = ((a + 1).exp() * 3).sin()
    (boxes, arrows), _alive = ours(root, show_saved=True)
    their_boxes, their_arrows = theirs(torchviz, root, show_saved=True)
    assert Counter(boxes.values()) == Counter(their_boxes.values())
    saved = {box for box, (_, look) in boxes.items() if look == "fillcolor=orange"}
    mine = Counter((tail, look) for tail, head, look in arrows if head in saved)
    kept = {box for box, (_, look) in their_boxes.items() if look == "fillcolor=orange"}
    assert mine == Counter((tail, look) for tail, head, look in their_arrows if head in kept)


def test_what_custom_functions_save_is_always_drawn(both, cube_of):
    torch, torchviz = both
    x = torch.ones(2, requires_grad=True)
    root = cube_of(torch)(x + 1)
    (boxes, arrows), _alive = ours(root)
    their_boxes, their_arrows = theirs(torchviz, root)
    assert Counter(boxes.values()) == Counter(their_boxes.values())
    assert Counter(look for *_, look in arrows) == Counter(look for *_, look in their_arrows)


STEPS = {
    "exp": lambda t, u: t.exp(),
    "plus": lambda t, u: t + u,
    "times": lambda t, u: t * u,
    "power": lambda t, u: t**2,
    "sum": lambda t, u: t.sum() + u,
    "view": lambda t, u: t.reshape(1, -1),
    "index": lambda t, u: t.reshape(-1)[:1] * u,
    "unbind": lambda t, u: sum((t + u).reshape(-1).unbind()),
    "detach": lambda t, u: t.detach() * u,
}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=7))
def test_random_programs_are_torchvizs(program):
    torch, torchviz = pytest.importorskip("torch"), pytest.importorskip("torchviz")
    tensors = [torch.ones(3, requires_grad=True), torch.full((3,), 2.0, requires_grad=True)]
    for name in program:
        tensors.append(STEPS[name](*tensors[-2:]))
    roots = tuple(tensor for tensor in tensors[-2:] if tensor.grad_fn is not None)
    picture, _alive = ours(roots, show_attrs=True)
    assert picture == theirs(torchviz, roots, show_attrs=True)


def body(picture):
    return [line.strip() for line in picture.body]


def test_the_same_program_has_the_same_picture_in_both_libraries(torch):
    w = torch.ones(3, requires_grad=True)
    hidden = w * 2
    picture = make_dot((hidden.exp(), hidden.view(3, 1)), {"w": w}, style="torchviz")
    assert body(picture) == [
        'n0 [label="(3)" fillcolor=darkolivegreen1]',
        'n1 [label="(3, 1)" fillcolor=darkolivegreen1]',
        'n2 [label="ExpBackward0"]',
        'n3 [label="ViewBackward0"]',
        'n4 [label="MulBackward0"]',
        'n5 [label="AccumulateGrad"]',
        r'n6 [label="w\n(3)" fillcolor=lightblue]',
        'n7 [label="(3)" fillcolor=darkolivegreen3]',
        "n2 -> n0",
        "n3 -> n1",
        "n4 -> n2",
        "n4 -> n3",
        "n5 -> n4",
        "n6 -> n5",
        "n4 -> n7",
        "n7 -> n1 [style=dotted]",
    ]


def test_names_of_results_stand_in_the_boxes_of_tensors_and_else_at_operations(torch):
    w = torch.ones(3, requires_grad=True)
    hidden = w * 2
    loss = hidden.sum()
    params = {"w": w, "hidden": hidden, "loss": loss}
    lines = body(make_dot(loss, params, style="torchviz"))
    assert lines[:3] == [
        r'n0 [label="loss\n()" fillcolor=darkolivegreen1]',
        'n1 [label="SumBackward0"]',
        r'n2 [label="hidden\nMulBackward0"]',
    ]


def test_what_needs_the_other_style_is_refused(torch):
    y = 2 * torch.ones(1, requires_grad=True)
    with pytest.raises(ValueError, match="fold needs style='article'"):
        make_dot(y, style="torchviz", fold=True)


def test_a_list_of_roots_is_as_good_as_a_tuple(torch):
    w = torch.ones(1, requires_grad=True)
    roots = [w.exp(), w.sin()]
    pictures = [make_dot(each, style="torchviz").source for each in (roots, tuple(roots))]
    assert pictures[0] == pictures[1]


def test_a_leaf_as_root_is_blue(torch):
    w = torch.ones(1, requires_grad=True)
    assert body(make_dot(w, style="torchviz")) == ['n0 [label="(1)" fillcolor=lightblue]']


def test_a_square_keeps_its_saved_tensors_apart(torch):
    a = torch.ones(1, requires_grad=True)
    assert body(make_dot(a * a, style="torchviz", show_saved=True))[4:6] == [
        r'n4 [label="other\n(1)" fillcolor=orange]',
        r'n5 [label="self\n(1)" fillcolor=orange]',
    ]


def test_what_was_freed_is_told(torch):
    a = torch.ones(1, requires_grad=True)
    y = a.exp()
    y.backward()
    lines = body(make_dot(y, style="torchviz", show_saved=True, show_attrs=True))
    assert r'n4 [label="result\nfreed" fillcolor=orange]' in lines
    assert r'n1 [label="ExpBackward0\n-------------\nresult: freed"]' in lines


def test_a_chain_of_20000_operations_is_drawn(torch):
    y = torch.ones(1, requires_grad=True)
    for _ in range(20_000):
        y = 1 * y
    assert repr(make_dot(y, style="torchviz")) == "a graph: 20003 boxes, 20002 arrows"
