"""Each operation: its values, its gradient and the second one, its node, over dtypes and shapes.

Every program makes leaves and `y`, then differentiates `y` weighted by numbers that differ, so
that a gradient cannot be right by symmetry.
"""

from collections.abc import Iterable
from itertools import product

DIFFERENTIATE = """
_v = torch.arange(1, y.numel() + 1, dtype=y.dtype).reshape(y.shape) / 4
dx, = torch.autograd.grad(y, x, _v, create_graph=True)
d2x, = torch.autograd.grad(dx, x, torch.ones_like(dx), retain_graph=True)
y.backward(_v)
"""

PLAIN = "x = torch.tensor({values}, dtype=torch.{dtype})\ny = {operation}\n"
TRACKED = PLAIN.replace("})", "}, requires_grad=True)") + DIFFERENTIATE

VALUES = {
    "0-dim": "0.75",
    "vector": "[-1.25, 0.5, 2.0]",
    "matrix": "[[0.25, -0.75, 1.5], [-2.0, 1.0, 3.25]]",
    "empty": "[]",
}
POSITIVE = {
    "0-dim": "0.75",
    "vector": "[1.25, 0.5, 2.0]",
    "matrix": "[[0.25, 0.75, 1.5], [2.0, 1.0, 3.25]]",
    "empty": "[]",
}
INTEGERS = {"0-dim": "3", "vector": "[4, 1, 2]", "matrix": "[[1, 2, 3], [3, 2, 1]]"}
TRUTHS = {"vector": "[True, False, True]"}

UNARY = """
torch.exp(x)
torch.sin(x)
torch.cos(x)
torch.tanh(x)
torch.sigmoid(x)
torch.relu(x)
torch.abs(x)
abs(x)
-x
torch.neg(x)
x + 2
2 + x
x + 0.5
x - 2
2 - x
2.5 - x
x * 3
3 * x
-0.5 * x
x / 2
x / 4.0
2 / x
x ** 2
x ** 3
x ** 1
x ** 0
2 ** x
0.5 ** x
x * x
x - x
x / x
x * x * x
torch.clamp(x, 0, 1)
torch.clamp(x, min=0.5)
torch.clamp(x, max=1)
x.clamp(-1.5, 2.5)
x.clone()
x.sum()
x.sum().exp()
torch.sum(x, -1)
x.sum(-1, keepdim=True)
x.reshape(-1)
x.reshape(-1) * 2
x.unsqueeze(0)
x.unsqueeze(-1) * 2
x.view(-1)
x.detach() * x
torch.where(x > 0.5, x, -x)
torch.where(x > 0.5, x, 0.0)
torch.where(x > 0.5, 2.0, x * x)
torch.maximum(x, torch.zeros_like(x))
torch.minimum(x, x * x)
torch.add(x, 2)
torch.sub(x, x * x, alpha=2)
torch.add(x, x, alpha=3)
torch.mul(x, 2)
torch.div(x, 2)
torch.square(x)
x.exp() - x.sin() * x.cos()
x.exp().exp()
"""

POSITIVE_UNARY = """
torch.log(x)
torch.sqrt(x)
x ** 0.5
x ** -1
x ** -2.5
x ** x
1 / x
x.log().exp()
torch.nn.functional.log_softmax(x, -1)
torch.nn.functional.softmax(x, -1)
torch.softmax(x, 0)
"""

AVERAGES = """
x.mean()
torch.mean(x, -1)
x.mean(-1, keepdim=True)
x.mean(dim=0)
x.max()
x.min()
x.max(-1)[0]
x.min(-1).values
x.max(0, keepdim=True).values
torch.max(x, 0)[0]
torch.min(x, dim=-1, keepdim=True)[0]
(x - x.mean()) ** 2
x - x.max()
"""

MATRIX = """
x.t()
x.T
x.T * 2
x.transpose(0, 1)
torch.transpose(x, -1, -2)
x.mT
x @ x.T
x.T @ x
torch.matmul(x, torch.ones(3))
torch.matmul(x, torch.ones(3, 2))
torch.matmul(torch.ones(2), x)
torch.matmul(torch.ones(4, 2), x)
torch.mm(x, x.t())
x @ torch.ones(5, 3, 2)
x.sum(0)
x.sum(1)
x.sum((0, 1))
x.sum(dim=(0, 1), keepdim=True)
x.sum(dim=[1])
x.mean(0)
x.mean((0, 1))
x.mean(1, keepdim=True)
x.reshape(3, 2)
x.reshape(-1, 1)
x.reshape((6,))
x.reshape(6, -1)
x.T.reshape(6)
x.view(3, 2)
x.view(6) * 2
x.unsqueeze(1)
x.unsqueeze(-2)
x.unsqueeze(0).squeeze()
x.unsqueeze(0).squeeze(0)
x.squeeze()
x.squeeze(1)
x.expand(2, 3)
x.expand(2, 2, 3)
x.unsqueeze(0).expand(4, -1, -1)
x[:, :1].expand(-1, 4)
x[0]
x[-1]
x[0, 1]
x[1, -1]
x[:]
x[...]
x[0:1]
x[:, 1]
x[:, 0:2]
x[:, ::2]
x[1:, 1:]
x[None]
x[:, None]
x[..., 0]
x[..., None]
x[None, 0]
x[True]
x[False]
x[[0, 1]]
x[[0, 0, 1]]
x[torch.tensor([1, 0, 1])]
x[torch.tensor(1)]
x[:, torch.tensor([2, 0])]
x[torch.tensor([0, 1]), torch.tensor([2, 2])]
x[torch.tensor([[0, 1], [1, 1]])]
x[x > 0]
x[torch.tensor([True, False])]
x[0][1]
x[1:2][0]
x[2:]
torch.cat([x, x])
torch.cat([x, x * 2], 1)
torch.cat((x, torch.zeros(1, 3)), dim=0)
torch.cat([x[0], x[1]])
torch.cat([x], -1)
torch.stack([x, x])
torch.stack([x, x * 2], 1)
torch.stack([x[0], x[1], x[0]], dim=-1)
torch.stack([x.sum(), x[0, 0]])
torch.maximum(x, torch.tensor([0.0, 0.5, 1.0]))
torch.minimum(x, torch.tensor(0.5))
torch.where(torch.tensor([True, False, True]), x, torch.tensor(2.0))
x.max(0).values
x.min(1)[0]
x.max(1)[0].sum()
x + torch.ones(2, 1)
x * torch.ones(4, 1, 1)
x - x.mean(0)
x / x.sum(1, keepdim=True)
(x * torch.tensor([1., 2., 3.])).sum(1)
torch.nn.functional.softmax(x, dim=0)
torch.nn.functional.softmax(x, dim=1)
torch.nn.functional.log_softmax(x, dim=0)
torch.log_softmax(x, 1)
x.softmax(1).log()
torch.nn.functional.mse_loss(x, torch.zeros(2, 3))
torch.nn.functional.mse_loss(x, torch.ones(2, 3), reduction='sum')
torch.nn.functional.mse_loss(x, torch.ones(2, 3), reduction='none')
torch.nn.functional.mse_loss(torch.zeros(2, 3), x)
torch.nn.functional.mse_loss(x, x * x)
torch.nn.functional.binary_cross_entropy(torch.sigmoid(x), torch.tensor([[1., 0, 1], [0, .5, 1]]))
torch.nn.functional.binary_cross_entropy(x.sigmoid(), torch.ones(2, 3), reduction='sum')
torch.nn.functional.binary_cross_entropy(x.sigmoid(), torch.zeros(2, 3), reduction='none')
torch.nn.functional.cross_entropy(x, torch.tensor([2, 0]))
torch.nn.functional.cross_entropy(x, torch.tensor([1, 1]), reduction='sum')
torch.nn.functional.cross_entropy(x, torch.tensor([0, 2]), reduction='none')
torch.nn.functional.cross_entropy(x[0], torch.tensor(1))
torch.nn.functional.cross_entropy(x, torch.tensor([[.2, .3, .5], [1., 0, 0]]))
torch.nn.functional.cross_entropy(x, torch.tensor([2, -100]))
"""

KINKS = {
    "relu at 0": ("[-1., 0., -0.0, 1.]", "x.relu()"),
    "abs at 0": ("[-1., 0., -0.0, 1.]", "x.abs()"),
    "clamp at its ends": ("[-2., -1., 0., 1., 2.]", "x.clamp(-1, 1)"),
    "clamp where min is above max": ("[-2., 0., 2.]", "x.clamp(1, -1)"),
    "clamp of nan": ("[float('nan'), 0., 2.]", "x.clamp(-1, 1)"),
    "clamp between tensors": (
        "[-2., 0., 2.]",
        "x.clamp(torch.tensor([-1.]), torch.tensor([0., 0., 3.]))",
    ),
    "maximum at a tie": ("[1., 2., 3.]", "torch.maximum(x, torch.tensor([1., 1., 5.]))"),
    "maximum of itself": ("[1., 2., 3.]", "torch.maximum(x, x)"),
    "minimum at a tie": (
        "[1., 2., 3.]",
        "torch.minimum(x, torch.full((3,), 2., requires_grad=True))",
    ),
    "maximum with nan": (
        "[1., float('nan')]",
        "torch.maximum(x, torch.tensor([float('nan'), 1.]))",
    ),
    "max of all at ties": ("[2., 1., 2., 2.]", "x.max()"),
    "min of all at ties": ("[[1., 1.], [2., 1.]]", "x.min()"),
    "max along a dimension at ties": ("[[2., 2., 1.], [0., 3., 3.]]", "x.max(1).values"),
    "min along a dimension at ties": ("[[2., 2.], [2., 1.]]", "x.min(0).values"),
    "max of nan": ("[1., float('nan'), 3.]", "x.max()"),
    "max of nan along a dimension": ("[[1., float('nan'), 3.]]", "x.max(1)[0]"),
    "sqrt at 0": ("[0., 1., -1.]", "x.sqrt()"),
    "log at 0 and below": ("[0., -1., 1.]", "x.log()"),
    "division by 0": ("[0., -0.0, 1.]", "1 / x"),
    "0 / 0": ("[0., 1.]", "x / x"),
    "0 ** 0": ("[0., 1.]", "x ** 0"),
    "0 ** 2": ("[0., -1.]", "x ** 2"),
    "0 ** 1": ("[0., -1.]", "x ** 1"),
    "0 ** 0.5": ("[0., 4.]", "x ** 0.5"),
    "0 ** -1": ("[0., 4.]", "x ** -1"),
    "negative ** 0.5": ("[-1., 4.]", "x ** 0.5"),
    "a tensor ** a tensor of zeros": ("[0., 2.]", "x ** torch.zeros(2)"),
    "0 ** a tensor": ("[0., 2., -1.]", "0 ** x"),
    "a number ** a tensor": ("[0., 2., -1.]", "2 ** x"),
    "a tensor of zeros ** a tensor": ("[0., 2.]", "torch.zeros(2) ** x"),
    "tanh and sigmoid far out": ("[-200., 200., 0.]", "x.tanh() + x.sigmoid()"),
    "exp overflows": ("[200., -200.]", "x.exp()"),
    "softmax of large numbers": ("[1000., 0., -1000.]", "x.softmax(0)"),
    "log_softmax of large numbers": ("[1000., 0., -1000.]", "x.log_softmax(0)"),
    "where hides nan": ("[0., 1.]", "torch.where(x > 0, x.log(), x)"),
    "mean of nothing": ("[]", "x.mean()"),
    "sum of nothing": ("[]", "x.sum()"),
    "mse at 0": ("[1., 2.]", "torch.nn.functional.mse_loss(x, torch.tensor([1., 2.]))"),
}

PAIRS = {
    "same": ("[1.5, -2.0, 0.5]", "[0.5, 3.0, -1.0]"),
    "row and column": ("[[1.0], [2.0]]", "[0.5, 1.5, -1.0]"),
    "matrix and 0-dim": ("[[1.0, 2.0], [3.0, 4.0]]", "2.5"),
    "0-dim and vector": ("2.5", "[1.0, 2.0]"),
    "one element and matrix": ("[2.0]", "[[1.0, -1.0], [0.5, 3.0]]"),
    "empty and one": ("[]", "[2.0]"),
}

BINARY = """
x + w
x - w
x * w
x / w
torch.maximum(x, w)
torch.minimum(x, w)
torch.where(x > w, x, w)
(x * w).sum() + w.sum()
x.abs() ** w
torch.nn.functional.mse_loss(x + 0 * w, w + 0 * x)
x * w + x / w
"""

BOTH = """
x = torch.tensor({x}, requires_grad=True, dtype=torch.{x_dtype})
w = torch.tensor({w}, requires_grad=True, dtype=torch.{w_dtype})
y = {operation}
_v = torch.arange(1, y.numel() + 1, dtype=y.dtype).reshape(y.shape) / 4
dx, dw = torch.autograd.grad(y, [x, w], _v, create_graph=True)
d2x, d2w = torch.autograd.grad(dx.sum() + dw.sum(), [x, w], retain_graph=True, allow_unused=True)
y.backward(_v)
"""

PRODUCTS = {
    "dot": ("[1., 2., 3.]", "[0.5, -1., 2.]"),
    "matrix vector": ("[[1., 2., 3.], [4., 5., 6.]]", "[0.5, -1., 2.]"),
    "vector matrix": ("[1., 2.]", "[[1., 2., 3.], [4., 5., 6.]]"),
    "matrix matrix": ("[[1., 2.], [3., 4.], [5., 6.]]", "[[0.5, -1.], [2., 1.5]]"),
    "batch matrix": ("[[[1., 2.]], [[3., 4.]]]", "[[0.5], [-1.]]"),
    "matrix batch": ("[[1., 2.]]", "[[[0.5], [1.]], [[2.], [-1.]]]"),
    "batch batch": ("[[[1., 2.]], [[3., 4.]]]", "[[[0.5], [1.]], [[2.], [-1.]]]"),
    "batch vector": ("[[[1., 2.]], [[3., 4.]]]", "[0.5, -1.]"),
    "vector batch": ("[1., 2.]", "[[[0.5], [1.]], [[2.], [-1.]]]"),
    "batches that broadcast": ("[[[[1., 2.]], [[3., 4.]]]]", "[[[[0.5], [1.]]], [[[2.], [-1.]]]]"),
    "one column": ("[[1.], [2.]]", "[[3., 4.]]"),
}

WITHOUT_GRADIENT = """
x > 1
x >= 1
x < 1
x <= 1
x == 1
x != 1
1 < x
x == x
x > torch.tensor(1)
x > torch.tensor([1.5])
x + 1
x + 1.5
x - 1
1 - x
x * 2
x * 2.5
x * True
x / 2
2 / x
x ** 2
x ** 2.0
x ** 0.5
2 ** x
2.0 ** x
-x
abs(x)
x + x
x * x
x / x
torch.exp(x)
torch.log(x)
torch.sqrt(x)
torch.sin(x)
torch.cos(x)
torch.tanh(x)
torch.sigmoid(x)
torch.relu(x)
torch.clamp(x, 0, 2)
torch.clamp(x, 0.5)
torch.clamp(x, max=1.5)
x.sum()
x.sum(0)
x.mean(0)
x.max()
x.min()
x.max(0)
x.min(0)
torch.maximum(x, x)
torch.where(x > 1, x, 0)
torch.where(x > 1, 1.5, x)
torch.where(x > 1, 1, 0)
torch.cat([x, x])
torch.stack([x, x])
torch.cat([x, x * 1.5])
x.reshape(-1)
x.T
x @ x.T
x.unsqueeze(0)
x.expand(2, *x.shape)
x[0]
x.tolist()
x.numpy()
x.clone()
x.float()
x.double()
x.int()
x.long()
x.bool()
x.half()
x.to(torch.float64)
x.zeros_like() if hasattr(x, 'zeros_like') else torch.zeros_like(x)
torch.ones_like(x)
torch.full_like(x, 3)
torch.zeros_like(x, dtype=torch.float64)
"""


def lines(text: str) -> list[str]:
    """The operations that a text lists, one a line."""
    return text.strip().splitlines()


def differentiated(cases: Iterable[tuple[str, tuple[str, str], str]]) -> dict[str, str]:
    """Programs that differentiate: of each case an operation, the shape and the values, a dtype."""
    return {
        f"{operation} of {shape}, {dtype}": TRACKED.format(
            values=values, dtype=dtype, operation=operation
        )
        for operation, (shape, values), dtype in cases
    }


def _one_input() -> dict[str, str]:
    cases = [
        *product(lines(UNARY), VALUES.items(), ["float32", "float64"]),
        *product(lines(POSITIVE_UNARY), POSITIVE.items(), ["float32", "float64"]),
        *product(lines(AVERAGES), list(VALUES.items())[:3], ["float32", "float64"]),
        *product(lines(MATRIX), [("matrix", VALUES["matrix"])], ["float32"]),
        *product(lines(UNARY), [("vector", VALUES["vector"])], ["float16"]),
    ]
    return differentiated(cases)


def _kinks() -> dict[str, str]:
    return {
        name: TRACKED.format(values=values, dtype="float64", operation=operation)
        for name, (values, operation) in KINKS.items()
    }


def _two_inputs() -> dict[str, str]:
    dtypes = [("float32", "float32"), ("float64", "float64"), ("float32", "float64")]
    cases = [
        *product(lines(BINARY), PAIRS.items(), dtypes),
        *product(["x @ w", "torch.matmul(x, w)"], PRODUCTS.items(), dtypes[:2]),
    ]
    return {
        f"{operation}: {shapes}, {x_dtype} and {w_dtype}": BOTH.format(
            x=x, w=w, x_dtype=x_dtype, w_dtype=w_dtype, operation=operation
        )
        for operation, (shapes, (x, w)), (x_dtype, w_dtype) in cases
    }


def _without_gradient() -> dict[str, str]:
    made = {}
    for operation in lines(WITHOUT_GRADIENT):
        for dtype, table in [("int64", INTEGERS), ("bool", TRUTHS), ("float32", VALUES)]:
            for shape, values in table.items():
                program = PLAIN.format(values=values, dtype=dtype, operation=operation)
                made[f"{operation} of {shape}, {dtype}"] = program
    return made


PROGRAMS = {**_one_input(), **_kinks(), **_two_inputs(), **_without_gradient()}
