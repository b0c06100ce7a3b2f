"""Folding: what counts as a repeated block, what is drawn of it, and what is left alone."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viz import make_dot
from viz.folding import Folded
from viz.graph import Graph


def blocks(root):
    """How often each framed block comes, with those within it."""

    def times(framed):
        return [(each.times, times(each.inner)) if each.inner else each.times for each in framed]

    return times(Folded(Graph(root if isinstance(root, list) else [root])).blocks)


def body(picture):
    return [line.strip() for line in picture.body]


def leaf(torch, *shape):
    return torch.ones(*(shape or (1,)), requires_grad=True)


def mlp(torch, layers, nonlinear=lambda h, i: h.relu(), width=lambda i: 4):
    h = torch.ones(2, width(0))
    for i in range(layers):
        h = h @ leaf(torch, width(i), width(i + 1)) + leaf(torch, width(i + 1))
        h = nonlinear(h, i)
    return h


def test_a_loop_on_a_shared_weight_is_drawn_once(torch):
    y = w = leaf(torch)
    for _ in range(50):
        y = y * w
    picture = make_dot(y, {"w": w, "y": y}, fold=True)
    assert repr(picture) == "the graph of y: 51 boxes, 100 arrows, folded into 2 boxes"
    assert body(picture) == [
        r'n0 [label="y\nMulBackward0" fillcolor=lightgreen penwidth=2]',
        r'n2 [label="w\n(1)" fillcolor=lightskyblue]',
        "subgraph cluster_0 {",
        r'graph [label="× 50\l" color=gray40 style=rounded labeljust=l '
        "fontname=Arial fontsize=11 fontcolor=black]",
        "n0",
        "}",
        r'n0 -> n0 [label="&nbsp;next\l" dir=back]',
        r'n2 -> n0 [label="&nbsp;each\l"]',
        "n2 -> n0",
    ]


def test_equal_layers_are_drawn_once_and_their_parameters_counted(torch):
    picture = make_dot(mlp(torch, 50).sum(), fold=True)
    assert repr(picture) == "a graph: 251 boxes, 250 arrows, folded into 6 boxes"
    assert r'label="× 50\l100 parameters: 1,000 numbers\l"' in picture.source


def test_the_first_and_the_last_name_of_folded_parameters_are_written(torch):
    weights = {f"w{i}": leaf(torch) for i in range(5)}
    y = torch.ones(1)
    for w in weights.values():
        y = (y * w).exp()
    assert r'[label="w0, ..., w4\n(1)"' in make_dot(y, weights, fold=True).source


def test_two_equal_blocks_are_no_repeat(torch):
    assert blocks(mlp(torch, 2).sum()) == []
    assert blocks(mlp(torch, 3).sum()) == [3]


def test_a_recurrent_network_folds_over_time(torch):
    inputs, recurrent, b = leaf(torch, 3, 4), leaf(torch, 4, 4), leaf(torch, 4)
    h = leaf(torch, 2, 4)
    for _ in range(20):
        h = (torch.ones(2, 3) @ inputs + h @ recurrent + b).tanh()
    assert blocks(h.sum()) == [20]


def test_a_reader_of_every_turn_reads_each_of_them(torch):
    w, h = leaf(torch), leaf(torch)
    turns = []
    for _ in range(20):
        h = (w * h).tanh()
        turns.append(h)
    picture = make_dot(torch.stack(turns), fold=True)
    assert repr(picture) == "a graph: 43 boxes, 80 arrows, folded into 5 boxes"
    assert r'n20 -> n0 [label="&nbsp;each\l"]' in body(picture)


def test_a_residual_network_folds(torch):
    h = leaf(torch, 4)
    for _ in range(30):
        h = h + (h * leaf(torch, 4)).relu() * leaf(torch, 4)
    assert blocks(h.sum()) == [30]


def test_a_repeat_within_a_repeat_is_framed_within_it(torch):
    h = leaf(torch)
    for _ in range(10):
        for _ in range(5):
            h = (h * leaf(torch)).relu()
        h = h.exp()
    assert blocks(h) == [(10, [5])]


def test_two_repeats_one_after_the_other_are_two(torch):
    h = leaf(torch)
    for _ in range(20):
        h = (h * leaf(torch)).relu()
    for _ in range(30):
        h = (h + leaf(torch)).tanh().exp()
    assert sorted(blocks(h)) == [20, 30]


def test_two_branches_fold_apart(torch):
    w = leaf(torch)
    p, q = w * 2, w * 3
    for _ in range(10):
        p = p.exp()
    for _ in range(10):
        q = q.sin().cos()
    assert blocks(p + q) == [10, 10]


def test_weights_that_take_turns_make_a_longer_block(torch):
    u, v, y = leaf(torch), leaf(torch), leaf(torch)
    for _ in range(20):
        y = y * u * v
    picture = make_dot(y, fold=True)
    assert blocks(y) == [20]
    assert repr(picture).endswith("folded into 5 boxes")


def test_a_block_that_differs_in_its_operation_divides_the_repeat(torch):
    y = mlp(torch, 51, nonlinear=lambda h, i: h.tanh() if i == 25 else h.relu())
    assert blocks(y.sum()) == [25, 25]


def test_a_block_that_differs_in_a_shape_divides_the_repeat(torch):
    y = mlp(torch, 20, width=lambda i: 5 if i == 10 else 4)
    assert blocks(y.sum()) == [9, 9]


def test_a_block_that_is_wired_differently_divides_the_repeat(torch):
    y, w = leaf(torch), leaf(torch)
    for i in range(21):
        y = w / y if i == 10 else y / w
    assert blocks(y.exp()) == [10, 10]


def test_a_block_that_is_read_from_outside_is_drawn(torch):
    h = leaf(torch)
    for i in range(50):
        h = (h * leaf(torch)).relu()
        if i == 24:
            early = h.sum()
    picture = make_dot(h.sum() + early, fold=True)
    assert blocks(h.sum() + early) == [25, 25]
    assert repr(picture).endswith("folded into 10 boxes")


def test_blocks_whose_own_leaves_are_read_elsewhere_are_left_alone(torch):
    weights = [leaf(torch) for _ in range(10)]
    y = leaf(torch)
    for w in weights:
        y = (y * w).relu()
    penalty = sum((w**2).sum() * i for i, w in enumerate(weights))
    assert blocks(y + penalty) == []


def test_a_block_that_reads_two_turns_back_is_left_alone(torch):
    older, newer = leaf(torch), leaf(torch) * 2
    for _ in range(10):
        older, newer = newer, older + newer
    assert blocks(newer.exp()) == []


def test_a_root_is_always_drawn(torch):
    y = w = leaf(torch)
    for i in range(20):
        y = y * w
        if i == 9:
            middle = y
    picture = make_dot([y, middle], fold=True)
    assert sum("lightgreen" in line for line in picture.body) == 2
    assert blocks([y, middle]) == [10, 10]


def test_what_a_hidden_operation_saved_is_hidden(torch):
    lines = body(make_dot(mlp(torch, 5).sum(), fold=True, show_saved=True))
    assert sum("orange" in line for line in lines) == 3
    frame = lines.index("subgraph cluster_0 {")
    assert len(lines[frame + 2].split()) == 8


def test_data_that_enters_the_first_block_is_a_ghost_beside_the_frame(torch):
    lines = body(make_dot(mlp(torch, 5).sum(), fold=True, show_ghosts=True))
    (ghost,) = (line.split()[0] for line in lines if "filled,dashed" in line)
    frame = lines.index("subgraph cluster_0 {")
    product = next(line.split()[0] for line in lines if "MmBackward0" in line)
    assert ghost not in lines[frame + 2].split()
    assert f"{ghost} -> {product} [style=dashed]" in lines


def test_data_of_each_block_is_a_ghost_within_the_frame(torch):
    y = leaf(torch)
    for _ in range(5):
        y = (y * torch.ones(1)).exp()
    lines = body(make_dot(y, fold=True, show_ghosts=True))
    (ghost,) = (line.split()[0] for line in lines if "filled,dashed" in line)
    assert ghost in lines[lines.index("subgraph cluster_0 {") + 2].split()


def test_a_picture_says_of_which_block_the_numbers_are(torch):
    y = w = torch.tensor([2.0], requires_grad=True)
    for _ in range(5):
        y = y * w
    told = make_dot(y, {"y": y}, fold=True, show_values=True).body
    assert "= [64]" in told[0] or "= 64" in told[0]
    assert "What is told within a frame is of the last of its blocks." in told[-1]


def test_a_graph_without_repeats_keeps_all_its_boxes_and_arrows(torch, regression):
    r = regression
    loss = ((r.y - (r.b + r.w * r.x)) ** 2).mean()
    assert make_dot(loss, fold=True).body == make_dot(loss).body


def test_nodes_that_do_not_tell_when_they_ran_fold_in_the_order_of_the_graph():
    class Double:
        def __init__(self, node):
            self.next_functions = () if node is None else ((node, 0),)

    class Tensor:
        requires_grad, shape, output_nr = True, (1,), 0
        grad_fn = None

        def __init__(self, node):
            self.grad_fn = node

    node = None
    for _ in range(10):
        node = Double(node)
    assert blocks(Tensor(node)) == [10]


STEPS = {
    "exp": lambda t, u, w: t.exp(),
    "own": lambda t, u, w: t * w(),
    "two": lambda t, u, w: t + u,
    "square": lambda t, u, w: t * t,
    "skip": lambda t, u, w: (t * w()).sin() + t,
}


def perform(torch, turns):
    """Run programs some times each, on results, a shared leaf, and leaves of their own."""
    shared = t = leaf(torch)
    for program, times in turns:
        for _ in range(times):
            for name in program:
                t = STEPS[name](t, shared, lambda: leaf(torch))
    return t


programs = st.lists(
    st.tuples(st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=3), st.integers(1, 6)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(programs)
def test_folding_leaves_out_boxes_and_never_invents_an_arrow(turns):
    torch = pytest.importorskip("tinygrad_edu")
    graph = Graph([perform(torch, turns)])
    folding = Folded(graph)
    drawn = set(folding.drawn())
    arrows = list(folding.arrows())
    reached = {0}
    for number in sorted(drawn):
        reached |= {arrow.tail for arrow in arrows if arrow.head == number}
    assert {end for arrow in arrows for end in (arrow.tail, arrow.head)} <= drawn
    assert drawn <= reached | {arrow.tail for arrow in arrows}
    for arrow in arrows:
        real = graph.arrows[arrow.number]
        assert alike(graph, real.tail, arrow.tail) and alike(graph, real.head, arrow.head)
    hidden = sum((block.times - 1) * size(block) for block in folding.blocks)
    assert len(drawn) + hidden == len(graph.boxes)


def alike(graph, box, other):
    things = graph.boxes[box].thing, graph.boxes[other].thing
    return type(things[0]) is type(things[1]) and things[0].shape == things[1].shape


def size(block):
    """The boxes of one block, also those that are hidden in it."""
    return len(block.boxes) + sum(inner.times * size(inner) for inner in block.inner)


@settings(max_examples=40, deadline=None)
@given(programs)
def test_a_program_folds_in_the_same_way_in_both_libraries(turns):
    ours = pytest.importorskip("tinygrad_edu")
    theirs = pytest.importorskip("torch")
    pictures = [make_dot(perform(torch, turns), fold=True).source for torch in (ours, theirs)]
    assert pictures[0] == pictures[1]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, None])
def test_100000_operations_are_folded_in_seconds(seed):
    # PyTorch ends where so long a chain is freed once Python has looked at its nodes.
    torch = pytest.importorskip("tinygrad_edu")
    u, v = leaf(torch), leaf(torch)
    y, dice = u, random.Random(seed)
    for _ in range(100_000):
        y = y * u if seed is None or dice.random() < 0.5 else y + v
    start = time.process_time()
    Folded(Graph([y]))
    assert time.process_time() - start < 20
