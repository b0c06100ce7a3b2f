"""torch.autograd beyond backward: functions of one's own, modes, edges, hooks, Jacobians.

Messages are compared here too, by their first clauses.
"""

X = "x = torch.tensor([1., 2.], requires_grad=True)\n"
D = "d = torch.tensor([0.5, 1.5], dtype=torch.float64, requires_grad=True)\n"
FUNCTION = """
def function(forward, backward, **more):
    told = {"forward": staticmethod(forward), "backward": staticmethod(backward)} | more
    return type("Mine", (torch.autograd.Function,), told)
"""
CUBE = """
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        ctx.power = 3
        return x ** 3
    @staticmethod
    def backward(ctx, g):
        x, = ctx.saved_tensors
        return ctx.power * x * x * g
"""

CUSTOM = {
    "a function differentiates twice": X
    + CUBE
    + """
y = Cube.apply(x)
y.grad_fn.power, y.grad_fn.saved_tensors, y.grad_fn.needs_input_grad
dy, = torch.autograd.grad(y.sum(), x, create_graph=True)
d2y, = torch.autograd.grad(dy.sum(), x)
""",
    "a function's saved tensors are freed": X
    + CUBE
    + """
y = Cube.apply(x).sum()
y.backward()
y.grad_fn.next_functions[0][0].saved_tensors
y.backward()
""",
    "a saved input written over": X
    + CUBE
    + """
z = x * 1
y = Cube.apply(z)
with torch.no_grad(): z.zero_()
y.sum().backward()
""",
    "setup_context": X
    + FUNCTION
    + """
def keep(ctx, inputs, output):
    ctx.save_for_backward(output)
    ctx.told = inputs[1]
def backward(ctx, g): return g * ctx.saved_tensors[0], None
F = function(lambda x, n=2: x ** n, backward, setup_context=staticmethod(keep))
y = F.apply(x)
y.grad_fn.told
y.sum().backward()
""",
    "vjp is another name of backward": X
    + """
def made(**methods):
    methods = {name: staticmethod(method) for name, method in methods.items()}
    return type("F", (torch.autograd.Function,), methods)
made(forward=lambda ctx, x: x * 2, vjp=lambda ctx, g: g * 2).apply(x).sum().backward()
x.grad
_same = {"vjp": lambda ctx, g: g, "backward": lambda ctx, g: g}
made(forward=lambda ctx, x: x * 2, **_same).apply(x).sum().backward()
made(forward=lambda ctx, x: x * 2).apply(x).sum().backward()
torch.autograd.Function.apply(x)
""",
    "missing gradients of results": X
    + FUNCTION
    + """
def two(ctx, x, materialize):
    ctx.set_materialize_grads(materialize)
    return x * 2, x * 3, "text", None
def back(ctx, *grads):
    print(grads)
    return grads[0] if grads[0] is not None else grads[1], None
F = function(two, back)
a, b, *rest = F.apply(x, True)
a.sum().backward(retain_graph=True)
(a + b).sum().backward()
a, b, *rest = F.apply(x, False)
b.sum().backward()
x.grad, a.output_nr, b.output_nr
""",
    "results without a gradient": X
    + FUNCTION
    + """
def forward(ctx, x):
    y, z = x * 2, x > 1
    ctx.mark_non_differentiable(y)
    return y, z, x * 3
F = function(forward, lambda ctx, g, h, k: k)
a, b, c = F.apply(x)
c.sum().backward()
""",
    "an argument returned as it is": X
    + FUNCTION
    + """
F = function(lambda ctx, x: x, lambda ctx, g: g * 10)
y = F.apply(x)
y is x, y.data_ptr() == x.data_ptr()
y.sum().backward()
with torch.no_grad(): a = F.apply(x)
a is x, a.requires_grad
b = torch.ones(2)
c = F.apply(b)
c is b, c.requires_grad
""",
    "a view of an argument": X
    + FUNCTION
    + """
F = function(lambda ctx, x: x.view(1, 2), lambda ctx, g: g.view(2) * 10)
z = x * 1
y = F.apply(z)
y.add_(1)
y.sum().backward()
G = function(lambda ctx, x: (x.view(1, 2), x[0]), lambda ctx, g, h: g.view(2) * 10)
z = x * 1
a, b = G.apply(z)
a.add_(1)
""",
    "writing over an argument": X
    + FUNCTION
    + """
def forward(ctx, x, n):
    ctx.mark_dirty(x.mul_(n))
    return x
F = function(forward, lambda ctx, g: (g * 10, None))
z = x * 1
v = z[:1]
y = F.apply(z, 3.)
y is z, z._version
y.sum().backward()
F.apply(x, 3.)
p = x * 1
q = F.apply(p[1:], 3.)
p.sum().backward()
""",
    "dirty and not returned": X
    + FUNCTION
    + """
F = function(lambda ctx, x: ctx.mark_dirty(x.mul_(2)) or x + 1, lambda ctx, g: g)
F.apply(x * 1)
def made(ctx, x):
    y = x * 2
    ctx.mark_dirty(y)
    return y
a = function(made, lambda ctx, g: g).apply(x)
def more(ctx, x):
    ctx.mark_dirty(x.mul_(2))
    return x, x + 1
H = function(more, lambda ctx, g, h: g)
H.apply((x * 1)[:1])
""",
    "a dirty tensor that needed no gradient": X
    + FUNCTION
    + """
def forward(ctx, a, b):
    ctx.mark_dirty(a.add_(b))
    return a
t = torch.zeros(2)
y = function(forward, lambda ctx, g: (g, g)).apply(t, x)
y is t
y.sum().backward()
""",
    "what backward returns": X
    + FUNCTION
    + """
def tried(backward, *more):
    function(lambda ctx, *args: args[0] * 2, backward).apply(x, *more).sum().backward()
tried(lambda ctx, g: (g, g))
tried(lambda ctx, g: ())
tried(lambda ctx, g: (g, None, None))
tried(lambda ctx, g: None)
tried(lambda ctx, g: 3.)
tried(lambda ctx, g: torch.ones(3))
tried(lambda ctx, g: torch.ones(2, dtype=torch.float64))
tried(lambda ctx, g: torch.ones(()))
tried(lambda ctx, g: (g, g), 5)
tried(lambda ctx, g: (g, None), 5)
x.grad
""",
    "errors in backward pass through": X
    + FUNCTION
    + """
def broken(ctx, g): raise KeyError("mine")
function(lambda ctx, x: x * 2, broken).apply(x).sum().backward()
x.grad
""",
    "what can be saved": X
    + FUNCTION
    + """
def forward(ctx, x):
    ctx.save_for_backward(x, None)
    return x * 2
y = function(forward, lambda ctx, g: print(ctx.saved_tensors) or g).apply(x)
y.sum().backward()
function(lambda ctx, x: ctx.save_for_backward(5) or x * 2, lambda ctx, g: g).apply(x)
""",
    "once differentiable": X
    + """
class F(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, g):
        print(torch.is_grad_enabled())
        return g * 2
dx, = torch.autograd.grad(F.apply(x).sum(), x)
dy, = torch.autograd.grad(F.apply(x).prod(), x, create_graph=True)
dy.sum().backward()
""",
    "modes inside a function": X
    + FUNCTION
    + """
def forward(ctx, x):
    print(torch.is_grad_enabled(), x.requires_grad)
    return x * 2
def backward(ctx, g):
    print(torch.is_grad_enabled(), g.requires_grad)
    return g * 2
F = function(forward, backward)
F.apply(x).sum().backward()
dx, = torch.autograd.grad(F.apply(x).prod(), x, create_graph=True)
""",
    "a backward inside a backward": X
    + FUNCTION
    + """
def backward(ctx, g):
    with torch.enable_grad():
        y = torch.full((2,), 3., requires_grad=True)
        (y * y).sum().backward()
    return g * y.grad
function(lambda ctx, x: x * 1, backward).apply(x).sum().backward()
x.grad
""",
}

MODES = {
    "modes on a generator": """
@torch.no_grad()
def numbers():
    sent = yield torch.is_grad_enabled()
    while sent is not None:
        sent = yield sent, torch.is_grad_enabled()
    return "end"
_g = numbers()
next(_g), torch.is_grad_enabled(), _g.send(5), torch.is_grad_enabled()
def through():
    return (yield from numbers())
_h = through()
next(_h)
_h.throw(KeyError("in")), torch.is_grad_enabled()
_g.close()
torch.is_grad_enabled()
""",
    "a generator that is closed": """
@torch.enable_grad()
def numbers():
    try:
        yield 1
    finally:
        print(torch.is_grad_enabled())
with torch.no_grad():
    _g = numbers()
    next(_g)
    _g.close()
    print(torch.is_grad_enabled())
""",
    "modes on functions and classes": """
@torch.no_grad
def f(): return torch.is_grad_enabled()
@torch.no_grad()
def g(n=1):
    return f() if n == 0 else (g(n - 1), torch.is_grad_enabled())
f(), g(), g.__name__
@torch.set_grad_enabled(False)
def h(): return torch.is_grad_enabled()
h(), torch.is_grad_enabled()
@torch.no_grad()
class A:
    def __init__(self): self.inside = torch.is_grad_enabled()
A().inside
with torch.set_grad_enabled(False) as n: n, torch.is_grad_enabled()
torch.is_grad_enabled()
torch.set_grad_enabled(False)
torch.is_grad_enabled()
torch.set_grad_enabled(True)
torch.set_grad_enabled("no")
torch.set_grad_enabled(1)
""",
    "inference mode": X
    + """
with torch.inference_mode():
    a = x * 2
    b = torch.ones(2)
    b.add_(1)
    inside = torch.is_inference_mode_enabled(), torch.is_grad_enabled()
    with torch.inference_mode(False):
        within = torch.is_inference_mode_enabled(), torch.is_grad_enabled()
        c = x * 2
a.is_inference(), b.is_inference(), c.is_inference(), x.is_inference(), torch.is_inference(a)
a.requires_grad, a.is_leaf, torch.is_inference_mode_enabled()
b * 2, (b * 2).is_inference(), b.view(2, 1).is_inference(), b.clone().is_inference()
b.clone().add_(1)
b.requires_grad_()
b._version
x * b
(x + b).sum().backward()
x.grad
""",
    "inference mode as a decorator": X
    + """
@torch.inference_mode
def f(x): return x * 2
@torch.inference_mode()
def g(x): return x * 2
@torch.inference_mode(mode=False)
def h(x): return x * 2
f(x).is_inference(), g(x).is_inference(), h(x).is_inference(), h(x).requires_grad
""",
    "anomaly mode": """
x = torch.tensor([0., 1.], requires_grad=True)
torch.is_anomaly_enabled()
with torch.autograd.set_detect_anomaly(True):
    torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled()
    y = (x * 2).sqrt() * 0
    "sqrt" in "".join(y.grad_fn.metadata["traceback_"])
torch.is_anomaly_enabled()
with torch.autograd.set_detect_anomaly(True, check_nan=False): y.sum().backward(retain_graph=True)
x.grad
""",
}

EDGES = {
    "edges in place of tensors": X
    + """
from_torch = torch.autograd.graph
y = x * 2
edge = from_torch.get_gradient_edge(y)
edge.output_nr, edge.node is y.grad_fn
z = (y * y).sum()
torch.autograd.grad(z, edge, retain_graph=True)
torch.autograd.grad(z, [x, edge], retain_graph=True)
torch.autograd.grad(edge, x, torch.ones(2), retain_graph=True)
torch.autograd.grad(edge, x, retain_graph=True)
torch.autograd.grad(z, edge, allow_unused=True, materialize_grads=True, retain_graph=True)
z.backward(inputs=[from_torch.get_gradient_edge(x)])
x.grad
from_torch.get_gradient_edge(torch.ones(1))
""",
    "the edge of one of several results": X
    + """
a, b = x.unbind()
edge = torch.autograd.graph.get_gradient_edge(b)
edge.output_nr
y = a * b
torch.autograd.grad(y, edge, retain_graph=True)
torch.autograd.grad(y, torch.autograd.graph.GradientEdge(a.grad_fn, 1))
""",
    "an edge keeps the history of before": X
    + """
y = x * 1
old = torch.autograd.graph.get_gradient_edge(y)
y *= 3
da, db = torch.autograd.grad(y.sum(), [old, y])
""",
    "materialized gradients": X
    + """
w = torch.ones(3, requires_grad=True)
torch.autograd.grad(x.sum(), [x, w], materialize_grads=True)
torch.autograd.grad(x.sum(), [x, w], materialize_grads=True, create_graph=True)
torch.autograd.grad(x.sum(), [x, w], allow_unused=True)
torch.autograd.grad(x.sum(), [x, w])
torch.autograd.grad(x.sum(), [x, w], allow_unused=False, materialize_grads=True)
""",
    "inputs that are not leaves": X
    + """
y = x * 2
z = (y * y).sum()
z.backward(inputs=[y])
y.grad, x.grad, y.retains_grad
torch.autograd.backward(y.sum(), inputs=(p for p in [x]))
x.grad
y.sum().backward(inputs=[])
torch.autograd.grad(y.sum(), [])
y.sum().backward(inputs=torch.ones(1))
torch.autograd.grad(y.sum(), torch.ones(1))
""",
    "increment_version": X
    + """
y = x.exp()
torch.autograd.graph.increment_version(y)
y._version
torch.autograd.graph.increment_version([y, x])
y._version, x._version
y.sum().backward()
""",
    "Variable": X
    + """
V = torch.autograd.Variable
v = V(x)
w = V(torch.zeros(2), requires_grad=True)
isinstance(x, V), isinstance(3., V), v is x, v.data_ptr() == x.data_ptr()
V([1., 2.])
V(5)
""",
}

HOOKS = {
    "a hook for several gradients": """
a, b, c = (torch.tensor(v, requires_grad=True) for v in (2., 3., 4.))
seen = []
_handle = torch.autograd.graph.register_multi_grad_hook([a, b, c], lambda gs: seen.append(list(gs)))
_first = torch.autograd.graph.register_multi_grad_hook((a, b), seen.append, mode="any")
(a * b).backward()
(a * b * c).backward()
(a * b).backward(inputs=[b])
_handle.remove()
(a * b).backward()
_first.remove()
(a * b).backward()
seen
torch.autograd.graph.register_multi_grad_hook([a], print, mode="some")
""",
    "packing hooks": X
    + """
packed = []
def pack(t):
    packed.append(t.detach().clone())
    return t.tolist()
def unpack(numbers):
    return torch.tensor(numbers) * 10
with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
    y = (x * x).exp()
    with torch.autograd.graph.saved_tensors_hooks(lambda t: t, lambda t: t):
        z = x.sin()
packed
z.sum().backward()
x.grad
torch.autograd.grad(x.exp().sum(), x)
""",
    "packing hooks that go wrong": X
    + """
hooks = torch.autograd.graph.saved_tensors_hooks
def wrong(t): raise KeyError("pack")
with hooks(wrong, lambda t: t): x.exp()
with hooks(lambda t: t, lambda t: 5): y = x.exp()
y.sum().backward()
with hooks(lambda t: t.add_(1), lambda t: t): x.exp()
with torch.autograd.graph.disable_saved_tensors_hooks("not here"):
    with hooks(lambda t: t, lambda t: t): pass
with torch.autograd.graph.save_on_cpu(): z = x.exp()
z.sum().backward()
""",
}

FUNCTIONAL = {
    name: D + "from_torch = torch.autograd.functional\n" + program
    for name, program in {
        "jacobian": """
from_torch.jacobian(lambda x: x ** 3, d)
from_torch.jacobian(lambda x: x.sum(), d)
from_torch.jacobian(lambda x, y: (x * y, y.sum()), (d, d * 2))
from_torch.jacobian(lambda x: (x.exp(),), (d,))
from_torch.jacobian(lambda x: torch.ones(2) * 2, d)
from_torch.jacobian(lambda x: x ** 3, d, vectorize=True)
dj = from_torch.jacobian(lambda x: x ** 3, d, create_graph=True)
dj.requires_grad
dj.sum().backward()
d.grad
""",
        "hessian": """
from_torch.hessian(lambda x: (x ** 3).prod(), d)
from_torch.hessian(lambda x, y: (x * y).sum(), (d, d * 2))
from_torch.hessian(lambda x: x.sum(), d)
dh = from_torch.hessian(lambda x: (x ** 4).sum(), d, create_graph=True)
dh.sum().backward()
d.grad
""",
        "products with a vector": """
v = torch.tensor([1., 2.], dtype=torch.float64)
from_torch.vjp(lambda x: x ** 3, d, v)
from_torch.jvp(lambda x: x ** 3, d, v)
from_torch.vhp(lambda x: (x ** 3).prod(), d, v)
from_torch.hvp(lambda x: (x ** 3).prod(), d, v)
from_torch.vjp(lambda x: x.sum(), d)
from_torch.jvp(lambda x: x * 2, d[:1])
from_torch.vjp(lambda x, y: (x * y, x), (d, v), (v, v))
from_torch.jvp(lambda x, y: (x * y, x), (d, v), (v, v))
out, dp = from_torch.jvp(lambda x: x ** 3, d, v, create_graph=True)
dp.sum().backward()
d.grad
""",
        "no graph is left": """
y, g = from_torch.vjp(lambda x: (x * d).sum(), d)
y.requires_grad, g.requires_grad
with torch.no_grad(): z = from_torch.jacobian(lambda x: x * x, d)
z, d.grad
""",
        "what is refused": """
v = torch.ones(2, dtype=torch.float64)
from_torch.jacobian(lambda x: x, [d])
from_torch.jacobian(lambda x: x, (d, 5))
from_torch.jacobian(lambda x: "text", d)
from_torch.jacobian(lambda x: (x, 3), d)
from_torch.vjp(lambda x: x, d)
from_torch.jvp(lambda x: x, d)
from_torch.vhp(lambda x: x.sum(), d)
from_torch.vjp(lambda x: x, d, v[:1])
from_torch.vjp(lambda x: (x, x), d, (v, v[:1]))
from_torch.vjp(lambda x: (x, x), d, v)
from_torch.vjp(lambda x: x, d, (v, v))
from_torch.vhp(lambda x: x, d, v)
from_torch.hvp(lambda x: (x.sum(), x.sum()), d, v)
from_torch.hessian(lambda x: x, d)
from_torch.hessian(lambda x: (x.sum(),), d)
from_torch.jacobian(lambda x: x, d, strategy="sideways")
""",
        "strict": """
v = torch.ones(2, dtype=torch.float64)
from_torch.jacobian(lambda x: x.detach(), d, strict=True)
from_torch.jacobian(lambda x, y: x, (d, v), strict=True)
from_torch.jacobian(lambda x: x * 2, d, strict=True, create_graph=True)
from_torch.vjp(lambda x, y: x, (d, v), v, strict=True)
from_torch.vjp(lambda x: x * 2, d, v, strict=True, create_graph=True)
from_torch.jvp(lambda x, y: x, (d, v), (v, v), strict=True)
from_torch.jvp(lambda x: x * 2, d, v, strict=True, create_graph=True)
from_torch.vhp(lambda x: x.sum(), d, v, strict=True)
from_torch.hvp(lambda x: x.detach().sum(), d, v, strict=True)
from_torch.hessian(lambda x: x.sum(), d, strict=True)
from_torch.jacobian(lambda x: x, d, strict=True, vectorize=True)
from_torch.jacobian(lambda x: x * x, d, strict=True)
""",
    }.items()
}

GRADCHECK = {
    "gradcheck": D
    + FUNCTION
    + """
check = torch.autograd.gradcheck
check(torch.exp, d), torch.autograd.gradgradcheck(torch.exp, (d,))
check(lambda x: (x, x * 2), (d,)), check(lambda x: (), (d,))
wrong = function(lambda ctx, x: x * 2, lambda ctx, g: g * 3)
check(wrong.apply, d, raise_exception=False)
check(wrong.apply, d, raise_exception=False, fast_mode=True)
rough = function(lambda ctx, x: x * 2, lambda ctx, g: g * (2 + torch.rand(2) * 1e-9))
check(rough.apply, d)
check(rough.apply, d, nondet_tol=1e-6)
shifted = function(lambda ctx, x: x * 2, lambda ctx, g: g * 2 + 1e-9)
check(shifted.apply, d)
check(lambda x: x.detach() * 2, d)
check(torch.exp, torch.ones(2))
check(torch.exp, d[:1].expand(2))
check(lambda x: x.float() if (x > d).any() else x, d)
check(lambda x: x[x >= d.detach()], d)
a = check(torch.exp, torch.ones(1, requires_grad=True), atol=0.1)
""",
}

PROGRAMS = CUSTOM | MODES | EDGES | HOOKS | FUNCTIONAL | GRADCHECK
