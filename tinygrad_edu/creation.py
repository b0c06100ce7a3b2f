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
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from . import devices, dtypes, random
from .arguments import check, type_name
from .operations import shapes
from .operations.record import check_tensor, wrap
from .tensor import Size, Tensor

SEQUENCES = (list, tuple, range, np.ndarray)


def _made(
    function: str, array: Any, dtype: Any, device: Any, requires_grad: bool, default: Any = None
) -> Tensor:
    """A leaf of `array`, in the type and on the device asked for."""
    numpy_dtype = dtypes.to_numpy_dtype(function, dtype) or default
    where = devices.to_device_object(function, device)
    if numpy_dtype is not None:
        array = array.astype(numpy_dtype, copy=False)
    array = devices.move(array, where)
    if array.ndim == 0 and isinstance(array, np.ndarray):
        array = array[()]  # a NumPy number: see operations/in_place.py
    t = wrap(Tensor, array)
    if requires_grad:
        t.requires_grad = check(function, "requires_grad", requires_grad, "bool")
    return t


# --- from numbers that are there ------------------------------------------------------------


def tensor(
    data: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """A tensor with a copy of `data`: a number, nested lists of numbers, a NumPy array, a tensor.

    Raises ValueError for lists of unequal length, TypeError for text, RuntimeError for None.

    >>> import tinygrad_edu as torch
    >>> torch.tensor([[1., 2.], [3., 4.]])
    tensor([[1., 2.],
            [3., 4.]])
    """
    if data.__class__ is Tensor:
        warnings.warn(
            "To copy construct from a tensor, it is recommended to use "
            "sourceTensor.detach().clone() or sourceTensor.detach().clone().requires_grad_(True), "
            "rather than torch.tensor(sourceTensor).",
            UserWarning,
            stacklevel=2,
        )
        array, device = data._array.copy(), data.device if device is None else device
    elif hasattr(data, "__array__"):
        array = np.array(_checked_array(np.asarray(data)))
    else:
        array = _array_of_numbers(data, dtypes.to_numpy_dtype("tensor", dtype))
    return _made("tensor", array, dtype, device, requires_grad)


def _checked_array(array: np.ndarray) -> np.ndarray:
    """`array` itself; TypeError or ValueError for what no tensor can be."""
    if not array.dtype.isnative:
        raise ValueError(
            "given numpy array has byte order different from the native byte order. Convert it "
            "with array.astype(array.dtype.newbyteorder('='))."
        )
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
    numpy_dtype = _type_of(leaves)
    if wanted is not None:
        numpy_dtype = wanted
    convert = {"f": float, "b": bool}.get(numpy_dtype.kind, operator.index)
    values = [convert(leaf) if leaf.__class__ is Tensor else leaf for leaf in leaves]
    if numpy_dtype.kind not in "iu":
        return np.array(values, numpy_dtype).reshape(shape)
    if wanted is not None and values:
        for value in (min(values), max(values), *(v for v in values if v != v)):
            dtypes.check_fits(value, numpy_dtype)
    try:
        return np.array(values, np.int64).astype(numpy_dtype).reshape(shape)
    except OverflowError:
        raise ValueError(
            "Overflow when unpacking long long: a whole number is too large for int64. "
            "Write it as a float, such as 2.0**70."
        ) from None


def _flattened(data: Any) -> tuple[list[Any], tuple[int, ...]]:
    """What nested lists hold, in order, and their shape; errors where the lists are ragged."""
    level, shape = [data], list[int]()
    while level and isinstance(level[0], SEQUENCES):
        n = len(level[0])
        for part in level:
            if not isinstance(part, SEQUENCES):
                raise TypeError(
                    f"not a sequence: {part!r} stands beside a list of length {n} at dim "
                    f"{len(shape)}. All lists must be nested equally deep."
                )
            if len(part) != n:
                raise ValueError(
                    f"expected sequence of length {n} at dim {len(shape)} (got {len(part)})"
                )
        shape.append(n)
        level = [item for part in level for item in part]
    if shape and level and isinstance(level[0], str):
        raise ValueError("too many dimensions 'str'. A tensor holds numbers.")
    return level, tuple(shape)


def _type_of(leaves: list[Any]) -> Any:
    """The NumPy type that a tensor of these numbers has."""
    found = [leaf._array.dtype for leaf in leaves if leaf.__class__ is Tensor]
    found += [_type_of_kind(kind) for kind in set(map(type, leaves)) if kind is not Tensor]
    result = found[0] if found else dtypes.default()
    for one in found:
        result = dtypes._numpy_promote(result, one)
    return result


def _type_of_kind(kind: type) -> Any:
    if issubclass(kind, np.generic):
        return dtypes.from_numpy_dtype(np.dtype(kind)).numpy
    if issubclass(kind, float):
        return dtypes.default()
    if issubclass(kind, int):
        return dtypes.BOOL if kind is bool else dtypes.INT64
    if issubclass(kind, str | bytes):
        raise TypeError(f"new(): invalid data type '{kind.__name__}'. A tensor holds numbers.")
    if issubclass(kind, list | tuple):
        raise TypeError(
            f"must be real number, not {kind.__name__}. All lists must be nested equally deep."
        )
    raise RuntimeError(f"Could not infer dtype of {kind.__name__}. A tensor holds real numbers.")


def as_tensor(data: Any, *, dtype: Any = None, device: Any = None) -> Tensor:
    """`data` as a tensor, without a copy where it is a tensor or a NumPy array that fits.

    >>> import tinygrad_edu as torch
    >>> torch.as_tensor([1, 2])
    tensor([1, 2])
    """
    if data.__class__ is Tensor:
        return data.to(dtype=dtype, device=device)
    if isinstance(data, np.ndarray):
        return from_numpy(data).to(dtype=dtype, device=device)
    return tensor(data, dtype=dtype, device=device)


def from_numpy(ndarray: np.ndarray) -> Tensor:
    """A tensor that shares the memory of a NumPy array. TypeError for anything else.

    >>> import numpy as np, tinygrad_edu as torch
    >>> torch.from_numpy(np.array([1, 2]))
    tensor([1, 2])
    """
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(
            f"expected np.ndarray (got {type_name(ndarray)}). For lists and numbers use "
            "torch.tensor(...)."
        )
    if not ndarray.flags.writeable:
        warnings.warn(
            "The given NumPy array is not writable, and so the tensor is not. To write to it, copy "
            "the array first, with array.copy().",
            UserWarning,
            stacklevel=2,
        )
    return wrap(Tensor, _checked_array(ndarray))


def legacy(data: tuple[Any, ...], dtype: Any) -> Tensor:
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


def _typed(dtype: dtypes.dtype) -> Any:
    def make(*data: Any) -> Tensor:
        return legacy(data, dtype)

    make.__name__ = make.__qualname__ = f"{dtype.legacy}Tensor"
    make.__doc__ = f"As torch.Tensor(...), of {dtype.name}. Prefer torch.tensor(...)."
    return make


FloatTensor, DoubleTensor = _typed(dtypes.float32), _typed(dtypes.float64)
LongTensor, IntTensor, BoolTensor = map(_typed, (dtypes.int64, dtypes.int32, dtypes.bool))


# --- filled and counted -----------------------------------------------------------------------


def _shape(function: str, given: tuple[Any, ...], size: Any = None) -> tuple[int, ...]:
    """The shape in f(2, 3), f((2, 3)) or f(size=(2, 3))."""
    if size is not None:
        if not isinstance(size, tuple | list):
            raise TypeError(
                f"{function}(): argument 'size' must be tuple of ints, not {type_name(size)}"
            )
        given = (size,)
    if not given:
        raise TypeError(f'{function}() missing 1 required positional argument: "size"')
    shape = shapes.sizes(function, given)
    if any(n < 0 for n in shape):
        raise RuntimeError(
            f"{function}: Dimension size must be non-negative. "
            f"Trying to create tensor with negative dimension {min(shape)}: {list(shape)}"
        )
    _check_memory(math.prod(shape))
    return shape


def _check_memory(count: float) -> None:
    """RuntimeError for more numbers than any machine can hold."""
    if count >= 2**44:
        raise RuntimeError(f"can't allocate memory: you tried to make {count} numbers")


def _filled(
    function: str,
    fill: Callable[[tuple[int, ...], Any], Any],
    shape: tuple[int, ...],
    dtype: Any,
    device: Any,
    requires_grad: bool,
) -> Tensor:
    """A leaf of the array `fill(shape, NumPy type)`."""
    numpy_dtype = dtypes.to_numpy_dtype(function, dtype) or dtypes.default()
    return _made(function, fill(shape, numpy_dtype), None, device, requires_grad)


def zeros(
    *sizes: Any,
    size: Any = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor of zeros: zeros(2, 3) and zeros((2, 3)) have 2 rows and 3 columns.

    >>> import tinygrad_edu as torch
    >>> torch.zeros(2)
    tensor([0., 0.])
    """
    shape = _shape("zeros", sizes, size)
    return _filled("zeros", np.zeros, shape, dtype, device, requires_grad)


def ones(
    *sizes: Any,
    size: Any = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor of ones: ones(2, 3) and ones((2, 3)) have 2 rows and 3 columns.

    >>> import tinygrad_edu as torch
    >>> torch.ones(2, dtype=torch.int64)
    tensor([1, 1])
    """
    shape = _shape("ones", sizes, size)
    return _filled("ones", np.ones, shape, dtype, device, requires_grad)


def empty(
    *sizes: Any,
    size: Any = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor whose numbers are yet to be written; here they are zeros.

    >>> import tinygrad_edu as torch
    >>> torch.empty(2, 3).shape
    torch.Size([2, 3])
    """
    shape = _shape("empty", sizes, size)
    return _filled("empty", np.zeros, shape, dtype, device, requires_grad)


def full(
    size: Any,
    fill_value: Any,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor of one number repeated; its type is the number's unless `dtype` is given.

    >>> import tinygrad_edu as torch
    >>> torch.full((2,), 7.)
    tensor([7., 7.])
    """
    value = check("full", "fill_value", fill_value, "Number", 2)
    numpy_dtype = dtypes.to_numpy_dtype("full", dtype) or _type_of_kind(type(value))
    shape = _shape("full", (), size)
    if shape or numpy_dtype.kind != "f":  # as in PyTorch, where one float alone may become inf
        dtypes.check_fits(value, numpy_dtype)
    array = np.full(shape, np.asarray(value).astype(numpy_dtype))
    return _made("full", array, None, device, requires_grad)


def arange(
    start: Any = None,
    end: Any = None,
    step: Any = 1,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The numbers from `start` (0 if only one is given) up to but without `end`, by `step`.

    >>> import tinygrad_edu as torch
    >>> torch.arange(0, 1, 0.25)
    tensor([0.0000, 0.2500, 0.5000, 0.7500])
    """
    start, end = (0, start) if end is None else (start or 0, end)
    start = check("arange", "start", start, "Number", 1)
    end = check("arange", "end", end, "Number", 2)
    step = check("arange", "step", step, "Number", 3)
    whole = not any(isinstance(each, float) for each in (start, end, step))
    default = dtypes.INT64 if whole else dtypes.default()
    numpy_dtype = dtypes.to_numpy_dtype("arange", dtype) or default
    array = _counted(start, end, step, numpy_dtype)
    return _made("arange", array, None, device, requires_grad)


def _counted(start: Any, end: Any, step: Any, numpy_dtype: Any) -> Any:
    """start, start + step, start + 2 step, ... before `end`."""
    if numpy_dtype.kind == "b":
        raise NotImplementedError("\"arange_cpu\" not implemented for 'Bool': count with integers")
    if not math.isfinite(start) or not math.isfinite(end):
        raise RuntimeError(f"unsupported range: {start} -> {end}")
    if numpy_dtype.kind != "f":
        start, end, step = int(start), int(end), int(step)
    if not step or step != step:
        raise RuntimeError("step must be nonzero")
    if (end - start) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    n = math.ceil((end - start) / step) if numpy_dtype.kind == "f" else -((start - end) // step)
    _check_memory(n)
    return (start + np.arange(n) * step).astype(numpy_dtype)


def linspace(
    start: Any,
    end: Any,
    steps: int,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """`steps` numbers from `start` to `end`, both included, at equal distances.

    Counted from the nearer end, as PyTorch does, so that the two halves mirror each other.

    >>> import tinygrad_edu as torch
    >>> torch.linspace(0, 1, 3)
    tensor([0.0000, 0.5000, 1.0000])
    """
    start, end = (getattr(each, "_array", each) for each in (start, end))
    start = float(check("linspace", "start", start, "Number", 1))
    end = float(check("linspace", "end", end, "Number", 2))
    steps = check("linspace", "steps", steps, "int", 3)
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    _check_memory(steps)
    numpy_dtype = dtypes.to_numpy_dtype("linspace", dtype) or dtypes.default()
    if numpy_dtype.kind == "b":
        raise NotImplementedError("\"linspace_cpu\" not implemented for 'Bool': count with floats")
    if numpy_dtype.kind == "f":
        number = numpy_dtype.type
    else:
        number, start, end = np.float64, int(start), int(end)
    gap = number((end - start) / max(steps - 1, 1))
    i = np.arange(steps)
    from_start = number(start) + gap * i.astype(number)
    from_end = number(end) - gap * (steps - 1 - i).astype(number)
    array = np.where((i < steps // 2) | (steps == 1), from_start, from_end)
    return _made("linspace", array, None, device, requires_grad, numpy_dtype)


def eye(
    n: int,
    m: int | None = None,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """A matrix of n rows and m columns (n if left out): ones on its diagonal, zeros elsewhere.

    >>> import tinygrad_edu as torch
    >>> torch.eye(2)
    tensor([[1., 0.],
            [0., 1.]])
    """
    n = check("eye", "n", n, "int", 1)
    m = n if m is None else check("eye", "m", m, "int", 2)
    for name, size in (("n", n), ("m", m)):
        if size < 0:
            raise RuntimeError(f"{name} must be greater or equal to 0, got {size}")
    return _filled(
        "eye", lambda shape, d: np.eye(*shape, dtype=d), (n, m), dtype, device, requires_grad
    )


def _like(function: str, input: Any, dtype: Any, device: Any) -> dict[str, Any]:
    """What a tensor like `input` is made with."""
    check_tensor(function, input)
    return {
        "size": input.shape,
        "dtype": input.dtype if dtype is None else dtype,
        "device": input.device if device is None else device,
    }


def zeros_like(
    input: Tensor, *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """Zeros in the shape, type and place of `input`.

    >>> import tinygrad_edu as torch
    >>> torch.zeros_like(torch.tensor([1, 2]))
    tensor([0, 0])
    """
    return zeros(**_like("zeros_like", input, dtype, device), requires_grad=requires_grad)


def ones_like(
    input: Tensor, *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """Ones in the shape, type and place of `input`.

    >>> import tinygrad_edu as torch
    >>> torch.ones_like(torch.tensor([1, 2]), dtype=torch.float64)
    tensor([1., 1.], dtype=torch.float64)
    """
    return ones(**_like("ones_like", input, dtype, device), requires_grad=requires_grad)


def empty_like(
    input: Tensor, *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """A tensor like `input` whose numbers are yet to be written; here they are zeros.

    >>> import tinygrad_edu as torch
    >>> torch.empty_like(torch.ones(2, 3)).shape
    torch.Size([2, 3])
    """
    return empty(**_like("empty_like", input, dtype, device), requires_grad=requires_grad)


def full_like(
    input: Tensor,
    fill_value: Any,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """One number repeated, in the shape, type and place of `input`.

    >>> import tinygrad_edu as torch
    >>> torch.full_like(torch.tensor([1, 2]), 7)
    tensor([7, 7])
    """
    options = _like("full_like", input, dtype, device)
    return full(fill_value=fill_value, **options, requires_grad=requires_grad)


# --- random -----------------------------------------------------------------------------------


def rand(
    *sizes: Any,
    size: Any = None,
    generator: Any = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Random numbers, each value from 0 up to but without 1 equally likely.

    >>> import tinygrad_edu as torch
    >>> _ = torch.manual_seed(42)
    >>> torch.rand(2)
    tensor([0.8823, 0.9150])
    """
    draw = partial(random.uniform, generator=generator)
    return _filled("rand", draw, _shape("rand", sizes, size), dtype, device, requires_grad)


def randn(
    *sizes: Any,
    size: Any = None,
    generator: Any = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Random numbers of the normal distribution with mean 0 and standard deviation 1.

    >>> import tinygrad_edu as torch
    >>> _ = torch.manual_seed(42)
    >>> torch.randn(1)
    tensor([0.3367])
    """
    draw = partial(random.normal, generator=generator)
    return _filled("randn", draw, _shape("randn", sizes, size), dtype, device, requires_grad)


def normal(
    mean: Any,
    std: Any = 1.0,
    size: Any = None,
    *,
    generator: Any = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Random numbers of the normal distribution with this mean and standard deviation.

    Both are numbers, with a `size`, or one or both are tensors, which give the shape.

    >>> import tinygrad_edu as torch
    >>> _ = torch.manual_seed(42)
    >>> torch.normal(0., 1., (1,))
    tensor([0.3367])
    """
    tensors = [each.detach() for each in (mean, std) if each.__class__ is Tensor]
    if tensors:
        like = tensors[0] if len(tensors) == 1 else tensors[0] + tensors[1]
        size, dtype = like.shape, like.dtype if dtype is None else dtype
    mean, std = (
        each._array if each.__class__ is Tensor else check("normal", name, each, "float", place)
        for place, (name, each) in enumerate((("mean", mean), ("std", std)), 1)
    )
    draw = partial(random.normal, mean=mean, std=std, generator=generator)
    return _filled("normal", draw, _shape("normal", (), size), dtype, device, requires_grad)


def randint(
    low: Any = None,
    high: Any = None,
    size: Any = None,
    *,
    generator: Any = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
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
    low = 0 if low is None else check("randint", "low", low, "int", 1)
    high = check("randint", "high", high, "int", 2)
    numpy_dtype = dtypes.to_numpy_dtype("randint", dtype) or dtypes.INT64
    array = random.integers(low, high, _shape("randint", (), size), numpy_dtype, generator)
    return _made("randint", array, None, device, requires_grad)


def randperm(
    n: int,
    *,
    generator: Any = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The whole numbers from 0 to n - 1 in a random order; int64.

    >>> import tinygrad_edu as torch
    >>> _ = torch.manual_seed(42)
    >>> torch.randperm(4)
    tensor([2, 3, 0, 1])
    """
    n = check("randperm", "n", n, "int", 1)
    numpy_dtype = dtypes.to_numpy_dtype("randperm", dtype) or dtypes.INT64
    array = random.permutation(n, numpy_dtype, generator)
    return _made("randperm", array, None, device, requires_grad)


def rand_like(
    input: Tensor,
    *,
    generator: Any = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Random numbers between 0 and 1 in the shape, type and place of `input`.

    >>> import tinygrad_edu as torch
    >>> _ = torch.manual_seed(42)
    >>> torch.rand_like(torch.zeros(2))
    tensor([0.8823, 0.9150])
    """
    options = _like("rand_like", input, dtype, device)
    return rand(**options, generator=generator, requires_grad=requires_grad)


def randn_like(
    input: Tensor,
    *,
    generator: Any = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Normal random numbers in the shape, type and place of `input`.

    >>> import tinygrad_edu as torch
    >>> _ = torch.manual_seed(42)
    >>> torch.randn_like(torch.zeros(2))
    tensor([0.3367, 0.1288])
    """
    options = _like("randn_like", input, dtype, device)
    return randn(**options, generator=generator, requires_grad=requires_grad)


def randint_like(
    input: Tensor,
    low: Any = None,
    high: Any = None,
    *,
    generator: Any = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Random whole numbers as from `randint`, in the shape, type and place of `input`.

    >>> import tinygrad_edu as torch
    >>> _ = torch.manual_seed(42)
    >>> torch.randint_like(torch.zeros(3), 10)
    tensor([2., 7., 6.])
    """
    options = _like("randint_like", input, dtype, device)
    return randint(low, high, **options, generator=generator, requires_grad=requires_grad)


def bernoulli(input: Tensor, *, generator: Any = None) -> Tensor:
    """1 with the probability that stands in `input`, else 0, element by element; floats.

    Raises RuntimeError for a number that is no probability, NotImplementedError for integers.

    >>> import tinygrad_edu as torch
    >>> torch.bernoulli(torch.tensor([0., 1.]))
    tensor([0., 1.])
    """
    check_tensor("bernoulli", input)
    array = devices.move(input._array, devices.CPU)
    return _made("bernoulli", random.bernoulli(array, generator), None, input.device, False)
