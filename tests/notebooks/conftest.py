"""A test that asks for `lesson` runs for each lesson, and one for `notebook`, for each notebook."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))
import lessons


def pytest_generate_tests(metafunc):
    for name, paths in (("lesson", lessons.LESSONS), ("notebook", lessons.NOTEBOOKS)):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, paths, ids=lambda path: path.stem)


@pytest.fixture(autouse=True)
def nothing_of_this_home(tmp_path, monkeypatch):
    """A kernel reads no start-up files of whoever runs the tests."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
