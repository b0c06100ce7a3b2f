"""Playground in Python: what each expression shows at each setting, and what is refused.
tests/browser/explorers_check.py tests what moves.
"""

import json
import zlib
from base64 import b64decode

import pytest

from viz import Playground
from viz.widget import Interactive


@pytest.fixture
def tensors(torch):
    values = {"a": 2.0, "b": 3.0, "c": 1.0}
    return {name: torch.tensor(value, requires_grad=True) for name, value in values.items()}


def state_of(playground):
    return json.loads(playground._json)


def frames_of(playground):
    return json.loads(zlib.decompress(b64decode(state_of(playground)["frames"])))


def test_holds_each_expression_at_each_setting(tensors):
    frames = frames_of(Playground(tensors, ["a * b", "a + c"]))
    settings = [f"{number:03b}" for number in range(8)]
    assert {each: sorted(shown) for each, shown in frames.items()} == {
        "a * b": settings,
        "a + c": settings,
    }


def test_shows_the_result_the_graph_its_words_and_the_gradients(tensors, texts):
    frame = frames_of(Playground(tensors, "a * b + a"))["a * b + a"]["110"]
    assert frame["result"] == "8"
    assert frame["gradients"] == ["4", "2", "—"]
    assert frame["remark"] == ""
    assert "AddBackward0" in texts(frame["svg"])
    assert "MulBackward0" in frame["words"]


def test_a_switch_that_is_off_makes_a_ghost_with_the_reason(tensors, texts):
    frames = frames_of(Playground(tensors, "a * b"))["a * b"]
    assert "requires_grad=False" not in texts(frames["111"]["svg"])
    assert "requires_grad=False" in texts(frames["101"]["svg"])
    assert frames["101"]["gradients"] == ["3", "—", "None"]


def test_says_why_there_are_no_gradients(torch):
    playground = Playground({"a": torch.ones(3, requires_grad=True)}, "2 * a")
    frames = frames_of(playground)["2 * a"]
    assert frames["0"]["remark"] == "No gradients: nothing in this expression requires one."
    assert frames["1"]["remark"].endswith("the result has 3. Add .sum() or .mean().")


def test_starts_at_what_the_tensors_require(torch):
    a, b = torch.tensor(2.0, requires_grad=True), torch.tensor(3.0)
    assert state_of(Playground({"a": a, "b": b}, "a * b"))["switches"] == [True, False]


def test_leaves_the_tensors_as_they_were(torch, tensors):
    frozen = torch.tensor(5.0)
    frames_of(Playground({**tensors, "d": frozen}, "(a * d).exp()"))
    assert all(tensor.grad is None and tensor.requires_grad for tensor in tensors.values())
    assert (frozen.grad, frozen.requires_grad) == (None, False)


def test_integers_have_no_switch(torch):
    playground = Playground({"a": torch.tensor([1.0, 2.0]), "i": torch.tensor([1])}, "a[i] * a")
    assert state_of(playground)["fixed"] == [False, True]
    assert sorted(frames_of(playground)["a[i] * a"]) == ["00", "10"]


def test_options_go_to_make_dot(tensors, texts):
    playground = Playground(tensors, "a * b", show_values=True, show_ghosts=False)
    assert "= 6" in texts(playground.svg())


def test_both_libraries_show_the_same():
    torch, ours = pytest.importorskip("torch"), pytest.importorskip("tinygrad_edu")
    shown = []
    for library in (torch, ours):
        a = library.tensor([2.0, 1.0], requires_grad=True)
        shown.append(frames_of(Playground({"a": a, "b": library.ones(2)}, "(a * b).exp().sum()")))
    assert shown[0] == shown[1]


def test_three_expressions_of_three_tensors_stay_small(tensors):
    playground = Playground(tensors, ["a*b + c", "(a*b + c*a).exp()", "(a + b)*(b + c)*a"])
    assert len(playground.html()) < 50_000


def test_is_the_same_at_every_call(tensors):
    assert Playground(tensors, "a * b").html() == Playground(tensors, "a * b").html()


@pytest.mark.parametrize(
    ("change", "expressions", "error", "words"),
    [
        (lambda a: [a], "a", TypeError, "a mapping from names to tensors"),
        (lambda a: {}, "a", TypeError, "a mapping from names to tensors"),
        (lambda a: {"a": 2.0}, "a", TypeError, "got {'a': 2.0}"),
        (lambda a: dict.fromkeys("abcde", a), "a", ValueError, "up to 4 tensors, and got 5"),
        (lambda a: {"<b>": a}, "a", ValueError, "'<b>' cannot stand in an expression"),
        (lambda a: {"if": a}, "a", ValueError, "'if' cannot stand"),
        (lambda a: {1: a}, "a", ValueError, "1 cannot stand"),
        (lambda a: {"a": a}, [], ValueError, "needs an expression"),
        (lambda a: {"a": a}, "a.save()", ValueError, "Not allowed here: a.save"),
        (lambda a: {"a": a}, ["a", "a @ a"], ValueError, "'a @ a' shows nothing. RuntimeError"),
    ],
)
def test_refuses_with_a_sentence(torch, change, expressions, error, words):
    with pytest.raises(error) as refusal:
        Playground(change(torch.tensor(1.0)), expressions)
    assert words in str(refusal.value)


class TestLive:
    """What a live widget answers, without a browser."""

    @pytest.fixture
    def widget(self, tensors):
        pytest.importorskip("anywidget")
        return Playground(tensors, "a * b").widget

    def test_answers_what_is_typed(self, widget):
        widget.expression = "a * b * c"
        answer = widget.answer
        assert (answer["expression"], answer["result"]) == ("a * b * c", "6")
        assert answer["gradients"] == ["3", "2", "6"]

    def test_answers_a_switch(self, widget):
        widget.switches = [False, True, True]
        assert widget.answer["switches"] == [False, True, True]
        assert widget.answer["gradients"] == ["—", "2", "None"]

    @pytest.mark.parametrize(
        ("expression", "problem"),
        [
            ("a *", "This is no expression yet"),
            ("a @ b", "RuntimeError: both arguments to matmul need to be at least 1D"),
            ("2 + 3", "The result is a 'int', and no tensor."),
            ("(a, b)", "The result is a 'tuple', and no tensor."),
            ("a.reshape(7)", "RuntimeError: "),
        ],
    )
    def test_answers_a_mistake_with_a_sentence(self, widget, expression, problem):
        widget.expression = expression
        assert widget.answer["problem"].startswith(problem)
        widget.expression = "a + b"
        assert "problem" not in widget.answer

    def test_is_made_once(self, tensors):
        pytest.importorskip("anywidget")
        playground = Playground(tensors, "a")
        assert playground.widget is playground.widget
        assert isinstance(playground, Interactive)
