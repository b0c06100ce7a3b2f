"""Reductions, shapes and indices in every form: what comes out, its graph and what that saves.

Each program makes `y` from some of four leaves, then differentiates it twice. Where a part of `y`
is written over, the statement comes first.
"""

LEAVES = """
x = torch.tensor([[0.25, -0.75, 1.5], [-2.0, 1.0, 3.25]], requires_grad=True)
c = (torch.arange(24.).reshape(2, 3, 4) / 4 - 2).requires_grad_()
w = torch.tensor([2., -1., 0.5], requires_grad=True)
s = torch.tensor(1.5, requires_grad=True)
"""

# PyTorch shows a dimension counted from the end as 2**64 - 1, and so on.
SAVED = """
_signed = lambda v: v - 2**64 if type(v) is int and v >= 2**63 else v
_shown = lambda v: tuple(map(_shown, v)) if isinstance(v, tuple) else _signed(v)
_names = [_name for _name in sorted(dir(y.grad_fn)) if _name.startswith("_saved_")]
[(_name, _shown(getattr(y.grad_fn, _name))) for _name in _names]
"""

DIFFERENTIATE = """
_leaves = [x, c, w, s]
_v = torch.arange(1, y.numel() + 1, dtype=y.dtype).reshape(y.shape) / 4
_d = torch.autograd.grad(y, _leaves, _v, create_graph=True, allow_unused=True)
_sum = sum((_g * _g * _t * _t).sum() for _g, _t in zip(_d, _leaves) if _g is not None)
_d2 = torch.autograd.grad(_sum, _leaves, allow_unused=True, retain_graph=True)
dx, dc, dw, ds = _d
d2x, d2c, d2w, d2s = _d2
y.backward(_v)
"""

REDUCED = """
x.sum((0, -1))
x.sum([0])
x.sum(())
x.sum(None, True)
x.sum(axis=1, keepdims=True)
x.sum(0, dtype=torch.float64)
x.sum(np.int64(1))
x.sum(torch.tensor(1))
s.sum(0)
s.sum(-1, keepdim=True)
c.sum((0, -1), keepdim=True)
x.mean((-1, 0))
x.mean(())
x.mean(axis=0)
x.mean(dtype=torch.float64)
s.mean(0)
c.mean((0, 2))
x.expand(2, 2, 3).mean((0, 2))
x.T.sum(0)
x[:, ::2].max(0)[0]
x.max(dim=-1, keepdim=True)[0]
x.min(-2, True)[0]
x.max(axis=1).values
c.max(1)[0]
s.max(0)[0]
torch.max(x, s)
torch.min(s, x)
(x * x * x).max()
"""

RESHAPED = """
x.reshape((torch.tensor(3), 2))
x.reshape(np.int64(3), -1)
s.reshape(())
s.view(1, 1)
x[:, :1].reshape(2)
x[:, :2].reshape(4)
x.T.reshape(2, 3)
w.expand(2, 3).reshape(6)
c.permute(1, 2, 0).flatten(0, 1)
c.permute(1, 0, 2).flatten(1, 2)
c.permute(2, 0, 1).view(4, 6)
c.flatten(-2)
c.flatten(0, 0)
s.flatten()
w.t()
s.t()
w.T
c.T
c.mT
s.mT
c.transpose(-2, 0)
s.transpose(0, -1)
c.permute(-1, 0, -2)
c.permute([1, 0, 2])
c.movedim(0, -1)
c.movedim((0, 1), (-1, 0))
c[:1, :, :1].squeeze((0, -1))
c[:1].squeeze(())
c.squeeze(-3)
s.squeeze(0)
x.unsqueeze(-3)
s.unsqueeze(-1)
s.expand(3)
s.expand(2, 2)
w.expand(0, 3)
w.broadcast_to((2, 3))
w.expand_as(x)
x.view_as(torch.zeros(3, 2))
x.T.contiguous()
x.unbind(-1)[0] * x.unbind(1)[2]
c.unbind(1)[2]
torch.cat([x, w.unsqueeze(0)])
torch.cat([w[:0], x])
torch.cat([x, x.double()])
torch.cat([c, c[:, :1]], axis=1)
torch.cat([x.T, x.T]).view(-1)
torch.stack([s, s * 2], -1)
torch.stack([x, x.double()], 1)
x.view(6)[2:].view(2, 2)
(x * 2).t().t().t()
"""

INDEXED = """
x[0:5, 1]
x[:, :]
x[0:2]
x[-5:2]
x[2:1]
x[1:2:5]
x[()]
x[..., ...]
x[None, None]
x[0, None]
x[np.int64(-1)]
x[torch.tensor(1):]
x[torch.tensor(True)]
x[True, [0, 1]]
x[range(2)]
x[[1., 0.]]
x[[True, 0]]
x[[]]
x[np.array([[0, 1], [1, 0]])]
x[[[0, 1], [1, 0]]]
x[[torch.tensor(0), torch.tensor(1)]]
x[[0, slice(1)]]
x[torch.tensor([0, 1]), x[0] > 0]
x[None, [0, 1]]
x[[0, 1], 0]
s[None]
s[...]
s[True]
s[torch.tensor(False)]
c[c[:, :, 0] > 0]
c[c[:, :, 0] > 0, 0]
c[:, c[0] > 0]
c[[0, 1], :, [0, 1]]
c[[0, 1], 0, [0, 1]]
c[0, :, [0, 1]]
c[None, [0, 1], :, [0, 1]]
c[[0, 1], None, [0, 1]]
c[:, [[0], [1]], [0, 1]]
c[..., [3, 3, 3]]
c[torch.tensor([True, True]), [0, 1]]
c[[True, False], :, [0]]
c.select(-1, -2)
"""

WRITTEN = """
y[0] = 5.
y[0] = w[0]
y[0] = w
y[0] = w.unsqueeze(0)
y[0] = w[:1]
y[:] = w
y[...] = w
y[0:2] = x
y[0:1] = x[1:]
y[None] = w
y[None, 0] = w
y[True] = w
y[False] = w
y[0, 1] = w[0]
y[0, 1] = torch.tensor(3)
y[:, 1] = w[:2]
y[y > 1] = s
y[y > 1] = w[:1]
y[y > 1] = torch.tensor(1, dtype=torch.float64)
y[[0, 1]] = w
y[[0, 0]] = w
y[[0, 1], [1, 2]] = w[:2]
y[0, [0, 1]] = w[:2]
y[[0, 1], 0] = s
y[:, [0, 2]] = x[:, :2]
y[torch.tensor([True, False])] = w
y[np.array([0])] = x[:1]
y[0][1:] = w[:2]
y.T[0] = s
y.view(6)[2:4] = w[:2]
y[0] = y[1]
y[:, 0] = y[:, 1] + w[:2]
y[[0, 1]] *= 2
y[y > 1] += 1
y[[]] = 5.
y[y > 100] = torch.zeros(0)
y[..., 0] = w[1:]
y[:, None] = w
"""

OTHERS = {
    "the types of sums and extremes": """
_n = torch.tensor([[1, 2, 3], [3, 2, 1]])
_n.sum(dtype=torch.int32).dtype, _n.sum(0).dtype, _n.to(torch.uint8).sum().dtype, (_n > 1).sum()
_n.sum(dtype=torch.float64), _n.mean(dtype=torch.float32), _n.mean(0, dtype=torch.float64)
_n.max(), _n.min(1), _n.argmax(), _n.argmin(-1, keepdim=True), _n.argmax(axis=0)
_n.any(), _n.all(0), (_n > 2).any(1, keepdim=True), (_n > 0).all((0, 1)), _n.to(torch.uint8).any()
torch.full((10,), 60000., dtype=torch.float16).mean(), torch.full((2, 9), 9999.).half().mean(1)
torch.zeros(2, 0).sum(1), torch.zeros(2, 0).mean(1), torch.zeros(2, 0).max(0), torch.zeros(0).any()
torch.tensor([float("nan"), 1.]).argmax(), torch.tensor([1., float("nan")]).min(0)
""",
    "a pair of values and indices": """
_m = torch.tensor([[1., 5., 2.], [7., 0., 7.]], requires_grad=True).max(1)
_m
len(_m), _m[0], _m[1], _m.values.requires_grad, _m.indices.dtype
_values, _indices = _m
_indices[0] = 0
_values.sum().backward()
""",
    "what is written into a tensor of another type": """
_n = torch.arange(5)
_n[0] = 1.9
_n[_n > 2] = 1.9
_n[1] = True
_n
_b = torch.tensor([True, False])
_b[1] = 0.5
_b
_u = torch.tensor([1], dtype=torch.uint8)
_u[0] = -1
_u
""",
    "elements share memory": """
_x = torch.zeros(2, 3)
for _row in _x:
    _row += 1

_x.unbind(1)[2][0] = 5.
for _number in _x[0]:
    _number *= 2

_x
torch.arange(3)[torch.tensor(1)].add_(5)
_y = torch.arange(6).reshape(2, 3)
_y[:, 1][0] = 9
_y[[0]][0] = 7
_y.T[0] = torch.tensor([8, 9])
_y
""",
    "an index is kept as it was": """
x = torch.tensor([1., 2., 3.], requires_grad=True)
_i = torch.tensor([0, 2])
y = x[_i.clone()]
y.backward(torch.tensor([5., 7.]))
""",
}


def _programs() -> dict[str, str]:
    made = {}
    for line in (REDUCED + RESHAPED + INDEXED).strip().splitlines():
        if line:
            made[line] = f"{LEAVES}y = {line}\n{SAVED}{DIFFERENTIATE}"
    for line in WRITTEN.strip().splitlines():
        made[line] = f"{LEAVES}y = x.clone()\n{line}\n{SAVED}{DIFFERENTIATE}"
    return made | OTHERS


PROGRAMS = _programs()
