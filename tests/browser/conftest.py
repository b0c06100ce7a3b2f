"""JupyterLab and Chromium, for what is checked in a real browser. Called by `make browser`.

The files named *_check.py are not collected with the other tests, for they need Chromium,
JupyterLab and some minutes. What they saw is written to build/browser/, for a person to look at.
"""

import functools
import os
import re
import runpy
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]
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
DONE = re.compile(r"^\[\d+\]:$")  # what stands before a cell that has run
OURS = ("http://127.0.0.1:", "ws://127.0.0.1:", "file:", "data:", "blob:", "attachment:")
# JupyterLab asks for an attachment by its name before it looks for it in the notebook.
ATTACHMENT = "net::ERR_UNKNOWN_URL_SCHEME"
SETTINGS = {
    "notebook-extension/tracker": '{"windowingMode": "none"}',  # keep each cell in the page
    "apputils-extension/notification": '{"fetchNews": "false", "checkForUpdates": false}',
}


LONGEST = ["live_check.py", "book_check.py", "explorers_check.py"]


def pytest_collection_modifyitems(items):
    """The longest files first, lest the last worker is left alone with one of them."""
    items.sort(key=lambda item: [*LONGEST, item.path.name].index(item.path.name))


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


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A JupyterLab that `tinygrad-edu lessons` opened in an empty home: its address and folder."""
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
            yield SimpleNamespace(address=f"http://127.0.0.1:{port}", folder=home / "lessons")
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(scope="session")
def browser():
    path = chromium_path()
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright  # pytest reads this file without it, too

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def pictures():
    """The folder for what is to be looked at."""
    folder = ROOT / "build" / "browser"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Quiet(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".wasm": "application/wasm"}

    def log_message(self, *arguments):
        pass


@contextmanager
def served(folder):
    """The address of a folder, served on this machine."""
    serve = functools.partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def site():
    """The address of the book, with the edition that runs in the browser in live/."""
    with served(ROOT / "build" / "book" / "html") as address:
        yield address


@pytest.fixture
def page(new_page, request):
    """A page that must neither complain nor ask other machines for anything."""
    page = request.getfixturevalue("lab_page") if wants_lab(request) else new_page()
    page.complaints.clear()
    yield page
    if wants_lab(request):
        page.emulate_media(reduced_motion="null")
    else:
        page.close()
    assert page.complaints == []


@pytest.fixture(scope="session")
def new_page(browser):
    """A function that opens an empty page, which notes its complaints."""

    def new():
        page = browser.new_page(viewport={"width": 1300, "height": 1000})
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda message: note_error(page, message))
        page.on("request", lambda request: note_stranger(page, request.url))
        page.on("response", lambda answer: note_missing(page, answer))
        return page

    return new


def wants_lab(request):
    """Whether a test runs cells of its own in JupyterLab: all such tests share one page."""
    places = [value for value in callspec(request).values() if value in ("page", "lab")]
    return places == ["lab"] or (not places and "run_cells" in request.fixturenames)


def callspec(request):
    return getattr(getattr(request.node, "callspec", None), "params", {})


def note_error(page, message):
    if message.type == "error" and ATTACHMENT not in message.text:
        page.complaints.append(message.text)


def note_stranger(page, url):
    if not url.startswith(OURS):
        page.complaints.append(f"asked for {url}")


def note_missing(page, answer):
    if answer.status >= 400:
        page.complaints.append(f"{answer.status} for {answer.url}")


@pytest.fixture
def open_notebook(lab, page):
    """A function that opens a notebook of the lab's folder; returns its code cells."""
    from playwright.sync_api import expect

    def open_it(name, count):
        page.goto(f"{lab.address}/lab/tree/{name}?reset")
        cells = page.locator(".jp-Notebook .jp-CodeCell")
        expect(cells).to_have_count(count, timeout=60_000)
        return cells

    return open_it


@pytest.fixture
def run_all(page):
    """A function that runs all cells of the notebook that is open, from none that has run."""
    from playwright.sync_api import expect

    def run():
        expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle", timeout=60_000)
        choose(page, "Edit", "Clear Outputs of All Cells")
        prompts = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt")
        count = prompts.count()
        expect(prompts).to_have_text(["[ ]:"] * count)
        choose(page, "Run", "Run All Cells")
        expect(prompts).to_have_text([DONE] * count, timeout=120_000)

    return run


def choose(page, menu, entry):
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.get_by_role("menuitem", name=entry, exact=True).click()


@pytest.fixture(scope="session")
def lab_page(lab, new_page):
    """A page with a notebook of empty cells. To open JupyterLab takes longer than most checks."""
    import nbformat
    from playwright.sync_api import expect

    kernel = {"name": "python3", "display_name": "Python 3"}
    cells = [nbformat.v4.new_code_cell() for _ in range(2)]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, lab.folder / "checked.ipynb")
    page = new_page()
    page.goto(f"{lab.address}/lab/tree/checked.ipynb?reset")
    expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle", timeout=60_000)
    yield page
    page.close()


@pytest.fixture
def run_cells(page):
    """A function that runs up to two cells in JupyterLab; returns the outputs of the notebook."""
    from playwright.sync_api import expect

    def run(*sources):
        choose(page, "Edit", "Clear Outputs of All Cells")
        for place, cell in enumerate(page.locator(".jp-Notebook .jp-CodeCell").all()):
            cell.locator(".cm-content").click()
            page.keyboard.press("Control+A")
            page.keyboard.press("Delete")
            page.keyboard.insert_text(sources[place] if place < len(sources) else "")
        choose(page, "Run", "Run All Cells")
        prompts = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt")
        for place in range(len(sources)):
            expect(prompts.nth(place)).to_have_text(DONE, timeout=60_000)
        return page.locator(".jp-OutputArea-output")

    return run


@pytest.fixture(params=["page", "lab"])
def show(request, page, tmp_path):
    """A function that shows what a program calls `shown`, in a page of its own or as a live widget
    in JupyterLab; returns its element."""

    def in_a_page(program):
        (tmp_path / "program.py").write_text(program, encoding="utf-8")
        names = runpy.run_path(str(tmp_path / "program.py"))
        names["shown"].save(tmp_path / "page.html")
        page.goto((tmp_path / "page.html").as_uri())
        return page.locator(".viz")

    def in_the_lab(program):
        run_cells = request.getfixturevalue("run_cells")
        return run_cells(f"{program}\nshown").locator(".viz")

    return in_the_lab if request.param == "lab" else in_a_page
