"""Exercises of lesson 01: leaves, backward, and the gradient of a result."""

from typing import Any

from lessonkit.exercises import Case, Exercise
from lessonkit.judges import each_of, exactly, item, number, tensor_of


def result_of_data(torch: Any) -> tuple[Any, ...]:
    return (torch.tensor(2.0) * torch.tensor(3.0),)


def result_of_parameter(torch: Any) -> tuple[Any, ...]:
    return (torch.tensor(2.0, requires_grad=True) * torch.tensor(3.0),)


EXERCISES = [
    Exercise(
        key="01.1",
        title="Two gradients by hand",
        name="by_hand",
        stub="""
            # y = 4 * a - a * b  at a = 2, b = 3. Use paper, not a computer.
            by_hand = (..., ...)  # (slope in a, slope in b)
        """,
        cases=[
            Case("the slope in a", item(1, 2, number(1.0))),
            Case("the slope in b", item(2, 2, number(-2.0))),
        ],
        hints=[
            "To find the slope in a, treat b as if it were the plain number 3.",
            "With b = 3 the formula reads 4a - 3a. With a = 2 it reads 8 - 2b.",
            "The slope of c * a in a is c. A term without a has slope 0 in a.",
        ],
        solution="""
            # In a: 4 - b = 4 - 3. In b: -a.
            by_hand = (1.0, -2.0)
        """,
    ),
    Exercise(
        key="01.2",
        title="Gradients of a formula",
        name="gradients",
        stub="""
            def gradients(a_value, b_value):
                # Make two leaves from the two numbers, without square brackets. Compute
                # y = a**2 * b, call backward, and return both gradients: a's, then b's.
                ...
        """,
        cases=[
            Case(
                "a = 5, b = 6",
                each_of(tensor_of(60.0), tensor_of(25.0)),
                lambda torch: (5.0, 6.0),
            ),
            Case(
                "a = 2, b = -3",
                each_of(tensor_of(-12.0), tensor_of(4.0)),
                lambda torch: (2.0, -3.0),
            ),
            Case(
                "a = 0, b = 1",
                each_of(tensor_of(0.0), tensor_of(0.0)),
                lambda torch: (0.0, 1.0),
            ),
        ],
        hints=[
            "A leaf that wants a gradient: torch.tensor(a_value, requires_grad=True).",
            "After y = a**2 * b comes y.backward(). It returns nothing; it fills .grad.",
            "The last line is: return a.grad, b.grad",
        ],
        solution="""
            def gradients(a_value, b_value):
                a = torch.tensor(a_value, requires_grad=True)
                b = torch.tensor(b_value, requires_grad=True)
                y = a**2 * b
                y.backward()
                return a.grad, b.grad
        """,
    ),
    Exercise(
        key="01.3",
        title="Parameter, data or result",
        name="kind",
        stub="""
            def kind(t):
                # Return "parameter" for a leaf that wants a gradient,
                # "data" for a tensor that autograd does not track,
                # "result" for a tensor that an operation left in a graph.
                ...
        """,
        cases=[
            Case(
                "a tensor made with requires_grad=True",
                exactly("parameter"),
                lambda torch: (torch.tensor(2.0, requires_grad=True),),
            ),
            Case(
                "a tensor made without it",
                exactly("data"),
                lambda torch: (torch.tensor(2.0),),
            ),
            Case("parameter * data", exactly("result"), result_of_parameter),
            Case("data * data", exactly("data"), result_of_data),
        ],
        hints=[
            "Look at the table of attributes: which two of them tell the three kinds apart?",
            "requires_grad is False for data only. Of the two others, one is a leaf.",
            "if not t.requires_grad: ... ; if t.is_leaf: ... ; else the third kind.",
        ],
        solution="""
            def kind(t):
                if not t.requires_grad:
                    return "data"
                return "parameter" if t.is_leaf else "result"
        """,
    ),
]
