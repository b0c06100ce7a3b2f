"""Which dtype comes out: tensors with dimensions, without, and Python numbers, in every mixture."""

DTYPES = "bool uint8 int8 int16 int32 int64 float16 float32 float64"

LOOP = """
for _a in {left}:
    for _b in {right}:
        try:
            _made = {operation}
            print(_a, _b, _made.dtype, _made.tolist())
        except Exception as _error:
            print(_a, _b, type(_error).__name__)
"""

WITH_DIMENSIONS = "torch.tensor([3, 2]).to(getattr(torch, _{}))"
WITHOUT = "torch.tensor(2).to(getattr(torch, _{}))"
MIXTURES = {
    "dimensions and dimensions": (WITH_DIMENSIONS, WITH_DIMENSIONS),
    "dimensions and 0-dim": (WITH_DIMENSIONS, WITHOUT),
    "0-dim and dimensions": (WITHOUT, WITH_DIMENSIONS),
    "0-dim and 0-dim": (WITHOUT, WITHOUT),
}
OPERATIONS = """
{a} + {b}
{a} - {b}
{a} * {b}
{a} / {b}
{a} ** {b}
{a} < {b}
{a} == {b}
torch.maximum({a}, {b})
torch.where(torch.tensor([True, False]), {a}, {b})
torch.cat([{a}.reshape(-1), {b}.reshape(-1)])
torch.stack([{a}, {b}])
{a}.add_({b})
{a}.mul_({b})
{a}.div_({b})
{a}.copy_({b})
{a} @ {b}
"""

NUMBERS = "[True, 2, -1, 2.5, 300, 1e10, float('inf')]"
WITH_NUMBERS = """
{a} + _b
_b + {a}
{a} - _b
_b - {a}
{a} * _b
{a} / _b
_b / {a}
{a} ** _b
_b ** {a}
{a} < _b
_b >= {a}
{a} == _b
torch.clamp({a}, min=_b)
torch.clamp({a}, max=_b)
torch.where({a} > 2, {a}, _b)
torch.full_like({a}, _b)
{a}.add_(_b)
{a}.mul_(_b)
{a}.fill_(_b)
"""

CONVERSIONS = """
for _a in "bool uint8 int8 int16 int32 int64 float16 float32 float64".split():
    _t = torch.tensor([0.0, 1.7, -1.7, 100.0]).to(getattr(torch, _a))
    print(_a, _t, _t.float(), _t.double(), _t.half(), _t.int(), _t.long(), _t.bool())
    print(_t.dtype, _t.dtype.is_floating_point, _t.element_size(), _t.is_floating_point())
    print(_t.sum(), _t.max(), _t.numpy().dtype)
"""

INFERRED = """
for _data in [1, 1.0, True, [1, 2], [1, 2.5], [True, 1], [True, 2.5], [[]], [], (1, (2)), 2**40]:
    print(_data, torch.tensor(_data).dtype, torch.as_tensor(_data).dtype, torch.tensor(_data).shape)

for _kind in ("bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64"):
    _array = np.ones(2, _kind)
    print(torch.tensor(_array), torch.as_tensor(_array), torch.from_numpy(_array))
    print(torch.tensor(_array[0]), torch.tensor([_array[0], _array[1]]).dtype)

torch.tensor([torch.tensor(1), torch.tensor(2.5)])
torch.tensor([np.float64(1.5)]), torch.tensor(np.float64(1.5)), torch.tensor(np.arange(3))
torch.float, torch.double, torch.half, torch.int, torch.long, torch.short
torch.float is torch.float32, torch.long is torch.int64
torch.result_type(torch.tensor([1, 2]), 1.5), torch.promote_types(torch.int32, torch.float16)
torch.zeros(2).dtype, torch.ones(2, dtype=torch.int64).dtype, torch.full((2,), 1)
torch.full((2,), True)
torch.full((2,), 1.5), torch.arange(3), torch.arange(3.), torch.arange(0, 1, 0.25)
torch.linspace(0, 1, 3), torch.eye(2), torch.arange(3, dtype=torch.float64)
torch.linspace(0, 5, 4, dtype=torch.int64), torch.eye(2, 3, dtype=torch.int64)
"""


def _table(operation: str, left: str, right: str) -> str:
    return LOOP.format(operation=operation, left=left, right=right)


def _programs() -> dict[str, str]:
    dtypes = f"'{DTYPES}'.split()"
    made = {}
    for operation in OPERATIONS.strip().splitlines():
        for mixture, (left, right) in MIXTURES.items():
            text = operation.format(a=left.format("a"), b=right.format("b"))
            made[f"{operation}: {mixture}"] = _table(text, dtypes, dtypes)
    for operation in WITH_NUMBERS.strip().splitlines():
        for name, tensor in [("dimensions", WITH_DIMENSIONS), ("0-dim", WITHOUT)]:
            text = operation.format(a=tensor.format("a"))
            made[f"{operation}: {name} and numbers"] = _table(text, dtypes, NUMBERS)
    return made | {"conversions": CONVERSIONS, "inferred": INFERRED}


PROGRAMS = _programs()
