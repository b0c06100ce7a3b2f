"""Many numbers become one: sum, mean, max, min and their kin, over all dimensions or some.

Going back, the gradient of a sum is copied to every term; a mean's is shared out among them; a
maximum's goes to the largest, in equal parts where several are the largest (over all dimensions)
or to the one whose index is returned (along one dimension).
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

from .. import dtypes
from ..devices import put_along, spread, xp
from .record import RESULT, check_tensor, node_class, record, wrap

def _named_tuple_text(self: Any) -> str:
    fields = ",\n".join(f"{name}={value!r}" for name, value in zip(self._fields, self))
    return f"torch.return_types.{type(self).__bases__[0].__name__}(\n{fields})"


class ValuesOfMax(namedtuple("max", ["values", "indices"])):
    """What `max(dim)` returns."""

    __repr__ = _named_tuple_text


class ValuesOfMin(namedtuple("min", ["values", "indices"])):
    """What `min(dim)` returns."""

    __repr__ = _named_tuple_text


def wrapped_dim(dim: Any, ndim: int) -> int:
    """`dim` counted from the front; IndexError if there is no such dimension."""
    if not isinstance(dim, (int, np.integer)) or isinstance(dim, bool):
        raise TypeError(f"dim must be an int, not {type(dim).__name__}")
    limit = max(ndim, 1)
    if not -limit <= dim < limit:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-limit}, {limit - 1}], "
            f"but got {dim})"
        )
    return int(dim) % limit


def wrapped_dims(dim: Any, ndim: int) -> tuple[int, ...]:
    """One dim or several as a tuple counted from the front; none means all."""
    if dim is None or (isinstance(dim, (tuple, list)) and len(dim) == 0):
        return tuple(range(ndim))
    dims = [wrapped_dim(d, ndim) for d in (dim if isinstance(dim, (tuple, list)) else (dim,))]
    if len(set(dims)) != len(dims):
        raise RuntimeError(f"dim {dims} appears multiple times in the list of dims")
    return tuple(dims) if ndim else ()


def unreduced(g: Any, shape: tuple[int, ...], dims: tuple[int, ...], keepdim: bool) -> Any:
    """`g` with the dimensions back, as size 1, over which a reduction went."""
    if keepdim or len(dims) == len(shape):
        return g.reshape((1,) * len(shape)) if len(shape) and not keepdim else g
    return g.reshape(tuple(1 if d in dims else size for d, size in enumerate(shape)))


def _sum_rule(g: Any, shape: Any, dims: Any, keepdim: bool) -> Any:
    return spread(unreduced(g, shape, dims, keepdim), shape)


def _mean_rule(g: Any, shape: Any, dims: Any, keepdim: bool, n: int) -> Any:
    return spread(unreduced(g / n, shape, dims, keepdim), shape)


def _extreme_rule(g: Any, x: Any, z: Any) -> Any:
    module = xp(x)
    hits = (x == z) if z == z else (x != x)
    return module.where(hits, g / hits.sum(), 0.0)


def _extreme_along_rule(g: Any, shape: Any, dim: int, keepdim: bool, indices: Any) -> Any:
    kept = tuple(1 if d == dim else size for d, size in enumerate(shape))
    return put_along(g.reshape(kept), indices.reshape(kept), dim, shape)


SumBackward0 = node_class("SumBackward0", lambda g, shape: spread(g, shape), inputs="x")
SumBackward1 = node_class("SumBackward1", _sum_rule, inputs="x")
MeanBackward0 = node_class("MeanBackward0", lambda g, shape, n: spread(g / n, shape), inputs="x")
MeanBackward1 = node_class("MeanBackward1", _mean_rule, inputs="x")
MaxBackward1 = node_class("MaxBackward1", _extreme_rule, inputs="x")
MinBackward1 = node_class("MinBackward1", _extreme_rule, inputs="x")
MaxBackward0 = node_class("MaxBackward0", _extreme_along_rule, inputs="x", frees=True)
MinBackward0 = node_class("MinBackward0", _extreme_along_rule, inputs="x", frees=True)


class Reductions:
    """The methods of a tensor that reduce its dimensions."""

    __slots__ = ()

    _array: Any

    def sum(
        self: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None,
        axis: Any = None, keepdims: bool = False,
    ) -> Any:
        """The sum over all elements, or over the dimensions `dim`. Integers sum to int64."""
        check_tensor("sum", self)
        dim, keepdim = (axis if dim is None else dim), keepdim or keepdims  # NumPy's names
        self = self if dtype is None else self.to(dtype)
        x = self._array
        if x.dtype.kind != "f":
            x = x.astype(dtypes.INT64)
        if dim is None and not keepdim:
            return record(x.sum(), SumBackward0, (self,), x.shape)
        dims = wrapped_dims(dim, x.ndim)
        z = x.sum(axis=dims, keepdims=keepdim)
        return record(z, SumBackward1, (self,), x.shape, dims, keepdim)

    def mean(
        self: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None,
        axis: Any = None, keepdims: bool = False,
    ) -> Any:
        """The mean over all elements, or over the dimensions `dim`. RuntimeError for integers."""
        check_tensor("mean", self)
        dim, keepdim = (axis if dim is None else dim), keepdim or keepdims  # NumPy's names
        self = self if dtype is None else self.to(dtype)
        x = self._array
        if x.dtype.kind != "f":
            raise RuntimeError(
                "mean(): could not infer output dtype. Input dtype must be either a floating point "
                f"or complex dtype. Got: {dtypes.legacy_name(x.dtype)}. "
                "Make it floats first, with x.float()."
            )
        if dim is None and not keepdim:
            n = x.size  # sum / n is 3.8 microseconds faster than NumPy's mean
            return record(_divided(x.sum(), n), MeanBackward0, (self,), x.shape, n)
        dims = wrapped_dims(dim, x.ndim)
        n = int(np.prod([x.shape[d] for d in dims]))
        z = _divided(x.sum(axis=dims, keepdims=keepdim), n)
        return record(z, MeanBackward1, (self,), x.shape, dims, keepdim, n)

    def max(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """The largest element; along `dim` the pair (values, indices); with a tensor, maximum."""
        return _extreme(self, dim, keepdim, "max", np.argmax, MaxBackward1, MaxBackward0)

    def min(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """The smallest element; along `dim` the pair (values, indices); with a tensor, minimum."""
        return _extreme(self, dim, keepdim, "min", np.argmin, MinBackward1, MinBackward0)

    def argmax(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """The index of the largest element, of the flattened tensor or along `dim`."""
        return _arg(self, dim, keepdim, "argmax", np.argmax)

    def argmin(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """The index of the smallest element, of the flattened tensor or along `dim`."""
        return _arg(self, dim, keepdim, "argmin", np.argmin)

    def any(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """Whether any element is true (not zero)."""
        check_tensor("any", self)
        dims = wrapped_dims(dim, self._array.ndim)
        return wrap(self.__class__, np.any(self._array, axis=dims, keepdims=keepdim))

    def all(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """Whether all elements are true (not zero)."""
        check_tensor("all", self)
        dims = wrapped_dims(dim, self._array.ndim)
        return wrap(self.__class__, np.all(self._array, axis=dims, keepdims=keepdim))


def _divided(total: Any, n: int) -> Any:
    return total / n if n else total * np.nan


def _extreme(
    self: Any, dim: Any, keepdim: bool, name: str, arg: Any, over_all: Any, along: Any
) -> Any:
    check_tensor(name, self)
    if dim.__class__ is self.__class__:
        return self.maximum(dim) if name == "max" else self.minimum(dim)
    x = self._array
    if dim is None:
        if x.size == 0:
            raise RuntimeError(
                f"{name}(): Expected reduction dim to be specified for input.numel() == 0. "
                "Specify the reduction dim with the 'dim' argument."
            )
        z = getattr(x, name)()
        return record(z, over_all, (self,), self, RESULT)
    dim = wrapped_dim(dim, x.ndim)
    pair = ValuesOfMax if name == "max" else ValuesOfMin
    if x.ndim == 0:
        values = record(x.copy(), along, (self,), (), 0, keepdim, np.int64(0))
        return pair(values, wrap(self.__class__, np.int64(0)))
    if x.shape[dim] == 0:
        raise IndexError(f"{name}(): Expected reduction dim {dim} to have non-zero size.")
    indices = arg(x, axis=dim)
    z = np.take_along_axis(x, np.expand_dims(indices, dim), dim)
    if keepdim:
        indices = np.expand_dims(indices, dim)
    else:
        z = z.squeeze(dim)
    values = record(z[()], along, (self,), x.shape, dim, keepdim, indices)
    return pair(values, wrap(self.__class__, indices))


def _arg(self: Any, dim: Any, keepdim: bool, name: str, arg: Any) -> Any:
    check_tensor(name, self)
    x = self._array
    if x.size == 0 and dim is None:
        raise IndexError(f"{name}(): Expected reduction dim to be specified for input.numel() == 0.")
    if dim is None or x.ndim == 0:
        return wrap(self.__class__, np.int64(arg(x)).reshape((1,) * x.ndim if keepdim else ())[()])
    return wrap(self.__class__, arg(x, axis=wrapped_dim(dim, x.ndim), keepdims=keepdim))
