"""Each program in the pages of the book runs, and prints what stands below it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROGRAM = re.compile(
    r"^```(?:\{code-block\} )?python\n(?::class: [\w-]+\n\n)?(.*?)^```$"
    r"(?:\n\n[^\n`]+\n\n```text\n(.*?)^```$)?",
    re.MULTILINE | re.DOTALL,
)


def programs():
    for page in sorted(ROOT.glob("book/*.md")):
        for program, prints in PROGRAM.findall(page.read_text(encoding="utf-8")):
            if "import tinygrad_edu" in program.replace("# was: import tinygrad_edu", ""):
                yield pytest.param(program, prints, id=f"{page.stem}-{len(program)}")


@pytest.mark.parametrize(("program", "prints"), list(programs()))
def test_a_program_of_the_book_prints_what_it_says(program, prints, capsys):
    exec(compile(program, "book", "exec"), {})
    assert capsys.readouterr().out == prints


def test_the_first_page_draws_its_picture_with_its_program():
    text = (ROOT / "book" / "index.md").read_text(encoding="utf-8")
    ((program, _),) = PROGRAM.findall(text)
    names = {}
    exec(compile(program.replace("make_dot(loss", "graph = make_dot(loss"), "book", "exec"), names)
    assert "11 boxes, 11 arrows" in names["graph"].source
    picture = (ROOT / "pictures" / "branching_graph.svg").read_text(encoding="utf-8")
    assert picture.count('class="node"') == 11 and picture.count('class="edge"') == 11
