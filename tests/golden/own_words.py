"""Where our message of misuse says the same thing in other words than PyTorch's.

Everywhere else ours must contain PyTorch's first clause. PyTorch's argument parser has wordings of
its own ("received an invalid combination of arguments"); there ours must speak of the argument.
"""

import re

OWN_WORDS = {
    # One wording for all names of devices but 'cpu', 'cuda' and 'cuda:0'.
    'torch.tensor([1.], device="gpu")': "Invalid device string: 'gpu'",
    'torch.device("gpu")': "Invalid device string: 'gpu'",
    'torch.device("cpu:0", 0)': "Invalid device string: 'cpu:0:0'",
    'torch.device("cpu", -1)': "Invalid device string: 'cpu:-1'",
    'm.to("gpu")': "Invalid device string: 'gpu'",
    'torch.tensor([1.], device="")': "Invalid device string: ''",
    'torch.Generator("gpu")': "Invalid device string: 'gpu'",
    # NumPy's names of dtypes, and ours, instead of PyTorch's names in C++.
    "torch.rand(2, dtype=torch.int64)": "not implemented for 'int64'",
    "torch.randn(2, dtype=torch.int64)": "not implemented for 'int64'",
    "torch.rand_like(n)": "not implemented for 'int64'",
    "x.grad = torch.ones(3, dtype=torch.float64)": "attempting to assign a gradient with dtype",
    "n.grad = torch.ones(3)": "attempting to assign a gradient with dtype",
    "F.softmax(m > 0, 0)": "not implemented for 'Bool'",
    "F.softmax(m, 0, dtype=torch.int64)": "not implemented for 'Long'",
    'torch.full((2,), float("inf"), dtype=torch.int64)': "cannot be converted to type int64",
    "torch.full((2,), 300, dtype=torch.uint8)": "cannot be converted to type uint8",
    "torch.full((2,), 1e300)": "cannot be converted to type float32",
    'torch.full_like(n, float("nan"))': "cannot be converted to type int64",
    'n[0] = float("nan")': "cannot be converted to type int64",
    "torch.tensor([1], dtype=torch.uint8)[0] = 300": "cannot be converted to type uint8",
    # One wording where PyTorch has several.
    "torch.tensor([1, [2, 3]])": "must be nested equally deep",
    "torch.zeros(10**15)": "can't allocate memory",
    "torch.zeros(10**10, 10**10)": "can't allocate memory",
    "torch.arange(1e20)": "can't allocate memory",
    "F.cross_entropy(s, torch.tensor(1.))": "Dimension out of range",
    "F.binary_cross_entropy(x / 4, torch.ones(3), weight=torch.ones(2))": "The size of tensor a",
    "n.requires_grad_()": "can require gradients",
    "n.requires_grad = True": "can require gradients",
    "(n > 4).requires_grad_()": "can require gradients",
    "m @ n": "the same dtype",
    # The node that made the tensor when it was saved, where PyTorch names the one it has now.
    "a view of a saved tensor changed": "has been modified by an inplace operation",
    # Python's own refusals.
    "(x * 2).backward(3.)": "gradients can be either Tensors or None, but got float",
    "x.grad_fn = None": "has no setter",
    "x.is_leaf = False": "has no setter",
    "x.shape = (3, 1)": "has no setter",
    "x.dtype = torch.float64": "has no setter",
    'm *= "a"': "unsupported operand type(s)",
    "m += None": "unsupported operand type(s)",
    '"a" + m': "unsupported operand type(s)",
    "None - m": "unsupported operand type(s)",
    "m * [1, 2, 3]": "unsupported operand type(s)",
    "[1, 2, 3] * m": "unsupported operand type(s)",
    'torch.add(m, "a")': "unsupported operand type(s)",
    "torch.mul(m, None)": "unsupported operand type(s)",
    "torch.float32(3)": "object is not callable",
    # PyTorch stumbles over an argument that we refuse.
    "x.sum().backward(inputs=5)": "all inputs have to be Tensors or GradientEdges, but got int",
    "torch.autograd.backward(5)": "Expected output to be a torch.Tensor, but got int",
    "torch.autograd.grad(x.sum(), 3.)": "to be Tensors or GradientEdges, but got float",
    "F.mse_loss(x, 1.)": "'target' (position 2) must be Tensor, not float",
    "F.binary_cross_entropy(x / 4, [1., 1., 1.])": "'target' (position 2) must be Tensor, not list",
}

# The class of our error, where PyTorch's is that of an accident on its way.
OWN_CLASSES = {
    "F.mse_loss(x, 1.)": "TypeError",
    "F.binary_cross_entropy(x / 4, [1., 1., 1.])": "TypeError",
}

PARSER = re.compile(
    r"\w+\(\) (missing|takes|received)|takes no arguments|missing \d|\w+\(\):? argument '"
)


def agrees(name: str, ours: str, theirs: str) -> bool:
    """Whether our message says what PyTorch's says."""
    ours = ours.replace("tinygrad_edu", "torch")
    if name in OWN_WORDS:
        return OWN_WORDS[name] in ours
    if PARSER.search(theirs):
        return bool(re.search(r"argument|must be", ours))
    return first_clause(theirs) in ours


def first_clause(message: str) -> str:
    """The beginning of a message, up to its first full stop, bracket, dash or new line."""
    return re.split(r"\. | \(|\n| - |; ", message)[0].strip().rstrip(".")
