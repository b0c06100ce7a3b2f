"""Every exercise of every lesson: its solution passes, its stub fails, and it can help."""

import json
from pathlib import Path
from types import FunctionType

import pytest

import lessonkit.exercises
from lessonkit.checking import first_problem
from lessonkit.exercises import exercises_of

LESSONS = sorted(
    file.stem.removeprefix("lesson_")
    for file in Path(lessonkit.exercises.__file__).parent.glob("lesson_*.py")
)
EXERCISES = [exercise for lesson in LESSONS for exercise in exercises_of(lesson).values()]
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.key)


@pytest.fixture(params=["tinygrad_edu", "torch"])
def torch(request):
    """The engine of the learner: ours always, PyTorch where it is installed."""
    if request.param == "torch":
        return pytest.importorskip("torch")
    return __import__("tinygrad_edu")


def answer_from(source, name, torch):
    namespace = {"torch": torch}
    exec(source, namespace)
    return namespace[name]


@every_exercise
def test_the_solution_passes(exercise, torch):
    answer = answer_from(exercise.solution, exercise.name, torch)
    assert first_problem(exercise, answer, {"torch": torch}) is None


@every_exercise
def test_the_stub_fails_with_a_sentence(exercise, torch):
    answer = answer_from(exercise.stub, exercise.name, torch)
    problem = first_problem(exercise, answer, {"torch": torch})
    assert problem and problem.rstrip().endswith((".", "?"))


@every_exercise
def test_what_is_printed_is_the_same_each_time(exercise, torch):
    sentences = {
        first_problem(exercise, answer_from(exercise.stub, exercise.name, torch), {"torch": torch})
        for _ in range(2)
    }
    assert len(sentences) == 1
    assert "0x" not in sentences.pop()


@every_exercise
def test_its_lesson_shows_the_stub_and_checks_it(exercise):
    (lesson,) = (Path(__file__).parents[2] / "notebooks").glob(f"{exercise.key[:2]}_*.ipynb")
    cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    (cell,) = [source for source in sources if f'check("{exercise.key}"' in source]
    assert exercise.stub in cell
    assert f'check("{exercise.key}", {exercise.name})' in cell
    assert f'# hint("{exercise.key}")\n# solution("{exercise.key}")' in cell


@every_exercise
def test_there_are_three_different_hints(exercise):
    assert len(exercise.hints) == len(set(exercise.hints)) == 3
    assert all(hint.strip() for hint in exercise.hints)


@every_exercise
def test_the_key_begins_with_its_lesson(exercise):
    assert exercise.key in exercises_of(exercise.key[:2])


@every_exercise
def test_a_function_meets_two_cases_or_more(exercise):
    assert len(exercise.cases) >= 2 or not exercise.wants_function


@every_exercise
def test_stub_and_solution_define_the_same_kind_of_thing(exercise, torch):
    for source in (exercise.stub, exercise.solution):
        answer = answer_from(source, exercise.name, torch)
        assert isinstance(answer, FunctionType) == exercise.wants_function


@every_exercise
def test_no_line_is_wider_than_a_notebook_cell(exercise):
    lines = (exercise.stub + "\n" + exercise.solution).splitlines()
    assert max(map(len, lines)) <= 88


def test_every_lesson_has_two_exercises_or_more():
    assert LESSONS
    assert all(len(exercises_of(lesson)) >= 2 for lesson in LESSONS)


def test_a_lesson_that_does_not_exist_has_no_exercises():
    assert exercises_of("99") == exercises_of("") == exercises_of("../x") == {}
