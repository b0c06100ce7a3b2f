"""Exercises of lesson 11: a division for an engine of one's own, an operation, wrong rules."""

import sys
from math import isclose
from numbers import Real
from typing import Any

from lessonkit.exercises import Case, Exercise
from lessonkit.judges import Judge, show, tensor_of

CLOSE = {"rel_tol": 1e-4, "abs_tol": 1e-6}


class Number:
    """The class of section 1, as far as a judge needs it: a value, and the note of its inputs."""

    def __init__(self, value: float, inputs: Any = (), slopes: Any = ()) -> None:
        self.value, self.inputs, self.slopes = value, inputs, slopes

    def __add__(self, other: Any) -> Any:
        return type(self)(self.value + other.value, (self, other), (1.0, 1.0))

    def __mul__(self, other: Any) -> Any:
        slopes = (other.value, self.value)
        return type(self)(self.value * other.value, (self, other), slopes)

    def __repr__(self) -> str:
        return f"Number({self.value}, slopes={self.slopes})"


def is_plain(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def wrong_note(number: Any) -> str | None:
    """Say what is missing in a result that should be a Number."""
    if not all(hasattr(number, name) for name in ("value", "inputs", "slopes")):
        return f"This is {show(number)}. Expected: a Number, with value, inputs and slopes."
    if not is_plain(number.value):
        return f"Its value is {show(number.value)}. Expected: a plain number, such as `x.value`."
    for name in ("inputs", "slopes"):
        if not isinstance(getattr(number, name), tuple | list):
            return f"Its {name} are {show(getattr(number, name))}. Expected: a tuple."
    if not all(is_plain(slope) for slope in number.slopes):
        return "Its slopes are not all plain numbers."
    inputs, slopes = len(number.inputs), len(number.slopes)
    if inputs != slopes:
        return f"Inputs: {inputs}, slopes: {slopes}. Expected: one slope for each input."
    problems = [wrong_note(source) for source in number.inputs]
    return next((f"Among its inputs: {problem}" for problem in problems if problem), None)


def in_order(result: Any) -> list[Any]:
    """The numbers behind a result, each before what was made from it."""
    order: list[Any] = []

    def visit(number: Any) -> None:
        if not any(number is known for known in order):
            for source in number.inputs:
                visit(source)
            order.append(number)

    visit(result)
    return order


def gradients_of(result: Any) -> dict[int, float]:
    """The gradient of each number behind a result, by its identity."""
    gradients = {id(result): 1.0}
    for number in reversed(in_order(result)):
        for source, slope in zip(number.inputs, number.slopes, strict=True):
            arrived = gradients.get(id(source), 0.0)
            gradients[id(source)] = arrived + gradients[id(number)] * slope
    return gradients


def quotient(value: float, *gradients: float) -> Judge:
    """Judge a Number by its value, and by what its note sends back to the arguments."""

    def judge(answer: Any, arguments: tuple[Any, ...]) -> str | None:
        problem = wrong_note(answer)
        if problem is not None:
            return problem
        if not isclose(answer.value, value, **CLOSE):
            return f"The value is not right.\nYour answer: {show(answer)}"
        arrived = gradients_of(answer)
        for name, x, right in zip("xy", arguments, gradients, strict=True):
            if id(x) not in arrived:
                return f"{name} is not among the inputs, so no gradient comes to it."
            if not isclose(arrived[id(x)], right, **CLOSE):
                problem = f"The gradient that comes to {name} is not right."
                return f"{problem}\nYour answer: {show(answer)}"
        return None

    return judge


def twice(value: float) -> tuple[Any, Any]:
    """The same Number as both arguments."""
    x = Number(value)
    return x, x


def library_of(x: Any) -> Any:
    """The library that a tensor belongs to."""
    return sys.modules[type(x).__module__.partition(".")[0]]


def softplus(values: list[float], slopes: list[float], second: list[float]) -> Judge:
    """Judge a result of softplus: its values, that a Function made it, two derivatives."""
    right_values = tensor_of(values)

    def judge(answer: Any, arguments: tuple[Any, ...]) -> str | None:
        (x,) = arguments
        problem = right_values(answer, arguments)
        if problem is not None:
            return f"The result of forward: {problem}"
        if answer.grad_fn is None:
            return "The result has no graph. Is it made by `Softplus.apply(x)`?"
        if not type(answer.grad_fn).__name__.endswith("Backward"):
            return "The result was not made by a Function of yours. Return `Softplus.apply(x)`."
        try:
            return wrong_derivatives(answer, x, slopes, second)
        except Exception as error:
            message = (str(error).splitlines() or [""])[0].rstrip(".")
            return f"Your backward raised {type(error).__name__}: {message}."

    return judge


def wrong_derivatives(
    z: Any, x: Any, slopes: list[float], second_slopes: list[float]
) -> str | None:
    """Say which derivative of z with respect to x is not right: start with gradients 1, 2, 3."""
    torch = library_of(x)
    start = torch.arange(1, len(slopes) + 1, dtype=x.dtype)
    (first,) = torch.autograd.grad(z, x, start, create_graph=True, allow_unused=True)
    if first is None:
        return "Your backward returned None. Is its `return` missing?"
    right = [i * slope for i, slope in enumerate(slopes, start=1)]
    problem = tensor_of(right)(first, ())
    if problem is not None:
        return f"The gradient, where backward receives g = {start.tolist()}: {problem}"
    if not first.requires_grad:
        return "The gradient has no graph, so there is no second derivative."
    (second,) = torch.autograd.grad(first.sum(), x)
    right = [i * slope for i, slope in enumerate(second_slopes, start=1)]
    problem = tensor_of(right)(second, ())
    return None if problem is None else f"The second derivative: {problem}"


def tracked(torch: Any, *values: float) -> tuple[Any, ...]:
    return (torch.tensor(values, dtype=torch.float64, requires_grad=True),)


def operation(torch: Any, forward: Any, rule: Any) -> Any:
    """A Function of a forward and a rule, as in the lesson."""

    class Operation(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return forward(x)

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return rule(g, *ctx.saved_tensors)

    return Operation.apply


def lesson_rules(torch: Any) -> tuple[Any, ...]:
    rules = {
        "sine": operation(torch, torch.sin, lambda g, x: g * torch.cos(x)),
        "bell": operation(
            torch, lambda x: (-x * x).exp(), lambda g, x: -2 * x * (-x * x).exp() * g
        ),
        "hill": operation(torch, lambda x: 1 / (1 + x * x), lambda g, x: -2 * x / (1 + x * x) * g),
    }
    return rules, torch.tensor([0.5, 2.0])


def right_rules(torch: Any) -> tuple[Any, ...]:
    rules = {
        "root": operation(torch, torch.sqrt, lambda g, x: g / (2 * torch.sqrt(x))),
        "square": operation(torch, lambda x: x * x, lambda g, x: 2 * x * g),
    }
    return rules, torch.tensor([5.0, 9.0])


def careless(torch: Any) -> tuple[Any, ...]:
    rules = {
        "four times": operation(torch, lambda x: 4 * x, lambda g, x: 4 + 0 * x),
        "inverse": operation(torch, lambda x: 1 / x, lambda g, x: -g / (x * x)),
        "half": operation(torch, lambda x: x * x / 2, lambda g, x: g / x),
    }
    return rules, torch.tensor([1.0, 7.0])


def names(*right: str) -> Judge:
    """Judge that these names were found, in any order."""

    def judge(answer: Any, arguments: tuple[Any, ...]) -> str | None:
        if not isinstance(answer, list | tuple | set):
            return f"This is {show(answer)}. Expected: a list of names."
        unknown = [name for name in answer if name not in arguments[0]]
        if unknown:
            return f"{show(unknown[0])} is not one of the names {list(arguments[0])}."
        if sorted(answer) == sorted(right):
            return None
        return f"These are not the names of the wrong rules.\nYour answer: {list(answer)}"

    return judge


EXERCISES = [
    Exercise(
        key="11.1",
        title="A division for your engine",
        name="divide",
        stub="""
            def divide(x, y):
                # x and y are Numbers. Return the Number x / y, with its note.
                ...
        """,
        cases=[
            Case("7 / 2", quotient(3.5, 0.5, -1.75), lambda _: (Number(7.0), Number(2.0))),
            Case("-1 / 0.5", quotient(-2.0, 2.0, 4.0), lambda _: (Number(-1.0), Number(0.5))),
            Case("x / x at x = 4, one Number twice", quotient(1.0, 0, 0), lambda _: twice(4.0)),
        ],
        hints=[
            "Look at `__mul__`: it makes a Number of a value, two inputs and two slopes.",
            "The value is x.value / y.value, and the inputs are (x, y).",
            "Both slopes stand in the text above the cell. Write them with x.value and y.value, "
            "the one of x first.",
        ],
        solution="""
            def divide(x, y):
                slopes = (1 / y.value, -x.value / y.value**2)
                # type(x) is the class of x: Number.
                return type(x)(x.value / y.value, (x, y), slopes)
        """,
    ),
    Exercise(
        key="11.2",
        title="Softplus as an operation",
        name="softplus",
        stub="""
            class Softplus(torch.autograd.Function):
                @staticmethod
                def forward(ctx, x):
                    # Save x. Return the logarithm of 1 + exp(x).
                    ...

                @staticmethod
                def backward(ctx, g):
                    # Return the gradient of x.
                    ...


            def softplus(x):
                return Softplus.apply(x)
        """,
        cases=[
            Case(
                "x = [1.]",
                softplus([1.313262], [0.731059], [0.196612]),
                lambda torch: tracked(torch, 1.0),
            ),
            Case(
                "x = [-1., 0.5, 3.]",
                softplus(
                    [0.313262, 0.974077, 3.048587],
                    [0.268941, 0.622459, 0.952574],
                    [0.196612, 0.235004, 0.045177],
                ),
                lambda torch: tracked(torch, -1.0, 0.5, 3.0),
            ),
        ],
        hints=[
            "`Cube` is the pattern: save x in forward, take it from ctx.saved_tensors in backward.",
            "forward: (1 + x.exp()).log(). backward: the slope at x, times what arrived.",
            "The slope is 1 / (1 + exp(-x)), and what arrived is g. Use tensor operations only, so "
            "that the second derivative works.",
        ],
        solution="""
            class Softplus(torch.autograd.Function):
                @staticmethod
                def forward(ctx, x):
                    ctx.save_for_backward(x)
                    return (1 + x.exp()).log()

                @staticmethod
                def backward(ctx, g):
                    (x,) = ctx.saved_tensors
                    return g / (1 + (-x).exp())


            def softplus(x):
                return Softplus.apply(x)
        """,
    ),
    Exercise(
        key="11.3",
        title="The wrong rules found",
        name="wrong_rules",
        stub="""
            def wrong_rules(functions, x):
                # functions: a dictionary of names and functions of one tensor.
                # Return a list of the names whose backward is wrong at x.
                ...
        """,
        cases=[
            Case("sine, bell and hill, at x = [0.5, 2.]", names("hill"), lesson_rules),
            Case("root and square, at x = [5., 9.]", names(), right_rules),
            Case(
                "four times, inverse and half, at x = [1., 7.]",
                names("four times", "half"),
                careless,
            ),
        ],
        hints=[
            "Go through functions.items(), and ask gradcheck about each function.",
            "gradcheck wants float64 and requires_grad. Make such a tensor of x first, as "
            "section 7 makes x64.",
            "gradcheck(function, (x64,), raise_exception=False) is False for a wrong rule: collect "
            "the names for which it is.",
        ],
        solution="""
            def wrong_rules(functions, x):
                x = x.detach().double().requires_grad_()
                found = []
                for name, function in functions.items():
                    if not torch.autograd.gradcheck(function, (x,), raise_exception=False):
                        found.append(name)
                return found
        """,
    ),
]
