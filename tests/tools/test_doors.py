"""What Binder, Colab and GitHub read names what is there, and agrees with pyproject.toml."""

import json
import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
colab = runpy.run_path(str(ROOT / "tools" / "colab.py"))


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def project():
    return tomllib.loads(read("pyproject.toml"))["project"]


def pythons():
    """The versions of Python on which the package can be installed."""
    allowed = SpecifierSet(project()["requires-python"])
    return [version for version in (f"3.{minor}" for minor in range(30)) if version in allowed]


def without_comments(workflow):
    return re.sub(r"(^|\s)#.*", "", workflow.read_text(encoding="utf-8"))


def test_the_classifiers_name_each_python_that_the_package_allows():
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(project()["classifiers"]))
    assert named == pythons()


def test_binder_installs_this_checkout_with_jupyterlab():
    lines = [line for line in read("binder/requirements.txt").splitlines() if line[:1] != "#"]
    assert lines == ["-e .[lab]"]
    assert any(need.startswith("jupyterlab") for need in project()["optional-dependencies"]["lab"])


def test_binder_has_a_python_that_the_package_allows():
    version = re.fullmatch(r"python-(\S+)\n", read("binder/runtime.txt")).group(1)
    assert version in pythons()


def test_each_python_that_the_package_allows_is_tested_on_each_system():
    text = read(".github/workflows/ci.yml")
    assert json.loads(re.search(r"python: (\[.*\])", text).group(1)) == pythons()
    assert {"ubuntu-latest", "macos-latest", "windows-latest"} <= set(
        re.search(r"system: \[(.*)\]", text).group(1).split(", ")
    )


def test_the_gate_finds_each_python_that_the_package_allows():
    job = read(".github/workflows/ci.yml").partition("\n  gate:")[2]
    assert sorted(re.findall(r"^ +(3\.\d+)$", job, re.MULTILINE)) == pythons()


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_calls_targets_of_the_makefile_and_files_that_are_there(workflow):
    lines = without_comments(workflow)
    targets = set(re.findall(r"^(\w[\w-]*):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"\bmake (\w+)", lines)) <= targets
    files = re.findall(r"(?<![\w/])(?:tests|tools|\.ci)/[\w./-]+", lines)
    assert [file for file in files if not (ROOT / file).exists()] == []


def test_the_page_shows_the_cell_that_the_lessons_for_colab_have():
    assert f"```python\n{colab['set_up']()}```\n" in read("book/anywhere.md")


def test_a_repository_that_is_named_is_where_colab_installs_from():
    assert "pip install -q git+https://github.com/somebody/fork " in colab["set_up"](
        "somebody/fork"
    )


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_for_colab_is_the_lesson_with_one_cell_on_top(lesson):
    text = lesson.read_text(encoding="utf-8")
    copy, original = json.loads(colab["with_set_up"](text)), json.loads(text)
    first = copy["cells"].pop(0)
    assert copy == original
    assert "".join(first["source"]) == colab["set_up"]().rstrip()


def test_the_cell_for_colab_does_nothing_but_a_sentence_elsewhere(tmp_path):
    pytest.importorskip("IPython")
    cell = tmp_path / "cell.ipy"
    cell.write_text(colab["set_up"](), encoding="utf-8")
    command = [sys.executable, "-m", "IPython", "--no-banner", "--colors=NoColor", str(cell)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.strip() == "This is not Google Colab: there is nothing to set up."
    assert [path.name for path in tmp_path.iterdir()] == ["cell.ipy"]
