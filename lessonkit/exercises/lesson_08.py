"""Exercises of lesson 08: the hidden sum, the (n, n) bug, and the gradient of a matrix product."""

from collections.abc import Callable
from typing import Any

from lessonkit.exercises import Case, Exercise
from lessonkit.judges import Judge, tensor_of

Arguments = Callable[[Any], tuple[Any, ...]]


def arrived(gradient: Any, shape: tuple[int, ...]) -> Arguments:
    """Return what builds the arguments of unbroadcast."""
    return lambda torch: (torch.tensor(gradient), shape)


def table(rows: list[list[float]]) -> Arguments:
    return lambda torch: (torch.tensor(rows),)


def line(y: Any, w: float, b: float) -> Arguments:
    """Return what builds x = 1, 2, 3 as a column, y, and two parameters."""
    return lambda torch: (
        torch.tensor([[1.0], [2.0], [3.0]]),
        torch.tensor(y),
        torch.tensor([w], requires_grad=True),
        torch.tensor([b], requires_grad=True),
    )


def tracked(value: float) -> Judge:
    """Judge the loss, then whether `backward` could start from it."""
    right = tensor_of(value)

    def judge(answer: Any, arguments: tuple[Any, ...]) -> str | None:
        problem = right(answer, arguments)
        if problem is None and not answer.requires_grad:
            return "The value is right, but the loss has no graph: no gradient can reach w and b."
        return problem

    return judge


TWO_ROWS = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
BLOCK = [TWO_ROWS, [[10.0, 20.0, 30.0], [40.0, 50.0, 60.0]]]


EXERCISES = [
    Exercise(
        key="08.1",
        title="The sum that undoes broadcasting",
        name="unbroadcast",
        stub="""
            def unbroadcast(gradient, shape):
                # gradient: a tensor. shape: a tuple, such as (1,), (2, 1) or ().
                # Undo the copies: add up where a place was missing, then where its length was 1.
                # Return a tensor of this shape.
                ...
        """,
        cases=[
            Case(
                "a gradient of shape (3, 1), to shape (1)",
                tensor_of([7.0]),
                arrived([[1.0], [2.0], [4.0]], (1,)),
            ),
            Case(
                "a gradient of shape (2, 3), to shape (3)",
                tensor_of([5.0, 7.0, 9.0]),
                arrived(TWO_ROWS, (3,)),
            ),
            Case(
                "a gradient of shape (2, 3), to shape (2, 1)",
                tensor_of([[6.0], [15.0]]),
                arrived(TWO_ROWS, (2, 1)),
            ),
            Case(
                "a gradient of shape (2, 3), to shape (2, 3): nothing was copied",
                tensor_of(TWO_ROWS),
                arrived(TWO_ROWS, (2, 3)),
            ),
            Case(
                "a gradient of shape (2, 3), to shape ()",
                tensor_of(21.0),
                arrived(TWO_ROWS, ()),
            ),
            Case(
                "a gradient of shape (2, 2, 3), to shape (1, 3)",
                tensor_of([[55.0, 77.0, 99.0]]),
                arrived(BLOCK, (1, 3)),
            ),
            Case(
                "a gradient of shape (2, 3), to shape (1, 1)",
                tensor_of([[21.0]]),
                arrived(TWO_ROWS, (1, 1)),
            ),
        ],
        hints=[
            "Missing places first: as long as gradient.dim() is larger than len(shape), the first "
            "place is one that was missing.",
            "Now gradient and shape have equally many places. Go through them with "
            "enumerate(shape): a place of length 1 needs a sum that keeps it.",
            "while gradient.dim() > len(shape): gradient = gradient.sum(0). Then, for each place "
            "with length 1: gradient = gradient.sum(place, keepdim=True).",
        ],
        solution="""
            def unbroadcast(gradient, shape):
                while gradient.dim() > len(shape):
                    gradient = gradient.sum(0)
                for place, length in enumerate(shape):
                    if length == 1:
                        gradient = gradient.sum(place, keepdim=True)
                return gradient
        """,
    ),
    Exercise(
        key="08.2",
        title="The bug of (n) against (n, 1)",
        name="repaired_loss",
        stub="""
            def repaired_loss(x, y, w, b):
                # x has the shape (n, 1). y has the shape (n,) or (n, 1).
                yhat = b + w * x
                return ((y - yhat) ** 2).mean()
        """,
        cases=[
            Case(
                "y = [1., 2., 3.], w = 1, b = 0: a perfect line",
                tracked(0.0),
                line([1.0, 2.0, 3.0], 1.0, 0.0),
            ),
            Case(
                "y = [3., 5., 10.], w = 2, b = 0",
                tracked(6.0),
                line([3.0, 5.0, 10.0], 2.0, 0.0),
            ),
            Case(
                "y = [[3.], [5.], [10.]], a column already",
                tracked(6.0),
                line([[3.0], [5.0], [10.0]], 2.0, 0.0),
            ),
        ],
        hints=[
            "Print y.shape, yhat.shape and (y - yhat).shape. Which of them do you want?",
            "Bring both to the same shape before the subtraction. Section 4 names a way that makes "
            "one column of any tensor.",
            "y.reshape(-1, 1) is a column, whether y has the shape (n,) or (n, 1).",
        ],
        solution="""
            def repaired_loss(x, y, w, b):
                yhat = b + w * x
                return ((y.reshape(-1, 1) - yhat) ** 2).mean()
        """,
    ),
    Exercise(
        key="08.3",
        title="The gradient of a mean of X @ w",
        name="mean_gradient",
        stub="""
            def mean_gradient(X):
                # X has the shape (n, k), and w would have the shape (k, 1).
                # Return the gradient of torch.matmul(X, w).mean() with respect to w.
                # Use X only, without backward.
                ...
        """,
        cases=[
            Case(
                "X = [[1., 2., 3.]], one row",
                tensor_of([[1.0], [2.0], [3.0]]),
                table([[1.0, 2.0, 3.0]]),
            ),
            Case(
                "X = [[1., 2.], [3., 4.], [8., -3.]]",
                tensor_of([[4.0], [1.0]]),
                table([[1.0, 2.0], [3.0, 4.0], [8.0, -3.0]]),
            ),
            Case(
                "X = [[2.], [4.]], one feature",
                tensor_of([[3.0]]),
                table([[2.0], [4.0]]),
            ),
        ],
        hints=[
            "One row: the result is the dot product of the row and w. What is its gradient?",
            "In the mean of n rows each row counts 1/n, and the gradients of the rows add up.",
            "X.mean(0) has the right numbers. Give them the shape of w: (k, 1).",
        ],
        solution="""
            def mean_gradient(X):
                return X.mean(0).reshape(-1, 1)
        """,
    ),
]
