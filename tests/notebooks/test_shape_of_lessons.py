"""What every lesson has: "Adding a lesson" in CONTRIBUTING.md. A failure says what to do.

These tests see the shape alone; whether a lesson teaches, a reader must say.
"""

import ast
import re

import pytest
from lessons import LESSONS, OUR_IMPORT, code_cells, pictures, printed, read, tags

TITLE = re.compile(r"# (\d+)\. (.+)")
MINUTES = re.compile(r"\*\*Time:\*\* (\d+) minutes\. \*\*Builds on:\*\* \S")
RECAP = re.compile(r"^## Recap$(.*?)^## ", re.MULTILINE | re.DOTALL)
ANSWER = re.compile(r"<details>\s*<summary>Answer</summary>\s*\S.*?</details>", re.DOTALL)
MOVING = {"stepper", "Descent", "Playground", "interact", "interactive", "interactive_output"}
IMPORTS = (
    "import matplotlib.pyplot as plt",
    "import numpy as np",
    "from ipywidgets import interact",
    OUR_IMPORT,
    "from viz import ",
    "from lessonkit import ",
)


def markdown(lesson):
    return "\n\n".join(cell.source for cell in read(lesson).cells if cell.cell_type == "markdown")


def sources(lesson):
    return [cell.source for cell in code_cells(read(lesson))]


def own_number(lesson):
    return lesson.name[:2]


def minutes(lesson):
    found = MINUTES.search(markdown(lesson))
    assert found, 'write "**Time:** 30 minutes. **Builds on:** ..." under the objectives'
    return int(found.group(1))


def calls(source):
    """The names of the functions that a cell calls."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # shown on purpose, or a line of IPython's own
        return set()
    nodes = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    nodes += [
        line.func if isinstance(line, ast.Call) else line
        for node in ast.walk(tree)
        for line in getattr(node, "decorator_list", [])
    ]
    return {getattr(node, "id", getattr(node, "attr", None)) for node in nodes}


def lines_to_read(source):
    """The lines of a cell's code: not the empty ones, not comments, not the call of a check."""
    written = source.partition("\ncheck(")[0].splitlines()
    return [line for line in written if line.strip() and not line.strip().startswith("#")]


def test_there_are_twelve_lessons_numbered_from_one():
    assert [own_number(lesson) for lesson in LESSONS] == [f"{n:02}" for n in range(1, 13)]


def test_opens_with_its_number_its_name_and_a_sentence(lesson):
    title, _, rest = read(lesson).cells[0].source.partition("\n")
    found = TITLE.fullmatch(title)
    assert found and int(found.group(1)) == int(own_number(lesson)), 'begin with "# 4. Its name"'
    assert re.match(r"\n\*[^*\n]+[.?]\*\n", rest), "put one sentence in italics under the title"


def test_names_three_to_five_objectives(lesson):
    text = read(lesson).cells[0].source
    assert "After this lesson you can\n\n" in text, 'write "After this lesson you can"'
    numbers = re.findall(r"^(\d+)\. ", text.partition("After this lesson you can")[2], re.MULTILINE)
    assert numbers in [[str(n) for n in range(1, last + 1)] for last in (3, 4, 5)], (
        "number three to five objectives: 1., 2., 3."
    )


def test_takes_twenty_to_forty_minutes(lesson):
    assert 20 <= minutes(lesson) <= 40


def test_has_no_more_text_than_its_minutes_allow(lesson):
    words, allowed = len(markdown(lesson).split()), 80 * minutes(lesson)
    assert words <= allowed, f"{words} words: shorten it to {allowed}, or give it more minutes"


def test_begins_with_a_cell_of_imports_in_the_same_order_everywhere(lesson):
    lines = [line for line in sources(lesson)[0].splitlines() if re.match("(import|from) ", line)]
    places = [
        next((i for i, known in enumerate(IMPORTS) if line.startswith(known)), None)
        for line in lines
    ]
    assert None not in places, f"import other modules where they are used: {lines}"
    assert places == sorted(set(places)), f"bring the imports into the order of the others: {lines}"


def test_imports_in_its_first_cell_only_what_it_uses(lesson):
    first, *others = sources(lesson)
    tree = ast.parse(first)
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [alias.asname or alias.name for node in imports for alias in node.names]
    later = "\n".join([first[first.rindex("import") :], *others])
    unused = [name for name in names if not re.search(rf"\b{name}[.(]", later)]
    assert unused == [], "take these out of the set-up cell"


def test_asks_four_to_eight_quizzes(lesson):
    asked = [source for source in sources(lesson) if source.startswith("quiz(")]
    assert 4 <= len(asked) <= 8, f"{len(asked)} cells are quizzes"


def test_asks_no_question_with_letters_outside_a_quiz(lesson):
    found = re.findall(r"^- [A-E]\. .*|^\*\*[A-E]\.\*\*.*", markdown(lesson), re.MULTILINE)
    assert found == [], "make a quiz of this list, or of this answer: lessonkit/quizzes says how"


def test_sets_two_exercises_or_more_under_headings(lesson):
    keys = re.findall(r'^check\("(\d\d\.\d)"', "\n".join(sources(lesson)), re.MULTILINE)
    assert keys == [f"{own_number(lesson)}.{n}" for n in range(1, len(keys) + 1)]
    assert len(keys) >= 2, "set at least two exercises"
    headings = re.findall(r"^#+ Make: exercise (\d\d\.\d)", markdown(lesson), re.MULTILINE)
    assert headings == keys, 'give each exercise a heading: "### Make: exercise 04.1"'


@pytest.mark.parametrize("word", ["Investigate", "Modify"])
def test_lets_the_learner_do_more_than_run_cells(lesson, word):
    assert f"**{word}" in markdown(lesson) or re.search(rf"^#+ {word}", markdown(lesson), re.M), (
        f"ask the learner to do something in a paragraph that begins **{word}.**"
    )


def test_shows_a_picture_every_five_minutes(lesson):
    shown = sum(bool(pictures(cell)) for cell in code_cells(read(lesson)))
    assert shown >= minutes(lesson) / 5, f"{shown} cells show a picture: one every five minutes"


def test_goes_on_nowhere_long_without_a_picture(lesson):
    """A third of the text of a lesson is about ten minutes."""
    gap, longest = 0, (0, "")
    for cell in read(lesson).cells:
        shows = cell.cell_type == "code" and pictures(cell)
        gap = 0 if shows else gap + len(cell.source.split()) * (cell.cell_type == "markdown")
        longest = max(longest, (gap, cell.source[:200]))
        if cell.source.startswith("## Recap"):
            break
    whole = len(markdown(lesson).split())
    assert longest[0] <= whole / 3, f"{longest[0]} words without a picture end at: {longest[1]}"


def test_has_something_that_moves(lesson):
    moving = [
        cell for cell in code_cells(read(lesson)) if calls(cell.source) & MOVING and cell.outputs
    ]
    assert moving, "add a stepper, a Descent, a Playground or a slider (ipywidgets.interact)"


def test_shows_no_more_than_fifteen_lines_of_code_in_a_cell(lesson):
    long = [source for source in sources(lesson) if len(lines_to_read(source)) > 15]
    assert long == [], "split this cell, or shorten it to fifteen lines"


def test_runs_a_common_mistake_for_real(lesson):
    assert any("raises-exception" in tags(cell) for cell in code_cells(read(lesson))), (
        "run a common mistake in a cell tagged raises-exception, and say how to mend it"
    )


def test_prints_the_dot_text_of_a_graph(lesson):
    assert any("digraph" in printed(cell) for cell in code_cells(read(lesson))), (
        "print the text of one small graph: print(make_dot(loss).source)"
    )


def test_asks_five_questions_at_its_end_each_with_an_answer(lesson):
    found = RECAP.search(markdown(lesson))
    assert found, 'end with "## Recap", and with other sections after it'
    _, *pieces = re.split(r"^\*\*(\d)\.\*\* ", found.group(1), flags=re.MULTILINE)
    assert pieces[::2] == list("12345"), 'number five questions: "**1.** ..."'
    unanswered = [piece for piece in pieces[1::2] if not ANSWER.search(piece)]
    assert unanswered == [], "answer it in <details><summary>Answer</summary>"


def test_ends_with_recap_progress_new_words_pytorch_and_the_next_lesson_in_this_order(lesson):
    text = "\n\n".join(cell.source for cell in read(lesson).cells)
    ends = [
        "## Recap",
        f'progress("{own_number(lesson)}")',
        "## New words",
        "## The same in PyTorch",
        "**Next:**",
    ]
    places = [f"\n{text}".find(f"\n{end}") for end in ends]
    missing = [end for end, place in zip(ends, places, strict=True) if place < 0]
    assert missing == [], "add this, at the beginning of a line"
    assert places == sorted(places), f"bring these into this order: {ends}"


def test_explains_its_new_words_in_a_table(lesson):
    section = markdown(lesson).partition("\n## New words\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| .+ \| .+ \|$", section, re.MULTILINE)
    assert rows[:1] == ["| word | meaning |"], 'begin the table with "| word | meaning |"'
    assert len(rows) > 3, "explain the new words, one in each row"


def test_names_the_lesson_that_comes_next(lesson):
    number = int(own_number(lesson)) + 1
    said = re.search(r"^\*\*Next:\*\* (.+)", markdown(lesson), re.MULTILINE)
    assert said, 'end with "**Next:** lesson 5, *Its name*: what it is about."'
    if number > len(LESSONS):
        return
    title = TITLE.match(read(LESSONS[number - 1]).cells[0].source).group(2)
    assert said.group(1).startswith(f"lesson {number}, *{title.rstrip('.')}"), (
        f'name it as it is: "**Next:** lesson {number}, *{title}*"'
    )
