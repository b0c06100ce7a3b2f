"""Each lesson in JupyterLab in a real browser, run as a learner runs it. Called by `make browser`.

It is not collected with the other tests, for it needs Chromium, JupyterLab and a minute or two.
The pictures that it saw are written to build/browser/, for a person to look at.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PICTURES = ROOT / "build" / "browser"
# The Python whose JupyterLab is opened: that of an installed wheel, if one is named.
PYTHON = os.environ.get("LESSONS_PYTHON", sys.executable)
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SETTINGS = {
    "notebook-extension/tracker": '{"windowingMode": "none"}',  # keep each cell in the page
    "apputils-extension/notification": '{"fetchNews": "false", "checkForUpdates": false}',
}


def chromium_path():
    names = [os.environ.get("CHROMIUM", "chromium"), "chromium-browser", "google-chrome"]
    return next((path for path in map(shutil.which, names) if path), None)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_it_answers(url, process, log):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            return urllib.request.urlopen(url, timeout=5)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab that `tinygrad-edu lessons` opened in an empty home."""
    home = tmp_path_factory.mktemp("home")
    for name, text in SETTINGS.items():
        path = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    folders = {"CONFIG": "config", "DATA": "data", "RUNTIME": "runtime"}
    environment = {f"JUPYTER_{key}_DIR": str(home / value) for key, value in folders.items()}
    environment |= {"JUPYTERLAB_SETTINGS_DIR": str(home / "settings")}
    environment |= {"JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces")}
    environment |= {"IPYTHONDIR": str(home / "ipython")}
    port = free_port()
    command = [PYTHON, "-m", "lessonkit", "lessons", str(home / "lessons"), "--no-browser"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    command += ["--IdentityProvider.token=", "--LabApp.news_url=None"]
    log = home / "log.txt"
    with log.open("w") as output:
        process = subprocess.Popen(
            command, env=os.environ | environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            wait_until_it_answers(f"http://127.0.0.1:{port}/api", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(scope="module")
def browser():
    path = chromium_path()
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    """A page that remembers what it complained about, and what it asked other machines for."""
    page = browser.new_page(viewport={"width": 1300, "height": 1000})
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda message: note_error(page, message))
    page.on("request", lambda request: note_stranger(page, request.url))
    yield page
    page.close()


def note_error(page, message):
    if message.type == "error":
        page.complaints.append(message.text)


def note_stranger(page, url):
    if not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
        page.complaints.append(f"asked for {url}")


def choose(page, menu, entry):
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.get_by_role("menuitem", name=entry, exact=True).click()


def run_all(page, count):
    """Clear every output, run every cell, and wait until the last of `count` cells has run."""
    choose(page, "Edit", "Clear Outputs of All Cells")
    prompts = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt")
    expect(prompts).to_have_text(["[ ]:"] * count)
    choose(page, "Run", "Run All Cells")
    expect(prompts).to_have_text([f"[{n + 1}]:" for n in range(count)], timeout=120_000)


def check_cell(cell, stored, name):
    """Compare a cell of the page with the stored one: errors, and pictures that really show."""
    tagged = "raises-exception" in stored.metadata.get("tags", [])
    errors = cell.locator('[data-mime-type="application/vnd.jupyter.stderr"]')
    expect(errors, stored.source).to_have_count(1 if tagged else 0)
    wanted = sum("image/" in "".join(output.get("data", {})) for output in stored.outputs)
    pictures = cell.locator(".jp-OutputArea-output img")
    expect(pictures, stored.source).to_have_count(wanted)
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth") > 0, stored.source
    if wanted:
        cell.screenshot(path=PICTURES / f"{name}.png")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_runs_in_a_browser_and_shows_its_pictures(lesson, lab, page):
    PICTURES.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.read(lesson, as_version=4)
    stored = [cell for cell in notebook.cells if cell.cell_type == "code"]
    page.goto(f"{lab}/lab/tree/{lesson.name}?reset")
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    expect(cells).to_have_count(len(stored), timeout=60_000)
    expect(page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')).to_be_visible(
        timeout=60_000
    )
    run_all(page, len(stored))
    for number, cell in enumerate(stored):
        check_cell(cells.nth(number), cell, f"{lesson.stem}_{number + 1:02}")
    assert page.complaints == []
