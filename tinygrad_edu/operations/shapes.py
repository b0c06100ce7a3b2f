"""The same numbers in another shape or order: views where the memory allows it, copies where not.

A view shares its tensor's memory. Going back, every gradient returns to where its number came
from: what was split is joined, what was joined is split, what was repeated is added up.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from functools import reduce
from itertools import accumulate
from operator import itemgetter
from typing import Any

import numpy as np

from ..arguments import check, require, type_name
from ..devices import scatter_sum, total, xp
from ..dtypes import legacy_name
from ..graph import Node
from ..several import ManyResults
from .dimensions import named, operation, size_along, sizes, wrapped_dim, wrapped_dims
from .elementwise import CloneBackward0
from .in_place import as_view, in_place, memory, turned_in_place, view
from .record import check_tensor, node_class, promoted, record, record_many

ViewBackward0, ReshapeAliasBackward0, UnsafeViewBackward0, SqueezeBackward0 = [
    node_class(f"{name}Backward0", lambda g, self_sym_sizes: g.reshape(self_sym_sizes), inputs="x")
    for name in ("View", "ReshapeAlias", "UnsafeView", "Squeeze")
]
SqueezeBackward1, SqueezeBackward2 = [
    node_class(name, lambda g, self_sym_sizes, _dim: g.reshape(self_sym_sizes), inputs="x")
    for name in ("SqueezeBackward1", "SqueezeBackward2")
]
AMBIGUOUS = "the unspecified dimension size -1 can be any value and is ambiguous"


def _reshaped(x: Any, shape: tuple[int, ...]) -> Any:
    """The array in another shape, one size of which may be -1; RuntimeError if it does not fit."""
    try:
        if not shape or min(shape) >= -1:
            return x.reshape(shape)
        at = f"index {shape.index(min(shape))} of shape {list(shape)}"
        wrong = f"invalid shape dimension {min(shape)} at {at}"
    except ValueError:
        if shape.count(-1) > 1:
            wrong = "only one dimension can be inferred"
        elif -1 in shape and 0 in shape and not x.size:
            wrong = (
                f"cannot reshape tensor of 0 elements into shape {list(shape)} because {AMBIGUOUS}"
            )
        else:
            wrong = f"shape '{list(shape)}' is invalid for input of size {x.size}"
    raise RuntimeError(wrong)


class Reshaping:
    """The methods of a tensor that arrange the same elements in other dimensions."""

    __slots__ = ()

    def view(self: Any, *given: Any, size: Any = None) -> Any:
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
        z = _reshaped(x, sizes("view", given, size))
        if not (x.flags.c_contiguous or np.may_share_memory(z, x)):
            raise RuntimeError(
                "view size is not compatible with input tensor's size and stride (at least one "
                "dimension spans across two contiguous subspaces). Use .reshape(...) instead."
            )
        return view(z, ViewBackward0, self, lambda t: t.reshape(z.shape), x.shape)

    def reshape(self: Any = None, *given: Any, shape: Any = None, input: Any = None) -> Any:
        """The tensor in another shape: a view if the memory allows it, a copy if not.

        One size may be -1: worked out. Raises RuntimeError if the number of elements differs.

        >>> import tinygrad_edu as torch
        >>> torch.arange(6).reshape(2, 3).reshape(-1).shape
        torch.Size([6])
        """
        self = self if input is None else input
        check_tensor("reshape", self)
        x = memory(self)
        z = _reshaped(x, sizes("reshape", given, shape, "shape"))
        shape, contiguous = z.shape, x.flags.c_contiguous
        if contiguous or np.may_share_memory(z, x):
            kind = ViewBackward0 if contiguous else ReshapeAliasBackward0
            return view(z, kind, self, lambda t: t.reshape(shape), x.shape)
        copied = record(z.reshape(x.shape), CloneBackward0, (self,))
        return record(z, UnsafeViewBackward0, (copied,), x.shape)

    def reshape_as(self: Any, other: Any) -> Any:
        """The tensor in the shape of `other`."""
        return self.reshape(_shape_of("reshape_as", other))

    def view_as(self: Any, other: Any) -> Any:
        """The tensor in the shape of `other`, sharing its memory."""
        return self.view(_shape_of("view_as", other))

    @named
    def contiguous(self: Any) -> Any:
        """The tensor itself if its numbers lie in memory row by row, else a copy that does."""
        x = memory(self)
        return self if x.flags.c_contiguous else record(x.copy(), CloneBackward0, (self,))

    @named
    def ravel(self: Any) -> Any:
        """The elements as a vector, a view if the memory allows it."""
        return self.contiguous().view(-1)

    @named
    def flatten(self: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
        """The dimensions from `start_dim` to `end_dim` made one.

        >>> import tinygrad_edu as torch
        >>> torch.zeros(2, 3, 4).flatten(1).shape
        torch.Size([2, 12])
        """
        shape = self._array.shape
        first, last = (wrapped_dim(d, len(shape), "flatten") for d in (start_dim, end_dim))
        require(first <= last, "flatten() has invalid args: start_dim cannot come after end_dim")
        if first == last and shape:
            return self
        size = math.prod(shape[first : last + 1])
        return self.reshape((*shape[:first], size, *shape[last + 1 :]))

    @named
    def unflatten(self: Any, dim: int, sizes: Any) -> Any:
        """The dimension `dim` made several, of the `sizes`, one of which may be -1.

        >>> import tinygrad_edu as torch
        >>> torch.zeros(2, 12).unflatten(1, (3, -1)).shape
        torch.Size([2, 3, 4])
        """
        n, shape = size_along("unflatten", self._array, dim), self._array.shape
        listed = isinstance(sizes, tuple | list)
        require(listed, "unflatten(): argument 'sizes' must be tuple of ints", TypeError)
        require(sizes, "unflatten: sizes must be non-empty")
        sizes = _reshaped(np.empty(n, bool), tuple(sizes)).shape
        return self.view((*shape[:dim], *sizes, *shape[dim % len(shape) + 1 :]))

    @named
    def squeeze(self: Any, dim: Any = None) -> Any:
        """Without the dimensions of size 1, or without `dim`, one or several, where of size 1.

        >>> import tinygrad_edu as torch
        >>> torch.zeros(1, 3, 1).squeeze().shape, torch.zeros(1, 3, 1).squeeze(0).shape
        (torch.Size([3]), torch.Size([3, 1]))
        """
        x, kind = memory(self), SqueezeBackward1
        if dim is None:
            return view(x.squeeze(), SqueezeBackward0, self, lambda t: t.squeeze(), x.shape)
        if isinstance(dim, tuple | list):
            kind, dim = SqueezeBackward2, tuple(dim)
        ones = [d for d in wrapped_dims(dim, x.ndim, "squeeze") if x.shape[d] == 1]
        return view(x.squeeze(tuple(ones)), kind, self, lambda t: t.squeeze(dim), x.shape, dim)

    @operation("UnsqueezeBackward0", lambda g, dim: g.squeeze(dim), shares=True)
    def unsqueeze(x: Any, dim: int) -> Any:
        """With a new dimension of size 1 at `dim`.

        >>> import tinygrad_edu as torch
        >>> torch.zeros(3).unsqueeze(-1).shape
        torch.Size([3, 1])
        """
        place = wrapped_dim(dim, x.ndim + 1, "unsqueeze")
        return x.reshape((*x.shape[:place], 1, *x.shape[place:])), dim

    squeeze_, unsqueeze_ = turned_in_place(squeeze), turned_in_place(unsqueeze)


def _shape_of(function: str, other: Any) -> tuple[int, ...]:
    check_tensor(function, other, argument="other")
    return other._array.shape


# --- dimensions in another order, elements in another order --------------------------------------

IDENTITY = "Tensor.{} is deprecated on 0-D tensors. This function is the identity in these cases."
REVERSED = (
    "The use of `x.T` on tensors of dimension other than 2 to reverse their shape is deprecated "
    "and it will throw an error in a future release. Use x.mT or x.permute(...) instead."
)


def _transpose_rule(g: Any, dim0: int, dim1: int) -> Any:
    return g.swapaxes(dim0, dim1) if g.ndim else g


def _permute_rule(g: Any, dims: tuple[int, ...]) -> Any:
    return xp(g).moveaxis(g, tuple(range(len(dims))), dims)


class Reordering:
    """The methods of a tensor that put its dimensions, or the elements along them, in order."""

    __slots__ = ()

    @operation("TBackward0", lambda g: g.T if g.ndim == 2 else g, shares=True)
    def t(x: Any) -> Any:
        """Rows become columns. Tensors of 0 and 1 dimensions stay as they are."""
        if x.ndim > 2:
            raise RuntimeError(
                f"t() expects a tensor with <= 2 dimensions, but self is {x.ndim}D. "
                "Use transpose(dim0, dim1) or permute(...)."
            )
        return (x.T,)

    @property
    def T(self: Any) -> Any:
        """The matrix transposed. Warns where there are not two dimensions, and reverses them."""
        ndim = self._array.ndim
        if ndim != 2:
            warnings.warn(REVERSED if ndim else IDENTITY.format("T"), stacklevel=2)
        return self.permute(tuple(range(ndim))[::-1])

    @property
    def mT(self: Any) -> Any:
        """The last two dimensions swapped. RuntimeError for a tensor of one dimension."""
        ndim = self._array.ndim
        require(ndim != 1, "tensor.mT is only supported on matrices or batches of matrices.")
        if ndim:
            return self.transpose(-2, -1)
        warnings.warn(IDENTITY.format("mT"), stacklevel=2)
        return self

    @operation("TransposeBackward0", _transpose_rule, shares=True)
    def transpose(x: Any, dim0: int, dim1: int) -> Any:
        """Two dimensions swapped, sharing the memory. IndexError for one that is not there."""
        first, second = (wrapped_dim(dim, x.ndim, "transpose") for dim in (dim0, dim1))
        return x.swapaxes(first, second) if x.ndim else x[...], dim0, dim1

    @operation("PermuteBackward0", _permute_rule, shares=True)
    def permute(x: Any, *given: Any, dims: Any = None) -> Any:
        """The dimensions in another order, sharing the memory.

        Raises RuntimeError unless `dims` names each dimension once.

        >>> import tinygrad_edu as torch
        >>> torch.zeros(2, 3, 4).permute(2, 0, 1).shape
        torch.Size([4, 2, 3])
        """
        order = sizes("permute", given, dims, "dims")
        if len(order) != x.ndim:
            raise RuntimeError(
                "permute(sparse_coo): number of dimensions in the tensor input does not match the "
                f"length of the desired ordering of dimensions i.e. {x.ndim} and {len(order)}"
            )
        places = {wrapped_dim(d, x.ndim) for d in order}
        require(len(places) == len(order), "permute(): duplicate dims are not allowed.")
        return x.transpose(order) if order else x[...], order

    @named
    def movedim(self: Any, source: Any, destination: Any) -> Any:
        """The dimensions `source` moved to the places `destination`; the others keep their order.

        Each is an int or several. Raises RuntimeError if they are not equally many.
        """
        ndim = self._array.ndim
        moved, places = (wrapped_dims(d, ndim, "movedim") for d in (source, destination))
        require(
            len(moved) == len(places),
            f"movedim: Invalid source or destination dims: source ({list(moved)}) and destination "
            f"({list(places)}) must be equally many",
        )
        order = [d for d in range(ndim) if d not in moved]
        for place, d in sorted(zip(places, moved)):
            order.insert(place, d)
        return self.permute(order)

    @operation("FlipBackward0", lambda g, dims: xp(g).flip(g, dims))
    def flip(x: Any, *given: Any, dims: Any = None) -> Any:
        """The order of the elements turned round along the dimensions `dims`.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([1, 2, 3]).flip(0)
        tensor([3, 2, 1])
        """
        order = sizes("flip", given, dims, "dims")
        return np.flip(x, wrapped_dims(order, x.ndim, "flip")).copy(), order if x.ndim else ()

    t_, transpose_ = turned_in_place(t), turned_in_place(transpose)
    swapaxes = swapdims = transpose
    swapaxes_ = swapdims_ = transpose_
    moveaxis = movedim


# --- elements repeated, elements left out --------------------------------------------------------


def _repeat_rule(g: Any, self_sym_sizes: Any, repeats: Any) -> Any:
    own = (1,) * (len(repeats) - len(self_sym_sizes)) + self_sym_sizes
    by_copy = g.reshape(tuple([n for pair in zip(repeats, own) for n in pair]))
    return total(by_copy, tuple(range(0, 2 * len(own), 2))).reshape(self_sym_sizes)


def _expanded(x: Any, target: tuple[int, ...]) -> list[int]:
    """The sizes of an expanded array: those of `target`, its own for -1."""
    more = len(target) - x.ndim
    if more < 0:
        raise RuntimeError(
            f"expand(torch.{legacy_name(x.dtype)}Tensor{{{list(x.shape)}}}, size={list(target)}): "
            f"the number of sizes provided ({len(target)}) must not be below that of dimensions"
        )
    shape = list(target)
    for d, (n, wanted) in enumerate(zip((1,) * more + x.shape, target)):
        if wanted == -1 and d >= more:
            shape[d] = n
        elif wanted != n and (n != 1 or wanted < 0):
            must = f"must match the existing size ({n}) at non-singleton"
            must = "isn't allowed in a leading, non-existing" if d < more else must
            wrong = f"The expanded size of the tensor ({wanted}) {must} dimension {d}."
            raise RuntimeError(f"{wrong} Target: {list(target)}. Tensor: {list(x.shape)}")
    return shape


def _triangle(cut: Callable[..., Any], x: Any, diagonal: Any) -> tuple[Any, int]:
    require(x.ndim > 1, f"{cut.__name__}: input tensor must have at least 2 dimensions")
    diagonal = check(cut.__name__, "diagonal", diagonal, "int", 1)
    return cut(x, diagonal), diagonal


def _diagonal_rule(g: Any, self_sym_sizes: Any, offset: int, dim1: int, dim2: int) -> Any:
    numbers = np.arange(math.prod(self_sym_sizes)).reshape(self_sym_sizes)
    places = numbers.diagonal(offset, dim1, dim2).reshape(-1)
    return scatter_sum(g.reshape(-1), places, self_sym_sizes)


DiagonalCopyBackward0 = node_class("DiagonalBackward0_copy", _diagonal_rule, inputs="x")
DiagEmbedBackward0 = node_class(
    "DiagEmbedBackward0", lambda g, offset, _dim1, _dim2: g.diagonal(offset), inputs="x"
)


class Repeating:
    """The methods of a tensor that repeat its elements, or take some of them out."""

    __slots__ = ()

    @operation("ExpandBackward0", lambda g, _self_sym_sizes: g, shares=True)
    def expand(x: Any, *given: Any, size: Any = None, implicit: bool = False) -> Any:
        """Dimensions of size 1 repeated to `size`, without copying; -1 keeps a size.

        Raises RuntimeError for a dimension of another size than 1.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([[1.], [2.]]).expand(-1, 3)
        tensor([[1., 1., 1.],
                [2., 2., 2.]])
        """
        shape = _expanded(x, sizes("expand", given, size))
        repeats = math.prod(shape) != x.size
        return np.broadcast_to(x, shape) if repeats else x.reshape(shape), x.shape

    def expand_as(self: Any, other: Any) -> Any:
        """Repeated to the shape of `other`, without copying."""
        return self.expand(_shape_of("expand_as", other))

    @operation("RepeatBackward0", _repeat_rule)
    def repeat(x: Any, *given: Any, repeats: Any = None) -> Any:
        """Copies side by side: `repeats` of them along each dimension, new ones in front.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([1, 2]).repeat(2, 2)
        tensor([[1, 2, 1, 2],
                [1, 2, 1, 2]])
        """
        counts = sizes("repeat", given, repeats, "repeats")
        require(
            len(counts) >= x.ndim and min(counts, default=0) >= 0,
            "Number of dimensions of repeat dims can not be smaller than number of dimensions of "
            f"tensor, nor a number of copies negative: {list(counts)} for {list(x.shape)}",
        )
        return np.tile(x, counts), x.shape, counts

    @operation("TrilBackward0", lambda g, diagonal: xp(g).tril(g, diagonal))
    def tril(x: Any, diagonal: int = 0) -> Any:
        """The elements on the diagonal number `diagonal` and below, zeros above.

        >>> import tinygrad_edu as torch
        >>> torch.ones(2, 2).tril()
        tensor([[1., 0.],
                [1., 1.]])
        """
        return _triangle(np.tril, x, diagonal)

    @operation("TriuBackward0", lambda g, diagonal: xp(g).triu(g, diagonal))
    def triu(x: Any, diagonal: int = 0) -> Any:
        """The elements on the diagonal number `diagonal` and above, zeros below."""
        return _triangle(np.triu, x, diagonal)

    @operation("DiagonalBackward0", _diagonal_rule, shares=True)
    def diagonal(x: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
        """The diagonal of the dimensions `dim1` and `dim2`, as the last dimension of a view."""
        dims = [wrapped_dim(d, x.ndim, "diagonal") for d in (dim1, dim2)]
        require(dims[0] != dims[1], f"diagonal dimensions cannot be identical {dim1}, {dim2}")
        z = np.diagonal(x, offset, *dims)
        if isinstance(z, np.ndarray):  # NumPy's diagonals cannot be written to otherwise
            z.flags.writeable = x.flags.writeable
        return z, x.shape, offset, dim1, dim2

    @named
    def diag(self: Any, diagonal: int = 0) -> Any:
        """The diagonal of a matrix, as a copy; of a vector the matrix with this diagonal."""
        x, diagonal = self._array, check("diag", "diagonal", diagonal, "int", 1)
        require(x.ndim in (1, 2), f"diag(): Supports 1D or 2D tensors. Got {x.ndim}D")
        z = np.diag(x, diagonal).copy()
        if x.ndim == 1:
            return record(z, DiagEmbedBackward0, (self,), diagonal, -2, -1)
        return record(z, DiagonalCopyBackward0, (self,), x.shape, diagonal, 0, 1)

    broadcast_to = expand
    tril_, triu_ = in_place(tril), in_place(triu)


# --- one tensor in parts, several tensors joined -------------------------------------------------

JOINED: Any = {"inputs": "x", "base": ManyResults}


def _split_rule(g: Any, _self_sym_sizes: Any, _split_size: int, dim: int) -> Any:
    return xp(g[0]).concatenate(g, dim)


def _split_with_sizes_rule(g: Any, _self_sym_sizes: Any, _split_sizes: Any, dim: int) -> Any:
    return xp(g[0]).concatenate(g, dim)


SplitBackward0 = node_class("SplitBackward0", _split_rule, **JOINED)
SplitWithSizesBackward0 = node_class("SplitWithSizesBackward0", _split_with_sizes_rule, **JOINED)
UnbindBackward0 = node_class("UnbindBackward0", lambda g, dim: xp(g[0]).stack(g, dim), **JOINED)


def _slices(lengths: Any) -> list[slice]:
    """Where parts of these lengths lie, one after the other."""
    return [slice(end - n, end) for n, end in zip(lengths, accumulate(lengths))]


def _parts(self: Any, dim: int, items: Any, kind: Any, *saved: Any) -> tuple[Any, ...]:
    """The views at several places along `dim`, all of them results of one node."""
    x, along = memory(self), wrapped_dim(dim, self._array.ndim)
    places = [(*(slice(None),) * along, item, ...) for item in items]
    parts = record_many([x[at] for at in places], kind, (self,), *saved)
    for z, at in zip(parts, places):
        as_view(z, self, itemgetter(at), "several")
    return tuple(parts)


class Splitting:
    """The methods of a tensor that return parts of it, along one dimension."""

    __slots__ = ()

    @named
    def unbind(self: Any, dim: int = 0) -> tuple[Any, ...]:
        """The slices along `dim`, each without that dimension, sharing the memory.

        Raises IndexError for a tensor of no dimensions.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([[1, 2], [3, 4]]).unbind()
        (tensor([1, 2]), tensor([3, 4]))
        """
        n = size_along("unbind", self._array, dim, IndexError)
        return _parts(self, dim, range(n), UnbindBackward0, dim)

    @named
    def split(self: Any, split_size: Any, dim: int = 0) -> tuple[Any, ...]:
        """Parts along `dim`, sharing the memory: each of `split_size`, the last of the rest, or of
        the sizes in a list.

        Raises RuntimeError for a list of sizes that do not add up.

        >>> import tinygrad_edu as torch
        >>> torch.arange(5).split(2)
        (tensor([0, 1]), tensor([2, 3]), tensor([4]))
        """
        n, shape = size_along("split", self._array, dim), self._array.shape
        if isinstance(split_size, tuple | list):
            lengths = sizes("split_with_sizes", (split_size,), argument="split_sizes")
            require(
                sum(lengths) == n and min(lengths, default=0) >= 0,
                f"split_with_sizes expects split_sizes to sum exactly to {n} (input tensor's size "
                f"at dimension {dim}), but got {list(lengths)}",
            )
            return _parts(self, dim, _slices(lengths), SplitWithSizesBackward0, shape, lengths, dim)
        size = check("split", "split_size", split_size, "int", 2)
        fits = size > 0 or size == n
        require(fits, f"split_size must be positive for a dimension of {n}: {size}")
        lengths = [min(size, n - start) for start in range(0, n, size or 1)] or [n]
        return _parts(self, dim, _slices(lengths), SplitBackward0, shape, size, dim)

    @named
    def chunk(self: Any, chunks: int, dim: int = 0) -> tuple[Any, ...]:
        """At most `chunks` parts along `dim`, of one size but for the last."""
        n, more = size_along("chunk", self._array, dim), check("chunk", "chunks", chunks, "int", 1)
        require(more > 0, f"chunk expects `chunks` to be greater than 0, got: {chunks}")
        return self.split(-(-n // chunks) if n else [0] * chunks, dim)

    @named
    def narrow(self: Any, dim: int, start: int, length: int) -> Any:
        """The part of `length` along `dim` that begins at `start`, sharing the memory."""
        n, dim = size_along("narrow", self._array, dim), wrapped_dim(dim, self._array.ndim)
        start, length = (check("narrow", "start", i, "int") for i in (start, length))
        require(-n <= start <= n, f"start out of range [{-n}, {n}]: {start}", IndexError)
        start += n if start < 0 else 0
        fits = 0 <= length <= n - start
        require(fits, f"start ({start}) + length ({length}) exceeds dimension size ({n}).")
        return self._slice(dim, slice(start, start + length))

    split_with_sizes = split


class Shapes(Reshaping, Reordering, Repeating, Splitting):
    """The methods of a tensor that change its shape, or the order of its elements."""

    __slots__ = ()


class CatBackward0(Node):
    """What cat leaves in the graph: the gradient of each tensor is a part of the result's."""

    __slots__ = ()
    saved_names = ("dim",)
    _saved_dim = property(lambda node: node.saved_value(0))

    def vjp(self, g: Any, useful: set[Node] | None = None) -> list[Any]:
        """The gradient of each tensor."""
        _, *parts = self.saved or ()
        return [
            None if target is None else target.fit(g[place].reshape(shape))
            for target, place, shape in zip(self.sources, *parts)
        ]


StackBackward0 = type("StackBackward0", (CatBackward0,), {"__slots__": ()})


def _arrays_of(function: str, tensors: Any) -> list[Any]:
    """The arrays of several tensors; TypeError unless they are tensors in a list or tuple."""
    if not isinstance(tensors, tuple | list):
        words = f"{function}(): argument 'tensors' (position 1) must be tuple of Tensors"
        raise TypeError(f"{words}, not {type_name(tensors)}")
    for i, x in enumerate(tensors):
        if not hasattr(x, "_array"):
            words = f"expected Tensor as element {i} in argument 0, but got {type_name(x)}"
            raise TypeError(words)
    return [x._array for x in tensors]


def _in_one_type(arrays: list[Any]) -> list[Any]:
    """Arrays in the type that holds them all."""
    common = reduce(lambda x, y: promoted(x, y)[0], arrays).dtype
    return [x.astype(common, copy=False) for x in arrays]


def _joined(array: Any, kind: type[Node], tensors: Any, dim: int, places: Any) -> Any:
    shapes = [x._array.shape for x in tensors]
    return record(xp(array).ascontiguousarray(array), kind, tuple(tensors), dim, places, shapes)


def cat(tensors: Any, dim: int = 0, *, axis: int | None = None) -> Any:
    """Tensors one after the other along the dimension `dim`, in the type that holds them all.

    `axis` is NumPy's name of `dim`. Tensors of the shape (0,) are left out. Raises RuntimeError
    where other sizes than that of `dim` differ, and for tensors without dimensions.

    >>> import tinygrad_edu as torch
    >>> torch.cat([torch.zeros(1), torch.ones(2)])
    tensor([0., 1., 1.])
    """
    arrays = _arrays_of("cat", tensors)
    require(arrays, "torch.cat(): expected a non-empty list of Tensors", ValueError)
    arrays, dim = _in_one_type(arrays), dim if axis is None else axis
    filled = [x for x in arrays if x.shape != (0,)] or arrays[:1]
    along = 0 if filled[0].shape in ((), (0,)) else wrapped_dim(dim, filled[0].ndim, "cat")
    try:
        joined = np.concatenate(filled, along)
    except ValueError:
        raise RuntimeError(_misfit(filled, along)) from None
    lengths = [0 if x.shape == (0,) else x.shape[along] for x in arrays]
    places = [(*(slice(None),) * along, part) for part in _slices(lengths)]
    return _joined(joined, CatBackward0, tensors, dim, places)


def _misfit(arrays: list[Any], dim: int) -> str:
    """Why arrays cannot be joined along `dim`."""
    first = arrays[0]
    for i, x in enumerate(arrays):
        if x.ndim == 0:
            return f"zero-dimensional tensor (at position {i}) cannot be concatenated. Use stack."
        if x.ndim != first.ndim:
            return f"Tensors must have same number of dimensions: got {first.ndim} and {x.ndim}"
        if any(n != m for d, (n, m) in enumerate(zip(x.shape, first.shape)) if d != dim):
            break
    return (
        f"Sizes of tensors must match except in dimension {dim}. Expected those of "
        f"{list(first.shape)} but got {list(x.shape)} for tensor number {i} in the list."
    )


def stack(tensors: Any, dim: int = 0, *, axis: int | None = None) -> Any:
    """Tensors of one shape side by side, along a new dimension `dim` (or `axis`).

    Raises RuntimeError where shapes differ.

    >>> import tinygrad_edu as torch
    >>> torch.stack([torch.zeros(2), torch.ones(2)])
    tensor([[0., 0.],
            [1., 1.]])
    """
    arrays = _arrays_of("stack", tensors)
    require(arrays, "stack expects a non-empty TensorList")
    shape, dim = arrays[0].shape, dim if axis is None else axis
    for i, x in enumerate(arrays):
        if x.shape != shape:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(shape)} at entry 0 "
                f"and {list(x.shape)} at entry {i}"
            )
    along = wrapped_dim(dim, len(shape) + 1, "stack")
    places = [(*(slice(None),) * along, i) for i in range(len(arrays))]
    return _joined(np.stack(_in_one_type(arrays), along), StackBackward0, tensors, dim, places)
