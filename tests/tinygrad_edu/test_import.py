"""Importing tinygrad_edu costs little more than importing NumPy, and shows nothing."""

import subprocess
import sys

PROGRAM = """
import sys, numpy
before = set(sys.modules)
import tinygrad_edu
print(*sorted(name for name in set(sys.modules) - before if not name.startswith("tinygrad_edu")))
"""
# What is quickly there: threading and heapq take less than a millisecond together.
SMALL = {"__future__", "_heapq", "_queue", "_weakrefset", "contextlib", "copyreg", "heapq"}
SMALL |= {"itertools", "linecache", "threading", "tokenize", "token", "traceback", "types"}
SMALL |= {"_tokenize", "textwrap", "_colorize", "codeop", "weakref", "_thread", "_contextvars"}
SMALL |= {"contextvars", "string", "_string", "_threading_local", "collections.abc"}


def test_importing_brings_no_large_module():
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert set(run.stdout.split()) <= SMALL
    assert run.stderr == ""
