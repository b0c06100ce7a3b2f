"""Reading the clock fairly: the contestants take turns within each round, in one process, so
that a slow moment of the machine hits all of them; the table then compares medians. Python's
garbage collector stays on, as it is for a user. What is measured is in workloads.py.
"""

import gc
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.workloads import Step, Workload

ROOT = Path(__file__).resolve().parents[1]
SECONDS_PER_TURN = 0.02
Times = dict[str, list[float]]


def prepare(workload: Workload, modules: Mapping[str, Any]) -> dict[str, Step]:
    """One fresh step for each module and one for NumPy by hand, by the contestant's name."""
    steps = {name: workload.shared(torch, **workload.size) for name, torch in modules.items()}
    return steps | {"NumPy by hand": workload.by_hand(**workload.size)}


def assert_agreement(title: str, steps: Mapping[str, Step]) -> None:
    """Run each step twice and compare the second results, since a gradient that was not
    cleared shows only there.

    Raises:
        AssertionError: two contestants disagree by more than float32 rounding explains.
    """
    results = {name: second_results(step) for name, step in steps.items()}
    wanted = results["NumPy by hand"]
    for name, got in results.items():
        for ours, theirs in zip(got, wanted, strict=True):
            message = f"{name} and NumPy by hand disagree on: {title}"
            theirs = theirs.reshape(ours.shape)
            np.testing.assert_allclose(ours, theirs, 1e-3, 1e-5, err_msg=message)


def second_results(step: Step) -> list[np.ndarray]:
    """What the step returns when it is called for the second time, as arrays."""
    step()
    return [np.array(r.detach().numpy() if hasattr(r, "detach") else r) for r in step()]


def take_turns(steps: Mapping[str, Step], rounds: int) -> Times:
    """Seconds per call of each step in each round. Who goes first changes with the round."""
    calls = {name: calls_per_turn(step) for name, step in steps.items()}
    times: Times = {name: [] for name in steps}
    names = list(steps)
    gc.collect()
    for turn in range(rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            times[name].append(seconds_per_call(steps[name], calls[name]))
    return times


def calls_per_turn(step: Step) -> int:
    """How many calls fill one turn; at least one."""
    return max(1, round(SECONDS_PER_TURN / seconds_per_call(step, 1)))


def seconds_per_call(step: Step, calls: int) -> float:
    """The mean over `calls` calls in a row."""
    start = perf_counter()
    for _ in range(calls):
        step()
    return (perf_counter() - start) / calls


def import_times(modules: Mapping[str, str], rounds: int) -> Times:
    """Seconds that `import module` takes in a new interpreter, by contestant and round. A first
    import that is not counted writes the bytecode and warms the disk's cache."""
    times: Times = {name: [] for name in modules}
    for module in modules.values():
        seconds_to_import(module)
    for _ in range(rounds):
        for name, module in modules.items():
            times[name].append(seconds_to_import(module))
    return times


def seconds_to_import(module: str) -> float:
    """One import, in an interpreter of its own that finds this checkout first."""
    code = f"from time import perf_counter as t; s = t(); import {module}; print(t() - s)"
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    environment = os.environ | {"PYTHONPATH": path}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # or each import would compile the sources
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(answer.stdout)
