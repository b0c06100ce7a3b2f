"""Random numbers: what follows a seed, in print."""

SEEDS = [0, 1, 42, 123456789, 2**32 + 1, 2**63, 2**64 - 1, -1, -42]

AFTER_A_SEED = """
torch.manual_seed({seed})
torch.randn(1), torch.randn(1)
torch.rand(3)
torch.randn(2, 3)
torch.randint(10, (5,))
torch.randperm(6)
torch.randn(4, 5)
torch.rand(2, 2, dtype=torch.float64)
torch.randn(3, dtype=torch.float64)
torch.randint(-5, 5, (2, 3))
torch.randn(17)
torch.initial_seed()
"""

SHAPES = ["()", "0", "1", "5", "15", "16", "17", "31", "32", "2, 8", "(3, 4)", "[5, 5]", "2, 3, 4"]

SHAPED = """
torch.manual_seed(7)
torch.rand({shape})
torch.randn({shape})
torch.randn({shape}, dtype=torch.float64)
torch.rand({shape}, dtype=torch.float64)
torch.rand(2)
"""

INTEGERS = [
    "3, (4,)",
    "0, 2, (8,)",
    "-7, -2, (2, 3)",
    "0, 256, (5,), dtype=torch.uint8",
    "5, (4,), dtype=torch.float32",
    "2, (4,), dtype=torch.bool",
    "2**28 - 1, (3,)",
    "2**28, (3,)",
    "2**40, (3,)",
    "-2**63, 2**63 - 1, (3,)",
    "10, ()",
    "10, (0,)",
    "1000, (2, 2), dtype=torch.int32",
    "low=2, high=9, size=(3,)",
    "9, size=(3,)",
]

OTHERS = {
    "rand_like and kin": """
torch.manual_seed(3)
_t = torch.zeros(2, 3, dtype=torch.float64)
torch.rand_like(_t), torch.randn_like(_t), torch.randint_like(_t, 5)
torch.randn_like(_t, dtype=torch.float32)
torch.randint_like(_t, 2, 5), torch.randint_like(_t, high=3, dtype=torch.int64)
torch.rand(size=(2,)), torch.randint(high=5, size=(3,))
""",
    "normal and kin": """
torch.manual_seed(3)
torch.normal(0, 1, (2,)), torch.normal(5., 2., size=(20,)), torch.normal(0., 1., (1, 2))
torch.normal(torch.tensor([1., 10., 100.]), 2.), torch.normal(0., torch.tensor([1., 10.]))
torch.normal(torch.zeros(20) + 3, torch.ones(20)), torch.normal(torch.zeros(2, 1), torch.ones(3))
torch.normal(torch.zeros(2, dtype=torch.float64), 1.), torch.normal(0., 1., (), requires_grad=True)
torch.empty(3).normal_(), torch.empty(20).normal_(1., 2.), torch.empty(2, 2).uniform_(-1, 1)
torch.bernoulli(torch.full((8,), 0.25)), torch.bernoulli(torch.tensor([0., 1.]).double())
torch.rand(1)
""",
    "requires_grad": """
torch.manual_seed(3)
torch.randn(2, requires_grad=True), torch.rand(2, requires_grad=True)
""",
    "the second normal waits": """
torch.manual_seed(3)
torch.randn(1)
torch.rand(1)
torch.randn(1)
torch.randn(3)
torch.randint(9, (2,))
torch.randn(16)[:2]
torch.randn(1)
torch.manual_seed(3)
torch.randn(1)
""",
    "permutations": """
torch.manual_seed(3)
torch.randperm(0), torch.randperm(1), torch.randperm(2), torch.randperm(30)
torch.randperm(4, dtype=torch.int32), torch.randperm(4, dtype=torch.float32)
""",
    "a generator of one's own": """
_g = torch.Generator()
_g.manual_seed(5)
_g.initial_seed()
torch.manual_seed(5)
torch.rand(2, generator=_g), torch.rand(2)
torch.randn(2, generator=_g), torch.randn(2)
torch.randint(9, (3,), generator=_g), torch.randperm(3, generator=_g)
torch.Generator().initial_seed(), torch.Generator(device="cpu").device
""",
    "seeds of other kinds": """
torch.manual_seed("12"), torch.rand(1)
torch.manual_seed(1.5), torch.rand(1)
torch.manual_seed(torch.tensor(3)), torch.rand(1)
torch.random.manual_seed(3), torch.rand(1)
isinstance(torch.seed(), int)
""",
}

PROGRAMS = {
    **{f"after manual_seed({seed})": AFTER_A_SEED.format(seed=seed) for seed in SEEDS},
    **{f"shape {shape}": SHAPED.format(shape=shape) for shape in SHAPES},
    **{f"randint({r})": f"torch.manual_seed(11)\ntorch.randint({r})\n" for r in INTEGERS},
    **OTHERS,
}
