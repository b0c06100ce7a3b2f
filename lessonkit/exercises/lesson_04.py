"""Exercises of lesson 04: the two gradients by formula, the training loop, a line through zero."""

from typing import Any

from lessonkit.exercises import Case, Exercise
from lessonkit.judges import each_of, number


def column(torch: Any, *values: float) -> Any:
    """Return the values as a tensor with one number in each row, as the lesson's data is."""
    return torch.tensor([[value] for value in values])


EXERCISES = [
    Exercise(
        key="04.1",
        title="The gradients of the mean squared error, by formula",
        name="mse_gradients",
        stub="""
            def mse_gradients(x, y, b, w):
                # x and y are tensors of the same shape; b and w are plain numbers.
                # Return two plain numbers: the gradient for b, then the gradient for w.
                ...
        """,
        cases=[
            Case(
                about="the three points of section 2 and the line 1 + 1 x",
                arguments=lambda torch: (
                    column(torch, 0.0, 1.0, 2.0),
                    column(torch, 0.0, 4.0, 5.0),
                    1.0,
                    1.0,
                ),
                judge=each_of(number(-2.0), number(-4.0)),
            ),
            Case(
                about="x = 1, 3 and y = 5, 9, which lie on the line 3 + 2 x",
                arguments=lambda torch: (
                    column(torch, 1.0, 3.0),
                    column(torch, 5.0, 9.0),
                    3.0,
                    2.0,
                ),
                judge=each_of(number(0.0), number(0.0)),
            ),
            Case(
                about="x = -1, 0, 1, 2, y = 2, 0, 2, 8 and the line 0.5 - 1 x",
                arguments=lambda torch: (
                    column(torch, -1.0, 0.0, 1.0, 2.0),
                    column(torch, 2.0, 0.0, 2.0, 8.0),
                    0.5,
                    -1.0,
                ),
                judge=each_of(number(-6.0), number(-10.5)),
            ),
        ],
        hints=[
            "First work out the error of every point: y - (b + w * x).",
            "The gradient for b is the mean of -2 * error. For w, multiply each by its x first.",
            "The mean is a tensor with one number; .item() makes a plain number of it.",
        ],
        solution="""
            def mse_gradients(x, y, b, w):
                error = y - (b + w * x)
                return (-2 * error).mean().item(), (-2 * error * x).mean().item()
        """,
    ),
    Exercise(
        key="04.2",
        title="The training loop",
        name="fit",
        stub="""
            def fit(x, y, lr, epochs):
                b = torch.zeros(1, requires_grad=True)
                w = torch.zeros(1, requires_grad=True)
                # Repeat the steps 1 to 5, once for each epoch.
                # Return two plain numbers: b, then w.
                ...
        """,
        cases=[
            Case(
                about="one epoch on x = 0, 1, 2 and y = 0, 4, 5 with lr = 0.1",
                arguments=lambda torch: (
                    column(torch, 0.0, 1.0, 2.0),
                    column(torch, 0.0, 4.0, 5.0),
                    0.1,
                    1,
                ),
                judge=each_of(number(0.6), number(14 / 15)),
            ),
            Case(
                about="two epochs on the same points",
                arguments=lambda torch: (
                    column(torch, 0.0, 1.0, 2.0),
                    column(torch, 0.0, 4.0, 5.0),
                    0.1,
                    2,
                ),
                judge=each_of(number(67 / 75), number(323 / 225)),
            ),
            Case(
                about="500 epochs on x = -1, 0, 1, 3 and y = 5, 3, 1, -3 with lr = 0.1",
                arguments=lambda torch: (
                    column(torch, -1.0, 0.0, 1.0, 3.0),
                    column(torch, 5.0, 3.0, 1.0, -3.0),
                    0.1,
                    500,
                ),
                judge=each_of(number(3.0), number(-2.0)),
            ),
        ],
        hints=[
            "The body of the loop is the one of section 4, with x, y, lr and epochs as given.",
            "If one epoch is right and two are not, look at step 5: are both gradients zeroed?",
            "Step 4 is two lines in `with torch.no_grad():`, with -= and not = ... -. "
            "After the loop, return b.item() and w.item().",
        ],
        solution="""
            def fit(x, y, lr, epochs):
                b = torch.zeros(1, requires_grad=True)
                w = torch.zeros(1, requires_grad=True)
                for epoch in range(epochs):
                    yhat = b + w * x
                    loss = ((y - yhat) ** 2).mean()
                    loss.backward()
                    with torch.no_grad():
                        b -= lr * b.grad
                        w -= lr * w.grad
                    b.grad.zero_(), w.grad.zero_()
                return b.item(), w.item()
        """,
    ),
    Exercise(
        key="04.3",
        title="A line through the origin",
        name="slope_through_origin",
        stub="""
            def slope_through_origin(distance, velocity):
                # Fit velocity = H * distance. There is no intercept.
                # Return H as a plain number.
                ...
        """,
        cases=[
            Case(
                about="three points with velocity = 70 * distance",
                arguments=lambda torch: (
                    column(torch, 0.5, 1.0, 2.0),
                    column(torch, 35.0, 70.0, 140.0),
                ),
                judge=number(70.0, tolerance=1e-3),
            ),
            Case(
                about="three of the nebulae: 0.5, 1.0, 2.0 Mpc and 290, 920, 1090 km/s",
                arguments=lambda torch: (
                    column(torch, 0.5, 1.0, 2.0),
                    column(torch, 290.0, 920.0, 1090.0),
                ),
                judge=number(3245 / 5.25, tolerance=1e-3),
            ),
            Case(
                about="two near ones that come towards us: 0.25, 0.5 Mpc and -200, -80 km/s",
                arguments=lambda torch: (
                    column(torch, 0.25, 0.5),
                    column(torch, -200.0, -80.0),
                ),
                judge=number(-288.0, tolerance=1e-3),
            ),
        ],
        hints=[
            "With a loop: one parameter H, and the same five steps. Let it run until H rests.",
            "If H has not come to rest, take more epochs: near points make a flat bowl. "
            "200 epochs with lr = 0.2 do for these.",
            "With a formula: at the best H the mean of -2 * (v - H * d) * d is zero. Solve for H.",
        ],
        solution="""
            def slope_through_origin(distance, velocity):
                H = torch.zeros(1, requires_grad=True)
                for epoch in range(200):
                    loss = ((velocity - H * distance) ** 2).mean()
                    loss.backward()
                    with torch.no_grad():
                        H -= 0.2 * H.grad
                    H.grad.zero_()
                return H.item()
        """,
    ),
]
