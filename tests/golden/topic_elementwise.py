"""Functions element by element: over the dtypes, at kinks, ties, nan, inf, empty and 0-dim input.

Every program says what `y` is, its gradients and its second ones, each weighted by numbers that
differ; an error is compared by its class. What PyTorch only does by accident is left out, such as
the gradients beside bool and uint8 tensors, which it computes in those types.
"""

UNARY = """
torch.exp(x); torch.exp2(x); torch.expm1(x); torch.log(x); torch.log2(x); torch.log10(x)
torch.log1p(x); torch.sqrt(x); torch.rsqrt(x); torch.square(x); torch.reciprocal(x); torch.sin(x)
torch.cos(x); torch.tan(x); torch.asin(x); torch.acos(x); torch.atan(x); torch.sinh(x)
torch.cosh(x); torch.tanh(x); torch.asinh(x); torch.acosh(x); torch.atanh(x); torch.sigmoid(x)
torch.sign(x); torch.floor(x); torch.ceil(x); torch.trunc(x); torch.erf(x)
torch.round(x); torch.round(x, decimals=1); torch.round(x, decimals=-1)
torch.relu(x); torch.abs(x); torch.neg(x); +x; x.clamp(-0.5, 0.5); x.clamp(1, -1)
torch.clamp(x, max=0.25); torch.clamp_min(x, 0); x.clamp_max(max=0.5); x.clip(0, 1); x + 2; 2.5 - x
x - True; x * 2.5; x / 2; -2 / x; x // 2; x // -2.5; 2 // x; x // 0; x % 2; x % -2.5; 2 % x; x % 0.
torch.fmod(x, 2); torch.fmod(x, -2.5); torch.div(x, 2, rounding_mode='trunc')
torch.div(x, -2.5, rounding_mode='floor'); torch.floor_divide(x, 2); x ** 2; x ** 3; x ** 0
x ** -1; x ** -2; x ** 2.5; x ** True; 2 ** x; 0 ** x; 0.5 ** x; (-2) ** x; torch.pow(2, x)
torch.float_power(x, 2); torch.float_power(2, x); torch.add(x, 2, alpha=3)
torch.sub(x, 2.5, alpha=0.5); x == 1; x != 1; x < 0.5; 0.5 <= x; x > 1; x == None
torch.isnan(x); torch.isinf(x); torch.isfinite(x); torch.logical_not(x); ~x; torch.bitwise_not(x)
x & 1; 3 | x; x ^ True; x | 1.5; torch.where(x > 0, x, -1); torch.where(x > 0, 0.5, x)
torch.where(x > 0, 1, 2.5); torch.where(x > 0); torch.isclose(x, x); torch.equal(x, x)
torch.allclose(x, x); torch.add(input=x, other=2); torch.pow(input=x, exponent=2)
torch.clamp(input=x, min=0); torch.gt(input=x, other=1); torch.round(input=x)
"""

BINARY = """
x + w; x - w; x * w; x / w; x // w; x % w; x ** w; torch.fmod(x, w); torch.atan2(x, w)
torch.maximum(x, w); torch.minimum(x, w); torch.add(x, w, alpha=2); torch.sub(x, w, alpha=0.5)
torch.div(x, w, rounding_mode='trunc'); torch.div(x, w, rounding_mode='floor'); x.clamp(w)
x.clamp(max=w); x.clamp_min(w); x.clamp_max(w); torch.where(x > w, x, w); x.where(w > 0, w)
torch.float_power(x, w); x == w; x < w; x >= w; torch.isclose(x, w); torch.allclose(x, w)
torch.equal(x, w); torch.logical_and(x, w); torch.logical_or(x, w); torch.logical_xor(x, w)
x & w; x | w; x ^ w
"""

IN_PLACE = """
x.add_(2); x.add_(w, alpha=2); x.sub_(w); x.mul_(w); x.div_(w); x.div_(2, rounding_mode='floor')
x.pow_(2); x.pow_(w); x.neg_(); x.abs_(); x.exp_(); x.log_(); x.sqrt_(); x.rsqrt_(); x.sin_()
x.tanh_(); x.relu_(); x.sigmoid_(); x.erf_(); x.clamp_(0, 1); x.clamp_min_(w); x.floor_()
x.round_(); x.sign_(); x.fmod_(2); x.remainder_(w); x.floor_divide_(w); x.square_()
x.reciprocal_(); x.multiply_(2)
"""

FLOATS = {
    "numbers": ("[[-1.5, 0.25], [0.75, 2.]]", "[[0.5, -2.], [1.5, 2.]]"),
    "kinks": (
        "[0., -0., 1., -1., inf, -inf, nan, 2.5, -2.5, 0.5, 1.]",
        "[1., 0., 1., -2., inf, 1., 1., nan, 0.5, -inf, -1.]",
    ),
    "0-dim and row": ("0.75", "[-2., 0.5]"),
    "empty": ("[]", "[2.]"),
}
INTEGERS = {
    "numbers": ("[[5, -1], [0, 3]]", "[[2, 1], [3, -2]]"),
    "0-dim and row": ("-7", "[-2, 3]"),
    "empty": ("[]", "[2]"),
}
NATURAL = {"numbers": ("[[5, 1], [0, 3]]", "[[2, 1], [3, 4]]")}
TRUTHS = {"numbers": ("[[True, False], [False, True]]", "[[True, True], [False, False]]")}
VALUES = {"float": FLOATS, "int": INTEGERS, "uint": NATURAL, "bool": TRUTHS}

ALONE = {
    "float64": tuple(FLOATS),
    "float32": ("numbers",),
    "int64": tuple(INTEGERS),
    "bool": ("numbers",),
}
REAL = {"float64 and float64": tuple(FLOATS), "float32 and int64": ("numbers",)}
WHOLE = {"int64 and int64": tuple(INTEGERS), "bool and bool": ("numbers",)}
PAIRS = {
    "float64 and float64": tuple(FLOATS),
    "float32 and float64": ("numbers",),
    "float32 and int64": ("numbers", "0-dim and row"),
    "int64 and float32": ("numbers", "empty"),
    "int64 and int64": tuple(INTEGERS),
    "int32 and uint8": ("numbers",),
    "bool and bool": ("numbers",),
}

PROGRAM = """
inf, nan = float('inf'), float('nan')
x = torch.tensor({x}, dtype=torch.{x_dtype})
w = torch.tensor({w}, dtype=torch.{w_dtype})
_tracked = [_t.requires_grad_() for _t in (x, w) if _t.is_floating_point()]
"""
BITS = "x.__iand__(w); x.__ior__(1); x.__ixor__(w)"
WRITTEN = "x = x * 1 if x.is_floating_point() else x\n"
DIFFERENTIATE = """
if getattr(y, 'requires_grad', False):
    _v = torch.arange(1, y.numel() + 1, dtype=y.dtype).reshape(y.shape) / 4
    _g = torch.autograd.grad(y, _tracked, _v, create_graph=True, materialize_grads=True)
    dx = [_each.detach() for _each in _g]
    _all = sum((_each * _each).sum() for _each in _g) + 0 * sum(_t.sum() for _t in _tracked)
    d2x = torch.autograd.grad(_all, _tracked, materialize_grads=True)
"""


def _operations(text: str) -> list[str]:
    return [part.strip() for line in text.strip().splitlines() for part in line.split(";")]


def _values(dtype: str) -> dict[str, tuple[str, str]]:
    return VALUES[dtype.rstrip("0123456789")]


def _program(operation: str, shape: str, x_dtype: str, w_dtype: str, start: str = "") -> str:
    # The kinks of one meet those of the other: both come from the same row of the table.
    x, w = _values(x_dtype)[shape][0], _values(w_dtype).get(shape, ("", "[2]"))[1]
    head = PROGRAM.format(x=x, w=w, x_dtype=x_dtype, w_dtype=w_dtype)
    return f"{head}{start}y = {operation}\n{DIFFERENTIATE}"


def _alone() -> dict[str, str]:
    return {
        f"{operation}: {shape}, {dtype}": _program(operation, shape, dtype, "int64")
        for operation in _operations(UNARY)
        for dtype, shapes in ALONE.items()
        for shape in shapes
    }


def _in_pairs(text: str, pairs: dict[str, tuple[str, ...]], start: str = "") -> dict[str, str]:
    return {
        f"{operation}: {shape}, {pair}": _program(operation, shape, *pair.split(" and "), start)
        for operation in _operations(text)
        for pair, shapes in pairs.items()
        for shape in shapes
    }


PROGRAMS = {
    **_alone(),
    **_in_pairs(BINARY, PAIRS),
    **_in_pairs("x.clamp(w, x); x.clamp(w, w)", {"float64 and float64": ("numbers", "kinks")}),
    **_in_pairs(IN_PLACE, REAL | WHOLE, WRITTEN),
    **_in_pairs(BITS, WHOLE, WRITTEN),
}
