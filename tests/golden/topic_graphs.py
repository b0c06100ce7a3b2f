"""How graphs behave: leaves, accumulation, freeing, modes, views, in-place changes, sharing."""

LEAF = "x = torch.tensor([1., 2., 3.], requires_grad=True)\n"
TWO = LEAF + "w = torch.tensor([[0.5, -1., 2.], [1., 3., -2.]], requires_grad=True)\n"

PROGRAMS = {
    "gradients accumulate": LEAF
    + """
(x * x).sum().backward()
x.grad
(x * 2).sum().backward()
x.grad
x.grad.zero_()
x.grad
x.grad = None
(x * 3).sum().backward()
x.grad
""",
    "the same gradient tensor is added to": LEAF
    + """
x.sum().backward()
g = x.grad
x.sum().backward()
g
g is x.grad
""",
    "a node called with a gradient": LEAF
    + """
g = torch.tensor([1., 10., 100.])
(2 * x).grad_fn(g)
(x + 1).grad_fn(g)
(x / 4).grad_fn(g)
(x - x).grad_fn(g)
(1 - x).grad_fn(g)
""",
    "retain_graph": LEAF
    + """
y = (x ** 3).sum()
y.backward(retain_graph=True)
y.backward(retain_graph=True)
y.backward()
x.grad
y.backward()
""",
    "backward of a vector": LEAF
    + """
y = x * x
y.backward(torch.tensor([1., 10., 100.]))
x.grad
y = x * x
y.backward(gradient=torch.ones(3), retain_graph=True)
y.sum().backward()
x.grad
""",
    "backward of a leaf": """
x = torch.tensor(3., requires_grad=True)
x.backward()
x.grad
x.backward(torch.tensor(2.))
x.grad
""",
    "backward into chosen inputs": TWO
    + """
y = (w @ x).sum()
y.backward(inputs=[w], retain_graph=True)
x.grad, w.grad
y.backward(inputs=x)
x.grad, w.grad
""",
    "grad does not accumulate": TWO
    + """
y = (w @ x).sum()
torch.autograd.grad(y, [x, w], retain_graph=True)
torch.autograd.grad(y, w)
x.grad, w.grad
""",
    "grad of an intermediate": LEAF
    + """
y = x * 2
z = (y * y).sum()
torch.autograd.grad(z, y, retain_graph=True)
torch.autograd.grad(z, [y, x])
""",
    "grad of several outputs": LEAF
    + """
torch.autograd.grad([x.sum(), (x * x).sum()], x)
torch.autograd.grad((x * 2, x * 3), x, (torch.ones(3), torch.full((3,), 10.)))
""",
    "grad of the output itself": LEAF
    + """
y = (x * x).sum()
torch.autograd.grad(y, y)
torch.autograd.grad(x.sum(), x, is_grads_batched=False)
""",
    "unused inputs": TWO
    + """
torch.autograd.grad(x.sum(), [x, w], allow_unused=True)
torch.autograd.grad(x.sum(), [x, w], materialize_grads=True)
torch.autograd.grad(x.sum(), [w])
""",
    "higher derivatives": """
x = torch.tensor(2., requires_grad=True)
y = x ** 4
dx, = torch.autograd.grad(y, x, create_graph=True)
d2x, = torch.autograd.grad(dx, x, create_graph=True)
d3x, = torch.autograd.grad(d2x, x, create_graph=True)
d4x, = torch.autograd.grad(d3x, x, create_graph=True)
d5x, = torch.autograd.grad(d4x, x, create_graph=True)
dx, d2x, d3x, d4x = [t.item() for t in (dx, d2x, d3x, d4x)]
""",
    "backward with create_graph": """
x = torch.tensor(2., requires_grad=True)
y = x ** 3
y.backward(create_graph=True)
dx = x.grad.detach().clone()
x.grad.backward()
x.grad.item()
""",
    "mixed second derivatives": """
x = torch.tensor(2., requires_grad=True)
w = torch.tensor(3., requires_grad=True)
y = x * x * w + torch.sin(w)
dx, dw = torch.autograd.grad(y, [x, w], create_graph=True)
d2x, = torch.autograd.grad(dx, w, retain_graph=True)
d2w, = torch.autograd.grad(dw, w)
""",
    "a gradient penalty": TWO
    + """
y = torch.tanh(w @ x).sum()
dx, = torch.autograd.grad(y, x, create_graph=True)
_loss = y + (dx ** 2).sum()
_loss.backward()
_loss.item()
dw = w.grad
""",
    "Newton's method": """
x = torch.tensor(3., requires_grad=True)
for _step in range(6):
    _y = x ** 2 - 2 * x - torch.exp(-x)
    _d, = torch.autograd.grad(_y, x, create_graph=True)
    _e, = torch.autograd.grad(_d, x)
    with torch.no_grad():
        x -= _d / _e
    print(x)
""",
    "a tensor used twice": LEAF + "y = x * x\nz = (y + y * y).sum()\nz.backward()\n",
    "a diamond": LEAF + "a = x.exp()\nb = a * 2\nc = a + 1\nz = (b * c).sum()\nz.backward()\n",
    "a branch that leads nowhere": LEAF + "y = x * 2\nz = y.exp()\nq = y.sum()\nq.backward()\n",
    "a loop": LEAF + "y = x\nfor _ in range(5):\n    y = y * x + 1\n\ny.sum().backward()\n",
    "shared over two losses": TWO
    + """
y = w @ x
a = y.sum()
b = (x * 3).sum()
(a + b).backward()
""",
    "no_grad": LEAF
    + """
with torch.no_grad():
    y = x * 2
    z = x[0]
    q = torch.ones(2, requires_grad=True)
    print(torch.is_grad_enabled())

torch.is_grad_enabled()
y.requires_grad, z.requires_grad, q.requires_grad
""",
    "enable_grad inside no_grad": LEAF
    + """
with torch.no_grad():
    with torch.enable_grad():
        y = x * 2
    z = x * 2

with torch.set_grad_enabled(False):
    q = x * 2

torch.set_grad_enabled(False)
r = x * 2
torch.set_grad_enabled(True)
s = x * 2
""",
    "modes as decorators": LEAF
    + """
@torch.no_grad()
def _f(t):
    return t * 2

@torch.enable_grad()
def _g(t):
    return t * 2

@torch.no_grad
def _h(t):
    return t * 3

y = _f(x)
with torch.no_grad():
    z = _g(x)

q = _h(x)
torch.is_grad_enabled()
""",
    "a mode ends when an error is raised": LEAF
    + """
with torch.no_grad():
    x.foo

torch.is_grad_enabled()
y = x * 2
""",
    "inference mode": LEAF
    + """
with torch.inference_mode():
    y = x * 2
    print(torch.is_grad_enabled())

y.requires_grad
z = y * 2
""",
    "detach shares memory": LEAF
    + """
y = x.detach()
y[0] = 10.
x
y.requires_grad, y.is_leaf, y.grad_fn
z = (x * 2).detach()
z.requires_grad
""",
    "detach in place": LEAF
    + """
y = x * 2
y.detach_()
y.requires_grad, y.is_leaf
x.detach_()
x.requires_grad
""",
    "data": LEAF
    + """
y = x.data
y *= 2
x
x.data = torch.tensor([7., 8.])
x
x.data -= 0.5
x.requires_grad, x.data.requires_grad
""",
    "clone is in the graph": LEAF + "y = x.clone()\ny[0] = 0.\nz = y.sum()\nz.backward()\nx\n",
    "retain_grad": LEAF
    + """
y = x * 2
y.retain_grad()
y.retains_grad, x.retains_grad
z = y * y
z.retain_grad()
z.sum().backward()
y.grad, z.grad, x.grad
""",
    "requires_grad by assignment": """
x = torch.ones(2)
x.requires_grad = True
y = x * 2
x.requires_grad = False
z = x * 2
y.requires_grad, z.requires_grad
y.sum().backward()
x.grad
""",
    "what is a leaf": LEAF
    + """
x.is_leaf, (x * 2).is_leaf, (x * 2).detach().is_leaf, torch.ones(1).is_leaf
(torch.ones(1) * 2).is_leaf, x.T.is_leaf, x.data.is_leaf, x.grad is None
x.double().is_leaf, x.float() is x, x.to(torch.float32) is x, x.to("cpu") is x
""",
    "hooks on tensors": LEAF
    + """
x.register_hook(lambda g: print("x", g))
y = x * 2
_h = y.register_hook(lambda g: g * 10)
y.sum().backward()
x.grad
_h.remove()
x.grad = None
(x * 2).sum().backward()
x.grad
""",
    "hooks on nodes": LEAF
    + """
y = x * 2
y.grad_fn.register_hook(lambda grads, outer: print("after", grads, outer))
y.grad_fn.register_prehook(lambda outer: print("before", outer))
y.sum().backward()
""",
    "nodes": LEAF
    + """
y = x * torch.ones(3) + 1
y.grad_fn.name(), type(y.grad_fn).__name__, len(y.grad_fn.next_functions)
y.grad_fn.next_functions[1], y.grad_fn.next_functions[0][1]
y.grad_fn.next_functions[0][0].next_functions[1]
_leaf = y.grad_fn.next_functions[0][0].next_functions[0][0]
_leaf.variable is x, _leaf.name(), _leaf.next_functions
y.grad_fn.metadata
y.grad_fn is y.grad_fn
y.grad_fn.next_functions[0][0] is y.grad_fn.next_functions[0][0]
(x * 2).grad_fn.next_functions[0][0] is _leaf
hash(_leaf) == hash(_leaf), _leaf == _leaf
""",
    "saved tensors": LEAF
    + """
y = x * x.exp()
y.grad_fn._saved_self, y.grad_fn._saved_other
(x ** 3).grad_fn._saved_exponent, (x ** 3).grad_fn._saved_self
x.exp().grad_fn._saved_result
x.sum().grad_fn._saved_self_sym_sizes
(x + 1).grad_fn._saved_alpha
x.clamp(0, 2).grad_fn._saved_min
x.max(0)[0].grad_fn._saved_indices
y.grad_fn._saved_nothing
y.sum().backward()
y.grad_fn._saved_self
""",
    "in-place on a result": TWO
    + """
y = x * 2
y += 1
z = y.sum()
y *= x
z.backward()
y.sum().backward()
""",
    "in-place operations": """
x = torch.tensor([0.5, 1.0, 2.0], requires_grad=True)
a = (x * 1).add_(2)
b = (x * 1).sub_(x)
c = (x * 1).mul_(x)
e = (x * 1).div_(2)
f = (x * 1).exp_()
g = (x * 1).relu_()
h = (x * 1).sqrt_()
i = (x * 1).zero_()
j = (x * 1).fill_(3.)
k = (x * 1).clamp_(0.6, 1.5)
l = (x * 1).neg_()
m = (x * 1).sigmoid_()
n = (x * 1).tanh_()
o = (x * 1).pow_(2)
p = (x * 1).copy_(x * 3)
q = (x * 1).add_(x, alpha=2)
(a + b + c + e + f + g + h + i + j + k + l + m + n + o + p + q).sum().backward()
""",
    "in-place by a sign": """
x = torch.tensor([0.5, 1.0, 2.0], requires_grad=True)
a = x * 1
a += x
b = x * 1
b -= 1
c = x * 1
c *= x
e = x * 1
e /= x + 1
f = x * 1
f **= 2
(a + b + c + e + f).sum().backward()
""",
    "in-place makes a plain tensor part of the graph": LEAF
    + """
y = torch.zeros(3)
y += x
y.requires_grad, y.is_leaf
z = torch.zeros(2, 3)
z[0] = x
z.sum().backward()
""",
    "in-place that broadcasts": LEAF
    + """
y = torch.ones(2, 3)
y *= x
y.sum().backward()
""",
    "in-place under no_grad": LEAF
    + """
with torch.no_grad():
    x += 1
    x[0] = 0.
    x.mul_(2)

x.requires_grad, x.is_leaf
""",
    "versions": LEAF
    + """
y = x * 2
y._version
y += 1
y._version
y[0] = 5.
v = y[1:]
v.mul_(2)
y._version, v._version, y.detach()._version
x._version
""",
    "views share memory": """
x = torch.zeros(2, 3)
x[0][1] = 1.
x.view(6)[5] = 2.
x.t()[2, 0] = 3.
x.reshape(3, 2)[2, 0] = 4.
x.unsqueeze(0)[0, 0, 0] = 5.
x[:, 1:][1, 0] = 6.
x.T.reshape(6)[0] = 9.
x.clone()[0, 0] = 9.
x[[0]][0, 0] = 9.
x
x.expand(2, 2, 3)[0, 0, 0]
x.contiguous() is x, x.T.is_contiguous(), x.T.contiguous().is_contiguous()
x.stride(), x.T.stride(), x[:, 1].stride(), x.expand(4, 2, 3).stride()
""",
    "a view of a result changed in place": LEAF
    + """
y = x * 2
v = y[:2]
v *= 10
y
z = (y * y).sum()
z.backward()
v
""",
    "a result changed in place, then its view used": LEAF
    + """
y = x * 2
v = y[1:]
y *= 10
v
z = (v * v).sum()
z.backward()
""",
    "views of views changed in place": """
w = torch.arange(6.).reshape(2, 3).requires_grad_()
y = w * 1
a = y.T
b = a[0]
b.zero_()
y
y.sum().backward()
w.grad
""",
    "setitem": """
x = torch.arange(4., requires_grad=True)
y = x * 2
y[0] = 5.
y[1:3] = x[2:] * 3
y[3] = x[0]
y
(y * torch.tensor([1., 2., 3., 4.])).sum().backward()
""",
    "setitem with masks and lists": """
x = torch.arange(4., requires_grad=True)
y = x * 2
y[y > 4] = 0.
y[[0, 1]] = x[:2] + 1
y[torch.tensor([2])] = 7.
y
y.sum().backward()
""",
    "augmented setitem": """
x = torch.arange(4., requires_grad=True)
y = x * 2
y[0] += 5
y[1:] *= x[1:]
y
y.sum().backward()
""",
    "expanded leaves": """
x = torch.tensor([[2.]], requires_grad=True)
y = x.expand(2, 3)
z = y.sum()
z.backward()
""",
    "integers take no part": """
n = torch.tensor([1, 2, 3])
x = torch.tensor([1., 2., 3.], requires_grad=True)
y = n * x
k = (x > 1)
k.requires_grad, k.grad_fn
c = x.long()
c.requires_grad
y.sum().backward()
n.grad
""",
    "dtypes meet": """
x = torch.tensor([1., 2.], requires_grad=True)
w = torch.tensor([3., 4.], dtype=torch.float64, requires_grad=True)
y = x * w
z = y.float() * x.double()
z.sum().backward()
""",
    "copies between dtypes are nodes": """
x = torch.tensor([1., 2.], requires_grad=True)
y = x.double()
z = y.half().float()
z.sum().backward()
y.grad_fn, z.grad_fn
x.to(torch.float32) is x
""",
    "item, tolist and numpy": """
x = torch.tensor([[1., 2.]], requires_grad=True)
x.tolist(), x[0, 1].item(), x.detach().numpy(), float(x[0, 0]), int(x[0, 1]), bool(x[0, 0])
_a = torch.ones(2).numpy()
_t = torch.from_numpy(_a)
_a[0] = 5
_t
np.asarray(_t), np.asarray(_t, dtype=np.float64).dtype
""",
    "comparison leaves no graph": LEAF + "y = x > 2\nz = x == x\ny, z\ny.grad_fn\n",
    "iteration": LEAF
    + """
a, b, c = x
a, b, c
for _row in x:
    print(_row)

len(x), list(x), [t.item() for t in x]
(a * b).backward()
""",
    "max with indices": """
x = torch.tensor([[1., 5., 2.], [7., 0., 7.]], requires_grad=True)
_m = x.max(1)
_m
_m.values, _m.indices
values, indices = torch.min(x, 0)
indices.requires_grad, indices.grad_fn
values.sum().backward()
""",
    "min and max of two": LEAF
    + "y = torch.max(x, x * x - 2)\nz = torch.min(x, torch.ones(3))\n(y + z).sum().backward()\n",
    "creation": """
torch.zeros(2, 3), torch.ones(2), torch.zeros((2,)), torch.zeros([1, 2]), torch.zeros(())
torch.full((2, 2), 7.), torch.full((), 3), torch.eye(2), torch.arange(5), torch.arange(1, 4)
torch.arange(1, 2, 0.3), torch.arange(5, 0, -2), torch.arange(0), torch.linspace(0, 1, 5)
torch.linspace(0, 1, 1), torch.linspace(3, -3, 4), torch.linspace(0, 10, 0), torch.arange(2.5)
x = torch.ones(2, 2, requires_grad=True)
torch.zeros_like(x), torch.ones_like(x), torch.full_like(x, 2.), torch.empty_like(x).shape
torch.zeros_like(x, requires_grad=True), torch.empty(2, 3).shape, torch.ones(1, requires_grad=True)
x.new_zeros(2), x.new_ones(2), x.new_tensor([1, 2]), x.new_full((2,), 3.)
torch.tensor(3.), torch.tensor([]), torch.tensor([[]]), torch.tensor([[1, 2], [3, 4]])
torch.tensor((1., 2)), torch.tensor(range(3)), torch.tensor([(1, 2), (3, 4)])
torch.tensor(np.array([1., 2.])), torch.tensor(np.array([1, 2], dtype=np.int32)), torch.tensor(True)
torch.tensor([1., 2.], dtype=torch.int64), torch.tensor([0, 2], dtype=torch.bool)
torch.Tensor([1, 2]), torch.Tensor(2, 3).shape, torch.FloatTensor([1]), torch.LongTensor([1])
""",
    "creation by name": """
torch.zeros(size=(2,)), torch.ones(size=[1, 2]), torch.empty(size=(2, 0)), torch.zeros(2, 0, 3)
torch.full(size=(2,), fill_value=3), torch.full([2], 2.7, dtype=torch.int64), torch.full((), True)
torch.full((2,), -1, dtype=torch.uint8), torch.full((2,), np.float64(1.5))
torch.full((1,), np.int32(1))
torch.full((2,), torch.tensor(3.)), torch.full((2,), float("nan"))
torch.full(fill_value=1, size=())
torch.arange(end=3), torch.arange(start=1, end=3), torch.arange(1, end=6, step=2)
torch.arange(3, 3)
torch.arange(5.5, dtype=torch.int64), torch.arange(-0.5, 5.5, 1.5, dtype=torch.int64)
torch.arange(0, 1, 0.1).tolist(), torch.arange(torch.tensor(3.)), torch.arange(np.int64(3))
torch.arange(2**62, 2**62 + 2), torch.arange(3, dtype=torch.float16), torch.arange(True)
torch.linspace(start=0, end=1, steps=3), torch.linspace(0, torch.tensor(1.), np.int64(3))
torch.linspace(-3.6, 0, 5, dtype=torch.int64), torch.linspace(0, 1, 3, requires_grad=True)
torch.eye(n=2, m=1), torch.eye(2, dtype=torch.bool), torch.eye(0), torch.eye(torch.tensor(1))
torch.zeros(2, dtype=float), torch.ones(2, dtype=int), torch.zeros(1, dtype=bool)
torch.zeros(np.int64(1), torch.tensor(2)), torch.zeros((torch.tensor(2),))
torch.zeros(torch.Size([1]))
torch.zeros(1, device=torch.device("cpu")), torch.ones(1, device=None)
torch.zeros_like(input=torch.ones(1))
torch.tensor(data=[1., 2.], dtype=None, device=None, requires_grad=True)
torch.tensor(1, dtype=float), torch.tensor([0.5, 2], dtype=bool)
torch.tensor([-1], dtype=torch.uint8)
""",
    "creation from what there is": """
torch.tensor([torch.tensor(1), torch.tensor([2])]), torch.tensor([[torch.tensor([1.5])], [2]])
torch.tensor([np.float32(1.5), np.float64(2)]), torch.tensor([np.int32(1), 2.5])
torch.tensor(np.bool_(True))
torch.tensor([range(2), (3, 4)]), torch.tensor(np.ones((2, 3)).T).shape, torch.tensor([16777217.])
torch.tensor([1e300]), torch.tensor([1e10], dtype=torch.float16), torch.tensor([2**70, 1.5])
torch.tensor(np.array([1e300]), dtype=torch.float32), torch.tensor([float("nan")], dtype=torch.bool)
torch.as_tensor(2), torch.as_tensor(np.float32(2)), torch.as_tensor([1], dtype=torch.float32)
_a = np.ones(2)
_t = torch.as_tensor(_a)
_a[0] = 5
_t, torch.as_tensor(_t) is _t
torch.Tensor(), torch.Tensor((1, 2)), torch.Tensor(np.array([1, 2]))
torch.Tensor(torch.Size([2])).shape
torch.DoubleTensor([1]), torch.LongTensor([1.5]), torch.BoolTensor([True]), torch.IntTensor(2).shape
x = torch.ones(2, requires_grad=True)
y = torch.Tensor(x)
x.new_tensor([1], requires_grad=True), torch.tensor([1]).new_tensor([1.5])
x.new_ones(1).requires_grad
x.new_zeros((2,), dtype=torch.int64), torch.tensor([1]).new_full((2,), 1.5), x.new_empty(2, 0)
""",
    "conversions": """
x = torch.tensor([1.7, -1.7], requires_grad=True)
n = torch.tensor([4, 5])
x.to(float), n.to(bool), x.to(n), x.to(torch.float64, copy=True), x.to() is x, x.to(None) is x
x.to(copy=True) is x, x.to(dtype=None) is x, x.to("cpu", torch.float16), x.to(x, copy=True) is x
x.type("torch.DoubleTensor"), x.type(torch.int32), x.type_as(n)
x.type(), n.type(), n.short().type(), n.byte().type(), n.char().type(), n.half().type()
n.bool().type()
x.size(torch.tensor(0)), x.stride(0), x.ndimension(), x.nbytes
int(x[0]), bool(x[0]), f"{x[0]:.1f}", n[0].__index__(), [1, 2, 3][torch.tensor(1)], float(n[0])
float(x[0])
x.grad = torch.ones(2)
del x.grad
x.grad
y = x * 2
y.requires_grad_() is y
x.data = torch.ones(2, 2)
x
""",
    "size and kin": """
x = torch.zeros(2, 3)
x.shape, x.size(), x.size(0), x.size(-1), x.dim(), x.ndim, x.numel(), len(x), x.nelement()
x.shape[0], x.shape == (2, 3), tuple(x.shape), list(x.shape), x.shape.numel(), x.shape + (1,)
torch.Size([2, 3]), torch.Size((1,)), x[0].shape, x[0, 0].shape, torch.is_tensor(x), x.device
x.dtype, x.dtype.is_floating_point, x.element_size(), x.itemsize, x.nbytes, x.is_floating_point()
isinstance(x, torch.Tensor), isinstance(x.shape, tuple), x.type()
""",
    "functions and methods agree": """
x = torch.tensor([[1., 4.], [9., 16.]])
torch.sqrt(x), x.sqrt(), torch.sum(x, 1), x.sum(1), torch.mean(x, 0), x.mean(0), torch.numel(x)
torch.max(x), x.max(), torch.max(x, 1), torch.argmax(x), x.argmax(1), x.argmin(0), x.all(), x.any()
torch.allclose(x, x), torch.equal(x, x), torch.isnan(x).any(), torch.isfinite(x).all()
torch.reshape(x, (4,)), torch.transpose(x, 0, 1), torch.t(x)
torch.squeeze(x), torch.unsqueeze(x, 0)
torch.flatten(x), x.flatten(), x.permute(1, 0), torch.permute(x, (1, 0)), x.clone()
""",
    "one_hot": """
F = torch.nn.functional
F.one_hot(torch.tensor([0, 2, 1]))
F.one_hot(torch.tensor([0, 2, 1]), 5)
F.one_hot(torch.tensor([[0], [1]]), num_classes=2)
F.one_hot(torch.tensor(1), 3)
F.one_hot(torch.tensor([], dtype=torch.int64), 3)
F.one_hot(torch.tensor([0, 1])).dtype
""",
    "devices": """
x = torch.ones(2, device='cpu')
x.device, str(x.device), x.device.type, x.device.index, x.is_cuda, x.cpu() is x
torch.device('cpu') == x.device, torch.device('cpu', 0), torch.device('cuda:1')
torch.device('cuda')
torch.device('cuda', 1).index, torch.device(type='cuda', index=0), x.to(x.device) is x
x.to('cpu', torch.float64), x.to(torch.zeros(1, dtype=torch.float64)).dtype
""",
    "copies": LEAF
    + """
import copy, pickle
y = copy.deepcopy(x)
y is x, y.requires_grad, y
z = pickle.loads(pickle.dumps(x))
z, z.requires_grad
copy.copy(x)
copy.deepcopy(x * 2)
""",
    "a custom function": """
class _Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x ** 3

    @staticmethod
    def backward(ctx, g):
        x, = ctx.saved_tensors
        return 3 * x ** 2 * g

x = torch.tensor([1., 2.], requires_grad=True)
y = _Cube.apply(x)
y.grad_fn.name()
y.sum().backward()
dx, = torch.autograd.grad(_Cube.apply(x).sum(), x, create_graph=True)
d2x, = torch.autograd.grad(dx.sum(), x)
""",
    "gradcheck": """
_x = torch.tensor([0.5, 1.5], dtype=torch.float64, requires_grad=True)
torch.autograd.gradcheck(lambda t: t * t.exp(), (_x,))
torch.autograd.gradgradcheck(lambda t: t * t.exp(), (_x,))
""",
}
