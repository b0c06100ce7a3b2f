"""Exercises of lesson 09: a Jacobian by its rows, a Hessian's diagonal, Newton's method."""

from typing import Any

from lessonkit.exercises import Case, Exercise
from lessonkit.judges import number, tensor_of


def leaf(torch: Any, *values: float) -> Any:
    return torch.tensor(list(values), requires_grad=True)


def cubic(x: Any) -> Any:
    return x**3 - 10


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
                "f(x) = x**2 at (1, 2, 3)",
                tensor_of([[2.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 6.0]]),
                lambda torch: (lambda x: x**2, leaf(torch, 1.0, 2.0, 3.0)),
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
        title="The curvature in each input",
        name="hessian_diagonal",
        stub="""
            def hessian_diagonal(f, x):
                # x is a leaf that wants a gradient, a row of numbers; f(x) is a single number.
                # Return a tensor: for each number of x, the curvature of f in it alone.
                ...
        """,
        cases=[
            Case(
                "f(u, w) = u**2 * w at (2, 3)",
                tensor_of([6.0, 0.0]),
                lambda torch: (lambda x: x[0] ** 2 * x[1], leaf(torch, 2.0, 3.0)),
            ),
            Case(
                "f(x) = (x**3).sum() at (1, 2, 3)",
                tensor_of([6.0, 12.0, 18.0]),
                lambda torch: (lambda x: (x**3).sum(), leaf(torch, 1.0, 2.0, 3.0)),
            ),
            Case(
                "the loss ((b + w * t - 1)**2).mean(), with x = (b, w) and t = (1, 2, 3)",
                tensor_of([2.0, 28 / 3]),
                lambda torch: (
                    lambda x: ((x[0] + x[1] * torch.tensor([1.0, 2.0, 3.0]) - 1) ** 2).mean(),
                    leaf(torch, 0.5, 2.0),
                ),
            ),
        ],
        hints=[
            "First the slopes, in one tensor. They are differentiated again: create_graph=True.",
            "Then one row of the Hessian for each slope, as in the cell before. Its weights are a "
            "unit vector.",
            "Of row i, only entry i lies on the diagonal. Collect them, and return torch.stack of "
            "the list.",
        ],
        solution="""
            def hessian_diagonal(f, x):
                (slopes,) = torch.autograd.grad(f(x), x, create_graph=True)
                entries = []
                for i in range(len(x)):
                    (row,) = torch.autograd.grad(slopes[i], x, retain_graph=True)
                    entries.append(row[i])
                return torch.stack(entries)
        """,
    ),
    Exercise(
        key="09.3",
        title="Newton's method for a root",
        name="newton_root",
        stub="""
            def newton_root(f, x0):
                # x0 is a Python number, f works on tensors. Start at x0 and take 10 steps of
                # Newton's method. Return the last x as a Python number.
                ...
        """,
        cases=[
            Case(
                "x**2 - 2 from 3",
                number(2**0.5, 1e-5),
                lambda torch: (lambda x: x**2 - 2, 3.0),
            ),
            Case(
                "x**2 - 2 from -1",
                number(-(2**0.5), 1e-5),
                lambda torch: (lambda x: x**2 - 2, -1.0),
            ),
            Case("x**3 - 10 from 2", number(10 ** (1 / 3), 1e-5), lambda torch: (cubic, 2.0)),
            Case(
                "exp(x) - 5 from 1",
                number(1.6094379, 1e-5),
                lambda torch: (lambda x: torch.exp(x) - 5, 1.0),
            ),
        ],
        hints=[
            "A loop of 10 steps. Each step needs a height, f(x), and a slope.",
            "In each step make a new leaf: x = torch.tensor(x0, requires_grad=True). Then "
            "y = f(x), and grad gives the slope of y in x.",
            "The new place is x0 - y / slope. Make it a Python number with .item() before the next "
            "step.",
        ],
        solution="""
            def newton_root(f, x0):
                for _ in range(10):
                    x = torch.tensor(x0, requires_grad=True)
                    y = f(x)
                    (slope,) = torch.autograd.grad(y, x)
                    x0 = x0 - y.item() / slope.item()
                return x0
        """,
    ),
]
