"""What the tests of this folder share: the notebooks, how one is read, run and compared.

A run is compared as nbval compares: what is printed, the text of each result, errors, and that a
picture is shown where one is stored. Pictures themselves depend on the versions of their makers.
"""

import configparser
import re
import shutil
from copy import deepcopy
from functools import cache
from pathlib import Path

import nbformat

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LESSONS = [path for path in NOTEBOOKS if path.name[:2].isdigit()]
OUR_IMPORT = "import tinygrad_edu as torch"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def read(path):
    return deepcopy(parsed(path))


@cache
def parsed(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tags(cell):
    return set(cell.metadata.get("tags", []))


@cache
def sanitizers():
    """What may differ and what replaces it, as the file of rules for nbval says."""
    rules = configparser.RawConfigParser()
    rules.read(HERE / "sanitize.cfg", encoding="utf-8")
    return [(rules[name]["regex"], rules[name]["replace"]) for name in rules.sections()]


def sanitized(text):
    for pattern, replacement in sanitizers():
        text = re.sub(pattern, replacement, text)
    return text


def run(notebook, folder, kernel="python3"):
    """Run all cells of `notebook` in `folder`, beside the data; errors stand in their cells."""
    from nbclient import NotebookClient

    shutil.copytree(ROOT / "notebooks" / "data", folder / "data", dirs_exist_ok=True)
    client = NotebookClient(
        notebook, timeout=120, kernel_name=kernel, allow_errors=True, coalesce_streams=True
    )
    client.execute(cwd=str(folder))
    return notebook


def printed(cell):
    """What a cell says in text: streams, results and the classes of errors, in one piece each."""
    streams = {"stdout": "", "stderr": ""}
    rest = []
    for output in cell.outputs:
        if output.output_type == "stream":
            streams[output.name] += output.text
        elif output.output_type == "error":
            rest.append(f"{output.ename} was raised\n")
        else:
            rest.append(output.data.get("text/plain", "") + "\n")
    return sanitized("".join([*streams.values(), *rest]))


def pictures(cell):
    """How many outputs of a cell show a picture."""
    kinds = [" ".join(output.get("data", {})) for output in cell.outputs]
    return sum("image/" in kind for kind in kinds)


def differences(stored, ran, where="now"):
    """One text for each cell of `ran` that differs from its cell in `stored`: it shows both."""
    numbers = {cell.id: place for place, cell in enumerate(stored.cells, start=1)}
    before = {cell.id: cell for cell in stored.cells}
    found = []
    for cell in ran.cells:
        if cell.cell_type != "code" or tags(cell) & {"nbval-ignore-output", "pytorch-differs"}:
            continue
        old, new = printed(before[cell.id]), printed(cell)
        if pictures(before[cell.id]) and not pictures(cell):
            new += "(no picture is shown)\n"
        if old != new or "(no picture is shown)" in new:
            opening = f"cell {numbers[cell.id]}, which begins {cell.source.splitlines()[0]!r}:"
            found.append(f"{opening}\n--- stored:\n{old}--- {where}:\n{new}{raised(cell)}")
    return found


def raised(cell):
    """The messages of a cell's errors, which are not compared and help to see what happened."""
    errors = [output for output in cell.outputs if output.output_type == "error"]
    return "".join(f"({error.ename}: {error.evalue})\n" for error in errors)
