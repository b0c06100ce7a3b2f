"""Every quiz of every lesson: well made, explained, and asked in its lesson before the answer."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

import lessonkit.quizzes
from lessonkit import quiz
from lessonkit.quizzes import Quiz, Right, Wrong, quizzes_of

ROOT = Path(__file__).parents[2]
LESSONS = sorted(
    file.stem.removeprefix("lesson_")
    for file in Path(lessonkit.quizzes.__file__).parent.glob("lesson_*.py")
)
QUIZZES = [one for lesson in LESSONS for one in quizzes_of(lesson).values()]
every_quiz = pytest.mark.parametrize("one", QUIZZES, ids=lambda one: one.key)


class Elements(HTMLParser):
    """Counts opened elements, and demands that each is closed in its turn."""

    def __init__(self, text):
        super().__init__()
        self.opened, self.open = [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.opened.append(tag)
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def cells(lesson):
    (path,) = (ROOT / "notebooks").glob(f"{lesson}_*.ipynb")
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in found]


@every_quiz
def test_its_html_has_an_element_to_open_for_each_choice(one):
    assert Elements(one._repr_html_()).opened.count("details") == len(one.choices)


@every_quiz
def test_each_choice_is_explained_and_differs(one):
    assert len({choice.text for choice in one.choices}) == len(one.choices)
    assert all(choice.why.rstrip().endswith((".", "?", "`")) for choice in one.choices)


@every_quiz
def test_backticks_and_stars_come_in_pairs(one):
    for text in [one.question, *(t for c in one.choices for t in (c.text, c.why))]:
        assert text.count("`") % 2 == 0
        assert "**" not in "".join(outside_code(text))


def outside_code(text):
    html = lessonkit.quizzes.marked_up(text)
    return [piece.partition("</code>")[2] for piece in ("</code>" + html).split("<code>")]


@every_quiz
def test_its_lesson_asks_it_once_in_a_cell_of_its_own(one):
    assert cells(one.key[:2]).count(f'quiz("{one.key}")') == 1


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_letters_follow_the_order_of_the_lesson(lesson):
    asked = [cell for cell in cells(lesson) if cell.startswith("quiz(")]
    assert asked == [f'quiz("{key}")' for key in quizzes_of(lesson)]
    assert [key[3:] for key in quizzes_of(lesson)] == list("abcdefghijkl"[: len(asked)])


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_right_choice_is_not_always_at_the_same_place(lesson):
    places = {[c.right for c in one.choices].index(True) for one in quizzes_of(lesson).values()}
    assert len(places) > 1


def test_a_terminal_shows_the_choices_and_not_which_is_right():
    one = Quiz("99.a", "1 + 1?", Wrong("1", "No."), Right("2", "Yes."))
    assert repr(one) == "Predict. 1 + 1?\nA. 1\nB. 2"


def test_what_looks_like_html_is_shown_as_text():
    one = Quiz("99.a", "Is `a < b` <i>?", Wrong("1", "&."), Right("2", "**Yes**."))
    html = one._repr_html_()
    assert "<code>a &lt; b</code> &lt;i&gt;?" in html
    assert "&amp;." in html and "<b>Yes</b>." in html


@pytest.mark.parametrize("right", [0, 2])
def test_not_exactly_one_right_choice_is_refused(right):
    with pytest.raises(ValueError, match="one of them right"):
        Quiz("99.a", "?", Wrong("1", "."), *[Right(str(i), ".") for i in range(right)])


@pytest.mark.parametrize("key", ["01.z", "99.a", "", 1, None, [], "01.1"])
def test_a_quiz_that_is_not_there_is_answered_in_a_sentence(key, capsys):
    assert quiz(key) is None
    assert capsys.readouterr().out.startswith("There is no quiz ")
