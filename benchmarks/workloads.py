"""The work that the speed table measures. Each workload is written once, as a function of the
module that is called `torch`, so PyTorch and tinygrad_edu run the identical code; next to it
stands the same mathematics in NumPy with its derivatives worked out by hand, in float32. Each
function prepares its data and returns a step, which is what is timed. No clock is read here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Step = Callable[[], tuple[Any, ...]]
Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Workload:
    """One row of the table: `shared(torch, **size)` and `by_hand(**size)` each make a step."""

    key: str
    title: str
    shared: Callable[..., Step]
    by_hand: Callable[..., Step]
    size: dict[str, int] = field(default_factory=dict)
    by_default: bool = True


def leaf(torch: Any, array: Array) -> Any:
    """A parameter with its own copy of the numbers, for a step may change it in place."""
    return torch.from_numpy(array.copy()).requires_grad_()


def points_near_a_line(rows: int) -> tuple[Array, Array]:
    """Columns x and y of shape (rows, 1), where y is 1 + 2x and a little noise."""
    rng = np.random.default_rng(0)
    x = rng.random((rows, 1), dtype=np.float32)
    noise = rng.standard_normal((rows, 1), dtype=np.float32)
    return x, 1 + 2 * x + np.float32(0.1) * noise


def first_guess() -> tuple[Array, Array]:
    """The parameters b and w before the first step, each of shape (1,)."""
    return np.array([0.3367], np.float32), np.array([0.1288], np.float32)


# W1 and W6: one turn of the linear regression loop


def regression(torch: Any, rows: int) -> Step:
    """Predict, measure, differentiate, update, zero."""
    x, y = map(torch.from_numpy, points_near_a_line(rows))
    b, w = (leaf(torch, start) for start in first_guess())
    rate = 0.1

    def step() -> tuple[Any, ...]:
        nonlocal b, w
        error = y - (b + w * x)
        loss = (error**2).mean()
        loss.backward()
        with torch.no_grad():
            b -= rate * b.grad
            w -= rate * w.grad
        b.grad.zero_()
        w.grad.zero_()
        return loss, b, w

    return step


def regression_by_hand(rows: int) -> Step:
    """d loss / d yhat is -2 error / rows; vdot sums a product without storing it."""
    x, y = points_near_a_line(rows)
    b, w = first_guess()
    rate = 0.1
    scale = np.float32(-2 / rows)

    def step() -> tuple[Any, ...]:
        nonlocal b, w
        error = w * x
        error += b
        np.subtract(y, error, out=error)
        loss = np.vdot(error, error) / rows
        error *= scale
        b -= rate * error.sum()
        w -= rate * np.vdot(error, x)
        return loss, b, w

    return step


# W2 and W10: a polynomial at x = 2, its slope, and the slope's slope


def polynomial(x: Any) -> Any:
    """2x^4 + x^3 + 3x^2 + 5x + 1, as one writes it in Python."""
    return 2 * x**4 + x**3 + 3 * x**2 + 5 * x + 1


def slope(torch: Any) -> Step:
    """The polynomial forward and backward."""
    x = torch.tensor(2.0, requires_grad=True)

    def step() -> tuple[Any, ...]:
        x.grad = None
        y = polynomial(x)
        y.backward()
        return y, x.grad

    return step


def slope_by_hand() -> Step:
    """The polynomial and its derivative, by Horner's rule."""
    x = np.float32(2)

    def step() -> tuple[Any, ...]:
        y = (((2 * x + 1) * x + 3) * x + 5) * x + 1
        return y, ((8 * x + 3) * x + 6) * x + 5

    return step


def second_derivative(torch: Any) -> Step:
    """The gradient of a gradient."""
    x = torch.tensor(2.0, requires_grad=True)

    def step() -> tuple[Any, ...]:
        y = polynomial(x)
        (first,) = torch.autograd.grad(y, x, create_graph=True)
        (second,) = torch.autograd.grad(first, x)
        return y, first, second

    return step


def second_derivative_by_hand() -> Step:
    """The polynomial and both derivatives, by Horner's rule."""
    x = np.float32(2)

    def step() -> tuple[Any, ...]:
        y = (((2 * x + 1) * x + 3) * x + 5) * x + 1
        return y, ((8 * x + 3) * x + 6) * x + 5, (24 * x + 6) * x + 6

    return step


# W3: a loss with a second part that is only there if the first is positive


def branches(torch: Any, rows: int) -> Step:
    """Two branches share w; the second is added to the loss in place."""
    x, y = map(torch.from_numpy, points_near_a_line(rows))
    b, w = (leaf(torch, start) for start in first_guess())

    def step() -> tuple[Any, ...]:
        b.grad = w.grad = None
        error = y - (b + w * x)
        loss = (error**2).mean()
        if loss > 0:
            error2 = y - w * x
            loss += error2.mean()
        loss.backward()
        return loss, b.grad, w.grad

    return step


def branches_by_hand(rows: int) -> Step:
    """The second branch adds -mean(x) to w's gradient and nothing to b's; w * x is shared."""
    x, y = points_near_a_line(rows)
    b, w = first_guess()
    scale = np.float32(-2 / rows)

    def step() -> tuple[Any, ...]:
        error2 = y - w * x
        error = error2 - b
        loss = np.vdot(error, error) / rows
        grad_b, grad_w = scale * error.sum(), scale * np.vdot(error, x)
        if loss > 0:
            loss += error2.sum() / rows
            grad_w -= x.sum() / rows
        return loss, grad_b, grad_w

    return step


# W4: one output from ten features


def ten_features() -> tuple[Array, Array, Array]:
    """One example x (1, 10), weights (10, 1) and a bias (1,)."""
    rng = np.random.default_rng(0)
    x = rng.random((1, 10), dtype=np.float32)
    return x, rng.standard_normal((10, 1), dtype=np.float32), np.ones(1, np.float32)


def affine(torch: Any) -> Step:
    """1 - (x W + b), forward and backward."""
    features, weights, bias = ten_features()
    x, W, b = torch.from_numpy(features), leaf(torch, weights), leaf(torch, bias)

    def step() -> tuple[Any, ...]:
        W.grad = b.grad = None
        loss = 1 - (torch.matmul(x, W) + b)
        loss.backward()
        return loss, W.grad, b.grad

    return step


def affine_by_hand() -> Step:
    """The gradient at the product is -1 everywhere."""
    x, W, b = ten_features()
    g = np.full((1, 1), -1, np.float32)

    def step() -> tuple[Any, ...]:
        return 1 - (x @ W + b), x.T @ g, g.sum(0)

    return step


# W5: a network of two layers


def network_numbers(width: int) -> list[Array]:
    """64 examples and targets (64, width), then weights and biases of two layers."""
    rng = np.random.default_rng(0)
    square = (width, width)
    shapes: list[tuple[int, ...]] = [(64, width), (64, width), square, (width,), square, (width,)]
    numbers = [rng.standard_normal(shape, dtype=np.float32) for shape in shapes]
    return [n / np.float32(width**0.5) if n.shape == square else n for n in numbers]


def network(torch: Any, width: int) -> Step:
    """The mean squared error of relu(tanh(x U + a) V + c), forward and backward."""
    x, y, *parameters = network_numbers(width)
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    leaves = [leaf(torch, parameter) for parameter in parameters]

    def step() -> tuple[Any, ...]:
        for parameter in leaves:
            parameter.grad = None
        U, a, V, c = leaves
        hidden = torch.tanh(torch.matmul(x, U) + a)
        output = torch.relu(torch.matmul(hidden, V) + c)
        loss = ((output - y) ** 2).mean()
        loss.backward()
        return loss, *(parameter.grad for parameter in leaves)

    return step


def network_by_hand(width: int) -> Step:
    """The chain rule from the loss back; tanh' is 1 - tanh^2, relu' is 1 where it is positive."""
    x, y, U, a, V, c = network_numbers(width)
    scale = np.float32(2 / y.size)

    def step() -> tuple[Any, ...]:
        hidden = np.tanh(x.dot(U) + a)
        output = np.maximum(hidden.dot(V) + c, 0)
        error = output - y
        loss = np.vdot(error, error) / y.size
        at_output = error * (output > 0)
        at_output *= scale
        at_hidden = at_output.dot(V.T)
        at_hidden *= 1 - hidden * hidden
        return loss, x.T.dot(at_hidden), at_hidden.sum(0), hidden.T.dot(at_output), at_output.sum(0)

    return step


# W7: a deep graph


def chain(torch: Any, operations: int) -> Step:
    """Multiply and add in turn, `operations` times in all, then backward through all of it."""
    x = torch.tensor(2.0, requires_grad=True)

    def step() -> tuple[Any, ...]:
        x.grad = None
        y = x
        for _ in range(operations // 2):
            y = y * 0.9999 + 0.0001
        y.backward()
        return y, x.grad

    return step


def chain_by_hand(operations: int) -> Step:
    """The same two loops, on NumPy's float32 scalars."""
    x, factor, term = np.float32(2), np.float32(0.9999), np.float32(0.0001)

    def step() -> tuple[Any, ...]:
        y = x
        for _ in range(operations // 2):
            y = y * factor + term
        g = np.float32(1)
        for _ in range(operations // 2):
            g = g * factor
        return y, g

    return step


# W8: a wide graph


def sum_of_leaves(torch: Any, leaves: int) -> Step:
    """Add up that many separate scalars in a Python loop; each of them gets a gradient."""
    scalars = [torch.tensor(0.5, requires_grad=True) for _ in range(leaves)]

    def step() -> tuple[Any, ...]:
        total: Any = 0
        for scalar in scalars:
            scalar.grad = None
            total = total + scalar
        total.backward()
        return total, scalars[0].grad, scalars[-1].grad

    return step


def sum_of_leaves_by_hand(leaves: int) -> Step:
    """The loop is the workload, so it stays a loop: the scalars are separate values here too."""
    scalars = [np.float32(0.5)] * leaves

    def step() -> tuple[Any, ...]:
        total = np.float32(0)
        for scalar in scalars:
            total = total + scalar
        gradients = np.ones(leaves, np.float32)
        return total, gradients[0], gradients[-1]

    return step


WORKLOADS = (
    Workload(
        "W1", "linear regression, one epoch, 80 rows", regression, regression_by_hand, {"rows": 80}
    ),
    Workload("W2", "polynomial, forward and backward", slope, slope_by_hand),
    Workload("W3", "loss with two branches, 80 rows", branches, branches_by_hand, {"rows": 80}),
    Workload("W4", "1 - (x W + b), 10 features", affine, affine_by_hand),
    Workload(
        "W5",
        "two-layer network, batch 64, width 64",
        network,
        network_by_hand,
        {"width": 64},
        by_default=False,
    ),
    Workload(
        "W5",
        "two-layer network, batch 64, width 512",
        network,
        network_by_hand,
        {"width": 512},
        by_default=False,
    ),
    Workload(
        "W6",
        "linear regression, one epoch, 10^7 rows",
        regression,
        regression_by_hand,
        {"rows": 10**7},
        by_default=False,
    ),
    Workload("W7", "chain of 10^4 scalar operations", chain, chain_by_hand, {"operations": 10**4}),
    Workload("W7", "chain of 10^5 scalar operations", chain, chain_by_hand, {"operations": 10**5}),
    Workload("W8", "sum of 10^4 leaves", sum_of_leaves, sum_of_leaves_by_hand, {"leaves": 10**4}),
    Workload(
        "W10", "second derivative of the polynomial", second_derivative, second_derivative_by_hand
    ),
)
