"""Make the book: python tools/book.py [html] [epub] [pdf]

Gathers its pages in build/book/source, for HTML runs the lessons so that what moves is in the
pages, and calls Sphinx with warnings as errors. MathJax comes from npm, once.
"""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "book"
SOURCE = BUILD / "source"
MATHJAX = "mathjax@3"


def gather() -> None:
    """Copy what the book is made of."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    shutil.copytree(ROOT / "book", SOURCE)
    shutil.copytree(ROOT / "pictures", SOURCE / "pictures")
    shutil.copy(ROOT / "README.md", SOURCE / "readme.txt")  # a part of it is included
    unwanted = shutil.ignore_patterns(".*", "progress.json")
    shutil.copytree(ROOT / "notebooks", SOURCE / "lessons", ignore=unwanted)
    for page in SOURCE.rglob("*.md"):  # their links hold in the repository
        text = page.read_text(encoding="utf-8").replace("](../notebooks/", "](lessons/")
        page.write_text(text.replace("](../pictures/", "](pictures/"), encoding="utf-8")
    for part in ("tex-chtml.js", "output/chtml/fonts"):
        copy(mathjax() / part, SOURCE / "_static" / "mathjax" / part)


def copy(source: Path, target: Path) -> None:
    """Copy a file or a folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    (shutil.copytree if source.is_dir() else shutil.copy)(source, target)


def mathjax() -> Path:
    """Return the folder of MathJax, and get it from npm if it is not here yet."""
    folder = BUILD / "javascript"
    if not (folder / "node_modules").exists():
        install = ["npm", "install", "--silent", "--no-save", "--prefix", str(folder), MATHJAX]
        subprocess.run(install, check=True)
    return folder / "node_modules" / "mathjax" / "es5"


def run_lessons() -> None:
    """Run each lesson of the book, two at a time, and store what it shows in a page."""
    lessons = sorted(SOURCE.glob("lessons/*.ipynb"))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run_lesson, lessons))


def run_lesson(lesson: Path) -> None:
    """Run one."""
    environment = os.environ | {"VIZ_PAGES": "1", "LESSONKIT_PROGRESS": str(BUILD / "nobody.json")}
    command = [sys.executable, str(ROOT / "tools" / "store_outputs.py"), str(lesson)]
    subprocess.run(command, check=True, env=environment)


def sphinx(builder: str) -> None:
    """Let Sphinx make one kind of book."""
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-j", "2"]
    command += ["-d", str(BUILD / "doctrees"), "-b", builder, str(SOURCE), str(BUILD / builder)]
    subprocess.run(command, check=True)


def pdf() -> None:
    """Let Chromium print the book that is one page."""
    sphinx("singlehtml")
    found = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    chromium = next(path for path in found if path)
    page = (BUILD / "singlehtml" / "index.html").as_uri()
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command += ["--virtual-time-budget=60000", f"--print-to-pdf={BUILD / 'tinygrad_edu.pdf'}", page]
    subprocess.run(command, check=True, capture_output=True)


def main(kinds: list[str]) -> None:
    """Make the kinds of book that are named: html, epub, pdf."""
    for kind in kinds:
        gather()
        if kind == "html":  # the others show the stored pictures
            run_lessons()
        pdf() if kind == "pdf" else sphinx(kind)
    print(f"The book is in {BUILD}")


if __name__ == "__main__":
    main(sys.argv[1:] or ["html"])
