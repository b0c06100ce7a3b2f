"""A lesson in JupyterLab in a real browser, as a learner meets it: first as it is stored.

That each lesson runs is proved elsewhere, with fewer means, and in the edition that runs in the
browser alone; what moves has checks of its own. Here the first lesson opens and runs.
"""

import time
from pathlib import Path

import nbformat

FIRST = min((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
# JupyterLab shows no drawing in SVG that it has not seen being made; once a cell runs, it does.
STORED, LIVE = "image/png", "image/"
# What each cell of code shows: errors, pictures and what moves, quizzes, pictures not (yet) drawn.
SEEN = """() => [...document.querySelectorAll(".jp-Notebook .jp-CodeCell")].map((cell) => {
    const all = (selector) => [...cell.querySelectorAll(selector)];
    return {
        errors: all('[data-mime-type="application/vnd.jupyter.stderr"]').length,
        shown: all(".jp-OutputArea-output:has(img, .viz)").length,
        quizzes: all(".lesson-quiz").filter((quiz) => quiz.offsetHeight > 50).length,
        undrawn: all("img").filter((image) => !image.complete || !image.naturalWidth).length,
    };
})"""


def code_cells(path):
    cells = nbformat.read(path, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code"]


def wanted(stored, kind):
    """What a cell must show: all that is stored in it, as pictures of `kind`."""
    tags = stored.metadata.get("tags", [])
    pictures = sum(kind in "".join(output.get("data", {})) for output in stored.outputs)
    return {
        "errors": int("raises-exception" in tags),
        "shown": pictures,
        "quizzes": int(stored.source.startswith("quiz(")),
        "undrawn": 0,
    }


def check_all(page, cells, path, kind, folder):
    """Wait until each cell shows what it must, and keep a picture of each that shows something."""
    stored = code_cells(path)
    expected = [wanted(cell, kind) for cell in stored]
    deadline = time.monotonic() + 15
    while (seen := page.evaluate(SEEN)) != expected and time.monotonic() < deadline:
        page.wait_for_timeout(200)
    compared = zip(stored, expected, seen, strict=True)
    wrong = [(cell.source, must, shows) for cell, must, shows in compared if must != shows]
    assert wrong == [], "(a cell, what it must show, what it shows)"
    for number, shows in enumerate(seen):
        if shows["shown"]:
            cells.nth(number).screenshot(path=folder / f"{path.stem}_{number + 1:02}.png")


def test_shows_what_is_stored_and_once_it_has_run_also_what_moves(
    open_notebook, run_all, page, pictures
):
    cells = open_notebook(FIRST.name, len(code_cells(FIRST)))
    check_all(page, cells, FIRST, STORED, pictures)
    run_all()
    check_all(page, cells, FIRST, LIVE, pictures)
