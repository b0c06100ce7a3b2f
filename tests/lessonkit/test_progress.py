"""What was passed is kept beside the lessons, and is still there when a kernel starts again."""

import json
import subprocess
import sys
from datetime import date

import pytest

from lessonkit import check, progress
from lessonkit.exercises import exercises_of, lessons
from lessonkit.progress import FILE

RIGHT = {"01.1": (1.0, -2.0)}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LESSONKIT_PROGRESS")
    return tmp_path


def passed(folder):
    return json.loads((folder / FILE).read_text())


def test_a_pass_is_noted_with_its_day_and_nothing_else(folder, capsys):
    check("01.1", RIGHT["01.1"])
    assert passed(folder) == {"01.1": date.today().isoformat()}
    assert capsys.readouterr().out.endswith("\nLesson 01: 1 of 3 exercises passed.\n")
    assert [file.name for file in folder.iterdir()] == [FILE]


def test_the_day_of_the_first_pass_stays(folder):
    (folder / FILE).write_text('{"01.1": "2020-02-02"}')
    check("01.1", RIGHT["01.1"])
    assert passed(folder) == {"01.1": "2020-02-02"}


def test_a_failed_answer_notes_nothing_and_takes_nothing_away(folder):
    check("01.1", (0.0, 0.0))
    assert not (folder / FILE).exists()
    check("01.1", RIGHT["01.1"])
    check("01.1", (0.0, 0.0))
    assert "01.1" in passed(folder)


def test_another_process_still_knows_it(folder):
    check("01.1", RIGHT["01.1"])
    program = "from lessonkit import progress; progress('01')"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ended.stdout == "Lesson 01: 1 of 3 exercises passed.\n"


def test_all_passed_is_said_in_a_word(folder, capsys):
    (folder / FILE).write_text(json.dumps(dict.fromkeys(exercises_of("01"), "2026-01-01")))
    progress("01")
    assert capsys.readouterr().out == "Lesson 01: all 3 exercises passed.\n"


def test_progress_alone_tells_of_each_lesson(folder, capsys):
    progress()
    assert len(capsys.readouterr().out.splitlines()) == len(lessons())


@pytest.mark.parametrize("lesson", ["1", "99", "", "01.1", 1, None.__class__, []])
def test_a_lesson_that_is_not_there_is_answered_in_a_sentence(folder, capsys, lesson):
    progress(lesson)
    assert capsys.readouterr().out.startswith("There is no lesson ")


@pytest.mark.parametrize("content", ["", "{", "[1]", "\x00", "null", "[" * 100_000])
def test_a_file_that_cannot_be_read_is_left_alone_and_said(folder, capsys, content):
    (folder / FILE).write_text(content)
    check("01.1", RIGHT["01.1"])
    progress("01")
    said = capsys.readouterr().out
    assert said.startswith("01.1 passed, all 2 cases.")
    assert said.count(f"{FILE} cannot be ") == 2
    assert (folder / FILE).read_text() == content


def test_a_folder_in_its_place_is_said(folder, capsys):
    (folder / FILE).mkdir()
    check("01.1", RIGHT["01.1"])
    said = capsys.readouterr().out
    assert said.startswith("01.1 passed, all 2 cases.")
    assert f"{FILE} cannot be read" in said


def test_two_kernels_that_pass_at_once_do_not_disturb_each_other(folder):
    again = "pathlib.Path('progress.json').unlink(True); check('01.1', (1.0, -2.0))"
    imports = "import pathlib, tinygrad_edu\nfrom lessonkit import check"
    program = f"{imports}\nfor _ in range(100): {again}"
    kernels = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for kernel in kernels:
        said = kernel.communicate()[0]
        assert said.count("\nLesson 01: 1 of 3 exercises passed.\n") == 100
    assert [file.name for file in folder.iterdir()] == [FILE]


def test_half_a_file_is_not_left_behind(folder, capsys, monkeypatch):
    def refuse(part, file):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.replace", refuse)
    check("01.1", RIGHT["01.1"])
    assert f"{FILE} cannot be written" in capsys.readouterr().out
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said(folder, capsys, monkeypatch):
    monkeypatch.setenv("LESSONKIT_PROGRESS", str(folder / "nowhere" / FILE))
    check("01.1", RIGHT["01.1"])
    said = capsys.readouterr().out
    assert said.startswith("01.1 passed, all 2 cases.")
    assert f"{FILE} cannot be written" in said
