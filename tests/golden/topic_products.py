"""Products of vectors and matrices: every pair of shapes, einsum, and products that add.

Each program makes `y` from two leaves, tracked or not, then differentiates it twice. How einsum
comes to its result is each library's own matter: it makes `dy`, of which observe.py looks at the
values alone.
"""

from ast import literal_eval
from itertools import product
from math import prod

DIFFERENTIATE = """
_leaves = [_leaf for _leaf in (a, b) if _leaf.requires_grad]
_v = torch.arange(1, NAME.numel() + 1, dtype=NAME.dtype).reshape(NAME.shape) / 4
dx = torch.autograd.grad(NAME, _leaves, _v, create_graph=True, allow_unused=True)
_sum = sum((_g * _g * _t * _t).sum() for _g, _t in zip(dx, _leaves) if _g is not None)
d2x = torch.autograd.grad(_sum, _leaves, allow_unused=True, retain_graph=True)
NAME.backward(_v)
"""

SHAPES = [(3,), (2, 3), (3, 2), (2, 2, 3), (1, 3, 2), (2, 1, 3, 2), (0, 3), (3, 0)]
FORMS = ["a @ b", "a.mT @ b", "a @ b.mT"]

PAIRS = """
(2, 3) (3, 2) a.mm(b)
(2, 3) (3,) a.mv(b)
(3,) (3,) a.dot(b)
(2, 2, 3) (2, 3, 1) a.bmm(b)
(3,) (2,) torch.outer(a, b)
() (2, 3) torch.addmm(a, b, b.T)
(2,) (2, 3) torch.addmm(a, b, b.T, beta=2, alpha=0.5)
(2, 1) (2, 3) a.addmm(b, b.T, beta=0)
(3, 3) (3, 2) y = a.clone(); y.addmm_(b, b.T)
"""

CONTRACTED = """
(2, 3) (3, 4) torch.einsum('ij,jk', a, b)
(2, 3) (2, 3) torch.einsum('ij,ij->', a, b)
(2, 3) (2, 3) torch.einsum('ij,ij->ji', a, b)
(2, 3) (3,) torch.einsum('ij,j->i', a, b)
(2,) (3,) torch.einsum('i,j->ij', a, b)
(2,) (2,) torch.einsum('i,i', a, b)
(2, 3) (4, 3) torch.einsum('ij,kj->', a, b)
(2, 2, 3) (2, 3, 2) torch.einsum('bij,bjk->bik', a, b)
(2, 2, 3) (4, 3) torch.einsum('...j,kj->...k', a, b)
(2, 3) (2, 3, 2) torch.einsum('i...,i...->...', a, b[..., 0])
(3, 3) (3,) torch.einsum('ii,i->i', a, b)
(3, 3) (3,) torch.einsum('ii', a) * b
(2, 2, 3) (3,) torch.einsum('iij->j', a) * b
(2, 3) (3, 4) torch.einsum('ij,jk,lk->il', a, b, b)
(2, 1) (3, 4) torch.einsum('ij,jk->ik', a, b)
(2, 3) (3, 4) torch.einsum('ij,jk->ki', [a, b])
(0, 3) (3, 0) torch.einsum('ij,jk->ik', a, b)
(3,) () torch.einsum('i,->i', a, b)
"""

MISUSE_LEAVES = "a, b = torch.arange(3.), torch.arange(6.).reshape(2, 3)\n"
MISUSE = """
a.dot(a.unsqueeze(0))
a.dot(b[0])
a.dot(a.double())
b.mv(b)
b.mv(a[:2])
b.mm(a)
a.mm(b)
b.mm(b)
b.mm(b.T.double())
(b > 0).mm(b.T > 0)
(a > 0).dot(a > 0)
b.bmm(b)
b[None].bmm(b[None])
b @ 3
b @ torch.tensor(1.)
torch.ones(3, 2, 3) @ torch.ones(2, 3, 2)
torch.outer(b, a)
torch.outer(a, 1)
torch.addmm(torch.ones(4), b, b.T)
torch.addmm(a, b, b)
torch.addmm(b.double(), b.T, b)
torch.ones(2).addmm_(b, b.T)
torch.einsum('ij,jk', b)
torch.einsum('ij', b, b)
torch.einsum('ijk', b)
torch.einsum('ij->ik', b)
torch.einsum('ij->ii', b)
torch.einsum('ii', b)
torch.einsum('i1', b)
torch.einsum('ij,jk', b, b)
torch.einsum(3, b)
torch.einsum('ij')
"""


def _leaf(name: str, shape: tuple[int, ...], tracked: bool) -> str:
    grad = ".requires_grad_()" if tracked else ""
    first = -2 if name == "a" else -1
    return f"{name} = (torch.arange({prod(shape)}.) / 4 + {first}).reshape({shape}){grad}"


def _program(a: tuple[int, ...], b: tuple[int, ...], operation: str, tracked: str = "ab") -> str:
    leaves = [_leaf("a", a, "a" in tracked), _leaf("b", b, "b" in tracked)]
    name = "dy" if operation.startswith("dy") else "y"
    return "\n".join([*leaves, operation]) + DIFFERENTIATE.replace("NAME", name)


def _of_table(table: str, name: str) -> dict[str, str]:
    """Programs of lines that hold two shapes and an operation."""
    made = {}
    for line in table.strip().splitlines():
        a, b, operation = line.split(") ", 2)
        operation = operation if operation.startswith("y =") else f"{name} = {operation}"
        made[line] = _program(literal_eval(a + ")"), literal_eval(b + ")"), operation)
    return made


def _matmuls() -> dict[str, str]:
    made = {}
    for a, b, form, tracked in product(SHAPES, SHAPES, FORMS, ["ab", "a", "b"]):
        transposed = a if "a.mT" in form else b if "b.mT" in form else (0, 0)
        if len(transposed) > 1:
            made[f"{form}, {a} and {b}, {tracked} tracked"] = _program(a, b, f"y = {form}", tracked)
    return made


PROGRAMS = {
    **_matmuls(),
    **_of_table(PAIRS, "y"),
    **_of_table(CONTRACTED, "dy"),
    **{line: f"{MISUSE_LEAVES}{line}" for line in MISUSE.strip().splitlines()},
}
