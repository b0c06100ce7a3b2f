"""How tensors are made: options, likes, series, types and their limits, and drawing by weights."""

MADE = """
torch.linspace(0, 1, 1), torch.linspace(0, 10, 4, dtype=torch.int32), torch.linspace(3, -3, 6)
torch.eye(0), torch.eye(2, 3, dtype=torch.bool), torch.eye(3, 1)
torch.full((), 2.), torch.full([2], True), torch.full(size=(2,), fill_value=3)
torch.full((2,), torch.tensor(3)), torch.full((2,), np.float64(3)), torch.full((2, 0), 1)
torch.arange(torch.tensor(3)), torch.arange(start=1, end=3), torch.arange(end=3)
torch.arange(5, 0, -2), torch.arange(np.int64(3)), torch.arange(1, 2, 0.3)
torch.arange(0., 3), torch.arange(0, 3.), torch.arange(0, 3, 1.), torch.arange(end=3.)
torch.ones(torch.tensor(2)), torch.ones(np.int64(2), 3), torch.ones(size=[2]), torch.ones(())
torch.tensor(range(3)), torch.tensor([[1, 2], [3, 4]], dtype=torch.bool), torch.tensor([[], []])
torch.tensor([np.float64(1.5)]), torch.tensor([np.float32(1.5), 2.]), torch.tensor([np.int8(3)])
torch.tensor([[torch.tensor(1.), 2], [3, torch.tensor([4.])]]), torch.tensor(np.bool_(True))
torch.tensor((1, 2.5)), torch.tensor(np.zeros((1, 2))), torch.tensor(1e300)
torch.Tensor([1, 2]), torch.FloatTensor([1, 2]), torch.LongTensor([1, 2]), torch.Tensor(2, 0)
torch.inf, torch.nan, torch.pi, torch.e
torch.get_default_device()
"""

SHARED = """
_array = np.ones(3, np.float32)
_same = torch.from_numpy(_array)
_also = torch.as_tensor(_array)
_fresh = torch.tensor(_array)
_array[0] = 5
_same, _also, _fresh
torch.as_tensor(_same) is _same
torch.as_tensor(_array, dtype=torch.float64), torch.as_tensor([1, 2], dtype=torch.float32)
_grad = torch.ones(2, requires_grad=True)
torch.as_tensor(_grad) is _grad
"""

LIKES = """
_x = torch.ones(2, 3, dtype=torch.float64, requires_grad=True)
_i = torch.tensor([1, 2])
torch.zeros_like(_x), torch.ones_like(_x), torch.empty_like(_x).shape, torch.full_like(_i, 7)
torch.zeros_like(_i, dtype=torch.float32), torch.ones_like(_i, dtype=None, device=None)
torch.ones_like(_x, requires_grad=True), torch.full_like(_x, 3, requires_grad=True)
torch.zeros_like(_x, memory_format=torch.preserve_format, layout=torch.strided)
torch.empty(2, 0, memory_format=torch.contiguous_format), torch.zeros(2, pin_memory=False)
torch.zeros(2, dtype=None, device=None, requires_grad=None, layout=torch.strided)
_x.new_zeros(2), _x.new_ones((1, 2)), _x.new_full((2,), 3), _x.new_tensor([1, 2]), _i.new_empty(0)
_x.new_zeros(2, dtype=torch.int32), _i.new_tensor([1.5]), _x.new_ones(1, requires_grad=True)
torch.zeros_like(_i, 5), torch.ones_like(_i, nonsense=1), torch.zeros_like(_i, size=(2,))
torch.zeros_like(_i, 5)
torch.ones_like(_i, nonsense=1)
torch.zeros_like(_i, size=(2,))
torch.zeros(2, nonsense=1)
torch.linspace(0, 1, 2, nonsense=1)
"""

LIMITS = """
torch.finfo(torch.float16), torch.finfo(torch.float32), torch.finfo(torch.float64), torch.finfo()
torch.finfo(torch.float32).eps, torch.finfo(torch.float32).max, torch.finfo(torch.float32).tiny
torch.finfo(torch.float64).bits, torch.finfo(torch.float32).dtype
torch.iinfo(torch.uint8), torch.iinfo(torch.int64), torch.iinfo(torch.int32).max
torch.iinfo(torch.int8).bits, torch.iinfo(torch.int8).min
torch.finfo(torch.int64)
torch.iinfo(torch.float32)
torch.iinfo(torch.bool)
torch.iinfo()
torch.finfo(3)
torch.numel(torch.ones(2, 3)), torch.is_floating_point(torch.ones(2))
"""

TYPES = """
for _a in "bool uint8 int8 int16 int32 int64 float16 float32 float64".split():
    for _b in "bool uint8 int8 int16 int32 int64 float16 float32 float64".split():
        _types = getattr(torch, _a), getattr(torch, _b)
        print(_a, _b, torch.promote_types(*_types))
    for _t in (torch.tensor(1).to(_types[0]), torch.tensor([1]).to(_types[0])):
        for _n in (True, 2, 2.5):
            print(_a, _n, torch.result_type(_t, _n), torch.result_type(_n, _t))

torch.result_type(1, 2.), torch.result_type(True, False), torch.result_type(3, True)
"""

DEFAULTS = """
torch.set_default_dtype(torch.float64)
torch.tensor(1.), torch.zeros(1), torch.linspace(0, 1, 2), torch.arange(2.), torch.full((1,), 2.)
torch.eye(1), torch.tensor([1, 2]) / 2, torch.tensor([1]) + 1.5
torch.Tensor([1]).dtype, torch.result_type(1, 2.), torch.finfo().dtype, torch.FloatTensor([1]).dtype
torch.manual_seed(1), torch.rand(1), torch.randn(1), torch.normal(0., 1., (1,))
torch.set_default_dtype(torch.float16)
torch.tensor(1e10), torch.ones(1), torch.tensor([1.]).float()
torch.set_default_dtype(torch.float32)
torch.tensor(1.), torch.get_default_dtype()
"""

DRAWN = """
torch.manual_seed({seed})
_p = torch.tensor([1., 2., 3., 4., 5.], dtype=torch.{dtype})
torch.multinomial(_p, 1), torch.multinomial(_p, 3), torch.multinomial(_p, 5)
torch.multinomial(_p, 8, True), torch.multinomial(_p, 1, replacement=True)
_q = torch.stack([_p, 6 - _p])
torch.multinomial(_q, 3), torch.multinomial(_q, 6, True)
torch.multinomial(torch.tensor([0., 1., 0.]), 2, replacement=True), torch.rand(1)
_g = torch.Generator().manual_seed(3)
torch.multinomial(_p, 2, generator=_g)
"""

REFUSED = """
torch.multinomial(torch.ones(3), 5)
torch.multinomial(torch.zeros(3), 1)
torch.multinomial(-torch.ones(3), 1)
torch.multinomial(torch.tensor([1, 2]), 1)
torch.multinomial(torch.tensor(1.), 1)
torch.multinomial(torch.ones(2, 2, 2), 1)
torch.multinomial(torch.tensor([1., float("inf")]), 1)
torch.multinomial(torch.ones(3), 0)
torch.multinomial(torch.ones(3), 2.5)
torch.multinomial([1.], 1)
torch.full((1,), 1e300)
torch.set_default_device("gpu")
"""

CLOSE = """
_ones = torch.ones(2)
torch.testing.assert_close(_ones, _ones + 1e-7)
torch.testing.assert_close(_ones, _ones + 1e-3)
torch.testing.assert_close(_ones, _ones + 1e-3, rtol=0, atol=1e-2)
torch.testing.assert_close(_ones, torch.ones(3))
torch.testing.assert_close(_ones, _ones.double())
torch.testing.assert_close(_ones, _ones.double(), check_dtype=False)
torch.testing.assert_close(torch.tensor([1, 2]), torch.tensor([1, 3]))
torch.testing.assert_close(_ones * float("nan"), _ones * float("nan"))
torch.testing.assert_close(_ones * float("nan"), _ones * float("nan"), equal_nan=True)
torch.testing.assert_close(_ones * float("inf"), _ones * float("inf"))
torch.testing.assert_close(_ones, _ones * float("inf"))
torch.testing.assert_close(_ones, _ones, rtol=1)
torch.testing.assert_close([_ones, _ones], [_ones, _ones])
torch.testing.assert_close([_ones], [_ones, _ones])
torch.testing.assert_close(1., 1. + 1e-9)
torch.testing.assert_close(1., 2.)
torch.testing.assert_close(torch.tensor([True]), torch.tensor([False]))
torch.testing.assert_close(np.ones(2), np.ones(2))
"""

PROGRAMS = {
    **{"made": MADE, "shared memory": SHARED, "likes": LIKES, "limits": LIMITS, "types": TYPES},
    **{"defaults": DEFAULTS, "refused": REFUSED, "assert_close": CLOSE},
    **{
        f"drawn by weights, {dtype}, seed {seed}": DRAWN.format(dtype=dtype, seed=seed)
        for dtype in ("float32", "float64")
        for seed in range(3)
    },
}

SERIES = """
[torch.arange(*_r).tolist() for _r in [(-3, 3, 0.1), (-8.0, 8.0, 0.1), (2.5, -1, -0.3)]]
[torch.arange(*_r, dtype=torch.float64).tolist() for _r in [(-3, 3, 0.1), (0.3, 7, 0.7)]]
[torch.arange(*_r, dtype=torch.int64).tolist() for _r in [(0.5, 5), (-2.5, 2.5), (3.9, -3.9, -1.5)]]
[torch.arange(*_r, dtype=torch.int32).tolist() for _r in [(0.5, 5), (-2.5, 2.5), (2.5,)]]
[torch.linspace(-1, 1, _n).tolist() for _n in (7, 10, 33)]
[torch.linspace(-0.3, 2.7, _n, dtype=torch.float64).tolist() for _n in (7, 10, 33)]
[torch.linspace(-19, 16, _n, dtype=torch.int64).tolist() for _n in (5, 22, 30)]
torch.arange(-1, 3, 0.1), torch.linspace(1, -3, 8, dtype=torch.uint8)
torch.tensor([[], [1, 2]]), torch.tensor([[[]], 3]), torch.tensor([[1, 2], []])
torch.tensor([[], [1, 2]]), torch.tensor([[], 0])
"""

PROGRAMS["series"] = SERIES
