"""The trial of a backward pass: right gradients, and no trace of it afterwards."""

import pytest

from viz.graph import Graph
from viz.libraries import Trial, library_of, result_shapes


def sent(trial):
    return {arrow: value.numbers for arrow, value in trial.sent.items()}


def test_a_tensor_of_a_users_class_belongs_to_the_library_that_it_was_derived_from(torch):
    class Mine(torch.Tensor):
        pass

    assert library_of(torch.ones(1)) is torch
    if torch.__name__ == "torch":
        assert library_of(torch.ones(1).as_subclass(Mine)) is torch


def test_the_arrivals_at_a_shared_leaf_add_up_to_its_gradient(torch, regression):
    r = regression
    loss = ((r.y - (r.b + r.w * r.x)) ** 2).mean() + (r.y - r.w * r.x).mean()
    graph = Graph([loss])
    trial = Trial(graph)
    loss.backward()
    for leaf in (r.b, r.w):
        number = next(n for n, box in enumerate(graph.boxes) if box.thing is leaf)
        arrived = trial.arrived[number]
        assert arrived.shape == (1,)
        assert arrived.numbers == pytest.approx(leaf.grad.tolist())
        parts = [trial.sent[n].numbers[0] for n, a in enumerate(graph.arrows) if a.tail == number]
        assert sum(parts) == pytest.approx(leaf.grad.item())


def test_a_trial_changes_no_grad_calls_no_hook_and_frees_nothing(torch):
    called = []
    w = torch.tensor([3.0], requires_grad=True)
    square = w * w
    square.retain_grad()
    loss = square.exp()
    for tensor in (w, square):
        tensor.register_hook(called.append)
    for node in (square.grad_fn, loss.grad_fn):
        node.register_hook(lambda *gradients: called.append(gradients))
        node.register_prehook(lambda *gradients: called.append(gradients))
    assert len(Trial(Graph([loss])).sent) == 3
    assert (w.grad, square.grad, called) == (None, None, [])
    loss.backward()
    assert len(called) == 6


def test_a_trial_leaves_no_graph_of_its_own(torch):
    w = torch.tensor([3.0], requires_grad=True)
    graph = Graph([w * w])
    Trial(graph)
    assert torch.is_grad_enabled()
    assert not any(hasattr(value, "grad_fn") for value in Trial(graph).sent.values())


def test_a_result_of_many_numbers_starts_with_ones(torch):
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    assert sent(Trial(Graph([w * w]))) == {0: (1.0, 2.0), 1: (1.0, 2.0)}


def test_several_roots_start_at_once_a_leaf_and_data_among_them(torch):
    w = torch.tensor([2.0], requires_grad=True)
    graph = Graph([w, 3 * w, torch.ones(2)])
    trial = Trial(graph)
    assert sent(trial) == {0: (3.0,)}
    assert trial.arrived[0].numbers == (4.0,)


def test_results_that_are_not_used_send_zeros(torch):
    a = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    first, _ = a.unbind()
    assert result_shapes(first.grad_fn) == [(2,), (2,)]
    trial = Trial(Graph([first.sum()]))
    assert trial.sent[1].numbers == (1.0, 1.0, 0.0, 0.0)


def test_a_freed_node_stops_the_trial_and_what_comes_before_it_stays_known(torch):
    w = torch.tensor([2.0], requires_grad=True)
    loss = (w * w).mean()
    loss.backward()
    trial = Trial(Graph([loss]))
    assert sent(trial) == {0: (1.0,)}
    assert trial.obstacle == (
        "MulBackward0 has let go of its saved tensors in an earlier backward pass"
    )


def test_a_sum_of_which_a_part_is_unknown_is_unknown(torch):
    w = torch.tensor([2.0], requires_grad=True)
    freed = w.exp()
    freed.backward()
    shared = -w
    graph = Graph([shared + shared * 3 + freed])
    leaf = next(n for n, box in enumerate(graph.boxes) if box.kind == "leaf")
    trial = Trial(graph)
    assert leaf not in trial.arrived
    assert "ExpBackward0" in trial.obstacle


def test_a_changed_saved_tensor_stops_the_trial(torch):
    w = torch.tensor([2.0], requires_grad=True)
    square = w * w
    with torch.no_grad():
        w -= 1
    trial = Trial(Graph([square]))
    assert trial.sent == {}
    assert "changed in place" in trial.obstacle


def test_a_custom_function_is_not_called(torch):
    class Double(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return 2 * x

        @staticmethod
        def backward(ctx, g):
            pytest.fail("a drawing called a user's function")

    loss = Double.apply(torch.ones(2, requires_grad=True)).sum()
    trial = Trial(Graph([loss]))
    assert sent(trial) == {0: (1.0, 1.0)}
    assert trial.obstacle == "DoubleBackward is your own, and drawing runs no code of yours"


def test_a_chain_of_20000_operations_is_tried_without_recursion(torch):
    w = torch.tensor([1.0], requires_grad=True)
    y = w
    for _ in range(20_000):
        y = -y
    trial = Trial(Graph([y]))
    assert trial.sent[19_999].numbers == (1.0,)
