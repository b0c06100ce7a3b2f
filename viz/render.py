"""DOT text drawn as SVG, PNG and other formats: one function, `render`, over a list of engines.

An engine is a function `(dot, format, layout) -> bytes` that raises where it cannot draw.
`engines` is asked from first to last. The program `graphviz-pure` comes with this package, so a
machine needs no Graphviz of its own; where no program can run, as in a browser, insert an engine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Callable

SECONDS = 60  # a layout that takes longer is given up


def render(dot: str, format: str = "svg", layout: str = "dot") -> bytes:
    """Draw DOT text with the first engine that can.

    Raises RuntimeError where none can, with what each of them said.

    >>> render("digraph { a -> b }")[:5]
    b'<?xml'
    """
    said = []
    for engine in engines:
        try:
            return engine(dot, format, layout)
        except Exception as error:  # engines are plugged in: whatever one raises, ask the next
            said.append(f"{engine.__name__}: {error}")
    raise RuntimeError(
        f"No Graphviz engine here could draw this as {format} ({'; '.join(said)}). "
        "Install one with: pip install graphviz-pure"
    )


def graphviz_pure(dot: str, format: str, layout: str) -> bytes:
    """The program of the Python package graphviz-pure: svg, png, jpeg, json and more, no pdf."""
    schemes = (sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user"))
    folders = [sysconfig.get_path("scripts", scheme) for scheme in schemes]
    return _run(
        "graphviz-pure",
        os.pathsep.join([*folders, os.environ.get("PATH", "")]),
        dot,
        format,
        layout,
    )


def system_dot(dot: str, format: str, layout: str) -> bytes:
    """The machine's own Graphviz: all formats, pdf too."""
    return _run("dot", os.environ.get("PATH", ""), dot, format, layout)


engines: list[Callable[[str, str, str], bytes]] = [graphviz_pure, system_dot]


def _run(name: str, path: str, dot: str, format: str, layout: str) -> bytes:
    program = shutil.which(name, path=path)
    if program is None:
        raise FileNotFoundError("not installed")
    done = subprocess.run(
        [program, f"-K{layout}", f"-T{format}"],
        input=dot.encode(),
        capture_output=True,
        timeout=SECONDS,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # on Windows, no black flash
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace").strip())
    return done.stdout
