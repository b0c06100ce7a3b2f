"""The benchmark of the Dask device measures what it says, at a tiny size. None looks at a time."""

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks import cluster, cluster_page  # noqa: E402


def result(rows, workers, from_disk=False, seconds=1.0):
    turn = cluster.Turn(rows, workers, epochs=1, chunk=1000, from_disk=from_disk)
    return cluster.asdict(turn) | {
        "name": turn.name,
        "epochs": 1,
        "median": seconds,
        "busy": seconds / 2,
        "client": 100.0,
        "worker": 50.0 if workers else None,
        "spilled": 0.0 if workers else None,
        "tasks": rows // 100,
    }


@pytest.fixture
def page():
    """A page of invented figures."""
    contestants = [(0, False), (1, False), (2, False), (2, True)]
    results = [result(rows, *who) for rows in (10**6, 10**7) for who in contestants]
    overhead = [result(10_000, 2, seconds=0.1), result(100_000, 2, seconds=1.0)]
    return cluster_page.Page(results, overhead)


def test_chunks_end_with_the_same_parameters_as_numpy():
    pytest.importorskip("dask")
    turn = cluster.Turn(10_000, 0, epochs=1, chunk=2_500)
    on_numpy = cluster.take(turn)
    columns = map(cluster.torch.from_dask, cluster.random_columns(turn))
    in_chunks = cluster.train(turn, *columns)
    assert len(on_numpy["seconds"]) == len(in_chunks["seconds"]) == 1
    assert in_chunks["parameters"] == pytest.approx(on_numpy["parameters"], rel=1e-5)


@pytest.mark.parametrize("from_disk", [False, True])
def test_a_turn_on_a_cluster_counts_its_tasks_and_its_memory(from_disk, monkeypatch):
    distributed = pytest.importorskip("distributed")
    in_this_process = partial(distributed.LocalCluster, processes=False)
    monkeypatch.setattr(distributed, "LocalCluster", in_this_process)
    taken = cluster.take(cluster.Turn(10_000, 1, epochs=1, chunk=2_500, from_disk=from_disk))
    assert taken["tasks"] > 4 and taken["spilled"] == 0
    assert taken["worker"] is None or taken["worker"] > 10


@pytest.mark.slow
def test_the_command_prints_both_parts_and_writes_nothing():
    options = ["--rows", "1e4", "--workers", "1", "--epochs", "1", "--rounds", "1"]
    command = [sys.executable, str(ROOT / "benchmarks" / "cluster.py"), "--chunks", "2,4"]
    page = cluster_page.PAGE.read_text(encoding="utf-8")
    done = subprocess.run([*command, *options], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "| 10^4 | Dask, 1 worker, from disk |" in done.stdout
    assert "| rows | 10^11 / 100 | 10^9 |" in done.stdout
    assert cluster_page.PAGE.read_text(encoding="utf-8") == page


def test_a_wrong_result_stops_the_measurement():
    turns = [cluster.Turn(10, workers, epochs=1, chunk=5) for workers in (0, 2)]
    taken = {turn: [{"parameters": [1.0, 2.0 + turn.workers]}] for turn in turns}
    with pytest.raises(AssertionError, match="Dask, 2 workers and NumPy disagree"):
        cluster.assert_agreement(taken)


def test_the_first_changes_from_round_to_round(monkeypatch):
    asked = []
    answer = {"seconds": [1.0], "busy": [0.5], "parameters": [1.0, 2.0], "client": None}
    monkeypatch.setattr(cluster, "in_a_process", lambda turn: asked.append(turn.name) or answer)
    turns = [cluster.Turn(10, workers, epochs=1, chunk=5) for workers in (0, 1)]
    taken = cluster.measured(turns, rounds=2)
    assert asked == ["NumPy", "Dask, 1 worker", "Dask, 1 worker", "NumPy"]
    assert [(each["epochs"], each["client"]) for each in taken] == [(2, None)] * 2


def test_each_contestant_has_a_row_and_each_has_a_line(page, tmp_path):
    pytest.importorskip("matplotlib")
    rows = [line for line in page.rows() if line.startswith("| 10^")]
    assert len(rows) == 8 and "Dask, 2 workers, from disk" in rows[-1]
    page.plot(tmp_path / "plot.svg")
    assert "<svg" in (tmp_path / "plot.svg").read_text(encoding="utf-8")


def test_the_larger_machine_is_worked_out_from_the_measured_figures(page):
    assert page.cost_of_a_task() == pytest.approx(0.45 / 900)
    text = page.on_paper()
    assert "| bytes, x and y in float32 | 10^9 × 8 | 8 GB |" in text
    assert "| 10^9 × 1 s / 5,000,000 | 200 s |" in text


def test_the_page_has_a_place_for_both_parts(page, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    copy = tmp_path / "cluster.md"
    copy.write_text(cluster_page.PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(cluster_page, "PAGE", copy)
    monkeypatch.setattr(cluster_page, "PLOT", tmp_path / "cluster.svg")
    page.write()
    once = copy.read_text(encoding="utf-8")
    parts = [page.measured(), cluster_page.PAPER, page.on_paper()]
    assert [once.count(part) for part in parts] == [1, 1, 1]
    assert sorted(parts, key=once.index) == parts
    page.write()
    assert copy.read_text(encoding="utf-8") == once
