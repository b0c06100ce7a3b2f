"""`python benchmarks/run.py` measures and prints the speed table: tinygrad_edu, PyTorch where it
is installed, and NumPy by hand, on one thread. This is the command line only; README.md says how
to read the table.
"""

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

# The array libraries read these when they are imported, so they come before those imports.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from benchmarks import measure, table  # noqa: E402
from benchmarks.workloads import WORKLOADS, Workload  # noqa: E402

IMPORT = "import"
KEYS = [*dict.fromkeys(workload.key for workload in WORKLOADS), IMPORT]
IMPORT_ROUNDS = 5  # PyTorch needs seconds for each


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line; refuse what makes no sense."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", type=chosen_keys, metavar="W1,W2", help=f"of {', '.join(KEYS)}")
    parser.add_argument("--all", action="store_true", help="W5 and W6 too (W6 needs 1 GB)")
    parser.add_argument("--rounds", type=int, default=15, help="turns of each (default: 15)")
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    options = parser.parse_args(argv)
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    if options.write and options.only:
        parser.error("--write needs the whole table: leave out --only")
    return options


def chosen_keys(text: str) -> list[str]:
    """The keys in `W1,W2`."""
    keys = text.split(",")
    if unknown := [key for key in keys if key not in KEYS]:
        raise argparse.ArgumentTypeError(
            f"no workload is called {unknown[0]!r}; choose of {', '.join(KEYS)}"
        )
    return keys


def contestants() -> dict[str, Any]:
    """The modules that can run the workloads here: always ours, and PyTorch if it is installed."""
    import tinygrad_edu

    modules: dict[str, Any] = {"tinygrad_edu": tinygrad_edu}
    try:
        import torch
    except ModuleNotFoundError:
        return modules
    torch.set_num_threads(1)
    return modules | {"PyTorch": torch}


def lines(options: argparse.Namespace) -> Iterator[str]:
    """The table line by line, each as soon as it is measured."""
    modules = contestants()
    yield table.header([*modules, "NumPy by hand"])
    for workload in filter(lambda w: is_chosen(w, options), WORKLOADS):
        steps = measure.prepare(workload, modules)
        measure.assert_agreement(workload.title, steps)
        times = measure.take_turns(steps, options.rounds)
        yield table.row(f"{workload.key} {workload.title}", times)
    if not options.only or IMPORT in options.only:
        yield from import_lines(modules, options.rounds)
    yield f"\n{conditions(modules, options.rounds)}"


def is_chosen(workload: Workload, options: argparse.Namespace) -> bool:
    """Whether the command line asks for this workload."""
    if options.only:
        return workload.key in options.only
    return workload.by_default or options.all


def import_lines(modules: dict[str, Any], rounds: int) -> Iterator[str]:
    """The row of the import times, and what of ours is not NumPy's own."""
    names = {name: module.__name__ for name, module in modules.items()}
    names["NumPy by hand"] = "numpy"
    times = measure.import_times(names, min(rounds, IMPORT_ROUNDS))
    yield table.row("import, NumPy's own included", times)
    own = median(times["tinygrad_edu"]) - median(times["NumPy by hand"])
    yield f"\nOf our import, {own * 1000:.0f} ms are ours; the rest is NumPy's."


def conditions(modules: dict[str, Any], rounds: int) -> str:
    """What was measured, and how, in one paragraph."""
    versions = [f"Python {platform.python_version()}", f"NumPy {np.__version__}"]
    if "PyTorch" in modules:
        versions.append(f"PyTorch {modules['PyTorch'].__version__}")
    return (
        f"Medians of {rounds} rounds, one thread, float32, {', '.join(versions)}. In parentheses:"
        " the middle half of the single rounds' ratios. Machines are noisy and differ: trust the"
        " ratios more than the times."
    )


def main() -> None:
    """Print the table, and write it into README.md if asked."""
    options = arguments()
    if options.write:
        readme_with("")  # fails now rather than after minutes of measuring
    printed = []
    for line in lines(options):
        print(line, flush=True)
        printed.append(line)
    if options.write:
        README.write_text(readme_with("\n".join(printed)), "utf-8")


def readme_with(text: str) -> str:
    """What README.md says, with this text between the markers."""
    return table.put_between_markers(README.read_text("utf-8"), text)


if __name__ == "__main__":
    main()
