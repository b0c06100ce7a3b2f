"""The command `tinygrad-edu`, run for real in temporary folders."""

import csv
import json
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from lessonkit import cli
from lessonkit.exercises import exercises_of, lessons

ROOT = Path(__file__).parents[2]
FIRST = "01_a_first_gradient.ipynb"
ALL = sum(len(exercises_of(lesson)) for lesson in lessons())


@pytest.fixture
def release(tmp_path, monkeypatch):
    """Two small lessons and a data file that stand for those of a release."""
    source = tmp_path / "release"
    (source / "data").mkdir(parents=True)
    (source / FIRST).write_text("first, old")
    (source / "02_a_slope.ipynb").write_text("second, old")
    (source / "data" / "hubble.csv").write_text("distance,velocity")
    (source / "notes.txt").write_text("not a lesson")
    (source / ".ipynb_checkpoints").mkdir()
    (source / ".ipynb_checkpoints" / FIRST).write_text("not a lesson either")
    monkeypatch.setattr(cli, "lessons_source", lambda: source)
    monkeypatch.chdir(tmp_path)
    return source


def copy(folder):
    return cli.main(["lessons", str(folder), "--no-open"])


def files(folder):
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in found}


def test_copies_the_lessons_and_their_data_and_nothing_else(release, tmp_path, capsys):
    assert copy(tmp_path / "mine") == 0
    expected = {FIRST, "02_a_slope.ipynb", "data/hubble.csv", cli.RECORD}
    assert files(tmp_path / "mine") == expected
    assert capsys.readouterr().out == f"The lessons are in {tmp_path / 'mine'}.\n"


def test_without_a_folder_the_lessons_go_to_one_with_the_projects_name(release, tmp_path):
    assert cli.main(["lessons", "--no-open"]) == 0
    assert (tmp_path / "tinygrad_edu_lessons" / FIRST).read_text() == "first, old"


def test_makes_the_folders_above_too(release, tmp_path):
    assert copy(tmp_path / "a" / "b c" / "é") == 0
    assert (tmp_path / "a" / "b c" / "é" / FIRST).exists()


def test_a_changed_lesson_is_kept_and_named(release, tmp_path, capsys):
    copy(tmp_path / "mine")
    (tmp_path / "mine" / FIRST).write_text("my answers")
    capsys.readouterr()
    assert copy(tmp_path / "mine") == 0
    assert (tmp_path / "mine" / FIRST).read_text() == "my answers"
    assert f"Kept your own {FIRST}.\n" in capsys.readouterr().out


def test_a_changed_lesson_is_kept_when_the_release_has_another_and_the_way_to_it_is_told(
    release, tmp_path, capsys
):
    mine = tmp_path / "mine" / FIRST
    copy(mine.parent)
    mine.write_text("my answers")
    (release / FIRST).write_text("first, new")
    capsys.readouterr()
    copy(mine.parent)
    assert mine.read_text() == "my answers"
    assert "To get it, rename yours and run this again." in capsys.readouterr().out
    mine.rename(mine.with_name("mine.ipynb"))
    copy(mine.parent)
    assert mine.read_text() == "first, new"
    assert mine.with_name("mine.ipynb").read_text() == "my answers"


def test_a_changed_lesson_is_kept_through_any_number_of_releases(release, tmp_path):
    mine = tmp_path / "mine" / FIRST
    copy(mine.parent)
    mine.write_text("my answers")
    for text in ("first, new", "first, newer", "first, newest"):
        (release / FIRST).write_text(text)
        copy(mine.parent)
        assert mine.read_text() == "my answers"


def test_an_unchanged_lesson_is_brought_up_to_date(release, tmp_path, capsys):
    copy(tmp_path / "mine")
    (release / FIRST).write_text("first, new")
    capsys.readouterr()
    copy(tmp_path / "mine")
    assert (tmp_path / "mine" / FIRST).read_text() == "first, new"
    assert "Kept" not in capsys.readouterr().out


def test_a_deleted_lesson_comes_back(release, tmp_path):
    copy(tmp_path / "mine")
    (tmp_path / "mine" / FIRST).unlink()
    copy(tmp_path / "mine")
    assert (tmp_path / "mine" / FIRST).read_text() == "first, old"


def test_an_unchanged_lesson_is_not_written_again(release, tmp_path):
    copy(tmp_path / "mine")
    before = (tmp_path / "mine" / FIRST).stat().st_mtime_ns
    copy(tmp_path / "mine")
    assert (tmp_path / "mine" / FIRST).stat().st_mtime_ns == before


def test_a_file_of_the_learner_that_has_a_lessons_name_is_kept(release, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / FIRST).write_text("written before the first copy")
    copy(tmp_path / "mine")
    assert (tmp_path / "mine" / FIRST).read_text() == "written before the first copy"


@pytest.mark.parametrize("record", ["", "not JSON", "[]", "{}", '{"01_a_first_gradient.ipynb": 7}'])
def test_without_a_readable_record_every_different_file_is_kept(release, tmp_path, record):
    copy(tmp_path / "mine")
    (tmp_path / "mine" / FIRST).write_text("my answers")
    (tmp_path / "mine" / cli.RECORD).write_text(record)
    (release / FIRST).write_text("first, new")
    assert copy(tmp_path / "mine") == 0
    assert (tmp_path / "mine" / FIRST).read_text() == "my answers"


def test_a_copy_that_breaks_off_leaves_no_half_lesson(release, tmp_path, monkeypatch, capsys):
    def broken(part, target):
        raise OSError(28, "No space left on device", str(part))

    monkeypatch.setattr(cli.os, "replace", broken)
    assert copy(tmp_path / "mine") == 1
    assert not (tmp_path / "mine" / FIRST).exists()
    assert "No space left on device" in capsys.readouterr().err


def test_a_file_in_the_folders_place_is_told_in_one_sentence(release, tmp_path, capsys):
    (tmp_path / "mine").write_text("a file")
    assert copy(tmp_path / "mine") == 1
    error = capsys.readouterr().err
    assert error.startswith(f"tinygrad-edu: cannot write the lessons to {tmp_path / 'mine'}: ")
    assert error.count("\n") == 1
    assert (tmp_path / "mine").read_text() == "a file"


def test_a_folder_in_a_lessons_place_is_told_in_one_sentence(release, tmp_path, capsys):
    (tmp_path / "mine" / FIRST).mkdir(parents=True)
    assert copy(tmp_path / "mine") == 1
    assert FIRST in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(release, tmp_path, capsys):
    assert copy(tmp_path / "release" / FIRST / "inside a file") == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.fixture
def jupyterlab(monkeypatch):
    """A stand-in for JupyterLab; the list that it returns grows by one for each start."""
    labapp = type(sys)("jupyterlab.labapp")
    labapp.starts = []
    labapp.main = labapp.starts.append
    package = type(sys)("jupyterlab")
    package.__spec__ = object()  # find_spec asks for it
    monkeypatch.setitem(sys.modules, "jupyterlab", package)
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", labapp)
    monkeypatch.setattr(cli.os, "geteuid", lambda: 1000, raising=False)
    return labapp.starts


def opened(folder):
    """What JupyterLab is told, so that it opens the first lesson of `folder`."""
    return [
        f"--ServerApp.root_dir={Path.cwd() / folder}",
        f"--LabApp.default_url=/lab/tree/{FIRST}",
    ]


def test_opens_the_first_lesson(release, jupyterlab):
    assert cli.main(["lessons", "mine"]) == 0
    assert jupyterlab == [opened("mine")]


def test_opens_the_lessons_of_the_repository_where_they_are(release, jupyterlab):
    before = files(release)
    assert cli.main(["lessons", "release"]) == 0
    assert files(release) == before
    assert jupyterlab == [opened("release")]


@pytest.mark.parametrize(
    ("arguments", "folder", "passed_on"),
    [
        (["mine", "--no-browser"], "mine", ["--no-browser"]),
        (
            ["--no-browser", "--port", "8899"],
            cli.DEFAULT_FOLDER,
            ["--no-browser", "--port", "8899"],
        ),
        (["mine", "--port", "8899"], "mine", ["--port", "8899"]),
        (["--port=8899"], cli.DEFAULT_FOLDER, ["--port=8899"]),
        (["mine", "-y", "--no-o"], "mine", ["-y", "--no-o"]),
    ],
)
def test_passes_other_arguments_on_to_jupyterlab(release, jupyterlab, arguments, folder, passed_on):
    assert cli.main(["lessons", *arguments]) == 0
    assert jupyterlab == [[*opened(folder), *passed_on]]


def test_root_is_let_into_jupyterlab(release, jupyterlab, monkeypatch):
    monkeypatch.setattr(cli.os, "geteuid", lambda: 0, raising=False)
    cli.main(["lessons", "mine"])
    assert jupyterlab == [[*opened("mine"), "--allow-root"]]


@pytest.mark.parametrize("arguments", [["mine", "--no-open"], ["--no-open", "mine"]])
def test_no_open_opens_nothing(release, jupyterlab, arguments):
    assert cli.main(["lessons", *arguments]) == 0
    assert jupyterlab == []
    assert Path("mine", FIRST).exists()


def test_without_jupyterlab_the_lessons_are_copied_and_the_missing_extra_is_named(
    release, tmp_path, monkeypatch, capsys
):
    monkeypatch.setitem(sys.modules, "jupyterlab", None)
    assert cli.main(["lessons", "mine"]) == 1
    assert 'pip install "tinygrad-edu[lab]"' in capsys.readouterr().err
    assert (tmp_path / "mine" / FIRST).exists()


def run(*arguments, cwd):
    """Run the command as a process of its own; return (exit code, output, errors)."""
    command = [sys.executable, "-m", "lessonkit", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def test_the_real_lessons_are_copied_byte_for_byte(tmp_path):
    code, _, errors = run("lessons", "mine", "--no-open", cwd=tmp_path)
    assert (code, errors) == (0, "")
    lessons = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert lessons
    for lesson in lessons:
        assert (tmp_path / "mine" / lesson.name).read_bytes() == lesson.read_bytes()
    assert set(json.loads((tmp_path / "mine" / cli.RECORD).read_text())) == {
        name for name in files(tmp_path / "mine") if name != cli.RECORD
    }


def test_version_is_that_of_the_installed_package(tmp_path):
    try:
        expected = version("tinygrad-edu")
    except PackageNotFoundError:
        expected = "(not installed)"
    assert run("--version", cwd=tmp_path) == (0, f"tinygrad-edu {expected}\n", "")


def test_help_names_the_commands_and_their_arguments(tmp_path):
    assert "copy the lessons" in run("--help", cwd=tmp_path)[1]
    text = run("lessons", "--help", cwd=tmp_path)[1]
    assert "tinygrad-edu lessons [FOLDER] [--no-open]" in text
    assert "never written over" in text


def test_without_a_command_the_usage_is_printed(tmp_path):
    code, _, errors = run(cwd=tmp_path)
    assert code == 2
    assert errors.startswith("usage: tinygrad-edu")


@pytest.fixture
def class_(tmp_path, monkeypatch):
    """Two learners: ada has passed two exercises, bob none."""
    for name, passed in {"ada": {"01.1": "2026-02-03", "01.2": "2026-02-04"}, "bob": {}}.items():
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "progress.json").write_text(json.dumps(passed))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "class"


def told(capsys):
    return capsys.readouterr().out.splitlines()


def test_solutions_stand_where_the_stubs_were(tmp_path, capsys):
    assert cli.main(["solutions", str(tmp_path / "solved")]) == 0
    source = (tmp_path / "solved" / FIRST).read_text(encoding="utf-8")
    for exercise in exercises_of("01").values():
        assert json.dumps(exercise.solution)[1:-1].split("\\n")[-1] in source
        assert json.dumps(exercise.stub)[1:-1].split("\\n")[-1] not in source
    assert (tmp_path / "solved" / "data" / "hubble_1929.csv").exists()


def test_solved_lessons_show_nothing_that_is_no_longer_true(tmp_path):
    cli.main(["solutions", str(tmp_path)])
    assert "not yet." not in (tmp_path / FIRST).read_text(encoding="utf-8")


def test_solutions_never_replace_the_lessons_themselves(capsys):
    before = (ROOT / "notebooks" / FIRST).read_bytes()
    assert cli.main(["solutions", str(ROOT / "notebooks")]) == 1
    assert (ROOT / "notebooks" / FIRST).read_bytes() == before
    assert "Name another folder." in capsys.readouterr().err


def test_solutions_that_a_teacher_changed_are_kept(tmp_path, capsys):
    cli.main(["solutions", str(tmp_path)])
    (tmp_path / FIRST).write_text("my own")
    cli.main(["solutions", str(tmp_path)])
    assert (tmp_path / FIRST).read_text() == "my own"
    assert f"Kept your own {FIRST}." in capsys.readouterr().out


def test_progress_tells_of_each_learner_of_a_class(class_, capsys):
    assert cli.main(["progress", "class"]) == 0
    assert told(capsys) == [
        f"ada: 2 of {ALL} exercises passed",
        f"bob: 0 of {ALL} exercises passed",
    ]


def test_progress_writes_a_table_only_where_it_is_asked_to(class_, tmp_path, capsys):
    before = files(tmp_path)
    cli.main(["progress", "class"])
    assert files(tmp_path) == before
    assert cli.main(["progress", "class", "--csv", "class.csv"]) == 0
    rows = list(csv.DictReader((tmp_path / "class.csv").open()))
    assert [(row["learner"], row["passed"], row["01.1"]) for row in rows] == [
        ("ada", "2", "2026-02-03"),
        ("bob", "0", ""),
    ]


def test_learners_are_named_by_what_differs(class_, tmp_path, capsys):
    (class_ / "ada" / "progress.json").rename(tmp_path / "Ada Lovelace.json")
    cli.main(["progress", "Ada Lovelace.json", "class/bob"])
    assert told(capsys) == [
        f"Ada Lovelace: 2 of {ALL} exercises passed",
        f"class/bob: 0 of {ALL} exercises passed",
    ]


def test_a_folder_where_nothing_was_passed_yet_counts_as_a_learner(class_, capsys):
    (class_ / "cy").mkdir()
    cli.main(["progress", "class/ada", "class/cy"])
    assert told(capsys) == [f"ada: 2 of {ALL} exercises passed", f"cy: 0 of {ALL} exercises passed"]


def test_a_learner_whose_file_is_broken_is_named_and_the_others_are_told(class_, capsys):
    (class_ / "ada" / "progress.json").write_text("{")
    assert cli.main(["progress", "class"]) == 1
    said = capsys.readouterr()
    assert said.out == f"bob: 0 of {ALL} exercises passed\n"
    assert "progress.json cannot be read, and is left out." in said.err


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["progress", "nowhere"], "nowhere is not there."),
        (["progress", ".", "--csv", "nowhere/x.csv"], "cannot write nowhere/x.csv: "),
        (["solutions", "file"], "cannot write the lessons to file: "),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    tmp_path, monkeypatch, capsys, arguments, sentence
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("in the way")
    assert cli.main(arguments) == 1
    assert capsys.readouterr().err.startswith(f"tinygrad-edu: {sentence}")


def test_only_the_lessons_pass_unknown_arguments_on(tmp_path, capsys):
    with pytest.raises(SystemExit):
        cli.main(["progress", str(tmp_path), "--cvs", "x"])
    assert "progress does not know --cvs x" in capsys.readouterr().err
