"""Arrays in chunks: what stands behind a tensor on the device 'dask'. It needs Dask.

A ChunkedArray does for the rules what a NumPy array does, but only notes down what is to be
computed. Dask computes it chunk by chunk: with the threads of this process or, where a
`dask.distributed.Client` was made, on the workers of its cluster. It does so when a number is asked
for (`item()`, `bool()`, `print`, `numpy()`, `cpu()`), and at the end of a backward pass, for all
its gradients in one go. What cannot be noted down without the numbers is refused.
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any

import dask
import dask.array as da
import numpy as np
from dask.diagnostics.progress import ProgressBar

from . import devices

UNKNOWN = "how many numbers it gives depends on numbers that are not computed yet"
UNDECIDED = "it depends on numbers that are not computed yet"
READ_ONLY = "chunks are only read. Make a new tensor instead, with x = x + 1 for x += 1"
SCATTERED = "each number may belong to any chunk"
NOT_BY_CHUNKS = "Dask has no such function that works chunk by chunk"


def refusal(what: str, why: str) -> RuntimeError:
    """What cannot be noted down for later, and what to do instead."""
    return RuntimeError(
        f"{what} is not possible on the device 'dask': {why}. If the tensor fits into the memory, "
        "compute it first, with .cpu()."
    )


class Shape(tuple):
    """A shape that remembers its chunks, so that a gradient is spread over the same ones."""

    chunks: Any


class ChunkedArray(np.lib.mixins.NDArrayOperatorsMixin):
    """An array that is cut into chunks and computed later. `blocks` is Dask's own array.

    It has those of a NumPy array's operators, methods and attributes that Dask knows.
    """

    base = None
    device = devices.DASK
    flags = SimpleNamespace(c_contiguous=True)  # no memory of its own, so in no special order
    __hash__ = None  # type: ignore[assignment]
    # Of an array that cannot be written over, x += y makes another one and calls it x.
    __iadd__ = np.lib.mixins.NDArrayOperatorsMixin.__add__
    __imul__ = np.lib.mixins.NDArrayOperatorsMixin.__mul__

    def __init__(self, blocks: da.Array) -> None:
        self.blocks = blocks
        self.dtype, self.ndim, self.size = blocks.dtype, blocks.ndim, blocks.size
        self.shape = Shape(blocks.shape)
        self.shape.chunks = blocks.chunks

    @property
    def data(self) -> Any:
        """What stands for an address, for those who ask whether two tensors hold the same array."""
        return SimpleNamespace(ptr=id(self))

    @property
    def strides(self) -> tuple[int, ...]:
        """The bytes from an element to the next along each dimension, if rows lay one by one."""
        after = (math.prod(self.shape[d + 1 :]) for d in range(self.ndim))
        return tuple(self.dtype.itemsize * n for n in after)

    def __getattr__(self, name: str) -> Any:
        found = None if name.startswith("_") else getattr(self.blocks, name, None)
        if found is None:
            raise AttributeError(f"what is on the device 'dask' has no {name}: compute it first")
        return partial(noted, found, name) if callable(found) else held(found, name)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__" or options.get("out") is not None:
            raise refusal("Writing to a tensor", READ_ONLY)
        mixes = (ChunkedArray, np.ndarray, np.generic, int, float)  # what is on a GPU does not
        if not all(isinstance(x, mixes) for x in inputs):
            return NotImplemented
        return noted(ufunc, ufunc.__name__, *inputs, **options)

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        return getattr(functions, function.__name__)(*args, **options)

    def __array__(self, *args: Any, **options: Any) -> Any:
        raise refusal("This", UNDECIDED)

    def __bool__(self) -> bool:
        raise refusal("This", UNDECIDED)

    def __int__(self) -> int:
        raise refusal("This", UNDECIDED)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index: Any) -> ChunkedArray:
        for item in index if isinstance(index, tuple) else [index]:
            if getattr(item, "ndim", 0) > 1 and item.dtype.kind != "b":
                raise refusal("This index", "Dask takes a list of places, but no matrix of them")
        return noted(self.blocks.__getitem__, "This index", index)

    def __setitem__(self, index: Any, value: Any) -> None:
        raise refusal("Writing to a tensor", READ_ONLY)

    def view(self, dtype: Any) -> ChunkedArray:
        """The bytes of the numbers, read as another type of the same size."""
        return self.of_each(lambda block: block.view(dtype), dtype)

    def of_each(self, function: Callable[[Any], Any], dtype: Any = None) -> ChunkedArray:
        """What a function of each element by itself gives for each chunk."""
        return ChunkedArray(da.map_blocks(function, self.blocks, dtype=dtype or self.dtype))

    def fill(self, value: Any) -> None:
        """Refused, as is all writing."""
        raise refusal("Writing to a tensor", READ_ONLY)

    def reshape(self, *shape: Any) -> ChunkedArray:
        """The numbers in another shape, cut into its chunks where it has some."""
        wanted: Any = shape[0] if isinstance(shape[0], tuple | list) else shape
        if not self.size:  # Dask's own reshape fails
            shape = np.empty(self.shape).reshape(wanted).shape
            return ChunkedArray(da.empty(shape, dtype=self.dtype, chunks=-1))
        z = noted(self.blocks.reshape, "This shape", wanted)
        return ChunkedArray(z.blocks.rechunk(getattr(wanted, "chunks", z.blocks.chunks)))

    def placed(self, place: Any, shape: Any) -> ChunkedArray:
        """Zeros of `shape` with these numbers at the basic index `place`."""
        whole = functions.zeros(shape, self.dtype).blocks
        if self.size:
            whole[place] = self.blocks
        return ChunkedArray(whole)

    def elements(self, indices: Any, dim: int) -> Elements:
        """The place of the elements at which `indices`, in chunks or not, points along `dim`."""
        return Elements(indices if isinstance(indices, ChunkedArray) else chunked(indices), dim)

    def checked(self, wrong: Any, complaint: Callable[[Any], Exception]) -> ChunkedArray:
        """The same numbers; computing them raises the complaint about the first wrong one."""
        blocks = da.map_blocks(
            devices.checked, self.blocks, wrong.blocks, complaint=complaint, dtype=self.dtype
        )
        return ChunkedArray(blocks)

    def get(self) -> Any:
        """Compute the numbers: a NumPy array that nobody else has, or a NumPy number."""
        numbers = self.blocks.compute()
        return (numbers.copy() if self.blocks.npartitions == 1 else numbers)[()]

    def item(self) -> Any:
        """Compute the one number."""
        return self.get().item()

    def tolist(self) -> Any:
        """Compute the numbers, as nested lists."""
        return self.get().tolist()


@dataclass(frozen=True)
class Elements:
    """The place of what `indices` points at along `dim`; without it, of one element of each row."""

    indices: ChunkedArray
    dim: int

    def __array__(self, *args: Any, **options: Any) -> Any:  # NumPy asks, as for any index
        raise refusal("Writing where chunks point", SCATTERED)

    def of(self, x: Any) -> Any:
        """The elements of `x`, an array or a Tensor."""
        i = self._with_dim(x.ndim)
        x = x[tuple(slice(None if d == self.dim else n) for d, n in enumerate(i.shape))]
        if hasattr(x, "_array"):
            z = x.gather(self.dim, x._tied(i, None))
        else:
            z = functions.take_along_axis(x, i, self.dim)
        return z if i is self.indices else z.squeeze(self.dim)

    def put(self, values: Any, shape: tuple[int, ...]) -> ChunkedArray:
        """Zeros of `shape` with `values`, added up where one element is pointed at twice."""
        if not shape:
            return self.put(values, (1,)).reshape(())
        dim, i = self.dim, self._with_dim(len(shape))
        n = shape[dim]
        z = along(_put_along, dim, values.dtype, values.reshape(i.shape), i, axis=dim, n=n, size=n)
        return z if z.shape == shape else z.placed(tuple(map(slice, z.shape)), shape)

    def _with_dim(self, ndim: int) -> ChunkedArray:
        blocks = self.indices.blocks
        lacks = blocks.ndim < ndim
        return ChunkedArray(da.expand_dims(blocks, self.dim)) if lacks else self.indices


def chunked(array: Any) -> ChunkedArray:
    """Dask's array as ours; or a NumPy array, copied to the workers, in chunks of Dask's usual
    size. RuntimeError for an array that does not know its length."""
    if not isinstance(array, da.Array):
        size = "auto" if array.size else -1
        return ChunkedArray(da.from_array(np.array(array), size, name=False).persist())
    if np.isnan(array.shape).any():
        raise RuntimeError(
            "This array does not know how many rows its chunks have. Let it count them, which "
            "reads the data once: array.compute_chunk_sizes(), or to_dask_array(lengths=True)."
        )
    cut = tuple(tuple(filter(None, sizes)) or (0,) for sizes in array.chunks)
    return ChunkedArray(array.rechunk(cut))  # without the chunks that a filter left empty


def lent(value: Any) -> Any:
    """What Dask is given: its own arrays, and those in lists and tuples. Of a NumPy array a copy,
    since a parameter is written over, perhaps before Dask reads it."""
    if isinstance(value, ChunkedArray):
        return value.blocks
    if isinstance(value, np.ndarray):
        return value.copy()
    return type(value)(map(lent, value)) if type(value) in (list, tuple) else value


def held(value: Any, name: str) -> Any:
    """What Dask gave back, as arrays of ours; RuntimeError if it does not know their shape."""
    if type(value) in (list, tuple):
        return type(value)([held(each, name) for each in value])
    if not isinstance(value, da.Array):
        return value
    if np.isnan(value.shape).any():
        raise refusal(name, UNKNOWN)
    return ChunkedArray(value)


def noted(function: Callable[..., Any], name: str, *args: Any, **options: Any) -> Any:
    """What a function of Dask's notes down for later."""
    try:
        value = function(*map(lent, args), **{key: lent(each) for key, each in options.items()})
    except (NotImplementedError, AssertionError) as error:
        said = str(error).strip().partition("\n")[0] or "it cannot"
        raise refusal(name, f"Dask says: {said.rstrip('.')}") from None
    return held(value, name)


class Functions:
    """NumPy's functions for arrays in chunks, by their names: Dask's, unless they are below."""

    @property
    def add(self) -> Any:
        raise refusal("Adding up at given places", SCATTERED)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        function = getattr(da, name, None)
        if function is None:
            raise refusal(f"{name}()", NOT_BY_CHUNKS)
        return partial(noted, function, name)

    def shape(self, x: Any) -> tuple[int, ...]:
        return x.shape

    def may_share_memory(self, x: Any, y: Any) -> bool:
        return True  # nothing can be written, so that nobody will know

    def array_equal(self, x: Any, y: Any) -> Any:
        return x.shape == y.shape and (x == y).all().get()

    def asarray(self, x: Any) -> Any:
        return x  # what is on the CPU mixes with chunks

    def ascontiguousarray(self, x: ChunkedArray) -> ChunkedArray:
        return x

    def full(self, shape: Any, value: Any, dtype: Any = None) -> ChunkedArray:
        chunks = getattr(shape, "chunks", "auto")
        return ChunkedArray(da.full(shape, value, dtype=dtype, chunks=chunks))

    def zeros(self, shape: Any, dtype: Any) -> ChunkedArray:
        return self.full(shape, 0, dtype)

    def ones(self, shape: Any, dtype: Any) -> ChunkedArray:
        return self.full(shape, 1, dtype)

    def broadcast_to(self, x: ChunkedArray, shape: Any) -> ChunkedArray:
        chunks = getattr(shape, "chunks", None)
        if chunks is None:
            cut = "auto" if math.prod(shape) else -1
            chunks = da.core.normalize_chunks(cut, shape, dtype=x.dtype)
        own = tuple((1,) if n == 1 else cut for n, cut in zip(x.shape[::-1], chunks[::-1]))[::-1]
        return ChunkedArray(da.broadcast_to(x.blocks.rechunk(own), shape, chunks=chunks))

    def argmax(self, x: ChunkedArray, axis: Any = None, keepdims: bool = False) -> ChunkedArray:
        return place_of(da.argmax, x, axis, keepdims)

    def argmin(self, x: ChunkedArray, axis: Any = None, keepdims: bool = False) -> ChunkedArray:
        return place_of(da.argmin, x, axis, keepdims)

    def argsort(self, x: ChunkedArray, axis: int, **options: Any) -> ChunkedArray:
        return along(np.argsort, axis, np.int64, x, axis=axis, **options)

    def take(self, table: Any, numbers: Any) -> ChunkedArray:
        dims, table = tuple(range(numbers.ndim)), da.asarray(lent(table))
        arrays = [da.asarray(lent(numbers)), dims, table, (numbers.ndim,)]
        look = da.blockwise(_take, dims, *arrays, concatenate=True, dtype=table.dtype)
        return ChunkedArray(look)

    def take_along_axis(self, x: ChunkedArray, indices: Any, axis: int) -> ChunkedArray:
        return along(np.take_along_axis, axis, x.dtype, x, indices, axis=axis)


def place_of(extreme: Any, x: ChunkedArray, axis: Any, keepdims: bool) -> ChunkedArray:
    """Where the largest or the smallest number is. Of several alike Dask takes the first of the
    first chunk, so that over all dimensions it must go through them in their order."""
    if axis is not None:
        return ChunkedArray(extreme(x.blocks, axis, keepdims=keepdims))
    place = ChunkedArray(extreme(x.reshape(-1).blocks, 0))
    return place.reshape((1,) * x.ndim) if keepdims else place


def along(
    function: Any, dim: int, dtype: Any, *arrays: Any, size: int | None = None, **options: Any
) -> ChunkedArray:
    """What a function of NumPy's gives for each chunk, once `dim` is not cut. The result has the
    shape of the last array, or `size` numbers along `dim`."""
    dim %= arrays[0].ndim
    whole = [da.asarray(lent(x)).rechunk({dim: -1}) for x in arrays]
    cut = whole[0].chunks
    aligned = [x.rechunk((*cut[:dim], x.chunks[dim], *cut[dim + 1 :])) for x in whole]
    chunks = list(aligned[-1].chunks)
    chunks[dim] = chunks[dim] if size is None else (size,)
    return ChunkedArray(da.map_blocks(function, *aligned, dtype=dtype, chunks=chunks, **options))


def _take(numbers: Any, table: Any) -> Any:
    return table[numbers]


def _put_along(values: Any, indices: Any, axis: int, n: int) -> Any:
    shape = list(values.shape)
    shape[axis] = n
    return devices.put_along(values, indices, axis, tuple(shape))


functions = Functions()


# --- computing ------------------------------------------------------------------------------------

_watching: list[Callable[..., Any]] = []  # called with what is being computed


def settle(gradients: dict[Any, Any], results: Sequence[Any]) -> None:
    """Compute the gradients of a backward pass, by leaf, and with them the numbers that it started
    from. What belongs to a leaf on the CPU goes there; the rest stays on the workers, in chunks."""
    for leaf, g in gradients.items():
        if isinstance(g, np.ndarray | np.generic) and isinstance(leaf.array, ChunkedArray):
            gradients[leaf] = chunked(g)
    lazy = {leaf: _with_array(g) for leaf, g in gradients.items()}
    lazy = {leaf: g for leaf, g in lazy.items() if isinstance(g._array, ChunkedArray)}
    numbers = [z for z in results if isinstance(z._array, ChunkedArray) and z._array.size == 1]
    there = [leaf for leaf in lazy if isinstance(leaf.array, ChunkedArray)]
    for leaf in there:
        lazy[leaf]._array = _cut_as(leaf.array, lazy[leaf]._array)
    sums = [leaf.grad for leaf in there if leaf.grad is not None]  # lest they grow long
    _compute(
        [g for leaf, g in lazy.items() if leaf not in there] + numbers,
        [lazy[leaf] for leaf in there] + sums,
    )
    for leaf, g in lazy.items():
        gradients[leaf] = gradients[leaf] if gradients[leaf] is g else g._array
    for z in numbers:
        z._array = ChunkedArray(da.asarray(z._array))


def _with_array(g: Any) -> Any:
    """A gradient as what has an `_array`: itself, where it can be differentiated again."""
    return g if hasattr(g, "_array") else SimpleNamespace(_array=g)


def _cut_as(leaf: ChunkedArray, g: ChunkedArray) -> ChunkedArray:
    return ChunkedArray(g.blocks.rechunk(leaf.blocks.chunks))


def _compute(to_bring: list[Any], to_keep: list[Any]) -> None:
    """Compute arrays in one go, and put them where their chunks were: as NumPy's, or in chunks."""
    if not to_bring and not to_keep:
        return
    blocks = [x._array.blocks for x in to_bring + to_keep]
    persisted = dask.persist(*blocks) if to_keep or _watching else ()
    for show in _watching:
        show(*persisted)
    blocks = persisted or blocks
    try:
        brought = dask.compute(*blocks[: len(to_bring)])
    except BaseException:
        _forget(persisted)
        raise
    for x, numbers in zip(to_bring, brought):
        x._array = numbers[()]
    for x, kept in zip(to_keep, blocks[len(to_bring) :]):
        x._array = ChunkedArray(kept)


def _forget(failed: Sequence[da.Array]) -> None:
    """Let a cluster forget what failed. While a traceback holds it, it would not be tried again."""
    if "distributed" in sys.modules:
        for future in sys.modules["distributed"].futures_of(failed):
            future.release()


@contextmanager
def progress() -> Iterator[None]:
    """Show Dask's progress bar for each backward pass inside.

    >>> import tinygrad_edu as torch
    >>> from tinygrad_edu.chunked import progress
    >>> x = torch.ones(8, device='dask', requires_grad=True)
    >>> with progress():  # doctest: +SKIP
    ...     x.sum().backward()
    [########################################] | 100% Completed | 101.25 ms
    """
    try:
        from distributed import default_client
        from distributed import progress as bar

        default_client()
    except (ImportError, ValueError):  # no cluster: the threads of this process
        with ProgressBar():
            yield
        return
    _watching.append(partial(bar, notebook=False))
    try:
        yield
    finally:
        _watching.pop()


# As everywhere here, 1 / 0 is inf without a word; with Dask it is Dask's line that would warn.
warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"dask(\.|$)")
devices.modules[ChunkedArray] = functions
devices.later.append(settle)
