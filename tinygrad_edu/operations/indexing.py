"""Parts of a tensor: x[0], x[1:3], x[None], x[mask], x[[2, 0]], and writing to them.

As in PyTorch, an index is taken apart: whole numbers select, slices slice, None adds a dimension,
each a view and a node of its own; masks and lists of indices then pick elements, as a copy. Going
back, the gradient is put where the elements were taken from, and added up where one was taken
twice.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..devices import placed, scatter_sum
from ..graph import mode
from .in_place import _beside, check_writable, memory, view, write
from .record import check_tensor, node_class, record, wrap
from .reductions import wrapped_dim


def _at(dim: int, item: Any) -> tuple[Any, ...]:
    return (slice(None),) * dim + (item,)


def _positions(indices: Any, shape: tuple[int, ...]) -> Any:
    """Which elements of the flattened tensor an index of masks and lists picks."""
    return np.arange(int(np.prod(shape))).reshape(shape)[indices]


def _index_rule(g: Any, shape: tuple[int, ...], indices: Any) -> Any:
    return scatter_sum(g.reshape(-1), _positions(indices, shape).reshape(-1), shape)


def _without(g: Any, indices: Any) -> Any:
    shape = tuple(g.shape)
    keep = np.ones(shape, bool)
    keep[indices] = False
    return g * (keep if not hasattr(g, "_array") else wrap(g.__class__, keep))


SelectBackward0 = node_class(
    "SelectBackward0", lambda g, shape, dim, index: placed(g, _at(dim, index), shape), inputs="x"
)
SliceBackward0 = node_class(
    "SliceBackward0",
    lambda g, shape, dim, start, end, step: placed(g, _at(dim, slice(start, end, step)), shape),
    inputs="x",
)
AliasBackward0 = node_class("AliasBackward0", lambda g: g, inputs="x")
IndexBackward0 = node_class("IndexBackward0", _index_rule, inputs="x", frees=True)
IndexPutBackward0 = node_class(
    "IndexPutBackward0",
    lambda g, indices: _without(g, indices),
    lambda g, indices: g[indices],
    frees=True,
)
PlacedBackward = node_class("SelectBackwardBackward0", lambda g, place: g[place], inputs="x")
ScatterBackward = node_class(
    "IndexBackwardBackward0", lambda g, positions: g.reshape(-1)[positions], inputs="x"
)


class Indexing:
    """The methods of a tensor that take or replace parts of it."""

    __slots__ = ()

    _array: Any

    def __getitem__(self: Any, index: Any) -> Any:
        if index.__class__ is int:
            return self.select(0, index)
        part, indices = _basic_part(self, index)
        if indices is None:
            return part
        try:
            array = part._array[indices]
        except IndexError as error:
            raise _index_error(error, part._array.shape) from None
        return record(array, IndexBackward0, (part,), part._array.shape, indices)

    def __setitem__(self: Any, index: Any, value: Any) -> None:
        value = _as_value(self, value)
        if self._node is None and mode.grad and self._requires_grad:
            check_writable(_some_view(self, index))
        part, indices = _basic_part(self, index, alias=False)
        if indices is None:
            part.copy_(_without_leading_ones(value, part._array.ndim))
        else:
            _put(part, indices, value)

    def select(self: Any, dim: int, index: int) -> Any:
        """The slice number `index` along `dim`, without that dimension."""
        x = memory(self)
        if x.ndim == 0:
            raise IndexError(
                "invalid index of a 0-dim tensor. Use `tensor.item()` to convert a 0-dim tensor "
                "to a number"
            )
        dim, n = wrapped_dim(dim, x.ndim), x.shape[dim]
        if not -n <= index < n:
            raise IndexError(f"index {index} is out of bounds for dimension {dim} with size {n}")
        index = int(index) % n
        z = x[_at(dim, index) + (...,)]
        return view(z, SelectBackward0, self, lambda t: t.select(dim, index), x.shape, dim, index)

    def _slice(self: Any, dim: int, item: slice) -> Any:
        x = memory(self)
        start, end, step = (_whole(each) for each in (item.start, item.stop, item.step))
        if step is not None and step <= 0:
            raise ValueError("step must be greater than zero")
        start, end, step = slice(start, end, step).indices(x.shape[dim])
        z = x[_at(dim, slice(start, end, step))]
        return view(
            z, SliceBackward0, self, lambda t: t._slice(dim, item), x.shape, dim, start, end, step
        )

    def _placed(self: Any, place: Any, shape: tuple[int, ...]) -> Any:
        return record(placed(self._array, place, shape), PlacedBackward, (self,), place)

    def _scatter_sum(self: Any, positions: Any, shape: tuple[int, ...]) -> Any:
        positions = getattr(positions, "_array", positions)
        array = scatter_sum(self._array, positions, shape)
        return record(array, ScatterBackward, (self,), positions)


def _whole(bound: Any) -> int | None:
    if bound is None or isinstance(bound, (int, np.integer)):
        return None if bound is None else int(bound)
    if hasattr(bound, "_array") and bound._array.size == 1 and bound._array.dtype.kind in "iu":
        return int(bound._array)
    raise TypeError(
        "slice indices must be integers or None or have an __index__ method, "
        f"not {type(bound).__name__}"
    )


def _as_item(item: Any) -> Any:
    """One item of an index as a number, slice, None, Ellipsis or array of indices."""
    if item is None or item is Ellipsis or isinstance(item, (int, slice)):
        return item
    if isinstance(item, np.integer):
        return int(item)
    if hasattr(item, "_array"):
        item = item._array
        if item.ndim == 0 and item.dtype.kind == "i":
            return int(item)
    elif isinstance(item, (list, tuple, range)):
        item = np.array([getattr(i, "_array", i) for i in item])
        item = item.astype(np.int64) if item.size == 0 else item
    elif isinstance(item, str):
        raise TypeError("new(): invalid data type 'str'")
    elif not isinstance(item, np.ndarray):
        raise IndexError(
            "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are "
            f"valid indices (got {type(item).__name__})"
        )
    if item.dtype.kind not in "iub":
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    return item.astype(bool) if item.dtype == np.uint8 else item


def _dims_used(item: Any) -> int:
    if item is None or item is Ellipsis or isinstance(item, bool):
        return 0
    return item.ndim if isinstance(item, np.ndarray) and item.dtype.kind == "b" else 1


def _basic_part(self: Any, index: Any, alias: bool = True) -> tuple[Any, Any]:
    """The view that the numbers, slices and Nones of an index make, and the index of masks and
    lists that remains to be applied to it (None if there is none)."""
    items = [_as_item(item) for item in (index if isinstance(index, tuple) else (index,))]
    ndim = self._array.ndim
    missing = ndim - sum(map(_dims_used, items))
    if missing < 0:
        if ndim == 0 and all(isinstance(i, int) for i in items):
            return self.select(0, items[0]), None
        raise IndexError(f"too many indices for tensor of dimension {ndim}")
    if sum(item is Ellipsis for item in items) > 1:
        raise IndexError("an index can only have a single ellipsis ('...')")
    part, dim, arrays = self, 0, {}
    for item in items:
        if item is Ellipsis:
            dim += missing
        elif item is None:
            part, dim = part.unsqueeze(dim), dim + 1
        elif isinstance(item, bool):
            part = part.unsqueeze(dim)
            arrays[dim] = np.zeros(int(item), np.int64)
            dim += 1
        elif isinstance(item, int):
            part = part.select(dim, item)
        elif isinstance(item, slice):
            part = part if item == slice(None) else part._slice(dim, item)
            dim += 1
        else:
            arrays[dim] = _checked_mask(item, dim, part._array.shape)
            dim += _dims_used(item)
    if not arrays:
        if part is self and alias:
            part = view(memory(self)[...], AliasBackward0, self, lambda t: t[...])
        return part, None
    indices: list[Any] = []
    while len(indices) <= max(arrays):
        place = sum(_dims_used(i) for i in indices)
        if place > max(arrays):
            break
        indices.append(arrays.get(place, slice(None)))
    return part, tuple(indices)


def _checked_mask(item: Any, dim: int, shape: tuple[int, ...]) -> Any:
    if item.dtype.kind == "b":
        for offset, size in enumerate(item.shape):
            if shape[dim + offset] != size:
                raise IndexError(
                    f"The shape of the mask {list(item.shape)} at index {offset} does not match "
                    f"the shape of the indexed tensor {list(shape)} at index {dim + offset}"
                )
    return item


def _index_error(error: IndexError, shape: tuple[int, ...]) -> IndexError:
    words = str(error)
    if "broadcast" in words:
        return IndexError("shape mismatch: indexing tensors could not be broadcast together")
    return IndexError(words.replace("axis", "dimension"))


def _as_value(self: Any, value: Any) -> Any:
    """What is to be written, as a tensor."""
    if value.__class__ is self.__class__:
        return value
    if isinstance(value, (int, float, np.generic)):
        if self._array.dtype.kind in "iu" and isinstance(value, float):
            value = int(value)
        return wrap(self.__class__, np.asarray(value).astype(self._array.dtype)[()])
    raise TypeError(
        f"can't assign a {type(value).__name__} to a {self.type()}. Make it a tensor first, with "
        "torch.tensor(...)."
    )


def _without_leading_ones(value: Any, ndim: int) -> Any:
    shape = value._array.shape
    while len(shape) > ndim and shape[0] == 1:
        shape = shape[1:]
    return value if shape == value._array.shape else value.reshape(shape)


def _some_view(self: Any, index: Any) -> Any:
    """What PyTorch names in its refusal: a view of the leaf, or the leaf for masks and lists."""
    part, indices = _basic_part(self, index)
    return part if indices is None else self


def _put(self: Any, indices: Any, value: Any) -> None:
    check_writable(self)
    x = self._array
    if value._array.dtype != x.dtype:
        if value._array.ndim or dtypes._RANK[value._array.dtype.kind] > dtypes._RANK[x.dtype.kind]:
            source, target = dtypes.legacy_name(value._array.dtype), dtypes.legacy_name(x.dtype)
            raise RuntimeError(
                "Index put requires the source and destination dtypes match, got "
                f"{target} for the destination and {source} for the source."
            )
        value = value.type_as_dtype(x.dtype)
    array = memory(self).copy()
    try:
        array[indices] = value._array
    except IndexError as error:
        raise _index_error(error, x.shape) from None
    except ValueError:
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {list(value._array.shape)} cannot be broadcast "
            f"to indexing result of shape {list(x[indices].shape)}"
        ) from None
    write(self, record(array, IndexPutBackward0, (_beside(self), value), indices))


