"""`python benchmarks/cluster.py` measures epochs of a linear regression: in NumPy, and in chunks on
a local Dask cluster. Seconds, the memory of each process, and what a task costs the scheduler. Each
turn is a process of its own. README.md says how to read the tables; cluster_page.py writes them.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

# The array libraries read these when they are imported, so they come before those imports.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

import tinygrad_edu as torch  # noqa: E402
from benchmarks import cluster_page  # noqa: E402

RATE = 0.1
SMALL_CHUNK = 1000  # rows, so few that a task is nothing but overhead
Result = dict[str, Any]


@dataclass(frozen=True)
class Turn:
    """What one process measures. No workers means NumPy in one process."""

    rows: int
    workers: int
    epochs: int
    chunk: int
    from_disk: bool = False
    memory: str = "1.5GB"  # the limit of each worker

    @property
    def name(self) -> str:
        """Who takes this turn."""
        if not self.workers:
            return "NumPy"
        many = "1 worker" if self.workers == 1 else f"{self.workers} workers"
        return f"Dask, {many}, from disk" if self.from_disk else f"Dask, {many}"


# --- one turn, in a process of its own ------------------------------------------------------------


def take(turn: Turn) -> Result:
    """Run the epochs; what they took, and where b and w ended."""
    return (on_dask if turn.workers else on_numpy)(turn)


def on_numpy(turn: Turn) -> Result:
    """The data in memory, computed by NumPy."""
    import dask.array as da

    columns = [np.empty(turn.rows, np.float32) for _ in range(2)]
    da.store(random_columns(turn), columns, lock=False, scheduler="synchronous")
    return train(turn, *map(torch.from_numpy, columns)) | {"client": peak_memory()}


def on_dask(turn: Turn) -> Result:
    """The data in chunks, computed by the workers of a cluster on this machine."""
    with local_cluster(turn) as (client, scheduler, folder):
        columns = stored(turn, folder) if turn.from_disk else kept(turn)
        before = tasks_done(scheduler)
        result = train(turn, *map(torch.from_dask, columns))
        result["tasks"] = (tasks_done(scheduler) - before) // (turn.epochs + 1)
        workers = filter(None, client.run(peak_memory).values())
        result |= {"client": peak_memory(), "worker": max(workers, default=None)}
        return result | {"spilled": max(client.run(on_its_disk).values())}


@contextmanager
def local_cluster(turn: Turn) -> Iterator[tuple[Any, Any, str]]:
    """A client, its scheduler in this process, and a folder that is removed in the end."""
    from distributed import Client, LocalCluster

    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        LocalCluster(
            n_workers=turn.workers,
            threads_per_worker=1,
            memory_limit=turn.memory,
            dashboard_address=":0",  # any port: others may have clusters here
            scheduler_kwargs={"dashboard": False},
            local_directory=folder,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client, cluster.scheduler, folder


def random_columns(turn: Turn, keep: Callable[[Any], Any] = lambda column: column) -> list[Any]:
    """x and y of points near a line, the same for every contestant."""
    import dask.array as da

    random = da.random.default_rng(0)
    sizes = {"size": turn.rows, "chunks": turn.chunk, "dtype": np.float32}
    x = keep(random.random(**sizes))
    return [x, keep(1 + 2 * x + 0.1 * random.standard_normal(**sizes))]


def kept(turn: Turn) -> list[Any]:
    """The columns in the memory of the workers. x is kept first, so that each chunk of y is made
    where that of x is; together, half of them would lie on the other worker."""
    from distributed import wait

    columns = random_columns(turn, lambda column: column.persist())
    wait(columns)
    return columns


def stored(turn: Turn, folder: str) -> list[Any]:
    """The columns in files, which each epoch reads."""
    import dask.array as da

    paths = [f"{folder}/{name}.zarr" for name in "xy"]
    for column, path in zip(random_columns(turn), paths):
        column.to_zarr(path)
    return list(map(da.from_zarr, paths))


def train(turn: Turn, x: Any, y: Any) -> Result:
    """The loop of lesson 4. The first epoch is not counted."""
    b = torch.zeros(1, requires_grad=True)
    w = torch.zeros(1, requires_grad=True)
    seconds, busy = [], []
    for _ in range(turn.epochs + 1):
        start, idle = perf_counter(), process_time()
        epoch(x, y, b, w)
        seconds.append(perf_counter() - start)
        busy.append(process_time() - idle)
    return {"seconds": seconds[1:], "busy": busy[1:], "parameters": [b.item(), w.item()]}


def epoch(x: Any, y: Any, b: Any, w: Any) -> None:
    """Predict, measure, differentiate, update, zero."""
    loss = ((y - (b + w * x)) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        b -= RATE * b.grad
        w -= RATE * w.grad
    b.grad.zero_(), w.grad.zero_()


def tasks_done(scheduler: Any) -> int:
    """How many tasks have given a result since the cluster began."""
    return sum(kind.state_counts["memory"] for kind in scheduler.task_prefixes.values())


def peak_memory() -> float | None:
    """The most megabytes that this process has had; None where the system does not tell."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) * 1024 / 1e6 if found else None


def on_its_disk(dask_worker: Any) -> float:
    """The megabytes that a worker has no room for in its memory."""
    return getattr(dask_worker.data, "spilled_total", (0, 0))[1] / 1e6


# --- all turns ------------------------------------------------------------------------------------


def in_a_process(turn: Turn) -> Result:
    """Take the turn in a new process, which ends with its workers."""
    command = [sys.executable, str(Path(__file__).resolve()), "--turn", json.dumps(asdict(turn))]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def turns_of(rows: int, options: argparse.Namespace) -> list[Turn]:
    """A turn of each contestant."""
    chunk = max(1, min(options.chunk, rows // 2))  # or the second worker would have nothing to do
    one = partial(Turn, rows, epochs=options.epochs, chunk=chunk, memory=options.memory)
    turns = [one(workers=many) for many in (0, *options.workers)]
    return [*turns, one(workers=max(options.workers), from_disk=True)]


def measured(turns: list[Turn], rounds: int) -> list[Result]:
    """What each contestant took. In each round each has a turn, and who goes first changes."""
    taken: dict[Turn, list[Result]] = {turn: [] for turn in turns}
    for number in range(rounds):
        first = number % len(turns)
        for turn in turns[first:] + turns[:first]:
            taken[turn].append(in_a_process(turn))
    assert_agreement(taken)
    return [asdict(turn) | {"name": turn.name} | together(taken[turn]) for turn in turns]


def assert_agreement(taken: dict[Turn, list[Result]]) -> None:
    """Compare where b and w ended.

    Raises:
        AssertionError: two contestants disagree by more than float32 rounding explains.
    """
    ended = [(turn.name, each["parameters"]) for turn in taken for each in taken[turn]]
    for name, parameters in ended:
        message = f"{name} and {ended[0][0]} disagree on b and w"
        np.testing.assert_allclose(parameters, ended[0][1], 1e-5, err_msg=message)


def together(results: list[Result]) -> Result:
    """The turns of one contestant as one result."""
    every = {key: [x for result in results for x in result[key]] for key in ("seconds", "busy")}
    middle = {"median": median(every["seconds"]), "busy": median(every["busy"])}
    most = {key: largest(results, key) for key in ("client", "worker", "spilled", "tasks")}
    return middle | most | {"epochs": len(every["seconds"])}


def largest(results: list[Result], key: str) -> Any:
    """The largest value of the turns; None where there is none."""
    values = [result.get(key) for result in results]
    return max((value for value in values if value is not None), default=None)


def overhead(options: argparse.Namespace) -> list[Result]:
    """Epochs of more and more chunks with next to nothing in them."""
    turns = [
        Turn(many * SMALL_CHUNK, max(options.workers), options.epochs, SMALL_CHUNK)
        for many in options.chunks
    ]
    return [result for turn in turns for result in measured([turn], rounds=1)]


# --- the command ----------------------------------------------------------------------------------


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=numbers, default=[10**6, 10**7, 10**8], metavar="1e6,1e7")
    parser.add_argument("--workers", type=numbers, default=[1, 2], metavar="1,2")
    parser.add_argument("--epochs", type=int, default=3, help="in each turn (default: 3)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each (default: 3)")
    parser.add_argument("--memory", default="1.5GB", help="of each worker (default: 1.5GB)")
    parser.add_argument("--chunk", type=int, default=5 * 10**6, help="rows of a chunk, at most")
    parser.add_argument("--chunks", type=numbers, default=[10, 100, 400], help="for the overhead")
    parser.add_argument("--write", action="store_true", help="put it into book/cluster.md")
    parser.add_argument("--turn", type=json.loads, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if len(options.chunks) < 2:
        parser.error("--chunks needs two numbers, to see what grows with them")
    return options


def numbers(text: str) -> list[int]:
    """
    >>> numbers("1e6,20")
    [1000000, 20]
    """
    return [int(float(each)) for each in text.split(",")]


def main() -> None:
    """Print what was measured, and write it into the book if asked."""
    options = arguments()
    if options.turn:
        print(json.dumps(take(Turn(**options.turn))))
        return
    results = [
        result
        for rows in options.rows
        for result in measured(turns_of(rows, options), options.rounds)
    ]
    page = cluster_page.Page(results, overhead(options))
    print(page.measured(), page.on_paper(), sep="\n\n")
    if options.write:
        page.write()


if __name__ == "__main__":
    main()
