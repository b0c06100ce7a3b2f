"""Threads: each has its own grad mode, and training in ten of them is training in one."""

import threading
from collections.abc import Callable
from typing import Any

import tinygrad_edu as torch


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """What `work(0)`, `work(1)`, ... return, each in a thread of its own, started together."""
    start = threading.Barrier(count)
    results: list[Any] = [None] * count

    def run(number: int) -> None:
        start.wait(10)
        results[number] = work(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def fit(number: int) -> list[float]:
    """A small network, trained on numbers of its own; a third of its work is not recorded."""
    generator = torch.Generator().manual_seed(number)
    x = torch.rand(20, 2, generator=generator)
    w = torch.randn(2, 3, generator=generator).requires_grad_()
    v = torch.randn(3, generator=generator).requires_grad_()
    losses = []
    for _ in range(60):
        loss = (((x @ w).tanh() @ v - x.sum(1)) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            assert not (w * 2).requires_grad
            for p in (w, v):
                p -= 0.05 * p.grad
                p.grad.zero_()
        losses.append(loss.item())
    return losses


def test_ten_threads_train_at_once_as_one_after_the_other():
    assert at_once(10, fit) == [fit(number) for number in range(10)]


def test_grad_modes_stay_apart_however_often_they_change():
    def switch(number: int) -> set[tuple[bool, bool]]:
        seen = set()
        x = torch.ones(1, requires_grad=True)
        for turn in range(300):
            wanted = (number + turn) % 2 == 0
            with torch.set_grad_enabled(wanted), torch.enable_grad() if wanted else torch.no_grad():
                seen.add((wanted, (x * 2).requires_grad))
        return seen

    assert at_once(10, switch) == [{(True, True), (False, False)}] * 10


def test_threads_that_share_a_leaf_add_up_their_gradients_one_after_the_other():
    w = torch.ones(1, requires_grad=True)
    lock = threading.Lock()

    def add(number: int) -> None:
        loss = (w * number).sum()
        with lock:
            loss.backward()

    at_once(10, add)
    assert w.grad.tolist() == [45]


def test_threads_share_the_default_generator_and_no_number_is_drawn_twice():
    torch.manual_seed(0)
    expected = torch.rand(1000).tolist()
    torch.manual_seed(0)
    drawn = at_once(10, lambda number: [torch.rand(1).item() for _ in range(100)])
    assert sorted(number for numbers in drawn for number in numbers) == sorted(expected)


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
