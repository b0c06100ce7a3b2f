"""The notebooks as they are stored: run in order, with their outputs, and nothing of a machine.

nbval runs the lessons (`make notebooks`), but it never compares a cell that was stored without
its count: a lesson stripped of its outputs would pass. These tests close that door.
"""

import ast
import json
import re
from base64 import b64decode

import nbformat
from lessons import COLOUR, code_cells, read, tags

# Calls whose result shows, or that print, wherever they stand at the end of a cell.
SHOWING = {
    *("print", "display", "make_dot", "compare", "xray", "stepper", "Descent", "Playground"),
    *("check", "hint", "solution", "quiz", "progress"),
}
MOVING = r"\b(stepper|Descent|Playground)\("
PNG = "iVBORw0KGgo="  # how each file of that kind begins, in base64
MACHINE_PATH = re.compile(
    r"(?<![\w.])(?:~|[A-Z]:)?[/\\](?:[^\s/\\]+[/\\])*[^\s/\\]+\.(?:py|ipynb)\b"
)


def must_show(source):
    """Whether the last statement of a cell surely shows something."""
    try:
        last = ast.parse(source).body[-1]
    except (SyntaxError, IndexError):  # a line of IPython's own, or nothing but comments
        return False
    if source.rstrip().endswith(";") or not isinstance(last, ast.Expr):
        return False
    if not isinstance(last.value, ast.Call):
        return not (isinstance(last.value, ast.Constant) and last.value.value is None)
    return isinstance(last.value.func, ast.Name) and last.value.func.id in SHOWING


def shown_text(output):
    """The text of one output, errors and pictures of text included."""
    texts = [output.get("text", ""), *output.get("traceback", [])]
    texts += [text for kind, text in output.get("data", {}).items() if kind.startswith("text/")]
    return COLOUR.sub("", "\n".join(texts))


def test_is_a_valid_notebook(notebook):
    nbformat.validate(read(notebook))


def test_was_run_from_top_to_bottom(notebook):
    counts = [cell.execution_count for cell in code_cells(read(notebook))]
    assert counts == list(range(1, len(counts) + 1))


def test_keeps_the_output_of_each_cell_that_shows_something(notebook):
    silent = [
        cell.source
        for cell in code_cells(read(notebook))
        if must_show(cell.source) and not cell.outputs
    ]
    assert silent == []


def test_keeps_each_drawing_as_a_bitmap_too(notebook):
    """JupyterLab shows no SVG that it has not seen being made. What moves has none: it must run."""
    for cell in code_cells(read(notebook)):
        for output in cell.outputs:
            kinds = output.get("data", {})
            if "image/svg+xml" in kinds and not re.search(MOVING, cell.source):
                assert "image/png" in kinds, cell.source
            assert b64decode(kinds.get("image/png", PNG)).startswith(b64decode(PNG))


def test_shows_an_error_exactly_where_its_cell_is_tagged_so(notebook):
    for cell in code_cells(read(notebook)):
        failed = any(output.output_type == "error" for output in cell.outputs)
        assert failed == ("raises-exception" in tags(cell)), cell.source


def test_shows_no_path_of_the_machine_that_ran_it(notebook):
    for cell in code_cells(read(notebook)):
        for output in cell.outputs:
            found = MACHINE_PATH.search(shown_text(output))
            assert found is None, (cell.source, found)


def test_shows_no_warning(notebook):
    for cell in code_cells(read(notebook)):
        for output in cell.outputs:
            assert output.get("name") != "stderr", (cell.source, output.text)


def test_names_no_kernel_of_one_machine(notebook):
    metadata = read(notebook).metadata
    assert metadata.kernelspec.name == "python3"
    assert set(metadata) <= {"kernelspec", "language_info"}


def test_carries_no_state_of_a_widget(notebook):
    assert "widgets" not in json.loads(notebook.read_text(encoding="utf-8"))["metadata"]
