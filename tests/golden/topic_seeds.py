"""The texts that this project starts from: each line of their code, in order, as one session."""

DATA = """
np.random.seed(42)
_x = np.random.rand(100, 1)
_y = 1 + 2 * _x + 0.1 * np.random.randn(100, 1)
_order = np.arange(100)
np.random.shuffle(_order)
device = 'cuda' if torch.cuda.is_available() else 'cpu'
x_train_tensor = torch.from_numpy(_x[_order[:80]]).float().to(device)
y_train_tensor = torch.from_numpy(_y[_order[:80]]).float().to(device)
x_train_tensor.shape, x_train_tensor.dtype
x_train_tensor[:5], y_train_tensor[:5]
"""

PARAMETERS = """
torch.manual_seed(42)
b = torch.randn(1, requires_grad=True, dtype=torch.float, device=device)
w = torch.randn(1, requires_grad=True, dtype=torch.float, device=device)
print(b, w)
"""

FORWARD = """
yhat = b + w * x_train_tensor
error = (y_train_tensor - yhat)
loss = (error ** 2).mean()
"""

LOOP = """
lr = 0.1
for epoch in range(200):
    yhat = b + w * x_train_tensor
    error = (y_train_tensor - yhat)
    loss = (error ** 2).mean()
    loss.backward()
    with torch.no_grad():
        b -= lr * b.grad
        w -= lr * w.grad
    if epoch in (0, 1, 9, 99):
        print(epoch, loss, b, w, b.grad, w.grad)
    b.grad.zero_(), w.grad.zero_()
print(b, w)
print(loss)
fitted = b.item(), w.item(), loss.item()
"""

PROGRAMS = {
    "article: gradients of the linear regression": DATA
    + PARAMETERS
    + FORWARD
    + """
yhat[:3]
error[:3]
loss
loss.backward()
b.grad, w.grad
b.grad.zero_(), w.grad.zero_()
b.grad, w.grad
""",
    "article: an update that leaves the graph, and one in place": DATA
    + PARAMETERS
    + FORWARD
    + """
loss.backward()
lr = 0.1
b -= lr * b.grad
w = w - lr * w.grad
print(b, w)
w.grad
b
with torch.no_grad():
    b -= lr * b.grad
b
b.is_leaf, b.requires_grad
""",
    "article: 200 epochs": DATA + PARAMETERS + LOOP,
    "article: the graph of yhat": DATA + PARAMETERS + "yhat = b + w * x_train_tensor\n",
    "article: the graph without b": DATA
    + """
torch.manual_seed(42)
b_nograd = torch.randn(1, requires_grad=False, dtype=torch.float, device=device)
w = torch.randn(1, requires_grad=True, dtype=torch.float, device=device)
b_nograd
yhat = b_nograd + w * x_train_tensor
yhat[:2]
""",
    "article: the branching loss": DATA
    + PARAMETERS
    + FORWARD
    + """
if loss > 0:
    yhat2 = w * x_train_tensor
    error2 = y_train_tensor - yhat2
loss += error2.mean()
loss
loss.backward()
b.grad, w.grad
""",
    "tour: a cubed minus b squared": """
a = torch.tensor([5.], requires_grad = True)
b = torch.tensor([6.], requires_grad = True)
a
b
y = a**3 - b**2
print(y)
print(a.grad)
print(b.grad)
y.backward()
print(a.grad)
print(b.grad)
""",
    "tour: ten features": """
torch.manual_seed(42)
W = torch.randn(10, 1, requires_grad = True)
b = torch.randn(1, requires_grad = True)
W
b
x = torch.rand(1, 10)
x
output = torch.matmul(x, W) + b
output
loss = 1 - output
loss
loss.backward()
W.grad
b.grad
with torch.no_grad():
    W = W - 0.001 * W.grad.data
W
W.requires_grad, W.is_leaf, W.grad
""",
    "tour: attributes of tensors without a graph": """
a = torch.tensor(2.0)
b = torch.tensor(3.0)
a
b
a.data, a.grad, a.grad_fn, a.is_leaf, a.requires_grad
c = a * b
c
c.data, c.grad, c.grad_fn, c.is_leaf, c.requires_grad
a = torch.tensor(2.0, requires_grad = True)
a
a.data, a.grad, a.grad_fn, a.is_leaf, a.requires_grad
c = a * b
c
c.data, c.grad_fn, c.is_leaf, c.requires_grad
c.backward()
a.grad
b.grad
""",
    "tour: the product of three": """
a = torch.tensor(2.0, requires_grad = True)
b = torch.tensor(3.0, requires_grad = True)
c = a * b
d = torch.tensor(4.0, requires_grad = True)
e = c * d
e
e.backward()
d.grad
b.grad
a.grad
""",
    "course: a polynomial": """
x = torch.tensor(2.0, requires_grad=True)
y = 2*x**4 + x**3 + 3*x**2 + 5*x + 1
print(y)
y.backward()
print(x.grad)
y.backward()
""",
    "course: three layers": """
x = torch.tensor([[1.,2,3],[3,2,1]], requires_grad=True)
print(x)
y = 3*x + 2
print(y)
z = 2*y**2
print(z)
out = z.mean()
print(out)
out.backward()
print(x.grad)
""",
    "course: turning tracking off": """
x = torch.tensor([1., 2.])
x.requires_grad_(True)
x.requires_grad_(False)
x.requires_grad_()
with torch.no_grad():
    y = x * 2
    print(y, y.requires_grad, torch.is_grad_enabled())
z = x * 2
z.detach()
c = z.detach().clone()
c.requires_grad_(True)
z.requires_grad_(False)
torch.is_grad_enabled()
""",
    "course: autograd.backward and autograd.grad": """
x = torch.tensor([1., 2., 3.], requires_grad=True)
y = (x ** 3).sum()
torch.autograd.backward(y, retain_graph=True)
x.grad
torch.autograd.backward([y], [torch.tensor(2.)])
x.grad
y = (x ** 3).sum()
torch.autograd.grad(y, x, create_graph=True)
dy, = torch.autograd.grad((x ** 3).sum(), x, create_graph=True)
d2y, = torch.autograd.grad(dy.sum(), [x])
d2y
x.grad
""",
}
