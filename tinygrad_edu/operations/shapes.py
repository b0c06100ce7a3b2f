"""The same numbers in another shape or order: views where the memory allows it, copies where not.

A view shares its tensor's memory. Going back, every gradient returns to where its number came
from: what was split is joined, what was joined is split, what was repeated is added up.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from functools import partial, wraps
from operator import itemgetter
from typing import Any

import numpy as np

from ..arguments import check, type_name
from ..devices import scatter_sum, spread, total, xp
from ..dtypes import legacy_name
from ..graph import Node
from ..several import ManyResults
from .elementwise import CloneBackward0
from .in_place import as_view, in_place, memory, turned_in_place, view
from .record import broadcast_error, check_tensor, node_class, promoted, record, record_many
from .reductions import NAMES, converted, require, torch_names, wrapped_dim, wrapped_dims

INTS = {int}


def sizes(function: str, given: Any, argument: str = "size", names: Any = None) -> tuple[int, ...]:
    """The shape in f(2, 3), f((2, 3)) or f(size=(2, 3)); TypeError for what is no whole number."""
    if names and not given:
        given = (names.pop(argument, None),)
    if not given or names:
        raise TypeError(f'{function}() missing 1 required positional arguments: "{argument}"')
    if len(given) == 1 and isinstance(given[0], tuple | list):
        given = given[0]
    if not INTS.issuperset(map(type, given)):
        given = [check(function, argument, n, "int", i) for i, n in enumerate(given, 1)]
    return tuple(given)


def _reshaped(x: Any, shape: tuple[int, ...]) -> Any:
    """The array in another shape, one size of which may be -1; RuntimeError if it does not fit."""
    try:
        if not shape or min(shape) >= -1:
            return x.reshape(shape)
        at = f"index {shape.index(min(shape))} of shape {list(shape)}"
        wrong = f"invalid shape dimension {min(shape)} at {at}"
    except ValueError:
        wrong = f"shape '{list(shape)}' is invalid for input of size {x.size}"
        if shape.count(-1) > 1:
            wrong = "only one dimension can be inferred"
        elif -1 in shape and 0 in shape and not x.size:
            wrong = (
                f"cannot reshape tensor of 0 elements into shape {list(shape)} because the "
                "unspecified dimension size -1 can be any value and is ambiguous"
            )
    raise RuntimeError(wrong)


def shaping(name: str, rule: Callable[..., Any], *, shares: bool = True) -> Callable[..., Any]:
    """Make a method of a function on an array, `forward(x, ...)`, that returns the new array and
    what `rule` takes besides g. With `shares` the new array is a view of `x`."""
    kind = node_class(f"{name}Backward0", rule, inputs="x")

    def method(forward: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(forward)
        def operation(self: Any = None, *arguments: Any, **options: Any) -> Any:
            if options:
                options = {NAMES.get(each, each): value for each, value in options.items()}
                self = options.pop("self", self)
            try:
                x = memory(self)
            except AttributeError:
                check_tensor(forward.__name__, self)
                raise
            z, *saved = forward(x, *arguments, **options)
            if not shares:
                return record(z, kind, (self,), *saved)
            return view(z, kind, self, lambda t: operation(t, *arguments, **options), *saved)

        return operation

    return method


ViewBackward0, ReshapeAliasBackward0, UnsafeViewBackward0, SqueezeBackward0 = [
    node_class(f"{name}Backward0", lambda g, self_sym_sizes: g.reshape(self_sym_sizes), inputs="x")
    for name in ("View", "ReshapeAlias", "UnsafeView", "Squeeze")
]
SqueezeBackward1, SqueezeBackward2 = [
    node_class(name, lambda g, self_sym_sizes, _dim: g.reshape(self_sym_sizes), inputs="x")
    for name in ("SqueezeBackward1", "SqueezeBackward2")
]
PARTS: dict[str, Any] = {"inputs": "x", "base": ManyResults}
UnbindBackward0 = node_class("UnbindBackward0", lambda g, dim: xp(g[0]).stack(g, dim), **PARTS)
SplitBackward0 = node_class(
    "SplitBackward0",
    lambda g, _self_sym_sizes, _split_size, dim: xp(g[0]).concatenate(g, dim),
    **PARTS,
)
SplitWithSizesBackward0 = node_class(
    "SplitWithSizesBackward0",
    lambda g, _self_sym_sizes, _split_sizes, dim: xp(g[0]).concatenate(g, dim),
    **PARTS,
)


copying = partial(shaping, shares=False)


def _diagonal_rule(g: Any, self_sym_sizes: Any, offset: int, dim1: int, dim2: int) -> Any:
    numbers = np.arange(math.prod(self_sym_sizes)).reshape(self_sym_sizes)
    places = numbers.diagonal(offset, dim1, dim2).reshape(-1)
    return scatter_sum(g.reshape(-1), places, self_sym_sizes)


DiagonalCopyBackward0 = node_class("DiagonalBackward0_copy", _diagonal_rule, inputs="x")


def _repeat_rule(g: Any, self_sym_sizes: Any, repeats: Any) -> Any:
    own = (1,) * (len(repeats) - len(self_sym_sizes)) + self_sym_sizes
    by_copy = g.reshape(tuple([n for pair in zip(repeats, own) for n in pair]))
    return total(by_copy, tuple(range(0, 2 * len(own), 2))).reshape(self_sym_sizes)


class Shapes:
    """The methods of a tensor that change its shape, or the order of its elements."""

    __slots__ = ()

    _array: Any

    def view(self: Any, *shape: Any, **names: Any) -> Any:
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
        z = _reshaped(x, sizes("view", shape, "size", names))
        if not (x.flags.c_contiguous or np.may_share_memory(z, x)):
            raise RuntimeError(
                "view size is not compatible with input tensor's size and stride (at least one "
                "dimension spans across two contiguous subspaces). Use .reshape(...) instead."
            )
        return view(z, ViewBackward0, self, lambda t: t.reshape(z.shape), x.shape)

    def reshape(self: Any, *shape: Any, **names: Any) -> Any:
        """The tensor in another shape: a view if the memory allows it, a copy if not.

        One size may be -1: worked out. Raises RuntimeError if the number of elements differs.

        >>> import tinygrad_edu as torch
        >>> torch.arange(6).reshape(2, 3).reshape(-1).shape
        torch.Size([6])
        """
        check_tensor("reshape", self)
        x = memory(self)
        z = _reshaped(x, sizes("reshape", shape, "shape", names))
        shape = z.shape
        if x.flags.c_contiguous:
            return view(z, ViewBackward0, self, lambda t: t.reshape(shape), x.shape)
        if np.may_share_memory(z, x):
            return view(z, ReshapeAliasBackward0, self, lambda t: t.reshape(shape), x.shape)
        copied = record(z.reshape(x.shape), CloneBackward0, (self,))
        return record(z, UnsafeViewBackward0, (copied,), x.shape)

    def reshape_as(self: Any, other: Any) -> Any:
        """The tensor in the shape of `other`."""
        check_tensor("reshape_as", other, argument="other")
        return self.reshape(other._array.shape)

    def view_as(self: Any, other: Any) -> Any:
        """The tensor in the shape of `other`, sharing its memory."""
        check_tensor("view_as", other, argument="other")
        return self.view(other._array.shape)

    @torch_names
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

    def unflatten(self: Any, dim: int, sizes: Any) -> Any:
        """The dimension `dim` made several, of the `sizes`, one of which may be -1.

        >>> import tinygrad_edu as torch
        >>> torch.zeros(2, 12).unflatten(1, (3, -1)).shape
        torch.Size([2, 3, 4])
        """
        check_tensor("unflatten", self)
        n, shape = _size_along("unflatten", self, dim), self._array.shape
        listed = isinstance(sizes, tuple | list)
        require(listed, "unflatten(): argument 'sizes' must be tuple of ints", TypeError)
        require(sizes, "unflatten: sizes must be non-empty")
        sizes = _reshaped(np.empty(n, bool), tuple(sizes)).shape
        return self.view((*shape[:dim], *sizes, *shape[dim % len(shape) + 1 :]))

    def ravel(self: Any) -> Any:
        """The elements as a vector, a view if the memory allows it."""
        check_tensor("ravel", self)
        return self.contiguous().view(-1)

    @shaping("T", lambda g: g.T if g.ndim == 2 else g)
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
            warnings.warn(REVERSED if ndim else IDENTITY.format("T"), UserWarning, stacklevel=2)
        return self.permute(tuple(range(ndim))[::-1])

    @property
    def mT(self: Any) -> Any:
        """The last two dimensions swapped. RuntimeError for a tensor of one dimension."""
        ndim = self._array.ndim
        require(ndim != 1, "tensor.mT is only supported on matrices or batches of matrices.")
        if ndim == 0:
            warnings.warn(IDENTITY.format("mT"), UserWarning, stacklevel=2)
            return self
        return self.transpose(-2, -1)

    @shaping("Transpose", lambda g, dim0, dim1: g.swapaxes(dim0, dim1) if g.ndim else g)
    def transpose(x: Any, dim0: int, dim1: int) -> Any:
        """Two dimensions swapped, sharing the memory. IndexError for one that is not there."""
        first, second = (wrapped_dim(dim, x.ndim, "transpose") for dim in (dim0, dim1))
        return x.swapaxes(first, second) if x.ndim else x[...], dim0, dim1

    @shaping("Permute", lambda g, dims: xp(g).moveaxis(g, tuple(range(len(dims))), dims))
    def permute(x: Any, *dims: Any, **names: Any) -> Any:
        """The dimensions in another order, sharing the memory.

        Raises RuntimeError unless `dims` names each dimension once.

        >>> import tinygrad_edu as torch
        >>> torch.zeros(2, 3, 4).permute(2, 0, 1).shape
        torch.Size([4, 2, 3])
        """
        order = sizes("permute", dims, "dims", names)
        if len(order) != x.ndim:
            raise RuntimeError(
                "permute(sparse_coo): number of dimensions in the tensor input does not match the "
                f"length of the desired ordering of dimensions i.e. input.dim() = {x.ndim} is not "
                f"equal to len(dims) = {len(order)}"
            )
        places = {wrapped_dim(d, x.ndim) for d in order}
        require(len(places) == len(order), "permute(): duplicate dims are not allowed.")
        return x.transpose(order) if order else x[...], order

    def movedim(self: Any, source: Any, destination: Any) -> Any:
        """The dimensions `source` moved to the places `destination`; the others keep their order.

        Each is an int or several. Raises RuntimeError if they are not equally many.
        """
        check_tensor("movedim", self)
        ndim = self._array.ndim
        moved, places = (wrapped_dims(d, ndim, "movedim") for d in (source, destination))
        require(
            len(moved) == len(places),
            f"movedim: Invalid source or destination dims: source ({list(moved)} dims) should "
            f"contain the same number of dims as destination ({list(places)} dims)",
        )
        rest = iter([d for d in range(ndim) if d not in moved])
        back = dict(zip(places, moved))
        return self.permute(tuple([back[d] if d in back else next(rest) for d in range(ndim)]))

    def squeeze(self: Any, dim: Any = None, **names: Any) -> Any:
        """Without the dimensions of size 1, or without `dim`, one or several, where of size 1.

        >>> import tinygrad_edu as torch
        >>> torch.zeros(1, 3, 1).squeeze().shape, torch.zeros(1, 3, 1).squeeze(0).shape
        (torch.Size([3]), torch.Size([3, 1]))
        """
        check_tensor("squeeze", self)
        x, dim = memory(self), names.get("axis", dim)
        if dim is None:
            return view(x.squeeze(), SqueezeBackward0, self, lambda t: t.squeeze(), x.shape)
        kind = SqueezeBackward1
        if isinstance(dim, tuple | list):
            kind, dim = SqueezeBackward2, tuple(dim)
        dims = wrapped_dims(dim, x.ndim, "squeeze") if dim != () else ()
        z = x.squeeze(tuple([d for d in dims if x.shape[d] == 1]))
        return view(z, kind, self, lambda t: t.squeeze(dim), x.shape, dim)

    @shaping("Unsqueeze", lambda g, dim: g.squeeze(dim))
    def unsqueeze(x: Any, dim: int) -> Any:
        """With a new dimension of size 1 at `dim`.

        >>> import tinygrad_edu as torch
        >>> torch.zeros(3).unsqueeze(-1).shape
        torch.Size([3, 1])
        """
        place = wrapped_dim(dim, x.ndim + 1, "unsqueeze")
        return x.reshape((*x.shape[:place], 1, *x.shape[place:])), dim

    @shaping("Expand", lambda g, _self_sym_sizes: g)
    def expand(x: Any, *size: Any, **names: Any) -> Any:
        """Dimensions of size 1 repeated to `size`, without copying; -1 keeps a size.

        Raises RuntimeError for a dimension of another size than 1.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([[1.], [2.]]).expand(-1, 3)
        tensor([[1., 1., 1.],
                [2., 2., 2.]])
        """
        names.pop("implicit", None)
        target = sizes("expand", size, "size", names)
        more = len(target) - x.ndim
        if more < 0:
            raise RuntimeError(
                f"expand(torch.{legacy_name(x.dtype)}Tensor{{{list(x.shape)}}}, "
                f"size={list(target)}): the number of sizes provided ({len(target)}) must be "
                f"greater or equal to the number of dimensions in the tensor ({x.ndim})"
            )
        filled = list(target)
        for d, (n, wanted) in enumerate(zip((1,) * more + x.shape, target)):
            if wanted == -1 and d >= more:
                filled[d] = n
            elif wanted != n and (n != 1 or wanted < 0):
                raise RuntimeError(
                    f"The expanded size of the tensor ({wanted}) "
                    f"{EXPANDED[d >= more].format(n=n, d=d)}  Target sizes: {list(target)}.  "
                    f"Tensor sizes: {list(x.shape)}"
                )
        repeats = math.prod(filled) != x.size
        return np.broadcast_to(x, filled) if repeats else x.reshape(filled), x.shape

    def expand_as(self: Any, other: Any) -> Any:
        """Repeated to the shape of `other`, without copying."""
        check_tensor("expand_as", other, argument="other")
        return self.expand(other._array.shape)

    @copying("Repeat", _repeat_rule)
    def repeat(x: Any, *repeats: Any, **names: Any) -> Any:
        """Copies side by side: `repeats` of them along each dimension, new ones in front.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([1, 2]).repeat(2, 2)
        tensor([[1, 2, 1, 2],
                [1, 2, 1, 2]])
        """
        counts = sizes("repeat", repeats, "repeats", names)
        require(
            len(counts) >= x.ndim and min(counts, default=0) >= 0,
            "Number of dimensions of repeat dims can not be smaller than number of dimensions of "
            f"tensor, nor a number of copies negative: {list(counts)} for {list(x.shape)}",
        )
        return np.tile(x, counts), x.shape, counts

    def tile(self: Any, *dims: Any, **names: Any) -> Any:
        """As `repeat`, once along the dimensions that `dims` leaves out in front."""
        counts = sizes("tile", dims, "dims", names)
        return self.repeat((1,) * (self._array.ndim - len(counts)) + counts)

    @copying("Flip", lambda g, dims: xp(g).flip(g, dims))
    def flip(x: Any, *dims: Any, **names: Any) -> Any:
        """The order of the elements turned round along the dimensions `dims`.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([1, 2, 3]).flip(0)
        tensor([3, 2, 1])
        """
        given = sizes("flip", dims, "dims", names)
        along = wrapped_dims(given, x.ndim, "flip") if given else ()
        return np.flip(x, along).copy(), given if x.ndim else ()

    @copying("Roll", lambda g, shifts, dims: xp(g).roll(g, [-n for n in shifts], dims or None))
    def roll(x: Any, shifts: Any, dims: Any = None) -> Any:
        """The elements moved on by `shifts` places along `dims`, those at the end to the front.

        Without `dims` as if the tensor were a vector.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([1, 2, 3]).roll(1)
        tensor([3, 1, 2])
        """
        shifts = sizes("roll", (shifts,), "shifts")
        along = () if dims in (None, (), []) else sizes("roll", (dims,), "dims")
        aligned = len(shifts) == (len(along) or 1)
        require(aligned, f"shifts and dimensions must align. shifts: {shifts}, dims: {along}")
        require(x.ndim or not along, "Dimension specified for a tensor that has none", IndexError)
        for d in along:
            wrapped_dim(d, x.ndim, "roll")
        return np.roll(x, shifts, along or None), shifts, along

    @copying("Tril", lambda g, diagonal: xp(g).tril(g, diagonal))
    def tril(x: Any, diagonal: int = 0) -> Any:
        """The elements on the diagonal number `diagonal` and below, zeros above.

        >>> import tinygrad_edu as torch
        >>> torch.ones(2, 2).tril()
        tensor([[1., 0.],
                [1., 1.]])
        """
        return _triangle(np.tril, x, diagonal)

    @copying("Triu", lambda g, diagonal: xp(g).triu(g, diagonal))
    def triu(x: Any, diagonal: int = 0) -> Any:
        """The elements on the diagonal number `diagonal` and above, zeros below."""
        return _triangle(np.triu, x, diagonal)

    @shaping("Diagonal", _diagonal_rule)
    def diagonal(x: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
        """The diagonal of the dimensions `dim1` and `dim2`, as the last dimension of a view."""
        z = np.diagonal(x, offset, *_apart(dim1, dim2, x.ndim))
        if isinstance(z, np.ndarray):  # NumPy's diagonals cannot be written to otherwise
            z.flags.writeable = x.flags.writeable
        return z, x.shape, offset, dim1, dim2

    @copying("DiagEmbed", lambda g, offset, dim1, dim2: g.diagonal(offset, dim1, dim2))
    def diag_embed(x: Any, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
        """Matrices, in the dimensions `dim1` and `dim2`, with the last dimension as diagonal."""
        dims, shape = _apart(dim1, dim2, x.ndim + 1), list(x.shape[:-1])
        for d in sorted(dims):
            shape.insert(d, x.shape[-1] + abs(offset))
        z = _diagonal_rule(x, tuple(shape), offset, dim1, dim2)  # the reverse of `diagonal`
        return z, offset, dim1, dim2

    def diag(self: Any, diagonal: int = 0) -> Any:
        """The diagonal of a matrix, as a copy; of a vector the matrix with this diagonal."""
        check_tensor("diag", self)
        ndim = self._array.ndim
        require(ndim in (1, 2), f"diag(): Supports 1D or 2D tensors. Got {ndim}D")
        if ndim == 1:
            return self.diag_embed(diagonal)
        x, diagonal = self._array, check("diag", "diagonal", diagonal, "int", 1)
        z = np.diagonal(x, diagonal).copy()
        return record(z, DiagonalCopyBackward0, (self,), x.shape, diagonal, 0, 1)

    @copying("Trace", lambda g, self_sym_sizes: xp(g).tril(xp(g).triu(spread(g, self_sym_sizes))))
    def trace(x: Any) -> Any:
        """The sum of a matrix's diagonal."""
        require(x.ndim == 2, f"trace: expected a matrix, but got tensor with dim {x.ndim}")
        return np.trace(converted("trace", x)), x.shape

    def contiguous(self: Any) -> Any:
        """The tensor itself if its numbers lie in memory row by row, else a copy that does."""
        check_tensor("contiguous", self)
        x = memory(self)
        if x.flags.c_contiguous:
            return self
        return record(x.copy(), CloneBackward0, (self,))

    @torch_names
    def narrow(self: Any, dim: int, start: int, length: int) -> Any:
        """The part of `length` along `dim` that begins at `start`, sharing the memory."""
        n = _size_along("narrow", self, dim)
        start, length = (check("narrow", "start", i, "int") for i in (start, length))
        require(-n <= start <= n, f"start out of range [{-n}, {n}]: {start}", IndexError)
        start += n if start < 0 else 0
        fits = 0 <= length <= n - start
        require(fits, f"start ({start}) + length ({length}) exceeds dimension size ({n}).")
        return self._slice(wrapped_dim(dim, self._array.ndim), slice(start, start + length))

    @torch_names
    def unbind(self: Any, dim: int = 0) -> tuple[Any, ...]:
        """The slices along `dim`, each without that dimension, sharing the memory.

        Raises IndexError for a tensor of no dimensions.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([[1, 2], [3, 4]]).unbind()
        (tensor([1, 2]), tensor([3, 4]))
        """
        n = _size_along("unbind", self, dim, IndexError)
        return _parts(self, dim, range(n), UnbindBackward0, dim)

    def split(self: Any, split_size: Any, dim: int = 0) -> tuple[Any, ...]:
        """Parts along `dim`, sharing the memory: each of `split_size`, the last of the rest, or of
        the sizes in a list.

        Raises RuntimeError for a list of sizes that do not add up.

        >>> import tinygrad_edu as torch
        >>> torch.arange(5).split(2)
        (tensor([0, 1]), tensor([2, 3]), tensor([4]))
        """
        check_tensor("split", self, argument="tensor")
        if isinstance(split_size, tuple | list):
            return self.split_with_sizes(split_size, dim)
        n = _size_along("split", self, dim)
        size = check("split", "split_size", split_size, "int", 2)
        require(
            size > 0 or size == n, f"split_size must be positive for a dimension of {n}: {size}"
        )
        starts = range(0, n, size) if n else (0,)
        places = [slice(start, min(start + size, n)) for start in starts]
        return _parts(self, dim, places, SplitBackward0, self._array.shape, size, dim)

    @torch_names
    def split_with_sizes(self: Any, split_sizes: Any, dim: int = 0) -> tuple[Any, ...]:
        """Parts of these sizes along `dim`, as with `split`."""
        lengths = sizes("split_with_sizes", (split_sizes,), "split_sizes")
        n = _size_along("split_with_sizes", self, dim)
        require(
            sum(lengths) == n and min(lengths, default=0) >= 0,
            f"split_with_sizes expects split_sizes to sum exactly to {n} (input tensor's size at "
            f"dimension {dim}), but got split_sizes={list(lengths)}",
        )
        ends = np.cumsum(lengths).tolist()
        places = [slice(end - length, end) for end, length in zip(ends, lengths)]
        return _parts(self, dim, places, SplitWithSizesBackward0, self._array.shape, lengths, dim)

    @torch_names
    def chunk(self: Any, chunks: int, dim: int = 0) -> tuple[Any, ...]:
        """At most `chunks` parts along `dim`, of one size but for the last."""
        n = _size_along("chunk", self, dim)
        more = check("chunk", "chunks", chunks, "int", 1) > 0
        require(more, f"chunk expects `chunks` to be greater than 0, got: {chunks}")
        if n == 0:
            return self.split_with_sizes([0] * chunks, dim)
        return self.split(-(-n // chunks), dim)

    broadcast_to = expand
    swapaxes = swapdims = transpose
    moveaxis = movedim
    tril_ = in_place(tril)
    triu_ = in_place(triu)
    squeeze_, unsqueeze_, t_ = map(turned_in_place, (squeeze, unsqueeze, t))
    transpose_ = swapaxes_ = swapdims_ = turned_in_place(transpose)


IDENTITY = "Tensor.{} is deprecated on 0-D tensors. This function is the identity in these cases."
EXPANDED = (
    "isn't allowed in a leading, non-existing dimension {d}.",
    "must match the existing size ({n}) at non-singleton dimension {d}.",
)
REVERSED = (
    "The use of `x.T` on tensors of dimension other than 2 to reverse their shape is deprecated "
    "and it will throw an error in a future release. Use x.mT or x.permute(...) instead."
)


def _triangle(cut: Callable[..., Any], x: Any, diagonal: Any) -> tuple[Any, int]:
    require(x.ndim > 1, f"{cut.__name__}: input tensor must have at least 2 dimensions")
    diagonal = check(cut.__name__, "diagonal", diagonal, "int", 1)
    return cut(x, diagonal), diagonal


def _size_along(function: str, x: Any, dim: Any, error: type[Exception] = RuntimeError) -> int:
    along, shape = wrapped_dim(dim, x._array.ndim, function), x._array.shape
    require(shape, f"Dimension specified as {dim} but tensor has no dimensions", error)
    return shape[along]


def _apart(dim1: int, dim2: int, ndim: int) -> list[int]:
    dims = [wrapped_dim(d, ndim, "diagonal") for d in (dim1, dim2)]
    require(dims[0] != dims[1], f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    return dims


def _parts(self: Any, dim: int, items: Any, kind: Any, *saved: Any) -> tuple[Any, ...]:
    """The views at several places along `dim`, all of them results of one node."""
    x, along = memory(self), wrapped_dim(dim, self._array.ndim)
    places = [(*(slice(None),) * along, item, ...) for item in items]
    parts = record_many([x[at] for at in places], kind, (self,), *saved)
    for z, at in zip(parts, places):
        as_view(z, self, itemgetter(at), "several")
    return tuple(parts)


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


class StackBackward0(CatBackward0):
    """What stack leaves in the graph: the gradient of each tensor is a part of the result's."""

    __slots__ = ()


def _in_one_type(function: str, tensors: Any) -> tuple[tuple[Any, ...], list[Any]]:
    """Several tensors, and their arrays in the type that holds them all."""
    words = "{}(): argument 'tensors' (position 1) must be tuple of Tensors, not {}"
    if not isinstance(tensors, tuple | list):
        raise TypeError(words.format(function, type_name(tensors)))
    for i, x in enumerate(tensors):
        if not hasattr(x, "_array"):
            words = f"expected Tensor as element {i} in argument 0, but got {type_name(x)}"
            raise TypeError(words)
    if function == "cat":
        require(tensors, "torch.cat(): expected a non-empty list of Tensors", ValueError)
    require(tensors, f"{function} expects a non-empty TensorList")
    common = tensors[0]._array
    for each in tensors[1:]:
        common = promoted(common, each._array)[0]
    return tuple(tensors), [each._array.astype(common.dtype, copy=False) for each in tensors]


def cat(tensors: Any, dim: int = 0, *, axis: int | None = None) -> Any:
    """Tensors one after the other along the dimension `dim`, in the type that holds them all.

    `axis` is NumPy's name of `dim`. Tensors of the shape (0,) are left out. Raises RuntimeError
    where other sizes than that of `dim` differ, and for tensors without dimensions.

    >>> import tinygrad_edu as torch
    >>> torch.cat([torch.zeros(1), torch.ones(2)])
    tensor([0., 1., 1.])
    """
    tensors, arrays = _in_one_type("cat", tensors)
    kept = [i for i, x in enumerate(arrays) if x.shape != (0,)] or [0]
    first = arrays[kept[0]]
    dim = dim if axis is None else axis
    along = 0 if first.shape in ((), (0,)) else wrapped_dim(dim, first.ndim, "cat")
    for i in kept:
        _check_fits(arrays[i], first, along, i)
    joined = np.concatenate([arrays[i] for i in kept], along)
    ends = np.cumsum([x.shape[along] if i in kept else 0 for i, x in enumerate(arrays)]).tolist()
    parts = [(*(slice(None),) * along, slice(*ends)) for ends in zip([0, *ends], ends)]
    return _joined(joined, CatBackward0, tensors, dim, parts)


def _joined(array: Any, kind: type[Node], tensors: Any, dim: int, parts: Any) -> Any:
    shapes = [x._array.shape for x in tensors]
    return record(xp(array).ascontiguousarray(array), kind, tensors, dim, parts, shapes)


def _check_fits(x: Any, first: Any, dim: int, i: int) -> None:
    """RuntimeError unless the array number `i` can be joined to the first."""
    if x.ndim and x.shape[:dim] + x.shape[dim + 1 :] == first.shape[:dim] + first.shape[dim + 1 :]:
        return
    require(
        x.ndim,
        f"zero-dimensional tensor (at position {i}) cannot be concatenated. "
        "Use torch.stack(tensors) to make them the elements of a new tensor.",
    )
    alike = x.ndim == first.ndim
    require(alike, f"Tensors must have same number of dimensions: got {first.ndim} and {x.ndim}")
    for d, (n, expected) in enumerate(zip(x.shape, first.shape)):
        require(
            d == dim or n == expected,
            f"Sizes of tensors must match except in dimension {dim}. Expected size {expected} but "
            f"got size {n} for tensor number {i} in the list.",
        )


def stack(tensors: Any, dim: int = 0, *, axis: int | None = None) -> Any:
    """Tensors of one shape side by side, along a new dimension `dim` (or `axis`).

    Raises RuntimeError where shapes differ.

    >>> import tinygrad_edu as torch
    >>> torch.stack([torch.zeros(2), torch.ones(2)])
    tensor([[0., 0.],
            [1., 1.]])
    """
    tensors, arrays = _in_one_type("stack", tensors)
    shape = arrays[0].shape
    for i, x in enumerate(arrays):
        if x.shape != shape:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(shape)} at entry 0 "
                f"and {list(x.shape)} at entry {i}"
            )
    dim = dim if axis is None else axis
    along = wrapped_dim(dim, len(shape) + 1, "stack")
    parts = [(*(slice(None),) * along, i) for i in range(len(arrays))]
    return _joined(np.stack(arrays, along), StackBackward0, tensors, dim, parts)


def _raised(x: Any, ndim: int) -> Any:
    shape = x._array.shape
    if not shape:
        return x.reshape((1,) * ndim)
    return x.unsqueeze(0) if len(shape) < ndim else x


def vstack(tensors: Any) -> Any:
    """Tensors one above the other: joined along the first of at least two dimensions."""
    return cat([_raised(x, 2) for x in _in_one_type("vstack", tensors)[0]])


def hstack(tensors: Any) -> Any:
    """Tensors side by side: joined along the second dimension; vectors along their only one."""
    tensors = [_raised(x, 1) for x in _in_one_type("hstack", tensors)[0]]
    return cat(tensors, min(1, tensors[0]._array.ndim - 1))


def broadcast_tensors(*tensors: Any) -> tuple[Any, ...]:
    """Tensors expanded to the shape that they broadcast to together."""
    shape: tuple[int, ...] = ()
    for x in tensors:
        check_tensor("broadcast_tensors", x)
        try:
            shape = np.broadcast_shapes(shape, x._array.shape)
        except ValueError:
            raise broadcast_error(np.empty(shape, bool), x._array) from None
    return tuple([x if x._array.shape == shape else x.expand(shape) for x in tensors])


def meshgrid(*tensors: Any, indexing: str | None = None) -> tuple[Any, ...]:
    """The coordinates of a grid, of which each vector is one axis: the first the rows ("ij"), or
    the columns ("xy").

    >>> import tinygrad_edu as torch
    >>> x, y = torch.meshgrid(torch.tensor([1, 2]), torch.tensor([3, 4]), indexing="ij")
    >>> x, y
    (tensor([[1, 1],
            [2, 2]]), tensor([[3, 4],
            [3, 4]]))
    """
    if len(tensors) == 1 and isinstance(tensors[0], tuple | list):
        tensors = tuple(tensors[0])
    _in_one_type("meshgrid", tensors)
    known = indexing in (None, "ij", "xy")
    require(known, f'torch.meshgrid: indexing must be one of "xy" or "ij", not {indexing}')
    for x in tensors:
        fits = x._array.ndim < 2 and x._array.dtype == tensors[0]._array.dtype
        require(fits, "torch.meshgrid: Expected 0D or 1D tensors of one dtype")
    places = list(range(len(tensors)))
    if indexing == "xy":
        places[:2] = places[:2][::-1]
    shape = [tensors[place]._array.size for place in places]
    flat = [[-1 if place == i else 1 for place in places] for i in range(len(tensors))]
    return tuple([x.view(own).expand(shape) for x, own in zip(tensors, flat)])
