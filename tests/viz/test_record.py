"""`viz.record()`: what really happened, the same from both libraries."""

import gc
import inspect
import re
import sys
import weakref

import pytest

import viz
from viz.notes import note_of
from viz.record import Tape


def polynomial(torch):
    a = torch.tensor(5.0, requires_grad=True)
    b = torch.tensor(6.0, requires_grad=True)
    with viz.record() as tape:
        y = a**3 - b**2
        y.backward()
    return y, tape


def without_lines(tape):
    table = re.sub(r"\s+(where|test_record\.py, line \d+)$", "", str(tape), flags=re.MULTILINE)
    return table.split("\n")


def test_a_tape_is_a_table_of_all_that_happened_in_order(torch):
    _, tape = polynomial(torch)
    assert [line.split(None, 3) for line in without_lines(tape)] == [
        ["step", "kind", "what", "numbers"],
        ["0", "forward", "PowBackward0", "a**3 = 125"],
        ["1", "forward", "PowBackward0", "b**2 = 36"],
        ["2", "forward", "SubBackward0", "a**3 - b**2 = 89"],
        ["3", "backward", "SubBackward0", "1 arrives; sends 1, -1"],
        ["4", "backward", "PowBackward0", "-1 arrives; sends -12"],
        ["5", "accumulate", "b", "grad = -12"],
        ["6", "backward", "PowBackward0", "1 arrives; sends 75"],
        ["7", "accumulate", "a", "grad = 75"],
    ]


def test_a_step_knows_its_line_its_expression_and_the_variable(torch):
    y, tape = polynomial(torch)
    lines, start = inspect.getsourcelines(polynomial)
    row = next(i for i, line in enumerate(lines) if "y =" in line)
    note = note_of(y.grad_fn)
    assert note.name == "y"
    assert note.where.line == start + row
    assert note.where.code == "y = a**3 - b**2"
    assert note.where.expression == "a**3 - b**2"
    assert str(note.where) == f"test_record.py, line {start + row}"
    assert [step.where.expression for step in tape if step.kind == "backward"] == [
        "y.backward()"
    ] * 3


def test_a_note_keeps_inputs_with_names_values_and_reasons(torch):
    w = torch.tensor([2.0], requires_grad=True)
    x = torch.tensor([3.0, 4.0])
    with viz.record():
        y = w * x
        with torch.no_grad():
            frozen = w + 1
        z = y * frozen + y.detach() * w
        1 - z
    note = note_of(y.grad_fn)
    assert [(o.name, o.value.numbers, o.reason) for o in note.inputs] == [
        ("w", (2.0,), ""),
        ("x", (3.0, 4.0), "requires_grad=False"),
    ]
    assert note.inputs[0].tensor() is w
    left, right = (note_of(node).inputs for node, _ in z.grad_fn.next_functions)
    assert [(o.name, o.reason) for o in left] == [("y", ""), ("frozen", "under no_grad")]
    assert [(o.name, o.reason) for o in right] == [("", "detach()"), ("w", "")]


def test_numbers_beside_tensors_are_operands(torch):
    x = torch.tensor(3.0, requires_grad=True)
    with viz.record():
        results = [x * 2, 1 - x, x**2, 2**x, x / 4]
    values = [
        [getattr(o.value, "numbers", o.value) for o in note_of(r.grad_fn).inputs] for r in results
    ]
    assert values == [[(3.0,), 2], [1, (3.0,)], [(3.0,), 2], [2, (3.0,)], [(3.0,), 4]]


def test_a_gradient_that_is_added_to_an_earlier_one_shows_the_sum(torch):
    w = torch.tensor(3.0, requires_grad=True)
    with viz.record() as tape:
        for _ in range(2):
            (w * 2).backward()
        w.grad.zero_()
        with torch.no_grad():
            w -= 1
    texts = [step.text() for step in tape if step.kind in ("accumulate", "write")]
    assert texts == ["grad = 2", "grad = 2 + 2 = 4", "becomes 0", "3 becomes 2"]
    assert [step.name for step in tape if step.kind == "write"] == ["w.grad", "w"]
    assert [step.turn for step in tape] == [1, 1, 1, 2, 2, 2, 2, 2]


def test_the_input_of_a_change_in_place_is_what_it_was_before(torch):
    w = torch.tensor(3.0, requires_grad=True)
    with viz.record():
        y = w * 2
        y += w
    first, second = note_of(y.grad_fn).inputs
    assert (first.name, first.value.numbers) == ("y", (6.0,))
    assert (second.name, second.value.numbers) == ("w", (3.0,))
    assert note_of(y.grad_fn).result.numbers == (9.0,)


def test_a_change_in_place_is_noted_where_it_spoils_a_gradient(torch):
    a = torch.tensor([1.0, 2.0], requires_grad=True)
    with viz.record():
        y = a * 3
        z = y.exp()
        squares = y * y
        y.add_(1)
        z.mul_(2)
    (written,) = {(w.what, w.where.code, w.version) for w in note_of(squares.grad_fn).written} - {
        ("other", "y.add_(1)", 1)
    }
    assert written == ("self", "y.add_(1)", 1)
    node = z.grad_fn.next_functions[0][0]
    assert type(node).__name__ == "ExpBackward0"
    assert ("result", "z.mul_(2)", 1) in {
        (w.what, w.where.code, w.version) for w in note_of(node).written
    }


def test_the_same_steps_from_both_libraries():
    ours, theirs = pytest.importorskip("tinygrad_edu"), pytest.importorskip("torch")
    assert story(ours) == story(theirs)


def story(torch):
    """Two turns of a loop with branches, broadcasting, views and several results."""

    torch.manual_seed(42)
    x = torch.rand(5, 1)
    y = 1 + 2 * x
    b, w = (torch.randn(1, requires_grad=True) for _ in range(2))
    with viz.record() as tape:
        for _ in range(2):
            error = y - (b + w * x)
            loss = (error**2).mean()
            if loss > 0:
                loss = loss + error.abs().sum()
            first, second = error.reshape(-1)[:4].reshape(2, 2).unbind(0)
            loss += (first.exp() * second).max() + torch.stack([w, b]).prod()
            loss.backward()
            with torch.no_grad():
                for p in (b, w):
                    p -= 0.1 * p.grad
                    p.grad.zero_()
    text = str(tape)
    return text


def test_a_function_of_the_users_own_is_recorded(torch, cube_of):
    cube = cube_of(torch)
    x = torch.tensor(2.0, requires_grad=True)
    with viz.record() as tape:
        y = cube(x) + 1
        y.backward()
    assert [(step.kind, step.name) for step in tape] == [
        ("forward", "CubeBackward"),
        ("forward", "AddBackward0"),
        ("backward", "AddBackward0"),
        ("backward", "CubeBackward"),
        ("accumulate", "x"),
    ]
    assert tape[0].event.numbers == (8.0,)
    assert tape[3].text() == "1 arrives; sends 12"
    with viz.record() as tape:
        cube(x).backward()
    assert [step.kind for step in tape] == ["forward", "backward", "accumulate"]


def test_tensors_whose_numbers_cannot_be_had_are_recorded_without():
    torch = pytest.importorskip("torch")
    x = torch.ones(3, requires_grad=True, device="meta")
    with viz.record() as tape:
        (x * 2).sum().backward()
    assert tape[0].text() == "x * 2 = numbers not shown"
    assert len(tape) == 5


def test_a_users_kind_of_tensor_is_recorded():
    torch = pytest.importorskip("torch")
    kind = type("Mine", (torch.Tensor,), {})
    x = torch.ones(3).as_subclass(kind).requires_grad_()
    with viz.record() as tape:
        y = x * 2
        y.detach()
    assert note_of(y.grad_fn).result.numbers == (2.0, 2.0, 2.0)
    assert len(tape) == 2  # the product, and that it is of the user's kind


def test_hooks_on_saved_tensors_are_given_the_users_own_alone():
    torch = pytest.importorskip("torch")
    from torch.utils.checkpoint import checkpoint

    x = torch.ones(3, requires_grad=True)
    with viz.record():
        checkpoint(lambda t: (t * 2).exp(), x, use_reentrant=False).sum().backward()
    assert x.grad.tolist() == pytest.approx([2 * 2.718281828**2] * 3)


def test_if_a_step_cannot_be_recorded_the_program_goes_on_with_a_warning(torch, monkeypatch):
    w = torch.tensor(3.0, requires_grad=True)
    monkeypatch.setattr(sys.modules["viz.record"], "where", None)
    with pytest.warns(UserWarning, match="could not follow a step"), viz.record():
        y = w * 2
    assert y.item() == 6


def test_nothing_is_recorded_before_and_after(torch):
    w = torch.tensor(3.0, requires_grad=True)
    before = w * w
    with viz.record() as tape:
        inside = w * w
    after = w * w
    (before + inside + after).backward()
    assert len(tape) == 1
    assert note_of(before.grad_fn) is note_of(after.grad_fn) is None


def test_an_error_inside_ends_the_recording_and_comes_out(torch):
    w = torch.tensor(3.0, requires_grad=True)
    with pytest.raises(ZeroDivisionError), viz.record() as tape:
        w * w
        1 / 0  # noqa: B018
    w * w
    assert len(tape) == 1


def test_recording_changes_no_number_and_no_grad(torch):
    def train():
        torch.manual_seed(0)
        w = torch.randn(3, requires_grad=True)
        for _ in range(3):
            (w.exp() * w).sum().backward()
        return w.grad.tolist()

    plain = train()
    with viz.record():
        recorded = train()
    assert recorded == plain


def test_a_tape_keeps_no_tensor_and_no_node_alive(torch):
    def run():  # whose own variables Python may keep until it returns
        w = torch.tensor([3.0], requires_grad=True)
        with viz.record() as tape:
            loss = (w * w).sum()
            loss.backward()
        return tape, weakref.ref(w)

    tape, gone = run()
    gc.collect()
    assert gone() is None
    assert len(tape) == 5


def test_a_recording_in_a_recording_is_refused_and_the_first_goes_on(torch):
    w = torch.tensor(3.0, requires_grad=True)
    with viz.record() as tape:
        with pytest.raises(RuntimeError, match="at work already"), viz.record():
            pass
        w * w
    assert len(tape) == 1


def test_operations_of_a_backward_that_is_differentiated_are_not_steps(torch):
    x = torch.tensor(3.0, requires_grad=True)
    with viz.record() as tape:
        (slope,) = torch.autograd.grad(x**3, x, create_graph=True)
    assert [step.kind for step in tape] == ["forward", "backward"]
    assert slope.item() == 27


def test_an_empty_and_a_long_tape(torch):
    assert repr(Tape()).startswith("an empty tape")
    x = torch.tensor(3.0, requires_grad=True)
    with viz.record() as tape:
        for _ in range(100):
            x = x * 1
    assert len(repr(tape).split("\n")) == 62
    assert repr(tape).endswith("and 40 more steps")
    assert len(str(tape).split("\n")) == 101


def test_a_tensor_has_at_most_a_hundred_numbers_in_a_tape(torch):
    x = torch.ones(1000, requires_grad=True)
    with viz.record() as tape:
        x * 2
    assert len(tape[0].event.numbers) == 100
    assert not tape[0].event.whole
    assert tape[0].event.shape == (1000,)


def test_writing_to_an_element_is_a_step_of_the_graph(torch):
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    with viz.record() as tape:
        y = w * 3
        y[0] = 7.0
    assert note_of(y.grad_fn).operation == "CopySlices"
    assert note_of(y.grad_fn).result.numbers == (7.0, 6.0)
    assert tape[0].event.numbers == (3.0, 6.0)


def test_a_leaf_has_the_name_of_the_latest_recording(torch):
    def first(h):
        with viz.record() as tape:
            (h * 2).backward()
        return tape

    w = torch.tensor(3.0, requires_grad=True)
    assert first(w)[-1].name == "h"
    with viz.record() as tape:
        (w * 2).backward()
    assert tape[-1].name == "w"


def test_a_single_number_stays_where_it_was(torch):
    x = torch.tensor(1.5, requires_grad=True)
    with viz.record():
        y = 2**x
    assert x.data_ptr() == y.grad_fn._saved_exponent.data_ptr()


def test_the_nodes_of_one_call_have_the_inputs_that_went_into_them():
    torch = pytest.importorskip("torch")
    w = torch.tensor(4.0, requires_grad=True)
    with viz.record():
        y = 1 / w
    inner = y.grad_fn.next_functions[0][0]
    assert [operand.name for operand in note_of(inner).inputs] == ["w"]
    assert note_of(y.grad_fn).inputs == ()


def test_a_tape_replays_itself_in_the_stepper(torch):
    _, tape = polynomial(torch)
    assert tape.replay().html() == viz.stepper(tape).html()
