"""Views and what is written over them: histories, versions, refusals, and the order of hooks.

Messages are compared by their first clauses.
"""

X = "x = torch.tensor([[1., 2., 3.], [4., 5., 6.]], requires_grad=True)\n"
Z = X + "z = x * 1\n"

PROGRAMS = {
    "a part of an expanded tensor is written": """
g = torch.tensor(2.).expand(4)
g[1:2] = 7.
g
g += 1
""",
    "a row written, then its other views asked": Z
    + """
row, column = z[0], z[:, 1]
row *= 2
z, row, column
(column * torch.tensor([1., 10.])).sum().backward()
x.grad
""",
    "a view of a view written": Z
    + """
v = z[1:][:, :2]
v.mul_(3)
z.sum().backward()
""",
    "a view made under no_grad, written after": X
    + """
with torch.no_grad(): v = x[0]
v.requires_grad, v.is_leaf
v.mul_(2)
""",
    "a base written after a view was made under no_grad": Z
    + """
with torch.no_grad(): v = z[0]
z.mul_(2)
v.grad_fn
z.mul_(2)
del v
""",
    "a view of a view that was made under no_grad": """
x = torch.zeros(2)
with torch.no_grad(): y = x.view(2)
y = y.requires_grad_()
z = y.view(2)
z /= 2
""",
    "one of several views written": Z
    + """
a, b = z.unbind()
a.add_(1)
c, d = z.split(2, 1)
c.mul_(2)
with torch.no_grad(): d.zero_()
z
z.mul_(2)
a.grad_fn
""",
    "several views of data that gets a history": """
x = torch.zeros(2, 3)
w = torch.tensor(2., requires_grad=True)
a, b = x.unbind()
a.copy_(w)
""",
    "a leaf becomes one after its view": """
x = torch.zeros(3)
v = x[:2]
x.requires_grad = True
v.add_(1)
del v
""",
    "turned in place": Z
    + """
z.t_()
z.shape, z.stride(), z._version
z.unsqueeze_(0)
z.squeeze_()
z.transpose_(0, 1)
z.shape
(z * torch.tensor([1., 2., 3.])).sum().backward()
""",
    "an inference tensor": """
with torch.inference_mode():
    i = torch.ones(2)
    j = i * 2
i.is_inference(), j.requires_grad
w = torch.ones(2, requires_grad=True)
k = i + w
k.requires_grad
i * w
""",
    "an inference tensor written": """
with torch.inference_mode():
    i = torch.ones(2)
    i += 1
i
i._version
i.requires_grad_()
del i
""",
    "a view of a normal tensor made in inference mode": """
x = torch.ones(2, requires_grad=True)
z = x * 2
with torch.inference_mode(): v = z[:1]
v.is_inference(), v.requires_grad
v.add_(1)
""",
    "the order of hooks": """
log = []
def told(name): return lambda g: log.append(name)
w = torch.tensor(2., requires_grad=True)
b = torch.tensor(1., requires_grad=True)
p = w * 3
q = p + b
r = q * w
_ = [t.register_hook(told(n)) for n, t in {"w": w, "b": b, "p": p, "q": q, "r": r}.items()]
_ = b.register_post_accumulate_grad_hook(lambda t: log.append(("b was written", t.grad.item())))
r.backward()
log
""",
    "a leaf's gradient is there when a later node fails": """
a = torch.tensor(2., requires_grad=True)
b = torch.tensor(3., requires_grad=True)
y = a.exp()
z = y * y + b
seen = []
_ = b.register_hook(lambda g: seen.append(g.item()))
with torch.no_grad(): y.zero_()
z.backward()
seen, b.grad, a.grad
""",
    "hooks of several results": X
    + """
got = []
a, b = x.unbind()
_ = a.register_hook(lambda g: got.append(g))
b.sum().backward()
got
""",
    "what a retained gradient sees": Z
    + """
z.retain_grad()
_ = z.register_hook(lambda g: g * 2)
z.mul_(3)
z.sum().backward()
z.grad
""",
    "nan in anomaly mode": """
import warnings
x = torch.tensor(0., requires_grad=True)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    with torch.autograd.detect_anomaly(check_nan=True):
        y = (x * 0).sqrt() * 0
        "traceback_" in y.grad_fn.metadata
        y.backward()
""",
    "saved tensors in the care of hooks": X
    + """
with torch.autograd.graph.saved_tensors_hooks(lambda t: t * 2, lambda t: t / 2):
    y = x * x
    s = y.exp()
y.grad_fn._saved_self, s.grad_fn._saved_result
s.sum().backward()
x.grad
""",
    "what is saved notices a writing after create_graph": Z
    + """
y = (z * z).sum()
dz, = torch.autograd.grad(y, z, create_graph=True)
with torch.no_grad(): z.add_(1)
dz.sum().backward()
""",
    "numbers that are leaves": """
w = torch.tensor(3., requires_grad=True)
with torch.no_grad():
    v = w.view(1)
    v -= 1
w
del v
(w * w).backward()
w.grad
w.requires_grad_(False)
w.grad
w.requires_grad_(True)
(w * w).backward()
w.grad
""",
    "a leaf that nobody holds": """
y = torch.ones(2, requires_grad=True) * 3
leaf = y.grad_fn.next_functions[0][0]
y.sum().backward()
leaf.variable, leaf.variable.grad
""",
}
