"""Parts of a tensor: x[0], x[1:3], x[None], x[mask], x[[2, 0]], and writing to them.

As in PyTorch, an index is taken apart: whole numbers select, slices slice, None adds a dimension,
each a view and a node of its own; masks and lists of indices then pick elements, as a copy. Going
back, the gradient is put where the elements were taken from, and added up where one was taken
twice. Functions that take elements by name, such as `gather`, are in selecting.py.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from .. import dtypes
from ..arguments import check, type_name
from ..devices import picked, placed, scatter_sum, xp
from ..graph import Node
from ..modes import mode
from .dimensions import wrapped_dim
from .in_place import check_writable, in_place, memory, view
from .record import check_tensor, node_class, record, wrap

INDEX_TYPES = {np.dtype(name) for name in ("int64", "int32", "uint8", "bool")}
NOT_A_TUPLE = (
    "Using a non-tuple sequence for multidimensional indexing is deprecated and will be changed in "
    "pytorch 2.9; use x[tuple(seq)] instead of x[seq]."
)
TO_THE_END = 2**63 - 1  # what PyTorch notes as the end of x[1:]


def along(dim: int, item: Any) -> tuple[Any, ...]:
    """The index that applies `item` to the dimension `dim`, and takes the others whole."""
    return (slice(None),) * dim + (item,)


def added_at(g: Any, place: Any, shape: tuple[int, ...]) -> Any:
    """Zeros of `shape`, to which `g` is added at `place`: the reverse of x[place]."""
    if hasattr(place, "of"):
        return placed(g, place, shape)
    arrays = [item for item in place if hasattr(item, "ndim")]
    numbers = xp(arrays[0]).arange(math.prod(shape)).reshape(shape or 1)[place]
    return scatter_sum(g.reshape(-1), numbers.reshape(-1), shape)


def emptied(g: Any, place: Any) -> Any:
    """A copy of `g` with zeros at `place`."""
    g = g.clone() if hasattr(g, "_array") else g.copy()
    g[place] = 0.0
    return g


def _place(indices: Any) -> tuple[Any, ...]:
    """The indices that a node saved, in the form that arrays understand."""
    return tuple([slice(None) if index is None else index._array for index in indices])


def _select_rule(g: Any, self_sym_sizes: Any, dim: int, index: int) -> Any:
    return placed(g, along(dim % len(self_sym_sizes), index), self_sym_sizes)


def _slice_rule(g: Any, self_sym_sizes: Any, dim: int, start: int, end: int, step: int) -> Any:
    return placed(g, along(dim, slice(start, end, step)), self_sym_sizes)


def _index_rule(g: Any, self_sym_sizes: Any, indices: Any) -> Any:
    return added_at(g, _place(indices), self_sym_sizes)


def of_one(name: str, rule: Any, frees: bool = False) -> type[Node]:
    """A kind of node with one tensor input; with `frees`, backward lets go of what it saved."""
    return node_class(name, rule, inputs="x", frees=frees)


SelectBackward0 = of_one("SelectBackward0", _select_rule)
SliceBackward0 = of_one("SliceBackward0", _slice_rule)
AliasBackward0 = of_one("AliasBackward0", lambda g: g)
IndexBackward0 = of_one("IndexBackward0", _index_rule, frees=True)
IndexPutBackward0 = node_class(
    "IndexPutBackward0",
    lambda g, indices, accumulate: g if accumulate else emptied(g, _place(indices)),
    lambda g, indices, accumulate: g[_place(indices)],
    frees=True,
)
PlacedBackward = of_one("SelectBackwardBackward0", picked)
ScatterBackward = of_one("IndexBackwardBackward0", lambda g, places: g.reshape(-1)[places])


class Indexing:
    """The methods of a tensor that take or replace parts of it."""

    __slots__ = ()

    _array: Any

    def __getitem__(self: Any, index: Any) -> Any:
        """The part at an index. IndexError for places that are not there.

        >>> import tinygrad_edu as torch
        >>> x = torch.tensor([[1., 2., 3.], [4., 5., 6.]])
        >>> x[0], x[:, 1], x[-1, 2], x[x > 4], x[[1, 1]].shape
        (tensor([1., 2., 3.]), tensor([2., 5.]), tensor(6.), tensor([5., 6.]), torch.Size([2, 3]))
        """
        if index.__class__ is int:
            return self._selected(0, index)
        if index.__class__ is slice:
            return self._slice(0, index)
        part, indices = _taken_apart(self, index)
        if indices:
            x, place = part._array, _place(indices)
            try:
                z = xp(x).ascontiguousarray(x[place])
            except IndexError as error:
                raise _in_our_words(error, x, place) from None
            return record(z, IndexBackward0, (part,), x.shape, indices)
        if part is self:
            return view(memory(self)[...], AliasBackward0, self, lambda t: t[...])
        return part

    def __setitem__(self: Any, index: Any, value: Any) -> None:
        """Write a number or a tensor over the part at an index; a tensor is broadcast to it.

        >>> import tinygrad_edu as torch
        >>> x = torch.zeros(2, 3)
        >>> x[0] = torch.tensor([1., 2., 3.])
        >>> x[x == 0] = 9
        >>> x
        tensor([[1., 2., 3.],
                [9., 9., 9.]])
        """
        value = _as_value(self, value)
        if index is False:
            return
        index = None if index is True else index  # either way a dimension is added
        part, indices = _taken_apart(self, index)
        if self.is_leaf and self.requires_grad and mode.grad:
            check_writable(self[...])  # the refusal speaks of a view of the leaf, as PyTorch's does
        shape, own = part._array.shape, value._array.shape
        if indices:
            part._index_put_(indices, _without_leading_ones(value) if own[:1] == (1,) else value)
        elif own == shape or not own:
            part.copy_(value) if own == shape else part.fill_(value)
        else:
            value = _without_leading_ones(value)
            part.copy_(value if value._array.shape == shape else value.expand(shape))

    def __delitem__(self: Any, index: Any) -> None:
        raise TypeError("Tensor does not support deleting items")

    def select(self: Any, dim: int, index: int) -> Any:
        """The slice number `index` along `dim`, without that dimension: x.select(0, i) is x[i]."""
        check_tensor("select", self)
        return self._selected(dim, check("select", "index", index, "int", 2))

    def index_put(self: Any, indices: Any, values: Any, accumulate: bool = False) -> Any:
        """A copy in which `values` stand at the `indices`, a tuple of tensors: x[indices] = values.

        With `accumulate` they are added instead, more than once where an index is there twice.

        >>> import tinygrad_edu as torch
        >>> twice = (torch.tensor([0, 0]),)
        >>> torch.zeros(2).index_put(twice, torch.tensor([1., 2.]), accumulate=True)
        tensor([3., 0.])
        """
        check_tensor("index_put", values, 2, "values")
        if not isinstance(indices, tuple | list):
            raise TypeError(
                "index_put(): argument 'indices' (position 1) must be tuple of Tensors, "
                f"not {type_name(indices)}"
            )
        part, indices = _taken_apart(self, tuple(indices))
        return part._index_put(indices, values, accumulate)

    def _index_put(self: Any, indices: Any, value: Any, accumulate: bool = False) -> Any:
        z, place, y = memory(self).copy(), _place(indices), value._array
        try:
            if accumulate:
                xp(z).add.at(z, place, y)
            else:
                z[place] = y
        except (IndexError, ValueError, TypeError) as error:
            raise _in_our_words(error, z, place, y) from None
        kinds = [index._array.dtype.kind for index in indices if index is not None]
        if z.dtype != y.dtype and (y.ndim or kinds != ["b"]):  # one number behind a mask is cast
            raise RuntimeError(
                "Index put requires the source and destination dtypes match, got "
                f"{dtypes.legacy_name(z.dtype)} for the destination and "
                f"{dtypes.legacy_name(y.dtype)} for the source."
            )
        return record(z, IndexPutBackward0, (self, value), indices, accumulate)

    index_put_ = in_place(index_put)
    _index_put_ = in_place(_index_put)

    def _selected(self: Any, dim: int, index: int, place: int | None = None) -> Any:
        """As `select`; a message of refusal calls the dimension number `place`."""
        x = memory(self)
        if x.ndim == 0:
            raise IndexError("invalid index of a 0-dim tensor. Use tensor.item() for its number.")
        wrapped = dim and wrapped_dim(dim, x.ndim)
        try:
            z = x[(*along(wrapped, index), ...)] if wrapped else x[index, ...]
        except IndexError:
            said, n = (wrapped if place is None else place), x.shape[wrapped]
            text = f"index {index} is out of bounds for dimension {said} with size {n}"
            raise IndexError(text) from None
        return view(
            z, SelectBackward0, self, lambda t: t._selected(dim, index), x.shape, dim, index
        )

    def _slice(self: Any, dim: int, item: slice) -> Any:
        x = memory(self)
        if x.ndim == 0:
            raise IndexError("slice() cannot be applied to a 0-dim tensor.")
        start, end, step = _bounds(item)
        z, again = x[along(dim, slice(start, end, step))], lambda t: t._slice(dim, item)
        return view(z, SliceBackward0, self, again, x.shape, dim, start, end, step)

    def _placed(self: Any, place: Any, shape: tuple[int, ...]) -> Any:
        return record(placed(self._array, place, shape), PlacedBackward, (self,), place)

    def _scatter_sum(self: Any, positions: Any, shape: tuple[int, ...]) -> Any:
        positions = getattr(positions, "_array", positions)
        array = scatter_sum(self._array, positions, shape)
        return record(array, ScatterBackward, (self,), positions)


def _bounds(item: slice) -> tuple[int, int, int]:
    """Start, end and step of a slice; ValueError for a step that does not go forward."""
    try:
        start = 0 if item.start is None else item.start.__index__()
        end = TO_THE_END if item.stop is None else item.stop.__index__()
        step = 1 if item.step is None else item.step.__index__()
    except AttributeError:
        text = "slice indices must be integers or None or have an __index__ method"
        raise TypeError(text) from None
    if step <= 0:
        raise ValueError("step must be greater than zero" if step else "slice step cannot be zero")
    return start, end, step


def _as_tuple(index: Any) -> tuple[Any, ...]:
    """An index as a tuple of its items; as in PyTorch, that can be a list which holds lists."""
    if isinstance(index, list | str) and len(index) < 32 and any(map(_is_no_number, index)):
        warnings.warn(NOT_A_TUPLE, UserWarning, stacklevel=4)
        return tuple(index)
    return index if isinstance(index, tuple) else (index,)


def _is_no_number(item: Any) -> bool:
    return item is None or item is Ellipsis or isinstance(item, slice) or hasattr(item, "__len__")


def _as_item(item: Any) -> Any:
    """One item of an index as a number, slice, None, Ellipsis or array of indices."""
    if item is None or item is Ellipsis or item.__class__ in (int, slice):
        return item
    array = item._array.copy() if hasattr(item, "_array") else _as_array(item)
    if array.ndim == 0 and array.dtype.kind == "i":
        return int(array)
    if array.dtype not in INDEX_TYPES:
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    if array.dtype.kind != "u":
        return array
    text = "indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool"
    warnings.warn(f"{text} instead.", UserWarning, stacklevel=5)
    return array.astype(bool)


def _as_array(item: Any) -> Any:
    """A list, a NumPy array or number, or a bool, as an array of bools or of whole numbers."""
    if isinstance(item, str | bytes):
        raise TypeError(f"new(): invalid data type '{type_name(item)}'")
    if isinstance(item, list | tuple):
        item = [getattr(i, "_array", i) for i in item]
    if isinstance(item, list | range | bool | np.integer):
        item = np.array(item)
    if not hasattr(item, "ndim") or isinstance(item, np.generic):
        raise IndexError(
            "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are "
            f"valid indices (got {type_name(item)})"
        )
    if item.dtype.kind != "u":
        dtypes.from_numpy_dtype(item.dtype)  # refuses text and the like
    return item if item.dtype.char in "?B" else item.astype(np.int64, copy=False)


def _dims_used(item: Any) -> int:
    if item is None or item is Ellipsis:
        return 0
    return item.ndim if getattr(item, "dtype", None) == dtypes.BOOL else 1


def _taken_apart(self: Any, index: Any) -> tuple[Any, tuple[Any, ...]]:
    """The view that the numbers, slices and Nones of an index make, and the masks and lists that
    remain to be applied to it: a tensor each, or None for a dimension that is taken whole."""
    items = [_as_item(item) for item in _as_tuple(index)]
    untouched = self._array.ndim - sum(map(_dims_used, items))
    if untouched < 0 and index.__class__ is not int:
        raise IndexError(f"too many indices for tensor of dimension {self._array.ndim}")
    part, dim, selected = self, 0, 0
    indices: list[Any] = []
    for item in items:
        if item is Ellipsis:
            indices += [None] * untouched
            dim += untouched
        elif item.__class__ is int:
            part = part._selected(dim, item, dim + selected)
            selected += 1
        elif item is None or item.__class__ is slice:
            part = part.unsqueeze(dim) if item is None else _sliced(part, dim, item)
            indices.append(None)
            dim += 1
        else:
            if item.ndim == 0:  # x[True] is x[None], and x[False] nothing of it
                part, item = part.unsqueeze(dim), np.zeros(int(item), np.int64)
            _check_mask(item, dim, part._array.shape)
            indices.append(wrap(self.__class__, xp(self._array).asarray(item)))
            dim += _dims_used(item)
    while indices and indices[-1] is None:
        indices.pop()
    return part, tuple(indices)


def _sliced(part: Any, dim: int, item: slice) -> Any:
    """The slice along `dim`; what is whole stays as it is, without a node."""
    start, end, step = _bounds(item)
    if start == 0 and step == 1 and (end == TO_THE_END or end >= part._array.shape[dim]):
        return part
    return part._slice(dim, item)


def _check_mask(item: Any, dim: int, shape: tuple[int, ...]) -> None:
    for i, n in enumerate(item.shape if item.dtype.kind == "b" else ()):
        if shape[dim + i] != n:
            raise IndexError(
                f"The shape of the mask {list(item.shape)} at index {i} does not match the shape "
                f"of the indexed tensor {list(shape)} at index {dim + i}"
            )


def _in_our_words(error: Exception, x: Any, place: Any, value: Any = None) -> Exception:
    """NumPy's error about an index, as PyTorch says it."""
    if not isinstance(error, IndexError):
        return RuntimeError(
            f"shape mismatch: value tensor of shape {list(value.shape)} cannot be broadcast to "
            f"indexing result of shape {list(x[place].shape)}"
        )
    words = str(error).strip().replace("axis", "dimension").replace("arrays", "tensors")
    if words.endswith("size 0"):
        return IndexError("index is out of bounds for dimension with size 0")
    for numpys, ours in ((",)", ")"), (",", ", "), (") (", "], ["), ("(", "["), (")", "]")):
        words = words.replace(numpys, ours)
    return IndexError(words)


def _as_value(self: Any, value: Any) -> Any:
    """What is to be written, as a tensor."""
    if value.__class__ is self.__class__:
        return value
    if isinstance(value, int | float | np.integer):
        dtypes.check_fits(value, self._array.dtype)
        return wrap(self.__class__, np.asarray(value).astype(self._array.dtype)[()])
    raise TypeError(
        f"can't assign a {type_name(value)} to a {self.type()}. Make it a tensor first, with "
        "torch.tensor(...)."
    )


def _without_leading_ones(value: Any) -> Any:
    shape = value._array.shape
    while shape[:1] == (1,):
        shape = shape[1:]
    return value.view(shape)
