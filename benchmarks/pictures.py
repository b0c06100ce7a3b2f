"""`python benchmarks/pictures.py` measures how long make_dot takes to write its DOT text: beside
torchviz, on PyTorch's graphs, and of 100,000 operations. Nothing is drawn here. README.md says how
the clock is read.
"""

import argparse
import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import measure, table
from viz import make_dot

TELLING = ("values", "grads", "ghosts", "lines", "shapes", "derivatives", "state")
OPTIONS: list[dict[str, bool]] = [{}, {"show_saved": True}, {"show_attrs": True}]
OPTIONS += [{f"show_{what}": True} for what in TELLING]
# PyTorch 2.13 dies as it frees a chain of 50,000 that Python has walked, drawn or not.
LARGEST = {"tinygrad_edu": 100_000, "torch": 20_000}


def chain(torch: Any, operations: int) -> Any:
    """The result of operations one after the other."""
    result = torch.ones(1, requires_grad=True)
    for _ in range(operations):
        result = result * 2
    return result


def tree(torch: Any, operations: int) -> Any:
    """The product of leaves by pairs, one leaf more than operations."""
    level = [torch.ones(1, requires_grad=True) for _ in range(operations + 1)]
    while len(level) > 1:
        pairs = [a * b for a, b in zip(level[::2], level[1::2])]
        level = pairs + level[2 * len(pairs) :]
    return level[0]


def beside_torchviz(rounds: int) -> Iterator[str]:
    """make_dot and torchviz take turns on a tree of 1,000 of PyTorch's operations, which torchviz
    survives. It does not survive a chain of that length.
    """
    torch, torchviz = map(importlib.import_module, ("torch", "torchviz"))
    yield table.header(["make_dot", "torchviz"])
    root = tree(torch, 1_000)
    for title, asked in (("1,000 operations", {}), ("and saved tensors", {"show_saved": True})):
        steps: dict[str, Callable[[], Any]] = {
            "make_dot": lambda asked=asked: make_dot(root, **asked).source,
            "torchviz": lambda asked=asked: torchviz.make_dot(root, **asked).source,
        }
        yield table.row(title, measure.take_turns(steps, rounds))


def many_operations(torch: Any, operations: int) -> Iterator[str]:
    """What each option costs on big graphs."""
    yield table.row_of([torch.__name__, "a chain", "a tree"])
    yield table.row_of(["---", "---:", "---:"])
    roots = [chain(torch, operations), tree(torch, operations)]
    for asked in OPTIONS:
        times = [table.duration(median(seconds(root, asked))) for root in roots]
        yield table.row_of([", ".join(asked) or "make_dot", *times])


def seconds(root: Any, asked: dict[str, bool], rounds: int = 3) -> list[float]:
    """How long each of a few calls takes."""
    times = []
    for _ in range(rounds):
        start = perf_counter()
        _ = make_dot(root, **asked).source
        times.append(perf_counter() - start)
    return times


def installed(name: str) -> bool:
    """Whether a module can be imported here."""
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        return False
    return True


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="turns of each (default: 15)")
    parser.add_argument("--operations", type=int, help="fewer of them")
    options = parser.parse_args()
    if installed("torch") and installed("torchviz"):
        print(*beside_torchviz(options.rounds), sep="\n", end="\n\n", flush=True)
    for name in filter(installed, LARGEST):
        operations = min(options.operations or LARGEST[name], LARGEST[name])
        print(f"{operations:,} operations:\n")
        for line in many_operations(importlib.import_module(name), operations):
            print(line, flush=True)
        print()


if __name__ == "__main__":
    main()
