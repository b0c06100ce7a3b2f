"""The progress of a class: reads the learners' progress files, for the teacher who asks for it.

It reads files that lie in folders and writes one table. It sends nothing anywhere.
"""

import csv
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from lessonkit.exercises import exercises_of, lessons
from lessonkit.progress import FILE

Learner = tuple[str, dict[str, str]]  # a name, and the day on which each exercise passed first


def learners(places: Sequence[Path]) -> dict[str, Path]:
    """Return the progress file of each learner found in the given places, by name.

    A place is a progress file, the folder of one learner, or a folder of such folders. A learner
    is named by the folders that differ, or by the file if it has another name than progress.json.

    Raises:
        OSError: a place is not there.
    """
    files = sorted({file.absolute() for place in places for file in progress_files(place)})
    homes = [file.parent if file.name == FILE else file.with_suffix("") for file in files]
    common = Path(os.path.commonpath([home.parent for home in homes]))
    return {home.relative_to(common).as_posix(): file for home, file in zip(homes, files)}


def progress_files(place: Path) -> list[Path]:
    """Return the progress files in a place; where somebody has none yet, where it would be."""
    if not place.exists():
        raise FileNotFoundError(f"{place} is not there.")
    if place.is_file():
        return [place]
    return list(place.rglob(FILE)) or [place / FILE]


def all_keys() -> list[str]:
    """Return the key of each exercise of all lessons, in order."""
    return [key for lesson in lessons() for key in exercises_of(lesson)]


def count_passed(passed: Mapping[str, str]) -> str:
    """Return how many of all exercises passed, in words."""
    keys = all_keys()
    return f"{sum(key in passed for key in keys)} of {len(keys)} exercises passed"


def write_table(class_: Sequence[Learner], target: Path) -> None:
    """Write a row for each learner: the name, how many exercises passed, and the day of each.

    Raises:
        OSError: the table cannot be written.
    """
    keys = all_keys()
    with target.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["learner", "passed", *keys])
        for name, passed in class_:
            table.writerow([name, sum(key in passed for key in keys), *map(passed.get, keys)])
