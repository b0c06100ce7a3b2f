"""Build the edition that runs in a browser: python tools/live.py [--offline]

JupyterLite with the lessons, and a lock file from which Pyodide loads all that they import. Python
itself and what is compiled for it (NumPy, matplotlib) come from Pyodide's default address, or with
--offline, for tests alone, from the site; what is written in Python lies in the site, with its
bytecode.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path
from typing import Any

import nbformat
from jupyterlite_pyodide_kernel.constants import (
    LOAD_PYODIDE_OPTIONS,
    PYODIDE_CDN_URL,
    PYODIDE_KERNEL_NPM_NAME,
    PYODIDE_KERNEL_PLUGIN_ID,
    PYODIDE_PYTHON_VERSION,
    PYODIDE_VERSION,
)
from nbformat import NotebookNode
from npm import package

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "live"
SITE = ROOT / "build" / "book" / "html" / "live"
VIZ_JS = ("@viz-js/viz", "3.31.0")
# The Pyodide kernel installs these one after the other, unless they come with Pyodide.
KERNEL = ["micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython"]
LESSONS = ["numpy", "matplotlib", "ipywidgets", "anywidget", "tinygrad-edu"]
# Pyodide lacks these, and needs not those: the page shows widgets, viz.js draws, and matplotlib
# does without pytz.
ADDED = ["anywidget", "comm", "graphviz", "ipywidgets", "psygnal"]
NOT_NEEDED = {"jupyterlab-widgets", "widgetsnbextension", "graphviz-pure", "pytz"}
# The builds of NumPy and matplotlib for Pyodide lie in no index, but in this package.
CARRIER = "open-webui==0.12.4"
NOT_IN_A_BROWSER = (
    "*This cell needs more than a browser has. Here is its code, and what it shows on a computer:*"
)
ICON = '<link rel="icon" href="../../_static/icon.svg">'
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-qq"]
DOWNLOAD = [*PIP, "download", "--no-deps", "--only-binary=:all:"]

Package = dict[str, Any]


def build(offline: bool) -> None:
    """Build the site."""
    pyodide = package("pyodide", PYODIDE_VERSION)
    jupyterlite()
    packages = read_lock(pyodide / "pyodide-lock.json")
    wheels = python_wheels(packages)
    subprocess.run(["node", ROOT / "tools" / "bytecode.mjs", pyodide, wheels], check=True)
    if offline:
        compiled = carry(SITE / "static" / "pyodide", pyodide)
    else:
        compiled = {name: at(entry, PYODIDE_CDN_URL) for name, entry in packages.items()}
    here = SITE / "static" / "pyodide-lock"
    shutil.copytree(wheels, here)
    pure = [describe(wheel) for wheel in sorted(here.glob("*.whl"))]
    write_lock(here / "pyodide-lock.json", pyodide, compiled | {p["name"]: p for p in pure})
    shutil.copy(package(*VIZ_JS) / "dist" / "viz.js", SITE / "static")
    configure(offline)
    for page in SITE.glob("*/index.html"):
        text = page.read_text(encoding="utf-8").replace("<head>", f"<head>{ICON}", 1)
        page.write_text(text, encoding="utf-8")


def jupyterlite() -> None:
    """Let JupyterLite make its site, with the lessons in it."""
    shutil.rmtree(SITE, ignore_errors=True)
    shutil.rmtree(BUILD, ignore_errors=True)
    shutil.copytree(ROOT / "book" / "live", BUILD)
    lessons = BUILD / "lessons"
    unwanted = shutil.ignore_patterns(".*", "progress.json")
    shutil.copytree(ROOT / "notebooks", lessons, ignore=unwanted)
    for path in lessons.glob("*.ipynb"):  # JupyterLite takes a text in pieces for a list
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata.kernelspec.name = "python"
        notebook.cells = [shown(cell) if needs_more(cell) else cell for cell in notebook.cells]
        path.write_text(json.dumps(notebook), encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--no-sourcemaps"]
    command += ["--contents", str(lessons), "--output-dir", str(SITE)]
    done = subprocess.run(command, cwd=BUILD, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"JupyterLite could not build its site:\n{done.stdout}{done.stderr}")
    shutil.copytree(BUILD / "extension", SITE / "extensions" / "tinygrad-edu")


def needs_more(cell: NotebookNode) -> bool:
    """Tell whether a cell needs what no browser has: its tag says so."""
    return "no-browser" in cell.metadata.get("tags", [])


def shown(cell: NotebookNode) -> NotebookNode:
    """Return a code cell as a text: its code, and what is stored of what it showed."""
    pieces, pictures = [NOT_IN_A_BROWSER, f"```python\n{cell.source}\n```"], {}
    for number, output in enumerate(cell.outputs):
        data = output.get("data", {})
        text = output.get("text", data.get("text/plain", ""))
        if output.output_type == "error":
            text = f"{output.ename}: {output.evalue}"
        if "image/png" in data:
            pictures[f"{number}.png"] = {"image/png": data["image/png"]}
            pieces.append(f"![{text}](attachment:{number}.png)")
        else:
            pieces.append(f"```text\n{text.rstrip()}\n```")
    return nbformat.v4.new_markdown_cell("\n\n".join(pieces), id=cell.id, attachments=pictures)


def normal(name: str) -> str:
    """Return a package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_lock(path: Path) -> dict[str, Package]:
    """Return the packages of a lock file of Pyodide, by their names."""
    packages = json.loads(path.read_text(encoding="utf-8"))["packages"]
    return {normal(name): entry for name, entry in packages.items()}


def needed(packages: dict[str, Package]) -> set[str]:
    """Return the names of all packages of Pyodide's that ours need."""
    names: set[str] = set()
    left = [*KERNEL, *LESSONS, "typing-extensions"]
    while left:
        name = normal(left.pop())
        if name not in names | NOT_NEEDED and name in packages:
            names.add(name)
            left += packages[name]["depends"]
    return names


def python_wheels(packages: dict[str, Package]) -> Path:
    """Gather the wheels that are written in Python: Pyodide's, the kernel's, ours."""
    folder = BUILD / "wheels"
    kernels = SITE / "extensions" / PYODIDE_KERNEL_NPM_NAME / "static" / "pypi"
    folder.mkdir()
    for name in ("piplite", "ipykernel", "pyodide_kernel"):
        shutil.copy(next(kernels.glob(f"{name}-*.whl")), folder)
    pinned = [
        f"{name}=={packages[name]['version']}"
        for name in needed(packages)
        if packages[name]["file_name"].endswith("-none-any.whl")
    ]
    anywhere = ["--platform=any", f"--python-version={PYODIDE_PYTHON_VERSION}"]
    subprocess.run([*DOWNLOAD, *anywhere, "-d", str(folder), *pinned, *ADDED], check=True)
    subprocess.run([*PIP, "wheel", "--no-deps", "-w", str(folder), str(ROOT)], check=True)
    return folder


def describe(wheel: Path) -> Package:
    """Return what a lock file says of a wheel that lies beside it."""
    with zipfile.ZipFile(wheel) as packed:
        files = packed.namelist()
        place = next(name for name in files if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(packed.read(place).decode())
    python = [name for name in files if name.endswith((".py", ".pyc"))]
    modules = {re.sub(r"\.pyc?$", "", name.split("/")[0]) for name in python}
    needs = [each for each in metadata.get_all("Requires-Dist", []) if "extra ==" not in each]
    names = {normal(re.split(r"[^\w.-]", each)[0]) for each in needs}
    return {
        "name": normal(metadata["Name"]),
        "version": metadata["Version"],
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted(modules),
        "depends": sorted(names),
        "unvendored_tests": False,
    }


def at(entry: Package, address: str) -> Package:
    """Return an entry of a lock file whose wheel lies at another address."""
    return entry | {"file_name": f"{address}/{entry['file_name']}"}


def carry(folder: Path, pyodide: Path) -> dict[str, Package]:
    """Put Pyodide and what is compiled for it into `folder`; return what a lock says of it."""
    shutil.copytree(pyodide, folder, ignore=shutil.ignore_patterns("*.map", "*.html", "*.d.ts"))
    carrier = ROOT / "build" / "carrier"
    if not carrier.exists():
        subprocess.run(
            [*DOWNLOAD, "--python-version=3.11", "-d", str(carrier), CARRIER], check=True
        )
    with zipfile.ZipFile(next(carrier.glob("*.whl"))) as packed:
        inside = {Path(name).name: name for name in packed.namelist() if "/pyodide/" in name}
        packages = json.loads(packed.read(inside["pyodide-lock.json"]))["packages"]
        compiled = {
            normal(name): entry
            for name, entry in packages.items()
            if entry["file_name"].endswith("wasm32.whl") and entry["file_name"] in inside
        }
        for name in needed(compiled):
            file = compiled[name]["file_name"]
            (folder / file).write_bytes(packed.read(inside[file]))
    return {name: at(compiled[name], "../pyodide") for name in needed(compiled)}


def write_lock(path: Path, pyodide: Path, packages: dict[str, Package]) -> None:
    """Write the lock file that Pyodide reads."""
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    lock["packages"] = packages
    for entry in packages.values():
        depends = [normal(name) for name in entry["depends"]]
        entry["depends"] = [name for name in depends if name in packages.keys() - NOT_NEEDED]
    path.write_text(json.dumps(lock), encoding="utf-8")


def configure(offline: bool) -> None:
    """Tell JupyterLite which Pyodide to load, what with it, and of our extension."""
    path = SITE / "jupyter-lite.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    data = settings["jupyter-config-data"]
    extension = {"extension": "./extension", "load": "static/extension.js", "name": "tinygrad-edu"}
    data["federated_extensions"].append(extension)
    kernel = data["litePluginSettings"][PYODIDE_KERNEL_PLUGIN_ID]
    kernel[LOAD_PYODIDE_OPTIONS] = {
        "lockFileURL": "./static/pyodide-lock/pyodide-lock.json",
        "packages": KERNEL + LESSONS,
    }
    if offline:
        kernel |= {"pyodideUrl": "./static/pyodide/pyodide.mjs", "disablePyPIFallback": True}
        data["litePluginSettings"][PYODIDE_KERNEL_PLUGIN_ID] = kernel
    path.write_text(json.dumps(settings, indent=1), encoding="utf-8")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Build the edition that runs in a browser.")
    arguments.add_argument("--offline", action="store_true", help="put Pyodide in: for tests")
    build(arguments.parse_args().offline)
