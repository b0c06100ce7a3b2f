"""Which lessons were compared with PyTorch, and what they were then.

A lesson prints the same in PyTorch until it changes, or what draws and checks in it. Its
fingerprint tells; `make pytorch-lessons` stores those of all lessons here, in compared.json.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

from lessons import LESSONS, ROOT, code_cells, read

STORED = Path(__file__).with_suffix(".json")
PYTORCH = "2.13.0"


@cache
def kit():
    """The source of what works in PyTorch's lessons as it does in ours."""
    files = sorted(file for name in ("viz", "lessonkit") for file in (ROOT / name).rglob("*.py"))
    return b"".join(file.read_bytes() for file in files)


def fingerprint(lesson):
    """Of a lesson's code and outputs, of the kit, and of PyTorch's version."""
    cells = [[cell.source, cell.outputs, cell.metadata] for cell in code_cells(read(lesson))]
    text = json.dumps([PYTORCH, cells], sort_keys=True).encode()
    return hashlib.sha256(text + kit()).hexdigest()


def was_compared(lesson):
    """Whether a lesson is as it was when it was last compared."""
    stored = json.loads(STORED.read_text(encoding="utf-8")) if STORED.exists() else {}
    return stored.get(lesson.stem) == fingerprint(lesson)


if __name__ == "__main__":
    found = {lesson.stem: fingerprint(lesson) for lesson in LESSONS}
    STORED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
