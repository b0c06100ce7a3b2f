"""The number types of tensors and the rules by which two types become one.

A `dtype` here is a name for a NumPy type, printed as PyTorch prints it. Inside the package arrays
carry NumPy's own types; this module is where the two meet, and where PyTorch's promotion differs
from NumPy's: an integer never widens a float, and a 0-dimensional tensor or a Python number never
widens a tensor that has dimensions and is of the same or a higher kind.
"""

from __future__ import annotations

import builtins
from functools import cache
from typing import Any

import numpy as np

from .arguments import check, require, type_name


class dtype:
    """A number type, such as `torch.float32`.

    >>> import tinygrad_edu as torch
    >>> torch.float32
    torch.float32
    >>> torch.float32.is_floating_point, torch.float32.itemsize
    (True, 4)
    """

    is_complex = False

    def __init__(self, name: str, legacy: str) -> None:
        self.name = name
        self.numpy = np.dtype(name)
        self.legacy = legacy  # the word of PyTorch's older type names: Float, Long, ...
        self.is_floating_point = self.numpy.kind == "f"
        self.is_signed = self.numpy.kind in "fi"
        self.itemsize = self.numpy.itemsize

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> str:
        return self.name


half = float16 = dtype("float16", "Half")
float = float32 = dtype("float32", "Float")
double = float64 = dtype("float64", "Double")
uint8 = dtype("uint8", "Byte")
int8 = dtype("int8", "Char")
short = int16 = dtype("int16", "Short")
int = int32 = dtype("int32", "Int")
long = int64 = dtype("int64", "Long")
bool = bool_ = dtype("bool", "Bool")

ALL = (float16, float32, float64, uint8, int8, int16, int32, int64, bool)
_OF_NUMPY = {each.numpy: each for each in ALL}
_OF_PYTHON = {kind: np.dtype(kind) for kind in (builtins.float, builtins.int, builtins.bool)}
_RANK = {"b": 0, "u": 1, "i": 1, "f": 2}

INT64 = np.dtype("int64")
BOOL = np.dtype("bool")
_default = np.dtype("float32")


def from_numpy_dtype(numpy_dtype: Any) -> dtype:
    """The dtype for a NumPy type; TypeError for one that tensors do not have."""
    found = _OF_NUMPY.get(numpy_dtype)
    if found is None:
        raise TypeError(
            f"can't convert np.ndarray of type numpy.{numpy_dtype.type.__name__}. The only "
            f"supported types are: {', '.join([each.name for each in ALL])}."
        )
    return found


def legacy_name(numpy_dtype: Any) -> str:
    """The word for a type in PyTorch's older names: 'Float' in FloatTensor."""
    return _OF_NUMPY[numpy_dtype].legacy


def to_numpy_dtype(function: str, given: Any, argument: str = "dtype") -> Any:
    """The NumPy type of a `dtype=` argument: a dtype, or Python's float, int or bool.

    Raises TypeError for anything else.
    """
    if given.__class__ is dtype:
        return given.numpy
    if isinstance(given, type) and given in _OF_PYTHON:
        return _OF_PYTHON[given]
    raise TypeError(
        f"{function}(): argument '{argument}' must be torch.dtype, not {type_name(given)}. "
        "Write it as torch.float32, without quotes."
    )


def default() -> np.dtype:
    """The NumPy type that Python floats become."""
    return _default


def set_default_dtype(d: dtype) -> None:
    """Set the type that Python floats become: torch.float32 at the start.

    Raises TypeError unless `d` is a floating point dtype.
    """
    global _default
    require(
        d.__class__ is dtype and d.is_floating_point,
        "invalid dtype object: only floating-point types are supported as the default type",
        TypeError,
    )
    _default = d.numpy


def get_default_dtype() -> dtype:
    """The dtype that Python floats become.

    >>> import tinygrad_edu as torch
    >>> torch.get_default_dtype()
    torch.float32
    """
    return _OF_NUMPY[_default]


# --- two types become one ---------------------------------------------------------------------


def _numpy_promote(a: np.dtype, b: np.dtype) -> np.dtype:
    if _RANK[a.kind] != _RANK[b.kind]:
        return a if _RANK[a.kind] > _RANK[b.kind] else b
    return np.promote_types(a, b)


def promote_types(type1: dtype, type2: dtype) -> dtype:
    """The smallest dtype that holds both kinds.

    >>> import tinygrad_edu as torch
    >>> torch.promote_types(torch.int64, torch.float32)
    torch.float32
    """
    a = to_numpy_dtype("promote_types", type1, "type1")
    b = to_numpy_dtype("promote_types", type2, "type2")
    return _OF_NUMPY[_numpy_promote(a, b)]


def number_dtype(value: Any, beside: np.dtype) -> np.dtype:
    """The type of a result made of a tensor of type `beside` and the Python number `value`."""
    kind = "i" if isinstance(value, builtins.int | np.integer) else "f"
    if isinstance(value, builtins.bool | np.bool_):
        kind = "b"
    if _RANK[kind] <= _RANK[beside.kind]:
        return beside
    return _default if kind == "f" else INT64


def common_dtype(x: Any, y: Any) -> np.dtype:
    """The type of a result made of two arrays.

    Source: the promotion rules of PyTorch's documentation, "Tensor Attributes".
    """
    if x.dtype == y.dtype:
        return x.dtype
    if (x.ndim == 0) == (y.ndim == 0):
        return _numpy_promote(x.dtype, y.dtype)
    dimensioned, zero_dim = (y.dtype, x.dtype) if x.ndim == 0 else (x.dtype, y.dtype)
    return zero_dim if _RANK[zero_dim.kind] > _RANK[dimensioned.kind] else dimensioned


def result_type(tensor1: Any, tensor2: Any) -> dtype:
    """The dtype of a result made of two tensors, of a tensor and a number, or of two numbers.

    >>> import tinygrad_edu as torch
    >>> torch.result_type(torch.tensor([1, 2]), 1.5)
    torch.float32
    """
    given = tensor1, tensor2
    arrays = [each._array for each in given if hasattr(each, "_array")]
    result = common_dtype(arrays[0], arrays[-1]) if arrays else BOOL
    for each in given:
        if not hasattr(each, "_array"):
            result = number_dtype(check("result_type", "scalar", each, "Number"), result)
    return _OF_NUMPY[result]


# --- what a type can hold ---------------------------------------------------------------------


class iinfo:
    """The smallest and the largest number of an integer type, and its bits.

    >>> import tinygrad_edu as torch
    >>> torch.iinfo(torch.uint8)
    iinfo(min=0, max=255, dtype=uint8)
    """

    shown: tuple[str, ...] = ("min", "max")
    kinds, needs = "iu", "an integer"

    def __init__(self, type: Any) -> None:
        name = self.__class__.__name__
        numpy_dtype = to_numpy_dtype(name, type, "type")
        if numpy_dtype.kind not in self.kinds:
            raise TypeError(f"torch.{name}() requires {self.needs} input type, not {type}")
        limits = getattr(np, name)(numpy_dtype)
        self.dtype, self.bits = numpy_dtype.name, limits.bits
        for attribute in self.shown:
            setattr(self, attribute, np.asarray(getattr(limits, attribute)).item())

    def __repr__(self) -> str:
        values = [f"{attribute}={getattr(self, attribute):g}" for attribute in self.shown]
        return f"{self.__class__.__name__}({', '.join(values)}, dtype={self.dtype})"


class finfo(iinfo):
    """The limits of a floating point type; `eps` is the step from 1 to the next number.

    >>> import tinygrad_edu as torch
    >>> torch.finfo(torch.float64).eps
    2.220446049250313e-16
    """

    shown = ("resolution", "min", "max", "eps", "smallest_normal", "tiny")
    kinds, needs = "f", "a floating point"

    def __init__(self, type: Any = None) -> None:
        super().__init__(get_default_dtype() if type is None else type)
        self.resolution = 10.0 ** -np.finfo(self.dtype).precision


@cache
def range_of(numpy_dtype: np.dtype) -> tuple[Any, Any]:
    """The smallest and the largest number of a type."""
    if numpy_dtype.kind == "b":
        return 0, 1
    limits: Any = (finfo if numpy_dtype.kind == "f" else iinfo)(_OF_NUMPY[numpy_dtype])
    return limits.min, limits.max


def fitted(value: Any, numpy_dtype: np.dtype) -> Any:
    """A Python number as a number of a NumPy type; RuntimeError if it lies outside of its range."""
    check_fits(value, numpy_dtype)
    if numpy_dtype.kind in "iu":
        return np.int64(builtins.int(value)).astype(numpy_dtype)
    return numpy_dtype.type(value)


def check_fits(value: Any, numpy_dtype: np.dtype) -> None:
    """RuntimeError for a number that lies outside of what `numpy_dtype` can hold.

    As in PyTorch, -1 fits into uint8: it counts down from 256.
    """
    kind = numpy_dtype.kind
    low, high = range_of(numpy_dtype)
    if kind == "u":
        low = -high
    without_end = kind == "f" and value - value != 0  # nan, and the infinities
    if not (low <= value <= high or kind == "b" or without_end):
        said = f"value cannot be converted to type {numpy_dtype.name} without overflow"
        raise RuntimeError(f"{said}: {value} lies outside of {low} to {high}")
