"""What a graph keeps alive, how deep it may be, and what threads see of each other."""

import gc
import threading
import weakref

import pytest

import tinygrad_edu as torch


def train() -> None:
    torch.manual_seed(0)
    x, y = torch.rand(20, 1), torch.rand(20, 1)
    b, w = torch.zeros(1, requires_grad=True), torch.zeros(1, requires_grad=True)
    for _ in range(3):
        ((y - (b + w * x)) ** 2).mean().backward()
        with torch.no_grad():
            b -= 0.1 * b.grad
            w -= 0.1 * w.grad
        b.grad.zero_(), w.grad.zero_()


def change_views() -> None:
    x = torch.ones(3, 2, requires_grad=True)
    y = x * 2
    row, column = y[0], y[:, 1]
    row.mul_(3)
    y[1] = x[2]
    column.exp_()
    first, *_ = y
    (y.sum() + first.sum()).backward()


def differentiate_twice() -> None:
    x = torch.ones(3, requires_grad=True)
    (slope,) = torch.autograd.grad((x**3).tanh().sum(), x, create_graph=True)
    torch.autograd.grad(slope.sum(), x)


def hook_and_retain() -> None:
    x = torch.ones(3, requires_grad=True)
    y = x * 2
    y.retain_grad()
    y.register_hook(lambda g: g * 2)
    y.grad_fn.register_hook(lambda sent, given: None)
    y.sum().backward()


def fail() -> None:
    x = torch.ones(3, requires_grad=True)
    y = (x * 2).exp()
    y.add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


def losses() -> None:
    x = torch.ones(2, 3, requires_grad=True)
    torch.nn.functional.cross_entropy(x, torch.tensor([0, 2])).backward()
    torch.nn.functional.mse_loss(torch.cat([x, x]), torch.zeros(4, 3)).backward()
    x.max(1).values.sum().backward()


@pytest.mark.parametrize(
    "work", [train, change_views, differentiate_twice, hook_and_retain, fail, losses]
)
def test_the_garbage_collector_finds_nothing(work):
    work()  # what is made once, at the first use, is none of this test's business
    gc.collect()
    gc.disable()
    try:
        work()
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_a_temporary_result_is_freed_although_its_graph_lives():
    x = torch.ones(3, requires_grad=True)
    product = x * 2
    array = weakref.ref(product._array)
    total = product + 1
    del product
    assert array() is None
    total.sum().backward()
    assert x.grad.tolist() == [2, 2, 2]


def test_a_graph_keeps_its_leaves():
    y = torch.ones(3, requires_grad=True) * 2
    leaf = y.grad_fn.next_functions[0][0].variable
    y.sum().backward()
    assert leaf.grad.tolist() == [2, 2, 2]


def test_backward_goes_through_a_chain_of_100_000_operations_and_frees_it():
    x = torch.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(100_000):
        y = y + 0.5
    node = weakref.ref(y.grad_fn)
    y.backward()
    del y
    assert x.grad.item() == 1
    assert node() is None


def test_a_chain_of_100_000_views_is_freed():
    y = torch.ones(2)
    for _ in range(100_000):
        y = y.view(2)
    base = weakref.ref(y._base)
    del y
    assert base() is None


def test_threads_keep_their_grad_modes_apart():
    inside, done = threading.Event(), threading.Event()

    def without_gradients() -> None:
        with torch.no_grad():
            inside.set()
            done.wait(10)

    thread = threading.Thread(target=without_gradients)
    thread.start()
    assert inside.wait(10)
    recorded = (torch.ones(1, requires_grad=True) * 2).requires_grad
    done.set()
    thread.join()
    assert recorded


def test_a_thread_that_ends_without_gradients_leaves_nothing_to_the_next():
    modes = []

    def switch_off() -> None:
        modes.append(torch.is_grad_enabled())
        torch.set_grad_enabled(False)

    for _ in range(20):  # thread numbers are given again
        thread = threading.Thread(target=switch_off)
        thread.start()
        thread.join()
    assert modes == [True] * 20


def test_ten_threads_train_at_once_and_agree():
    results: list[float] = []

    def fit() -> None:
        x = torch.linspace(0, 1, 20)
        w = torch.zeros(1, requires_grad=True)
        for _ in range(50):
            ((2 * x - w * x) ** 2).mean().backward()
            with torch.no_grad():
                w -= 0.5 * w.grad
            w.grad.zero_()
        results.append(w.item())

    threads = [threading.Thread(target=fit) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 10
    assert len(set(results)) == 1


def test_a_view_at_the_end_of_a_long_chain_can_be_written_to():
    x = torch.ones(3, requires_grad=True)
    y = x * 1
    view = y
    for _ in range(5_000):
        view = view.view(3)
    view[:2].mul_(4)
    y.sum().backward()
    assert x.grad.tolist() == [4, 4, 1]
