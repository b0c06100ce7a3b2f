"""check, hint, solution and quiz: what a learner calls in a notebook. They print sentences.

Nothing here raises because of what a learner wrote or typed: each way to go wrong is answered
with what happened and what to do. What is printed for an answer is the same at each run.
"""

import linecache
import sys
import traceback
from inspect import unwrap
from typing import Any

from lessonkit.deadline import DeadlinePassed, call_within
from lessonkit.exercises import Case, Exercise, exercises_of
from lessonkit.judges import LONGEST_SHOWN, show
from lessonkit.progress import note_pass
from lessonkit.quizzes import Quiz, quizzes_of

MISSING = object()
NOTHING = (
    "Your function returned {0}. Either its `return` is missing, or what stands behind it is {0}."
)
TOO_LONG = (
    "Your function was stopped after {:g} seconds. Does every loop in it end? "
    "If so, fewer steps are enough."
)
hints_given: dict[str, int] = {}


def check(key: str, answer: Any = MISSING, *others: Any) -> None:
    """Print whether `answer` solves the exercise `key`, or which case failed.

    Args:
        key: lesson and number, such as "01.1".
        answer: the function itself, without parentheses, or the value that was asked for.
        others: nothing; several values are one answer only in parentheses.

    Example:
        >>> check("01.1")
        01.1 needs one answer: check("01.1", answer). Put parentheses around several.
    """
    exercise = find(key)
    if exercise is None:
        return
    if answer is MISSING or others:
        print(f'{key} needs one answer: check("{key}", answer). Put parentheses around several.')
        return
    problem = first_problem(exercise, answer, sys._getframe(1).f_globals)
    if problem is None:
        print(f"{key} passed, all {len(exercise.cases)} cases. {exercise.title}.")
        print(note_pass(key))
    else:
        print(f'{key} not yet. {problem}\nhint("{key}") helps.')


def hint(key: str) -> None:
    """Print the next hint of an exercise: the first, the second, the third at each call."""
    exercise = find(key)
    if exercise is None:
        return
    given = min(hints_given.get(key, 0) + 1, len(exercise.hints))
    hints_given[key] = given
    print(f"Hint {given} of {len(exercise.hints)} for {key}: {exercise.hints[given - 1]}")
    if given == len(exercise.hints):
        print(f'That was the last hint. solution("{key}") prints a solution.')


def solution(key: str) -> None:
    """Print the code of a solution of an exercise."""
    exercise = find(key)
    if exercise is not None:
        print(exercise.solution)


def quiz(key: str) -> Quiz | None:
    """Return a question with choices to open, such as "01.a"; print what keys there are if none."""
    lesson = key.partition(".")[0] if isinstance(key, str) else ""
    known = quizzes_of(lesson)
    if lesson and key in known:
        return known[key]
    there = f"Lesson {lesson} has {', '.join(known)}." if known else 'A key looks like "01.a".'
    print(f"There is no quiz {key!r}. {there}")
    return None


def find(key: Any) -> Exercise | None:
    """Return the exercise of a key; print what keys there are if this is not one."""
    if not isinstance(key, str):
        print(f'An exercise is named by a text such as "01.1", not by {show(key)}.')
        return None
    lesson = key.partition(".")[0]
    known = exercises_of(lesson)
    if key in known:
        return known[key]
    there = f"Lesson {lesson} has {', '.join(known)}." if known else 'A key looks like "01.1".'
    print(f'There is no exercise "{key}". {there}')
    return None


def first_problem(exercise: Exercise, answer: Any, caller: dict[str, Any]) -> str | None:
    """Return the sentence for the first case that fails, or None if all pass."""
    home = home_of(answer, caller)
    torch = torch_of(home, caller)
    problem = wrong_kind(exercise, answer)
    if problem is None and torch is None:
        problem = "No `torch` was found. Run the set-up cell of the lesson first."
    if problem is not None:
        return problem
    for place, case in enumerate(exercise.cases, start=1):
        try:
            problem = call_within(exercise.seconds, problem_of, (case, answer, torch, home), home)
        except DeadlinePassed:
            problem = TOO_LONG.format(exercise.seconds)
        if problem is not None:
            return f"Case {place} of {len(exercise.cases)}, {case.about}:\n{problem}"
    return None


def wrong_kind(exercise: Exercise, answer: Any) -> str | None:
    """Say it when the answer is nothing yet, or a value for a function, or the reverse."""
    if answer is None or answer is ...:
        return f"`{exercise.name}` has no value yet."
    if exercise.wants_function and not callable(answer):
        return f"Give the function itself, `{exercise.name}`, not what a call of it returns."
    if not exercise.wants_function and callable(answer):
        return f"This is {show(answer)}. A value was asked for, not a function."
    return None


def home_of(answer: Any, caller: dict[str, Any]) -> dict[str, Any]:
    """Return the global names of the learner's code: where a function was written, or `caller`.

    A value, a class with `__call__` and a `functools.partial` have none of their own.
    """
    try:
        home = getattr(unwrap(answer), "__globals__", None)
    except Exception:  # an object that answers to every name
        home = None
    return home if isinstance(home, dict) else caller


def torch_of(home: dict[str, Any], caller: dict[str, Any]) -> Any:
    """Return the `torch` that the learner works with: tinygrad_edu or PyTorch, None if neither.

    It is looked up where the function was written, then where `check` was called, then among
    the imported modules.
    """
    for place, name in (
        (home, "torch"),
        (caller, "torch"),
        (sys.modules, "tinygrad_edu"),
        (sys.modules, "torch"),
    ):
        if hasattr(place.get(name), "enable_grad"):
            return place[name]
    return None


def problem_of(case: Case, answer: Any, torch: Any, home: dict[str, Any]) -> str | None:
    """Try one case: call the function if it is one, then ask the judge."""
    with torch.enable_grad():  # whatever mode the notebook, or an earlier case, was left in
        if case.arguments is None:
            return verdict(case, answer, ())
        arguments = case.arguments(torch)
        try:
            returned = answer(*arguments)
        except (KeyboardInterrupt, DeadlinePassed):
            raise
        except BaseException as error:
            return raised(error, home)
        if returned is None or returned is ...:
            return NOTHING.format(returned)
        return verdict(case, returned, arguments)


def verdict(case: Case, answer: Any, arguments: tuple[Any, ...]) -> str | None:
    """Ask the judge of a case. What it stumbles over is said, for it is in the answer."""
    try:
        return case.judge(answer, arguments)
    except Exception as error:
        return f"This answer cannot be judged: {show(answer)}.\nLooking at it raised {told(error)}"


def raised(error: BaseException, home: dict[str, Any]) -> str:
    """Say which error the learner's code raised, and at which line of theirs."""
    text = f"Your function raised {told(error)}"
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        line = linecache.getline(frame.f_code.co_filename, number, frame.f_globals).strip()
        if frame.f_globals is home and line:
            return f"{text}\nIt happened at this line: {line}"
    return text


def told(error: BaseException) -> str:
    """Return the name of an error and the first line of its message."""
    try:
        lines = str(error).splitlines()
    except Exception:  # the learner's own error class, with a mistake in it
        lines = []
    return type(error).__name__ + (f": {lines[0][:LONGEST_SHOWN]}" if lines else ".")
