"""Misuse: what PyTorch refuses, or warns of, and how it says so."""

START = """
x = torch.tensor([1., 2., 3.], requires_grad=True)
n = torch.tensor([4, 5, 6])
m = torch.ones(2, 3)
s = torch.tensor(2., requires_grad=True)
"""

MAKING = """
torch.tensor([[1, 2], [3]])
torch.tensor([[1., 2.], 3.])
torch.tensor([1, [2, 3]])
torch.tensor("a")
torch.tensor(["a", "b"])
torch.tensor([1., "b"])
torch.tensor(None)
torch.tensor([1., None])
torch.tensor({"a": 1})
torch.tensor({1, 2})
torch.tensor(object())
torch.tensor([object()])
torch.tensor(len)
torch.tensor()
torch.tensor(1, 2)
torch.tensor([1, 2], requires_grad=True)
torch.tensor(True, requires_grad=True)
torch.tensor([1.5], dtype=torch.int64, requires_grad=True)
torch.tensor([1.], dtype="float32")
torch.tensor([1.], dtype="float99")
torch.tensor([1.], dtype=5)
torch.tensor([1.], device="gpu")
torch.tensor([1.], device="")
torch.tensor([1.], device="cpu:x")
torch.tensor([1.], device=1.5)
torch.device("gpu")
torch.device("cuda:-1")
torch.tensor(x)
torch.tensor(2**63)
torch.tensor([300], dtype=torch.uint8)
torch.tensor(np.array(["a"]))
torch.as_tensor("a")
torch.as_tensor([[1], [2, 3]])
torch.from_numpy([1., 2.])
torch.from_numpy(np.array(["a"]))
torch.from_numpy(np.float32(3))
torch.zeros(-1)
torch.zeros(2, -3)
torch.zeros("3")
torch.zeros(2.5)
torch.zeros((2, 2.5))
torch.zeros(None)
torch.zeros([1, None])
torch.ones(3, requires_grad=True, dtype=torch.int64)
torch.full((2,))
torch.full((2,), "a")
torch.full(2, 3.)
torch.arange()
torch.arange("a")
torch.arange(3, 0)
torch.arange(0, 3, 0)
torch.arange(0, 3, -1)
torch.arange(float("nan"))
torch.arange(3, requires_grad=True)
torch.linspace(0, 1)
torch.linspace(0, 1, -2)
torch.linspace(0, 1, 2.5)
torch.eye(-1)
torch.eye(2.)
torch.zeros_like([1, 2])
torch.zeros_like(3.)
torch.ones_like(n, requires_grad=True)
torch.rand(2, dtype=torch.int64)
torch.randn(2, dtype=torch.int64)
torch.randn(-2)
torch.randn("2")
torch.rand_like(n)
torch.randint(5, 2, (3,))
torch.randint(0, (3,))
torch.randint(3, 4)
torch.randint(1.5, (2,))
torch.randint(0, 300, (2,), dtype=torch.uint8)
torch.randperm(-1)
torch.randperm(2.5)
torch.manual_seed("a")
torch.manual_seed(None)
torch.manual_seed(2**64)
torch.manual_seed(-2**63 - 1)
torch.set_default_dtype(torch.int64)
torch.no_such_function(1)
torch.tensor([1., [2, 3]])
torch.tensor([[1, 2], [3, "a"]])
torch.tensor([["a"]])
torch.tensor(b"ab")
torch.tensor([x, x])
torch.tensor([n, n])
torch.tensor([1, n])
torch.tensor([s, 1])
torch.tensor(float("nan"), dtype=torch.int64)
torch.tensor([float("inf")], dtype=torch.int32)
torch.tensor([1e10], dtype=torch.int32)
torch.tensor([128], dtype=torch.int8)
torch.tensor([-256], dtype=torch.uint8)
torch.tensor([np.int64(300)], dtype=torch.uint8)
torch.tensor([2**70])
torch.tensor(1, dtype=np.float32)
torch.tensor(1., requires_grad="a")
torch.tensor(1., requires_grad=1)
torch.tensor(1., nonsense=3)
torch.tensor(np.array([1., 2.])[::-1])
torch.from_numpy(np.array([1., 2.])[::-1])
torch.from_numpy(np.array([1, 2], dtype=">i4"))
torch.as_tensor([1], torch.float32)
torch.Tensor(2.5)
torch.Tensor(None)
torch.tensor([1], device="cpu:")
torch.tensor([1], device="cpu:01")
torch.tensor([1], device=["cpu"])
torch.tensor([1], device=True)
torch.device(None)
torch.device(1.5)
torch.device("cpu", -1)
torch.device("cpu", "a")
torch.device("cpu:0", 0)
torch.device("cpu").type = "cuda"
torch.zeros()
torch.zeros(size=2)
torch.zeros((2,), 3)
torch.zeros(2, requires_grad="a")
torch.zeros(2, dtype="float32")
torch.zeros(10**15)
torch.zeros(10**10, 10**10)
torch.ones(-2)
torch.empty("a")
torch.full((2,), None)
torch.full((2,), [1])
torch.full((2,), torch.tensor([3., 4.]))
torch.full((2,), s)
torch.full((2,), float("inf"), dtype=torch.int64)
torch.full((2,), 300, dtype=torch.uint8)
torch.full((2,), 1e300)
torch.full((-2,), 1)
torch.full("a", 1)
torch.full_like(n, float("nan"))
torch.full_like(x, "a")
torch.full_like(3., 1)
torch.arange(None)
torch.arange([1, 2])
torch.arange(torch.tensor([4]))
torch.arange(1, "a")
torch.arange(float("inf"))
torch.arange(0, 5, float("nan"))
torch.arange(3, dtype=torch.bool)
torch.arange(1e20)
torch.linspace("a", 1, 3)
torch.linspace(0, 1, "a")
torch.linspace(0, 1, None)
torch.linspace(0, 1, 3, dtype=torch.bool)
torch.eye(2, -1)
torch.eye((2,))
torch.eye(True)
torch.zeros_like(x, torch.float64)
torch.rand()
torch.rand(2, generator="a")
torch.randint(3)
torch.randint(5, "a", (2,))
torch.randint(0, 10, (-2,))
torch.randint(0, 10, (2,), requires_grad=True)
torch.randint_like(3, 5)
torch.randint_like(m, 5.5)
torch.randperm(True)
torch.randperm(3, dtype=torch.bool)
torch.normal(0., -1., (2,))
torch.normal(m, -m)
torch.normal(torch.zeros(3), torch.ones(2))
torch.normal("a", 1, (2,))
torch.bernoulli(3)
torch.bernoulli(m * 2)
torch.Generator("gpu")
torch.Generator().manual_seed(1.5)
torch.cuda.synchronize()
torch.set_default_dtype("a")
torch.promote_types(1, 2)
torch.result_type(m, "a")
torch.equal(x, 1.)
torch.allclose(x, n)
torch.allclose(x, torch.ones(2))
torch.isnan(3.)
torch.numel(5)
n.new_zeros(2, requires_grad=True)
x.new_ones()
x.new_full((2,))
"""

GRADIENTS = """
n.requires_grad_()
n.requires_grad = True
(n > 4).requires_grad_()
x.requires_grad = "yes"
(x * 2).requires_grad_(False)
(x * 2).requires_grad = False
(x * 2).backward()
m.backward()
m.sum().backward()
n.sum().backward()
x.backward()
(x * 2).backward(torch.ones(2))
(x * 2).backward(torch.ones(3, dtype=torch.int64))
(x * 2).backward([1., 1., 1.])
(x * 2).backward(3.)
(x * 2).backward("a")
x.sum().backward(torch.ones(3))
x.sum().backward(inputs=[])
x.sum().backward(inputs=[m])
x.sum().backward(inputs=5)
torch.autograd.backward([x.sum(), x.sum()], [None])
torch.autograd.backward([x * 2], None)
torch.autograd.backward(5)
torch.autograd.grad(x.sum(), s)
torch.autograd.grad(x.sum(), [x, s])
torch.autograd.grad(x.sum(), m)
torch.autograd.grad(x.sum(), [])
torch.autograd.grad(x * 2, x)
torch.autograd.grad(m.sum(), x)
torch.autograd.grad(x.sum(), x, torch.ones(2))
torch.autograd.grad(x.sum(), 3.)
torch.autograd.grad(x.sum())
torch.autograd.grad([x.sum(), s * 2], [x, s], [None])
x.grad = torch.ones(2)
x.grad = torch.ones(3, dtype=torch.float64)
x.grad = 3.
x.grad = "a"
x.grad.zero_()
(x * 2).grad
m.retain_grad()
m.register_hook(print)
x.numpy()
(x * 2).numpy()
np.asarray(x)
s.numpy()
x.grad_fn = None
x.is_leaf = False
x.shape = (3, 1)
x.dtype = torch.float64
x.data = [1., 2.]
x.data = 5.
x.T.detach_()
__import__("copy").deepcopy(x * 2)
torch.set_grad_enabled()
torch.set_grad_enabled("a")
float(x)
int(x)
bool(x)
bool(torch.zeros(0))
x.item()
torch.zeros(0).item()
len(s)
list(s)
iter(s)
s[0]
range(x)
range(torch.tensor(2.))
[1, 2, 3][s]
[1, 2, 3][n]
x.unknown
x in [1]
if x: pass
not x
"""

IN_PLACE = """
x += 1
x -= m[0]
x *= 2
x /= 2
x **= 2
x.add_(1)
x.sub_(1)
x.mul_(2)
x.div_(2)
x.zero_()
x.fill_(3)
x.exp_()
x[0] = 1
x[0] += 1
x[:2] = torch.zeros(2)
x[:].zero_()
x.T.mul_(2)
x.view(3, 1).add_(1)
n += 0.5
n *= 1.5
n /= 2
n += x
n.div_(2)
n.add_(1.5)
n.exp_()
n -= True
m += torch.ones(3, 2)
m += torch.ones(4)
m[0] += torch.ones(3, 3)
m *= "a"
m += None
m[0] = "a"
m[0] = None
m[0] = torch.zeros(4)
m[5] = 1
m[:, 3] = 1
m[0, 0, 0] = 1
m["a"] = 1
m[1.5] = 1
m[0] = [1., 2., 3.]
m[0] = [1., 2.]
m[torch.tensor([5])] = 1
m[m > 2] = torch.zeros(5)
n[0] = 1.9
n[0] = x[0]
m.zero_(1)
m.add_()
m.copy_(torch.zeros(5))
m.fill_(torch.zeros(2))
m.fill_("a")
(n > 4).add_(1)
b = n > 4; b -= True
b = n > 4; b += 1.5
"""

SAVED = {
    "backward twice": "y = (x * x).sum()\ny.backward()\ny.backward()",
    "backward twice, nothing saved": "y = (x + 1).sum()\ny.backward()\ny.backward()",
    "grad after backward": "y = (x * x).sum()\ny.backward()\ntorch.autograd.grad(y, x)",
    "a part of the graph twice": "y = x.exp()\ny.sum().backward()\n(y * 2).sum().backward()",
    "exp changed after it was saved": "y = x.exp()\ny += 1\ny.sum().backward()",
    "a factor changed": "y = x * 1\nz = y * y\ny.mul_(2)\nz.sum().backward()",
    "a view of a saved tensor changed": "y = x * 1\nz = y * y\ny[0] = 5.\nz.sum().backward()",
    "a leaf changed under no_grad": "z = x * x\nwith torch.no_grad(): x += 1\nz.sum().backward()",
    "data without a graph changed": "w = torch.ones(3)\nz = x * w\nw += 1\nz.sum().backward()",
    "tanh changed": "y = x.tanh()\ny.zero_()\ny.sum().backward()",
    "relu changed": "y = (x * 1).relu()\ny *= 2\ny.sum().backward()",
    "sqrt changed": "y = x.sqrt()\ny[1] = 2.\ny.sum().backward()",
    "division changed": "y = x * 1\nz = 1 / y\ny += 1\nz.sum().backward()",
    "matmul changed": "a = m * 1\nz = a @ x\na += 1\nz.sum().backward()",
    "a part of itself added": "y = torch.arange(4.)\ny[1:] += y[:-1]",
    "a part of itself copied": "y = torch.arange(4.)\ny[1:] = y[:-1]",
    "itself turned added": "y = torch.ones(2, 2)\ny += y.t()",
    "its own number multiplied": "y = torch.arange(4.)\ny.mul_(y[3])",
    "itself added": "y = torch.arange(4.)\ny += y\ny += y.detach()\ny",
    "one half copied to the other": "y = torch.arange(4.)\ny[:2] = y[2:]\ny",
    "a changed sum is fine": "y = x + 1\ny += 1\ny.sum().backward()\nx.grad",
    "no_grad update and a hidden graph": (
        "y = x * 2\nwith torch.no_grad(): y += 1\ny.sum().backward()\nx.grad"
    ),
    "freed saved tensors": "y = x.exp()\ny.sum().backward()\ny.grad_fn._saved_result",
    "no_grad result": "with torch.no_grad():\n    y = x * 2\n\ny.sum().backward()",
    "detached": "x.detach().sum().backward()",
    "in-place on a detached leaf shows": "x.detach().zero_()\nx",
    "in-place on data shows": "x.data.zero_()\nx",
    "integer leaf in a product": "(n * x).sum().backward()\nn.grad\nx.grad",
    "second derivative without create_graph": (
        "g, = torch.autograd.grad((x ** 3).sum(), x)\ntorch.autograd.grad(g.sum(), x)"
    ),
    "unused allowed": "torch.autograd.grad(x.sum(), [x, s], allow_unused=True)",
    "a non-leaf's gradient": "y = x * 2\ny.retain_grad()\ny.sum().backward()\ny.grad\nx.grad",
    "inputs that are not leaves": "y = x * 2\nz = y.sum()\nz.backward(inputs=[y])\nx.grad\ny.grad",
}

ARITHMETIC = """
m + torch.ones(2, 4)
m + torch.ones(3, 3)
m - torch.ones(2)
m * torch.ones(4, 1, 2)
m / torch.ones(5)
m ** torch.ones(2)
m + "a"
"a" + m
m + None
None - m
m * [1, 2, 3]
[1, 2, 3] * m
m - (1, 2, 3)
m / {}
m ** "a"
m @ "a"
m @ 3
3 @ m
m @ m
m @ torch.ones(2)
m @ torch.ones(4, 3, 2, 2)
torch.ones(3) @ torch.ones(4)
s @ m
m @ s
m @ n
n @ x
m @ torch.ones(3, 2, dtype=torch.float64)
torch.matmul(m)
torch.matmul(m, 2)
m < "a"
m < None
m < torch.ones(4)
-(m > 0)
(m > 0) - (m > 0)
(m > 0) - True
n ** -1
abs("a")
torch.add(m, "a")
torch.add(m)
torch.mul(m, None)
torch.sub(m > 0, 1)
"""

ELEMENTWISE = """
torch.exp(1.)
torch.exp("a")
torch.exp()
torch.exp(m, m)
torch.exp([1., 2.])
torch.log(None)
torch.sqrt(2)
torch.relu(3.)
torch.relu(m > 0)
torch.abs(m > 0)
torch.sin("x")
torch.tanh(None)
torch.sigmoid([0.])
m.exp(2)
torch.clamp(m)
m.clamp()
m.clamp("a")
m.clamp(0, "b")
m.clamp(min=torch.ones(4))
torch.where(m, m, m)
torch.where(m > 0, m)
torch.where(m > 0, m, "a")
torch.where(True, m, m)
torch.where(m > 0, m, torch.ones(5))
torch.where(n, 1., 2.)
torch.maximum(m, 1.)
torch.maximum(m, torch.ones(4))
torch.minimum(m)
torch.pow(2, 3)
torch.pow("a", m)
"""

REDUCTIONS = """
m.sum(2)
m.sum(-3)
m.sum((0, 0))
m.sum((0, 5))
m.sum("a")
m.sum(1.5)
m.sum(0, 1)
m.sum(dim=None, keepdim="a")
torch.sum([1., 2.])
torch.sum("a")
torch.sum()
n.mean()
(m > 0).mean()
n.mean(0)
m.mean(2)
m.mean("a")
torch.mean([1., 2.])
m.max(2)
m.max(dim="a")
m.max((0, 1))
torch.max(3.)
torch.max(m, 0, 1, 2)
torch.zeros(0).max()
torch.zeros(0).min()
torch.zeros(2, 0).max(1)
torch.zeros(0, 2).min(0)
torch.zeros(0).argmax()
m.argmax(2)
m.argmax("a")
s.sum(1)
s.max(1)
"""

SHAPES = """
m.reshape(4, 2)
m.reshape(-1, 4)
m.reshape(-1, -1)
m.reshape(-2, 3)
m.reshape("a")
m.reshape(2.5)
m.reshape()
m.reshape(None)
m.reshape(torch.tensor([3, 2]))
torch.zeros(0).reshape(-1, 0)
m.view(4, 2)
m.T.view(6)
m.T.view(-1)
m.view("a")
m.view()
m.view(2, 1.5)
m.t(1)
torch.ones(2, 2, 2).t()
torch.ones(2, 2, 2).T
s.T
x.T
m.transpose(0)
m.transpose(0, 2)
m.transpose(-3, 0)
m.transpose("a", "b")
torch.transpose(m, 0, 5)
m.squeeze(2)
m.squeeze("a")
m.unsqueeze()
m.unsqueeze(3)
m.unsqueeze(-4)
m.unsqueeze("a")
m.expand(3, 3)
m.expand(3)
m.expand(-1, 2, 3)
m.expand("a")
m.expand(2, -2)
torch.cat(m)
torch.cat([])
torch.cat([m, m], 2)
torch.cat([m, x])
torch.cat([m, torch.ones(2, 4)])
torch.cat([m, s])
torch.cat([m, "a"])
torch.cat([m, 3.])
torch.cat(3)
torch.cat([m], dim="a")
torch.stack([])
torch.stack([m, x])
torch.stack([m, m], 3)
torch.stack([m, 2.])
torch.stack(3)
torch.reshape(m)
torch.reshape([1, 2], (2, 1))
torch.squeeze([1])
m.size(2)
m.size("a")
m.size(True)
m.size(0.)
m.size((0,))
s.size(0)
m.dim(1)
"""

INDEXING = """
m[2]
m[-3]
x[3]
m[0, 3]
m[0, 0, 0]
m["a"]
m[None, "a"]
m[1.5]
m[0.]
m[{}]
m[::-1]
m[::0]
m[1.5:]
m[torch.tensor([0, 2])]
m[torch.tensor([-3])]
m[torch.tensor([0.5])]
m[[0, 5]]
m[torch.tensor([True])]
m[m > 0, 0]
m[torch.ones(3, 2) > 0]
m[torch.tensor([0, 1]), torch.tensor([0, 1, 2])]
m[np.array(["a"])]
m[len]
x[torch.tensor(3)]
x[s]
del m[0]
s[0]
s[:]
s[0, 0]
torch.zeros(0)[0]
"""

PARTS = """
m.sum((0, -2))
m.sum(0, None)
m.sum(dtype="float32")
m.sum(nonsense=1)
n.mean(dtype=torch.int64)
m.mean((0, 5))
m.max(0, 1)
m.max(1.5)
m.argmax((0, 1))
(m > 0).argmax()
torch.zeros(2, 0).argmin(1)
torch.zeros(0).argmin(0)
m.any(5)
m.all("a")
m.all((0, 0))
torch.any([1])
torch.mean(3)
m.reshape(True, 6)
m.reshape(2, "a")
m.reshape((2, None))
m.view(-1, 0)
m.view(None)
m.permute()
m.permute(0)
m.permute(0, 0)
m.permute(0, 2)
m.permute(0, "a")
m.movedim(0, 5)
m.movedim((0, 1), (0,))
m.movedim("a", 0)
m.flatten(1, 0)
m.flatten("a")
m.squeeze((0, 0))
m.unsqueeze(True)
m.transpose(0, "a")
m.expand(True, 3)
m.expand(2, 3.5)
m.expand()
m.view_as(3)
m.view_as(s)
m.expand_as(s)
m.broadcast_to((3, 3))
x.mT
m.unbind(5)
m.unbind("a")
s.unbind()
s.squeeze(1)
torch.t([1])
torch.flatten([1])
torch.unbind([1])
torch.cat()
torch.cat("ab")
torch.cat([m, None])
torch.cat([s])
torch.cat([torch.zeros(0), s])
torch.cat([m, torch.ones(3, 2)], 1)
torch.cat([m, torch.ones(3, 2)])
torch.stack([m, m], -4)
torch.stack([np.ones(2)])
m[0, 0, ..., 0]
m[None, 0, 0, 0]
m[object()]
m[[1, "a"]]
m[b"a"]
m[np.float64(1)]
m[np.True_]
m[torch.tensor(1.)]
m[torch.tensor([1], dtype=torch.int16)]
m[torch.tensor([True, False, True])]
m[:, torch.tensor([True, False])]
m[torch.ones(2, 3, 1) > 0]
m[torch.tensor([[0, 1], [0, 1]]), torch.tensor([0, 1, 2])]
m[[[0, 5]]]
m[:1.5]
s[torch.tensor([0])]
s[None, 0]
m.select(5, 0)
m.select(0, "a")
m.select(0)
x[...] = 1.
x[x > 3] = 1.
x[[0]] = s
m[0] = np.ones(3)
m[0] = torch.zeros(2, 3)
m[m > 0] = torch.zeros(5, 3)
m[[0, 1], [1, 2]] = x
m[[0]] = torch.tensor(1)
m[[0]] = torch.ones(3, dtype=torch.float64)
m[::-1] = 1.
m[::0] = 1.
s[0] = 1.
n[0] = float("nan")
torch.tensor([1], dtype=torch.uint8)[0] = 300
"""

CONVERSIONS = """
m.to("gpu")
m.to(torch.int99)
m.to("float32")
m.float(1)
m.to(device="cpu", dtype="a")
m.numpy(1)
m.tolist(1)
m.item(1)
m.clone(1)
m.detach(1)
m.to([1])
m.to(np.float32)
m.to(dtype="a")
m.to(torch.float64, "cpu")
m.to(other=n)
m.type("a")
m.type_as(1)
x.requires_grad_("a")
x.requires_grad_(1)
x.requires_grad_(None)
x.requires_grad_(1, 2)
x.requires_grad = 1
(x * 2).requires_grad = True
x.data = torch.ones(3, dtype=torch.int64)
x.data = None
x.grad = x
x.grad = np.ones(3)
n.grad = torch.ones(3)
torch.ones(1).__index__()
f"{x:.2f}"
"a" in n
m.register_post_accumulate_grad_hook(print)
(x * 2).register_post_accumulate_grad_hook(print)
torch.float32(3)
"""

FUNCTIONAL = """
F.mse_loss(x)
F.mse_loss(x, 1.)
F.mse_loss(x, torch.ones(2))
F.mse_loss(x, torch.ones(3, 1))
F.mse_loss(x, n)
F.mse_loss(x, m[0], reduction="a")
F.binary_cross_entropy(x / 4, torch.ones(2))
F.binary_cross_entropy(x / 4, torch.ones(3, 1))
F.binary_cross_entropy(x, torch.ones(3))
F.binary_cross_entropy(x - 2, torch.ones(3))
F.binary_cross_entropy(x / 4, n)
F.binary_cross_entropy(x / 4, torch.ones(3), reduction="a")
F.binary_cross_entropy(x / 4, [1., 1., 1.])
F.cross_entropy(m, torch.tensor([0, 3]))
F.cross_entropy(m, torch.tensor([0, -1]))
F.cross_entropy(m, torch.tensor([0]))
F.cross_entropy(m, torch.tensor([0, 1, 2]))
F.cross_entropy(m, torch.tensor([0., 1.]))
F.cross_entropy(m, torch.tensor([[0], [1]]))
F.cross_entropy(m, [0, 1])
F.cross_entropy(s, torch.tensor(0))
F.cross_entropy(m, torch.tensor([0, 1], dtype=torch.int32))
F.cross_entropy(m, torch.tensor([True, False]))
F.cross_entropy(m, torch.tensor([0, 1]), reduction="a")
F.cross_entropy(n, torch.tensor(1))
F.cross_entropy(m)
F.cross_entropy(m, torch.tensor(0))
F.cross_entropy(m, m.long())
F.cross_entropy(m, m, ignore_index=1)
F.cross_entropy(m, m, weight=torch.ones(2))
F.cross_entropy(x, torch.tensor([1, 2]))
F.cross_entropy(x, torch.tensor(3))
F.cross_entropy(x, torch.tensor(-1))
F.cross_entropy(s, torch.tensor(1.))
F.cross_entropy(torch.ones(2, 3, 4), torch.zeros(2, 3).long())
F.cross_entropy(torch.ones(2, 3, 4), torch.zeros(3, 4).long())
F.cross_entropy(torch.ones(2, 3, 4), torch.zeros(2, 4))
F.cross_entropy(torch.ones(2, 0), torch.zeros(2).long())
F.cross_entropy(m, torch.tensor([0, 1]), weight=[1, 2, 3])
F.cross_entropy(m, torch.tensor([0, 1]), weight=torch.ones(2))
F.cross_entropy(m, torch.tensor([0, 1]), weight=torch.ones(3, 1))
F.cross_entropy(m, torch.tensor([0, 1]), weight=torch.ones(3).double())
F.cross_entropy(m, torch.tensor([0, 1]), weight=torch.ones(3, requires_grad=True))
F.cross_entropy(m, torch.tensor([0, 1]), label_smoothing=1.1)
F.cross_entropy(m, torch.tensor([0, 1]), label_smoothing="a")
F.cross_entropy(m, torch.tensor([0, 1]), ignore_index=1.5)
F.cross_entropy([[1.]], torch.tensor([0]))
F.nll_loss(m, m)
F.nll_loss(n, torch.tensor(1))
F.nll_loss(s, torch.tensor(0))
F.nll_loss(3., n)
F.mse_loss(n, n)
F.mse_loss(x, torch.ones(1, 3))
F.mse_loss(x, x, reduction=None)
F.binary_cross_entropy(x / 4, x)
F.binary_cross_entropy(x * float("nan"), torch.ones(3))
F.binary_cross_entropy(n, n)
F.binary_cross_entropy(x / 4, torch.ones(3), weight=torch.ones(2))
F.binary_cross_entropy(x / 4, torch.ones(3), weight=torch.ones(3, requires_grad=True))
F.relu(3.)
F.relu(x, inplace=True)
F.sigmoid(3.)
torch.softmax(3., 0)
torch.softmax(m, "a")
torch.log_softmax(m, 2)
m.softmax()
m.softmax(None)
F.softmax(m, 0, dtype="a")
F.softmax(m, 0, dtype=torch.int64)
F.one_hot(n, True)
F.one_hot(n, 0)
F.softmax(m, 2)
F.softmax(m)
F.softmax(n, 0)
F.softmax(m, "a")
F.softmax([1., 2.], 0)
F.softmax(3., 0)
F.softmax(m > 0, 0)
F.log_softmax(m, 2)
F.log_softmax(n, 0)
F.log_softmax(m, dim=1.5)
torch.softmax(m)
F.one_hot(m)
F.one_hot(n, 3)
F.one_hot(torch.tensor([-1]))
F.one_hot(torch.tensor([0.]))
F.one_hot(n, "a")
F.one_hot(n, 2.5)
F.one_hot(torch.tensor([], dtype=torch.int64))
F.one_hot([0, 1])
F.one_hot(n, -2)
F.no_such_loss(m)
"""


def _lines(text: str) -> dict[str, str]:
    return {line: START + "F = torch.nn.functional\n" + line for line in text.strip().splitlines()}


GROUPS = [
    *[MAKING, GRADIENTS, IN_PLACE, ARITHMETIC, ELEMENTWISE],
    *[REDUCTIONS, SHAPES, INDEXING, PARTS, CONVERSIONS, FUNCTIONAL],
]

PROGRAMS = {name: program for group in GROUPS for name, program in _lines(group).items()}
PROGRAMS |= {name: START + program for name, program in SAVED.items()}
