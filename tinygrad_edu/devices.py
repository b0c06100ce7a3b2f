"""The seam between the rules and the array modules: NumPy, CuPy on a GPU, Dask, and ourselves.

A rule says `xp(g).where(...)` and gets the module that its argument belongs to. With
`create_graph=True` rules run on Tensors, and the module is tinygrad_edu. No other file asks where
an array lives, and nothing here copies from one device to another without being told to.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from .arguments import check, require, type_name


class device:
    """Where a tensor's numbers are kept: `torch.device('cpu')`, `torch.device('cuda:0')`, or, in
    chunks that Dask computes, `torch.device('dask')`.

    Raises RuntimeError for a kind of device that does not exist, TypeError for a wrong argument.

    >>> import tinygrad_edu as torch
    >>> torch.device('cuda:0')
    device(type='cuda', index=0)
    >>> str(torch.device('cpu'))
    'cpu'
    """

    type: str
    index: int | None

    def __init__(self, type: str | int | device, index: int | None = None) -> None:
        if isinstance(type, int):  # the number of a GPU
            type = f"cuda:{type}"
        name = str(type) if isinstance(type, device) else check("device", "type", type, "str", 1)
        if index is not None:
            name += f":{check('device', 'index', index, 'int', 2)}"
        parts: Any = re.fullmatch(r"(cpu|cuda|dask)(?:(?<!dask):(0|[1-9]\d*))?", name)
        require(parts, f"Invalid device string: '{name}'. Say 'cpu', 'cuda', 'cuda:0' or 'dask'.")
        kind, number = parts.groups()
        self.__dict__.update(type=kind, index=None if number is None else int(number))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"attribute '{name}' of 'torch.device' objects is not writable")

    def __repr__(self) -> str:
        index = "" if self.index is None else f", index={self.index}"
        return f"device(type='{self.type}'{index})"

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


CPU, DASK = device("cpu"), device("dask")
_default = CPU


def set_default_device(device: Any) -> None:
    """Let new tensors be made on this device where no other is asked for. None means the CPU."""
    global _default
    _default = CPU if device is None else to_device_object("set_default_device", device)


def get_default_device() -> device:
    """The device on which new tensors are made.

    >>> import tinygrad_edu as torch
    >>> torch.get_default_device()
    device(type='cpu')
    """
    return _default


modules: dict[type, Any] = {}  # by class of arrays
later: list[Any] = []  # what computes, at the end of a pass, the gradients left for later


def xp(array: Any) -> Any:
    """The module whose functions work on `array`: numpy, cupy, tinygrad_edu for a Tensor, or what
    does the same for arrays in chunks."""
    kind = array.__class__
    if kind not in modules:
        modules[kind] = sys.modules[kind.__module__.partition(".")[0]]
    return modules[kind]


def to_device_object(function: str, given: Any) -> device:
    """The device of a `device=` argument: None means the default one, a number that GPU.

    Raises TypeError for something else.
    """
    if given is None:
        return _default
    if isinstance(given, device):
        return given
    if isinstance(given, str | int) and not isinstance(given, bool):
        return device(given)
    raise TypeError(f"{function}(): argument 'device' must be torch.device, not {type_name(given)}")


def device_of(array: Any) -> device:
    """Where an array lives."""
    if isinstance(array, (np.ndarray, np.generic)):
        return CPU
    where = array.device
    return where if isinstance(where, device) else device("cuda", where.id)


def apart(x: Any, y: Any) -> set[str]:
    """The devices of two operands, if their arrays do not meet. Chunks meet what is on the CPU."""
    places = {str(device_of(each)) for each in (x, y) if hasattr(each, "ndim")}
    return set() if len(places) < 2 or places == {"cpu", "dask"} else places


def cupy() -> Any:
    """CuPy, or an AssertionError that says how to get it or do without."""
    try:
        import cupy
    except ImportError:
        found = "CuPy is not installed"
    else:
        if cupy.cuda.is_available():
            return cupy
        found = "CuPy finds no GPU here"
    raise AssertionError(
        f"Torch not compiled with CUDA enabled: {found}. Use device='cpu', or, beside an NVIDIA "
        'GPU, pip install "tinygrad-edu[cuda13]" (or cuda12).'
    )


def has_memory(array: Any) -> bool:
    """Whether an array can be written over: a NumPy number cannot, and chunks are only read."""
    return not isinstance(array, np.generic) and device_of(array) is not DASK


def chunked(array: Any) -> Any:
    """A NumPy array or one of Dask's as an array in chunks. ImportError without Dask."""
    try:
        from . import chunked as chunks
    except ImportError as error:
        raise ImportError(
            f"The device 'dask' needs Dask ({error}): pip install \"tinygrad-edu[cluster]\"."
        ) from None
    return chunks.chunked(array)


def move(array: Any, where: device) -> Any:
    """`array` on the device `where`; the same object if it is there already."""
    here = device_of(array)
    if where.type == here.type == "dask":
        return array
    if where.type == "dask":
        return chunked(move(array, CPU))
    if where.type == "cpu":
        return array if here is CPU else array.get()
    array = array.get() if here is DASK else array
    module = cupy()
    index = module.cuda.Device().id if where.index is None else where.index
    if here.index == index:
        return array
    with module.cuda.Device(index):
        return module.asarray(array)


def moved_back(g: Any, origin: device) -> Any:
    """The gradient of what was moved, on the device that it came from. From chunks to the CPU it
    moves at the end of the pass, with all others."""
    if origin.type == "cpu" and device_of(getattr(g, "_array", g)) is DASK:
        return g
    return g._moved(origin) if hasattr(g, "_array") else move(g, origin)


def zeros_like_kind(like: Any, shape: tuple[int, ...], numpy_dtype: Any) -> Any:
    """Zeros of `shape`, of the same kind as `like`: an array of its module, or a Tensor."""
    if hasattr(like, "_array"):
        return like._tied(zeros_like_kind(like._array, shape, numpy_dtype), None)
    return xp(like).zeros(shape, numpy_dtype)


_add_up: Any = np.add.reduce

# Few numbers are summed as a product with ones, which takes half of the time (0.6 microseconds
# less for 80 numbers, 2 for the rows of a 64 by 64 matrix).
SHORT = 1000
_ones = {np.dtype(name): np.ones(SHORT, name) for name in ("float32", "float64")}


def total(x: Any, axis: Any = None, keepdims: bool = False, dtype: Any = None) -> Any:
    """The sum of an array or a Tensor along `axis`, a number or several; None means all.

    NumPy's `x.sum` would take 0.2 microseconds longer, and warn of an overflow in its own name.
    It starts from 0, so that the sum of -0. is 0. as in PyTorch.
    """
    if x.__class__ is np.ndarray:
        if axis is dtype is None and x.size <= SHORT and not keepdims and x.dtype in _ones:
            return x.ravel().dot(_ones[x.dtype][: x.size]) + 0
        return _add_up(x, axis, dtype, None, keepdims, 0)
    if isinstance(x, np.generic):
        number: Any = x if dtype is None else x.astype(dtype)
        return number + 0
    if dtype is None:
        return x.sum(axis, keepdims=keepdims)
    return x.sum(axis, dtype=dtype, keepdims=keepdims)


def sum_to(g: Any, shape: tuple[int, ...]) -> Any:
    """Sum `g` over the dimensions along which a tensor of `shape` was broadcast.

    What broadcasting copies forward, the gradient adds up backward.
    """
    extra = g.ndim - len(shape)
    if extra > 0:
        if extra == 1 and g.ndim <= 2 and g.__class__ is np.ndarray and len(g) <= SHORT:
            g = _ones[g.dtype][: len(g)].dot(g) if g.dtype in _ones else _add_up(g, 0)
        else:
            g = total(g, 0 if extra == 1 else tuple(range(extra)))
    if g.shape == shape:
        return g
    return total(g, tuple([i for i, n in enumerate(shape) if n == 1 != g.shape[i]]), True)


def spread(g: Any, shape: tuple[int, ...]) -> Any:
    """`g` broadcast to `shape`, for a rule to return.

    Small NumPy arrays are filled, which is 3 microseconds faster than `broadcast_to`; large ones
    stay one number seen many times, which saves memory.
    """
    if isinstance(g, np.generic) and math.prod(shape) < 10_000:
        full = np.empty(shape, g.dtype)
        full.fill(g)
        return full
    return xp(g).broadcast_to(g, shape)


def each_by_itself(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Let a function of each element by itself take arrays in chunks, too: chunk by chunk."""

    @wraps(function)
    def of_any(x: Any) -> Any:
        return x.of_each(function) if hasattr(x, "blocks") else function(x)

    return of_any


def scatter_sum(values: Any, positions: Any, shape: tuple[int, ...]) -> Any:
    """Zeros of `shape`, to which each value is added at its position (of the flattened shape)."""
    if hasattr(values, "_array"):
        return values._scatter_sum(positions, shape)
    module = xp(values)
    summed = module.zeros(math.prod(shape), values.dtype)
    module.add.at(summed, module.asarray(positions), values)
    return summed.reshape(shape)


def checked(array: Any, wrong: Any, complaint: Callable[[Any], Exception]) -> Any:
    """`array`, if no element of it is `wrong`: else what `complaint` makes of the first such one is
    raised. For an array in chunks it is raised once they are computed."""
    if hasattr(array, "blocks"):
        return array.checked(wrong, complaint)
    module = xp(array)
    if module.count_nonzero(wrong):  # 2 microseconds faster than any()
        raise complaint(module.asarray(array)[wrong][0])
    return array


def elements(x: Any, indices: Any, dim: int) -> Any:
    """The place of each element of `x` that `indices` points at along `dim`: along the others, it
    is at the coordinates of the index. Indices without that dimension point at one of each row."""
    for array in (x, indices):
        if hasattr(array, "blocks"):
            return array.elements(indices, dim)
    arange, ndim = xp(indices).arange, indices.ndim
    place = [arange(n).reshape(n, *[1] * (ndim - d - 1)) for d, n in enumerate(indices.shape)]
    place[dim : dim + ndim + 1 - x.ndim] = [indices]
    return tuple(place)


def picked(x: Any, place: Any) -> Any:
    """The part of an array or a Tensor at a place; the one of `elements`, too."""
    return place.of(x) if hasattr(place, "of") else x[place]


def put_along(values: Any, indices: Any, dim: int, shape: tuple[int, ...]) -> Any:
    """Zeros of `shape` with `values` at `indices` along `dim`: the reverse of take_along_axis."""
    if not shape:
        return values
    indices = getattr(indices, "_array", indices)
    for array in (getattr(values, "_array", values), indices):
        if hasattr(array, "blocks"):
            return placed(values, array.elements(indices, dim), shape)
    module = xp(indices)
    numbers = module.arange(math.prod(shape)).reshape(shape)  # of the elements, as they lie
    positions = module.take_along_axis(numbers, indices, dim)
    return scatter_sum(values.reshape(-1), positions.reshape(-1), shape)


def placed(values: Any, place: Any, shape: tuple[int, ...]) -> Any:
    """Zeros of `shape` with `values` at `place`: a basic index, or what `elements` gives."""
    if hasattr(values, "_array"):
        return values._placed(place, shape)
    if hasattr(place, "of"):
        return place.put(values, shape)
    if hasattr(values, "blocks"):
        return values.placed(place, shape)
    whole = xp(values).zeros(shape, values.dtype)
    whole[place] = values
    return whole
