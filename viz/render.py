"""DOT text drawn as SVG, PNG and other formats: one function, `render`, over a list of engines.

An engine is a function `(dot, format, layout) -> bytes` that raises where it cannot draw.
`engines` is asked from first to last: the program `graphviz-pure`, which comes with this package,
then the machine's own Graphviz; in a browser, where no program can run, `viz_js`.
"""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from textwrap import shorten
from typing import Any

SECONDS = 60  # a layout that takes longer is given up

# Where a JupyterLite site keeps viz.js, the file of npm's @viz-js/viz: up from the worker that runs
# Python to the site's folder, then into static. The environment variable VIZ_JS overrules it.
VIZ_JS = "../../../../static/viz.js"
# Pyodide dies of an error of some classes, such as that of a stack that is full: hand on its text.
LOAD = """async (address) => {
    const viz = await (await import(address)).instance();
    return (dot, format, engine) => {
        try {
            return viz.renderString(dot, { format, engine });
        } catch (error) {
            throw new Error(error.message);
        }
    };
}"""


def render(dot: str, format: str = "svg", layout: str = "dot") -> bytes:
    """Draw DOT text with the first engine that can.

    Raises RuntimeError where none can, with what each of them said, and what to do.

    >>> render("digraph { a -> b }")[:5]
    b'<?xml'
    """
    errors: dict[str, Exception] = {}
    for engine in engines:
        try:
            return engine(dot, format, layout)
        except Exception as error:  # engines are plugged in: whatever one raises, ask the next
            errors[engine.__name__] = error
    said = "; ".join(f"{name}: {_in_a_line(error)}" for name, error in errors.items())
    raise RuntimeError(
        f"No engine here could draw this as {format} ({said}).{_advice(format, errors)}"
    )


def graphviz_pure(dot: str, format: str, layout: str) -> bytes:
    """The program of the Python package graphviz-pure: svg, png, jpeg, json and more, no pdf."""
    return _run(_installed("graphviz-pure") or shutil.which("graphviz-pure"), dot, format, layout)


def system_dot(dot: str, format: str, layout: str) -> bytes:
    """The machine's own Graphviz: all formats, pdf too."""
    return _run(shutil.which("dot"), dot, format, layout)


def viz_js(dot: str, format: str, layout: str) -> bytes:
    """npm's @viz-js/viz, in a browser's worker: svg, json and other text, no png."""
    js = importlib.import_module("js")
    here = getattr(js, "location", None)
    address = js.URL.new(os.environ.get("VIZ_JS", VIZ_JS), here and here.href).href
    drawing: str = _loaded(address)(dot, format, layout)
    return drawing.encode()


IN_A_BROWSER = sys.platform == "emscripten"
engines: list[Callable[[str, str, str], bytes]] = (
    [viz_js] if IN_A_BROWSER else [graphviz_pure, system_dot]
)


def _loaded(address: str) -> Any:
    """The engine in the JavaScript file at `address`, waited for where the browser can wait."""
    ffi, loading = importlib.import_module("pyodide.ffi"), _loading(address)
    if not loading.done() and not ffi.can_run_sync():
        raise RuntimeError("it is being loaded: run this cell again")
    try:
        return loading.result() if loading.done() else ffi.run_sync(loading)
    except ffi.JsException:
        _loading.cache_clear()
        raise FileNotFoundError(f"{address} cannot be loaded") from None


@cache
def _loading(address: str) -> Any:
    import asyncio

    load = importlib.import_module("pyodide.code").run_js(LOAD)
    return asyncio.ensure_future(load(address))


def _installed(program: str) -> str | None:
    """Where pip put the program of the package of the same name, whatever PATH says."""
    from importlib import metadata  # takes longer than all the rest of this module

    try:
        files = metadata.files(program) or ()
    except metadata.PackageNotFoundError:
        return None
    found = (str(file.locate()) for file in files if file.stem == program)
    return next(filter(os.path.isfile, found), None)


def _run(program: str | None, dot: str, format: str, layout: str) -> bytes:
    if program is None:
        raise FileNotFoundError("not installed")
    try:
        done = subprocess.run(
            [program, f"-K{layout}", f"-T{format}"],
            input=dot.encode(),
            capture_output=True,
            timeout=SECONDS,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Windows: no black flash
        )
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"gave up after {SECONDS} seconds") from None
    if done.returncode:
        complaint = done.stderr.decode(errors="replace").strip()
        raise RuntimeError(complaint or f"stopped with exit status {done.returncode}")
    return done.stdout


def _in_a_line(error: Exception) -> str:
    return shorten(str(error) or type(error).__name__, 300, placeholder=" ...")


def _advice(format: str, errors: dict[str, Exception]) -> str:
    nothing_runs = all(isinstance(error, OSError) for error in errors.values())
    if IN_A_BROWSER:
        if nothing_runs:
            return " Put viz.js of npm's @viz-js/viz there, or name its address in VIZ_JS."
        return "" if format == "svg" else " In a browser, draw svg."
    if format not in ("svg", "png"):
        return f" For {format}, install Graphviz; svg and png need: pip install graphviz-pure"
    return " Install one with: pip install graphviz-pure" if nothing_runs else ""
