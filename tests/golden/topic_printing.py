"""How tensors are written: some three hundred of them, and what changes the writing."""

from itertools import product

RANDOM = "np.random.RandomState({seed}).standard_normal({shape})"

SHAPES = [
    *[(), (1,), (2,), (7,), (14,), (40,), (1, 1), (3, 1), (2, 3), (4, 12), (3, 40)],
    *[(2, 2, 2), (1, 3, 1), (2, 2, 15), (2, 1, 2, 3)],
]

FLOATS = {
    "ordinary": "{normal}",
    "whole": "np.round({normal} * 50)",
    "large": "{normal} * 3e7",
    "tiny": "{normal} * 1e-5",
    "wide": "{normal} * 10.0 ** np.round({normal} * 3)",
    "rounded": "np.round({normal} * 4) / 4",
    "with inf": "np.where(abs({normal}) > 1, np.inf, {normal})",
    "with nan and zeros": "np.where({normal} > .5, np.nan, np.where({normal} < 0, -0.0, {normal}))",
}

INTEGERS = {
    "small": "np.round({normal} * 3)",
    "large": "np.round({normal} * 4e7)",
    "sign": "abs(np.round({normal} * 30)) % 100",
}

SPECIAL = [
    "1e-4, 1.0",
    "1.01e-4, 1.0",
    "1e8",
    "1.1e8",
    "1.0, 1000.0",
    "1.0, 1000.1",
    "999999.0, 1.5",
    "0.0, -0.0",
    "float('inf'), float('-inf'), float('nan')",
    "float('nan'), 1.0, 2.0",
    "float('inf'), 0.5, 1e-9",
    "-1.0, 1.0, 10.0",
    "0.1, 0.25, 0.125",
    "0.00005, 0.0",
    "123456.789",
    "3.14159265",
    "1.99999, 2.0",
    "16777216.0, 16777217.0",
    "5e-324",
    "65504.0",
]

LARGE = [
    *[f"torch.arange({n})" for n in (999, 1000, 1001, 5000)],
    *[f"torch.arange({n}.) / 7" for n in (1000, 1001)],
    "torch.zeros(40, 30)",
    "torch.arange(2000).reshape(40, 50)",
    "torch.arange(2000.).reshape(5, 400) / 3",
    "torch.arange(2000.).reshape(400, 5)",
    "torch.arange(3600).reshape(10, 12, 30)",
    "torch.arange(1400.).reshape(7, 4, 2, 25) * 0.37",
    "torch.ones(6, 6, 6, 6)",
    "torch.ones(1001, 1)",
    "torch.ones(1, 1001) > 0",
    "torch.arange(1001, dtype=torch.float64) * 1e-3",
    "torch.arange(1001) % 2 == 0",
]

EMPTY = [
    f"torch.zeros({shape}, dtype=torch.{dtype})"
    for shape, dtype in product(["0", "2, 0", "0, 3", "1, 0, 2"], ["float32", "int64", "bool"])
]

TRACKED = [
    "torch.tensor([1., 2.], requires_grad=True)",
    "torch.tensor([1., 2.], requires_grad=True) * 2",
    "torch.tensor(1.5, requires_grad=True).exp()",
    "torch.tensor([[1.], [2.]], requires_grad=True, dtype=torch.float64) - 1",
    "torch.zeros(0, requires_grad=True)",
    "torch.zeros(0, 2, requires_grad=True).sum(0)",
    "torch.zeros(6, 5, 7, requires_grad=True) + 0.125",
    "torch.ones(2000, requires_grad=True).abs()",
    "torch.nn.functional.mse_loss(torch.ones(2, requires_grad=True), torch.zeros(2))",
    "torch.nn.functional.binary_cross_entropy(torch.full((2,), .5, requires_grad=True),"
    " torch.zeros(2), reduction='none')",
    "torch.nn.functional.log_softmax(torch.zeros(9, requires_grad=True), 0)",
    *[f"torch.arange({n}., requires_grad=True) * 1.5" for n in range(6, 13)],
    *[f"torch.arange({n}., requires_grad=True).unsqueeze(0).T" for n in (1, 3)],
    *[f"torch.arange({n}., dtype=torch.float64, requires_grad=True)" for n in range(8, 13)],
]

OTHER_TEXT = """
t = torch.tensor([[1.5, 2.], [3., 4.]], requires_grad=True)
s = torch.tensor(3.14159265)
str(t) == repr(t)
f"{s:.2f} {s} {torch.tensor(7):03d} {torch.tensor(2.5, requires_grad=True):.1f}"
f"{t}"
f"{t:.2f}"
format(s, "8.3f")
print(t, s, sep="|")
[s, t]
(s,)
{"w": s}
t.shape, t.dtype, t.device, s.size(), t.size(0)
str(t.dtype), repr(torch.float32), repr(torch.device("cpu")), str(torch.device("cpu"))
t.data
t.T
t[0], t[0, 1]
s.item(), s.tolist(), t.tolist()
(t * 2).grad_fn
t.exp().sum().grad_fn.next_functions
"""

OPTIONS = [
    "precision=2",
    "precision=0",
    "precision=8",
    "threshold=5",
    "threshold=5, edgeitems=1",
    "linewidth=40",
    "profile='short'",
    "profile='full'",
    "sci_mode=True",
    "sci_mode=False",
]

OPTIONS_SHOW = """
torch.tensor([1.5, 1234.56789, 1e-6])
torch.tensor([1., 20., 300.])
torch.arange(30)
torch.arange(48.).reshape(4, 12) / 7
torch.set_printoptions(profile='default')
torch.tensor([1.5, 1234.56789])
"""

DEFAULT_DTYPE = """
torch.set_default_dtype(torch.float64)
torch.tensor([1.5, 2.]), torch.tensor([1.5], dtype=torch.float32), torch.zeros(0), torch.ones(2)
torch.get_default_dtype()
torch.set_default_dtype(torch.float32)
torch.tensor([1.5])
"""


def _values() -> dict[str, str]:
    """A tensor of every dtype in turn for each shape and kind of value."""
    made = {}
    for seed, (shape, kind) in enumerate(product(SHAPES, FLOATS)):
        dtype = ("float32", "float64", "float32", "float16")[seed % 4]
        made[f"{dtype} {shape} {kind}"] = _one(FLOATS[kind], seed, shape, dtype)
    for seed, (shape, kind) in enumerate(product(SHAPES, INTEGERS)):
        dtype = ("int64", "int64", "int32", "uint8", "int16", "int8", "bool")[seed % 7]
        fitting = "sign" if dtype in ("uint8", "int16", "int8") else kind
        made[f"{dtype} {shape} {kind}"] = _one(INTEGERS[fitting], seed, shape, dtype)
    return made


def _one(values: str, seed: int, shape: tuple[int, ...], dtype: str) -> str:
    made = values.format(normal=RANDOM.format(seed=seed, shape=shape))
    return f"torch.tensor({made}, dtype=torch.{dtype})"


PROGRAMS = {
    **_values(),
    **{f"special: {values}": f"torch.tensor([{values}])" for values in SPECIAL},
    **{f"special, float64: {v}": f"torch.tensor([{v}], dtype=torch.float64)" for v in SPECIAL[:8]},
    **{program: program for program in LARGE + EMPTY + TRACKED},
    "text of other things": OTHER_TEXT,
    **{f"options: {o}": f"torch.set_printoptions({o})" + OPTIONS_SHOW for o in OPTIONS},
    "the default dtype": DEFAULT_DTYPE,
}
