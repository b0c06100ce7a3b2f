"""The same numbers in another shape: views where the memory allows it, copies where not.

A view shares its tensor's memory. Its rule takes the gradient back to the shape it came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..devices import xp
from ..graph import ManyResults, Node
from .in_place import memory, view
from .record import check_tensor, node_class, promoted, record, record_many
from .reductions import wrapped_dim


def sizes(function: str, given: tuple[Any, ...]) -> tuple[int, ...]:
    """The shape in f(2, 3), f((2, 3)) or f([2, 3]); TypeError for anything but whole numbers."""
    if len(given) == 1 and isinstance(given[0], (tuple, list)):
        given = tuple(given[0])
    result = []
    for position, size in enumerate(given):
        if hasattr(size, "_array") and size._array.ndim == 0:
            size = size.item()
        if isinstance(size, bool) or not isinstance(size, (int, np.integer)):
            raise TypeError(
                f"{function}(): argument 'size' (position {position + 1}) must be tuple of ints, "
                f"not {type(size).__name__}"
            )
        result.append(int(size))
    return tuple(result)


def _filled_in(shape: tuple[int, ...], n: int) -> tuple[int, ...]:
    """`shape` with its one -1 worked out for `n` elements; RuntimeError if they do not fit."""
    known = 1
    for size in shape:
        if size < -1:
            raise RuntimeError(f"invalid shape dimension {size}")
        known *= size if size != -1 else 1
    if shape.count(-1) > 1:
        raise RuntimeError("only one dimension can be inferred")
    if -1 in shape:
        if known == 0:
            raise RuntimeError(
                f"cannot reshape tensor of 0 elements into shape {list(shape)} because the "
                "unspecified dimension size -1 can be any value and is ambiguous"
            )
        if n % known == 0:
            return tuple(n // known if size == -1 else size for size in shape)
    elif known == n:
        return shape
    raise RuntimeError(f"shape '{list(shape)}' is invalid for input of size {n}")


def _shares(z: Any, x: Any) -> bool:
    return x.flags.c_contiguous or x.size == 0 or np.may_share_memory(z, x)


ViewBackward0 = node_class("ViewBackward0", lambda g, shape: g.reshape(shape), inputs="x")
UnsafeViewBackward0 = node_class(
    "UnsafeViewBackward0", lambda g, shape: g.reshape(shape), inputs="x"
)
TBackward0 = node_class("TBackward0", lambda g: g.T if g.ndim == 2 else g, inputs="x")
TransposeBackward0 = node_class(
    "TransposeBackward0", lambda g, dim0, dim1: g.swapaxes(dim0, dim1), inputs="x"
)
PermuteBackward0 = node_class(
    "PermuteBackward0", lambda g, dims: xp(g).moveaxis(g, tuple(range(len(dims))), dims), inputs="x"
)
SqueezeBackward0 = node_class("SqueezeBackward0", lambda g, shape: g.reshape(shape), inputs="x")
SqueezeBackward1 = node_class(
    "SqueezeBackward1", lambda g, dim, shape: g.reshape(shape), inputs="x"
)
SqueezeBackward2 = node_class(
    "SqueezeBackward2", lambda g, dim, shape: g.reshape(shape), inputs="x"
)
UnsqueezeBackward0 = node_class("UnsqueezeBackward0", lambda g, dim: g.squeeze(dim), inputs="x")
ExpandBackward0 = node_class("ExpandBackward0", lambda g: g, inputs="x")
AliasBackward0 = node_class("AliasBackward0", lambda g: g, inputs="x")
UnbindBackward0 = node_class(
    "UnbindBackward0", lambda g, dim: xp(g[0]).stack(g, dim), inputs="x", base=ManyResults
)


class Shapes:
    """The methods of a tensor that change its shape."""

    __slots__ = ()

    _array: Any

    def view(self: Any, *shape: Any) -> Any:
        """The tensor in another shape, sharing its memory. One size may be -1: worked out.

        Raises RuntimeError if the number of elements differs, or the memory does not allow it.
        """
        x = memory(self)
        shape = _filled_in(sizes("view", shape), x.size)
        z = x.reshape(shape)
        if not _shares(z, x):
            raise RuntimeError(
                "view size is not compatible with input tensor's size and stride (at least one "
                "dimension spans across two contiguous subspaces). Use .reshape(...) instead."
            )
        return view(z, ViewBackward0, self, lambda t: t.view(shape), x.shape)

    def reshape(self: Any, *shape: Any) -> Any:
        """The tensor in another shape: a view if the memory allows it, a copy if not."""
        check_tensor("reshape", self)
        x = memory(self)
        shape = _filled_in(sizes("reshape", shape), x.size)
        z = x.reshape(shape)
        if _shares(z, x):
            return view(z, ViewBackward0, self, lambda t: t.view(shape), x.shape)
        return record(z, UnsafeViewBackward0, (self.clone(),), x.shape)

    def view_as(self: Any, other: Any) -> Any:
        """A view in the shape of `other`."""
        return self.view(*other._array.shape)

    def reshape_as(self: Any, other: Any) -> Any:
        """The tensor in the shape of `other`."""
        return self.reshape(*other._array.shape)

    def flatten(self: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
        """The dimensions from `start_dim` to `end_dim` made one."""
        check_tensor("flatten", self)
        shape = self._array.shape
        if not shape:
            return self.reshape(1)
        first, last = wrapped_dim(start_dim, len(shape)), wrapped_dim(end_dim, len(shape))
        if first > last:
            raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
        if first == last:
            return self
        size = int(np.prod(shape[first : last + 1]))
        return self.reshape(*shape[:first], size, *shape[last + 1 :])

    def t(self: Any) -> Any:
        """Rows become columns. Tensors of 0 and 1 dimensions stay as they are."""
        check_tensor("t", self)
        x = memory(self)
        if x.ndim > 2:
            raise RuntimeError(
                f"t() expects a tensor with <= 2 dimensions, but self is {x.ndim}D. "
                "Use transpose(dim0, dim1) or permute(...)."
            )
        return view(x.T, TBackward0, self, lambda t: t.t())

    @property
    def T(self: Any) -> Any:
        """All dimensions in reverse order."""
        dims = tuple(reversed(range(self._array.ndim)))
        return self.permute(*dims)

    @property
    def mT(self: Any) -> Any:
        """The last two dimensions swapped."""
        if self._array.ndim < 2:
            raise RuntimeError(
                "tensor.mT is only supported on matrices or batches of matrices. "
                f"Got {self._array.ndim}-D tensor."
            )
        return self.transpose(-2, -1)

    def transpose(self: Any, dim0: int, dim1: int) -> Any:
        """Two dimensions swapped."""
        check_tensor("transpose", self)
        x = memory(self)
        dim0, dim1 = wrapped_dim(dim0, x.ndim), wrapped_dim(dim1, x.ndim)
        z = x.swapaxes(dim0, dim1) if x.ndim else x[...]
        return view(z, TransposeBackward0, self, lambda t: t.transpose(dim0, dim1), dim0, dim1)

    def permute(self: Any, *dims: Any) -> Any:
        """The dimensions in another order."""
        check_tensor("permute", self)
        x = memory(self)
        order = sizes("permute", dims)
        if len(order) != x.ndim:
            raise RuntimeError(
                f"permute(sparse_coo): number of dimensions in the tensor input does not match the "
                f"length of the desired ordering of dimensions i.e. input.dim() = {x.ndim} is not "
                f"equal to len(dims) = {len(order)}"
            )
        order = tuple(wrapped_dim(d, x.ndim) for d in order)
        if len(set(order)) != len(order):
            raise RuntimeError("permute(): duplicate dims are not allowed.")
        z = x.transpose(order) if x.ndim else x[...]
        return view(z, PermuteBackward0, self, lambda t: t.permute(order), order)

    def movedim(self: Any, source: Any, destination: Any) -> Any:
        """The dimensions `source` moved to the places `destination`; the others keep their order."""
        ndim = self._array.ndim
        source = (source,) if isinstance(source, int) else tuple(source)
        destination = (destination,) if isinstance(destination, int) else tuple(destination)
        order: list[Any] = [None] * ndim
        for s, d in zip(source, destination):
            order[wrapped_dim(d, ndim)] = wrapped_dim(s, ndim)
        rest = iter(d for d in range(ndim) if d not in order)
        return self.permute(tuple(next(rest) if d is None else d for d in order))

    def squeeze(self: Any, dim: Any = None) -> Any:
        """Without the dimensions of size 1, or without `dim` if its size is 1."""
        check_tensor("squeeze", self)
        x = memory(self)
        if dim is None:
            z = x.squeeze()
            return view(z, SqueezeBackward0, self, lambda t: t.squeeze(), x.shape)
        if isinstance(dim, (tuple, list)):
            dims = tuple(wrapped_dim(d, x.ndim) for d in dim)
            z = x.squeeze(tuple(d for d in dims if x.ndim and x.shape[d] == 1))
            return view(z, SqueezeBackward2, self, lambda t: t.squeeze(dims), dims, x.shape)
        dim = wrapped_dim(dim, x.ndim)
        z = x.squeeze(dim) if x.ndim and x.shape[dim] == 1 else x[...]
        return view(z, SqueezeBackward1, self, lambda t: t.squeeze(dim), dim, x.shape)

    def unsqueeze(self: Any, dim: int) -> Any:
        """With a new dimension of size 1 at `dim`."""
        check_tensor("unsqueeze", self)
        x = memory(self)
        dim = wrapped_dim(dim, x.ndim + 1)
        z = np.expand_dims(x, dim)
        return view(z, UnsqueezeBackward0, self, lambda t: t.unsqueeze(dim), dim)

    def expand(self: Any, *shape: Any) -> Any:
        """Dimensions of size 1 repeated to `shape`, without copying; -1 keeps a size."""
        x = memory(self)
        target = sizes("expand", shape)
        if len(target) < x.ndim:
            raise RuntimeError(
                f"expand(torch.{self.type()[6:]}{{{list(x.shape)}}}, size={list(target)}): the "
                f"number of sizes provided ({len(target)}) must be greater or equal to the number "
                f"of dimensions in the tensor ({x.ndim})"
            )
        own = (1,) * (len(target) - x.ndim) + x.shape
        filled = tuple(o if t == -1 else t for o, t in zip(own, target))
        for d, (o, t) in enumerate(zip(own, filled)):
            if o != t and o != 1:
                raise RuntimeError(
                    f"The expanded size of the tensor ({t}) must match the existing size ({o}) at "
                    f"non-singleton dimension {d}.  Target sizes: {list(target)}.  Tensor sizes: "
                    f"{list(x.shape)}"
                )
        z = np.broadcast_to(x, filled)
        return view(z, ExpandBackward0, self, lambda t: t.expand(filled))

    def expand_as(self: Any, other: Any) -> Any:
        """Repeated to the shape of `other`, without copying."""
        return self.expand(*other._array.shape)

    def broadcast_to(self: Any, shape: Any) -> Any:
        """Repeated to `shape`, without copying."""
        return self.expand(*shape)

    def contiguous(self: Any) -> Any:
        """The tensor itself if its memory is in row order, else a copy that is."""
        x = self._array
        return self if isinstance(x, np.generic) or x.flags.c_contiguous else self.clone()

    def unbind(self: Any, dim: int = 0) -> tuple[Any, ...]:
        """The slices along `dim`, each without that dimension."""
        check_tensor("unbind", self)
        x = memory(self)
        if x.ndim == 0:
            raise RuntimeError("Dimension specified as 0 but tensor has no dimensions")
        dim = wrapped_dim(dim, x.ndim)
        arrays = [each[...] for each in np.moveaxis(x, dim, 0)]
        return tuple(record_many(arrays, UnbindBackward0, (self,), dim))

    swapaxes = swapdims = transpose
    moveaxis = movedim


class CatBackward0(Node):
    """What cat leaves in the graph: a rule for each of its tensors."""

    __slots__ = ("rules",)
    saved_names = ("dim",)
    _saved_dim = property(lambda node: node.saved_value(0))


class StackBackward0(CatBackward0):
    """What stack leaves in the graph: a rule for each of its tensors."""

    __slots__ = ()


def _sequence_of_tensors(function: str, tensors: Any) -> list[Any]:
    if not isinstance(tensors, (tuple, list)):
        raise TypeError(
            f"{function}(): argument 'tensors' (position 1) must be tuple of Tensors, "
            f"not {type(tensors).__name__}"
        )
    for i, each in enumerate(tensors):
        if not hasattr(each, "_array"):
            raise TypeError(
                f"expected Tensor as element {i} in argument 0, but got {type(each).__name__}"
            )
    return list(tensors)


def cat(tensors: Any, dim: int = 0) -> Any:
    """Tensors one after the other along the dimension `dim`; their other sizes must agree.

    >>> import tinygrad_edu as torch
    >>> torch.cat([torch.zeros(1), torch.ones(2)])
    tensor([0., 1., 1.])
    """
    tensors = _sequence_of_tensors("cat", tensors)
    if not tensors:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    arrays = _common([t._array for t in tensors])
    for i, array in enumerate(arrays):
        if array.ndim == 0:
            raise RuntimeError(
                f"zero-dimensional tensor (at position {i}) cannot be concatenated; use stack()"
            )
    kept = [a for a in arrays if a.shape != (0,)] or arrays
    first = kept[0]
    dim = wrapped_dim(dim, first.ndim)
    for array in kept:
        if array.ndim != first.ndim:
            raise RuntimeError(
                f"Tensors must have same number of dimensions: got {first.ndim} and {array.ndim}"
            )
        if array.shape[:dim] + array.shape[dim + 1 :] != first.shape[:dim] + first.shape[dim + 1 :]:
            raise RuntimeError(
                f"Sizes of tensors must match except in dimension {dim}. Expected the sizes "
                f"{list(first.shape)} but got {list(array.shape)}."
            )
    z = record(np.concatenate(kept, dim), CatBackward0, tuple(tensors), dim)
    if z._node is not None:
        ends = np.cumsum([a.shape[dim] if a.ndim == first.ndim else 0 for a in arrays]).tolist()
        z._node.rules = tuple(
            _slice_rule(dim, start, end, a.shape)
            for start, end, a in zip([0, *ends], ends, arrays)
        )
    return z


def _slice_rule(dim: int, start: int, end: int, shape: tuple[int, ...]) -> Any:
    place = (slice(None),) * dim + (slice(start, end),)
    return lambda g, _dim: g[place].reshape(shape)


def _common(arrays: list[Any]) -> list[Any]:
    common = arrays[0]
    for array in arrays[1:]:
        common = promoted(common, array)[0]
    return [a.astype(common.dtype, copy=False) for a in arrays]


def stack(tensors: Any, dim: int = 0) -> Any:
    """Tensors of one shape side by side, along a new dimension `dim`.

    >>> import tinygrad_edu as torch
    >>> torch.stack([torch.zeros(2), torch.ones(2)])
    tensor([[0., 0.],
            [1., 1.]])
    """
    tensors = _sequence_of_tensors("stack", tensors)
    if not tensors:
        raise RuntimeError("stack expects a non-empty TensorList")
    shape = tensors[0]._array.shape
    for i, each in enumerate(tensors):
        if each._array.shape != shape:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(shape)} at entry 0 "
                f"and {list(each._array.shape)} at entry {i}"
            )
    dim = wrapped_dim(dim, len(shape) + 1)
    z = record(np.stack(_common([t._array for t in tensors]), dim), StackBackward0, tuple(tensors), dim)
    if z._node is not None:
        z._node.rules = tuple(_select_rule(dim, i) for i in range(len(tensors)))
    return z


def _select_rule(dim: int, i: int) -> Any:
    place = (slice(None),) * dim + (i,)
    return lambda g, _dim: g[place]
