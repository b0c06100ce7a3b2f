"""Elements picked by a tensor of indices or by a mask: gather, index_select, masked_fill and so on.

`gather` and `scatter` have an index for each element, `index_select` one for a whole slice. Going
back, the gradient is added where was picked, picked where was written or added, and zero where
something else was written.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..arguments import check
from ..devices import checked, elements, picked, xp
from .comparisons import broadcast
from .dimensions import wrapped_dim
from .in_place import in_place
from .indexing import added_at, along, emptied, of_one
from .record import check_tensor, node_class, record, wrap


def _lifted(x: Any) -> Any:
    """What has no dimensions as a vector of one element."""
    return x if x.ndim else x.reshape(1)


def _array(x: Any) -> Any:
    return getattr(x, "_array", x)


def _elements(x: Any, dim: int, index: Any) -> Any:
    """The place in `x` of the elements that `index` points at."""
    return elements(_lifted(_array(x)), _lifted(_array(index)), dim)


def _gather_rule(g: Any, self_sym_sizes: Any, dim: int, index: Any) -> Any:
    return added_at(g, _elements(g, dim, index), self_sym_sizes)


def _index_select_rule(g: Any, self_sym_sizes: Any, dim: int, index: Any) -> Any:
    return added_at(g, along(dim, _lifted(_array(index))), self_sym_sizes)


def _masked_select_rule(g: Any, shape: Any, mask: Any) -> Any:
    return added_at(g, (np.broadcast_to(_array(mask), shape),), shape)


GatherBackward0 = of_one("GatherBackward0", _gather_rule, frees=True)
IndexSelectBackward0 = of_one("IndexSelectBackward0", _index_select_rule, frees=True)
MaskedSelectBackward0 = of_one("MaskedSelectBackward0", _masked_select_rule, frees=True)


def _kept(g: Any, dim: int, index: Any) -> Any:
    return emptied(_lifted(g), _elements(g, dim, index)).reshape(g.shape)


def _picked(g: Any, dim: int, index: Any) -> Any:
    z = picked(_lifted(g), _elements(g, dim, index))
    return z if g.ndim else z.sum()


# The nodes of a number and of a tensor that are written.
SCATTER = (
    node_class("ScatterBackward1", _kept, frees=True),
    node_class("ScatterBackward0", _kept, _picked, frees=True),
)
ScatterAddBackward0 = node_class(
    "ScatterAddBackward0", lambda g, dim, index: g, _picked, frees=True
)
MASKED_FILL = [
    node_class(
        f"MaskedFillBackward{number}",
        lambda g, mask: xp(g).where(mask, 0.0, g),
        lambda g, mask: xp(g).where(mask, g, 0.0),
        frees=True,
    )
    for number in (0, 1)
]


class Selecting:
    """The methods of a tensor that pick or replace elements by a tensor of indices, or a mask."""

    __slots__ = ()

    _array: Any

    def gather(self: Any, dim: int, index: Any, *, sparse_grad: bool = False) -> Any:
        """The elements whose place along `dim` is in `index`, int64, and otherwise that of the
        index itself. RuntimeError for an index that is not there.

        >>> import tinygrad_edu as torch
        >>> x = torch.tensor([[1., 2.], [3., 4.]])
        >>> x.gather(1, torch.tensor([[1], [0]]))
        tensor([[2.],
                [3.]])
        """
        x, dim, place = _pointed("gather", self, dim, index)
        z = picked(x, place).reshape(index._array.shape)
        return record(z, GatherBackward0, (self,), self._array.shape, dim, index)

    def index_select(self: Any, dim: int, index: Any) -> Any:
        """The slices along `dim` that `index` names, a vector of whole numbers; a copy.

        IndexError for one that is not there, negative ones too.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([1., 2., 3.]).index_select(0, torch.tensor([2, 0]))
        tensor([3., 1.])
        """
        x, dim, place = _pointed("index_select", self, dim, index)
        shape = self._array.shape
        if not shape and index._array.size != 1:
            raise RuntimeError("index_select(): Index to scalar can have only 1 value")
        z = xp(x).ascontiguousarray(x[place])
        return record(z if shape else z[0], IndexSelectBackward0, (self,), shape, dim, index)

    def scatter(self: Any, dim: int, index: Any, src: Any = None, *, value: Any = None) -> Any:
        """A copy in which the elements of `src`, or a number, stand where `index` points: the
        reverse of `gather`. Where an index is there twice, the last counts.

        >>> import tinygrad_edu as torch
        >>> torch.zeros(2, 3).scatter(1, torch.tensor([[2], [0]]), 5.)
        tensor([[0., 0., 5.],
                [5., 0., 0.]])
        """
        value = value if src is None else src
        x, dim, place = _pointed("scatter", self, dim, index)
        z, tensor = x.copy(), hasattr(value, "_array")
        if tensor:
            value = _of_size("scatter", self, value, picked(z, place).shape)
        z[place] = value._array if tensor else _number("scatter", z, value)
        inputs = (self, value) if tensor else (self,)
        return record(z.reshape(self._array.shape), SCATTER[tensor], inputs, dim, index)

    def scatter_add(self: Any, dim: int, index: Any, src: Any) -> Any:
        """A copy to which the elements of `src` are added where `index` points.

        >>> import tinygrad_edu as torch
        >>> torch.zeros(2).scatter_add(0, torch.tensor([1, 1]), torch.tensor([2., 3.]))
        tensor([0., 5.])
        """
        check_tensor("scatter_add", src, 3, "src")
        x, dim, place = _pointed("scatter_add", self, dim, index)
        src = _of_size("scatter_add", self, src, picked(x, place).shape)
        z = x.copy()
        xp(z).add.at(z, place, src._array)
        return record(z.reshape(self._array.shape), ScatterAddBackward0, (self, src), dim, index)

    def masked_fill(self: Any, mask: Any, value: Any) -> Any:
        """A copy with one number wherever `mask`, bools, is true; the two are broadcast.

        >>> import tinygrad_edu as torch
        >>> x = torch.tensor([1., -2., 3.])
        >>> x.masked_fill(x < 0, 0.)
        tensor([1., 0., 3.])
        """
        x = self._array
        _masked_shape("masked_fill_ only supports boolean masks", x, mask)
        z = xp(x).where(mask._array, _number("masked_fill", x, value), x)
        inputs = (self, value) if hasattr(value, "_array") else (self,)
        return record(z, MASKED_FILL[len(inputs) - 1], inputs, mask)

    def masked_select(self: Any, mask: Any) -> Any:
        """The elements for which `mask`, bools, is true, as a vector; the two are broadcast."""
        x = self._array
        shape = _masked_shape("masked_select: expected BoolTensor for mask", x, mask)
        z = xp(x).broadcast_to(x, shape)[xp(x).broadcast_to(mask._array, shape)]
        return record(z, MaskedSelectBackward0, (self,), shape, mask)

    def nonzero(self: Any, *, as_tuple: bool = False) -> Any:
        """The places of the elements that are not zero: a row of int64 for each, or with `as_tuple`
        a vector for each dimension, as an index has them.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([0., 5., 0., 7.]).nonzero(as_tuple=True)
        (tensor([1, 3]),)
        """
        check_tensor("nonzero", self)
        if as_tuple:
            return tuple([wrap(self.__class__, i) for i in _lifted(self._array).nonzero()])
        return wrap(self.__class__, xp(self._array).argwhere(self._array))

    scatter_, scatter_add_, masked_fill_ = map(in_place, (scatter, scatter_add, masked_fill))


def _pointed(function: str, self: Any, dim: int, index: Any) -> tuple[Any, int, Any]:
    """The array, `dim` counted from the front, and the place in the array that `index` points at;
    what has no dimensions counts as a vector. Refuses an index that points at nothing."""
    check_tensor(function, self)
    check_tensor(function, index, 2, "index")
    x, i = _lifted(self._array), _lifted(index._array)
    dim = wrapped_dim(dim, x.ndim, function)
    of_slices = function == "index_select"
    if of_slices and i.ndim > 1:
        raise IndexError(f"{function}(): Index is supposed to be a vector")
    if not of_slices and i.size:
        if i.ndim != x.ndim:
            raise RuntimeError("Index tensor must have the same number of dimensions as the tensor")
        if any(a > b for d, (a, b) in enumerate(zip(i.shape, x.shape)) if d != dim):
            raise RuntimeError(
                f"Size does not match: expected index {list(i.shape)} to be no larger than self "
                f"{list(x.shape)} apart from dimension {dim}"
            )
    if i.dtype.name not in ("int64", "int32"):
        raise RuntimeError(f"{function}(): Expected dtype int32/int64 for index: use index.long()")
    kind, n = IndexError if of_slices else RuntimeError, x.shape[dim]
    i = checked(
        i,
        (i < 0) | (i >= n),
        lambda wrong: kind(f"index {wrong} is out of bounds for dimension {dim} with size {n}"),
    )
    return x, dim, along(dim, i) if of_slices else elements(x, i, dim)


def _of_size(function: str, self: Any, src: Any, shape: tuple[int, ...]) -> Any:
    """The part of `src` that has the shape of the place to be written; it must be there."""
    y = _lifted(src._array)
    if self._array.dtype != y.dtype:
        raise RuntimeError(f"{function}(): Expected self.dtype to be equal to src.dtype")
    if y.shape == shape:
        return src if self._array.ndim or not src._array.ndim else src.sum()
    part = src[tuple(map(slice, shape))] if y.ndim == len(shape) else src
    if part._array.shape != shape and 0 not in shape:
        raise RuntimeError(f"Expected index {list(shape)} to be no larger than src {list(y.shape)}")
    return part


def _number(function: str, x: Any, value: Any) -> Any:
    """A number, or a tensor without dimensions, in the type of the array."""
    if not hasattr(value, "_array"):
        return dtypes.fitted(check(function, "value", value, "Number"), x.dtype)
    if value._array.ndim:
        raise RuntimeError(
            f"{function}_ only supports a 0-dimensional value tensor, but got tensor with "
            f"{value._array.ndim} dimension(s)."
        )
    return value._array.astype(x.dtype)


def _masked_shape(refusal: str, x: Any, mask: Any) -> tuple[int, ...]:
    """The common shape of an array and a mask of bools; RuntimeError for another mask."""
    check_tensor("masked_fill", mask, 1, "mask")
    if mask._array.dtype != dtypes.BOOL:
        raise RuntimeError(refusal)
    return common_shape(mask._array, x)


def common_shape(x: Any, y: Any) -> tuple[int, ...]:
    """The shape to which two arrays broadcast; RuntimeError if there is none."""
    return broadcast(lambda x, y: np.broadcast_shapes(x.shape, y.shape), x, y)
