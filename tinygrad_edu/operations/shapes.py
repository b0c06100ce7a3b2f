"""The same numbers in another shape: views where the memory allows it, copies where not.

A view shares its tensor's memory. Its rule takes the gradient back to the shape it came from.
"""

from __future__ import annotations

import math
import warnings
from functools import partial
from typing import Any

import numpy as np

from ..arguments import check, type_name
from ..devices import xp
from ..graph import ManyResults, Node
from .elementwise import CloneBackward0
from .in_place import memory, view
from .record import check_tensor, node_class, promoted, record, record_many
from .reductions import listed, wrapped_dim, wrapped_dims


def sizes(function: str, given: tuple[Any, ...], argument: str = "size") -> tuple[int, ...]:
    """The shape in f(2, 3), f((2, 3)) or f([2, 3]); TypeError for anything but whole numbers."""
    if not given:
        raise TypeError(f'{function}() missing 1 required positional arguments: "{argument}"')
    if len(given) == 1 and isinstance(given[0], tuple | list):
        given = tuple(given[0])
    return tuple(
        [
            n if n.__class__ is int else check(function, argument, n, "int", i)
            for i, n in enumerate(given, 1)
        ]
    )


def _filled_in(shape: tuple[int, ...], n: int) -> tuple[int, ...]:
    """`shape` with its one -1 worked out for `n` elements; RuntimeError if they do not fit."""
    known = 1
    for i, size in enumerate(shape):
        if size < -1:
            raise RuntimeError(
                f"invalid shape dimension {size} at index {i} of shape {list(shape)}"
            )
        known *= size if size != -1 else 1
    if shape.count(-1) > 1:
        raise RuntimeError("only one dimension can be inferred")
    if -1 in shape:
        if known == n == 0:
            raise RuntimeError(
                f"cannot reshape tensor of 0 elements into shape {list(shape)} because the "
                "unspecified dimension size -1 can be any value and is ambiguous"
            )
        if known and n % known == 0:
            return tuple(n // known if size == -1 else size for size in shape)
    elif known == n:
        return shape
    raise RuntimeError(f"shape '{list(shape)}' is invalid for input of size {n}")


def _back_to_its_shape(g: Any, self_sym_sizes: Any) -> Any:
    return g.reshape(self_sym_sizes)


def _squeeze_rule(g: Any, self_sym_sizes: Any, _dim: Any) -> Any:
    return g.reshape(self_sym_sizes)


ViewBackward0 = node_class("ViewBackward0", _back_to_its_shape, inputs="x")
ReshapeAliasBackward0 = node_class("ReshapeAliasBackward0", _back_to_its_shape, inputs="x")
UnsafeViewBackward0 = node_class("UnsafeViewBackward0", _back_to_its_shape, inputs="x")
TBackward0 = node_class("TBackward0", lambda g: g.T if g.ndim == 2 else g, inputs="x")
TransposeBackward0 = node_class(
    "TransposeBackward0",
    lambda g, dim0, dim1: g.swapaxes(dim0, dim1) if g.ndim else g,
    inputs="x",
)
PermuteBackward0 = node_class(
    "PermuteBackward0", lambda g, dims: xp(g).moveaxis(g, tuple(range(len(dims))), dims), inputs="x"
)
SqueezeBackward0 = node_class("SqueezeBackward0", _back_to_its_shape, inputs="x")
SqueezeBackward1 = node_class("SqueezeBackward1", _squeeze_rule, inputs="x")
SqueezeBackward2 = node_class("SqueezeBackward2", _squeeze_rule, inputs="x")
UnsqueezeBackward0 = node_class("UnsqueezeBackward0", lambda g, dim: g.squeeze(dim), inputs="x")
ExpandBackward0 = node_class("ExpandBackward0", lambda g, _self_sym_sizes: g, inputs="x")
SliceOfUnbind = node_class("SliceOfUnbind", lambda g: g, inputs="x")
UnbindBackward0 = node_class(
    "UnbindBackward0", lambda g, dim: xp(g[0]).stack(g, dim), inputs="x", base=ManyResults
)


class Shapes:
    """The methods of a tensor that change its shape."""

    __slots__ = ()

    _array: Any

    def view(self: Any, *shape: Any) -> Any:
        """The tensor in another shape, sharing its memory. One size may be -1: worked out.

        Raises RuntimeError if the number of elements differs, or if the memory does not allow it,
        as after `t()`: then use `reshape`.

        >>> import tinygrad_edu as torch
        >>> x = torch.arange(6)
        >>> x.view(2, -1)[0, 0] = 9
        >>> x
        tensor([9, 1, 2, 3, 4, 5])
        """
        x = memory(self)
        shape = _filled_in(sizes("view", shape), x.size)
        z = x.reshape(shape)
        if not (x.flags.c_contiguous or np.may_share_memory(z, x)):
            raise RuntimeError(
                "view size is not compatible with input tensor's size and stride (at least one "
                "dimension spans across two contiguous subspaces). Use .reshape(...) instead."
            )
        return view(z, ViewBackward0, self, lambda t: t.reshape(shape), x.shape)

    def reshape(self: Any, *shape: Any) -> Any:
        """The tensor in another shape: a view if the memory allows it, a copy if not.

        One size may be -1: worked out. Raises RuntimeError if the number of elements differs.

        >>> import tinygrad_edu as torch
        >>> torch.arange(6).reshape(2, 3).reshape(-1).shape
        torch.Size([6])
        """
        check_tensor("reshape", self)
        x = memory(self)
        shape = _filled_in(sizes("reshape", shape, "shape"), x.size)
        z = x.reshape(shape)
        if x.flags.c_contiguous:
            return view(z, ViewBackward0, self, lambda t: t.reshape(shape), x.shape)
        if np.may_share_memory(z, x):
            return view(z, ReshapeAliasBackward0, self, lambda t: t.reshape(shape), x.shape)
        copied = record(z.reshape(x.shape), CloneBackward0, (self,))
        return record(z, UnsafeViewBackward0, (copied,), x.shape)

    def view_as(self: Any, other: Any) -> Any:
        """A view in the shape of `other`."""
        check_tensor("view_as", other, argument="other")
        return self.view(other._array.shape)

    def reshape_as(self: Any, other: Any) -> Any:
        """The tensor in the shape of `other`."""
        check_tensor("reshape_as", other, argument="other")
        return self.reshape(other._array.shape)

    def flatten(self: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
        """The dimensions from `start_dim` to `end_dim` made one.

        >>> import tinygrad_edu as torch
        >>> torch.zeros(2, 3, 4).flatten(1).shape
        torch.Size([2, 12])
        """
        check_tensor("flatten", self)
        shape = self._array.shape
        first = wrapped_dim(start_dim, len(shape), "flatten")
        last = wrapped_dim(end_dim, len(shape), "flatten")
        if first > last:
            raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
        if first == last and shape:
            return self
        size = math.prod(shape[first : last + 1])
        return self.reshape((*shape[:first], size, *shape[last + 1 :]))

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
        """The matrix transposed. Warns where there are not two dimensions, and reverses them."""
        if self._array.ndim == 0:
            warnings.warn(IDENTITY.format("T"), UserWarning, stacklevel=2)
        elif self._array.ndim != 2:
            warnings.warn(REVERSED, UserWarning, stacklevel=2)
        return self.permute(tuple(range(self._array.ndim))[::-1])

    @property
    def mT(self: Any) -> Any:
        """The last two dimensions swapped. RuntimeError for a tensor of one dimension."""
        ndim = self._array.ndim
        if ndim == 1:
            raise RuntimeError(
                "tensor.mT is only supported on matrices or batches of matrices. "
                f"Got {ndim}-D tensor."
            )
        if ndim == 0:
            warnings.warn(IDENTITY.format("mT"), UserWarning, stacklevel=2)
            return self
        return self.transpose(-2, -1)

    def transpose(self: Any, dim0: int, dim1: int) -> Any:
        """Two dimensions swapped, sharing the memory. IndexError for one that is not there."""
        check_tensor("transpose", self)
        x = memory(self)
        first, second = (wrapped_dim(dim, x.ndim, "transpose") for dim in (dim0, dim1))
        z = x.swapaxes(first, second) if x.ndim else x[...]
        return view(z, TransposeBackward0, self, lambda t: t.transpose(dim0, dim1), dim0, dim1)

    def permute(self: Any, *dims: Any) -> Any:
        """The dimensions in another order, sharing the memory.

        Raises RuntimeError unless `dims` names each dimension once.

        >>> import tinygrad_edu as torch
        >>> torch.zeros(2, 3, 4).permute(2, 0, 1).shape
        torch.Size([4, 2, 3])
        """
        check_tensor("permute", self)
        x = memory(self)
        order = sizes("permute", dims, "dims")
        if len(order) != x.ndim:
            raise RuntimeError(
                "permute(sparse_coo): number of dimensions in the tensor input does not match the "
                f"length of the desired ordering of dimensions i.e. input.dim() = {x.ndim} is not "
                f"equal to len(dims) = {len(order)}"
            )
        wrapped = tuple([wrapped_dim(d, x.ndim) for d in order])
        if len(set(wrapped)) != len(wrapped):
            raise RuntimeError("permute(): duplicate dims are not allowed.")
        z = x.transpose(wrapped) if x.ndim else x[...]
        return view(z, PermuteBackward0, self, lambda t: t.permute(order), order)

    def movedim(self: Any, source: Any, destination: Any) -> Any:
        """The dimensions `source` moved to the places `destination`; the others keep their order.

        Each is an int or several. Raises RuntimeError if they are not equally many.
        """
        check_tensor("movedim", self)
        ndim = self._array.ndim
        moved, places = listed("movedim", source), listed("movedim", destination)
        if len(moved) != len(places):
            raise RuntimeError(
                f"movedim: Invalid source or destination dims: source ({list(moved)} dims) should "
                f"contain the same number of dims as destination ({list(places)} dims)"
            )
        moved, places = wrapped_dims(moved, ndim), wrapped_dims(places, ndim)
        rest = iter([d for d in range(ndim) if d not in moved])
        back = dict(zip(places, moved))
        return self.permute(tuple([back[d] if d in back else next(rest) for d in range(ndim)]))

    def squeeze(self: Any, dim: Any = None) -> Any:
        """Without the dimensions of size 1, or without `dim`, one or several, where of size 1.

        >>> import tinygrad_edu as torch
        >>> torch.zeros(1, 3, 1).squeeze().shape, torch.zeros(1, 3, 1).squeeze(0).shape
        (torch.Size([3]), torch.Size([3, 1]))
        """
        check_tensor("squeeze", self)
        x = memory(self)
        if dim is None:
            return view(x.squeeze(), SqueezeBackward0, self, lambda t: t.squeeze(), x.shape)
        dims = listed("squeeze", dim)
        gone = [d for d in wrapped_dims(dims, x.ndim) if x.shape[d] == 1] if dims else ()
        kind, dim = (
            (SqueezeBackward2, dims) if isinstance(dim, tuple | list) else (SqueezeBackward1, *dims)
        )
        return view(x.squeeze(tuple(gone)), kind, self, lambda t: t.squeeze(dim), x.shape, dim)

    def unsqueeze(self: Any, dim: int) -> Any:
        """With a new dimension of size 1 at `dim`.

        >>> import tinygrad_edu as torch
        >>> torch.zeros(3).unsqueeze(-1).shape
        torch.Size([3, 1])
        """
        check_tensor("unsqueeze", self)
        x = memory(self)
        z = np.expand_dims(x, wrapped_dim(dim, x.ndim + 1, "unsqueeze"))
        return view(z, UnsqueezeBackward0, self, lambda t: t.unsqueeze(dim), dim)

    def expand(self: Any, *size: Any) -> Any:
        """Dimensions of size 1 repeated to `size`, without copying; -1 keeps a size.

        Raises RuntimeError for a dimension of another size than 1.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([[1.], [2.]]).expand(-1, 3)
        tensor([[1., 1., 1.],
                [2., 2., 2.]])
        """
        check_tensor("expand", self)
        x = memory(self)
        target = sizes("expand", size)
        more = len(target) - x.ndim
        if more < 0:
            raise RuntimeError(
                f"expand({self.type()}{{{list(x.shape)}}}, size={list(target)}): the number of "
                f"sizes provided ({len(target)}) must be greater or equal to the number of "
                f"dimensions in the tensor ({x.ndim})"
            )
        own = (1,) * more + x.shape
        for d, (n, wanted) in enumerate(zip(own, target)):
            if wanted == -1 and d < more:
                raise RuntimeError(
                    "The expanded size of the tensor (-1) isn't allowed in a leading, "
                    f"non-existing dimension {d}"
                )
            if wanted not in (-1, n) and (n != 1 or wanted < 0):
                raise RuntimeError(
                    f"The expanded size of the tensor ({wanted}) must match the existing size "
                    f"({n}) at non-singleton dimension {d}.  Target sizes: {list(target)}.  "
                    f"Tensor sizes: {list(x.shape)}"
                )
        filled = tuple([n if wanted == -1 else wanted for n, wanted in zip(own, target)])
        repeats = math.prod(filled) != x.size
        z = np.broadcast_to(x, filled) if repeats else x.reshape(filled)  # not writable if repeated
        return view(z, ExpandBackward0, self, lambda t: t.expand(filled), x.shape)

    def expand_as(self: Any, other: Any) -> Any:
        """Repeated to the shape of `other`, without copying."""
        check_tensor("expand_as", other, argument="other")
        return self.expand(other._array.shape)

    def contiguous(self: Any) -> Any:
        """The tensor itself if its numbers lie in memory row by row, else a copy that does."""
        x = memory(self)
        if x.flags.c_contiguous:
            return self
        return record(x.copy(), CloneBackward0, (self,))

    def unbind(self: Any, dim: int = 0) -> tuple[Any, ...]:
        """The slices along `dim`, each without that dimension, sharing the memory.

        Raises IndexError for a tensor of no dimensions.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([[1, 2], [3, 4]]).unbind()
        (tensor([1, 2]), tensor([3, 4]))
        """
        check_tensor("unbind", self)
        x = memory(self)
        along = wrapped_dim(dim, x.ndim, "unbind")
        if x.ndim == 0:
            raise IndexError("Dimension specified as 0 but tensor has no dimensions")
        slices = np.moveaxis(x, along, 0)
        arrays = [slices[i, ...] for i in range(len(slices))]
        results = [
            view(each, SliceOfUnbind, self, partial(_selected, along, i))
            for i, each in enumerate(arrays)
        ]
        for z, tied in zip(results, record_many(arrays, UnbindBackward0, (self,), dim)):
            z._node = tied._node  # one node for all: each is one of its results
        return tuple(results)

    broadcast_to = expand
    swapaxes = swapdims = transpose
    moveaxis = movedim


IDENTITY = "Tensor.{} is deprecated on 0-D tensors. This function is the identity in these cases."
REVERSED = (
    "The use of `x.T` on tensors of dimension other than 2 to reverse their shape is deprecated "
    "and it will throw an error in a future release. Consider `x.mT` to transpose batches of "
    "matrices or `x.permute(*torch.arange(x.ndim - 1, -1, -1))` to reverse the dimensions of a "
    "tensor."
)


def _selected(dim: int, index: int, x: Any) -> Any:
    return x.select(dim, index)


class CatBackward0(Node):
    """What cat leaves in the graph: a rule for each of its tensors."""

    __slots__ = ("rules",)
    saved_names = ("dim",)
    _saved_dim = property(lambda node: node.saved_value(0))


class StackBackward0(CatBackward0):
    """What stack leaves in the graph: a rule for each of its tensors."""

    __slots__ = ()


def _sequence_of_tensors(function: str, tensors: Any) -> tuple[Any, ...]:
    if not isinstance(tensors, tuple | list):
        raise TypeError(
            f"{function}(): argument 'tensors' (position 1) must be tuple of Tensors, "
            f"not {type_name(tensors)}"
        )
    for i, each in enumerate(tensors):
        if not hasattr(each, "_array"):
            raise TypeError(
                f"expected Tensor as element {i} in argument 0, but got {type_name(each)}"
            )
    return tuple(tensors)


def _of_one_type(tensors: tuple[Any, ...]) -> list[Any]:
    common = tensors[0]._array
    for each in tensors[1:]:
        common = promoted(common, each._array)[0]
    return [each._array.astype(common.dtype, copy=False) for each in tensors]


def cat(tensors: Any, dim: int = 0, *, axis: int | None = None) -> Any:
    """Tensors one after the other along the dimension `dim`, in the type that holds them all.

    `axis` is NumPy's name of `dim`. Tensors of the shape (0,) are left out. Raises RuntimeError
    where other sizes than that of `dim` differ, and for tensors without dimensions.

    >>> import tinygrad_edu as torch
    >>> torch.cat([torch.zeros(1), torch.ones(2)])
    tensor([0., 1., 1.])
    """
    tensors, dim = _sequence_of_tensors("cat", tensors), dim if axis is None else axis
    if not tensors:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    for i, each in enumerate(tensors):
        if each._array.ndim == 0:
            raise RuntimeError(
                f"zero-dimensional tensor (at position {i}) cannot be concatenated. "
                "Use torch.stack(tensors) to make them the elements of a new tensor."
            )
    arrays = _of_one_type(tensors)
    kept = [i for i, x in enumerate(arrays) if x.shape != (0,)] or [0]
    shape = arrays[kept[0]].shape
    along = wrapped_dim(dim, len(shape), "cat")
    for i in kept:
        _check_fits(arrays[i].shape, shape, along, i)
    joined = np.concatenate([arrays[i] for i in kept], along)
    z = record(xp(joined).ascontiguousarray(joined), CatBackward0, tensors, dim)
    if z._node is not None:
        ends = np.cumsum(
            [x.shape[along] if i in kept else 0 for i, x in enumerate(arrays)]
        ).tolist()
        parts = zip([0, *ends], ends, arrays)
        z._node.rules = [_slice_rule(along, start, end, x.shape) for start, end, x in parts]
    return z


def _check_fits(own: tuple[int, ...], shape: tuple[int, ...], along: int, i: int) -> None:
    """RuntimeError unless the tensor number `i` can be joined to one of `shape`."""
    if len(own) != len(shape):
        raise RuntimeError(
            f"Tensors must have same number of dimensions: got {len(shape)} and {len(own)}"
        )
    for d, (n, expected) in enumerate(zip(own, shape)):
        if d != along and n != expected:
            raise RuntimeError(
                f"Sizes of tensors must match except in dimension {along}. Expected size "
                f"{expected} but got size {n} for tensor number {i} in the list."
            )


def _slice_rule(dim: int, start: int, end: int, shape: tuple[int, ...]) -> Any:
    place = (slice(None),) * dim + (slice(start, end),)
    return lambda g, _dim: g[place].reshape(shape)


def stack(tensors: Any, dim: int = 0, *, axis: int | None = None) -> Any:
    """Tensors of one shape side by side, along a new dimension `dim` (or `axis`).

    Raises RuntimeError where shapes differ.

    >>> import tinygrad_edu as torch
    >>> torch.stack([torch.zeros(2), torch.ones(2)])
    tensor([[0., 0.],
            [1., 1.]])
    """
    tensors, dim = _sequence_of_tensors("stack", tensors), dim if axis is None else axis
    if not tensors:
        raise RuntimeError("stack expects a non-empty TensorList")
    arrays = _of_one_type(tensors)
    shape = arrays[0].shape
    for i, x in enumerate(arrays):
        if x.shape != shape:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(shape)} at entry 0 "
                f"and {list(x.shape)} at entry {i}"
            )
    along = wrapped_dim(dim, len(shape) + 1, "stack")
    joined = np.stack(arrays, along)
    z = record(xp(joined).ascontiguousarray(joined), StackBackward0, tensors, dim)
    if z._node is not None:
        z._node.rules = [_select_rule(along, i) for i in range(len(tensors))]
    return z


def _select_rule(dim: int, i: int) -> Any:
    place = (slice(None),) * dim + (i,)
    return lambda g, _dim: g[place]
