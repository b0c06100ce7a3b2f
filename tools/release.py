"""Build a release in dist/ and check it: make release [ARGS="--tag v1.2.3"]

dist/ then holds the sdist and the wheel, and the book three times: as a site with the edition that
runs in the browser, as EPUB and as PDF. Nothing is published. What fails is told in one sentence.
"""

import argparse
import os
import posixpath
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
BUILD = ROOT / "build"
BOOK = BUILD / "book"
PYTHON = sys.executable


def main(arguments: list[str]) -> None:
    """Build everything, and check everything."""
    parser = argparse.ArgumentParser(description="Build a release in dist/ and check it.")
    parser.add_argument("--tag", help="the tag that names the release: it must fit the version")
    tag = parser.parse_args(arguments).tag
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    check_version(version, tag, read("CHANGELOG.md"))
    shutil.rmtree(DIST, ignore_errors=True)
    build_package()
    try_wheel(next(DIST.glob("*.whl")))
    build_book(f"tinygrad_edu-{version}")
    check_site(next(DIST.glob("*.zip")), sorted((ROOT / "notebooks").glob("*.ipynb")))
    check_epub(next(DIST.glob("*.epub")))
    for file in sorted(DIST.iterdir()):
        check_paths(file, (str(ROOT), f"{Path.home()}{os.sep}"))
        print(f"{file.stat().st_size / 1e6:8.2f} MB  {file.relative_to(ROOT)}")


def read(name: str) -> str:
    """Return the text of a file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def run(what: str, *command: str | Path, **environment: str) -> None:
    """Run a command, or stop with a sentence that says what it was for."""
    told = subprocess.run(list(map(str, command)), cwd=ROOT, env=os.environ | environment)
    if told.returncode:
        stop(f"{what} failed, as said above")


def stop(why: str) -> None:
    """End with one sentence."""
    sys.exit(f"There is no release: {why}.")


def check_version(version: str, tag: str | None, changelog: str) -> None:
    """Stop unless the version is the same everywhere, and a tag fits it and what is told of it."""
    if tag and tag != f"v{version}":
        stop(f"the tag is {tag}, and pyproject.toml has the version {version}")
    if tag and f"## {version} (not yet released)" in changelog:
        stop(f"CHANGELOG.md says that {version} is not yet released; write the date there")
    test = "tests/test_repository.py::test_the_version_is_the_same_everywhere"
    run("the comparison of the versions", PYTHON, "-m", "pytest", "-q", test)


def build_package() -> None:
    """Make the sdist, and the wheel from it, which must be the wheel of this checkout too."""
    run("the build of the package", PYTHON, "-m", "build", "--outdir", DIST)
    here = BUILD / "wheel-of-the-checkout"
    shutil.rmtree(here, ignore_errors=True)
    run("the build of the wheel", PYTHON, "-m", "build", "--wheel", "--outdir", here)
    compare(next(DIST.glob("*.whl")), next(here.glob("*.whl")))
    run("the check by twine", PYTHON, "-m", "twine", "check", "--strict", *DIST.iterdir())


def compare(wheel: Path, other: Path) -> None:
    """Stop unless two wheels hold the same files."""
    first, second = dict(members(wheel)), dict(members(other))
    differing = sorted(
        name for name in first.keys() | second if first.get(name) != second.get(name)
    )
    if differing:
        stop(f"the wheels of the sdist and of the checkout differ in {', '.join(differing)}")


def members(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each file in a zip or tar archive."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as files:
            yield from ((name, files.read(name)) for name in files.namelist())
    elif tarfile.is_tarfile(archive):
        with tarfile.open(archive) as files:
            for file in filter(tarfile.TarInfo.isfile, files):
                yield file.name, files.extractfile(file).read()


def try_wheel(wheel: Path) -> None:
    """Run the lessons where nothing but the wheel is installed."""
    folder = BUILD / "venv-wheel"
    venv.create(folder, clear=True, with_pip=True)
    python = folder / "bin" / "python"
    install = ["-m", "pip", "install", "-qq", "--only-binary", ":all:", f"{wheel}[lab]"]
    run("the installation of the wheel", python, *install)
    check = ["-m", "pytest", "-q", "-n", "2", "tests/notebooks/wheel_check.py"]
    run("a lesson from the wheel", PYTHON, *check, LESSONS_PYTHON=str(python))


def build_book(name: str) -> None:
    """Make the site, the EPUB and the PDF."""
    shutil.rmtree(BOOK / "html", ignore_errors=True)
    run("the site", "make", "site", "ARGS=")
    run("the EPUB or the PDF", "make", "book", "ARGS=epub pdf")
    shutil.make_archive(str(DIST / f"{name}-site"), "zip", BOOK / "html")
    shutil.copy(next((BOOK / "epub").glob("*.epub")), DIST / f"{name}.epub")
    shutil.copy(BOOK / "tinygrad_edu.pdf", DIST / f"{name}.pdf")


def check_site(archive: Path, lessons: list[Path]) -> None:
    """Stop unless each lesson is in the site: as a page, and to be run in the browser."""
    with zipfile.ZipFile(archive) as site:
        there = set(site.namelist())
    pages = [f"lessons/{lesson.stem}.html" for lesson in lessons]
    wanted = {"index.html", *pages, *(f"live/files/{lesson.name}" for lesson in lessons)}
    if missing := sorted(wanted - there):
        stop(f"{archive.name} lacks {', '.join(missing)}")


def check_epub(archive: Path) -> None:
    """Stop if a page waits for a script to set its formulas, or leads to a file that is not there:
    readers of EPUB run no scripts, and have no network."""
    files = dict(members(archive))
    for name, page in files.items():
        if not name.endswith(".xhtml"):
            continue
        if b'class="math' in page:
            stop(f"{name} in {archive.name} has formulas in TeX")
        for link in re.findall(r'(?:href|src)="([^":#]+)["#]', page.decode()):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(link)))
            if target not in files:
                stop(f"{name} in {archive.name} leads to {link}, which is not there")


def check_paths(file: Path, paths: tuple[str, ...]) -> None:
    """Stop if a file, or one inside it, names a folder of this machine."""
    inside = list(members(file)) or [(file.name, file.read_bytes())]
    for name, content in inside:
        for path in paths:
            if path.encode() in content:
                stop(f"{name} in {file.name} names {path}, a folder of this machine")


if __name__ == "__main__":
    main(sys.argv[1:])
