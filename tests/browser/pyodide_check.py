"""Pictures in a browser: the wheel in Pyodide, in a worker of Chromium, drawing with viz.js.

It fetches 200 MB from npm and PyPI, and is skipped where there is no npm. The environment variable
PYODIDE_CHECK names a folder where what was fetched is kept. NumPy's build for Pyodide lies in no
index by itself: it comes out of a wheel that carries it, for tests alone.
"""

import functools
import http.server
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import threading
import zipfile
from pathlib import Path

import pytest

from viz import make_dot

ROOT = Path(__file__).parents[2]
PYODIDE, VIZ_JS, NUMPYS_CARRIER = "pyodide@314.0.7", "@viz-js/viz@3.31.0", "open-webui==0.12.4"
WORKER = "extensions/@jupyterlite/pyodide-kernel-extension/static/worker.js"  # as in JupyterLite

# A worker that unpacks the wheels, then runs each Python text it is sent and answers its result.
WORK = """
import { loadPyodide } from "/pyodide/pyodide.mjs";
async function start() {
    const pyodide = await loadPyodide({ indexURL: "/pyodide/" });
    for (const wheel of WHEELS) {
        pyodide.unpackArchive(await (await fetch(wheel)).arrayBuffer(), "wheel");
    }
    return pyodide;
}
const ready = start();
onmessage = async ({ data }) => {
    try {
        postMessage({ result: await (await ready).runPythonAsync(data) });
    } catch (error) {
        postMessage({ error: String(error) });
    }
};
"""
ASK = """code => new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => "error" in data ? reject(data.error) : resolve(data.result);
    worker.onerror = (event) => reject(event.message);
    worker.postMessage(code);
})"""

GRAPH = """
torch.manual_seed(42)
x = torch.rand(80, 1)
b, w = torch.randn(1, requires_grad=True), torch.randn(1, requires_grad=True)
loss = ((1 + 2 * x - (b + w * x)) ** 2).mean()
names = {"b": b, "x": x, "na\\u00efve <&> \\u03b8 \\u2202 \\U0001f642": w, "loss": loss}
picture = make_dot(loss, params=names, show_saved=True)
"""
START = """
import asyncio, json, os, pyodide.ffi
import tinygrad_edu as torch
import viz.render as rendering
from viz import make_dot
os.environ.pop("VIZ_JS", None)
rendering._loading.cache_clear()
"""


def run(*command, cwd=None):
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)


def pip(*arguments):
    run(sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", *arguments)


def npm(package, folder):
    """Unpack a package of npm into `folder`."""
    folder.mkdir(parents=True)
    run("npm", "pack", "--silent", package, cwd=folder)
    with tarfile.open(next(folder.glob("*.tgz"))) as packed:
        packed.extractall(folder, filter="data")


def numpy_for_pyodide(folder):
    carrier = folder / "carrier"
    options = ["--no-deps", "--python-version=3.11", "--only-binary=:all:", "-d", str(carrier)]
    pip("download", *options, NUMPYS_CARRIER)
    with zipfile.ZipFile(next(carrier.iterdir())) as wheel:
        name = next(n for n in wheel.namelist() if "/numpy-" in n and n.endswith("wasm32.whl"))
        (folder / Path(name).name).write_bytes(wheel.read(name))
    shutil.rmtree(carrier)


def fetch(folder):
    npm(PYODIDE, folder / "npm" / "pyodide")
    npm(VIZ_JS, folder / "npm" / "viz-js")
    pip("download", "--no-deps", "--only-binary=:all:", "-d", str(folder / "wheels"), "graphviz")
    numpy_for_pyodide(folder / "wheels")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder laid out as JupyterLite lays out its own, and our wheel in it."""
    if shutil.which("npm") is None:
        pytest.skip("there is no npm on this machine")
    folder = Path(os.environ.get("PYODIDE_CHECK") or tmp_path_factory.mktemp("fetched")).resolve()
    if not (folder / "wheels").exists():
        fetch(folder)
    site = tmp_path_factory.mktemp("site")
    shutil.copytree(folder / "npm/pyodide/package", site / "pyodide")
    shutil.copytree(folder / "wheels", site / "wheels")
    pip("wheel", "--no-deps", "-w", str(site / "wheels"), str(ROOT))
    (site / "static").mkdir()
    shutil.copy(folder / "npm/viz-js/package/dist/viz.js", site / "static")
    wheels = [f"/wheels/{path.name}" for path in (site / "wheels").iterdir()]
    (site / WORKER).parent.mkdir(parents=True)
    (site / WORKER).write_text(f"const WHEELS = {json.dumps(wheels)};{WORK}")
    (site / "index.html").write_text(
        f'<script>const worker = new Worker("{WORKER}", {{ type: "module" }})</script>'
    )
    return site


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address(site):
    handler = functools.partial(Quiet, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()


@pytest.fixture(scope="module")
def python(address, browser):
    """A function that runs a text in Pyodide; its last line gives JSON, which is returned."""
    page = browser.new_page()
    page.goto(address)
    yield lambda code: json.loads(page.evaluate(ASK, f"{START}{code}"))
    page.close()


def without_generator(svg):
    return re.sub(r"<!-- Generated by.*?-->", "", svg, flags=re.DOTALL)


def test_the_picture_is_the_same_in_the_browser_byte_for_byte(python):
    bundle = python(f"{GRAPH}\njson.dumps(picture._repr_mimebundle_())")
    here = {"torch": importlib.import_module("tinygrad_edu"), "make_dot": make_dot}
    exec(GRAPH, here)
    drawn_here = here["picture"]._repr_mimebundle_(include=["image/svg+xml"])
    assert list(bundle) == list(drawn_here) == ["image/svg+xml"]
    assert without_generator(*bundle.values()) == without_generator(*drawn_here.values())


def test_a_bitmap_is_refused_in_a_sentence(python):
    code = """
try:
    rendering.render("digraph { a }", "png")
except RuntimeError as error:
    said = str(error)
json.dumps(said)
"""
    assert python(code).endswith("In a browser, draw svg.")


def test_without_viz_js_a_notebook_shows_a_sentence_and_the_dot_text(python):
    code = f"""{GRAPH}
os.environ["VIZ_JS"] = "nowhere.js"
json.dumps([picture.source, picture._repr_mimebundle_()])
"""
    source, bundle = python(code)
    sentence, text = bundle.pop("text/plain").split("\n", 1)
    assert "static/nowhere.js cannot be loaded)" in sentence
    assert sentence.endswith("name its address in VIZ_JS.")
    assert (text, bundle) == (source.strip(), {})


def test_a_wrong_address_can_be_put_right(python):
    code = f"""{GRAPH}
os.environ["VIZ_JS"] = "nowhere.js"
before = list(picture._repr_mimebundle_())
os.environ["VIZ_JS"] = "/static/viz.js"
json.dumps([before, list(picture._repr_mimebundle_())])
"""
    assert python(code) == [["text/plain"], ["image/svg+xml"]]


def test_a_graph_too_deep_to_draw_ends_neither_python_nor_the_engine(python):
    code = """
chain = "; ".join(f"n{i + 1} -> n{i}" for i in range(100_000))
try:
    said = rendering.render("digraph { " + chain + " }")[:5].decode()
except RuntimeError as error:
    said = str(error)
json.dumps([said, rendering.render("digraph { a }")[:5].decode()])
"""
    said, after = python(code)
    assert said.startswith(("<?xml", "No engine here could draw this as svg"))
    assert after == "<?xml"


def test_a_browser_that_cannot_wait_draws_once_the_engine_is_loaded(python):
    code = f"""{GRAPH}
can_run_sync, pyodide.ffi.can_run_sync = pyodide.ffi.can_run_sync, lambda: False
try:
    before = picture._repr_mimebundle_()["text/plain"].split("\\n")[0]
    await asyncio.sleep(3)
    after = list(picture._repr_mimebundle_())
finally:
    pyodide.ffi.can_run_sync = can_run_sync
json.dumps([before, after])
"""
    before, after = python(code)
    assert "it is being loaded: run this cell again" in before
    assert after == ["image/svg+xml"]
