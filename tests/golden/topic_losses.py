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

ACTIVATIONS = """
F.leaky_relu(x)
F.leaky_relu(x, 0.3)
F.leaky_relu(x, negative_slope=0.3)
F.elu(x)
F.elu(x, 2.)
F.selu(x)
F.silu(x)
F.softplus(x)
F.softplus(x, 2., 2.25)
F.gelu(x)
F.gelu(x, approximate="tanh")
F.hardtanh(x)
F.hardtanh(x, -0.75, 0.25)
F.relu6(x)
F.logsigmoid(x)
F.softmin(x, -1)
F.relu(x * 1, True)
F.hardtanh(x * 1, -1, 1, True)
F.silu(x * 300)
F.elu(x * 100)
F.gelu(x * 20)
F.softplus(x * 50)
F.logsigmoid(x * 100)
"""

TARGET = "torch.tensor([[1., 0.25, 1.], [0., .5, 1.]], dtype=x.dtype)"
OF_DIFFERENCES = [
    "F.mse_loss(x, {target}",
    "F.l1_loss(x, {target}",
    "F.l1_loss(x, x.detach()",
    "F.binary_cross_entropy_with_logits(x, {target}",
    "F.binary_cross_entropy_with_logits(x, {target}, {target}",
    "F.binary_cross_entropy_with_logits(x, {target}, pos_weight=torch.tensor([2., .5, 1.]).to(x)",
    "F.binary_cross_entropy_with_logits(x * 99, {target}.round(), pos_weight=torch.tensor(2.)",
    "F.binary_cross_entropy_with_logits(x, (2 * x).sigmoid()",
]

LAYERS = """
F.linear(x, torch.ones(2, 3))
F.linear(x, torch.ones(2, 3, requires_grad=True), torch.ones(2))
F.linear(x[0], torch.ones(2, 3), x[:, 0])
F.linear(x[0], torch.ones(3), x[0, 0])
F.linear(x[None], x, x[:, 0])
F.linear(x.expand(2, 2, 3), x, x[:, 0])
F.linear(torch.ones(2, 4, 3), x, torch.tensor(1.))
F.dropout(x, 0.)
F.dropout(x, training=False) * 1
F.dropout(x, 1.)
"""

DROPPED = """
F = torch.nn.functional
_ = torch.manual_seed(3)
x = torch.ones(4, 5, requires_grad=True)
y = F.dropout(x, 0.3)
y.sum().backward()
_a, _b = F.dropout(torch.ones(3), p=0.5), F.dropout(torch.ones(2, 3, dtype=torch.float64), 0.75)
_a, _b, F.dropout(torch.ones(7), 0.5, inplace=True), torch.rand(2)
F.dropout(torch.ones(2), 1.5)
F.dropout(torch.arange(2), 0.5)
"""

WITHOUT_GRADIENTS = """
F = torch.nn.functional
_n, _x, _nan = torch.arange(6).reshape(2, 3), torch.ones(2, 3), float("nan")
_e = torch.tensor([_nan, float("inf"), -float("inf"), 25., -200.])
F.leaky_relu(_e), F.elu(_e), F.silu(_e), F.softplus(_e), F.gelu(_e[:4]), F.hardtanh(_e), F.relu6(_e)
F.logsigmoid(_e), F.hardtanh(_n), F.relu6(_n), F.one_hot(_n).shape, F.one_hot(_n[0], 4)
F.leaky_relu(_n)
F.elu(_n)
F.gelu(_n)
F.gelu(_x, approximate="x")
F.hardtanh(_x, 1., -1.)
F.softplus("a")
F.leaky_relu(_x, "a")
F.mse_loss(_n, _n)
F.mse_loss(_x > 0, _x > 0)
F.binary_cross_entropy_with_logits(_x, _x[0])
F.binary_cross_entropy_with_logits(_x, _n)
F.binary_cross_entropy_with_logits(_x, _x, pos_weight=torch.ones(2))
F.binary_cross_entropy_with_logits(_x, _x, torch.ones(3, requires_grad=True))
F.mse_loss(_x, _x, reductions="sum")
F.linear(_x, _x.T)
F.linear(_x, 3)
F.one_hot(_n, 2)
F.one_hot(_x)
"""

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


def _others() -> dict[str, str]:
    made = {}
    for operation in (ACTIVATIONS + LAYERS).strip().splitlines():
        if operation:
            made[operation] = PROGRAM.format(x=ROWS, dtype="float32", operation=operation)
    for loss, reduction in product(OF_DIFFERENCES, REDUCTIONS):
        operation = f"{loss.format(target=TARGET)}, reduction='{reduction}')"
        made[operation] = PROGRAM.format(x=ROWS, dtype="float64", operation=operation)
    return made


PROGRAMS = {
    **_others(),
    "dropout": DROPPED,
    "numbers without gradients, and misuse": WITHOUT_GRADIENTS,
    **_cross_entropies(),
    **_binary(),
    **_corners(),
    "binary cross entropy at 0 and 1": FIRST_ONLY,
}
