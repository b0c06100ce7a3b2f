"""What a graph keeps alive, how deep it may be, and that training does not grow."""

import gc
import sys
import threading
import weakref

import ask
import numpy as np
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


@pytest.fixture
def only_counting():
    """No garbage is collected but by the test, which sees nothing that was there before."""
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize(
    "work", [train, change_views, differentiate_twice, hook_and_retain, fail, losses]
)
def test_the_garbage_collector_finds_nothing(work, only_counting):
    work()  # what is made once, at the first use, is none of this test's business
    gc.collect()
    work()
    assert gc.collect() == 0


@pytest.mark.filterwarnings("ignore")  # dividing by zero is part of some programs
@pytest.mark.parametrize("topic", ["operations", "parts", "losses"])
def test_no_operation_leaves_something_to_collect(topic, only_counting):
    """Forward, backward and second derivative of each program in which nothing goes wrong."""
    leaving = []
    for name, answer in ask.stored(topic)["answers"].items():
        if "errors" in answer or "warnings" in answer or ("of" in name and "matrix" not in name):
            continue
        names: dict = {"torch": torch, "np": np, "print": lambda *shown: None}
        exec(ask.programs(topic)[name], names)
        names.clear()
        if gc.collect():
            leaving.append(name)
    assert leaving == []


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


def test_a_view_at_the_end_of_a_long_chain_can_be_written_to():
    x = torch.ones(3, requires_grad=True)
    y = x * 1
    view = y
    for _ in range(2_000):  # twice as deep as Python would recurse
        view = view.view(3)
    view[:2].mul_(4)
    y.sum().backward()
    assert x.grad.tolist() == [4, 4, 1]


def epochs(count: int) -> None:
    """So many epochs of linear regression, with a branch, hooks and a view on the way."""
    torch.manual_seed(0)
    x, y = torch.rand(4, 1), torch.rand(4, 1)
    b, w = torch.zeros(1, requires_grad=True), torch.zeros(1, requires_grad=True)
    handle = w.register_hook(lambda g: g * 1)
    for epoch in range(count):
        loss = ((y - (b + w * x)) ** 2).mean()
        if epoch % 2:
            loss = loss + w[0] ** 2
        loss.backward()
        with torch.no_grad():
            b -= 0.1 * b.grad
            w -= 0.1 * w.grad
        b.grad, w.grad = None, None
    handle.remove()


def test_training_does_not_grow(only_counting):
    epochs(200)
    gc.collect()
    before = sys.getallocatedblocks()
    epochs(2_000)
    assert sys.getallocatedblocks() - before < 1_000  # one block an epoch would be 2,000


@pytest.mark.slow
def test_training_for_100_000_epochs_does_not_grow(only_counting):
    resource = pytest.importorskip("resource")  # not on Windows
    epochs(1_000)
    before = sys.getallocatedblocks()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    epochs(100_000)
    assert sys.getallocatedblocks() - before < 1_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < 1_000  # kilobytes


def chain(length: int) -> None:
    """Go forward and backward through a chain, and free it."""
    x = torch.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(length):
        y = y + 0.5
    y.backward(retain_graph=True)
    del y
    assert x.grad.item() == 1


def in_a_thread(work, stack: int) -> None:
    """Run `work` in a thread with so many bytes of stack; what it raises is raised here."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)

    old = threading.stack_size(stack)
    thread = threading.Thread(target=run)
    thread.start()
    threading.stack_size(old)
    thread.join()
    if failures:
        raise failures[0]


def test_a_chain_of_100_000_operations_needs_no_more_than_a_small_stack():
    in_a_thread(lambda: chain(100_000), stack=2**20)


@pytest.mark.slow
@pytest.mark.parametrize("stack", [2**20, 2**23])
def test_a_chain_of_1_000_000_operations_is_freed(stack):
    in_a_thread(lambda: chain(1_000_000), stack)
