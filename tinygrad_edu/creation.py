"""Ways to make a tensor: from Python numbers and NumPy arrays, filled, counted or random.

Python floats become the default type (float32), whole numbers int64, True and False bool. Random
numbers are PyTorch's for the same seed, drawn on the CPU and then moved, so that they are the same
on every device.

All functions take these by name: `dtype`, a type such as torch.float64; `device`, such as 'cuda';
and `requires_grad`, whether a gradient will be wanted. They raise TypeError for arguments of a
wrong kind, RuntimeError for numbers that do not fit into `dtype`, for negative sizes, and for
integers that should require a gradient.
"""

from __future__ import annotations

import math
import operator
import sys
import warnings
from collections.abc import Callable
from functools import partial, reduce, wraps
from typing import Any

import numpy as np

from . import devices, dtypes, random
from .arguments import check, check_all, require, type_name
from .operations import shapes
from .operations.record import check_tensor, wrap
from .tensor import Size, Tensor

SEQUENCES = (list, tuple, range, np.ndarray)
Create = Callable[..., Tensor]

# There is one layout here, row by row: these options are read and change nothing.
IGNORED = ("layout", "memory_format", "pin_memory")
strided, contiguous_format, preserve_format = "strided", "contiguous_format", "preserve_format"


def creates(default: Callable[[], Any] = lambda: None) -> Callable[[Callable[..., Any]], Create]:
    """Makes a creation function of one that makes an array.

    The array's maker is told the NumPy type, which is `default()` where the user names none, and
    None where the maker may choose. The other options are dealt with here, once for all.
    """

    def with_options(make: Callable[..., Any]) -> Create:
        name = make.__name__

        @wraps(make)
        def create(*arguments, dtype=None, device=None, requires_grad=None, **more):
            if more:
                more = {name: value for name, value in more.items() if name not in IGNORED}
            numpy_dtype = default() if dtype is None else dtypes.to_numpy_dtype(name, dtype)
            where = devices.to_device_object(name, device)
            array = make(*arguments, dtype=numpy_dtype, **more)
            t = _leaf(array if where is devices.CPU else devices.move(array, where))
            if requires_grad:
                t.requires_grad = check(name, "requires_grad", requires_grad, "bool")
            return t

        return create

    return with_options


def _leaf(array: Any) -> Tensor:
    # Without dimensions it is kept as a NumPy number: see operations/in_place.py.
    return wrap(Tensor, array if array.ndim else array[()])


# --- from numbers that are there ------------------------------------------------------------


@creates()
def tensor(data: Any, *, dtype: Any) -> Any:
    """A tensor with a copy of `data`: a number, nested lists of numbers, a NumPy array, a tensor.

    Raises ValueError for lists of unequal length, TypeError for text, RuntimeError for None.

    >>> import tinygrad_edu as torch
    >>> torch.tensor([[1., 2.], [3., 4.]])
    tensor([[1., 2.],
            [3., 4.]])
    """
    if data.__class__ is float and dtype is None:  # the most frequent case: 3 microseconds less
        return dtypes.default().type(data)
    if data.__class__ is Tensor:
        warnings.warn(
            "To copy construct from a tensor, it is recommended to use "
            "sourceTensor.detach().clone() or sourceTensor.detach().clone().requires_grad_(True), "
            "rather than torch.tensor(sourceTensor).",
            stacklevel=3,
        )
        return data._array.astype(dtype or data._array.dtype)
    if hasattr(data, "__array__"):
        array = _checked_array(np.asarray(data))
        return array.astype(dtype or array.dtype)
    return _array_of_numbers(data, dtype)


def _checked_array(array: np.ndarray) -> np.ndarray:
    """`array` itself; TypeError or ValueError for what no tensor can be."""
    order = "given numpy array has byte order different from the native byte order"
    require(array.dtype.isnative, order, ValueError)
    dtypes.from_numpy_dtype(array.dtype)
    if any(stride < 0 for stride in array.strides):
        raise ValueError(
            "At least one stride in the given numpy array is negative, and tensors with negative "
            "strides are not currently supported. Make a copy first, with array.copy()."
        )
    return array


def _array_of_numbers(data: Any, wanted: Any) -> Any:
    """The numbers in nested lists as an array, of the type `wanted` or else of their own."""
    leaves, shape = _flattened(data)
    kinds = set(map(type, leaves))
    own = [_type_of_kind(kind) for kind in kinds if kind is not Tensor]
    if Tensor in kinds:
        own += [leaf._array.dtype for leaf in leaves if leaf.__class__ is Tensor]
    numpy_dtype = wanted or reduce(dtypes._numpy_promote, own or [dtypes.default()])
    if Tensor in kinds:
        convert: Any = {"f": float, "b": bool}.get(numpy_dtype.kind, operator.index)
        leaves = [convert(leaf) if leaf.__class__ is Tensor else leaf for leaf in leaves]
    if numpy_dtype.kind not in "iu":
        return np.array(leaves, numpy_dtype).reshape(shape)
    if wanted:
        for value in set(leaves):
            dtypes.check_fits(value, numpy_dtype)
    try:
        return np.array(leaves, np.int64).astype(numpy_dtype).reshape(shape)
    except OverflowError:
        raise ValueError("Overflow when unpacking long long: write it as a float") from None


def _flattened(data: Any) -> tuple[list[Any], tuple[int, ...]]:
    """What nested lists hold, in order, and their shape; errors where the lists are ragged."""
    first, level, shape = data, [data], list[int]()
    while isinstance(first, SEQUENCES):
        shape.append(len(first))
        first = first[0] if len(first) else None
    if 0 in shape:
        return [], tuple(shape)
    for dim, n in enumerate(shape):
        for part in level:
            if not isinstance(part, SEQUENCES):
                raise TypeError(f"not a sequence: {part!r}. Lists must be nested equally deep.")
            if len(part) != n:
                raise ValueError(f"expected sequence of length {n} at dim {dim} (got {len(part)})")
        level = [item for part in level for item in part]
    if shape and isinstance(first, str):
        raise ValueError("too many dimensions 'str'. A tensor holds numbers.")
    return level, tuple(shape)


def _type_of_kind(kind: type) -> Any:
    """The NumPy type that numbers of a Python or NumPy class become."""
    if issubclass(kind, np.generic):
        return dtypes.from_numpy_dtype(np.dtype(kind)).numpy
    if issubclass(kind, float):
        return dtypes.default()
    if issubclass(kind, int):
        return dtypes.BOOL if kind is bool else dtypes.INT64
    if issubclass(kind, str | bytes):
        raise TypeError(f"new(): invalid data type '{kind.__name__}'. A tensor holds numbers.")
    if issubclass(kind, list | tuple):
        raise TypeError(f"must be real number, not {kind.__name__}: it must be nested equally deep")
    raise RuntimeError(f"Could not infer dtype of {kind.__name__}. A tensor holds real numbers.")


def as_tensor(data: Any, *, dtype: Any = None, device: Any = None) -> Tensor:
    """`data` as a tensor, without a copy where it is a tensor or a NumPy array that fits.

    >>> import tinygrad_edu as torch
    >>> torch.as_tensor([1, 2])
    tensor([1, 2])
    """
    if isinstance(data, np.ndarray):
        data = from_numpy(data).to(devices.get_default_device())
    if data.__class__ is Tensor:
        return data.to(dtype=dtype, device=device)
    return tensor(data, dtype=dtype, device=device)


def from_numpy(ndarray: np.ndarray) -> Tensor:
    """A tensor that shares the memory of a NumPy array. TypeError for anything else.

    >>> import numpy as np, tinygrad_edu as torch
    >>> torch.from_numpy(np.array([1, 2]))
    tensor([1, 2])
    """
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type_name(ndarray)}): see torch.tensor")
    if not ndarray.flags.writeable:
        warnings.warn("The given NumPy array is not writable: write to a copy of it", stacklevel=2)
    return wrap(Tensor, _checked_array(ndarray))


def from_dask(array: Any) -> Tensor:
    """A tensor on the device 'dask' of a Dask array, with its chunks; nothing is computed.

    Raises TypeError for anything else, RuntimeError if the array does not know how long it is.

    >>> import dask.array as da, tinygrad_edu as torch
    >>> x = torch.from_dask(da.ones(6, chunks=2))
    >>> x.device, x.sum()
    (device(type='dask'), tensor(6., device='dask', dtype=torch.float64))
    """
    dask = sys.modules.get("dask.array")  # who has such an array has imported it
    if dask is None or not isinstance(array, dask.Array):
        raise TypeError(f"expected dask.array.Array (got {type_name(array)}): see torch.tensor")
    dtypes.from_numpy_dtype(array.dtype)
    return wrap(Tensor, devices.chunked(array))


def legacy(dtype: dtypes.dtype, *data: Any) -> Tensor:
    """What torch.Tensor(...) makes: Tensor([2, 3]) holds these numbers, Tensor(2, 3) is a matrix
    whose numbers are yet to be written."""
    first = data[0] if data else []
    if isinstance(first, int | Size):
        return empty(*data, dtype=dtype)
    if first.__class__ is Tensor:
        return first[...]
    if not isinstance(first, SEQUENCES):
        raise TypeError(f"new(): data must be a sequence (got {type_name(first)})")
    return tensor(first, dtype=dtype)


FloatTensor, DoubleTensor = partial(legacy, dtypes.float32), partial(legacy, dtypes.float64)
LongTensor, IntTensor = partial(legacy, dtypes.int64), partial(legacy, dtypes.int32)
BoolTensor = partial(legacy, dtypes.bool)


# --- filled and counted -----------------------------------------------------------------------


def _shape(function: str, given: tuple[Any, ...], size: Any = None) -> tuple[int, ...]:
    """The shape in f(2, 3), f((2, 3)) or f(size=(2, 3))."""
    if size is not None and not isinstance(size, (tuple, list)):
        raise TypeError(
            f"{function}(): argument 'size' must be tuple of ints, not {type_name(size)}"
        )
    shape = shapes.sizes(function, given if size is None else (*given, size))
    if shape and min(shape) < 0:
        raise RuntimeError(
            f"{function}: Dimension size must be non-negative. "
            f"Trying to create tensor with negative dimension {min(shape)}: {list(shape)}"
        )
    if math.prod(shape) >= 2**44:
        raise RuntimeError(f"can't allocate memory: you tried to make {math.prod(shape)} numbers")
    return shape


@creates(dtypes.default)
def zeros(*sizes: Any, size: Any = None, dtype: Any) -> Any:
    """A tensor of zeros: zeros(2, 3) and zeros((2, 3)) have 2 rows and 3 columns.

    >>> import tinygrad_edu as torch
    >>> torch.zeros(2)
    tensor([0., 0.])
    """
    return np.zeros(_shape("zeros", sizes, size), dtype)


@creates(dtypes.default)
def ones(*sizes: Any, size: Any = None, dtype: Any) -> Any:
    """A tensor of ones: ones(2, 3) and ones((2, 3)) have 2 rows and 3 columns.

    >>> import tinygrad_edu as torch
    >>> torch.ones(2, dtype=torch.int64)
    tensor([1, 1])
    """
    return np.ones(_shape("ones", sizes, size), dtype)


@creates(dtypes.default)
def empty(*sizes: Any, size: Any = None, dtype: Any) -> Any:
    """A tensor whose numbers are yet to be written; here they are zeros.

    >>> import tinygrad_edu as torch
    >>> torch.empty(2, 3).shape
    torch.Size([2, 3])
    """
    return np.zeros(_shape("empty", sizes, size), dtype)


@creates()
def full(size: Any, fill_value: Any, *, dtype: Any) -> Any:
    """A tensor of one number repeated; its type is the number's unless `dtype` is given.

    >>> import tinygrad_edu as torch
    >>> torch.full((2,), 7.)
    tensor([7., 7.])
    """
    value = check("full", "fill_value", fill_value, "Number", 2)
    shape, dtype = _shape("full", (), size), dtype or _type_of_kind(type(value))
    if dtype != np.float16 or math.prod(shape) != 1:  # which alone may become inf
        dtypes.check_fits(value, dtype)
    return np.full(shape, np.asarray(value).astype(dtype))


@creates()
def arange(start: Any = None, end: Any = None, step: Any = 1, *, dtype: Any) -> Any:
    """The numbers from `start` (0 if only one is given) up to but without `end`, by `step`.

    >>> import tinygrad_edu as torch
    >>> torch.arange(0, 1, 0.25)
    tensor([0.0000, 0.2500, 0.5000, 0.7500])
    """
    start, end = (0, start) if end is None else (0 if start is None else start, end)
    start, end, step = check_all("arange", "Number", start=start, end=end, step=step)
    if dtype is None:
        dtype = dtypes.default() if float in map(type, (start, end, step)) else dtypes.INT64
    n = _steps_between(start, end, step, dtype)
    if dtype.kind == "f":
        return _floats_from(start, np.longdouble(step), n, dtype)
    start, step = int(start), int(step)
    return np.arange(start, start + n * step, step, dtype=np.int64).astype(dtype, copy=False)


def _steps_between(start: Any, end: Any, step: Any, dtype: Any) -> int:
    """How many numbers a range holds; errors for one that cannot be."""
    if dtype.kind == "b":
        raise NotImplementedError("\"arange_cpu\" not implemented for 'Bool': count with integers")
    if not (math.isfinite(start) and math.isfinite(end)):
        raise RuntimeError(f"unsupported range: {start} -> {end}")
    require(step and step == step, "step must be nonzero")
    onward = (end - start) * step >= 0
    require(onward, "upper bound and lower bound inconsistent with step sign")
    n = math.ceil((end - start) / step)
    if dtype.kind != "f":
        require(int(step), "step must be nonzero", ValueError)
    if dtype == dtypes.INT64:  # counted in whole numbers, which float64 may not hold
        n = -((int(start) - int(end)) // int(step))
    return _shape("arange", (n,))[0]


def _floats_from(start: Any, step: Any, n: int, dtype: Any) -> Any:
    """start + i * step for i below n, with PyTorch's rounding, which shows where 0 is passed.

    It fills registers of 32 bytes: their first numbers are rounded to `dtype`, and it counts on
    from these; the last few numbers are made one by one.
    """
    lanes = 32 // dtype.itemsize
    i: Any = np.arange(n)
    lane = np.where(i < n - n % (2 * lanes), i % lanes, 0)
    first = (start + step * (i - lane)).astype(np.float64).astype(dtype)
    return (first + step * lane).astype(np.float64).astype(dtype)


@creates(dtypes.default)
def linspace(start: Any, end: Any, steps: int, *, dtype: Any) -> Any:
    """`steps` numbers from `start` to `end`, both included, at equal distances.

    They are counted from the nearer end, as in PyTorch, so that the two halves mirror each other.

    >>> import tinygrad_edu as torch
    >>> torch.linspace(0, 1, 3)
    tensor([0.0000, 0.5000, 1.0000])
    """
    start, end = map(float, check_all("linspace", "Number", start=start, end=end))
    steps = check("linspace", "steps", steps, "int", 3)
    require(steps >= 0, "number of steps must be non-negative")
    if dtype.kind == "b":
        raise NotImplementedError("\"linspace_cpu\" not implemented for 'Bool': take floats")
    number = dtype.type if dtype.kind == "f" else np.float64
    start, end = number(dtypes.fitted(start, dtype)), number(dtypes.fitted(end, dtype))
    gap = (end - start) / number(max(steps - 1, 1))
    wide = number if number is np.float16 else np.longdouble  # multiplies and adds, then rounds
    i: Any = np.arange(steps).astype(wide)
    z = np.where((i < steps // 2) | (steps == 1), start + gap * i, end - gap * (steps - 1 - i))
    return z.astype(number).astype(dtype)


@creates(dtypes.default)
def eye(n: int, m: int | None = None, *, dtype: Any) -> Any:
    """A matrix of n rows and m columns (n if left out): ones on its diagonal, zeros elsewhere.

    >>> import tinygrad_edu as torch
    >>> torch.eye(2)
    tensor([[1., 0.],
            [0., 1.]])
    """
    n = check("eye", "n", n, "int", 1)
    m = n if m is None else check("eye", "m", m, "int", 2)
    for name, count in (("n", n), ("m", m)):
        if count < 0:
            raise RuntimeError(f"{name} must be greater or equal to 0, got {count}")
    return np.eye(n, m, dtype=dtype)


# --- random -----------------------------------------------------------------------------------


@creates(dtypes.default)
def rand(*sizes: Any, size: Any = None, generator: Any = None, dtype: Any) -> Any:
    """Random numbers, each value from 0 up to but without 1 equally likely.

    >>> import tinygrad_edu as torch
    >>> _ = torch.manual_seed(42)
    >>> torch.rand(2)
    tensor([0.8823, 0.9150])
    """
    return random.uniform(_shape("rand", sizes, size), dtype, generator=generator)


@creates(dtypes.default)
def randn(*sizes: Any, size: Any = None, generator: Any = None, dtype: Any) -> Any:
    """Random numbers of the normal distribution with mean 0 and standard deviation 1.

    >>> import tinygrad_edu as torch
    >>> _ = torch.manual_seed(42)
    >>> torch.randn(1)
    tensor([0.3367])
    """
    return random.normal(_shape("randn", sizes, size), dtype, generator=generator)


@creates()
def normal(
    mean: Any, std: Any = 1.0, size: Any = None, *, generator: Any = None, dtype: Any
) -> Any:
    """Random numbers of the normal distribution with this mean and standard deviation.

    Both are numbers, with a `size`, or one or both are tensors, which give the shape.

    >>> import tinygrad_edu as torch
    >>> _ = torch.manual_seed(42)
    >>> torch.normal(0., 1., (1,))
    tensor([0.3367])
    """
    if mean.__class__ is not Tensor and std.__class__ is not Tensor:
        mean, std = check_all("normal", "float", mean=mean, std=std)
        shape = _shape("normal", (), size)
        return random.normal(shape, dtype or dtypes.default(), mean, std, generator)
    like = mean + std
    mean, std = (each.cpu()._array if each.__class__ is Tensor else each for each in (mean, std))
    which = "all elements of std" if hasattr(std, "shape") else "std"
    require(not np.any(np.less(std, 0)), f"normal expects {which} >= 0.0, but one is negative")
    drawn = random.normal(like.shape, like._array.dtype, generator=generator)
    return devices.move(drawn * std + mean, like.device)


@creates(lambda: dtypes.INT64)
def randint(
    low: Any = None, high: Any = None, size: Any = None, *, generator: Any = None, dtype: Any
) -> Any:
    """Random whole numbers from `low` (0 if left out) up to but without `high`; int64.

    >>> import tinygrad_edu as torch
    >>> _ = torch.manual_seed(42)
    >>> torch.randint(10, (3,))
    tensor([2, 7, 6])
    """
    if size is None:
        low, high, size = None, low, high  # randint(high, size)
    elif high is None:
        low, high = None, low
    low, high = check_all("randint", "int", low=0 if low is None else low, high=high)
    return random.integers(low, high, _shape("randint", (), size), dtype, generator)


@creates(lambda: dtypes.INT64)
def randperm(n: int, *, generator: Any = None, dtype: Any) -> Any:
    """The whole numbers from 0 to n - 1 in a random order; int64.

    >>> import tinygrad_edu as torch
    >>> _ = torch.manual_seed(42)
    >>> torch.randperm(4)
    tensor([2, 3, 0, 1])
    """
    (n,) = _shape("randperm", (check("randperm", "n", n, "int", 1),))
    return random.permutation(n, dtype, generator)


def _drawn_from(name: str, draw: Callable[..., Any], input: Any, *arguments: Any) -> Tensor:
    """What `draw` makes of a tensor's numbers on the CPU, on the tensor's own device."""
    check_tensor(name, input)
    array = draw(devices.move(input._array, devices.CPU), *arguments)
    return _leaf(devices.move(array, input.device))


def bernoulli(input: Tensor, *, generator: Any = None) -> Tensor:
    """1 with the probability that stands in `input`, else 0, element by element; floats.

    Raises RuntimeError for a number that is no probability, NotImplementedError for integers.

    >>> import tinygrad_edu as torch
    >>> torch.bernoulli(torch.tensor([0., 1.]))
    tensor([0., 1.])
    """
    return _drawn_from("bernoulli", random.bernoulli, input, generator)


def multinomial(
    input: Tensor, num_samples: int, replacement: bool = False, *, generator: Any = None
) -> Tensor:
    """`num_samples` positions, drawn by the weights in `input` or in each of its rows; int64.

    Without `replacement` no position is drawn twice. Raises RuntimeError for a negative weight,
    for weights that are all 0, and for more samples than there are positions.

    >>> import tinygrad_edu as torch
    >>> torch.multinomial(torch.tensor([0., 1., 0.]), 1)
    tensor([1])
    """
    count = check("multinomial", "num_samples", num_samples, "int", 2)
    return _drawn_from("multinomial", random.multinomial, input, count, replacement, generator)


# --- like another tensor ----------------------------------------------------------------------


def alike(create: Create, like: Tensor, *arguments: Any, **options: Any) -> Tensor:
    """What `create` makes, of the type and on the device of `like` unless others are given."""
    for option in ("dtype", "device"):
        if options.get(option) is None:
            options[option] = getattr(like, option)
    return create(*arguments, **options)


def _like(name: str, create: Create) -> Create:
    """The creation function that makes what `create` does, like another tensor.

    >>> import tinygrad_edu as torch
    >>> torch.full_like(torch.tensor([1, 2]), 7)
    tensor([7, 7])
    """

    def make(input: Tensor, *arguments: Any, **options: Any) -> Tensor:
        check_tensor(name, input)
        return alike(create, input, input.shape, *arguments, **options)

    make.__name__ = make.__qualname__ = name
    make.__doc__ = f"As torch.{name[:-5]}, in the shape, type and place of `input`."
    return make


def _randint_of(size: Size, *bounds: Any, **options: Any) -> Tensor:
    return randint(*bounds, size=size, **options)


zeros_like, ones_like = _like("zeros_like", zeros), _like("ones_like", ones)
empty_like, full_like = _like("empty_like", empty), _like("full_like", full)
rand_like, randn_like = _like("rand_like", rand), _like("randn_like", randn)
randint_like = _like("randint_like", _randint_of)
