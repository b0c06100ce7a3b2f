"""Every link and picture of the documents and the notebooks leads to something that is there."""

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("b*/*.md"), *ROOT.glob("notebooks/*.ipynb")])
# Each address outside this repository that a reader is sent to. Few, for they die one by one.
OUTSIDE: set[str] = set()

FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(`+).+?\1", re.DOTALL)
TARGETS = (
    re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)"),  # [text](target "title")
    re.compile(r"^\[[^\]]+\]:\s*(\S+)", re.MULTILINE),  # [name]: target
    re.compile(r"<(https?://[^>\s]+)>"),
    re.compile(r"""(?:href|src)=["']([^"']+)["']"""),
)
HEADING = re.compile(r"^#+ (.+?)\s*#*$", re.MULTILINE)
ANCHOR = re.compile(r"""(?:id|name)=["']([^"']+)["']|^\(([\w-]+)\)=$""", re.MULTILINE)

every_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix()
)


def text_of(document):
    """The Markdown of a file, without blocks of code."""
    text = document.read_text(encoding="utf-8")
    if document.suffix == ".ipynb":
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown"]
        text = "\n\n".join("".join(cell["source"]) for cell in cells)
    return FENCED.sub("", text)


def links(document):
    text = CODE.sub("", text_of(document))
    return [target for pattern in TARGETS for target in pattern.findall(text)]


def anchors(document):
    """What can stand behind # in a link to a file: GitHub's names, JupyterLab's, and given ones."""
    text = text_of(document)
    found = {name for pair in ANCHOR.findall(text) for name in pair}
    for heading in HEADING.findall(text):
        found.add(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-"))
        found.add(heading.replace(" ", "-"))
    return found


def is_outside(target):
    return re.match(r"[a-zA-Z][\w+.-]*:|//", target) is not None


@every_document
def test_each_link_inside_leads_to_a_file_and_a_place_that_are_there(document):
    for target in filter(lambda link: not is_outside(link), links(document)):
        path, _, anchor = unquote(target).partition("#")
        there = (document.parent / path).resolve() if path else document
        assert there.exists(), f"{target}: there is no such file"
        assert there.is_relative_to(ROOT), f"{target}: leads out of the repository"
        assert not anchor or anchor in anchors(there), f"{target}: there is no such heading"


@every_document
def test_each_link_outside_is_in_the_list_and_encrypted(document):
    for target in filter(is_outside, links(document)):
        assert target.startswith("https://"), f"{target}: only https"
        assert target in OUTSIDE, f"{target}: do without it, or add it to OUTSIDE in this file"


def test_the_list_of_links_outside_is_short_and_has_nothing_that_is_not_used():
    assert {link for document in DOCUMENTS for link in links(document)} >= OUTSIDE
    assert len(OUTSIDE) <= 10


def test_a_broken_link_a_missing_heading_and_a_strange_address_are_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# One heading\n`[no](link)` [a](#one-heading) ![b](gone.png)\n```\n[no](link)\n```\n"
        "<https://x.example> <img src='c.png'> [d](page.md#two \"title\")\n[e]: http://e.example\n"
    )
    assert sorted(links(page)) == [
        "#one-heading",
        "c.png",
        "gone.png",
        "http://e.example",
        "https://x.example",
        "page.md#two",
    ]
    assert "one-heading" in anchors(page) and "two" not in anchors(page)
    assert is_outside("mailto:a@b.example") and not is_outside("data/a:b.csv")
