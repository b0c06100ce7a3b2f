"""Random programs for hypothesis: leaves, then operations on whatever there is, then derivatives.

A program is text, so that a failing one can be read, run and kept. Most statements are right, some
are wrong (shapes that do not match, in-place operations on leaves): then both libraries refuse.

Kinks and poles (relu, maximum, comparisons, logarithms, denominators) are only fed with `exact`
values: sums and products of the leaves' short binary fractions, which every library computes
without rounding. Otherwise the last bit of an exponential could decide between two branches.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
from hypothesis import strategies as st

NUMBERS = [-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0]
SMOOTH_NUMBERS = [0.25, 0.5, 0.75, 1.0, 1.25, 1.5]
SHAPES = [(), (1,), (2,), (3,), (1, 3), (2, 1), (2, 3), (3, 2), (2, 2), (2, 1, 3), (2, 3, 2)]
RARE_SHAPES = [(0,), (2, 0), (1, 1, 1)]
DTYPES = ["float64"] * 6 + ["float32"] * 2 + ["int64", "bool"]


@dataclass
class Known:
    """What the writer knows of a variable; it may be wrong, then both libraries raise."""

    shape: tuple[int, ...]
    dtype: str
    exact: bool = True
    tracked: bool = False
    leaf: bool = False

    @property
    def is_float(self) -> bool:
        return self.dtype.startswith("float")


class Writer:
    """Writes a program line by line, drawing every decision from hypothesis."""

    def __init__(self, draw: Callable[[Any], Any], smooth: bool = False) -> None:
        self.draw = draw
        self.smooth = smooth
        self.lines: list[str] = []
        self.known: dict[str, Known] = {}
        self.numbers = count()

    def choose(self, options: list[Any]) -> Any:
        return self.draw(st.sampled_from(options))

    def chance(self, percent: int) -> bool:
        return self.draw(st.integers(0, 99)) >= 100 - percent

    def write(self, text: str, made: Known | None, name: str = "") -> None:
        """A statement that makes a new variable, sometimes under no_grad.

        A copy then: views made, or changed, under no_grad get other nodes in PyTorch than here.
        """
        name = name or f"t{next(self.numbers)}"
        line = f"{name} = {text}"
        if not self.smooth and self.chance(4):
            line = f"with torch.no_grad(): {name} = ({text}).clone()"
            if made:
                made.tracked = False
        self.lines.append(line)
        if made:
            self.known[name] = made

    def pick(self, wanted: Callable[[Known], bool] = lambda known: True) -> str | None:
        """A variable of that kind, mostly one of the latest, if there is any."""
        names = [name for name, known in self.known.items() if wanted(known)][::-1]
        return self.choose(names[:3] if self.chance(60) else names) if names else None

    def leaves(self) -> None:
        for name in "abc"[: self.draw(st.integers(1, 3))]:
            first = name == "a"  # always takes part in the gradient
            dtype = "float64" if self.smooth else self.choose(DTYPES[:8] if first else DTYPES)
            shape = self.choose(SHAPES if self.smooth or not self.chance(8) else RARE_SHAPES)
            tracked = dtype.startswith("float") and (first or self.smooth or self.chance(75))
            self.lines.append(f"{name} = {self.leaf_text(shape, dtype, tracked)}")
            self.known[name] = Known(shape, dtype, True, tracked, leaf=True)

    def leaf_text(self, shape: tuple[int, ...], dtype: str, tracked: bool) -> str:
        palette = SMOOTH_NUMBERS if self.smooth else NUMBERS
        size = int(np.prod(shape))
        drawn = self.draw(st.lists(st.sampled_from(palette), min_size=size, max_size=size))
        values = np.array(drawn).reshape(shape).astype(dtype).tolist()
        grad = ", requires_grad=True" if tracked else ""
        empty = f".reshape{shape}" if size == 0 else ""
        text = f"torch.tensor({values}, dtype=torch.{dtype}{grad if not empty else ''}){empty}"
        return text + (".requires_grad_()" if empty and tracked else "")

    def statement(self) -> None:
        """One more operation, of a kind that is possible now."""
        kinds = [self.unary, self.number, self.binary, self.reduction, self.shape, self.index]
        kinds += [self.binary, self.combine, self.product, self.loss]
        if not self.smooth:
            kinds += [self.kink, self.pole, self.compare, self.in_place, self.in_place]
            kinds += [self.set_item, self.leave_graph, self.mistake]
        self.choose(kinds)()

    def unary(self) -> None:
        x = self.pick(lambda k: k.is_float)
        if x:
            exact = ["-{}", "{}.clone()"]
            rough = ["torch.exp({})", "{}.sin()", "torch.cos({})", "{}.tanh()", "torch.sigmoid({})"]
            form = self.choose(rough + exact)
            self.write(form.format(x), self.like(x, exact=form in exact))

    def like(self, name: str, exact: bool = True, **changes: Any) -> Known:
        known = self.known[name]
        fields = {"shape": known.shape, "dtype": known.dtype, "tracked": known.tracked} | changes
        return Known(exact=known.exact and exact, **fields)

    def number(self) -> None:
        x = self.pick()
        if not x:
            return
        c = self.choose([2, 0.5, -1, 3.0, 1])
        forms = ["{x} + {c}", "{c} + {x}", "{x} - {c}", "{c} - {x}", "{x} * {c}", "{c} * {x}"]
        form = self.choose([*forms, "{x} / {c}", "{x} ** 2", "{x} ** 3", "2 ** {x}"])
        exact = form in forms or form == "{x} ** 2"
        known = self.known[x]
        dtype = known.dtype if known.is_float else "float32" if isinstance(c, float) else "int64"
        self.write(form.format(x=x, c=c), self.like(x, exact=exact, dtype=dtype))

    def binary(self) -> None:
        x, w = self.pick(), self.pick()
        if not x or not w:
            return
        forms = ["{x} + {w}", "{x} - {w}", "{x} * {w}", "torch.mul({x}, {w})"]
        exact = self.known[x].exact and self.known[w].exact
        if exact and not self.smooth:
            forms += ["torch.maximum({x}, {w})", "torch.minimum({x}, {w})", "{x} / {w}"]
            forms += ["torch.where({x} > {w}, {x}, {w})", "torch.where({x} == 1, {w}, 0.5)"]
        form = self.choose(forms)
        made = self.together(x, w, exact="/" not in form)
        if self.smooth and not made:
            return
        if form.startswith("torch.where") and made:
            made = made if "0.5" not in form else self.together(x, w)
        self.write(form.format(x=x, w=w), made)

    def together(self, x: str, w: str, exact: bool = True) -> Known | None:
        one, other = self.known[x], self.known[w]
        try:
            shape = np.broadcast_shapes(one.shape, other.shape)
        except ValueError:
            return None
        wider = max(one, other, key=lambda k: DTYPE_ORDER.index(k.dtype))
        tracked = one.tracked or other.tracked
        return Known(shape, wider.dtype, exact and one.exact and other.exact, tracked)

    def kink(self) -> None:
        x = self.pick(lambda k: k.exact and k.dtype != "bool")
        if x:
            forms = ["{}.relu()", "torch.abs({})", "{}.clamp(-1, 1)", "{}.clamp(min=0)"]
            forms += ["torch.clamp({}, max=1.5)", "torch.where({0} > 0.5, {0}, 2.0)"]
            self.write(self.choose(forms).format(x), self.like(x))

    def pole(self) -> None:
        x = self.pick(lambda k: k.exact and k.dtype != "bool")
        if x:
            forms = ["{}.log()", "torch.sqrt({})", "1 / {}", "{} ** -1", "{} ** 0.5"]
            self.write(self.choose(forms).format(x), self.like(x, exact=False))

    def compare(self) -> None:
        x, w = self.pick(lambda k: k.exact), self.pick(lambda k: k.exact)
        if x and w:
            text = f"{x} {self.choose(['>', '<', '>=', '==', '!='])} {self.choose([w, '1', '0.5'])}"
            made = self.together(x, w) if text.endswith(w) else self.like(x)
            if made:
                made.dtype, made.tracked = "bool", False
            self.write(text, made)

    def reduction(self) -> None:
        x = self.pick(lambda k: self.smooth <= k.is_float)
        if not x:
            return
        known = self.known[x]
        kinds = ["sum", "mean"] + ["max", "min"] * (known.exact and not self.smooth)
        kind = self.choose(kinds)
        exact = kind != "mean"
        dtype = known.dtype if known.is_float or kind in ("max", "min") else "int64"
        axis = self.choose([None, *range(-len(known.shape), len(known.shape))])
        if axis is None:
            self.write(f"{x}.{kind}()", self.like(x, exact=exact, shape=(), dtype=dtype))
            return
        keep = self.chance(40)
        shape = np.empty(known.shape).sum(axis, keepdims=keep).shape
        values = ".values" if kind in ("max", "min") else ""
        text = f"{x}.{kind}({axis}{', keepdim=True' if keep else ''}){values}"
        self.write(text, self.like(x, exact=exact, shape=shape, dtype=dtype))

    def shape(self) -> None:
        x = self.pick()
        if not x:
            return
        old = np.empty(self.known[x].shape)
        options: dict[str, np.ndarray] = {
            f"{x}.reshape(-1)": old.reshape(-1) if old.size else old,
            f"{x}.unsqueeze(0)": old[None],
            f"{x}.unsqueeze(-1)": old[..., None],
            f"{x}.squeeze()": old.squeeze(),
            f"{x}.expand(2, *{x}.shape)": np.broadcast_to(old, (2, *old.shape)),
            f"{x}.view({', '.join(map(str, old.shape)) or '1'})": old if old.ndim else old[None],
        }
        if old.ndim == 2:
            options |= {f"{x}.T": old.T, f"{x}.t()": old.T}
            options[f"{x}.reshape({old.shape[1]}, {old.shape[0]})"] = old.T
        if old.ndim >= 2:
            options[f"{x}.transpose(0, -1)"] = old.swapaxes(0, -1)
        text = self.choose(list(options))
        self.write(text, self.like(x, shape=options[text].shape))

    def index_text(self, shape: tuple[int, ...]) -> str:
        """An index that fits a tensor of this shape."""
        parts = []
        for n in shape[: self.draw(st.integers(1, max(1, len(shape))))]:
            options = [":", "0:1", "1:", "::2", "None, :"]
            options += [str(n - 1), "-1", "0", f"[0, {n - 1}, 0]"] if n else []
            parts.append(self.choose(options))
        return ", ".join(parts) or "..."

    def index(self) -> None:
        x = self.pick(lambda k: k.shape != ())
        if not x:
            return
        known = self.known[x]
        text = self.index_text(known.shape)
        if text.count("[") > 1:  # two lists: NumPy and PyTorch agree, but the shape is not obvious
            text = text.split(", ")[0] if not text.startswith("[") else "..."
        # PyTorch takes the numbers first and then the list, which NumPy does otherwise: by slices.
        slices = [re.sub(r"\[.*?]", part, text) for part in ("0:0", "0:1")]
        none, one = (
            eval(f"array[{each}]", {"array": np.empty(known.shape)}).shape for each in slices
        )
        shape = tuple([n if n == m else 3 for n, m in zip(none, one)])
        self.write(f"{x}[{text}]", self.like(x, shape=shape))

    def combine(self) -> None:
        x = self.pick()
        if not x:
            return
        shape, dtype = self.known[x].shape, self.known[x].dtype
        w = self.pick(lambda k: k.shape == shape and k.dtype == dtype)
        one, other = self.like(x), self.known[w]
        one.tracked, one.exact = one.tracked or other.tracked, one.exact and other.exact
        axis = self.choose([0, -1])
        pair = [np.empty(shape)] * 2
        if self.chance(50):
            one.shape = np.stack(pair, axis).shape
            self.write(f"torch.stack([{x}, {w}], {axis})", one)
        elif shape:
            one.shape = np.concatenate(pair, axis).shape
            self.write(f"torch.cat([{x}, {w}], {axis})", one)

    def product(self) -> None:
        x = self.pick(lambda k: k.is_float and len(k.shape) > 0)
        if not x:
            return
        one = self.known[x]

        def fits(k: Known) -> bool:
            return k.dtype == one.dtype and k.shape[-2:][:1] == one.shape[-1:]

        w = self.pick(fits)
        if w:
            other = self.known[w]
            try:
                shape = np.matmul(np.zeros(one.shape), np.zeros(other.shape)).shape
            except ValueError:
                return
            made = Known(shape, one.dtype, one.exact and other.exact, one.tracked or other.tracked)
            self.write(self.choose([f"{x} @ {w}", f"torch.matmul({x}, {w})"]), made)

    def loss(self) -> None:
        x = self.pick(lambda k: k.is_float and len(k.shape) > 0 and 0 not in k.shape)
        if not x:
            return
        shape = self.known[x].shape
        w = self.pick(lambda k: k.is_float and k.shape == shape)
        functional = "torch.nn.functional"
        target = f"torch.full_like({w}, 0.25)" if self.smooth else f"{w}.detach().sigmoid()"
        options = {
            f"torch.softmax({x}, -1)": shape,
            f"{functional}.log_softmax({x}, 0)": shape,
            f"{functional}.mse_loss({x}, {w})": (),
            f"{functional}.mse_loss({x}, {w}, reduction='none')": shape,
            f"{functional}.binary_cross_entropy({x}.sigmoid(), {target})": (),
        }
        if len(shape) == 2:
            target = f"torch.tensor({[i % shape[1] for i in range(shape[0])]})"
            options[f"{functional}.cross_entropy({x}, {target})"] = ()
        text = self.choose(list(options))
        self.write(text, self.like(x, exact=False, shape=options[text]))

    def in_place(self) -> None:
        x = self.pick(lambda k: not (k.leaf and k.tracked) or self.chance(15))
        w = self.pick()
        if not x or not w:
            return
        other = self.known[w]
        exact = [f"{x} += {w}", f"{x} -= {w}", f"{x} *= {w}", f"{x} *= 2", f"{x} += 1"]
        exact += [f"{x}.zero_()", f"{x}.fill_(0.5)", f"{x}.mul_({w})", f"{x}.add_(1, alpha=2)"]
        exact += [f"{x}.copy_({w})", f"{x}.neg_()"]
        rough = [f"{x} /= 2", f"{x}.exp_()", f"{x}.tanh_()", f"{x}.sigmoid_()", f"{x}.sin_()"]
        line = self.choose(exact + rough)
        rounded = line in rough or (w in line[len(x) :] and not other.exact)
        apart = not self.known[x].tracked and self.chance(15)
        self.lines.append(f"with torch.no_grad(): {line}" if apart else line)
        self.changed(x, rounded, tracked=w in line[len(x) :] and other.tracked)

    def changed(self, x: str, rounded: bool, tracked: bool) -> None:
        """Others may share its memory: all of them count as rounded, and perhaps as tracked."""
        self.known[x].tracked |= tracked
        if rounded:
            for known in self.known.values():
                known.exact = False

    def set_item(self) -> None:
        x = self.pick(lambda k: k.shape != () and 0 not in k.shape)
        if not x or (self.known[x].leaf and self.known[x].tracked and not self.chance(15)):
            return
        known = self.known[x]
        index = self.index_text(known.shape)
        masks = [n for n, k in self.known.items() if k.dtype == "bool" and k.shape == known.shape]
        if masks and self.chance(50):
            index = self.choose(masks)
        w = self.pick(lambda k: k.shape in ((), (1,), known.shape[1:]))
        value = self.choose(["0.", "2", *([w] if w else [])])
        sign = self.choose(["=", "=", "+=", "*="])
        if "[0" in index and value == w and sign == "=":
            value = "1."  # which of several values lands in a repeated place is not defined
        other = self.known.get(value)
        if other and other.tracked and not known.is_float:
            return  # PyTorch gives the integers a history, here they have none
        self.lines.append(f"{x}[{index}] {sign} {value}")
        self.changed(x, bool(other and not other.exact), bool(other and other.tracked))

    def leave_graph(self) -> None:
        x = self.pick()
        if not x:
            return
        form = self.choose(["{}.detach()", "{}.data", "{}.detach().clone()", "{}.double()"])
        made = self.like(x, tracked=form == "{}.double()" and self.known[x].tracked)
        made.dtype = "float64" if form == "{}.double()" else made.dtype
        self.write(form.format(x), made)

    def mistake(self) -> None:
        """Something that is refused, mostly."""
        x = self.pick()
        if x and self.chance(50):
            n = len(self.known[x].shape)
            options = [f"{x}.sum({n})", f"{x}.reshape(7, 5)", f"{x}[9]", f"{x} @ 2", f"{x} + 'a'"]
            options += [
                f"{x}.backward()",
                f"{x}.requires_grad_()",
                f"{x}.view(-1, 5)",
                f"{x}.item()",
            ]
            options += [f"torch.cat([{x}, torch.ones(1, 2, 3, 4)])", f"bool({x})", f"{x}.numpy()"]
            options += [f"{x}.retain_grad()", f"{x}.requires_grad_(False)", f"{x}.detach_()"]
            self.lines.append(self.choose(options))

    def derivatives(self) -> None:
        """The end: backward, or gradients, or gradients of gradients."""
        y = self.pick(lambda k: k.is_float and k.tracked and not k.leaf)
        leaves = [n for n, k in self.known.items() if k.leaf and k.is_float and k.tracked]
        if not y or not leaves:
            return
        inputs = ", ".join(leaves)
        form = self.choose(["backward", "backward", "grad", "second", "twice"])
        self.lines.append(f"loss = {self.choose(['{y}.sum()', '({y} * {y}).sum()']).format(y=y)}")
        if form in ("backward", "twice"):
            self.lines.append(f"loss.backward({'retain_graph=True' if form == 'twice' else ''})")
        if form == "twice":
            self.lines.append("loss.backward()")
        if form == "grad":
            self.lines.append(f"dg = torch.autograd.grad(loss, [{inputs}], allow_unused=True)")
        if form == "second":
            self.second_derivatives(inputs)

    def second_derivatives(self, inputs: str) -> None:
        options = f"[{inputs}], create_graph=True, allow_unused=True, materialize_grads=True"
        self.lines.append(f"dg = torch.autograd.grad(loss, {options})")
        self.lines.append("slope = sum((g * g).sum() for g in dg)")
        self.lines.append(f"d2g = torch.autograd.grad(slope, [{inputs}], allow_unused=True)")
        self.lines.append("del slope")


DTYPE_ORDER = ["bool", "int64", "float32", "float64"]


@st.composite
def programs(draw: Callable[[Any], Any], most: int = 15) -> str:
    """A random program of up to `most` operations between its leaves and its derivatives."""
    writer = Writer(draw)
    writer.leaves()
    for _ in range(draw(st.integers(3, most))):
        writer.statement()
    writer.derivatives()
    return "\n".join(writer.lines) + "\n"


@st.composite
def smooth_programs(draw: Callable[[Any], Any], most: int = 6) -> str:
    """A random program without kinks, poles or in-place changes, that ends in a scalar `loss`."""
    writer = Writer(draw, smooth=True)
    writer.leaves()
    for _ in range(draw(st.integers(1, most))):
        writer.statement()
    writer.lines.append(f"loss = {list(writer.known)[-1]}.sum()")
    return "\n".join(writer.lines) + "\n"
