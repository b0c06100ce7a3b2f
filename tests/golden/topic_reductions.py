"""Reductions: over all elements, along dimensions, at ties, zeros, nan and inf, and of nothing.

Values, gradients, second derivatives, dtypes and nodes are compared; so are the arguments' names
and what is refused.
"""

from itertools import product

from topic_operations import PLAIN, differentiated, lines

VALUES = {
    "0-dim": "0.75",
    "vector": "[-1.25, 0.5, 2.0, 0.5]",
    "matrix": "[[0.25, -0.75, 1.5], [-2.0, 1.0, 3.25]]",
    "batch": "[[[1.0, 2.0], [0.5, -1.0]], [[3.0, 0.25], [-2.0, 1.5]], [[0.1, 0.2], [0.3, 0.4]]]",
    "ties": "[[2.0, 2.0, 1.0], [0.0, 3.0, 3.0]]",
    "zeros": "[[0.0, 2.0, 3.0], [0.0, 0.0, 3.0], [1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]",
    "nothing": "[]",
    "no rows": "torch.zeros(0, 3).tolist()",
}
UNUSUAL = {
    "nan": "[[1.0, float('nan'), 3.0], [2.0, 2.0, 1.0]]",
    "infinite": "[[1.0, float('inf'), 3.0], [-float('inf'), 2.0, -float('inf')]]",
}

OF_ALL = """
x.sum()
x.mean()
x.amax()
x.amin()
x.max()
x.min()
x.median()
x.nanmedian()
x.sum(())
x.sum(-1)
x.sum(0, keepdim=True)
x.mean(-1)
x.mean(0, True)
x.amax(-1)
x.amin(0, keepdim=True)
x.max(-1).values
x.min(0, True)[0]
x.median(-1).values
x.nanmedian(-1).values
x.logsumexp(-1)
x.logsumexp((0,), keepdim=True)
x.var()
x.var(-1)
x.var(0, False)
x.std()
x.std(-1, keepdim=True)
x.std(-1, correction=0)
x.var(False)
x.norm()
x.norm(1)
x.norm(3, -1)
x.norm(2, 0, True)
x.norm(float('inf'), -1)
x.norm(-float('inf'))
x.norm(0.5)
x.cumsum(0)
x.cumsum(-1)
x.sort(-1).values
x.sort(0, descending=True).values
"""
PRODUCTS = """
x.prod()
x.prod(-1)
x.prod(0, keepdim=True)
"""
OF_BATCHES = """
x.sum((0, -1))
x.sum([1, 2], keepdim=True)
x.mean((0, 2))
x.amax((0, 1))
x.amin((-1, 0), keepdim=True)
x.var((0, 1))
x.std((1, 2), keepdim=True)
x.norm(dim=(0, 2))
x.norm(1.5, (0, 1))
x.logsumexp((0, 1))
x.prod(1)
x.cumsum(1)
x.max(1)[0]
x.sort(1)[0]
x.sum(axis=1)
x.sum(axis=(0, 1), keepdims=True)
x.mean(axis=0, keepdims=True)
x.amax(axis=1)
x.var(axis=0, keepdims=True)
torch.sum(x, dim=2)
torch.prod(input=x, dim=0)
torch.cumsum(x, dim=-1)
torch.norm(x, p=2, dim=0)
torch.logsumexp(x, 0)
torch.std(x, 1, correction=0.5)
x.sum(dtype=torch.float64)
x.sum(0, dtype=torch.float32)
x.mean(dtype=torch.float64)
x.prod(dtype=torch.float64)
x.cumsum(0, dtype=torch.float64)
"""
WITHOUT_GRADIENT = """
x.sum()
x.sum(0)
x.sum(dtype=torch.uint8)
x.prod()
x.prod(-1)
x.cumsum(0)
x.amax()
x.amin(-1)
x.max()
x.min(-1)
x.argmax()
x.argmax(-1)
x.argmin(0, keepdim=True)
x.argmax(keepdim=True)
x.any()
x.all()
x.any(-1)
x.all(0, keepdim=True)
x.any((0,))
x.count_nonzero()
x.count_nonzero(-1)
x.logsumexp(-1)
x.sort()
x.sort(descending=True)
x.sort(stable=True, dim=-1)
x.argsort()
x.argsort(-1, True)
x.sort(0).indices
x.median()
x.median(-1)
x.max(0)
x.var()
x.std(0)
x.norm()
x.mean()
"""
WHOLE = {"0-dim": "3", "vector": "[4, 1, 1, 2]", "matrix": "[[1, 0, 3], [3, 2, 1]]"}
TRUTHS = {"vector": "[True, False, True]", "matrix": "[[True, True], [False, True]]"}
REFUSED = """
x.sum(2)
x.sum((0, 0))
x.sum((0, -3))
x.sum('a')
x.sum(0, 1)
x.sum(nothing=1)
torch.sum([1.0])
torch.amax([1.0])
x.prod((0, 1))
x.cumsum()
x.cumsum(None)
x.cumsum(5)
x.var((1, 1))
x.std(unbiased=3)
x.var(correction='a')
torch.ones(1).std()
x.norm(2, 5)
torch.zeros(0, 3).norm(float('inf'))
torch.zeros(0, 3).max()
torch.zeros(0, 3).max(0)
torch.zeros(0, 3).max(1)
torch.zeros(0, 3).amax()
torch.zeros(0, 3).amin(0)
torch.zeros(0, 3).argmax()
torch.zeros(0, 3).argmin(0)
torch.zeros(0, 3).median(0)
torch.zeros(0, 3).any(), torch.zeros(0, 3).all(0)
torch.zeros(0, 3).sum(0), torch.zeros(0, 3).prod(0), torch.zeros(0, 3).mean(0)
torch.zeros(0, 3).logsumexp(0)
torch.tensor([True]).argmax()
torch.tensor([True]).median()
x.max((0, 1))
x.max(5)
x.sort(5)
x.argmax((0, 1))
x.amax('a')
x.count_nonzero((0, 0))
"""
OF_PAIRS = """
x = torch.tensor([[3., 1., 2., 1.], [0., 5., 5., 4.]], requires_grad=True)
x.max(1), x.min(dim=0, keepdim=True), x.median(1)
x.sort(1), x.sort(0, descending=True)
values, indices = x.max(1)
values.requires_grad, indices.requires_grad, indices.grad_fn
values.sum().backward()
x.grad
x.cumsum(0).cumsum_(1)
"""


def _tracked() -> dict[str, str]:
    batch = {"batch": VALUES["batch"]}
    cases = [
        *product(lines(OF_ALL), VALUES.items(), ["float64"]),
        *product(lines(OF_ALL), UNUSUAL.items(), ["float64"]),
        *product(lines(OF_ALL), [("matrix", VALUES["matrix"])], ["float16", "float32"]),
        *product(lines(PRODUCTS), VALUES.items(), ["float64"]),
        *product(lines(OF_BATCHES), batch.items(), ["float32"]),
    ]
    return differentiated(cases)


def _plain() -> dict[str, str]:
    made = {}
    for operation in lines(WITHOUT_GRADIENT):
        for dtype, table in [("int64", WHOLE), ("uint8", WHOLE), ("bool", TRUTHS)]:
            for shape, values in table.items():
                program = PLAIN.format(values=values, dtype=dtype, operation=operation)
                made[f"{operation} of {shape}, {dtype}"] = program
    return made


def _refused() -> dict[str, str]:
    return {line: f"x = torch.ones(2, 3)\n{line}\n" for line in lines(REFUSED)}


PROGRAMS = {**_tracked(), **_plain(), **_refused(), "pairs": OF_PAIRS}
