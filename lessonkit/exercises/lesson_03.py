"""Exercises of lesson 03: local slopes by hand, a gradient in the middle, no backward at all."""

from typing import Any

from lessonkit.exercises import Case, Exercise
from lessonkit.judges import item, number, tensor_of


def one_row(torch: Any) -> tuple[Any, ...]:
    return (torch.tensor([1.0, -2.0]),)


def table(torch: Any) -> tuple[Any, ...]:
    return (torch.tensor([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]]),)


EXERCISES = [
    Exercise(
        key="03.1",
        title="Three local slopes and their product",
        name="slopes",
        stub="""
            # At x = 2:  y = 5 * x - 6,  z = y**2,  out = z / 4.
            # Use paper: dy/dx, dz/dy, dout/dz, and last dout/dx.
            slopes = (..., ..., ..., ...)
        """,
        cases=[
            Case("dy/dx", item(1, 4, number(5.0))),
            Case("dz/dy", item(2, 4, number(8.0))),
            Case("dout/dz", item(3, 4, number(0.25))),
            Case("dout/dx", item(4, 4, number(10.0))),
        ],
        hints=[
            "First forward: what are y, z and out at x = 2?",
            "The slope of y**2 is 2 * y, at the value that y has.",
            "Multiply the three local slopes: that is dout/dx.",
        ],
        solution="""
            # y = 4. Slopes: 5; 2 * y = 8; 1/4; and 5 * 8 / 4 = 10.
            slopes = (5.0, 8.0, 0.25, 10.0)
        """,
    ),
    Exercise(
        key="03.2",
        title="The gradient in the middle",
        name="middle_gradient",
        stub="""
            def middle_gradient(x):
                # x is a tensor of data. Make a leaf with the same values, compute
                # y = 3 * x + 2, z = 2 * y**2, out = z.mean(), call backward,
                # and return the gradient of out with respect to y.
                ...
        """,
        cases=[
            Case("x = [1., -2.]", tensor_of([10.0, -8.0]), one_row),
            Case(
                "the x of this lesson",
                tensor_of([[10 / 3, 16 / 3, 22 / 3], [22 / 3, 16 / 3, 10 / 3]]),
                table,
            ),
        ],
        hints=[
            "x.clone().requires_grad_() is a leaf of its own with the same values.",
            "y is not a leaf: ask it to keep its gradient before backward runs.",
            "y.retain_grad() directly after y is made; after backward: return y.grad",
        ],
        solution="""
            def middle_gradient(x):
                leaf = x.clone().requires_grad_()
                y = 3 * leaf + 2
                y.retain_grad()
                out = (2 * y**2).mean()
                out.backward()
                return y.grad
        """,
    ),
    Exercise(
        key="03.3",
        title="The chain rule without backward",
        name="input_gradient",
        stub="""
            def input_gradient(x):
                # The gradient of out with respect to x for the three layers of this lesson,
                # with plain arithmetic only: multiply the local slopes. No backward.
                ...
        """,
        cases=[
            Case(
                "the x of this lesson", tensor_of([[10.0, 16.0, 22.0], [22.0, 16.0, 10.0]]), table
            ),
            Case("x = [1., -2.]", tensor_of([30.0, -24.0]), one_row),
            Case(
                "x = 1., a tensor of shape ()", tensor_of(60.0), lambda torch: (torch.tensor(1.0),)
            ),
        ],
        hints=[
            "Three local slopes: of the mean, of 2 * y**2, of 3 * x + 2.",
            "The mean of n numbers has slope 1 / n in each of them; x.numel() is n.",
            "1 / n, then 4 * y, then 3. Compute y = 3 * x + 2 first.",
        ],
        solution="""
            def input_gradient(x):
                y = 3 * x + 2
                return (1 / x.numel()) * (4 * y) * 3
        """,
    ),
]
