"""Elements picked and written by index: tensors of indices, masks, and indices drawn at random.

Each program makes `y` from some of four leaves, then differentiates it twice, as in topic_parts.
"""

from random import Random

from topic_parts import DIFFERENTIATE, LEAVES

PICKED = """
x.gather(0, torch.tensor([[0, 1, 1], [1, 0, 1]]))
x.gather(1, torch.tensor([[2], [0]]))
x.gather(-1, torch.tensor([[1, 1, 1]]))
w.gather(0, torch.tensor(1))
s.gather(0, torch.tensor([0, 0]))
torch.gather(x * x, dim=0, index=torch.tensor([[1, 1, 1]], dtype=torch.int32))
x.index_select(0, torch.tensor([1, 1, 0]))
c.index_select(-1, torch.tensor([3]))
x.index_select(1, torch.tensor(1))
s.index_select(0, torch.tensor([0]))
x.index_select(1, torch.zeros(0, dtype=torch.int64))
x.masked_select(x > 0)
w.masked_select(x > 0)
x.masked_select(w > 0)
s.masked_select(torch.tensor([True, False, True]))
x.masked_select(x > 9)
x.masked_fill(x > 0, 1.)
x.masked_fill(w > 0, s)
w.masked_fill(x > 0, s)
s.masked_fill(torch.tensor(True), 2)
x.scatter(0, torch.tensor([[0, 1, 1], [1, 0, 1]]), x * 2)
x.scatter(1, torch.tensor([[2], [0]]), 3.)
x.scatter(1, torch.tensor([[2], [0]]), value=3)
w.scatter(0, torch.tensor(1), s * 3)
s.scatter(0, torch.tensor(0), s * 2)
x.scatter_add(0, torch.tensor([[0, 1, 1], [0, 0, 1]]), x * 2)
x.scatter_add(1, torch.tensor([[1, 1], [0, 2]]), x[:, :2])
x.index_put((torch.tensor([0, 0]),), s)
x.index_put((torch.tensor([0, 0]),), x * 2, accumulate=True)
x.index_put((torch.tensor([[0], [1]]), torch.tensor([0, 2])), w[:2])
x.index_put([x > 0], s, accumulate=True)
"""

WRITTEN = """
masked_fill_(y > 0, s)
masked_fill_(y > 0, 1.)
scatter_(0, torch.tensor([[1, 0, 1]]), x[:1])
scatter_(1, torch.tensor([[1], [0]]), 5.)
scatter_add_(1, torch.tensor([[1, 1], [0, 2]]), x[:, :2])
index_put_((torch.tensor([0, 0]),), w, accumulate=True)
index_put_((y > 0,), s)
"""

PLAIN = {
    "where there is something": """
_x = torch.tensor([[0., 1.5, 0.], [2., 0., float("nan")]])
_x.nonzero(), _x.nonzero(as_tuple=True), torch.nonzero(_x > 1)
torch.tensor(3).nonzero(), torch.tensor(0).nonzero(), torch.tensor(3).nonzero(as_tuple=True)
torch.zeros(0, 3).nonzero(), torch.zeros(2, 0).nonzero(as_tuple=True), torch.where(_x > 1)
""",
    "integers and bools": """
_n, _b = torch.arange(6).reshape(2, 3), torch.tensor([[True, False, True], [False, True, True]])
_i = torch.tensor([[0, 1, 1]])
_n.scatter(0, _i, 2.7), _n.scatter_add(0, _i, _n), _b.scatter_add(0, _i, _b), _n.gather(0, _i)
_n.masked_fill(_b, 1.5), _n.masked_fill(_b, torch.tensor(2.5)), _b.masked_fill(_b, 0)
_n.index_put((_b,), torch.tensor(7)), _n.masked_select(_b)
_n.to(torch.uint8).masked_fill(_b, -1), _b.index_put((torch.tensor([0]),), torch.tensor(False))
""",
    "bytes are masks, with a warning": """
_x = torch.arange(4.)
_x[torch.tensor([1, 0, 1, 0], dtype=torch.uint8)]
""",
}

MISUSE = """
x.gather(0, torch.tensor([[5]]))
x.gather(0, torch.tensor([[-1]]))
x.gather(2, torch.tensor([[0]]))
x.gather(0, torch.tensor([0, 1]))
x.gather(0, torch.tensor([[0.]]))
x.gather(0, torch.tensor([[0, 1, 0, 1]]))
x.gather(0, [[0]])
x.scatter(0, torch.tensor([[7]]), 1.)
x.scatter(0, torch.tensor([[0, 1]]), x.double())
x.scatter(0, torch.tensor([[0, 1]]), torch.ones(1, 1))
x.scatter(0, torch.tensor([[0, 1]]))
x.scatter_add(0, torch.tensor([[0, 1]]), 1.)
x.index_select(0, torch.tensor([2]))
x.index_select(0, torch.tensor([-1]))
x.index_select(1, torch.tensor([[0]]))
s.index_select(0, torch.tensor([0, 0]))
x.index_put((torch.tensor([5]),), s)
x.index_put(torch.tensor([0]), s)
x.index_put((torch.tensor([0]),), torch.ones(2, 2))
x.index_put((torch.tensor([0]),), s.double())
x.masked_fill(x > 0, w)
x.masked_fill(x, 1.)
x.masked_fill(torch.ones(4) > 0, 1.)
x.masked_fill(x > 0, "a")
x.masked_select(x)
x.masked_fill_(x > 0, 1.)
w.clone().masked_fill_(x > 0, 1.)
(x > 0).int().masked_fill(x > 0, float("inf"))
"""

SHAPES = {"x": (2, 3), "c": (2, 3, 4), "w": (3,), "s": ()}
VALUES = [
    "5.",
    "s",
    "w",
    "w[:1]",
    "x",
    "x[:1]",
    "w[0]",
    "torch.tensor(1.)",
    "s*2",
    "x[:,:1]",
    "True",
    "3",
]
SLICES = [":", "1:", ":1", "-1:", "::2", "5:", "0:0", "1:0:1", "-5:5"]
RARE = [
    "[]",
    "np.array([0])",
    "np.int64(0)",
    "range(1)",
    "torch.zeros(0,dtype=torch.int64)",
    "True",
    "False",
]


def _item(draw: Random, n: int) -> str:
    """An index into a dimension of `n` elements, or None or an ellipsis; mostly right."""
    places = [draw.randrange(-n, n) for _ in range(draw.choice([1, 2, 2, 3]))]
    mask = [draw.random() < 0.5 for _ in range(n)]
    options = [str(places[0] if draw.random() < 0.95 else n), draw.choice(SLICES), "None", "..."]
    options += [str(places), f"torch.tensor({places})", f"torch.tensor({[[i] for i in places]})"]
    options += [f"torch.tensor({mask})", f"torch.tensor({places[0]})", draw.choice(RARE)]
    return draw.choice(options)


def _index(draw: Random, shape: tuple[int, ...]) -> str:
    items, dim = [], 0
    for _ in range(draw.choice([1, 2, 2, 3])):
        items.append(_item(draw, shape[dim] if dim < len(shape) else 1))
        dim += items[-1] not in ("None", "True", "False")
    return ", ".join(items)


def _drawn(count: int) -> list[str]:
    """Statements that take or write a part at a random index."""
    draw, statements = Random(5), []
    for _ in range(count):
        name = draw.choice("xxcccws")
        index, value = _index(draw, SHAPES[name]), draw.choice(VALUES)
        written = draw.choice(["", f" = {value}", f" = {value}", f" += {value}"])
        made = f"y = {name}[{index}]"
        statements.append(f"y = {name}.clone()\ny[{index}]{written}" if written else made)
    return statements


def _programs() -> dict[str, str]:
    made = {f"y = {line}": f"y = {line}" for line in PICKED.strip().splitlines()}
    made |= {f"y.{line}": f"y = x.clone()\ny.{line}" for line in WRITTEN.strip().splitlines()}
    made |= {statement: statement for statement in _drawn(300)}
    programs = {name: f"{LEAVES}{text}\n{DIFFERENTIATE}" for name, text in made.items()}
    misuse = {line: f"{LEAVES}{line}" for line in MISUSE.strip().splitlines()}
    return programs | misuse | PLAIN


PROGRAMS = _programs()
