"""`pytest --device cuda tests/golden tests/parity` runs their programs on a GPU.

`--device pretend` does so on a GPU that is not there: see tinygrad_edu/pretend_gpu.py. Tests marked
`gpu` need a real one. What a tensor prints says nothing of its device then, as the answers do not.
"""

import gc
import sys
from functools import partial
from itertools import count
from pathlib import Path

import pytest

import tinygrad_edu

HERE = Path(__file__).parent
sys.path += [str(HERE / "tinygrad_edu"), str(HERE / "golden")]


def pytest_addoption(parser):
    parser.addoption("--device", choices=("cpu", "cuda", "pretend"), default="cpu")
    parser.addoption("--slow", action="store_true", help="also the tests that take long")


def pytest_collection_modifyitems(config, items):
    missing = {
        "gpu": not tinygrad_edu.cuda.is_available(),
        "slow": not config.getoption("--slow"),
    }
    for item in items:
        for mark, is_missing in missing.items():
            if is_missing and item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=f"needs: {mark}"))


def pytest_collection_finish():
    """The collected tests stay to the end: the garbage collector need not look at them again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def files_of_nobody(tmp_path_factory):
    """Paths of files that are not there, in one folder: to make one for each test takes longer."""
    folder = tmp_path_factory.mktemp("nobody")
    return (folder / f"{number}.json" for number in count())


@pytest.fixture(autouse=True)
def progress_of_nobody(files_of_nobody, monkeypatch):
    """An exercise that passes in a test is noted for this test alone."""
    monkeypatch.setenv("LESSONKIT_PROGRESS", str(next(files_of_nobody)))


@pytest.fixture
def pretended_gpu(monkeypatch):
    """CuPy and its GPU, pretended; gives the class of its arrays."""
    import pretend_gpu

    monkeypatch.setattr(tinygrad_edu.devices, "cupy", pretend_gpu.module)
    return pretend_gpu.ndarray


@pytest.fixture
def on_the_gpu(monkeypatch):
    """New tensors are made on the GPU, and written as if they were not."""
    conversions = sys.modules["tinygrad_edu.operations.conversions"]
    monkeypatch.setattr(
        conversions, "tensor_text", partial(_without_device, conversions.tensor_text)
    )
    tinygrad_edu.set_default_device("cuda")
    yield
    tinygrad_edu.set_default_device(None)


def _without_device(tensor_text, array, device, **facts):
    return tensor_text(array, **facts)


@pytest.fixture(autouse=True)
def chosen_device(request):
    """What `--device` says, for the programs that are compared with PyTorch's answers."""
    device = request.config.getoption("--device")
    if device != "cpu" and request.path.parent.name in ("golden", "parity"):
        for name in ("pretended_gpu", "on_the_gpu")[device == "cuda" :]:
            request.getfixturevalue(name)
