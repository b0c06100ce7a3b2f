"""The command `tinygrad-edu`: carries lessons to a folder, and a class's progress to a table.

It keeps everybody's work safe: a lesson that was changed is never written over. It teaches nothing
and checks no answer; it only carries files.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from lessonkit.classroom import count_passed, learners, write_table
from lessonkit.files import write_whole
from lessonkit.progress import FILE as PROGRESS_FILE
from lessonkit.progress import read
from lessonkit.solved import solved

DEFAULT_FOLDER = "tinygrad_edu_lessons"
SOLUTIONS_FOLDER = Path("tinygrad_edu_solutions")
RECORD = ".tinygrad_edu.json"  # in the learner's folder: the digest of each file as we wrote it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments` (those of the process if None); return its exit code."""
    parser = build_parser()
    options, others = parser.parse_known_args(arguments)
    if others and options.command != "lessons":
        parser.error(f"{options.command} does not know {' '.join(others)}")
    try:
        return options.run(options, others)
    except OSError as error:
        return fail(str(error))


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="tinygrad-edu",
        description="Learn automatic differentiation from lessons that run.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"tinygrad-edu {own_version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (add_lessons, add_solutions, add_progress):
        add(commands)
    return parser


def add_lessons(commands: Any) -> None:
    """Add the command of a learner."""
    lessons = commands.add_parser(
        "lessons",
        help="copy the lessons to a folder and open them in JupyterLab",
        usage="tinygrad-edu lessons [FOLDER] [--no-open] [JUPYTERLAB ARGUMENTS ...]",
        description=f"Copy the lessons to FOLDER (./{DEFAULT_FOLDER} if none is named) and open "
        "the first in JupyterLab. A lesson that you have changed is never written over. "
        "All other arguments, such as --no-browser or --port 8899, go to JupyterLab.",
        allow_abbrev=False,
    )
    lessons.add_argument("--no-open", action="store_true", help="copy, and open nothing")
    lessons.set_defaults(run=run_lessons)


def add_solutions(commands: Any) -> None:
    """Add the command of a teacher who wants the lessons solved."""
    solutions = commands.add_parser(
        "solutions",
        help="write the lessons with their exercises solved",
        description="Write the lessons to FOLDER with a solution in the place of each exercise. "
        "A file that you have changed is never written over.",
    )
    solutions.add_argument("folder", nargs="?", type=Path, default=SOLUTIONS_FOLDER)
    solutions.set_defaults(run=run_solutions)


def add_progress(commands: Any) -> None:
    """Add the command of a teacher who asks how far the class is."""
    progress = commands.add_parser(
        "progress",
        help="tell how many exercises each learner of a class has passed",
        description=f"Read the files {PROGRESS_FILE} of a class and tell how many exercises each "
        "learner has passed. Nothing is sent anywhere.",
    )
    progress.add_argument(
        "places",
        nargs="+",
        type=Path,
        metavar="PLACE",
        help="a learner's folder, a folder of such folders, or a progress file",
    )
    progress.add_argument("--csv", type=Path, metavar="FILE", help="also write a table to FILE")
    progress.set_defaults(run=run_progress)


def run_lessons(options: argparse.Namespace, others: list[str]) -> int:
    """Copy the lessons and open them. Everything unknown is for JupyterLab, but a first folder."""
    named = bool(others) and not others[0].startswith("-")
    folder = Path(others.pop(0) if named else DEFAULT_FOLDER)
    source = lessons_source()
    if folder.resolve() != source:  # in the repository, the lessons are opened where they are
        copy_lessons(source, folder)
        print(f"The lessons are in {folder.resolve()}.")
    return 0 if options.no_open else open_lessons(folder, others)


def run_solutions(options: argparse.Namespace, others: list[str]) -> int:
    """Write the solved lessons."""
    source = lessons_source()
    if options.folder.resolve() == source:
        return fail(f"{source} holds the lessons themselves. Name another folder.")
    copy_lessons(source, options.folder, solved)
    print(f"The lessons with solutions are in {options.folder.resolve()}.")
    return 0


def run_progress(options: argparse.Namespace, others: list[str]) -> int:
    """Tell how far a class is, and write the table if one is asked for."""
    class_, unread = [], 0
    for name, file in learners(options.places).items():
        try:
            class_.append((name, read(file)))
            print(f"{name}: {count_passed(class_[-1][1])}")
        except OSError:
            unread = fail(f"{file} cannot be read, and is left out.")
    if options.csv:
        try:
            write_table(class_, options.csv)
        except OSError as error:
            return fail(f"cannot write {options.csv}: {error.strerror}.")
        print(f"The table is in {options.csv.resolve()}.")
    return unread


def own_version() -> str:
    """Return the version of the installed package."""
    try:
        return version("tinygrad-edu")
    except PackageNotFoundError:
        return "(not installed)"


def fail(sentence: str) -> int:
    """Print why the command stops; return the exit code of a failure."""
    print(f"tinygrad-edu: {sentence}", file=sys.stderr)
    return 1


def lessons_source() -> Path:
    """Return where the lessons are: inside the package, or beside it in the repository."""
    package = Path(__file__).resolve().parent
    inside = package / "notebooks"
    return inside if inside.is_dir() else package.parent / "notebooks"


def lesson_files(source: Path) -> Iterator[Path]:
    """Yield the paths, relative to `source`, of the lessons and of the data they read."""
    yield from sorted(path.relative_to(source) for path in source.glob("*.ipynb"))
    data = sorted((source / "data").rglob("*"))
    yield from (path.relative_to(source) for path in data if path.is_file())


def copy_lessons(
    source: Path, folder: Path, change: Callable[[bytes], bytes] = lambda lesson: lesson
) -> None:
    """Copy the lessons to `folder`, except over files that were changed there.

    Raises:
        OSError: `folder` is a file, or cannot be written; the message is a sentence.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        record = read_record(folder)
        for name in lesson_files(source):
            content = (source / name).read_bytes()
            new = change(content) if name.suffix == ".ipynb" else content
            update(folder / name, new, name.as_posix(), record)
        write(folder / RECORD, json.dumps(record, indent=1, sort_keys=True).encode())
    except OSError as error:
        place = f"{error.strerror}: {error.filename}"
        raise OSError(f"cannot write the lessons to {folder}: {place}.") from error


def update(target: Path, new: bytes, name: str, record: dict[str, str]) -> None:
    """Write `new` to `target`, unless what is there is neither `new` nor what we wrote before."""
    there = digest(target.read_bytes()) if target.exists() else None
    if there not in (None, digest(new), record.get(name)):
        print(f"Kept your own {name}{news(new, name, record)}")
        return
    if there != digest(new):
        write(target, new)
    record[name] = digest(new)


def news(new: bytes, name: str, record: dict[str, str]) -> str:
    """Return how the sentence about a kept file ends."""
    if record.get(name) == digest(new):
        return "."
    return "; this release has another one. To get it, rename yours and run this again."


def digest(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read_record(folder: Path) -> dict[str, str]:
    """Return what we wrote to `folder` before; nothing if that cannot be read."""
    try:
        record = json.loads((folder / RECORD).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def write(target: Path, content: bytes) -> None:
    """Write a whole file or none: half a lesson would look like one the learner has changed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, content)


def open_lessons(folder: Path, arguments: Sequence[str]) -> int:
    """Open the first lesson of `folder` in JupyterLab, and return when JupyterLab ends."""
    if importlib.util.find_spec("jupyterlab") is None:
        return fail('JupyterLab is not installed. Install it: pip install "tinygrad-edu[lab]"')
    from jupyterlab.labapp import main as jupyterlab

    first = next(lesson_files(lessons_source()))
    where = [f"--ServerApp.root_dir={folder.resolve()}", f"--LabApp.default_url=/lab/tree/{first}"]
    jupyterlab([*where, *allow_root(), *arguments])
    return 0


def allow_root() -> list[str]:
    """Return what JupyterLab wants to be told by root, as whom one often works in a container."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ["--allow-root"] if is_root else []
