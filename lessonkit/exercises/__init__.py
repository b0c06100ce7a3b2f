'''The exercises of all lessons, one module per lesson, found by the first part of their key.

How to write an exercise
------------------------
Lesson 04's exercises live in `lesson_04.py`, which holds one list named EXERCISES:

    from lessonkit.exercises import Case, Exercise
    from lessonkit.judges import tensor_of

    EXERCISES = [
        Exercise(
            key="04.1",                          # lesson, dot, number
            title="Mean squared error",
            name="mean_squared_error",           # the name that stub and solution define
            stub="""
                def mean_squared_error(y, yhat):
                    # Square the differences, then take their mean.
                    ...
            """,
            cases=[
                Case(
                    "y = [1., 2.], yhat = [1., 4.]",
                    tensor_of(2.0),
                    lambda torch: (torch.tensor([1.0, 2.0]), torch.tensor([1.0, 4.0])),
                ),
            ],
            hints=["First hint.", "Second hint.", "Third hint: nearly there."],
            solution="""
                def mean_squared_error(y, yhat):
                    return ((y - yhat) ** 2).mean()
            """,
        ),
    ]

- Stub and solution are indented as reads best; the common indent and outer empty lines are cut.
  They may use `torch` and nothing else from outside. The stub must run, and must fail.
- `about` describes the case in the learner's words, in one line. It may be shown at any time.
- `arguments` builds fresh inputs with the `torch` of the learner. `arguments=None` (the default)
  means that the answer is a value, not a function: `check("04.2", line)` judges `line` itself.
- `judge` is a function `judge(answer, arguments) -> str | None`: None for a good answer, else a
  sentence that does not give the answer away. lessonkit.judges has tensor_of, number, exactly,
  each_of and item; write your own function next to EXERCISES for anything else, such as a look at
  `arguments[0].grad` or at a graph. Before a judge is called, None, `...` and a function in the
  place of a value have been answered, and an error inside a judge becomes a sentence. Builders
  and judges run with gradients on, and within the time limit that the answer has.
- Use two cases or more, so that a constant does not pass. Three hints, each closer than the last.
- What is printed must be the same each time: seed what is random.
'''

import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any

from lessonkit.judges import Judge
from lessonkit.lookup import of_lesson


@dataclass(frozen=True)
class Case:
    """One trial of an answer: how it reads, what the function receives, who judges."""

    about: str
    judge: Judge
    arguments: Callable[[Any], tuple[Any, ...]] | None = None


@dataclass(frozen=True)
class Exercise:
    """One exercise of a lesson. `seconds` limits each call of the learner's function."""

    key: str
    title: str
    name: str
    stub: str
    cases: Sequence[Case]
    hints: Sequence[str]
    solution: str
    seconds: float = 5.0

    def __post_init__(self) -> None:
        for field in ("stub", "solution"):
            object.__setattr__(self, field, cleandoc(getattr(self, field)))

    @property
    def wants_function(self) -> bool:
        """Whether the answer is a function (it is called), not a value (it is looked at)."""
        return self.cases[0].arguments is not None


def lessons() -> list[str]:
    """Return the numbers of the lessons that have exercises, in order.

    Example:
        >>> lessons()[0]
        '01'
    """
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    return sorted(name.removeprefix("lesson_") for name in names)


def exercises_of(lesson: str) -> dict[str, Exercise]:
    """Return the exercises of a lesson ("04") by key; none if there is no such lesson.

    Example:
        >>> sorted(exercises_of("01"))[0]
        '01.1'
    """
    return of_lesson("exercises", lesson)
