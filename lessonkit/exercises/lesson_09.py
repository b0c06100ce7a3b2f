"""Exercises of lesson 09: a Jacobian by its rows, and Newton's method for a minimum."""

from typing import Any

from lessonkit.exercises import Case, Exercise
from lessonkit.judges import number, tensor_of


def leaf(torch: Any, *values: float) -> Any:
    return torch.tensor(list(values), requires_grad=True)


def polynomial(x: Any) -> Any:
    return 2 * x**4 + x**3 + 3 * x**2 + 5 * x + 1


EXERCISES = [
    Exercise(
        key="09.1",
        title="A Jacobian, row by row",
        name="jacobian",
        stub="""
            def jacobian(f, x):
                # x is a leaf that wants a gradient, a row of numbers; f(x) is a row of numbers.
                # Return the Jacobian: a tensor with one row for each number of f(x).
                ...
        """,
        cases=[
            Case(
                "f(u, w) = (u * w, u**2, 3 * w) at (2, 3)",
                tensor_of([[3.0, 2.0], [4.0, 0.0], [0.0, 3.0]]),
                lambda torch: (
                    lambda x: torch.stack([x[0] * x[1], x[0] ** 2, 3 * x[1]]),
                    leaf(torch, 2.0, 3.0),
                ),
            ),
            Case(
                "f(u, w, z) = (u * w * z, u - z) at (2, 3, 4)",
                tensor_of([[12.0, 8.0, 6.0], [1.0, 0.0, -1.0]]),
                lambda torch: (
                    lambda x: torch.stack([x[0] * x[1] * x[2], x[0] - x[2]]),
                    leaf(torch, 2.0, 3.0, 4.0),
                ),
            ),
            Case(
                "f(x) = x**2 at (100, 200, 300)",
                tensor_of([[200.0, 0.0, 0.0], [0.0, 400.0, 0.0], [0.0, 0.0, 600.0]]),
                lambda torch: (lambda x: x**2, leaf(torch, 100.0, 200.0, 300.0)),
            ),
        ],
        hints=[
            "Compute y = f(x) once. Then one call of grad for each number of y.",
            "Weights that let one row through: the rows of torch.eye(len(y)), as grad_outputs. "
            "The graph must survive until the last row.",
            "Collect each row in a list, and return torch.stack(rows). grad returns a tuple: "
            "take its first entry.",
        ],
        solution="""
            def jacobian(f, x):
                y = f(x)
                rows = []
                for unit in torch.eye(len(y)):
                    (row,) = torch.autograd.grad(y, x, grad_outputs=unit, retain_graph=True)
                    rows.append(row)
                return torch.stack(rows)
        """,
        seconds=15.0,  # PyTorch loads much of itself when it meets its first grad_outputs
    ),
    Exercise(
        key="09.2",
        title="Newton's method for a minimum",
        name="newton_minimum",
        stub="""
            def newton_minimum(f, x0):
                # x0 is a Python number, f works on tensors. Start at x0 and take 10 steps of
                # Newton's method for a minimum. Return the last x as a Python number.
                ...
        """,
        cases=[
            Case(
                "(x - 3)**2 - 4 from 0",
                number(3.0, 1e-5),
                lambda torch: (lambda x: (x - 3) ** 2 - 4, 0.0),
            ),
            Case(
                "x**4 - 8 * x from 1",
                number(2 ** (1 / 3), 1e-5),
                lambda torch: (lambda x: x**4 - 8 * x, 1.0),
            ),
            Case(
                "exp(x) - 2 * x from 0",
                number(0.6931472, 1e-5),
                lambda torch: (lambda x: torch.exp(x) - 2 * x, 0.0),
            ),
            Case(
                "the polynomial of this lesson from 2",
                number(-0.6637339, 1e-5),
                lambda torch: (polynomial, 2.0),
            ),
        ],
        hints=[
            "A loop of 10 steps, as in newton_path. Each step needs a slope and a curvature.",
            "In each step make a new leaf: x = torch.tensor(x0, requires_grad=True). One call of "
            "grad gives the slope of f(x), a second one the slope of that slope. Which of the two "
            "needs create_graph=True?",
            "The new place is x0 - slope / curvature. Make it a Python number with .item() before "
            "the next step.",
        ],
        solution="""
            def newton_minimum(f, x0):
                for _ in range(10):
                    x = torch.tensor(x0, requires_grad=True)
                    (slope,) = torch.autograd.grad(f(x), x, create_graph=True)
                    (curvature,) = torch.autograd.grad(slope, x)
                    x0 = x0 - slope.item() / curvature.item()
                return x0
        """,
    ),
]
