#!/bin/sh
# Prints the path of a Python that can make a virtual environment, or explains why there is none.
#   tools/find_python.sh              python3 if it is 3.11, 3.12 or 3.13, else the newest of those
#   tools/find_python.sh python3.12   that one: a name, or a path
# A name is looked for on PATH and among pyenv's versions.

problem() {  # why the Python at $1 cannot be used; empty if it can
    "$1" - 2>/dev/null <<'PYTHON' || echo "it does not start"
import sys
if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    print("it is Python %d.%d, and tinygrad_edu needs 3.11, 3.12 or 3.13" % sys.version_info[:2])
else:
    try:
        import ensurepip, venv
    except ImportError:
        print("it cannot make virtual environments (on Debian and Ubuntu: apt install python3-venv)")
PYTHON
}

why="no such Python was found"
use() {  # prints $1 and ends, if it can be used
    [ -x "$1" ] || return 0
    why=$(problem "$1")
    [ -n "$why" ] || { echo "$1"; exit 0; }
}
on_path() { use "$(command -v "$1")"; }
in_pyenv() { for found in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin/"$1"; do use "$found"; done; }

if [ $# -gt 0 ]; then
    on_path "$1"
    in_pyenv "$1"
    echo "$1 cannot be used: $why." >&2
    exit 1
fi

on_path python3
echo "python3 is passed over: $why." >&2
for name in python3.13 python3.12 python3.11; do on_path $name; done
for name in python3.13 python3.12 python3.11; do in_pyenv $name; done
echo "No Python 3.11, 3.12 or 3.13 was found." \
    "Install one, or name it: PYTHON=/path/to/python3.12 make test" >&2
exit 1
