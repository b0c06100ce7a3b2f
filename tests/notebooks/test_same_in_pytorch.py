"""The same code in PyTorch: each lesson, with the one import changed, prints what is stored in it.

Errors are compared by their class, for the wording may differ. A cell tagged `ours-only` is left
out; one tagged `pytorch-differs` is run and not compared. Where there is no PyTorch, the last
sections are read all the same: they tell the learner which import to change.
"""

import os
import re
from copy import deepcopy

import pytest
from compared import was_compared
from lessons import OUR_IMPORT, code_cells, differences, read, run, tags

SECTION = re.compile(r"^## The same in PyTorch$(.*)", re.MULTILINE | re.DOTALL)


def under_pytorch(notebook):
    """`notebook` with the one import changed, without the cells that only our engine can run."""
    notebook.cells = [cell for cell in notebook.cells if "ours-only" not in tags(cell)]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = cell.source.replace(OUR_IMPORT, "import torch")
    return notebook


def test_prints_in_pytorch_what_is_stored(lesson, tmp_path):
    if "CHANGED" in os.environ and was_compared(lesson):
        pytest.skip("it was compared as it is: compared.json")
    pytest.importorskip("torch")
    pytest.importorskip("nbclient")
    stored = read(lesson)
    ran = run(under_pytorch(deepcopy(stored)), tmp_path)
    found = differences(stored, ran, where="under PyTorch")
    if found:
        pytest.fail("\n\n".join([f"{lesson.name} differs under PyTorch.", *found]), pytrace=False)


def test_has_the_one_import_to_change_in_its_first_cell(lesson):
    cells = code_cells(read(lesson))
    places = [
        number
        for number, cell in enumerate(cells, start=1)
        if "tinygrad_edu" in cell.source and "ours-only" not in tags(cell)
    ]
    assert places == [1], f"code cells {places} name tinygrad_edu; only the first may"
    assert cells[0].source.splitlines().count(OUR_IMPORT) == 1


def test_its_last_sections_tell_the_one_import_to_change(lesson):
    text = "\n\n".join(cell.source for cell in read(lesson).cells if cell.cell_type == "markdown")
    section = SECTION.search(text)
    assert section, 'the section "## The same in PyTorch" is missing'
    assert re.search(r"```python\n(.*\n)*?import torch\n", section.group(1)), (
        "the section must show the import as it is in PyTorch, in a block of Python: import torch"
    )


def test_few_cells_are_exempt_from_the_comparison(lesson):
    cells = code_cells(read(lesson))
    exempt = [cell for cell in cells if tags(cell) & {"ours-only", "pytorch-differs"}]
    if lesson.name.startswith("11_"):  # it reads our own source
        return
    assert len(exempt) <= len(cells) / 5, [cell.source.splitlines()[0] for cell in exempt]
