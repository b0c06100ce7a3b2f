"""Elements picked by a tensor of indices or by a mask: gather, index_select, masked_fill and so on.

There are two ways to point at elements. `gather` and `scatter` have an index for each element
(`elements`); the functions with index in their name have one for a whole slice (`along`). And there
are three things to do at a place: to pick, to write and to add. Going back, the gradient is added
where was picked, picked where was written or added, and zero where something else was written.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import dtypes
from ..arguments import check
from ..devices import xp
from ..graph import Node
from .in_place import in_place
from .indexing import added_at, along, emptied
from .record import broadcast_error, check_tensor, node_class, record, wrap
from .reductions import wrapped_dim

# What is raised for an index that is not there, where that is not RuntimeError.
ERRORS = {"index_select": IndexError, "index_copy": IndexError, "index_fill": IndexError}


def grid(array: Any) -> list[Any]:
    """The coordinates of each element of an array, dimension by dimension."""
    arange, ndim = xp(array).arange, array.ndim
    return [arange(n).reshape(n, *[1] * (ndim - d - 1)) for d, n in enumerate(array.shape)]


def elements(dim: int, index: Any) -> tuple[Any, ...]:
    """The place where each index stands for one element: its own coordinates, but for `dim`."""
    place = grid(index)
    place[dim] = index
    return tuple(place)


def _array(x: Any) -> Any:
    return getattr(x, "_array", x)


def _lifted(x: Any) -> Any:
    """What has no dimensions as a vector of one element."""
    return x if x.ndim else x.reshape(1)


def _place(pointing: Any, dim: int, index: Any) -> tuple[Any, ...]:
    return pointing(dim, _lifted(_array(index)))


def _picking(name: str, pointing: Any) -> type[Node]:
    def add(g: Any, self_sym_sizes: Any, dim: int, index: Any) -> Any:
        return added_at(g, _place(pointing, dim, index), self_sym_sizes)

    return node_class(name, add, inputs="x", frees=True)


def _writing(name: str, pointing: Any, add: bool = False) -> type[Node]:
    def keep(g: Any, dim: int, index: Any, alpha: Any) -> Any:
        return g if add else emptied(_lifted(g), _place(pointing, dim, index)).reshape(g.shape)

    def pick(g: Any, dim: int, index: Any, alpha: Any) -> Any:
        z = _lifted(g)[_place(pointing, dim, index)] * alpha
        return z if g.ndim else z.sum()

    return node_class(name, keep, pick, frees=True)


def _take_rule(g: Any, self_sym_sizes: Any, index: Any) -> Any:
    return added_at(g, (_array(index),), (math.prod(self_sym_sizes),)).reshape(self_sym_sizes)


def _masked_select_rule(g: Any, shape: Any, mask: Any) -> Any:
    return added_at(g, (np.broadcast_to(_array(mask), shape),), shape)


def _masked_fill(number: int) -> type[Node]:
    return node_class(
        f"MaskedFillBackward{number}",
        lambda g, mask: xp(g).where(mask, 0.0, g),
        lambda g, mask: xp(g).where(mask, g, 0.0),
        frees=True,
    )


GatherBackward0 = _picking("GatherBackward0", elements)
IndexSelectBackward0 = _picking("IndexSelectBackward0", along)
TakeBackward0 = node_class("TakeBackward0", _take_rule, inputs="x", frees=True)
MaskedSelectBackward0 = node_class(
    "MaskedSelectBackward0", _masked_select_rule, inputs="x", frees=True
)
MASKED_FILL = (_masked_fill(0), _masked_fill(1))
# How each function points, whether it adds, and its nodes, by whether it writes a tensor.
WRITING: Any = {
    function: (pointing, add, [_writing(name, pointing, add) for name in names])
    for function, pointing, add, *names in (
        ("scatter", elements, False, "ScatterBackward1", "ScatterBackward0"),
        ("scatter_add", elements, True, "", "ScatterAddBackward0"),
        ("index_add", along, True, "", "IndexAddBackward0"),
        ("index_copy", along, False, "", "IndexCopyBackward0"),
        ("index_fill", along, False, "IndexFillBackward0", "IndexFillBackward1"),
    )
}


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
        dim, place = _pointed("gather", elements, self, dim, index)
        z = _lifted(self._array)[place].reshape(index._array.shape)
        return record(z, GatherBackward0, (self,), self._array.shape, dim, index)

    def take_along_dim(self: Any, indices: Any, dim: int | None = None) -> Any:
        """As `gather`, but the two are broadcast, and negative indices count from the end. Without
        `dim`, both are flattened first."""
        _check_long("take_along_dim", indices, "indices")
        if dim is None:
            return self.reshape(-1).gather(0, indices.reshape(-1))
        x, i = self._array, indices._array
        if x.ndim != i.ndim:
            raise RuntimeError(
                "torch.take_along_dim(): input and indices should have the same number of "
                f"dimensions, but got {x.ndim} for input, and {i.ndim} for indices"
            )
        dim = wrapped_dim(dim, x.ndim)
        shapes = [list(x.shape), list(i.shape)]
        for shape, n in zip(shapes, (i.shape[dim], x.shape[dim])):
            shape[dim] = n  # the other's, so that they fit there
        indices = _from_the_front(indices, x.shape[dim]).expand(_common(shapes[0], i.shape))
        return self.expand(_common(shapes[1], x.shape)).gather(dim, indices)

    def take(self: Any, index: Any) -> Any:
        """The elements at these places of the flattened tensor, in the shape of `index`.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([[1., 2.], [3., 4.]]).take(torch.tensor([0, -1]))
        tensor([1., 4.])
        """
        _check_long("take", index, "index")
        x = self._array
        try:
            z = x.reshape(-1)[index._array]
        except IndexError:
            raise IndexError(f"out of range: a tensor of {x.size} elements has no such") from None
        return record(z, TakeBackward0, (self,), x.shape, index)

    def index_select(self: Any, dim: int, index: Any) -> Any:
        """The slices along `dim` that `index` names, a vector of whole numbers; a copy.

        IndexError for one that is not there, negative ones too.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([1., 2., 3.]).index_select(0, torch.tensor([2, 0]))
        tensor([3., 1.])
        """
        dim, place = _pointed("index_select", along, self, dim, index)
        x = self._array
        if x.ndim == 0 and index._array.size != 1:
            raise RuntimeError("index_select(): Index to scalar can have only 1 value")
        z = xp(x).ascontiguousarray(_lifted(x)[place])
        z = z if x.ndim else z.reshape(())
        return record(z, IndexSelectBackward0, (self,), x.shape, dim, index)

    def scatter(self: Any, dim: int, index: Any, src: Any = None, *, value: Any = None) -> Any:
        """A copy in which the elements of `src`, or a number, stand where `index` points: the
        reverse of `gather`. Where an index is there twice, the last counts.

        >>> import tinygrad_edu as torch
        >>> torch.zeros(2, 3).scatter(1, torch.tensor([[2], [0]]), 5.)
        tensor([[0., 0., 5.],
                [5., 0., 0.]])
        """
        return _written("scatter", self, dim, index, value if src is None else src)

    def scatter_add(self: Any, dim: int, index: Any, src: Any) -> Any:
        """A copy to which the elements of `src` are added where `index` points.

        >>> import tinygrad_edu as torch
        >>> torch.zeros(2).scatter_add(0, torch.tensor([1, 1]), torch.tensor([2., 3.]))
        tensor([0., 5.])
        """
        check_tensor("scatter_add", src, 3, "src")
        return _written("scatter_add", self, dim, index, src)

    def index_add(self: Any, dim: int, index: Any, source: Any, *, alpha: Any = 1) -> Any:
        """A copy with the slices of `source`, times `alpha`, added to those that `index` names."""
        check_tensor("index_add", source, 3, "source")
        return _written("index_add", self, dim, index, source, alpha)

    def index_copy(self: Any, dim: int, index: Any, source: Any) -> Any:
        """A copy with the slices of `source` in place of those that `index` names."""
        check_tensor("index_copy", source, 3, "source")
        return _written("index_copy", self, dim, index, source)

    def index_fill(self: Any, dim: int, index: Any, value: Any) -> Any:
        """A copy with one number in all slices along `dim` that `index` names."""
        check_tensor("index_fill", index, 2, "index")
        shape = self._array.shape or (1,)
        index = _from_the_front(index, shape[wrapped_dim(dim, len(shape))])
        if index._array.ndim == 1:  # each once, for the gradient of the value
            index = wrap(self.__class__, xp(index._array).unique(index._array))
        return _written("index_fill", self, dim, index, value)

    def masked_fill(self: Any, mask: Any, value: Any) -> Any:
        """A copy with one number wherever `mask`, bools, is true; the two are broadcast.

        >>> import tinygrad_edu as torch
        >>> x = torch.tensor([1., -2., 3.])
        >>> x.masked_fill(x < 0, 0.)
        tensor([1., 0., 3.])
        """
        x = self._array
        _masked_shape("masked_fill", x, mask)
        z = xp(x).where(mask._array, _number("masked_fill", x, value), x)
        kind = MASKED_FILL[hasattr(value, "_array")]
        return record(z, kind, (self, value) if kind is MASKED_FILL[1] else (self,), mask)

    def masked_select(self: Any, mask: Any) -> Any:
        """The elements for which `mask`, bools, is true, as a vector; the two are broadcast."""
        x = self._array
        shape = _masked_shape("masked_select", x, mask)
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

    def argwhere(self: Any) -> Any:
        """The places of the elements that are not zero, a row for each."""
        return Selecting.nonzero(self)

    scatter_, scatter_add_, masked_fill_ = map(in_place, (scatter, scatter_add, masked_fill))
    index_add_, index_copy_, index_fill_ = map(in_place, (index_add, index_copy, index_fill))


def _pointed(function: str, pointing: Any, self: Any, dim: int, index: Any) -> tuple[int, Any]:
    """`dim` counted from the front, and the place that `index` points at, once it is checked."""
    check_tensor(function, self)
    check_tensor(function, index, 2, "index")
    x, i = _lifted(self._array), _lifted(index._array)
    dim = wrapped_dim(dim, x.ndim, function)
    if pointing is along and i.ndim > 1:
        raise IndexError(f"{function}(): Index is supposed to be a vector")
    if pointing is elements and i.size:
        if i.ndim != x.ndim:
            raise RuntimeError("Index tensor must have the same number of dimensions as the tensor")
        if any(a > b for d, (a, b) in enumerate(zip(i.shape, x.shape)) if d != dim):
            raise RuntimeError(
                f"Size does not match: expected index {list(i.shape)} to be no larger than self "
                f"{list(x.shape)} apart from dimension {dim}"
            )
    if i.dtype.name not in ("int64", "int32"):
        raise RuntimeError(f"{function}(): Expected dtype int32/int64 for index: use index.long()")
    n = x.shape[dim]
    wrong = i[(i < 0) | (i >= n)]
    if wrong.size:
        error = ERRORS.get(function, RuntimeError)
        raise error(f"index {wrong[0]} is out of bounds for dimension {dim} with size {n}")
    return dim, pointing(dim, i)


def _written(function: str, self: Any, dim: int, index: Any, source: Any, alpha: Any = 1) -> Any:
    """A copy with a number, or the elements of a tensor, written or added where `index` points."""
    pointing, add, kinds = WRITING[function]
    dim, place = _pointed(function, pointing, self, dim, index)
    z, tensor = _lifted(self._array).copy(), hasattr(source, "_array")
    if tensor and function != "index_fill":
        source = _of_size(function, pointing, self, source, z[place].shape)
        y = source._array if alpha == 1 else source._array * z.dtype.type(alpha)
    else:
        y = _number(function, z, source)
    if add:
        xp(z).add.at(z, place, y)
    else:
        z[place] = y
    inputs = (self, source) if tensor else (self,)
    return record(z.reshape(self._array.shape), kinds[tensor], inputs, dim, index, alpha)


def _of_size(function: str, pointing: Any, self: Any, source: Any, shape: Any) -> Any:
    """The `source`, which must have the shape of the place; for scatter it may be larger."""
    y = _lifted(source._array)
    if self._array.dtype != y.dtype:
        raise RuntimeError(f"{function}(): Expected self.dtype to be equal to src.dtype")
    if pointing is elements and y.ndim == len(shape) and y.shape != shape:
        source = source[tuple(map(slice, shape))]
        y = source._array
    if y.shape != shape and 0 not in shape:
        raise ERRORS.get(function, RuntimeError)(
            f"{function}_(): source tensor shape must match self tensor shape at the index: "
            f"expected {list(shape)}, but got {list(y.shape)}"
        )
    return source if self._array.ndim or not source._array.ndim else source.sum()


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


def _masked_shape(function: str, x: Any, mask: Any) -> tuple[int, ...]:
    """The common shape of an array and a mask of bools."""
    check_tensor(function, mask, 1, "mask")
    if mask._array.dtype != dtypes.BOOL:
        raise RuntimeError(
            "masked_select: expected BoolTensor for mask"
            if function == "masked_select"
            else "masked_fill_ only supports boolean masks"
        )
    return _common(mask._array.shape, x.shape)


def _common(one: Any, other: Any) -> tuple[int, ...]:
    try:
        return np.broadcast_shapes(tuple(one), tuple(other))
    except ValueError:
        raise broadcast_error(np.empty(one), np.empty(other)) from None


def _check_long(function: str, index: Any, argument: str) -> None:
    check_tensor(function, index, 1, argument)
    if index._array.dtype != np.int64:
        raise RuntimeError(f"torch.{function}(): dtype of indices should be Long: use index.long()")


def _from_the_front(index: Any, n: int) -> Any:
    """An index of which negative numbers count from the end, with none."""
    i = index._array
    return wrap(index.__class__, xp(i).where(i < 0, i + n, i))
