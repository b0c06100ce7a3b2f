"""Packages of npm, for the pages and their tests: installed at build time, never committed."""

import subprocess
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "build" / "npm"


def package(name: str, version: str) -> Path:
    """Return the folder of a package, and get it with npm if it is not here yet.

    Args:
        name: its name, such as "pyodide".
        version: an exact version, or the beginning of one.

    Raises:
        FileNotFoundError: if there is no npm.
        subprocess.CalledProcessError: if npm cannot install it.
    """
    home = FOLDER / f"{name.replace('/', '-')}-{version}"
    if not (home / "installed").exists():
        command = ["npm", "install", "--silent", "--no-save", "--prefix", str(home)]
        subprocess.run([*command, f"{name}@{version}"], check=True)
        (home / "installed").touch()
    return home / "node_modules" / name
