"""Every lesson as a user has it: from the installed wheel, in an empty folder, solved.

A solution changes the cell of its exercise alone, so every other cell must print what is stored. As
they are, the first lesson and the gallery run. The gate calls this, and LESSONS_PYTHON names the
Python in which the wheel is installed; without that name, it is the Python that runs the tests.
"""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from lessons import NOTEBOOKS, ROOT, code_cells, differences, printed, read, run, tags
from nbformat import NotebookNode

PYTHON = os.environ.get("LESSONS_PYTHON", sys.executable)
CHECK = re.compile(r'^check\("(\d\d\.\d)"', re.MULTILINE)


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    """A folder in which the command has written `lessons` and `solutions`."""
    folder = tmp_path_factory.mktemp("home")
    for command in (["lessons", "lessons", "--no-open"], ["solutions", "solutions"]):
        subprocess.run([PYTHON, "-m", "lessonkit", *command], cwd=folder, check=True)
    return folder


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """The name of a kernel of the Python that has the wheel."""
    command = [PYTHON, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": command, "display_name": "Python 3", "language": "python"}
    file = tmp_path / "jupyter" / "kernels" / "wheel" / "kernel.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    return "wheel"


@pytest.fixture
def run_there(written, kernel, tmp_path, monkeypatch):
    """A function that runs a lesson of one of the folders, as somebody who has passed nothing."""
    monkeypatch.delenv("LESSONKIT_PROGRESS")

    def run_lesson(kind, name):
        shutil.copytree(written / kind, tmp_path / kind)
        return run(read(tmp_path / kind / name), tmp_path / kind, kernel)

    return run_lesson


@pytest.mark.skipif("LESSONS_PYTHON" not in os.environ, reason="no wheel is named")
def test_the_lessons_use_what_is_installed_and_not_the_repository(tmp_path):
    program = "import lessonkit, tinygrad_edu, viz; print(*[m.__file__ for m in (lessonkit, viz)])"
    done = subprocess.run([PYTHON, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert all("site-packages" in place for place in done.stdout.split())


def test_the_commands_write_every_notebook_and_its_data(written):
    names = {path.name for path in [*NOTEBOOKS, *(ROOT / "notebooks" / "data").iterdir()]}
    for kind in ("lessons", "solutions"):
        assert {path.name for path in (written / kind).rglob("*.*")} >= names


def complain(name, found):
    if found:
        pytest.fail("\n\n".join([f"{name} differs.", *found]), pytrace=False)


@pytest.mark.parametrize("path", [NOTEBOOKS[0], NOTEBOOKS[-1]], ids=lambda path: path.stem)
def test_runs_to_its_end_and_prints_what_is_stored(path, run_there):
    ran = run_there("lessons", path.name)
    complain(path.name, differences(read(path), ran, where="from the wheel"))


def without_exercises(ran):
    """The cells that print the same when a lesson is solved: no exercise, nor what was passed."""
    said = [cell for cell in ran.cells if not cell.source.startswith("progress(")]
    return NotebookNode(cells=[cell for cell in said if not CHECK.search(cell.source)])


def test_runs_to_its_end_when_it_is_solved_and_passes_each_exercise(lesson, run_there):
    stored, ran = read(lesson), run_there("solutions", lesson.name)
    complain(lesson.name, differences(stored, without_exercises(ran), where="solved"))
    cells = code_cells(ran)
    for cell in cells:
        failed = any(output.output_type == "error" for output in cell.outputs)
        assert failed == ("raises-exception" in tags(cell)), f"{cell.source}\n{printed(cell)}"
        for key in CHECK.findall(cell.source):
            assert f"{key} passed, all " in printed(cell)
    count = sum(len(CHECK.findall(cell.source)) for cell in code_cells(stored))
    said = f"Lesson {lesson.name[:2]}: all {count} exercises passed."
    assert said in "".join(printed(cell) for cell in cells if cell.source.startswith("progress("))
