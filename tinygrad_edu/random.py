"""Random numbers: PyTorch's stream on the CPU, so that the same seed prints the same numbers.

This module fills NumPy arrays; it knows no GPU. Numbers for a GPU are drawn here and copied there,
so a lesson prints the same everywhere. The source of randomness is the Mersenne Twister (Matsumoto
and Nishimura 1998): a row of 32-bit words that one seed decides. All that follows is how PyTorch
spends these words, hence the odd corners below.
"""

from __future__ import annotations

import math
import os
import threading
from typing import Any

import numpy as np

from . import dtypes
from .arguments import require, type_name
from .devices import to_device_object


class Generator:
    """A row of random words, and the place reached in it.

    `device` is kept for the reader: numbers are always drawn on the CPU. Without a seed of your
    own, a new generator starts at PyTorch's fixed one.

    >>> generator = Generator().manual_seed(42)
    >>> uniform((2,), np.float32, generator=generator)
    array([0.88226926, 0.91500396], dtype=float32)
    """

    def __init__(self, device: Any = "cpu") -> None:
        self.device = to_device_object("Generator", device)
        self._lock = threading.RLock()  # threads that share it draw one after the other
        self.manual_seed(67280421310721)

    def manual_seed(self, seed: int) -> Generator:
        """Start again at this seed, from -2**63 to 2**64 - 1; returns the generator itself.

        Raises RuntimeError for anything but an integer, ValueError for one out of range.
        """
        if not isinstance(seed, int | np.integer):
            raise RuntimeError(f"manual_seed expected a long, but got {type_name(seed)}")
        if not -(2**63) <= seed < 2**64:
            raise ValueError(f"Overflow when unpacking long long: {seed} does not fit into 64 bits")
        with self._lock:
            self._seed = int(seed) % 2**64
            self._twister: Any = None  # made at the first draw: see words32
            self._spare: list[float] = []  # a normal that was made beside another, and waits
        return self

    def seed(self) -> int:
        """Start again at a seed from the operating system, which nobody can guess; return it."""
        return self.manual_seed(int.from_bytes(os.urandom(8), "little")).initial_seed()

    def initial_seed(self) -> int:
        """The seed at which the row of words started."""
        return self._seed

    def words32(self, count: int) -> np.ndarray:
        """The next `count` words, as uint64."""
        with self._lock:
            if self._twister is None:  # not before: to import numpy.random takes a while
                self._twister = np.random.MT19937(0)
                # RandomState's seeding is the one of the paper, and PyTorch's.
                np.random.RandomState(self._twister).seed(self._seed & 0xFFFFFFFF)
            return self._twister.random_raw(count)

    def words64(self, count: int) -> np.ndarray:
        """Pairs of words as 64-bit numbers, the first word in front."""
        words = self.words32(2 * count)
        return words[::2] << np.uint64(32) | words[1::2]

    def normals(self, count: int) -> list[float]:
        """Standard normals one by one: two uniforms make two of them, and the second may wait.

        Source: G. E. P. Box and M. E. Muller (1958).
        """
        with self._lock:
            drawn = [*self._spare]
            while len(drawn) < count:
                a, b, c, d = self.words32(4).tolist()
                angle = 2 * math.pi * _unit53(a << 32 | b)
                radius = math.sqrt(-2 * math.log1p(-_unit53(c << 32 | d)))
                drawn += radius * math.cos(angle), radius * math.sin(angle)
            self._spare = drawn[count:]
            return drawn[:count]


default_generator = Generator()
default_generator.seed()
seed, initial_seed = default_generator.seed, default_generator.initial_seed


def manual_seed(seed: int) -> Generator:
    """Seed the default generator, and return it.

    >>> generator = manual_seed(42)
    >>> normal((1,), np.float32)
    array([0.33669037], dtype=float32)
    """
    return default_generator.manual_seed(int(seed))


def _chosen(generator: Any) -> Generator:
    """The generator to use: the default one instead of None; TypeError for something else."""
    if generator is None:
        return default_generator
    if not isinstance(generator, Generator):
        raise TypeError(f"argument 'generator' must be torch.Generator, not {type_name(generator)}")
    return generator


# --- reals --------------------------------------------------------------------------------------


def uniform(
    shape: tuple[int, ...], dtype: Any, low: float = 0.0, high: float = 1.0, generator: Any = None
) -> np.ndarray:
    """Reals from `low` (included) to `high` (excluded), of a float dtype.

    Raises NotImplementedError for another dtype, RuntimeError for low > high.
    """
    if low > high:
        raise RuntimeError(
            f"uniform_ expects to return a [from, to) range, but found from={low:g} > to={high:g}"
        )
    number = _float_type("rand", dtype)
    drawn = _unit(_chosen(generator), math.prod(shape), number)
    if (low, high) != (0, 1):
        wide = drawn.dtype.type
        drawn = _scaled(drawn, wide(high) - wide(low), low)
    drawn = drawn.astype(dtype, copy=False)
    if number is np.float16:  # rounds its largest up to `high`, where PyTorch goes back to `low`
        drawn[drawn == high] = low
    return drawn.reshape(shape)


def normal(
    shape: tuple[int, ...], dtype: Any, mean: float = 0.0, std: float = 1.0, generator: Any = None
) -> np.ndarray:
    """Normal numbers of a float dtype.

    Sixteen or more are made by whole arrays, fewer one by one. As in PyTorch, these are different
    numbers: `randn(16)` does not begin with `randn(1)`. In float32 the last bits may differ from
    PyTorch's, which themselves depend on the processor; four digits in print agree.

    Raises NotImplementedError for another dtype, RuntimeError for a negative std.
    """
    if std < 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std:g}")
    number, source, count = _float_type("randn", dtype), _chosen(generator), math.prod(shape)
    few = count < 16
    drawn = np.array(source.normals(count)) if few else _many_normals(source, count, number)
    return _scaled(drawn, std, mean).astype(dtype, copy=False).reshape(shape)


def bernoulli(p: np.ndarray, generator: Any = None) -> np.ndarray:
    """Ones with probability `p`, else zeros: the shape and the float dtype of p.

    Raises RuntimeError where p is not between 0 and 1, NotImplementedError for another dtype.
    """
    number = _float_type("bernoulli", p.dtype)
    fine = np.all((p >= 0) & (p <= 1))
    require(fine, "Expected p_in >= 0 && p_in <= 1 to be true, but got false.")
    return (_unit(_chosen(generator), p.size, number).reshape(p.shape) < p).astype(number)


def _float_type(name: str, dtype: Any) -> Any:
    number = np.dtype(dtype)
    if number.kind != "f":
        raise NotImplementedError(f"\"{name}\" not implemented for '{number.name}': take floats")
    return number.type


def _unit(generator: Generator, count: int, number: Any) -> np.ndarray:
    """Reals in [0, 1): 53 random bits for float64, 24 for the smaller ones, in float32."""
    if number is np.float64:
        return _unit53(generator.words64(count))
    return (generator.words32(count) & 2**24 - 1).astype(np.float32) * np.float32(2.0**-24)


def _unit53(words: Any) -> Any:
    """The real in [0, 1) made of the low 53 bits; for one Python integer or an array."""
    return (words & 2**53 - 1) * 2.0**-53


def _many_normals(generator: Generator, count: int, number: Any) -> np.ndarray:
    """Box and Muller's way, in blocks of 16: eight radii, then their eight angles."""
    whole = count // 16 * 16
    uniforms = _unit(generator, whole if number is np.float16 else count, number)
    normals = np.empty(count, uniforms.dtype)
    normals[:whole] = _box_muller(uniforms[:whole])
    if count % 16:  # the last 16 are drawn anew, over what stood there
        normals[-16:] = _box_muller(_unit(generator, 16, number))
    return normals


def _box_muller(uniforms: np.ndarray) -> np.ndarray:
    number = uniforms.dtype.type
    blocks = uniforms.reshape(-1, 2, 8)
    radius = np.sqrt(number(-2) * np.log(1 - blocks[:, 0]))
    angle = number(2 * np.pi) * blocks[:, 1]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).reshape(-1)


def _scaled(drawn: np.ndarray, factor: Any, shift: Any) -> np.ndarray:
    """In float64, as PyTorch multiplies and adds float32 with one rounding, at the end."""
    if factor == 1 and shift == 0:
        return drawn
    number = drawn.dtype.type
    return drawn * np.float64(number(factor)) + np.float64(number(shift))


# --- whole numbers ------------------------------------------------------------------------------


def integers(
    low: int, high: int, shape: tuple[int, ...], dtype: Any, generator: Any = None
) -> np.ndarray:
    """Integers from `low` (included) to `high` (excluded), in any dtype that can hold them.

    Raises RuntimeError if there is none between, or if the dtype is too small.
    """
    if low >= high:
        raise RuntimeError(
            f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}"
        )
    smallest, largest = dtypes.range_of(dtype)
    require(smallest <= low <= largest, "from is out of bounds for the dtype")
    require(smallest < high <= largest + 1, "to - 1 is out of bounds for the dtype")
    span, source = high - low, _chosen(generator)
    words = (source.words32 if span < 2**28 else source.words64)(math.prod(shape))
    # Unsigned sums go round at 2**64, and back below zero as int64.
    drawn = words % np.uint64(span) + np.uint64(low % 2**64)
    return drawn.astype(np.int64).astype(dtype).reshape(shape)


def permutation(n: int, dtype: Any, generator: Any = None) -> np.ndarray:
    """The numbers 0 to n - 1 in a random order: each place swaps with one at or after it.

    Raises RuntimeError if n is too large for the dtype, NotImplementedError for bool.
    """
    if dtype.kind == "b":
        raise NotImplementedError("\"randperm\" not implemented for 'Bool'; take an integer dtype")
    require(n - 1 <= dtypes.range_of(dtype)[1], "n is too large for the dtype")
    words = _chosen(generator).words32(max(n - 1, 0))
    order = list(range(n))
    for i, z in enumerate((words % np.arange(n, 1, -1, dtype=np.uint64)).tolist()):
        order[i], order[i + z] = order[i + z], order[i]
    return np.array(order, dtype)


def multinomial(
    p: np.ndarray, count: int, replacement: bool = False, generator: Any = None
) -> np.ndarray:
    """`count` positions for each row of weights `p`, which has one or two dimensions.

    With replacement a number falls into one of the intervals that the weights add up to. Without,
    each position waits an exponential time, shorter the heavier it is, and the first ones count.
    """
    require(p.dtype.kind == "f", "multinomial only supports floating-point dtypes for input")
    require(p.ndim in (1, 2), "prob_dist must be 1 or 2 dim")
    source, n = _chosen(generator), p.shape[-1]
    require(count > 0, "cannot sample n_sample <= 0 samples")
    enough = replacement or count <= n
    require(enough, "cannot sample n_sample > prob_dist.size(-1) samples without replacement")
    fine = np.all((p >= 0) & (p < math.inf))
    require(fine, "probability tensor contains either `inf`, `nan` or element < 0")
    require(p.sum(-1).all(), "invalid multinomial distribution (sum of probabilities <= 0)")
    if replacement and count > 1:
        ends = np.cumsum(p, -1).reshape(-1, n)
        drawn = _unit53(source.words64(count * len(ends))).reshape(-1, count)
        found = [np.searchsorted(row / row[-1], numbers) for row, numbers in zip(ends, drawn)]
        return np.reshape(found, (*p.shape[:-1], count))
    times = -np.log1p(-_unit53(source.words64(p.size))).astype(p.dtype).reshape(p.shape)
    return np.argsort(-p / times, -1, kind="stable")[..., :count]
