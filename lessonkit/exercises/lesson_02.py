"""Exercises of lesson 02: a slope by backward, by a small step, and as a tangent line."""

from typing import Any

from lessonkit.exercises import Case, Exercise
from lessonkit.judges import each_of, number


def polynomial(x: Any) -> Any:
    return 2 * x**4 + x**3 + 3 * x**2 + 5 * x + 1


def cube(x: Any) -> Any:
    return x**3


def quotient(x: Any) -> Any:
    return (x - 1) / (x + 1)


EXERCISES = [
    Exercise(
        key="02.1",
        title="A slope from backward",
        name="slope",
        stub="""
            def slope(f, x_value):
                # f is a function such as p, x_value a Python number.
                # Return the slope of f at x_value as a Python number, found by backward.
                ...
        """,
        cases=[
            Case("x**3 at 2", number(12.0), lambda torch: (cube, 2.0)),
            Case(
                "the polynomial of this lesson at 2", number(93.0), lambda torch: (polynomial, 2.0)
            ),
            Case("the polynomial at -1", number(-6.0), lambda torch: (polynomial, -1.0)),
            Case("(x - 1) / (x + 1) at 1", number(0.5), lambda torch: (quotient, 1.0)),
        ],
        hints=[
            "A leaf first, then y = f(leaf), then backward. Three lines.",
            "The slope is in the leaf's .grad after y.backward().",
            ".grad is a tensor. x.grad.item() is the Python number in it.",
        ],
        solution="""
            def slope(f, x_value):
                x = torch.tensor(x_value, requires_grad=True)
                y = f(x)
                y.backward()
                return x.grad.item()
        """,
    ),
    Exercise(
        key="02.2",
        title="The tangent line",
        name="tangent",
        stub="""
            def tangent(f, x_value):
                # The tangent of f at x_value is the line y = m * x + c.
                # Return m and c as two Python numbers.
                ...
        """,
        cases=[
            Case(
                "x**3 at 2",
                each_of(number(12.0), number(-16.0)),
                lambda torch: (cube, 2.0),
            ),
            Case(
                "the polynomial of this lesson at 2",
                each_of(number(93.0), number(-123.0)),
                lambda torch: (polynomial, 2.0),
            ),
            Case(
                "the polynomial at 0",
                each_of(number(5.0), number(1.0)),
                lambda torch: (polynomial, 0.0),
            ),
        ],
        hints=[
            "m is the slope at x_value: the recipe of exercise 02.1.",
            "The line goes through the point (x_value, f(x_value)).",
            "From y = m * x + c at that point: c = y - m * x_value.",
        ],
        solution="""
            def tangent(f, x_value):
                x = torch.tensor(x_value, requires_grad=True)
                y = f(x)
                y.backward()
                m = x.grad.item()
                return m, y.item() - m * x_value
        """,
    ),
    Exercise(
        key="02.3",
        title="A slope from two points",
        name="central_difference",
        stub="""
            def central_difference(f, x, h):
                # x and h are Python numbers. Return the slope of the straight line
                # through the points of f at x - h and at x + h.
                ...
        """,
        cases=[
            Case("x**3 at 2, h = 0.1", number(12.01, 1e-6), lambda torch: (cube, 2.0, 0.1)),
            Case("x**3 at 2, h = 0.5", number(12.25, 1e-6), lambda torch: (cube, 2.0, 0.5)),
            Case(
                "the polynomial at 1, h = 1",
                number(31.0, 1e-6),
                lambda torch: (polynomial, 1.0, 1.0),
            ),
        ],
        hints=[
            "The slope of a line through two points: rise divided by run.",
            "The rise is f(x + h) - f(x - h).",
            "From x - h to x + h the run is 2 * h. Mind the parentheses.",
        ],
        solution="""
            def central_difference(f, x, h):
                return (f(x + h) - f(x - h)) / (2 * h)
        """,
    ),
]
