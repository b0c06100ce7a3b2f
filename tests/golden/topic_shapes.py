"""Shapes: views and copies, joined and split tensors, triangles and diagonals.

Values, gradients, second derivatives and nodes are compared, which views share memory, what is
printed, and what is refused.
"""

from itertools import product

from topic_operations import PLAIN, TRACKED, lines

VALUES = {
    "0-dim": "0.75",
    "vector": "[-1.25, 0.5, 2.0, 0.25]",
    "matrix": "[[0.25, -0.75, 1.5], [-2.0, 1.0, 3.25]]",
    "row": "[[0.25, -0.75, 1.5]]",
    "batch": "[[[1.0, 2.0], [0.5, -1.0]], [[3.0, 0.25], [-2.0, 1.5]], [[0.1, 0.2], [0.3, 0.4]]]",
    "nothing": "torch.zeros(0, 3).tolist()",
}
OPERATIONS = """
x.reshape(-1)
x.reshape(1, -1)
x.reshape_as(x)
x.view(-1)
x.view_as(x)
x.flatten()
x.flatten(0, -1)
x.flatten(-1)
x.unflatten(-1, (1, -1))
x.ravel()
x.squeeze()
x.squeeze(0)
x.squeeze((0, -1))
x.unsqueeze(0)
x.unsqueeze(-1)
x.t()
x.mT
x.transpose(0, -1)
x.movedim(0, -1) if x.dim() else x
x.expand(2, *x.shape)
x.expand_as(x)
x.broadcast_to((2, *x.shape))
x.repeat(2, *x.shape)
x.repeat(2, 1, 1, 2)
x.flip(0)
x.flip(-1)
x.flip(())
x.tril()
x.triu(1)
x.tril(-1)
x.diagonal()
x.diagonal(1, -1, 0)
x.diag()
x.diag(-1)
x.contiguous()
x.t().contiguous()
x.transpose(0, -1).reshape(-1)
torch.cat([x, x * 2])
torch.cat([x, x * 2], -1)
torch.stack([x, x * 2])
torch.stack([x, x * 2], -1)
x.split(1)[-1]
x.split(2, -1)[0]
x.chunk(2)[0]
x.chunk(2, -1)[-1]
torch.cat(x.chunk(3))
x.unbind()[-1]
x.unbind(-1)[0]
torch.stack(x.unbind())
x.narrow(0, 0, 1)
x.narrow(-1, 1, 1)
"""
OF_BATCHES = """
x.permute(2, 0, 1)
x.permute((-1, 0, 1))
torch.permute(x, (1, 0, 2))
x.swapaxes(0, 1)
torch.swapdims(x, 1, 2)
x.movedim((0, 1), (2, 0))
torch.moveaxis(x, 0, 2)
x.flatten(1)
x.flatten(start_dim=0, end_dim=1)
x.unflatten(0, (3, 1))
x.diagonal(dim1=1, dim2=2)
x.diagonal(-1, 0, 2)
x.flip(0, 2)
x.flip(dims=(1,))
x.split([1, 2])[1]
x.split((1, 1), dim=-1)[0]
x.split_with_sizes([2, 1])[0]
torch.split(x, 2)[0]
torch.chunk(x, 3, dim=0)[1]
x.unsqueeze(dim=1)
x.squeeze(dim=0)
x.reshape(shape=(4, 3))
x.view(size=(4, -1))
x.expand(size=(2, 3, 2, 2))
x.repeat(repeats=(1, 1, 2))
x.transpose(dim0=0, dim1=1)
x.unbind(dim=1)[1]
torch.cat((x, x), axis=2)
torch.cat(tensors=(x, x[:0]), dim=0)
torch.cat([x, torch.ones(0), x.double()])
torch.stack((x, x), axis=1)
x.permute(2, 1, 0).reshape(4, 3)
x.t() if x.dim() == 2 else x.mT
x.tril() + x.triu()
"""
WITHOUT_GRADIENT = """
x.repeat(2, 1)
x.flip(-1)
x.diag()
x.tril() if x.dim() > 1 else x
x.split(1)
x.chunk(2)
torch.cat([x, x])
torch.cat([x, x * 1.5])
"""
WHOLE = {"vector": "[4, 1, 2]", "matrix": "[[1, 2, 3], [3, 2, 1]]"}
REFUSED = """
x.reshape(4, 4)
x.reshape(-1, -1)
x.reshape(-2, 3)
x.reshape()
x.reshape('a')
torch.zeros(0).reshape(-1, 0)
x.view(5)
x.t().view(6)
x.view()
x.reshape_as(3)
x.flatten(1, 0)
x.flatten(2)
x.unflatten(0, (3, 1))
x.unflatten(1, ())
x.squeeze(2)
x.squeeze((0, 0))
x.unsqueeze(4)
x.unsqueeze('a')
x.permute(0)
x.permute(0, 0)
x.permute(0, 2)
x.permute()
x.transpose(0, 2)
x.transpose(0)
torch.ones(2, 2, 2).t()
torch.ones(2).mT
torch.tensor(1.).mT
torch.ones(2, 2, 2).T.shape
x.movedim((0, 0), (0, 1))
x.movedim(0, 5)
x.expand(3)
x.expand(4, 3)
x.expand(-1, 2, 3)
x.expand(2, -2)
x.repeat(2)
x.repeat(2, -1)
x.flip(2)
x.flip((0, 0))
torch.ones(2).tril()
x.diagonal(0, 0, 0)
torch.ones(2).diagonal()
torch.tensor(1.).diag()
torch.cat([])
torch.stack([])
torch.cat(x)
torch.cat([x, 1])
torch.cat([x, torch.ones(2)])
torch.cat([x, torch.ones(3, 2)])
torch.cat([torch.tensor(1.)])
torch.cat([x], 2)
torch.stack([x, torch.ones(2)])
torch.stack([x], 5)
x.split(0)
x.split(-1)
x.split([1, 2])
x.split([-1, 3])
x.split(1, 2)
x.chunk(0)
x.chunk('a')
torch.tensor(1.).split(1)
torch.tensor(1.).unbind()
x.unbind(2)
x.narrow(0, 0, 3)
x.narrow(0, 5, 1)
x.narrow(0, 0, -1)
"""
VIEWS = """
x = torch.arange(12.).reshape(3, 4)
x.t()[0, 1] = 100
x.view(2, 6)[0, 0] = 101
x.unsqueeze(0)[0, 0, 2] = 102
x.permute(1, 0)[3, 0] = 103
x.diagonal()[1] = 104
x.split(2)[1][0] = 105
x.chunk(2, 1)[1][1, 1] = 106
x.unbind(1)[0][1] = 107
x.narrow(0, 1, 1)[0, 2] = 108
x.flatten()[-12] = 109
x.contiguous()[0, 1] = 110
x.expand(2, 3, 4)[0].shape
x
x.flip(0)[0, 0] = 0
x.repeat(1, 1)[0, 0] = 0
x.tril()[0, 0] = 0
x
"""
PARTS = """
x = torch.arange(6., requires_grad=True)
y = x * 1
a, b, c = y.split(2)
a.output_nr, c.output_nr, a.grad_fn is c.grad_fn, a.grad_fn.next_functions[0][0].name()
d, e = y.unflatten(0, (2, 3)).unbind()
(a * b).sum().backward(retain_graph=True)
x.grad
(d * 2).sum().backward(retain_graph=True)
x.grad
d.mul_(2)
a.add_(1)
y.chunk(3)[0].zero_()
"""
IN_PLACE = """
x = torch.arange(6., requires_grad=True)
y = (x * 1).reshape(1, 2, 3).clone()
y.squeeze_(0).shape, y.t_().shape, y.transpose_(0, 1).shape, y.unsqueeze_(-1).shape
y.squeeze_().shape
(y * y).sum().backward()
del y
x.grad
z = torch.ones(3, 3)
z.tril_(), z.triu_(), z.cumsum_(0)
"""
REBASED = """
x = torch.arange(4., requires_grad=True)
y = (x * 1).reshape(2, 2)
y.diagonal().mul_(3)
y.t()[0].mul_(2)
y.permute(1, 0)[1].add_(1)
y.unsqueeze(0)[0, 0].mul_(5)
y.narrow(0, 1, 1).mul_(7)
y.repeat(1, 1).mul_(100)
y.flip(0).mul_(100)
y.diag().mul_(100)
y
y.sum().backward()
x.grad
"""


def _tracked() -> dict[str, str]:
    cases = [
        *product(lines(OPERATIONS), VALUES.items(), ["float64"]),
        *product(lines(OF_BATCHES), [("batch", VALUES["batch"])], ["float32"]),
    ]
    return {
        f"{operation} of {shape}": TRACKED.format(values=values, dtype=dtype, operation=operation)
        for operation, (shape, values), dtype in cases
    }


def _plain() -> dict[str, str]:
    cases = product(lines(WITHOUT_GRADIENT), WHOLE.items(), ["int64", "uint8", "bool"])
    return {
        f"{operation} of {shape}, {dtype}": PLAIN.format(
            values=values, dtype=dtype, operation=operation
        )
        for operation, (shape, values), dtype in cases
    }


def _refused() -> dict[str, str]:
    return {line: f"x = torch.ones(2, 3)\n{line}\n" for line in lines(REFUSED)}


WHOLE_PROGRAMS = {"views": VIEWS, "parts": PARTS, "in place": IN_PLACE, "rebased": REBASED}

# Left out: PyTorch's message names a file of its own.
LEFT_OUT = ("x.unflatten(-1, (1, -1)) of 0-dim",)

PROGRAMS = {
    name: program
    for name, program in {**_tracked(), **_plain(), **_refused(), **WHOLE_PROGRAMS}.items()
    if name not in LEFT_OUT
}
