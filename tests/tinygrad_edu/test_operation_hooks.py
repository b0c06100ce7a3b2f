"""`register_operation_hook`: who listens is shown what leaves a node, or nearly does."""

import threading

import pytest

import tinygrad_edu as torch
from tinygrad_edu.autograd.graph import register_operation_hook


@pytest.fixture
def seen():
    """What a hook is shown while the test runs."""
    shown = []
    with register_operation_hook(lambda *what: shown.append(what)):
        yield shown


def names(seen):
    return [node and node.name() for node, _, _ in seen]


def test_a_hook_is_shown_the_node_the_result_and_the_inputs(seen):
    x, y = torch.tensor(2.0, requires_grad=True), torch.tensor(3.0)
    z = x * y
    ((node, result, inputs),) = seen
    assert node is z.grad_fn
    assert result is z
    assert inputs[0] is x and inputs[1] is y


def test_numbers_are_shown_as_inputs(seen):
    x = torch.tensor(2.0, requires_grad=True)
    x + 1, x**3
    assert [inputs[1] for _, _, inputs in seen] == [1, 3]


def test_operations_on_data_alone_are_not_shown(seen):
    torch.ones(3).exp().sum()
    assert seen == []


def test_what_no_grad_and_detach_leave_out_is_shown_without_a_node(seen):
    w = torch.tensor(2.0, requires_grad=True)
    with torch.no_grad():
        y = w * 2
        z = w.exp().sum()
    d = w.detach()
    assert names(seen) == [None] * 4
    assert seen[0][1] is y and seen[2][1] is z and seen[3][1] is d


def test_a_change_in_place_is_shown_with_the_tensor_as_its_own_input(seen):
    w = torch.ones(2, requires_grad=True)
    with torch.no_grad():
        w -= 0.5
        w.zero_()
    assert [(node, result is w, inputs[0] is w) for node, result, inputs in seen] == [
        (None, True, True)
    ] * 2


def test_writing_to_a_part_shows_copyslices_with_the_base(seen):
    base = torch.zeros(3)
    base[0] = torch.tensor(2.0, requires_grad=True)
    node, result, _ = next(each for each in seen if each[0] and "Slices" in each[0].name())
    assert node is base.grad_fn
    assert result is base


def test_functions_of_the_users_own_are_shown(seen):
    class Double(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g * 2

    Double.apply(torch.tensor(1.0, requires_grad=True))
    assert "DoubleBackward" in names(seen)


def test_a_hook_that_was_removed_is_shown_nothing():
    shown = []
    handle = register_operation_hook(lambda *what: shown.append(what))
    handle.remove()
    handle.remove()
    torch.ones(1, requires_grad=True) * 2
    assert shown == []


def test_other_threads_are_not_shown(seen):
    thread = threading.Thread(target=lambda: torch.ones(1, requires_grad=True) * 2)
    thread.start()
    thread.join()
    assert seen == []


def test_a_nodes_hook_is_given_gradients_in_the_shape_of_the_inputs():
    x = torch.ones(4, requires_grad=True)
    loss = (x**2).mean()
    shapes = []
    loss.grad_fn.register_hook(lambda sent, arrived: shapes.append([tuple(g.shape) for g in sent]))
    loss.backward()
    assert shapes == [[(4,)]]
