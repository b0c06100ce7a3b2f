"""What a learner has passed, kept in one small file beside the lessons.

It outlives the kernel: `check` writes the first day on which an exercise passed, and nothing else,
and nothing is sent anywhere. It counts exercises; it does not judge them.
"""

import json
import os
from datetime import date
from pathlib import Path

from lessonkit.exercises import exercises_of, lessons
from lessonkit.files import write_whole

FILE = "progress.json"


def progress(lesson: str | None = None) -> None:
    """Print how many exercises of a lesson, or of each lesson, were passed.

    What was passed stands in `progress.json` in the folder of the lessons, so it is still there
    when the kernel has started again. Delete the file to start from nothing.

    Args:
        lesson: the number of a lesson, such as "04"; all of them if None.

    Example:
        >>> progress("01")
        Lesson 01: 0 of 3 exercises passed.
    """
    known = lessons()
    if lesson is not None and lesson not in known:
        print(f"There is no lesson {lesson!r}. There are {', '.join(known)}.")
        return
    try:
        passed = read(path())
    except OSError as error:
        print(error)
        return
    for each in known if lesson is None else [lesson]:
        print(line(each, passed))


def line(lesson: str, passed: dict[str, str]) -> str:
    """Return the sentence for one lesson."""
    keys = exercises_of(lesson)
    count = sum(key in passed for key in keys)
    told = f"all {count}" if count == len(keys) else f"{count} of {len(keys)}"
    return f"Lesson {lesson}: {told} exercises passed."


def note_pass(key: str) -> str:
    """Write down that an exercise passed; return what there is to say about it."""
    try:
        passed = read(path())
        if key not in passed:
            passed[key] = date.today().isoformat()
            write(path(), passed)
    except OSError as error:
        return str(error)
    return line(key.partition(".")[0], passed)


def path() -> Path:
    """Return where progress is kept: beside the lesson, or where LESSONKIT_PROGRESS says."""
    return Path(os.environ.get("LESSONKIT_PROGRESS") or FILE)


def read(file: Path) -> dict[str, str]:
    """Return the day on which each exercise was passed first.

    Raises:
        OSError: it cannot be read, or holds something else; the message is a sentence.
    """
    try:
        passed = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        passed = None
    if not isinstance(passed, dict):
        raise OSError(f"{file.name} cannot be read. Delete it to have your progress noted again.")
    return passed


def write(file: Path, passed: dict[str, str]) -> None:
    """Write the whole file or none, so that what was there before is never lost half-way.

    Raises:
        OSError: it cannot be written; the message is a sentence.
    """
    content = json.dumps(passed, indent=1, sort_keys=True) + "\n"
    try:
        write_whole(file, content.encode())
    except OSError as error:
        raise OSError(
            f"{file.name} cannot be written, so your progress is not noted: {error.strerror}."
        ) from error
