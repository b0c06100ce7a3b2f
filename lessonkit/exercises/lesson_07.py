"""Exercises of lesson 07: a gradient in parts, a frozen parameter, a change in the wrong place."""

import math
from typing import Any

from lessonkit.exercises import Case, Exercise
from lessonkit.judges import Judge, number, tensor_of

FIRST = ([1.0, 2.0], [3.0, 5.0])  # the x and the y of a part of two points


def parameter(torch: Any, value: float | list[float], old: float | None = None) -> Any:
    """Return a leaf that requires grad, with the gradient `old` left in it by earlier work."""
    leaf = torch.tensor(value, requires_grad=True)
    if old is not None:
        leaf.grad = torch.tensor(old)
    return leaf


def points(torch: Any, xs: list[float], ys: list[float]) -> tuple[Any, Any]:
    """Return one part of the data: the x and the y of its points."""
    return torch.tensor(xs), torch.tensor(ys)


def parts_case(
    about: str,
    gradient: float,
    w_value: float,
    parts: list[tuple[list[float], list[float]]],
    old: float | None = None,
) -> Case:
    """Return a case of 07.1. It counts how often a gradient arrives at `w`."""
    right, arrived = tensor_of(gradient), [0]

    def count(_: Any) -> None:
        arrived[0] += 1

    def build(torch: Any) -> tuple[Any, ...]:
        arrived[0] = 0
        w = parameter(torch, w_value, old)
        w.register_hook(count)
        return w, [points(torch, xs, ys) for xs, ys in parts]

    def judge(answer: Any, arguments: tuple[Any, ...]) -> str | None:
        problem = right(answer, arguments)
        if problem is not None:
            return problem
        held = arguments[0].grad
        if held is None or right(held, arguments) is not None:
            return "The number is right, but `w.grad` does not hold it. Let `backward` add it up."
        if arrived[0] != len(parts):
            return (
                f"The gradient is right. Number of parts: {len(parts)}. Number of times that "
                f"backward came to w: {arrived[0]}. One backward for each part was asked for."
            )
        return None

    return Case(about, judge, build)


def fitted_with_b_frozen(slope: float, b_value: float) -> Judge:
    """Judge the slope; then that `b` stayed where it was, and that no gradient came to it."""
    right = number(slope)

    def judge(answer: Any, arguments: tuple[Any, ...]) -> str | None:
        b = arguments[0]
        if b.item() != b_value:
            return f"b was {b_value:g} and is now {b.item():g}. A frozen parameter does not move."
        if b.grad is not None:
            return "b.grad is filled. To a frozen parameter no gradient comes at all."
        if b.requires_grad:
            return (
                "When your function is done, b requires grad. "
                "Freeze the leaf itself, before the loop, and leave it frozen."
            )
        return right(answer, arguments)

    return judge


def mended(value: float, slope: float) -> Judge:
    """Judge the value, then whether backward runs, then the gradient that it brings."""
    right_value, right_slope = tensor_of([value]), tensor_of([slope])

    def judge(answer: Any, arguments: tuple[Any, ...]) -> str | None:
        problem = right_value(answer, arguments)
        if problem is not None:
            return problem
        if not answer.requires_grad:
            return "The value is right, but the result has no graph. Something was cut off."
        try:
            answer.backward()
        except RuntimeError as error:
            first = str(error).split(":")[0]
            return f"The value is right, but backward still fails: {first}."
        problem = right_slope(arguments[0].grad, arguments)
        return problem and f"The value is right, and backward runs. Its gradient: {problem}"

    return judge


EXERCISES = [
    Exercise(
        key="07.1",
        title="A gradient in parts",
        name="gradient_in_parts",
        stub="""
            def gradient_in_parts(w, parts):
                # The model is yhat = w * x. parts is a list of pairs (x, y) of tensors.
                # Find the gradient of the mean squared error over ALL points, with one
                # backward for each part. The parts may differ in size, and w.grad may
                # hold an old gradient, which must not count. Return w.grad.
                ...
        """,
        cases=[
            parts_case("one part: x = 1, 2 and y = 3, 5, at w = 1", -8.0, 1.0, [FIRST]),
            parts_case("two parts of the same size", -5.0, 1.0, [FIRST, ([0.0, 2.0], [4.0, 3.0])]),
            parts_case(
                "parts of 3 points and of 2 points",
                4.0,
                2.0,
                [([1.0, 2.0, 0.0], [1.0, 3.0, 1.0]), ([-1.0, 1.0], [3.0, 0.0])],
            ),
            parts_case("w comes with an old gradient of 7", -8.0, 1.0, [FIRST], old=7.0),
        ],
        hints=[
            "Before the loop, throw the old gradient away. Think of what works when it is None.",
            "The mean over all points is the sum of all squares, divided by how many points "
            "there are in all parts. Count them first: len(x) of each part.",
            "For each part: loss = ((y - w * x) ** 2).sum() / count, then loss.backward(). "
            "No zero_ between the parts.",
        ],
        solution="""
            def gradient_in_parts(w, parts):
                w.grad = None
                count = sum(len(x) for x, y in parts)
                for x, y in parts:
                    loss = ((y - w * x) ** 2).sum() / count
                    loss.backward()
                return w.grad
        """,
    ),
    Exercise(
        key="07.2",
        title="Freeze one parameter of two",
        name="fit_slope",
        stub="""
            def fit_slope(b, w, x, y, lr, epochs):
                # b and w are leaves that require grad. The model is yhat = b + w * x, the
                # loss is the mean squared error. Freeze b, then fit w alone with the
                # five-step loop of lesson 4. Return w as a plain number.
                ...
        """,
        cases=[
            Case(
                "one epoch on x = 0, 1, 2 and y = 0, 4, 5 from b = 1, w = 1 with lr = 0.1",
                fitted_with_b_frozen(1.4, 1.0),
                lambda torch: (
                    parameter(torch, 1.0),
                    parameter(torch, 1.0),
                    *points(torch, [0.0, 1.0, 2.0], [0.0, 4.0, 5.0]),
                    0.1,
                    1,
                ),
            ),
            Case(
                "two epochs on the same points",
                fitted_with_b_frozen(1.4 + 0.1 * 8 / 3, 1.0),
                lambda torch: (
                    parameter(torch, 1.0),
                    parameter(torch, 1.0),
                    *points(torch, [0.0, 1.0, 2.0], [0.0, 4.0, 5.0]),
                    0.1,
                    2,
                ),
            ),
            Case(
                "200 epochs with b = 3 on points of the line 3 - 2 x",
                fitted_with_b_frozen(-2.0, 3.0),
                lambda torch: (
                    parameter(torch, 3.0),
                    parameter(torch, 0.0),
                    *points(torch, [-1.0, 0.0, 1.0, 3.0], [5.0, 3.0, 1.0, -3.0]),
                    0.1,
                    200,
                ),
            ),
        ],
        hints=[
            "To freeze a leaf is one line, with a call that ends in an underscore.",
            "b.requires_grad_(False) comes before the loop. In the loop, only w is updated.",
            "After backward: with torch.no_grad(): w -= lr * w.grad, then w.grad.zero_(). "
            "There is no b.grad to zero: it is None.",
        ],
        solution="""
            def fit_slope(b, w, x, y, lr, epochs):
                b.requires_grad_(False)
                for epoch in range(epochs):
                    loss = ((y - (b + w * x)) ** 2).mean()
                    loss.backward()
                    with torch.no_grad():
                        w -= lr * w.grad
                    w.grad.zero_()
                return w.item()
        """,
    ),
    Exercise(
        key="07.3",
        title="The change that breaks backward",
        name="mend_me",
        stub="""
            def mend_me(w):
                # The value is right, but backward fails: one of the three changes in place
                # destroys a number that is still needed. Mend it, and keep the value.
                line = 3 * w
                line += 1
                h = w.exp()
                y = h * w
                h += 1
                y += line
                return y + h
        """,
        cases=[
            Case("w = [0.]", mended(3.0, 5.0), lambda torch: (parameter(torch, [0.0]),)),
            Case(
                "w = [1.]",
                mended(5 + 2 * math.e, 3 + 3 * math.e),
                lambda torch: (parameter(torch, [1.0]),),
            ),
            Case(
                "w = [-2.]",
                mended(-4 - math.exp(-2), 3.0),
                lambda torch: (parameter(torch, [-2.0]),),
            ),
        ],
        hints=[
            "Which operations keep a number, and which number? Adding and multiplying by 3 keep "
            "nothing that is changed here.",
            "The exponential keeps its own result, h. The product h * w keeps h, too. "
            "Which line changes h?",
            "Let that line make a new tensor instead: h = h + 1.",
        ],
        solution="""
            def mend_me(w):
                line = 3 * w
                line += 1
                h = w.exp()
                y = h * w
                h = h + 1  # a new tensor: the old one is still needed by exp and by h * w
                y += line
                return y + h
        """,
    ),
]
