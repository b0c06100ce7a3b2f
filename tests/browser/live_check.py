"""The edition that runs in the browser, as `make site ARGS=--offline` built it, without a network.

Each lesson runs to its end and shows what is stored in it, as nbval compares, without the cells
tagged `no-browser`, which are text there; then one learner solves an exercise, reloads, and starts
over. How long it took is in build/browser/live.txt.
"""

import re
import sys
import time
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

sys.path.append(str(Path(__file__).parents[1] / "notebooks"))
from lessons import COLOUR, NOTEBOOKS, code_cells, read, sanitized, tags

from lessonkit.exercises import exercises_of

FIRST = NOTEBOOKS[0]
BOOK = Path(__file__).parents[2] / "build" / "book" / "html"
COMPARED = ("text/plain", "text/html", "image/svg+xml")
MODEL = "window.jupyterapp.shell.currentWidget.content.model"
RAN = f"[...{MODEL}.cells].every((c) => c.type !== 'code' || c.executionState === 'idle')"
IDLE = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'"
SOURCES = f"[...{MODEL}.cells].filter((c) => c.type === 'code').map((c) => c.sharedModel.source)"
# Opens a lesson with the Python that runs already, if one does, and clears its memory.
OPEN = """async (path) => {
    const { commands, serviceManager } = window.jupyterapp;
    const [running] = serviceManager.kernels.running();
    const kernel = running ? { id: running.id } : { name: "python" };
    const notebook = await commands.execute("docmanager:open", { path, kernel });
    await notebook.sessionContext.ready;
    const clear = "%reset -f\\nimport matplotlib; matplotlib.rcdefaults()";
    await notebook.sessionContext.session.kernel.requestExecute({ code: clear }).done;
}"""
OUTPUTS = f"[...{MODEL}.cells].filter((c) => c.type === 'code').map((c) => c.outputs.toJSON())"

pytestmark = pytest.mark.skipif(
    not (BOOK / "live" / "static" / "pyodide").exists(),
    reason="there is no site to open: make site ARGS=--offline",
)


@pytest.fixture
def opened(page, site):
    """A function that opens a lesson in a browser that was never here; returns its cells."""

    def open_it(name):
        page.goto(f"{site}/live/notebooks/index.html?path={name}")
        cells = page.locator(".jp-Notebook .jp-CodeCell")
        expect(cells.first).to_be_visible(timeout=90_000)
        return cells

    return open_it


def choose(page, menu, entry):
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.get_by_role("menuitem", name=entry, exact=True).click()


def run_all(page, seconds=150):
    """Run all cells; return the seconds until the first output, and until the end."""
    choose(page, "Edit", "Clear Outputs of All Cells")
    begin = time.monotonic()
    choose(page, "Run", "Run All Cells")
    patience = {"timeout": seconds * 1000, "polling": 200}
    page.wait_for_function(f"{OUTPUTS}.some((all) => all.length)", **patience)
    first = time.monotonic() - begin
    page.wait_for_function(f"{RAN} && {IDLE}", **patience)
    return first, time.monotonic() - begin


def compared(outputs):
    """What nbval compares of a cell: streams, texts, that there is a drawing, and errors."""
    streams, rest = {"stdout": "", "stderr": ""}, []
    for output in map(nbformat.from_dict, outputs):
        if output.output_type == "stream":
            streams[output.name] += "".join(output.text)
        elif output.output_type == "error":
            name = re.sub(r"<class '(?:.*\.)?(\w+)'>", r"\1", output.ename)  # as Pyodide words it
            rest.append((name, COLOUR.sub("", output.evalue)))
        else:
            texts = {kind: "".join(output.data.get(kind, "")) for kind in COMPARED}
            rest.append({kind: sanitized(text) for kind, text in texts.items() if text})
    return {name: sanitized(text) for name, text in streams.items()}, rest


@pytest.fixture(scope="module")
def laboratory(new_page, site):
    """JupyterLab's full window. Its Python starts with the first lesson and runs the others, too:
    to start one takes fifteen seconds of a core, to run a lesson five."""
    page = new_page()
    page.goto(f"{site}/live/lab/index.html")
    expect(page.locator(".jp-Launcher")).to_be_visible(timeout=90_000)
    yield page
    page.close()


@pytest.fixture
def opened_beside(laboratory):
    """A function that opens a lesson in JupyterLab, with nothing in Python's memory."""
    laboratory.complaints.clear()

    def open_it(name):
        laboratory.evaluate(OPEN, name)
        return laboratory.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell")

    yield open_it
    laboratory.evaluate("window.jupyterapp.shell.currentWidget.dispose()")
    assert laboratory.complaints == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_to_its_end_and_shows_what_is_stored(path, opened_beside, laboratory):
    cells = opened_beside(path.name)
    run_all(laboratory)
    stored = [cell for cell in code_cells(read(path)) if "no-browser" not in tags(cell)]
    shown = laboratory.evaluate(OUTPUTS)
    for cell, outputs in zip(stored, shown, strict=True):
        if "nbval-ignore-output" not in tags(cell):
            assert compared(outputs) == compared(cell.outputs), cell.source
    for moves in (step, slide):
        moves(cells, "\n".join(cell.source for cell in stored), laboratory)


def step(cells, sources, page):
    """Go on by a step, where the lesson has a stepper."""
    if "stepper(" in sources:
        stepper = cells.locator(".viz-stepper").first
        stepper.get_by_role("button", name="Forward", exact=True).click()
        expect(stepper.locator("output")).to_contain_text("1 of ")


def slide(cells, sources, page):
    """Move a slider that Python answers to, where the lesson has one."""
    if "interact(" in sources:
        cell = cells.filter(has=page.locator(".widget-interact")).first
        drawn = cell.locator(".widget-interact .jp-OutputArea").first.element_handle()
        before = drawn.inner_html()
        cell.get_by_role("slider").first.focus()
        page.keyboard.press("ArrowLeft")
        page.wait_for_function("([drawn, was]) => drawn.innerHTML !== was", arg=[drawn, before])


def test_work_is_there_after_a_reload_until_the_lesson_starts_over(opened, page, pictures):
    begin = time.monotonic()
    cells = opened(FIRST.name)
    took = [time.monotonic() - begin, *run_all(page)]
    words = "open after {:.1f} s; Run All: first output {:.1f} s, end {:.1f} s\n"
    (pictures / "live.txt").write_text(words.format(*took))
    exercise = cells.filter(has_text='check("01.1"')
    progress = cells.filter(has_text='progress("01"')
    stub, solution = exercises_of("01")["01.1"].stub, exercises_of("01")["01.1"].solution
    write(exercise, page, exercise_in(page.evaluate(SOURCES)).replace(stub, solution))
    page.keyboard.press("Shift+Enter")
    expect(exercise).to_contain_text("1 of 3 exercises passed.")
    page.wait_for_function("!window.jupyterapp.shell.currentWidget.context.model.dirty")
    page.reload()
    expect(exercise).to_contain_text("01.1 passed", timeout=60_000)
    assert solution in exercise_in(page.evaluate(SOURCES))
    exercise.screenshot(path=pictures / "live_after_a_reload.png")
    page.get_by_role("button", name="Start over").click()
    page.get_by_role("dialog").get_by_role("button", name="Start over").click()
    expect(exercise).not_to_contain_text("01.1 passed", timeout=30_000)
    assert page.evaluate(SOURCES) == [cell.source for cell in code_cells(read(FIRST))]
    for cell in (cells.first, progress):
        cell.locator(".cm-content").click()
        page.keyboard.press("Shift+Enter")
    expect(progress).to_contain_text("1 of 3 exercises passed.", timeout=90_000)


def exercise_in(sources):
    return next(source for source in sources if 'check("01.1"' in source)


def write(cell, page, text):
    """Type into a cell, in the place of what was there."""
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)
