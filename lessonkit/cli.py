"""The command `tinygrad-edu`: copies the lessons to a folder and opens them in JupyterLab.

It keeps a learner's work safe: a lesson that was changed is never written over. It teaches
nothing and checks no answer; it only carries files.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

DEFAULT_FOLDER = "tinygrad_edu_lessons"
RECORD = ".tinygrad_edu.json"  # in the learner's folder: the digest of each file as we wrote it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments` (those of the process if None); return its exit code."""
    # Everything unknown is for JupyterLab; only what comes first can be the folder.
    options, others = build_parser().parse_known_args(arguments)
    named = bool(others) and not others[0].startswith("-")
    folder = Path(others.pop(0) if named else DEFAULT_FOLDER)
    try:
        copy_lessons(folder)
    except OSError as error:
        return fail(f"cannot write the lessons to {folder}: {error.strerror}: {error.filename}.")
    return 0 if options.no_open else open_lessons(folder, others)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="tinygrad-edu",
        description="Learn automatic differentiation from lessons that run.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"tinygrad-edu {own_version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
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
    return parser


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


def copy_lessons(folder: Path) -> None:
    """Copy the lessons to `folder`, except over files that the learner has changed.

    Raises:
        OSError: `folder` is a file, or cannot be written.
    """
    source = lessons_source()
    if folder.resolve() == source:  # in the repository, the lessons are opened where they are
        return
    folder.mkdir(parents=True, exist_ok=True)
    record = read_record(folder)
    for name in lesson_files(source):
        update(folder / name, (source / name).read_bytes(), name.as_posix(), record)
    write(folder / RECORD, json.dumps(record, indent=1, sort_keys=True).encode())
    print(f"The lessons are in {folder.resolve()}.")


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
    part = target.with_name(target.name + ".part")
    part.write_bytes(content)
    os.replace(part, target)


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
