"""check, hint and solution: a sentence for everything that a learner can do."""

import sys
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

import lessonkit.checking
import tinygrad_edu as torch
from lessonkit import check, hint, solution
from lessonkit.exercises import Case, Exercise
from lessonkit.judges import exactly, number, tensor_of


@pytest.fixture
def said(capsys):
    """Return what was printed since the last call, and demand that it is not a traceback."""

    def read():
        text = capsys.readouterr().out
        assert "Traceback" not in text
        return text

    return read


def right(a_value, b_value):
    a = torch.tensor(a_value, requires_grad=True)
    b = torch.tensor(b_value, requires_grad=True)
    (a**2 * b).backward()
    return a.grad, b.grad


def test_a_right_answer_passes(said):
    check("01.2", right)
    assert said() == (
        "01.2 passed, all 3 cases. Gradients of a formula.\nLesson 01: 1 of 3 exercises passed.\n"
    )


def test_check_returns_nothing_to_echo_in_a_notebook(said):
    assert check("01.2", right) is None


class Odd:
    """An answer whose text cannot be made."""

    def __repr__(self):
        raise ValueError

    def __call__(self, a_value, b_value):
        return Odd()


class OddError(Exception):
    def __str__(self):
        raise ValueError


class OwnError(BaseException):
    """An error that no `except Exception` catches."""


def raising(error):
    raise error


WRONG = {
    "no value": (lambda a, b: None, "Your function returned None"),
    "too few values": (lambda a, b: torch.tensor(60.0), "This is one value"),
    "too many values": (lambda a, b: (1, 2, 3), "The number of values is 3"),
    "a number": (lambda a, b: (60.0, 25.0), "the Python number 60.0, not a tensor"),
    "a list": (lambda a, b: ([60.0], 25.0), "This is [60.0], not a tensor"),
    "a NumPy array": (lambda a, b: (np.ones(2), 1), "a NumPy array of shape (2,), not a tensor"),
    "a text": (lambda a, b: ("60", 1), "This is '60', not a tensor"),
    "a wrong shape": (lambda a, b: (torch.tensor([60.0]), 1), "The shape is (1,)"),
    "a wrong value": (lambda a, b: (torch.tensor(61.0), 1), "The value is not right"),
    "nan": (lambda a, b: (torch.tensor(float("nan")), 1), "nan"),
    "infinity": (lambda a, b: (torch.tensor(float("inf")), 1), "The value is not right"),
    "integers": (lambda a, b: (torch.tensor(60), 1), "a floating dtype is expected"),
    "an error": (lambda a, b: a / 0, "Your function raised ZeroDivisionError"),
    "a wrong number of parameters": (lambda a: a, "Your function raised TypeError"),
    "an exit": (lambda a, b: sys.exit(), "Your function raised SystemExit"),
    "endless recursion": (lambda a, b: WRONG["endless recursion"][0](a, b), "RecursionError"),
    "a generator": (lambda a, b: (x for x in (a, b)), "a value of type generator"),
    "an odd object": (lambda a, b: (object(), 1), "a value of type object"),
    "an object without a text": (Odd(), "This is one value, a value of type Odd"),
    "a number with too many digits": (lambda a, b: 10**5000, "a value of type int"),
    "an error without a text": (lambda a, b: raising(OddError()), "Your function raised OddError."),
    "an error of its own kind": (lambda a, b: raising(OwnError("x")), "raised OwnError: x"),
    "a gradient before backward": (lambda a, b: (None, None), "None until `backward` has run"),
    "a swapped pair": (
        lambda a, b: (torch.tensor(a * a), torch.tensor(2 * a * b)),
        "the right values in the wrong order",
    ),
}


@pytest.mark.parametrize(("answer", "sentence"), WRONG.values(), ids=WRONG)
def test_a_wrong_answer_gets_a_sentence(said, answer, sentence):
    check("01.2", answer)
    text = said()
    assert text.startswith("01.2 not yet. Case 1 of 3, a = 5, b = 6:\n")
    assert sentence in text
    assert "0x" not in text


def test_the_right_value_is_not_given_away(said):
    check("01.2", lambda a, b: (torch.tensor(1.0), torch.tensor(1.0)))
    text = said()
    assert "shape ()" in text and "0.0001" in text
    assert "60" not in text and "25" not in text


def test_the_case_that_failed_is_named(said):
    check("01.2", lambda a, b: (torch.tensor(2 * a * abs(b)), torch.tensor(a * a)))
    assert "Case 2 of 3, a = 2, b = -3:" in said()


def test_the_learners_own_line_is_shown_with_an_error(said):
    def gradients(a_value, b_value):
        return torch.tensor([1.0, 2.0]).reshape(a_value)

    check("01.2", gradients)
    assert "at this line: return torch.tensor([1.0, 2.0]).reshape(a_value)" in said()


def endless_in_one_line():
    namespace = {}
    exec("def endless(a_value, b_value):\n    while True: pass", namespace)
    return namespace["endless"]


def endless_with_calls(a_value, b_value):
    while True:
        torch.tensor(1.0) * 2


class EndlessText:
    def __repr__(self):
        while True:
            pass


class EndlessCall:
    def __call__(self, a_value, b_value):
        while True:
            pass


@pytest.mark.parametrize(
    "function",
    [
        endless_in_one_line(),
        endless_with_calls,
        EndlessCall(),
        EndlessCall().__call__,
        partial(EndlessCall.__call__, None),
        lambda a_value, b_value: EndlessText(),
    ],
)
def test_an_endless_loop_is_stopped(said, monkeypatch, function):
    case = Case("a", number(1.0), lambda torch: (1, 2))
    exercise = Exercise("01.2", "", "f", "", [case], "", "", 0.1)
    monkeypatch.setattr(lessonkit.checking, "exercises_of", lambda lesson: {"01.2": exercise})
    before = sys.gettrace()
    check("01.2", function)
    assert "stopped after 0.1 seconds. Does every loop in it end?" in said()
    assert sys.gettrace() is before


def test_grad_mode_is_as_before_when_a_function_is_stopped(said, monkeypatch):
    def frozen(a_value, b_value):
        with torch.no_grad():
            while True:
                pass

    exercise = Exercise("01.2", "", "f", "", [Case("a", None, lambda torch: (1, 2))], "", "", 0.1)
    monkeypatch.setattr(lessonkit.checking, "exercises_of", lambda lesson: {"01.2": exercise})
    check("01.2", frozen)
    assert "stopped" in said()
    assert torch.is_grad_enabled()


def test_a_grad_mode_left_off_does_not_fail_a_right_answer(said):
    with torch.no_grad():
        check("01.2", right)
        check("01.3", lambda t: "result" if t.grad_fn else ["data", "parameter"][t.requires_grad])
        assert not torch.is_grad_enabled()
    assert "not yet" not in said()


def test_a_function_that_turns_gradients_off_does_not_turn_them_off_for_the_notebook(said):
    check("01.3", lambda t: torch.set_grad_enabled(False) and "data")
    assert torch.is_grad_enabled()


def test_an_interrupt_goes_through(said):
    before = sys.gettrace()
    with pytest.raises(KeyboardInterrupt):
        check("01.2", lambda a, b: raising(KeyboardInterrupt()))
    assert sys.gettrace() is before


def test_the_line_of_an_error_is_shown_for_a_class_and_a_partial(said):
    class Divides:
        def __call__(self, a_value, b_value):
            return a_value / 0

    for answer in (Divides(), partial(Divides.__call__, None)):
        check("01.2", answer)
        assert "at this line: return a_value / 0" in said()


def test_a_type_is_expected_aloud_only_where_it_is_wrong():
    assert exactly("data")("Data", ()) == "This is not right. Your answer: 'Data'."
    assert exactly("data")(True, ()).endswith("Expected: a value of type str.")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([-1.0, -2.0], True),
        ([2.0, 4.0], True),
        ([2.0, 1.0], False),
        ([0.0, 0.0], False),
        ([float("inf"), float("inf")], False),
    ],
)
def test_values_off_by_one_factor_are_told_without_the_factor(given, told):
    sentence = tensor_of([1.0, 2.0])(torch.tensor(given), ())
    assert ("All are off by the same factor." in sentence) == told


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (None, "`gradients` has no value yet."),
        (..., "`gradients` has no value yet."),
        (60.0, "Give the function itself, `gradients`"),
        (right(5.0, 6.0), "Give the function itself, `gradients`"),
    ],
)
def test_a_value_where_a_function_is_asked_for(said, answer, sentence):
    check("01.2", answer)
    assert sentence in said()


def test_a_function_where_a_value_is_asked_for(said):
    check("01.1", right)
    assert "This is the function right. A value was asked for" in said()


def test_each_value_is_a_case_of_its_own_in_an_exercise_on_paper(said):
    check("01.1", (1.0, 2.0))
    assert said().startswith("01.1 not yet. Case 2 of 2, the slope in b:\nThe value is not right")


def test_an_answer_is_asked_for_when_it_is_left_out(said):
    check("01.1")
    sentence = '01.1 needs one answer: check("01.1", answer). Put parentheses around several.\n'
    assert said() == sentence
    check("01.1", 1.0, -2.0)
    assert said() == sentence


@pytest.mark.parametrize("call", [hint, solution, lambda key: check(key, 1)])
def test_an_unknown_key_lists_the_keys_of_its_lesson(said, call):
    call("01.9")
    assert said() == 'There is no exercise "01.9". Lesson 01 has 01.1, 01.2, 01.3.\n'


@pytest.mark.parametrize("key", ["", "1.1", "99.1", "one", "01.1.1", "../x.1", 1.1, None, ["01.1"]])
def test_any_other_key_gets_one_sentence(said, key):
    check(key, 1)
    text = said()
    assert text.count("\n") == 1 and text.endswith(".\n")


def test_hints_come_one_after_the_other_and_the_last_one_stays(said, monkeypatch):
    monkeypatch.setattr(lessonkit.checking, "hints_given", {})
    starts = []
    for _ in range(4):
        hint("01.1")
        starts.append(said()[:11])
    assert starts == ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3", "Hint 3 of 3"]


def test_the_printed_solution_passes_its_own_check(said):
    solution("01.2")
    namespace = {"torch": torch}
    exec(said(), namespace)
    check("01.2", namespace["gradients"])
    assert "passed" in said()


def test_cases_are_made_with_the_torch_of_the_learner(said, monkeypatch):
    made = []
    engine = SimpleNamespace(
        enable_grad=torch.enable_grad,
        tensor=lambda value: made.append(value) or torch.tensor(value),
    )
    namespace = {"torch": engine}
    exec("def answer(x): return x", namespace)
    case = Case("a", tensor_of(7.0), lambda torch: (torch.tensor(7.0),))
    exercise = Exercise("01.2", "", "f", "", [case], "", "")
    monkeypatch.setattr(lessonkit.checking, "exercises_of", lambda lesson: {"01.2": exercise})
    check("01.2", namespace["answer"])
    assert "passed" in said()
    assert made == [7.0]


def test_what_a_judge_stumbles_over_in_an_answer_is_said(said, monkeypatch):
    case = Case("a", lambda answer, arguments: answer.grad_fn.name, lambda torch: ())
    exercise = Exercise("01.2", "", "f", "", [case], "", "")
    monkeypatch.setattr(lessonkit.checking, "exercises_of", lambda lesson: {"01.2": exercise})
    check("01.2", lambda: 3)
    text = said()
    assert "This answer cannot be judged: 3." in text
    assert "AttributeError: 'int' object has no attribute 'grad_fn'" in text


def test_importing_the_kit_imports_no_engine_and_prints_nothing():
    import subprocess

    code = (
        "import sys, lessonkit; print({'tinygrad_edu', 'torch', 'viz', 'numpy'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n" and done.stderr == ""
