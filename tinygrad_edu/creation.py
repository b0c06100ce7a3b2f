"""Ways to make a tensor: from Python numbers and NumPy arrays, filled, counted or random.

Python floats become the default type (float32), whole numbers int64, True and False bool. Random
numbers are PyTorch's for the same seed, drawn on the CPU and then moved, so that they are the same
on every device.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from . import devices, dtypes, random
from .operations.record import check_tensor, wrap
from .operations.shapes import sizes
from .tensor import Tensor


def _made(
    array: Any, function: str, dtype: Any, device: Any, requires_grad: bool, default: Any = None
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
        t.requires_grad = True
    return t


def tensor(
    data: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """A tensor with a copy of `data`: a number, nested lists of numbers, a NumPy array, a tensor.

    Raises ValueError for lists of unequal length, TypeError for text, RuntimeError for None and
    for integers that should require a gradient.

    >>> import tinygrad_edu as torch
    >>> torch.tensor([[1., 2.], [3., 4.]])
    tensor([[1., 2.],
            [3., 4.]])
    """
    if data.__class__ is Tensor:
        warnings.warn(
            "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone()"
            " or sourceTensor.detach().clone().requires_grad_(True), rather than "
            "torch.tensor(sourceTensor).",
            UserWarning,
            stacklevel=2,
        )
        device = data.device if device is None else device
        return _made(data._array.copy(), "tensor", dtype, device, requires_grad)
    array = _array_of(data, None if dtype is None else dtypes.to_numpy_dtype("tensor", dtype))
    return _made(array, "tensor", dtype, device, requires_grad)


def _array_of(data: Any, wanted: Any = None) -> Any:
    """A new NumPy array with the numbers of `data`, of the type that a tensor of them has."""
    if isinstance(data, (np.ndarray, np.generic)):
        dtypes.from_numpy_dtype(data.dtype)
        return np.array(data)
    shape = _shape_of(data)
    leaves = _leaves_of(data, shape)
    numpy_dtype = wanted or _type_of(leaves)
    values = [getattr(leaf, "_array", leaf) for leaf in leaves]
    try:
        if numpy_dtype.kind in "iu":
            values = [int(value) for value in values]
            array = np.array(values, np.int64).astype(numpy_dtype)
        else:
            array = np.array(values, numpy_dtype)
    except OverflowError:
        raise ValueError(
            "Overflow when unpacking long long: a whole number is too large for int64. "
            "Write it as a float, such as 2.0**70."
        ) from None
    return array.reshape(shape)


def _shape_of(data: Any) -> tuple[int, ...]:
    shape: list[int] = []
    while isinstance(data, (list, tuple, range)) or (
        not hasattr(data, "_array") and isinstance(data, np.ndarray) and data.ndim
    ):
        shape.append(len(data))
        if not len(data):
            break
        data = data[0]
    if hasattr(data, "_array") and data._array.ndim:
        shape.extend(data._array.shape)
    return tuple(shape)


def _leaves_of(data: Any, shape: tuple[int, ...], dim: int = 0) -> list[Any]:
    """The numbers of nested lists, in order; ValueError where the lists are ragged."""
    if dim == len(shape):
        return [_checked_number(data)]
    if hasattr(data, "_array"):
        array = data._array
        if array.shape != shape[dim:]:
            raise ValueError(f"expected a tensor of shape {shape[dim:]} (got {array.shape})")
        return list(array.reshape(-1))
    if not isinstance(data, (list, tuple, range, np.ndarray)):
        raise TypeError(
            f"expected a sequence of length {shape[dim]} at dim {dim}, but got "
            f"{type(data).__name__}: the lists are not nested equally deep"
        )
    if len(data) != shape[dim]:
        raise ValueError(f"expected sequence of length {shape[dim]} at dim {dim} (got {len(data)})")
    return [leaf for part in data for leaf in _leaves_of(part, shape, dim + 1)]


def _checked_number(value: Any) -> Any:
    if isinstance(value, (int, float, np.number, np.bool_)):
        return value
    if hasattr(value, "_array") and value._array.ndim == 0:
        return value._array[()]
    if isinstance(value, str):
        raise TypeError("new(): invalid data type 'str'. A tensor holds numbers.")
    if isinstance(value, (list, tuple)):
        raise ValueError("the lists are not nested equally deep: a list stands beside a number")
    if isinstance(value, complex):
        raise TypeError("complex numbers are not available here. A tensor holds real numbers.")
    raise RuntimeError(f"Could not infer dtype of {type(value).__name__}. A tensor holds numbers.")


def _type_of(leaves: list[Any]) -> Any:
    result = None
    for kind in {leaf.__class__ for leaf in leaves}:
        if issubclass(kind, np.generic):
            one = np.dtype(kind)
        elif issubclass(kind, bool):
            one = dtypes.BOOL
        else:
            one = dtypes.INT64 if issubclass(kind, int) else dtypes.default()
        result = one if result is None else dtypes._numpy_promote(result, one)
    return dtypes.default() if result is None else result


def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Tensor:
    """`data` as a tensor, without a copy where it is a tensor or a NumPy array that fits."""
    if data.__class__ is Tensor:
        return data.to(dtype=dtype, device=device)
    if isinstance(data, np.ndarray):
        dtypes.from_numpy_dtype(data.dtype)
        return _made(data, "as_tensor", dtype, device, False)
    return tensor(data, dtype=dtype, device=device)


def from_numpy(ndarray: np.ndarray) -> Tensor:
    """A tensor that shares the memory of a NumPy array. TypeError for anything else.

    >>> import numpy as np, tinygrad_edu as torch
    >>> torch.from_numpy(np.array([1, 2]))
    tensor([1, 2])
    """
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(
            f"expected np.ndarray (got {type(ndarray).__name__}). For lists and numbers use "
            "torch.tensor(...)."
        )
    dtypes.from_numpy_dtype(ndarray.dtype)
    return wrap(Tensor, ndarray)


def _shape(function: str, given: tuple[Any, ...]) -> tuple[int, ...]:
    shape = sizes(function, given)
    for size in shape:
        if size < 0:
            raise RuntimeError(f"{function}: Dimension size must be non-negative, but got {size}.")
    return shape


def zeros(
    *size: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """A tensor of zeros: zeros(2, 3), zeros((2, 3)); zeros(()) has no dimensions."""
    array = np.zeros(_shape("zeros", size), dtypes.to_numpy_dtype("zeros", dtype) or dtypes.default())
    return _made(array, "zeros", None, device, requires_grad)


def ones(*size: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Tensor:
    """A tensor of ones: ones(2, 3), ones((2, 3)); ones(()) has no dimensions."""
    array = np.ones(_shape("ones", size), dtypes.to_numpy_dtype("ones", dtype) or dtypes.default())
    return _made(array, "ones", None, device, requires_grad)


def empty(*size: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Tensor:
    """A tensor whose numbers are yet to be written; here they are zeros."""
    return zeros(*size, dtype=dtype, device=device, requires_grad=requires_grad)


def full(
    size: Any,
    fill_value: Any,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor of one number repeated; its type is the number's unless `dtype` is given."""
    value = getattr(fill_value, "_array", fill_value)
    default = _type_of([_checked_number(value)])
    array = np.full(_shape("full", (size,)), value)
    return _made(array, "full", dtype, device, requires_grad, default)


def arange(
    start: Any,
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
    start, end = (0, start) if end is None else (start, end)
    start, end, step = (_checked_number(getattr(v, "_array", v)) for v in (start, end, step))
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if (end - start) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    n = math.ceil((float(end) - float(start)) / float(step))
    whole = all(isinstance(v, (int, np.integer)) for v in (start, end, step))
    array = start + np.arange(n, dtype=np.int64 if whole else np.float64) * step
    return _made(
        array, "arange", dtype, device, requires_grad, dtypes.INT64 if whole else dtypes.default()
    )


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
    """
    start, end = (float(_checked_number(getattr(v, "_array", v))) for v in (start, end))
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    numpy_dtype = dtypes.to_numpy_dtype("linspace", dtype) or dtypes.default()
    kind = numpy_dtype.type if numpy_dtype.kind == "f" else np.float64
    gap = kind((end - start) / (steps - 1)) if steps > 1 else kind(0)
    i = np.arange(steps)
    first = kind(start) + gap * i.astype(kind)
    last = kind(end) - gap * (steps - 1 - i).astype(kind)
    return _made(
        np.where(i < steps // 2, first, last) if steps > 1 else np.full(steps, kind(start)),
        "linspace", dtype, device, requires_grad, numpy_dtype,
    )


def eye(
    n: int, m: int | None = None, *, dtype: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """A matrix with ones on its diagonal and zeros elsewhere."""
    _shape("eye", (n,) if m is None else (n, m))
    return _made(np.eye(n, m), "eye", dtype, device, requires_grad, dtypes.default())


def _like(input: Any, dtype: Any, device: Any) -> dict[str, Any]:
    check_tensor("zeros_like", input)
    return {
        "dtype": input.dtype if dtype is None else dtype,
        "device": input.device if device is None else device,
    }


def zeros_like(
    input: Tensor, *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """Zeros in the shape, type and place of `input`."""
    options = _like(input, dtype, device)
    return zeros(input._array.shape, requires_grad=requires_grad, **options)


def ones_like(
    input: Tensor, *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """Ones in the shape, type and place of `input`."""
    options = _like(input, dtype, device)
    return ones(input._array.shape, requires_grad=requires_grad, **options)


def empty_like(
    input: Tensor, *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """A tensor like `input` whose numbers are yet to be written; here they are zeros."""
    return zeros_like(input, dtype=dtype, device=device, requires_grad=requires_grad)


def full_like(
    input: Tensor,
    fill_value: Any,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """One number repeated, in the shape, type and place of `input`."""
    options = _like(input, dtype, device)
    return full(input._array.shape, fill_value, requires_grad=requires_grad, **options)


def _float_dtype(function: str, dtype: Any) -> Any:
    return dtypes.to_numpy_dtype(function, dtype) or dtypes.default()


def rand(
    *size: Any, generator: Any = None, dtype: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Random numbers, each value from 0 up to but without 1 equally likely."""
    array = random.uniform(_shape("rand", size), _float_dtype("rand", dtype), generator=generator)
    return _made(array, "rand", None, device, requires_grad)


def randn(
    *size: Any, generator: Any = None, dtype: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Random numbers of the normal distribution with mean 0 and standard deviation 1.

    >>> import tinygrad_edu as torch
    >>> _ = torch.manual_seed(42)
    >>> torch.randn(1)
    tensor([0.3367])
    """
    array = random.normal(_shape("randn", size), _float_dtype("randn", dtype), generator=generator)
    return _made(array, "randn", None, device, requires_grad)


def randint(
    low: int, high: Any = None, size: Any = None, *, generator: Any = None, dtype: Any = None,
    device: Any = None, requires_grad: bool = False,
) -> Tensor:
    """Random whole numbers from `low` (0 if left out) up to but without `high`."""
    if size is None or not isinstance(high, (int, np.integer)):
        low, high, size = 0, low, high if size is None else size
    if size is None:
        raise TypeError("randint() needs a size, as in torch.randint(0, 10, (3,))")
    numpy_dtype = dtypes.to_numpy_dtype("randint", dtype) or dtypes.INT64
    array = random.integers(low, high, _shape("randint", (size,)), numpy_dtype, generator=generator)
    return _made(array, "randint", None, device, requires_grad)


def randperm(
    n: int, *, generator: Any = None, dtype: Any = None, device: Any = None
) -> Tensor:
    """The whole numbers from 0 to n - 1 in a random order."""
    numpy_dtype = dtypes.to_numpy_dtype("randperm", dtype) or dtypes.INT64
    return _made(random.permutation(n, numpy_dtype, generator=generator), "randperm", None, device, False)


def rand_like(input: Tensor, *, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Random numbers between 0 and 1 in the shape, type and place of `input`."""
    return rand(input._array.shape, requires_grad=requires_grad, **_like(input, dtype, None))


def randn_like(input: Tensor, *, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Normal random numbers in the shape, type and place of `input`."""
    return randn(input._array.shape, requires_grad=requires_grad, **_like(input, dtype, None))


def bernoulli(input: Tensor, *, generator: Any = None) -> Tensor:
    """1 with the probability that stands in `input`, else 0, element by element."""
    return _made(random.bernoulli(input._array, generator=generator), "bernoulli", None, input.device, False)
