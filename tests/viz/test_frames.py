"""What a tape shows step by step: pictures, boxes, sentences and what is written where."""

import pytest

from viz.frames import Film
from viz.record import record
from viz.scenes import Scene, rounds


def film(program):
    with record() as tape:
        program()
    return Film(tape.steps)


def leaf(torch, number):
    return torch.tensor(number, requires_grad=True)


def titles(film):
    return [frame["title"] for frame in film.frames]


def says(film, number):
    return " ".join(film.frames[number]["says"])


def texts(film, number):
    """What stands where at a step: all that was set up to it."""
    now = {}
    for frame in film.frames[: number + 1]:
        now |= frame["sets"]
    return now


def test_boxes_and_arrows_are_numbered_as_make_dot_numbers_them(torch, regression):
    from viz.graph import Graph

    with record() as tape:
        loss = ((regression.y - (regression.b + regression.w * regression.x)) ** 2).mean()
    scene, graph = Scene(step.note for step in tape), Graph([loss])
    kinds = [getattr(note, "operation", "leaf") for note in scene.boxes]
    assert kinds == [
        type(box.thing).__name__ if box.is_operation else "leaf" for box in graph.boxes
    ]
    assert scene.arrows == graph.arrows


def test_the_steps_of_a_product_in_words(torch):
    w, x = leaf(torch, 3.0), torch.tensor(2.0)

    def program():
        y = w * x
        y.backward()

    shown = film(program)
    assert titles(shown) == [
        "before the first operation",
        "forward, MulBackward0 joins the graph",
        "backward through MulBackward0",
        "the gradient reaches w",
    ]
    assert [says(shown, n) for n in range(4)] == [
        "The leaves: w = 3.",
        "y = w * x = 3 * 2 = 6",
        "Backward starts with 1, the derivative of y by itself. To w: 1 × x = 1 × 2 = 2.",
        "w.grad was None, and is now 2.",
    ]


def test_gradients_that_arrive_from_two_sides_are_added(torch):
    a = leaf(torch, 3.0)

    def program():
        (a * a + a).backward()

    shown = film(program)
    assert says(shown, -1) == "a.grad was None, and is now 1 + 3 + 3 = 7."


def test_a_gradient_is_added_to_the_one_that_is_there(torch):
    a = leaf(torch, 3.0)

    def program():
        for _ in range(2):
            (2 * a).backward()

    assert says(film(program), -1) == "a.grad = 2 + 2 = 4. Gradients add up."


def test_what_was_broadcast_is_added_up(torch):
    b, x = leaf(torch, 1.0), torch.ones(3)

    def program():
        (b + x).sum().backward()

    shown = film(program)
    assert says(shown, 4) == "[1, 1, …] arrives. To b: [1, 1, …] × 1, added up = 3."


def test_a_step_marks_its_line_and_the_part_of_it_at_work(torch):
    w = leaf(torch, 3.0)

    def program():
        y = 1 + w * 2
        y.backward()

    shown = film(program)
    assert shown.code == ["y = 1 + w * 2", "y.backward()"]
    assert (shown.frames[1]["line"], shown.frames[1]["mark"]) == (0, [0, 8, 13])
    assert (shown.frames[3]["line"], shown.frames[3]["mark"]) == (1, [0, 4, 13])


def test_gradients_are_written_when_backward_reaches_them(torch):
    w = leaf(torch, 3.0)

    def program():
        (w * 2).backward()

    shown = film(program)
    assert [texts(shown, n)["e0g"] for n in range(4)] == ["", "", "2", "2"]
    assert [texts(shown, n)["n1g"] for n in (0, 2, 3)] == ["grad None", "grad None", "grad 2"]
    assert [texts(shown, n)["r0g"] for n in (0, 2, 3)] == ["None", "None", "2"]
    assert shown.frames[2]["along"] == {"e0": "2"}


def test_a_box_is_there_from_the_step_that_computes_it(torch):
    w = leaf(torch, 3.0)

    def program():
        (w * 2).exp()

    shown = film(program)
    assert [texts(shown, n)["n0"] for n in range(3)] == [0, 0, 1]
    assert [texts(shown, n)["n1"] for n in range(3)] == [0, 1, 1]
    assert [texts(shown, n)["n2"] for n in range(3)] == [1, 1, 1]


def test_leaves_stand_in_the_order_in_which_the_program_uses_them(torch):
    a, b, c = (leaf(torch, number) for number in (1.0, 2.0, 3.0))

    def program():
        (c * b + a).backward()

    assert film(program).rows == ["c", "b", "a"]


def test_each_turn_of_a_training_loop_is_a_picture_of_its_own(torch):
    w = leaf(torch, 3.0)

    def program():
        for _ in range(2):
            (w * w).backward()
            with torch.no_grad():
                w.sub_(w.grad)
            w.grad.zero_()

    shown = film(program)
    assert len(shown.scenes) == 2
    assert titles(shown)[4:7] == [
        "w is changed in place",
        "w.grad is changed in place",
        "forward begins again",
    ]
    assert says(shown, 4) == "w was 3, and is now -3. No operation joins the graph."
    assert says(shown, 5) == "w.grad was 6, and is now 0."
    assert texts(shown, 6)["n1v"] == "-3"
    assert texts(shown, 6)["n0"] == 0


def test_what_goes_on_with_an_earlier_graph_stays_in_its_picture(torch):
    w = leaf(torch, 3.0)
    with record() as tape:
        y = w * 2
        y.backward(retain_graph=True)
        (y * y).backward()
    assert rounds(tape.steps) == [(0, len(tape))]


def test_a_second_backward_pass_begins_without_the_gradients_of_the_first(torch):
    w = leaf(torch, 3.0)
    with record() as tape:
        y = w * 2
        z = y * 5
        z.backward(retain_graph=True)
        y.backward()
    shown = Film(tape.steps)
    second = next(n for n, step in enumerate(tape.steps) if step.turn == 2) + 1
    assert texts(shown, second - 1)["e0g"] == "5"
    assert texts(shown, second)["e0g"] == ""
    assert "Backward starts with 1" in says(shown, second)


def test_what_was_computed_before_the_recording_is_there_from_the_beginning(torch):
    w = leaf(torch, 3.0)
    with record():
        y = w * 2
    with record() as tape:
        (y * 5).backward()
    now = texts(Film(tape.steps), 0)
    assert [now[f"n{n}"] for n in range(3)] == [0, 1, 1]
    assert now["n1v"] == "6"


def test_several_results_of_one_operation(torch):
    w = torch.tensor([1.0, 2.0], requires_grad=True)

    def program():
        first, second = w.unbind()
        (first * second).backward()

    shown = film(program)
    assert says(shown, -1) == "w.grad was None, and is now [2, 1]."


def test_a_custom_function_is_a_step_like_any_other(torch):
    class Double(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return 2 * x

        @staticmethod
        def backward(ctx, g):
            return 2 * g

    w = leaf(torch, 3.0)

    def program():
        (Double.apply(w) * 5).backward()

    shown = film(program)
    assert "backward through DoubleBackward" in titles(shown)
    assert says(shown, -1) == "w.grad was None, and is now 10."


def test_a_long_chain_needs_no_recursion(torch):
    w = leaf(torch, 1.0)
    with record() as tape:
        y = w
        for _ in range(2_000):
            y = y * 1
        y.backward()
    assert len(Film(tape.steps[:50]).frames) == 51


@pytest.mark.parametrize("name", ['a"b', "<b>&", "\ud800", "\u202e", "a\nb"])
def test_names_that_would_break_a_line_are_written_in_signs(name):
    from viz.notes import LeafNote, Note, Operand
    from viz.record import Step
    from viz.values import Value

    one = Value((), "float32", (1.0,))
    note = Note(0, "MulBackward0", None, inputs=(Operand(one, name),), result=one)
    note.edges = ((LeafNote(name), 0),)
    shown = Film([Step("forward", "MulBackward0", None, one, 1, note)])
    for text in (*shown.rows, *says(shown, 0).split(", ")):
        assert text.isprintable()
        text.encode()


def sentences(film):
    return [line for frame in film.frames for line in frame["says"]]


def test_an_option_that_no_formula_tells_of_leaves_the_arithmetic_out(torch):
    w, x = leaf(torch, 3.0), leaf(torch, 5.0)

    def program():
        y = torch.add(w, x, alpha=2)
        y.backward()

    shown = film(program)
    assert says(shown, 1) == "y = torch.add(w, x, alpha=2) = 13"
    assert "To x: 2." in sentences(shown)


def test_a_call_of_several_operations_is_written_with_no_wrong_numbers(torch):
    w = leaf(torch, 2.0)

    def program():
        y = 1 / w
        y.backward()

    shown = film(program)
    assert texts(shown, 0)["r0v"] == texts(shown, 5)["r0v"] == "2"
    assert not any("2 * 1" in line or "To w: 1 ×" in line for line in sentences(shown)[:5])
    assert says(shown, 5) == "w.grad was None, and is now -0.25."


def test_a_gradient_that_goes_through_operations_outside_of_the_recording_is_told_so(torch):
    w = leaf(torch, 2.0)
    z = w * 3 * 5
    with record() as tape:
        (z * 7).backward()
    assert "To an operation that was not recorded: 7." in sentences(Film(tape.steps))


def test_a_gradient_that_was_passed_to_backward_is_no_derivative_by_itself(torch):
    w = leaf(torch, 2.0)

    def program():
        y = w * 3
        y.backward(torch.tensor(4.0))

    assert "Backward starts with 4, which was passed to it." in sentences(film(program))


def test_leaves_of_one_name_have_a_row_each(torch):
    def square(number):
        w = leaf(torch, number)
        return w * w

    def program():
        y = square(2.0) + square(5.0)
        y.backward()

    shown = film(program)
    assert shown.rows == ["w", "w (2)"]
    end = texts(shown, len(shown.frames) - 1)
    assert (end["r0v"], end["r0g"], end["r1v"], end["r1g"]) == ("2", "4", "5", "10")


def test_a_negative_part_of_a_sum_stands_in_parentheses(torch):
    w = leaf(torch, 3.0)

    def program():
        y = w - w
        y.backward()

    assert sentences(film(program))[-1] == "w.grad was None, and is now 1 + (-1) = 0."
