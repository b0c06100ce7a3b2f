"""Many numbers become one: sum, mean, max, min and their kin, over all dimensions or some.

Going back, the gradient of a sum is copied to every term; a mean's is shared out among them; a
maximum's goes to the largest, in equal parts where several are the largest (over all dimensions)
or to the one whose index is returned (along one dimension).
"""

from __future__ import annotations

import math
from collections import namedtuple
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from .. import dtypes
from ..arguments import check
from ..devices import put_along, spread, total, xp
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


def wrapped_dim(dim: Any, ndim: int, function: str = "operation") -> int:
    """`dim` counted from the front; IndexError if there is no such dimension."""
    if dim.__class__ is not int:
        dim = check(function, "dim", dim, "int")
    limit = ndim or 1
    if not -limit <= dim < limit:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-limit}, {limit - 1}], "
            f"but got {dim})"
        )
    return dim % limit


def wrapped_dims(dims: tuple[int, ...] | None, ndim: int) -> tuple[int, ...]:
    """`dims` counted from the front; none means all. RuntimeError if one is there twice."""
    wrapped = tuple([wrapped_dim(d, ndim) for d in dims or range(ndim)])
    for d in wrapped:
        if wrapped.count(d) > 1:
            raise RuntimeError(f"dim {d} appears multiple times in the list of dims")
    return wrapped if ndim else ()


def listed(function: str, dim: Any) -> Any:
    """One dim or several as a tuple; None stays None. TypeError for what is no whole number."""
    dims = dim if dim is None or isinstance(dim, tuple | list) else (dim,)
    return None if dims is None else tuple([check(function, "dim", d, "int", 1) for d in dims])


def numpy_names(reduction: Callable[..., Any]) -> Callable[..., Any]:
    """Let a reduction's arguments go by NumPy's names too, `axis` and `keepdims`."""
    name = reduction.__name__

    @wraps(reduction)
    def with_names(
        self: Any, dim: Any = None, keepdim: bool = False, *, axis: Any = None, keepdims: Any = None
    ) -> Any:
        check_tensor(name, self)
        dim, keepdim = dim if axis is None else axis, keepdim if keepdims is None else keepdims
        return reduction(self, dim, check(name, "keepdim", keepdim, "bool", 2))

    return with_names


def unreduced(g: Any, shape: tuple[int, ...], dims: tuple[int, ...] | None) -> Any:
    """`g` with the dimensions back, as size 1, over which a reduction went."""
    dims = wrapped_dims(dims, len(shape))
    return g.reshape(tuple([1 if d in dims else n for d, n in enumerate(shape)]))


def _sum_rule(g: Any, self_sym_sizes: Any, dim: Any, _keepdim: bool) -> Any:
    return spread(unreduced(g, self_sym_sizes, dim), self_sym_sizes)


def _mean_rule(g: Any, self_sym_sizes: Any, self_sym_numel: int, dim: Any, _keepdim: bool) -> Any:
    terms = self_sym_numel // (math.prod(g.shape) or 1)
    return _sum_rule(g / terms, self_sym_sizes, dim, _keepdim)


def _extreme_rule(g: Any, x: Any, z: Any) -> Any:
    hits = (x == z) | ((x != x) & (z != z))  # nan is the largest and the smallest, where it is
    return xp(x).where(hits, g / hits.sum(dtype=g.dtype), 0.0)


def _extreme_along_rule(g: Any, self_sym_sizes: Any, dim: int, _keepdim: bool, indices: Any) -> Any:
    g, indices = (unreduced(each, self_sym_sizes, (dim,)) for each in (g, indices))
    return put_along(g, indices, dim, self_sym_sizes)


SumBackward0 = node_class(
    "SumBackward0", lambda g, self_sym_sizes: spread(g, self_sym_sizes), inputs="x"
)
SumBackward1 = node_class("SumBackward1", _sum_rule, inputs="x")
MeanBackward0 = node_class(
    "MeanBackward0",
    lambda g, self_sym_sizes, self_sym_numel: spread(g / self_sym_numel, self_sym_sizes),
    inputs="x",
)
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
        self: Any,
        dim: Any = None,
        keepdim: bool = False,
        *,
        dtype: Any = None,
        axis: Any = None,
        keepdims: bool = False,
    ) -> Any:
        """The sum of all elements, or along the dimensions `dim`: an int or several.

        With `keepdim` these dimensions stay, with the size 1. `dtype` is what to sum in; without
        it integers and bools sum to int64. `axis` and `keepdims` are NumPy's names of the same.
        Raises IndexError for a dimension that is not there, RuntimeError for one named twice.

        >>> import tinygrad_edu as torch
        >>> x = torch.tensor([[1., 2., 3.], [4., 5., 6.]])
        >>> x.sum(), x.sum(0), x.sum(1, keepdim=True).shape
        (tensor(21.), tensor([5., 7., 9.]), torch.Size([2, 1]))
        """
        check_tensor("sum", self)
        x = self._array
        if dtype is not None:
            x = x.astype(dtypes.to_numpy_dtype("sum", dtype), copy=False)
        elif x.dtype.kind != "f":
            x = x.astype(dtypes.INT64)
        dim, keepdim = (axis if dim is None else dim), keepdims or keepdim
        if dim is None and keepdim is False:
            z = total(x, dtype=None if dtype is None else x.dtype)
            return record(z, SumBackward0, (self,), x.shape)
        dims = listed("sum", dim)
        check("sum", "keepdim", keepdim, "bool", 2)
        z = total(x, wrapped_dims(dims, x.ndim), keepdim, x.dtype)
        return record(z, SumBackward1, (self,), x.shape, dims, keepdim)

    def mean(
        self: Any,
        dim: Any = None,
        keepdim: bool = False,
        *,
        dtype: Any = None,
        axis: Any = None,
        keepdims: bool = False,
    ) -> Any:
        """The mean of all elements, or along the dimensions `dim`: an int or several.

        With `keepdim` these dimensions stay, with the size 1; `axis` and `keepdims` are NumPy's
        names of the same. The mean of nothing is nan. Raises RuntimeError for integers and bools
        unless `dtype` is a floating point type, and what `sum` raises.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([[1., 2.], [3., 6.]]).mean(dim=0)
        tensor([2., 4.])
        """
        try:
            x = self._array
        except AttributeError:
            check_tensor("mean", self)
            raise
        if dtype is not None:
            x = x.astype(dtypes.to_numpy_dtype("mean", dtype), copy=False)
        if x.dtype.kind != "f":
            raise RuntimeError(
                f"mean(): could not infer output dtype. {'Optional' if dtype else 'Input'} dtype "
                "must be either a floating point or complex dtype. Got: "
                f"{dtypes.legacy_name(x.dtype)}. Make it floats first, with x.float()."
            )
        dim, keepdim = (axis if dim is None else dim), keepdims or keepdim
        n, half = x.size, x.itemsize == 2  # a sum in half precision may be too large for it
        if dim is None and keepdim is False:
            # 3.8 microseconds faster than NumPy's mean.
            z = x.dtype.type(total(x, dtype=np.float32) / n) if half else total(x) / n
            return record(z, MeanBackward0, (self,), x.shape, n)
        dims = listed("mean", dim)
        check("mean", "keepdim", keepdim, "bool", 2)
        along = wrapped_dims(dims, x.ndim)
        z = total(x, along, keepdim, np.float32 if half else None)
        z = (z / math.prod([x.shape[d] for d in along])).astype(x.dtype, copy=False)
        return record(z, MeanBackward1, (self,), x.shape, n, dims, keepdim)

    @numpy_names
    def max(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """The largest element. Along `dim`: the pair (values, indices), of which the first of
        equals. With a tensor in place of `dim`: `maximum`.

        nan counts as the largest. Raises RuntimeError for a tensor without elements, IndexError
        for a dimension without elements, or that is not there.

        >>> import tinygrad_edu as torch
        >>> x = torch.tensor([[1., 5., 2.], [7., 0., 3.]])
        >>> x.max()
        tensor(7.)
        >>> values, indices = x.max(dim=1)
        >>> values, indices
        (tensor([5., 7.]), tensor([1, 0]))
        """
        return _extreme(self, dim, keepdim, "max", np.argmax, MaxBackward1, MaxBackward0)

    @numpy_names
    def min(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """The smallest element. Along `dim`: the pair (values, indices), of which the first of
        equals. With a tensor in place of `dim`: `minimum`.

        nan counts as the smallest. Raises what `max` raises.
        """
        return _extreme(self, dim, keepdim, "min", np.argmin, MinBackward1, MinBackward0)

    @numpy_names
    def argmax(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """The index of the largest element, of the flattened tensor or along `dim`, as int64."""
        return _place_of_extreme(self, dim, keepdim, "argmax", np.argmax)

    @numpy_names
    def argmin(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """The index of the smallest element, of the flattened tensor or along `dim`, as int64."""
        return _place_of_extreme(self, dim, keepdim, "argmin", np.argmin)

    @numpy_names
    def any(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """Whether any element, or any along the dimensions `dim`, is true (not zero)."""
        return _truth(self, listed("any", dim), keepdim, np.any)

    @numpy_names
    def all(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """Whether all elements, or all along the dimensions `dim`, are true (not zero)."""
        return _truth(self, listed("all", dim), keepdim, np.all)


def _extreme(
    self: Any, dim: Any, keepdim: bool, name: str, arg: Any, over_all: Any, along: Any
) -> Any:
    if dim.__class__ is self.__class__:
        return self.maximum(dim) if name == "max" else self.minimum(dim)
    x = self._array
    if dim is None and not keepdim:
        if x.size == 0:
            raise RuntimeError(
                f"{name}(): Expected reduction dim to be specified for input.numel() == 0. "
                "Specify the reduction dim with the 'dim' argument."
            )
        return record(getattr(x, name)(), over_all, (self,), self, RESULT)
    dim = check(name, "dim", dim, "int", 1)
    indices = _first_of_extremes(x, dim, True, name, arg)
    z = np.take_along_axis(x, indices, dim) if x.ndim else x.copy()
    if not keepdim and x.ndim:
        z, indices = z.squeeze(dim)[()], indices.squeeze(dim)[()]
    indices = wrap(self.__class__, indices)
    values = record(z, along, (self,), x.shape, dim, keepdim, indices)
    return (ValuesOfMax if name == "max" else ValuesOfMin)(values, indices)


def _first_of_extremes(x: Any, dim: Any, keepdim: bool, name: str, arg: Any) -> Any:
    wrapped = wrapped_dim(dim, x.ndim, name)
    if x.ndim == 0:
        return np.int64(0)
    if x.shape[wrapped] == 0:
        raise IndexError(f"{name}(): Expected reduction dim {wrapped} to have non-zero size.")
    return arg(x, axis=wrapped, keepdims=keepdim)


def _place_of_extreme(self: Any, dim: Any, keepdim: bool, name: str, arg: Any) -> Any:
    x = self._array
    if x.dtype.kind == "b":
        raise RuntimeError(f"{name}(): does not support bool input. Make it integers: x.int().")
    if dim is not None:
        return wrap(self.__class__, _first_of_extremes(x, dim, keepdim, name, arg))
    if x.size == 0:
        raise IndexError(
            f"{name}(): Expected reduction dim to be specified for input.numel() == 0."
        )
    return wrap(self.__class__, arg(x, keepdims=keepdim))


def _truth(self: Any, dims: Any, keepdim: bool, test: Any) -> Any:
    x = self._array
    z = test(x, axis=wrapped_dims(dims, x.ndim), keepdims=keepdim)
    return wrap(self.__class__, z.astype(np.uint8) if x.dtype == np.uint8 else z)
