"""The workloads of the speed table compute what they say, and the command prints a table. No test
here looks at a time.
"""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import tinygrad_edu

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks import measure, table  # noqa: E402
from benchmarks.workloads import WORKLOADS, Workload, affine_by_hand  # noqa: E402

SMALL = [w for w in WORKLOADS if max(w.size.values(), default=0) <= 10**4]
OURS = {"tinygrad_edu": tinygrad_edu}


def run(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "benchmarks" / "run.py"), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("workload", SMALL, ids=lambda w: w.title)
def test_ours_and_numpy_by_hand_agree(workload: Workload) -> None:
    measure.assert_agreement(workload.title, measure.prepare(workload, OURS))


def test_a_wrong_result_stops_the_measurement() -> None:
    wrong = replace(WORKLOADS[1], by_hand=affine_by_hand)
    with pytest.raises((AssertionError, ValueError)):
        measure.assert_agreement(wrong.title, measure.prepare(wrong, OURS))


def test_each_contestant_gets_a_turn_in_each_round() -> None:
    turns: list[str] = []
    steps = {name: lambda name=name: turns.append(name) or () for name in "ab"}
    times = measure.take_turns(steps, rounds=3)
    assert {name: len(seconds) for name, seconds in times.items()} == {"a": 3, "b": 3}
    assert set(turns) == {"a", "b"}


def test_the_command_prints_a_row_for_each_chosen_workload() -> None:
    answer = run("--rounds", "1", "--only", "W2,W4")
    assert answer.returncode == 0, answer.stderr
    rows = [line for line in answer.stdout.splitlines() if line.startswith("| W")]
    assert [row.split()[1] for row in rows] == ["W2", "W4"]


def test_an_unknown_workload_is_refused_by_name() -> None:
    answer = run("--only", "W99")
    assert answer.returncode == 2
    assert "'W99'" in answer.stderr


def test_the_table_replaces_only_what_is_between_the_markers() -> None:
    text = f"above\n{table.START}\nold\n{table.END}\nbelow\n"
    wanted = f"above\n{table.START}\nnew\n{table.END}\nbelow\n"
    assert table.put_between_markers(text, "new") == wanted


@pytest.mark.parametrize("text", ["", table.START, f"{table.END} {table.START}"])
def test_a_file_without_both_markers_in_order_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="benchmark:start"):
        table.put_between_markers(text, "new")
