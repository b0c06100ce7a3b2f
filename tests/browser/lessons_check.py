"""Each lesson in JupyterLab in a real browser, run as a learner runs it."""

from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

LESSONS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def check_cell(cell, stored, picture):
    """Compare a cell of the page with the stored one: errors, and pictures that really show."""
    tagged = "raises-exception" in stored.metadata.get("tags", [])
    errors = cell.locator('[data-mime-type="application/vnd.jupyter.stderr"]')
    expect(errors, stored.source).to_have_count(1 if tagged else 0)
    wanted = sum("image/" in "".join(output.get("data", {})) for output in stored.outputs)
    # Where a picture is stored, a picture shows, or what moves.
    shown = cell.locator(".jp-OutputArea-output:has(img, .viz)")
    expect(shown, stored.source).to_have_count(wanted)
    pictures = cell.locator(".jp-OutputArea-output img")
    for each in pictures.all():
        each.scroll_into_view_if_needed()
        expect(each).to_have_js_property("complete", True)
        assert each.evaluate("image => image.naturalWidth") > 0, stored.source
    if wanted:
        cell.screenshot(path=picture)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_runs_in_a_browser_and_shows_its_pictures(lesson, run_notebook, pictures):
    notebook = nbformat.read(lesson, as_version=4)
    stored = [cell for cell in notebook.cells if cell.cell_type == "code"]
    cells = run_notebook(lesson.name, len(stored))
    for number, cell in enumerate(stored):
        picture = pictures / f"{lesson.stem}_{number + 1:02}.png"
        check_cell(cells.nth(number), cell, picture)
