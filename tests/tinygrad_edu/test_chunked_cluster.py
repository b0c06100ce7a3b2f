"""The device 'dask' on a cluster of two processes: workers die, data is larger than memory."""

import gc
import os
import signal
import threading
import time
from pathlib import Path

import dask
import dask.array as da
import numpy as np
import pytest
import zarr
from article import epochs, fit, points
from distributed import Client, LocalCluster

import tinygrad_edu as torch
from tinygrad_edu.chunked import progress

MB = 10**6
MEMORY = 300 * MB  # of a worker; of these an empty one has about 100


@pytest.fixture(scope="module")
def client():
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            memory_limit=MEMORY,
            dashboard_address=":0",
            silence_logs="ERROR",
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


@pytest.fixture(autouse=True)
def nothing_is_left_behind(client):
    """Each test begins with two workers."""
    client.wait_for_workers(2, timeout=30)


@pytest.fixture
def in_chunks(client):
    with dask.config.set({"array.chunk-size": "80B"}):
        yield [numbers.to("dask") for numbers in points()]


def test_the_articles_loop_gives_the_same_line_here_on_threads_and_on_a_cluster(in_chunks, client):
    here, on_the_cluster = fit(*points(), 6), fit(*in_chunks, 6)
    computed = [torch.from_dask(da.from_array(numbers.numpy(), 20)) for numbers in points()]
    with dask.config.set(scheduler="threads"):
        on_threads = fit(*computed, 6)
    assert on_the_cluster == pytest.approx(here, abs=1e-6)
    assert on_threads == pytest.approx(here, abs=1e-6)


def test_every_kind_of_operation_runs_in_other_processes(client):
    def differentiated(x):
        z = torch.nn.functional.gelu(x).cumsum(0).sort(1).values @ x.t()
        z = torch.cat([z.softmax(1), torch.where(z > 0, z, z.abs())]).flip(0)
        loss = z.max(0).values.logsumexp(0) + z.std() + z.reshape(-1)[::3].prod() + z[1:, 0].norm()
        labels = torch.tensor([0, 3, 1, 1, 2, 0]).to(x.device)
        loss = loss + torch.nn.functional.cross_entropy(x, labels)
        loss.backward()
        return [loss.item(), *x.grad.reshape(-1).tolist()]

    numbers = np.random.default_rng(0).normal(size=(6, 4)) / 4
    x = torch.from_dask(da.from_array(numbers, chunks=((2, 4), (3, 1)))).requires_grad_()
    here = torch.tensor(numbers, requires_grad=True)
    assert differentiated(x) == pytest.approx(differentiated(here), abs=1e-9)


def test_a_class_that_does_not_exist_is_told_by_the_worker_that_meets_it(client):
    x = torch.ones(6, 4, device="dask", requires_grad=True)
    labels = torch.from_dask(da.from_array([0, 3, 1, 1, 4, 0], chunks=2))
    with pytest.raises(IndexError, match="Target 4 is out of bounds: not under 4"):
        torch.nn.functional.cross_entropy(x, labels).backward()


# --- a worker dies --------------------------------------------------------------------------------


def waits_for_its_end(block, folder):
    """Once there is a file `armed`, the first worker that comes here says who it is, and waits."""
    armed, begun = Path(folder, "armed"), Path(folder, "begun")
    try:
        armed.rename(begun)
    except OSError:
        return block
    Path(folder, "pid").write_text(str(os.getpid()))
    time.sleep(60)
    return block


def kill_the_one_that_waits(folder, killed):
    pid = folder / "pid"
    while not killed:
        time.sleep(0.02)
        if pid.exists() and pid.read_text():
            os.kill(int(pid.read_text()), signal.SIGKILL)
            killed.append(int(pid.read_text()))


def test_a_worker_killed_during_a_backward_pass_changes_nothing(in_chunks, client, tmp_path):
    x, y = in_chunks
    slowed = da.map_blocks(waits_for_its_end, x.dask(), str(tmp_path), dtype=x.dask().dtype)
    workers = set(client.run(os.getpid).values())
    killed = []
    killer = threading.Thread(target=kill_the_one_that_waits, args=(tmp_path, killed))
    lines = []
    for line in epochs(torch.from_dask(slowed), y, 5):
        lines.append(line)
        if len(lines) == 2:  # the next epoch meets the file
            killer.start()
            (tmp_path / "armed").touch()
    killer.join()
    assert len(killed) == 1 and killed[0] in workers
    client.wait_for_workers(2, timeout=30)
    assert killed[0] not in client.run(os.getpid).values()
    assert lines[-1] == pytest.approx(fit(*points(), 5), abs=1e-6)


def test_numbers_of_a_killed_worker_are_computed_again(in_chunks, client):
    x, _ = in_chunks
    w = torch.ones(1, requires_grad=True)
    loss = (w * x).sum()
    loss.backward()
    os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)
    assert loss.item() == pytest.approx(points()[0].sum().item(), rel=1e-5)
    assert torch.allclose(x.cpu(), points()[0])


def test_an_error_in_a_chunk_is_told_and_the_next_pass_runs(in_chunks, client, tmp_path):
    def read(block, folder):
        if not Path(folder, "there").exists():
            raise FileNotFoundError("no data yet")
        return block

    x = torch.from_dask(da.map_blocks(read, in_chunks[0].dask(), str(tmp_path), dtype="float32"))
    w = torch.ones(1, requires_grad=True)
    with pytest.raises(FileNotFoundError, match="no data yet"):
        (w * x).sum().backward()
    assert w.grad is None and torch.equal(in_chunks[0].cpu(), points()[0])
    (tmp_path / "there").touch()
    (w * x).sum().backward()
    assert w.grad.item() == pytest.approx(points()[0].sum().item(), rel=1e-5)


# --- data larger than memory ----------------------------------------------------------------------


def forget_the_peak():
    Path("/proc/self/clear_refs").write_text("5")
    return memory("VmRSS")


def memory(what="VmHWM"):
    """Bytes of this process: what it has now, or has had at most."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(what))


def store(folder, rows, rows_of_a_chunk):
    """x and y on disk; y = x @ (1, 2, ... 8) + 3."""
    rng = np.random.default_rng(0)
    facts = {"dtype": "float32", "compressors": None}
    x = zarr.create_array(folder / "x", shape=(rows, 8), chunks=(rows_of_a_chunk, 8), **facts)
    y = zarr.create_array(folder / "y", shape=(rows,), chunks=(rows_of_a_chunk,), **facts)
    for start in range(0, rows, rows_of_a_chunk):
        block = rng.random((min(rows_of_a_chunk, rows - start), 8), dtype="float32")
        x[start : start + len(block)] = block
        y[start : start + len(block)] = block @ np.arange(1, 9, dtype="float32") + 3
    return [torch.from_dask(da.from_zarr(str(folder / name))) for name in "xy"]


def fit_line(x, y, n):
    w = torch.zeros(8, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    losses = []
    for _ in range(n):
        loss = ((x @ w + b - y) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            w -= 0.1 * w.grad
            b -= 0.1 * b.grad
        w.grad = b.grad = None
    return losses


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux")
@pytest.mark.parametrize(
    ("size", "chunk"),
    [(72 * MB, 3 * MB), pytest.param(720 * MB, 16 * MB, marks=pytest.mark.slow)],
)
def test_data_on_disk_is_never_in_memory_all_at_once(client, tmp_path, size, chunk):
    fit_line(*store(tmp_path / "small", 2000, 1000), 1)  # the workers import what they need
    before = client.run(forget_the_peak)
    here = memory("VmRSS")
    losses = fit_line(*store(tmp_path, size // 36, chunk // 36), 2)
    grown = [peak - before[worker] for worker, peak in client.run(memory).items()]
    assert losses[1] < losses[0] / 4
    assert max(*grown, memory("VmRSS") - here) < size / 3
    assert sum(client.run(memory).values()) < max(size, 2 * MEMORY)


def test_epochs_leave_nothing_on_the_scheduler(in_chunks, client):
    def held():
        return len(client.futures), len(client.cluster.scheduler.tasks)

    counts = []
    for _ in epochs(*in_chunks, 6):
        gc.collect()  # of tests before this one
        end = time.time() + 3
        time.sleep(0 if counts else 0.5)  # what is freed takes a moment
        while counts and held() > counts[0] and time.time() < end:
            time.sleep(0.05)
        counts.append(held())
    assert max(counts) == counts[0]


def test_progress_shows_dasks_bar(in_chunks, client, capfd):
    x, w = in_chunks[0], torch.ones(1, requires_grad=True)
    with progress():
        (w * x).sum().backward()
    assert "| 100% Completed |" in capfd.readouterr().out
    (w * x).sum().backward()
    assert capfd.readouterr().out == ""
