"""Where in the user's source a call stands: the line, the expression, the variable it is stored in.

Python knows of each instruction which part of the source it came from; the line that comes next
tells the variable. Nothing here knows of tensors.
"""

from __future__ import annotations

import dis
import linecache
import os
import re
import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from types import CodeType, FrameType
from typing import Any

LIBRARIES = {"tinygrad_edu", "torch", "viz"}  # whose lines are nobody's own
ENTRY = re.compile(r'\s*File "(?P<file>.*)", line (?P<line>\d+), in .*\n(?:\s*(?P<code>.*)\n)?')


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a program: `code` is the line, `expression` the part of it that was at work, such
    as "w * x", and `name` the variable that the result was stored in, "" if there was none."""

    file: str
    line: int
    code: str
    expression: str = ""
    name: str = ""

    def __str__(self) -> str:
        """Such as "train.py, line 3"; the cells of a notebook have no file."""
        here = f"line {self.line}"
        return f"{os.path.basename(self.file)}, {here}" if os.path.exists(self.file) else here


def user_frame() -> FrameType | None:
    """The frame of the innermost running function that belongs to none of the libraries."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and _is_of_library(frame.f_globals.get("__name__")):
        frame = frame.f_back
    return frame


def where(frame: FrameType | None) -> Where | None:
    """The place that a frame has reached."""
    return None if frame is None else _place(frame.f_code, frame.f_lasti, frame.f_lineno or 0)


def where_from_traceback(entries: list[str]) -> Where | None:
    """The same from the lines of a formatted stack, as anomaly mode keeps them."""
    for entry in reversed(entries):
        found = ENTRY.match(entry)
        if found and not _is_file_of_library(found["file"]):
            return Where(found["file"], int(found["line"]), found["code"] or "")
    return None


def names_in(frame: FrameType) -> Iterator[tuple[str, Any]]:
    """The variables that a frame sees, its own before those of its module."""
    yield from list(frame.f_locals.items())
    if frame.f_locals is not frame.f_globals:
        yield from list(frame.f_globals.items())


def _is_of_library(module: Any) -> bool:
    return isinstance(module, str) and module.partition(".")[0] in LIBRARIES


def _is_file_of_library(file: str) -> bool:
    modules = [sys.modules[name] for name in LIBRARIES if name in sys.modules]
    folders = [os.path.dirname(module.__file__ or "") for module in modules]
    return any(folder and file.startswith(folder + os.sep) for folder in folders)


@lru_cache(maxsize=10_000)
def _place(code: CodeType, instruction: int, line: int) -> Where:
    file = code.co_filename
    text = linecache.getline(file, line).strip()
    span = next(islice(code.co_positions(), instruction // 2, None), (None,) * 4)
    return Where(file, line, text, _source(file, span), _stored_in(code, instruction))


def _source(file: str, span: tuple[int | None, ...]) -> str:
    """The text between two places of a file, in one line."""
    first, last, start, end = span
    if first is None or last is None:
        return ""
    lines = [linecache.getline(file, n).encode() for n in range(first, last + 1)]
    lines[-1] = lines[-1][:end]  # the last line first: it may also be the first
    lines[0] = lines[0][start:]
    return " ".join(" ".join(line.decode(errors="replace").split()) for line in lines).strip()


def _stored_in(code: CodeType, instruction: int) -> str:
    """The variable in which the result of an instruction is stored next, "" if there is none."""
    instructions = _instructions(code)
    # While a Python function runs, its caller may stand behind the call, in the call's cache.
    here = bisect_right(instructions, instruction, key=lambda each: each.offset)
    following = instructions[here] if here < len(instructions) else None
    if following is None or following.opname in ("STORE_SUBSCR", "STORE_SLICE", "STORE_ATTR"):
        return ""
    name = following.argval if following.opname.startswith("STORE_") else ""
    return name[0] if isinstance(name, tuple) else name  # where two instructions are made one


@lru_cache(maxsize=1_000)
def _instructions(code: CodeType) -> list[dis.Instruction]:
    return [each for each in dis.get_instructions(code) if each.opname not in ("CACHE", "COPY")]
