"""The quizzes of all lessons, one module per lesson, found by the first part of their key.

A quiz asks for a prediction, before the cell that answers it. Each choice opens and says why it is
right, or why it tempts and is wrong. That is HTML's own `details`: it works with the keyboard, in a
page without a kernel, and without any script.

How to write a quiz
-------------------
Lesson 04's quizzes live in `lesson_04.py`, which holds one list named QUIZZES:

    from lessonkit.quizzes import Quiz, Right, Wrong

    QUIZZES = [
        Quiz(
            "04.a",                                # lesson, dot, a letter in reading order
            "The gradient of `w` is -4. Where is `w` after one step with `lr = 0.1`?",
            Wrong("0.6", "This goes with the gradient, uphill: the loss would grow."),
            Right("1.4", "1 - 0.1 * (-4) = 1.4: against the sign of the gradient."),
            Wrong("5", "This goes the right way, and forgets the learning rate."),
        ),
    ]

- Two to five choices, exactly one of them right, and not always at the same place.
- The explanation of a wrong choice says what makes it tempting, and where that thought breaks. It
  does not tell the right choice: a reader may guess again.
- Plain text. Between backticks stands code, between two stars what is **bold**.
"""

import re
from dataclasses import dataclass
from html import escape

from lessonkit.lookup import of_lesson

LOOKS = """<style>
.lesson-quiz { max-width: 44em; margin: .5em 0; line-height: 1.5; }
.lesson-quiz details { margin: .3em 0; border: 1px solid #8888; border-radius: 4px; }
.lesson-quiz summary { padding: .3em .7em; cursor: pointer; }
.lesson-quiz summary:hover { background: #8882; }
.lesson-quiz details > div { padding: .3em .7em .5em 1.9em; border-top: 1px solid #8884; }
</style>"""


@dataclass(frozen=True)
class Choice:
    """One answer to choose, and what there is to say about it."""

    text: str
    why: str
    right: bool


def Right(text: str, why: str) -> Choice:
    """Return the right choice."""
    return Choice(text, why, True)


def Wrong(text: str, why: str) -> Choice:
    """Return a choice that tempts."""
    return Choice(text, why, False)


class Quiz:
    """A question with two to five choices. A notebook shows it as HTML, a terminal as text.

    Raises:
        ValueError: there are too few or too many choices, or not exactly one is right.
    """

    def __init__(self, key: str, question: str, *choices: Choice) -> None:
        if not 2 <= len(choices) <= 5 or sum(choice.right for choice in choices) != 1:
            raise ValueError(f"quiz {key}: it needs two to five choices, one of them right")
        self.key, self.question, self.choices = key, question, choices

    def __repr__(self) -> str:
        lines = [f"{letter}. {choice.text}" for letter, choice in zip("ABCDE", self.choices)]
        return "\n".join([f"Predict. {self.question}", *lines])

    def _repr_html_(self) -> str:
        answers = "\n".join(
            f"<details><summary>{letter}. {marked_up(choice.text)}</summary>"
            f"<div><b>{'Right.' if choice.right else 'Not this one.'}</b> "
            f"{marked_up(choice.why)}</div></details>"
            for letter, choice in zip("ABCDE", self.choices)
        )
        # JupyterLab would take Enter for itself: the attribute tells it to leave the keys here.
        return (
            f'{LOOKS}\n<div class="lesson-quiz" data-lm-suppress-shortcuts="true">\n'
            f"<div><b>Predict.</b> {marked_up(self.question)}</div>\n{answers}\n</div>"
        )


def marked_up(text: str) -> str:
    """Return text as HTML.

    Example:
        >>> marked_up("Is `a < b` **always** true?")
        'Is <code>a &lt; b</code> <b>always</b> true?'
    """
    pieces = escape(text, quote=False).split("`")
    plain = [re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", piece) for piece in pieces[::2]]
    code = [f"<code>{piece}</code>" for piece in pieces[1::2]]
    return "".join(piece for pair in zip(plain, [*code, ""]) for piece in pair)


def quizzes_of(lesson: str) -> dict[str, Quiz]:
    """Return the quizzes of a lesson ("04") by key; none if there is no such lesson.

    Example:
        >>> sorted(quizzes_of("99"))
        []
    """
    return of_lesson("quizzes", lesson)
