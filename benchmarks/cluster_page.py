"""What `benchmarks/cluster.py` measured, in words: tables, a plot, and a larger machine on paper.
They have their places in book/cluster.md. Nothing is measured here.
"""

import math
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import table

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "book" / "cluster.md"
PLOT = ROOT / "pictures" / "cluster.svg"
PAPER = "## On paper"  # each of the two parts of the page has markers of its own
ROWS, MACHINES = 10**11, 100
BYTES = 2 * 4  # of a row: x and y in float32
SPLIT = 4  # how many results of chunks Dask's sums add up at once
STYLES = {"NumPy": "ko-", "1 worker": "C0s--", "2 workers": "C1^-", "from disk": "C2D:"}
Result = dict[str, Any]


@dataclass
class Page:
    """The text of what was measured."""

    results: list[Result]
    overhead: list[Result]

    def measured(self) -> str:
        """The tables."""
        return "\n".join([*self.rows(), "", self.conditions(), "", *self.overhead_rows()])

    def rows(self) -> list[str]:
        """Times and memory."""
        head = ["rows", "", "an epoch", "times NumPy", "client's memory", "worker's", "spilled"]
        lines = [table.row_of(head), table.row_of(["---:", "---", *["---:"] * 5])]
        return lines + [table.row_of(self.row(each)) for each in self.results]

    def row(self, result: Result) -> list[str]:
        """The cells of one contestant."""
        numpy = self.find(result["rows"], workers=0)["median"]
        time = duration(result["median"])
        most = ["client", "worker", "spilled"] if result["workers"] else ["client"]
        memory = [megabytes(result[key]) for key in most] + [""] * (3 - len(most))
        ratio = f"{result['median'] / numpy:,.2g}" if result["workers"] else ""
        return [power(result["rows"]), result["name"], time, ratio, *memory]

    def find(self, rows: int, **wanted: Any) -> Result:
        """The result of a contestant, the data in memory."""
        wanted = {"rows": rows, "from_disk": False} | wanted
        return next(each for each in self.results if wanted.items() <= each.items())

    def conditions(self) -> str:
        """How it was measured."""
        import dask
        import numpy

        last = self.results[-1]
        return (
            f"Medians of {last['epochs']} epochs, in turns. One thread a process; {last['memory']} "
            f"a worker. A chunk has half of the rows, but {power(last['chunk'])} at most. The "
            f"machine has {cores()} cores, which others used too: trust the ratios more than the "
            f"times. Python {platform.python_version()}, NumPy {numpy.__version__}, Dask "
            f"{dask.__version__}. Memory is the most that a process ever had, Python and its "
            "libraries included. The scheduler is in the client's process. "
            "Spilled is what a worker had no room for at the end, and wrote to disk."
        )

    def overhead_rows(self) -> list[str]:
        """What tasks cost that have nothing to do."""
        head = ["chunks", "tasks", "an epoch", "of it, client and scheduler computed"]
        lines = [table.row_of(head), table.row_of(["---:"] * 4)]
        for each in self.overhead:
            chunks = each["rows"] // each["chunk"]
            times = [duration(each["median"]), duration(each["busy"])]
            lines.append(table.row_of([f"{chunks:,}", f"{each['tasks']:,}", *times]))
        cost = duration(self.cost_of_a_task())
        return [*lines, "", f"From the first line to the last, a task costs those two {cost}."]

    def cost_of_a_task(self) -> float:
        """Seconds: how an epoch grows for the client and the scheduler with its tasks."""
        first, *_, last = self.overhead
        return (last["busy"] - first["busy"]) / (last["tasks"] - first["tasks"])

    def on_paper(self) -> str:
        """What the measured figures say of many more rows."""
        return "\n".join([*self.machine_rows(), "", *self.chunk_rows()])

    def machine_rows(self) -> list[str]:
        """The work of each machine."""
        disk, kept = self.results[-1], self.most_workers()
        rows, own = kept["rows"] // kept["workers"], ROWS // MACHINES
        read = disk["median"] / kept["median"]
        how = f"{power(own)} × {duration(kept['median'])} / {power(rows)}"
        seconds = self.epoch_of_a_machine()
        lines = [
            ["of one machine", "how", "gives"],
            ["---", "---", "---:"],
            ["rows", f"{power(ROWS)} / {MACHINES}", power(own)],
            ["bytes, x and y in float32", f"{power(own)} × {BYTES}", f"{own * BYTES / 1e9:.3g} GB"],
            ["an epoch, data in memory", how, duration(seconds)],
            ["the same, data on disk", f"{table.number(read)} times", duration(seconds * read)],
        ]
        return [table.row_of(cells) for cells in lines]

    def most_workers(self) -> Result:
        """The most workers with the most rows, in their memory."""
        disk = self.results[-1]
        return self.find(disk["rows"], workers=disk["workers"])

    def epoch_of_a_machine(self) -> float:
        """Seconds, if it has one worker that is as fast as ours."""
        kept = self.most_workers()
        return ROWS / MACHINES * kept["median"] * kept["workers"] / kept["rows"]

    def chunk_rows(self) -> list[str]:
        """What the scheduler has to do, by the size of the chunks."""
        last = self.overhead[-1]
        tasks = last["tasks"] * last["chunk"] / last["rows"]
        cost = self.cost_of_a_task()
        head = ["rows of a chunk", "its x and y", "chunks", "tasks", "the scheduler's time"]
        lines = [table.row_of([*head, "levels", "bytes up", "bytes down"])]
        lines.append(table.row_of(["---:"] * 8))
        lines += [table.row_of(chunk_row(chunk, tasks, cost)) for chunk in (10**6, 10**7, 10**8)]
        note = f"Tasks: {tasks:.3g} a chunk, as measured above; each costs {duration(cost)}."
        return [*lines, "", f"{note} {self.smallest_chunk(tasks * cost)}"]

    def smallest_chunk(self, cost: float) -> str:
        """Where the scheduler, who has all chunks, is done with the machines, who have a part."""
        epoch = self.epoch_of_a_machine()
        size = ROWS * cost / epoch
        return (
            f"The scheduler keeps up with the machines if all chunks together cost it less than "
            f"{duration(epoch)}, which are {epoch / cost:,.0f} chunks: each must have more than "
            f"{size / 1e6:,.3g} million rows, or {size * BYTES / 1e6:,.0f} MB."
        )

    def write(self) -> None:
        """Put the tables into the page, and the plot beside the book's other pictures."""
        first, paper, second = PAGE.read_text("utf-8").partition(PAPER)
        first = table.put_between_markers(first, self.measured())
        second = table.put_between_markers(second, self.on_paper())
        PAGE.write_text(first + paper + second, "utf-8")
        self.plot(PLOT)

    def plot(self, path: Path) -> None:
        """Time and memory over the rows, a line for each contestant."""
        import matplotlib

        matplotlib.use("agg")
        matplotlib.rcParams.update({"svg.hashsalt": "cluster", "font.size": 9})
        from matplotlib import pyplot as plt

        figure, (times, memory) = plt.subplots(1, 2, figsize=(8, 3.8), layout="constrained")
        for name in dict.fromkeys(each["name"] for each in self.results):
            own = [each for each in self.results if each["name"] == name]
            rows, style = [each["rows"] for each in own], style_of(name)
            times.loglog(rows, [each["median"] for each in own], style, label=name)
            most = [each["worker"] or each["client"] for each in own]
            if all(most):
                memory.loglog(rows, most, style)
        times.set(title="time of an epoch", xlabel="rows", ylabel="seconds")
        memory.set(title="most memory of a process", xlabel="rows", ylabel="MB")
        times.legend()
        for panel in (times, memory):
            panel.grid(alpha=0.3)
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
        plt.close(figure)


def chunk_row(rows: int, tasks: float, cost: float) -> list[str]:
    """The cells of an epoch in chunks of so many rows: up go the loss and two gradients of each
    chunk in float32, down go b and w."""
    chunks = ROWS // rows
    size = f"{rows * BYTES / 1e6:,.0f} MB"
    levels = math.ceil(math.log(chunks, SPLIT))
    time = duration(chunks * tasks * cost)
    moved = [f"{chunks * numbers * 4:,}" for numbers in (3, 2)]
    return [power(rows), size, f"{chunks:,}", f"{chunks * tasks:,.0f}", time, str(levels), *moved]


def duration(seconds: float) -> str:
    """
    >>> duration(0.0834), duration(1930.2)
    ('83.4 ms', '1,930 s')
    """
    return table.duration(seconds) if seconds < 999.5 else f"{seconds:,.0f} s"


def style_of(name: str) -> str:
    """Color, mark and line of a contestant."""
    return next((style for ending, style in STYLES.items() if name.endswith(ending)), "C3v-.")


def power(number: int) -> str:
    """
    >>> power(10**8), power(500_000)
    ('10^8', '500,000')
    """
    exponent = round(math.log10(number))
    return f"10^{exponent}" if number == 10**exponent and exponent > 3 else f"{number:,}"


def megabytes(number: float | None) -> str:
    """
    >>> megabytes(1234.5), megabytes(None)
    ('1,234 MB', 'not measured')
    """
    return "not measured" if number is None else f"{number:,.0f} MB"


def cores() -> int:
    """How many cores this process may use."""
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
