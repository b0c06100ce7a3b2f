"""Losses and softmax: values, graph, first and second derivatives, over options and shapes."""

from itertools import product

from topic_operations import DIFFERENTIATE

PROGRAM = (
    """F = torch.nn.functional
x = torch.tensor({x}, dtype=torch.{dtype}, requires_grad=True)
y = {operation}
"""
    + DIFFERENTIATE
)

ROW = "[0.5, -1.0, 2.0]"
ROWS = "[[0.25, -0.75, 1.5], [-2.0, 1.0, 3.25]]"
SEQUENCES = "[[[0.5, -1.], [2., 0.], [1., 3.]], [[0., 1.], [1., -2.], [.5, .25]]]"
IMAGES = "[[[[1., 2.]], [[-1., .5]], [[.3, .7]]], [[[0., 1.]], [[2., -1.]], [[1., 1.]]]]"

CLASSES = {
    "one row": (ROW, "torch.tensor(2)"),
    "rows": (ROWS, "torch.tensor([2, 0])"),
    "an ignored row": (ROWS, "torch.tensor([1, -100])"),
    "sequences": (SEQUENCES, "torch.tensor([[2, 1], [0, -100]])"),
    "images": (IMAGES, "torch.tensor([[[0, 2]], [[1, 1]]])"),
    "probabilities of one row": (ROW, "torch.tensor([.2, .3, .5], dtype=x.dtype)"),
    "probabilities": (ROWS, "torch.tensor([[.2, .3, .5], [1., 0, 0]], dtype=x.dtype)"),
    "probabilities of sequences": (SEQUENCES, "x.detach().softmax(1)"),
}
WEIGHTS = {"no weights": "None", "weights": "torch.tensor([.5, 2., 1.5], dtype=x.dtype)"}
REDUCTIONS = ["mean", "sum", "none"]

CORNERS = {
    "cross entropy, another class ignored": (
        ROWS,
        "F.cross_entropy(x, torch.tensor([1, 2]), ignore_index=1)",
    ),
    "cross entropy, all ignored": (ROWS, "F.cross_entropy(x, torch.tensor([-100, -100]))"),
    "cross entropy, all ignored, sum": (
        ROWS,
        "F.cross_entropy(x, torch.tensor([-100, -100]), reduction='sum')",
    ),
    "cross entropy, full smoothing": (
        ROWS,
        "F.cross_entropy(x, torch.tensor([1, 2]), label_smoothing=1.0)",
    ),
    "cross entropy, bytes": (ROWS, "F.cross_entropy(x, torch.tensor([1, 2], dtype=torch.uint8))"),
    "cross entropy of no rows": (
        "[]",
        "F.cross_entropy(x.reshape(0, 3), torch.zeros(0, dtype=torch.int64))",
    ),
    "cross entropy, targets in float64": (
        ROWS,
        "F.cross_entropy(x, torch.tensor([[.2, .3, .5], [1., 0, 0]], dtype=torch.float64))",
    ),
    "mse against a row": (ROWS, "F.mse_loss(x, torch.ones(3, dtype=x.dtype))"),
    "mse of a row against rows": (ROW, "F.mse_loss(x, torch.ones(2, 3, dtype=x.dtype))"),
    "mse against integers": (ROWS, "F.mse_loss(x, torch.ones(2, 3, dtype=torch.int64))"),
    "mse of nothing": ("[]", "F.mse_loss(x, x.detach())"),
    "mse of a number": ("0.75", "F.mse_loss(x, 2 * x.detach())"),
    "mse of both": (ROWS, "F.mse_loss(x * x, 3 * x, reduction='none')"),
    "binary cross entropy of a number": (
        "0.75",
        "F.binary_cross_entropy(x, torch.tensor(1., dtype=x.dtype))",
    ),
    "binary cross entropy of nothing": ("[]", "F.binary_cross_entropy(x, x.detach())"),
    "softmax of a number": ("0.75", "F.softmax(x, 0)"),
    "softmax of nothing": ("[[], []]", "F.softmax(x, 1)"),
    "softmax of nan": ("[float('nan'), 1.]", "F.softmax(x, 0)"),
    "softmax of infinity": ("[float('inf'), 1.]", "F.softmax(x, 0)"),
    "softmax of minus infinity": ("[-float('inf'), 1.]", "F.softmax(x, 0)"),
    "softmax in another dtype": (ROWS, "F.softmax(x, 0, dtype=torch.float64)"),
    "softmax without dim": (ROWS, "F.softmax(x)"),
    "log_softmax of a number": ("0.75", "F.log_softmax(x, -1)"),
    "log_softmax of sequences": (SEQUENCES, "F.log_softmax(x, 1)"),
    "log_softmax of minus infinity": ("[-float('inf'), 1.]", "F.log_softmax(x, 0)"),
    "log_softmax without dim": (ROW, "F.log_softmax(x)"),
    "relu in place": (ROWS, "F.relu(x * 1, inplace=True)"),
}

WEIGHTED = [
    "torch.tensor([2., .5, 1.], dtype=x.dtype)",
    "torch.tensor(3., dtype=x.dtype)",
    "torch.tensor([[2.], [.5]], dtype=x.dtype)",
]

FIRST_ONLY = """
x = torch.tensor([0., 1., 0.5], requires_grad=True)
w = torch.tensor([1., 1., 0.], requires_grad=True)
y = torch.nn.functional.binary_cross_entropy(x, w, reduction='none')
y.sum().backward()
"""


def _cross_entropies() -> dict[str, str]:
    made = {}
    for shape, weights, reduction, smoothing in product(CLASSES, WEIGHTS, REDUCTIONS, [0, 0.1]):
        x, target = CLASSES[shape]
        options = f"{WEIGHTS[weights]}, reduction='{reduction}', label_smoothing={smoothing}"
        operation = f"F.cross_entropy(x, {target}, {options})"
        name = f"cross entropy, {shape}, {weights}, {reduction}, smoothed by {smoothing}"
        made[name] = PROGRAM.format(x=x, dtype="float64", operation=operation)
    return made


def _binary() -> dict[str, str]:
    target = "torch.tensor([[1., 0, 1], [0, .5, 1]], dtype=x.dtype)"
    made = {}
    for weight, reduction in product(WEIGHTED, REDUCTIONS):
        operation = (
            f"F.binary_cross_entropy(x.sigmoid(), {target}, {weight}, reduction='{reduction}')"
        )
        made[operation] = PROGRAM.format(x=ROWS, dtype="float64", operation=operation)
    both = "F.binary_cross_entropy(x.sigmoid(), x.tanh() / 2 + .5)"
    made[both] = PROGRAM.format(x=ROWS, dtype="float64", operation=both)
    return made


def _corners() -> dict[str, str]:
    return {
        name: PROGRAM.format(x=x, dtype="float32", operation=operation)
        for name, (x, operation) in CORNERS.items()
    }


PROGRAMS = {
    **_cross_entropies(),
    **_binary(),
    **_corners(),
    "binary cross entropy at 0 and 1": FIRST_ONLY,
}
