"""Exercises of lesson 10: cross entropy, the even temperature, a softmax without overflow."""

from collections.abc import Callable
from typing import Any

from lessonkit.exercises import Case, Exercise
from lessonkit.judges import number, tensor_of


def tensors(*rows: list[float]) -> Callable[[Any], tuple[Any, ...]]:
    """Return a builder of one tensor for each list of values."""
    return lambda torch: tuple(torch.tensor(row) for row in rows)


EXERCISES = [
    Exercise(
        key="10.1",
        title="Cross entropy",
        name="cross_entropy",
        stub="""
            def cross_entropy(p, y):
                # p: the chances of a yes; y: 1.0 for a yes, 0.0 for a no. Both have one shape.
                # Return the mean cross entropy, as a tensor with one number.
                ...
        """,
        cases=[
            Case(
                about="a yes and a no, with the chance 0.5 each",
                arguments=tensors([0.5, 0.5], [1.0, 0.0]),
                judge=tensor_of(0.693147),
            ),
            Case(
                about="two yes, with the chances 0.8 and 0.4",
                arguments=tensors([0.8, 0.4], [1.0, 1.0]),
                judge=tensor_of(0.569717),
            ),
            Case(
                about="two no, with the chances of a yes 0.8 and 0.4",
                arguments=tensors([0.8, 0.4], [0.0, 0.0]),
                judge=tensor_of(1.060132),
            ),
            Case(
                about="the four flights of section 3",
                arguments=tensors([0.832018, 0.598688, 0.268941, 0.039166], [1.0, 1.0, 0.0, 0.0]),
                judge=tensor_of(0.262536),
            ),
            Case(
                about="a thousand yes, with the chance 0.5 each",
                arguments=tensors([0.5] * 1000, [1.0] * 1000),
                judge=tensor_of(0.693147),
            ),
        ],
        hints=[
            "Write down the formula above the exercise, one part after the other. "
            "torch.log, or p.log(), takes the log of each number.",
            "The first part is y * p.log(). The second has 1 - y and 1 - p in the same places.",
            "Add the two parts, take .mean(), and do not forget the minus sign in front.",
        ],
        solution="""
            def cross_entropy(p, y):
                return -(y * p.log() + (1 - y) * (1 - p).log()).mean()
        """,
    ),
    Exercise(
        key="10.2",
        title="The temperature with the chance 50 %",
        name="even_temperature",
        stub="""
            def even_temperature(intercept, slope):
                # The model is p = sigmoid(intercept + slope * t). Both are plain numbers.
                # Return the temperature t at which p is one half, as a plain number.
                ...
        """,
        cases=[
            Case(
                about="intercept 15.0429 and slope -0.23216, the 23 flights",
                arguments=lambda torch: (15.0429, -0.23216),
                judge=number(64.79540, tolerance=1e-3),
            ),
            Case(
                about="intercept -3 and slope 0.5",
                arguments=lambda torch: (-3.0, 0.5),
                judge=number(6.0),
            ),
            Case(
                about="intercept 0 and slope 2",
                arguments=lambda torch: (0.0, 2.0),
                judge=number(0.0),
            ),
        ],
        hints=[
            "Look at the drawing of the sigmoid in section 2: where does it cross 0.5?",
            "There the logit is 0. So intercept + slope * t = 0.",
            "Solve this equation for t. A division is enough; mind the sign.",
        ],
        solution="""
            def even_temperature(intercept, slope):
                return -intercept / slope
        """,
    ),
    Exercise(
        key="10.3",
        title="A softmax for large logits",
        name="safe_softmax",
        stub="""
            def safe_softmax(z):
                # z: a tensor of shape (n,), n logits; some of them may be 1000 or more.
                # Return the n chances, of the same shape. Do not use torch.softmax.
                ...
        """,
        cases=[
            Case(
                about="the logits 2, 1, 0",
                arguments=tensors([2.0, 1.0, 0.0]),
                judge=tensor_of([0.665241, 0.244728, 0.090031]),
            ),
            Case(
                about="four equal logits, all 0",
                arguments=tensors([0.0, 0.0, 0.0, 0.0]),
                judge=tensor_of([0.25, 0.25, 0.25, 0.25]),
            ),
            Case(
                about="the logits 1000, 999",
                arguments=tensors([1000.0, 999.0]),
                judge=tensor_of([0.731059, 0.268941]),
            ),
            Case(
                about="the logits 1000, 0, 0",
                arguments=tensors([1000.0, 0.0, 0.0]),
                judge=tensor_of([1.0, 0.0, 0.0]),
            ),
            Case(
                about="the logits -1000, -1001",
                arguments=tensors([-1000.0, -1001.0]),
                judge=tensor_of([0.731059, 0.268941]),
            ),
        ],
        hints=[
            "First write the softmax without the trap: torch.exp(z), divided by its sum.",
            "e to the power 0 is 1, and e to a negative power lies between 0 and 1. So after the "
            "subtraction no logit should be above 0, and one of them should be 0.",
            "Subtract z.max() from z, before torch.exp.",
        ],
        solution="""
            def safe_softmax(z):
                powers = torch.exp(z - z.max())
                return powers / powers.sum()
        """,
    ),
]
