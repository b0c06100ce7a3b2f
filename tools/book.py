"""Make the book: python tools/book.py [html] [epub] [pdf] [--live]

Gathers its pages in build/book/source, for HTML runs the lessons so that what moves is in the
pages, and calls Sphinx with warnings as errors. MathJax comes from npm, once. With --live the
pages lead to the edition that runs in the browser, which tools/live.py puts beside them.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from textwrap import shorten
from typing import Any
from xml.etree import ElementTree

import npm

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "book"
SOURCE = BUILD / "source"
SVG = "{http://www.w3.org/2000/svg}"


def gather(kind: str) -> None:
    """Copy what a kind of book is made of."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    shutil.copytree(ROOT / "book", SOURCE)
    shutil.copytree(ROOT / "pictures", SOURCE / "pictures")
    shutil.copy(ROOT / "README.md", SOURCE / "readme.txt")  # a part of it is included
    copy_lessons(SOURCE / "lessons")
    for page in SOURCE.rglob("*.md"):  # their links hold in the repository
        text = page.read_text(encoding="utf-8").replace("](../notebooks/", "](lessons/")
        page.write_text(text.replace("](../pictures/", "](pictures/"), encoding="utf-8")
    for part in ("tex-chtml.js", "output/chtml/fonts") if kind != "epub" else ():
        mathjax = npm.package("mathjax", "3") / "es5"
        copy(mathjax / part, SOURCE / "_static" / "mathjax" / part)


def copy_lessons(folder: Path) -> None:
    """Copy the lessons and their data, as they are in the repository."""
    unwanted = shutil.ignore_patterns(".*", "progress.json")
    shutil.copytree(ROOT / "notebooks", folder, ignore=unwanted, dirs_exist_ok=True)


def copy(source: Path, target: Path) -> None:
    """Copy a file or a folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    (shutil.copytree if source.is_dir() else shutil.copy)(source, target)


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


def describe_pictures() -> None:
    """Say in words, for readers who do not see them, what the pictures of the lessons show."""
    plots = tomllib.loads((SOURCE / "pictures.toml").read_text(encoding="utf-8"))
    for lesson in SOURCE.glob("lessons/*.ipynb"):
        notebook = json.loads(lesson.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            for output in cell.get("outputs", []):
                if words := in_words(output.get("data", {}), cell["id"], plots):
                    cell["metadata"]["mystnb"] = {"image": {"alt": words}}
        lesson.write_text(json.dumps(notebook), encoding="utf-8")


def in_words(shown: dict[str, Any], cell: str, plots: dict[str, str]) -> str | None:
    """Return what the picture of a cell shows; None where there is none."""
    if "image/svg+xml" in shown:
        name = "".join(shown["text/plain"]).partition(": run the cell")[0]
        return graph_in_words("".join(shown["image/svg+xml"]), name)
    if "image/png" not in shown:
        return None
    if cell not in plots:
        sys.exit(f"The plot of cell {cell} has no words in book/pictures.toml: write them.")
    return plots[cell]


def graph_in_words(drawing: str, name: str) -> str:
    """Return what Graphviz drew: its label, and which box leads to which."""
    picture = ElementTree.fromstring(drawing)
    boxes, arrows = {}, []
    for group in picture.iter(f"{SVG}g"):
        title = group.findtext(f"{SVG}title", "")
        if group.get("class") == "node":
            boxes[title] = " ".join(text.text or "" for text in group.iter(f"{SVG}text"))
        elif group.get("class") == "edge":
            arrows.append([end.partition(":")[0] for end in title.split("->")])
    said = [" to ".join(boxes.get(box, box) for box in arrow) for arrow in reversed(arrows)]
    label = picture.get("aria-label") or name
    told = [label, *dict.fromkeys(said or boxes.values())]
    return shorten("; ".join(told), 800, placeholder=" and more")


def sphinx(builder: str, *options: str) -> None:
    """Let Sphinx make one kind of book, afresh: what was there before may have lost its source."""
    shutil.rmtree(BUILD / builder, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-j", "2", *options]
    command += ["-d", str(BUILD / "doctrees"), "-b", builder, str(SOURCE), str(BUILD / builder)]
    subprocess.run(command, check=True)


def pdf() -> None:
    """Let Chromium print the book that is one page."""
    sphinx("singlehtml")
    found = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    chromium = next(path for path in found if path)
    page = (BUILD / "singlehtml" / "index.html").as_uri()
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command += ["--generate-pdf-document-outline", "--virtual-time-budget=60000"]
    command += [f"--print-to-pdf={BUILD / 'tinygrad_edu.pdf'}", page]
    subprocess.run(command, check=True, capture_output=True)


def main() -> None:
    """Make the kinds of book that are named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("kinds", nargs="*", default=["html"], help="html, epub, pdf")
    parser.add_argument("--live", action="store_true", help="lead to the edition in the browser")
    given = parser.parse_args()
    for kind in given.kinds:
        gather(kind)
        if kind == "html":  # the others show the stored pictures
            run_lessons()
        describe_pictures()
        live = ["-t", "live"] if given.live and kind == "html" else []
        formulas = ["-D", "html_math_renderer=mathml"] if kind == "epub" else []
        pdf() if kind == "pdf" else sphinx(kind, *live, *formulas)
        if kind == "html":  # what "Download the notebook" leads to
            copy_lessons(BUILD / "html" / "lessons")
    print(f"The book is in {BUILD}")


if __name__ == "__main__":
    main()
