"""The lessons in JupyterLab in a real browser, as a learner meets them: first as they are stored.

That each lesson runs is proved elsewhere, with fewer means. Here three of them run: the first one,
one with a slider, and the gallery, which has everything that moves.
"""

import time
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
FIRST, GALLERY = NOTEBOOKS[0], NOTEBOOKS[-1]
WITH_A_SLIDER = next(path for path in NOTEBOOKS if "interact(" in path.read_text(encoding="utf-8"))
# JupyterLab shows no drawing in SVG that it has not seen being made; once a cell runs, it does.
STORED, LIVE = "image/png", "image/"
# What each cell of code shows: errors, pictures and what moves, quizzes, pictures not (yet) drawn.
SEEN = """() => [...document.querySelectorAll(".jp-Notebook .jp-CodeCell")].map((cell) => {
    const all = (selector) => [...cell.querySelectorAll(selector)];
    return {
        errors: all('[data-mime-type="application/vnd.jupyter.stderr"]').length,
        shown: all(".jp-OutputArea-output:has(img, .viz, .widget-interact)").length,
        quizzes: all(".lesson-quiz").filter((quiz) => quiz.offsetHeight > 50).length,
        undrawn: all("img").filter((image) => !image.complete || !image.naturalWidth).length,
    };
})"""

notebooks = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def code_cells(path):
    cells = nbformat.read(path, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code"]


def wanted(stored, kind):
    """What a cell must show: all that is stored in it, as pictures of `kind`."""
    tags = stored.metadata.get("tags", [])
    pictures = sum(kind in "".join(output.get("data", {})) for output in stored.outputs)
    return {
        "errors": int("raises-exception" in tags),
        # A slider's output holds another one: the picture.
        "shown": 2 if "interact(" in stored.source and kind == LIVE else pictures,
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


@notebooks
def test_opens_and_shows_its_stored_pictures_and_quizzes(path, open_notebook, page, pictures):
    cells = open_notebook(path.name, len(code_cells(path)))
    check_all(page, cells, path, STORED, pictures)


@pytest.mark.parametrize("path", [FIRST, GALLERY], ids=lambda path: path.stem)
def test_runs_and_shows_its_pictures_and_what_moves(path, run_notebook, page, pictures):
    cells = run_notebook(path.name, len(code_cells(path)))
    check_all(page, cells, path, LIVE, pictures)


def test_a_slider_of_a_lesson_changes_its_picture(run_notebook, page, pictures):
    cells = run_notebook(WITH_A_SLIDER.name, len(code_cells(WITH_A_SLIDER)))
    check_all(page, cells, WITH_A_SLIDER, LIVE, pictures)
    cell = cells.filter(has=page.locator(".widget-interact"))
    slider, picture = cell.get_by_role("slider").first, cell.locator("img")
    value, before = slider.get_attribute("aria-valuenow"), picture.get_attribute("src")
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    expect(slider).not_to_have_attribute("aria-valuenow", value)
    expect(picture).not_to_have_attribute("src", before)
    expect(picture).to_have_count(1)
    cell.screenshot(path=pictures / f"{WITH_A_SLIDER.stem}_slider.png")
