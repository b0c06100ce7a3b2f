"""Exercises of lesson 06: gradients through loops whose turns the data decides."""

from typing import Any

from lessonkit.exercises import Case, Exercise
from lessonkit.judges import Judge, each_of, number, tensor_of


def root_with_slope(root: float) -> Judge:
    """Judge a root by its value, then by the gradient that its graph brings to the argument."""
    value, slope = tensor_of(root, tolerance=1e-3), tensor_of(1 / (2 * root), tolerance=1e-3)

    def judge(answer: Any, arguments: tuple[Any, ...]) -> str | None:
        problem = value(answer, arguments)
        if problem is not None:
            return problem
        if not answer.requires_grad:
            return "The value is right, but the result has no graph. Did you use .item()?"
        answer.backward()
        problem = slope(arguments[0].grad, arguments)
        return problem and f"The value is right. The gradient is not: {problem}"

    return judge


def leaf(value: float) -> Any:
    """Return a builder of the one argument: a parameter with this value."""
    return lambda torch: (torch.tensor(value, requires_grad=True),)


EXERCISES = [
    Exercise(
        key="06.1",
        title="A power by a loop",
        name="power_and_slope",
        stub="""
            def power_and_slope(value, n):
                a = torch.tensor(value, requires_grad=True)
                # Multiply in a loop until you have a to the power n (n is 1 or more).
                # Return two plain numbers: the power, then the gradient of a.
                ...
        """,
        cases=[
            Case(
                about="2 to the power 4",
                arguments=lambda torch: (2.0, 4),
                judge=each_of(number(16.0), number(32.0)),
            ),
            Case(
                about="-3 to the power 3",
                arguments=lambda torch: (-3.0, 3),
                judge=each_of(number(-27.0), number(27.0)),
            ),
            Case(
                about="5 to the power 1",
                arguments=lambda torch: (5.0, 1),
                judge=each_of(number(5.0), number(1.0)),
            ),
        ],
        hints=[
            "The loop is that of section 4. How many multiplications does the power n need?",
            "Starting from a itself, n - 1 turns are needed. For n = 1 that is none.",
            "After the loop: result.backward(), then return result.item(), a.grad.item().",
        ],
        solution="""
            def power_and_slope(value, n):
                a = torch.tensor(value, requires_grad=True)
                result = a
                for _ in range(n - 1):
                    result = result * a
                result.backward()
                return result.item(), a.grad.item()
        """,
    ),
    Exercise(
        key="06.2",
        title="Newton's square root",
        name="newton_sqrt",
        stub="""
            def newton_sqrt(a):
                # a is a tensor with one positive number; it requires grad.
                # Start with r = a. As long as r * r is more than 0.0001 away from a,
                # replace r by (r + a / r) / 2. Return r, with its graph.
                ...
        """,
        cases=[
            Case(about="a = 4", arguments=leaf(4.0), judge=root_with_slope(2.0)),
            Case(about="a = 9", arguments=leaf(9.0), judge=root_with_slope(3.0)),
            Case(about="a = 0.25", arguments=leaf(0.25), judge=root_with_slope(0.5)),
            Case(about="a = 50", arguments=leaf(50.0), judge=root_with_slope(50.0**0.5)),
        ],
        hints=[
            "The loop has the shape of `double` in section 5: while (not good enough): better.",
            "The distance between two numbers is the absolute value of their difference: "
            "abs(r * r - a) > 0.0001",
            "No .item() and no backward in the function: r has to keep its graph. "
            "The last line is: return r",
        ],
        solution="""
            def newton_sqrt(a):
                r = a
                while abs(r * r - a) > 0.0001:
                    r = (r + a / r) / 2
                return r
        """,
    ),
    Exercise(
        key="06.3",
        title="Collatz: turns and gradient",
        name="collatz",
        stub="""
            def collatz(value):
                n = torch.tensor(value, requires_grad=True)
                # Until you are at 1: halve an even number, replace an odd one by 3 * it + 1.
                # Return two plain numbers: how many turns, then the gradient of n.
                ...
        """,
        cases=[
            Case(
                about="from 6",
                arguments=lambda torch: (6.0,),
                judge=each_of(number(8), number(9 / 64, tolerance=1e-6)),
            ),
            Case(
                about="from 16",
                arguments=lambda torch: (16.0,),
                judge=each_of(number(4), number(1 / 16, tolerance=1e-6)),
            ),
            Case(
                about="from 7",
                arguments=lambda torch: (7.0,),
                judge=each_of(number(16), number(3**5 / 2**11, tolerance=1e-6)),
            ),
            Case(
                about="from 1, where nothing is left to do",
                arguments=lambda torch: (1.0,),
                judge=each_of(number(0), number(1.0)),
            ),
        ],
        hints=[
            "`result` starts as n. Each turn replaces it by `result / 2` or by `3 * result + 1`.",
            "The condition is data, so it may look at the plain number: result.item() % 2 == 0",
            "while result.item() != 1: one if with two sides, and turns += 1. "
            "Afterwards result.backward(), and return turns, n.grad.item().",
        ],
        solution="""
            def collatz(value):
                n = torch.tensor(value, requires_grad=True)
                result, turns = n, 0
                while result.item() != 1:
                    result = result / 2 if result.item() % 2 == 0 else 3 * result + 1
                    turns += 1
                result.backward()
                return turns, n.grad.item()
        """,
    ),
]
