"""Many numbers become one: sum, mean, norm, max and their kin, over all dimensions or some.

Going back, each element gets the gradient of its result times a slope: 1 for a sum, 1/n for a mean,
the product of the others for a product. A maximum's gradient goes to the largest, in equal parts
where several are the largest, or, where an index is returned too, to the one it points to.
"""

from __future__ import annotations

import math
import warnings
from collections import namedtuple
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import numpy as np

from .. import dtypes
from ..arguments import check
from ..devices import put_along, spread, total, xp
from ..several import ManyResults
from .in_place import in_place
from .record import RESULT, as_floats, check_tensor, node_class, record, record_many, wrap

NAMES = {"input": "self", "axis": "dim", "keepdims": "keepdim", "ord": "p", "axis0": "dim0"}
NAMES |= {"axis1": "dim1", "split_size_or_sections": "split_size"}


def torch_names(operation: Callable[..., Any], name: str = "") -> Callable[..., Any]:
    """Let arguments go by their other names too: NumPy's `axis` and `keepdims`, and `input`."""
    name = name or operation.__name__

    @wraps(operation)
    def named(*arguments: Any, **options: Any) -> Any:
        options = {NAMES.get(given, given): value for given, value in options.items()}
        check_tensor(name, arguments[0] if arguments else options.get("self"))
        return operation(*arguments, **options)

    named.__name__ = named.__qualname__ = name
    return named


def require(fine: Any, message: str, error: type[Exception] = RuntimeError) -> None:
    """Raise `error` unless all is fine."""
    if not fine:
        raise error(message)


def wrapped_dim(dim: Any, ndim: int, function: str = "operation") -> int:
    """`dim` counted from the front; IndexError if there is no such dimension."""
    if dim.__class__ is not int:
        dim = check(function, "dim", dim, "int", 1)
    limit = ndim or 1
    if not -limit <= dim < limit:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-limit}, {limit - 1}], "
            f"but got {dim})"
        )
    return dim % limit


def wrapped_dims(dim: Any, ndim: int, function: str = "operation") -> tuple[int, ...]:
    """One dimension or several, counted from the front; None and () mean all of them.

    RuntimeError if one is there twice.
    """
    given = dim if isinstance(dim, tuple | list) else () if dim is None else (dim,)
    dims = tuple([wrapped_dim(d, ndim, function) for d in given or range(ndim)])
    for d in dims:
        if dims.count(d) > 1:
            raise RuntimeError(f"dim {d} appears multiple times in the list of dims")
    return dims if ndim else ()


def kept(g: Any, shape: tuple[int, ...], dims: Any) -> Any:
    """`g` with the dimensions back, as size 1, over which a reduction went."""
    dims = wrapped_dims(dims, len(shape))
    return g.reshape(tuple([1 if d in dims else n for d, n in enumerate(shape)]))


def _count(shape: tuple[int, ...], dims: tuple[int, ...]) -> int:
    return math.prod([shape[d] for d in dims])


def _wide(x: Any) -> Any:
    """Half precision as single precision, to calculate in."""
    return x.astype(np.float32) if x.dtype == np.float16 else x


def _narrow(z: Any, x: Any) -> Any:
    return z.astype(x.dtype) if x.dtype == np.float16 and z.dtype.kind == "f" else z


def converted(function: str, x: Any, dtype: Any = None) -> Any:
    """What is to be added up: in `dtype`, or integers and bools as int64."""
    if dtype is not None:
        return x.astype(dtypes.to_numpy_dtype(function, dtype), copy=False)
    return x if x.dtype.kind == "f" else x.astype(dtypes.INT64)


def _check_not_empty(name: str, x: Any, dim: Any, error: type[Exception] = RuntimeError) -> None:
    if x.size:
        return
    words = f"{name}(): Expected reduction dim"
    if dim in (None, (), []):
        raise error(f"{words} to be specified for input.numel() == 0. Name it with dim=.")
    for d in wrapped_dims(dim, x.ndim, name):
        require(x.shape[d], f"{words} {d} to have non-zero size.", IndexError)


def _along(function: str, x: Any, dim: Any, keepdim: Any) -> tuple[Any, Any, bool]:
    """The dimensions of a reduction, counted from the front; what a node saves: dim and keepdim."""
    dims = wrapped_dims(dim, x.ndim, function)
    if dim is not None:
        dim = tuple(dim) if isinstance(dim, tuple | list) else (int(dim),)
    return dims, dim, check(function, "keepdim", keepdim, "bool", 2)


def reduction(rule: Callable[..., Any] = total) -> Callable[..., Any]:
    """Make a method of a function `forward(x, dim, keepdim)` of an array.

    `rule` takes g, x, z and dim, where g and z have kept the reduced dimensions. Results that are
    no floats need none.
    """

    def method(forward: Callable[..., Any]) -> Callable[..., Any]:
        name = forward.__name__
        kind = node_class(
            f"{name.capitalize()}Backward0",
            lambda g, x, dim, _keepdim, z: rule(
                kept(g, x.shape, dim), x, kept(z, x.shape, dim), wrapped_dims(dim, x.ndim)
            ),
            inputs="x",
        )

        @torch_names
        @wraps(forward)
        def operation(self: Any, dim: Any = None, keepdim: bool = False, **options: Any) -> Any:
            x = self._array
            if name in ("amax", "amin"):
                _check_not_empty(name, x, dim)
            dims, dim, keepdim = _along(name, x, dim, keepdim)
            z = _narrow(forward(_wide(x), dims, keepdim, **options), x)
            return record(z, kind, (self,), self, dim, keepdim, RESULT)

        return operation

    return method


def _shares(g: Any, hits: Any, dim: Any = None) -> Any:
    """`g` in equal parts where `hits` is true; nan if that is nowhere, as beside a nan."""
    return g * hits / total(hits, dim, True, g.dtype)


def _is_it(x: Any, z: Any) -> Any:
    return (x == z) | ((x != x) & (z != z))  # nan is the largest and the smallest, where it is


def _mean_rule(g: Any, self_sym_sizes: Any, _self_sym_numel: int, dim: Any, _keepdim: bool) -> Any:
    terms = _count(self_sym_sizes, wrapped_dims(dim, len(self_sym_sizes)))
    return spread(kept(g / (terms or 1), self_sym_sizes, dim), self_sym_sizes)


def _before(x: Any) -> Any:
    """For each element of the first dimension the product of those before it."""
    products = xp(x).cumprod(x, 0)
    return xp(x).concatenate([xp(x).ones_like(x[:1]), products[:-1]])


def _others(x: Any, dim: int = 0) -> Any:
    """For each element the product of all others along `dim`: of those before and those after it.

    Dividing the whole product by each element would fail at zeros.
    """
    if not x.ndim:
        return xp(x).ones_like(x)
    module = xp(x)
    x = module.moveaxis(x, dim, 0)
    after = module.flip(_before(module.flip(x, (0,))), (0,))
    return module.moveaxis(_before(x) * after, 0, dim)


def _cumprod_rule(g: Any, x: Any, dim: int, _z: Any) -> Any:
    if not x.ndim or 0 in x.shape:
        return g
    module = xp(x)
    g, x = module.moveaxis(g, dim, 0), module.moveaxis(x, dim, 0)
    later, x_later, sums = 0.0, 0.0, []
    for g_k, x_k in zip(module.flip(g, (0,)), module.flip(x, (0,))):  # from the last to the first
        later, x_later = g_k + x_later * later, x_k
        sums.append(later)  # the gradients of all products with x_k, but for what comes before it
    return module.moveaxis(module.flip(module.stack(sums), (0,)) * _before(x), 0, dim)


def _var_rule(g: Any, x: Any, correction: Any, dim: Any, _keepdim: bool) -> Any:
    dims = wrapped_dims(dim, x.ndim)
    n, g = _count(x.shape, dims), kept(g, x.shape, dims)
    centered = x - total(x, dims, True) / (n or 1)
    freedom = n - (1 if correction is None else correction)
    if freedom <= 0 and (dim is None or not x.ndim):  # as PyTorch says, which gives it no slope
        return xp(x).where(centered == 0, g * math.nan, g * math.inf)
    return g * centered * (2 / freedom if freedom else math.inf)


def _std_rule(g: Any, x: Any, correction: Any, dim: Any, _keepdim: bool, z: Any) -> Any:
    return _var_rule(xp(g).where(z == 0, 0.0, g / (2 * z)), x, correction, dim, _keepdim)


def _norm_rule(g: Any, x: Any, ord: float, dim: Any, _keepdim: bool, z: Any) -> Any:
    g, z = kept(g, x.shape, dim), kept(z, x.shape, dim)
    where = xp(x).where
    if ord == 2:
        return g * where(z == 0, 0.0, x / z)
    size, sign = abs(x), where(x == x, xp(x).sign(x), 0.0)
    if ord in (0, 1):
        return g * sign * ord
    if abs(ord) == math.inf:
        return sign * _shares(g, _is_it(size, z), wrapped_dims(dim, x.ndim))
    # the slope is (|x| / z) to the power of ord - 1, with the sign of x; 0 where x or z is 0
    powers = where(x == 0, 0.0, size ** (ord - 1)) if ord < 1 else size ** (ord - 1)
    return sign * powers * where(z == 0, 0.0, g * z ** (1 - ord))


def _chosen_rule(g: Any, self_sym_sizes: Any, dim: int, _keepdim: bool, indices: Any) -> Any:
    g, indices = (kept(each, self_sym_sizes, (dim,)) for each in (g, indices))
    return put_along(g, indices, dim, self_sym_sizes)


def _sorted_rule(g: Any, self_sym_sizes: Any, dim: int, indices: Any) -> Any:
    return put_along(g, indices, dim, self_sym_sizes)


def _node(name: str, rule: Callable[..., Any], **options: Any) -> Any:
    return node_class(name, rule, inputs="x", **options)


# One number for all elements: the engine spreads it, where the next rule does not.
SumBackward0 = _node("SumBackward0", lambda g, _self_sym_sizes: g)
SumBackward1 = _node(
    "SumBackward1",
    lambda g, self_sym_sizes, dim, _keepdim: spread(kept(g, self_sym_sizes, dim), self_sym_sizes),
)
MeanBackward0 = _node(
    "MeanBackward0",
    lambda g, _self_sym_sizes, self_sym_numel: g / (self_sym_numel or 1),
)
MeanBackward1 = _node("MeanBackward1", _mean_rule)
ProdBackward0 = _node(
    "ProdBackward0",
    lambda g, x, _z: g * _others(x.reshape(-1) if x.ndim else x).reshape(x.shape),
)
ProdBackward1 = _node(
    "ProdBackward1", lambda g, x, dim, _keepdim, _z: kept(g, x.shape, (dim,)) * _others(x, dim)
)
CumsumBackward0 = _node(
    "CumsumBackward0",
    lambda g, dim: xp(g).flip(xp(g).cumsum(xp(g).flip(g, (dim,)), dim), (dim,)) if g.ndim else g,
)
CumprodBackward0 = _node("CumprodBackward0", _cumprod_rule)
VarBackward0 = _node("VarBackward0", _var_rule)
StdBackward0 = _node("StdBackward0", _std_rule)
LinalgVectorNormBackward0 = _node("LinalgVectorNormBackward0", _norm_rule)
VarMeanBackward0 = _node(
    "VarMeanBackward0",
    lambda g, x, correction, dim, _keepdim: (
        _var_rule(g[0], x, correction, dim, _keepdim) + _mean_rule(g[1], x.shape, 0, dim, _keepdim)
    ),
    base=ManyResults,
)
EXTREMES = {
    name: _node(f"{name.capitalize()}Backward{version}", lambda g, x, z: _shares(g, _is_it(x, z)))
    for name, version in (("max", 1), ("min", 1), ("median", 0), ("nanmedian", 0))
}


def _choice(name: str, rule: Callable[..., Any] = _chosen_rule, version: int = 0) -> Any:
    """For an operation that returns values and their indices: its named tuple and its node."""

    def text(self: Any) -> str:
        return f"torch.return_types.{name}(\nvalues={self.values!r},\nindices={self.indices!r})"

    pair = namedtuple(name, ["values", "indices"])  # type: ignore[misc]
    printed = type(name, (pair,), {"__slots__": (), "__repr__": text})
    return printed, _node(f"{name.capitalize()}Backward{version}", rule, frees=True)


CHOICES = {name: _choice(name) for name in ("max", "min")} | {
    "median": _choice("median", version=1),
    "nanmedian": _choice("nanmedian", version=1),
    "sort": _choice("sort", _sorted_rule),
    "topk": _choice("topk", _sorted_rule),
}


def _deviation(function: str, finish: Callable[..., Any]) -> Callable[..., Any]:
    """Make var(dim, unbiased, keepdim) or var(dim, correction=, keepdim=), or one of its kin.

    The variance is the mean square distance from the mean. The squares are divided by their number
    minus `correction`, which is 1 unless it is given, and 0 with `unbiased=False`. Warns and gives
    nan or inf where that is no positive number. Raises RuntimeError for integers.
    """

    @partial(torch_names, name=function)
    def operation(self, dim=None, unbiased=None, keepdim=False, *, correction=None):
        x = _wide(self._array)
        require(x.dtype.kind == "f", "std and var only support floating point dtypes")
        if isinstance(dim, bool):  # var(False)
            dim, unbiased = None, dim
        if unbiased is not None:
            correction = int(check(function, "unbiased", unbiased, "bool", 2))
        dims, dim, keepdim = _along(function, x, dim, keepdim)
        n = _count(x.shape, dims)
        less = 1 if correction is None else check(function, "correction", correction, "Number")
        if n <= less:
            warnings.warn(f"{function}(): {FREEDOM}", UserWarning, stacklevel=3)
        mean = total(x, dims, True) / n
        squares = (x - mean) * (x - mean)
        z = _narrow(total(squares, dims, keepdim) / max(n - less, 0), self._array)
        return finish(z, _narrow(mean, self._array), (self,), self, correction, dim, keepdim)

    return operation


FREEDOM = (
    "degrees of freedom is <= 0. Correction should be strictly less than the reduction factor "
    "(input numel divided by output numel)."
)


class Reductions:
    """The methods of a tensor that reduce its dimensions, or add up and sort along them."""

    __slots__ = ()

    _array: Any

    def sum(
        self: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None, **names: Any
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
        x, converts = self._array, dtype is not None
        if converts or x.dtype.kind != "f":
            x = converted("sum", x, dtype)
        if names:
            dim, keepdim = _by_numpys_names(dim, keepdim, **names)
        if dim is None and keepdim is False:
            z = total(x, None, False, x.dtype) if converts else total(x)
            return record(z, SumBackward0, (self,), x.shape)
        dims, dim, keepdim = _along("sum", x, dim, keepdim)
        z = total(x, dims, keepdim, x.dtype)
        return record(z, SumBackward1, (self,), x.shape, dim, keepdim)

    def mean(
        self: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None, **names: Any
    ) -> Any:
        """The mean of all elements, or along the dimensions `dim`: an int or several.

        With `keepdim` these dimensions stay, with the size 1. The mean of nothing is nan. Raises
        RuntimeError for integers and bools unless `dtype` is a floating point type, and what `sum`
        raises.

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
            x = converted("mean", x, dtype)
        if x.dtype.kind != "f":
            raise RuntimeError(
                f"mean(): could not infer output dtype. {'Optional' if dtype else 'Input'} dtype "
                "must be either a floating point or complex dtype. Got: "
                f"{dtypes.legacy_name(x.dtype)}. Make it floats first, with x.float()."
            )
        if names:
            dim, keepdim = _by_numpys_names(dim, keepdim, **names)
        n, half = x.size, x.itemsize == 2  # a sum in half precision may be too large for it
        if dim is None and keepdim is False:
            # 3.8 microseconds faster than NumPy's mean.
            z = x.dtype.type(total(x, dtype=np.float32) / n) if half else total(x) / n
            return record(z, MeanBackward0, (self,), x.shape, n)
        dims, dim, keepdim = _along("mean", x, dim, keepdim)
        z = _narrow(total(_wide(x), dims, keepdim) / _count(x.shape, dims), x)
        return record(z, MeanBackward1, (self,), x.shape, n, dim, keepdim)

    @torch_names
    def prod(self: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
        """The product of all elements, or along the dimension `dim`. `dtype` is as in `sum`.

        >>> import tinygrad_edu as torch
        >>> x = torch.tensor([2., 0., 3.], requires_grad=True)
        >>> x.prod().backward()
        >>> x.grad
        tensor([0., 6., 0.])
        """
        x = converted("prod", self._array, dtype)
        if dim is None:
            z = x.prod(None, x.dtype)
            return record(z, ProdBackward0, (self,), self, RESULT)
        along = (wrapped_dim(dim, x.ndim, "prod"),)
        z = x.prod(along if x.ndim else (), x.dtype, keepdims=keepdim)
        return record(z, ProdBackward1, (self,), self, dim, keepdim, RESULT)

    @torch_names
    def cumsum(self: Any, dim: int, *, dtype: Any = None) -> Any:
        """The sum of the elements so far, along `dim`. `dtype` is as in `sum`.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([1, 2, 3]).cumsum(0)
        tensor([1, 3, 6])
        """
        z = _in_turn(np.cumsum, converted("cumsum", self._array, dtype), dim)
        return record(z, CumsumBackward0, (self,), dim)

    @torch_names
    def cumprod(self: Any, dim: int, *, dtype: Any = None) -> Any:
        """The product of the elements so far, along `dim`. `dtype` is as in `sum`."""
        z = _in_turn(np.cumprod, converted("cumprod", self._array, dtype), dim)
        return record(z, CumprodBackward0, (self,), self, dim, RESULT)

    var = _deviation("var", lambda z, _mean, *saved: record(z, VarBackward0, *saved))
    std = _deviation(
        "std", lambda z, _mean, *saved: record(np.sqrt(z), StdBackward0, *saved, RESULT)
    )

    @torch_names
    def norm(
        self: Any, p: Any = 2, dim: Any = None, keepdim: bool = False, dtype: Any = None
    ) -> Any:
        """The length of a vector: the sum of |x| to the power `p`, to the power of 1/p.

        inf is the largest |x|, -inf the smallest, 0 counts what is not zero, "fro" is 2. `dtype`
        converts first. Raises RuntimeError for integers, and where nothing has no largest element.

        >>> import tinygrad_edu as torch
        >>> x = torch.tensor([3., -4.])
        >>> x.norm(), x.norm(1), x.norm(float('inf'))
        (tensor(5.), tensor(7.), tensor(4.))
        """
        self = self if dtype is None else self.to(dtype)
        x, p = self._array, check("norm", "p", 2 if p in ("fro", None) else p, "Number", 1)
        word = dtypes.legacy_name(x.dtype)
        require(
            x.dtype.kind == "f",
            f"linalg.vector_norm: Expected a floating point or complex tensor as input. Got {word}",
        )
        dims, dim, keepdim = _along("norm", x, dim, keepdim)
        require(
            0 <= p < math.inf or _count(x.shape, dims),
            f"linalg.vector_norm cannot compute the {p} norm on an empty tensor because the "
            "operation does not have an identity",
        )
        z = _narrow(_norm(_wide(x), p, dims, keepdim), x)
        return record(z, LinalgVectorNormBackward0, (self,), self, p, dim, keepdim, RESULT)

    @reduction(lambda g, x, z, _dim: g * xp(x).exp(x - z))
    def logsumexp(x: Any, dim: Any, keepdim: bool) -> Any:
        """log(sum(exp(x))) along `dim`, without overflow.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([1000., 1000.]).logsumexp(0)
        tensor(1000.6932)
        """
        x = as_floats(x)
        high = x.max(dim, keepdims=True) if x.size else x.sum(dim, keepdims=True)
        high = np.where(np.isfinite(high), high, high.dtype.type(0))
        z = np.log(total(np.exp(x - high), dim, True)) + high
        return z if keepdim else z.squeeze(dim)[()]

    @reduction(lambda g, x, _z, _dim: g * (x == x))
    def nansum(x: Any, dim: Any, keepdim: bool, dtype: Any = None) -> Any:
        """As `sum`, with nan counted as 0."""
        x = converted("nansum", np.where(x == x, x, x.dtype.type(0)), dtype)
        return total(x, dim, keepdim, x.dtype)

    @reduction(lambda g, x, z, dim: _shares(g, x == z, dim))
    def amax(x: Any, dim: Any, keepdim: bool) -> Any:
        """The largest element, of all or along one or several `dim`. Equals share its gradient.

        Raises IndexError for a dimension without elements, RuntimeError for a tensor without.
        """
        return x.max(dim, keepdims=keepdim)

    @reduction(lambda g, x, z, dim: _shares(g, x == z, dim))
    def amin(x: Any, dim: Any, keepdim: bool) -> Any:
        """The smallest element, of all or along one or several `dim`. Equals share its gradient."""
        return x.min(dim, keepdims=keepdim)

    @reduction()
    def any(x: Any, dim: Any, keepdim: bool) -> Any:
        """Whether any element, or any along the dimensions `dim`, is true (not zero)."""
        return _truth(x, x.any(dim, keepdims=keepdim))

    @reduction()
    def all(x: Any, dim: Any, keepdim: bool) -> Any:
        """Whether all elements, or all along the dimensions `dim`, are true (not zero)."""
        return _truth(x, x.all(dim, keepdims=keepdim))

    @reduction()
    def count_nonzero(x: Any, dim: Any, keepdim: bool) -> Any:
        """How many elements are not zero, of all or along the dimensions `dim`."""
        return total(x != 0, dim, keepdim, dtypes.INT64)

    @torch_names
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
        if dim.__class__ is self.__class__:
            return self.maximum(dim)
        return _extreme("max", self, dim, keepdim, _first(np.argmax))

    @torch_names
    def min(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """The smallest element. Along `dim`: the pair (values, indices), of which the first of
        equals. With a tensor in place of `dim`: `minimum`.

        nan counts as the smallest. Raises what `max` raises.
        """
        if dim.__class__ is self.__class__:
            return self.minimum(dim)
        return _extreme("min", self, dim, keepdim, _first(np.argmin))

    @torch_names
    def median(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """The element in the middle, the lower of two. Along `dim`: the pair (values, indices).

        nan, where there is one. Raises what `max` raises.
        """
        return _extreme("median", self, dim, keepdim, _middle)

    @torch_names
    def nanmedian(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """As `median`, nan left out unless there is nothing else."""
        return _extreme("nanmedian", self, dim, keepdim, _middle_of_numbers)

    @torch_names
    def argmax(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """The index of the largest element, of the flattened tensor or along `dim`, as int64."""
        return _place_of_extreme("argmax", self, dim, keepdim, np.argmax)

    @torch_names
    def argmin(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """The index of the smallest element, of the flattened tensor or along `dim`, as int64."""
        return _place_of_extreme("argmin", self, dim, keepdim, np.argmin)

    @torch_names
    def sort(self: Any, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
        """The elements in order along `dim`, as the pair (values, indices). nan is the largest.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([3, 1, 2]).sort().indices
        tensor([1, 2, 0])
        """
        return _chosen("sort", self, dim, _order("sort", self._array, dim, descending))

    @torch_names
    def argsort(self: Any, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
        """The indices that sort the tensor along `dim`."""
        return self.detach().sort(dim, descending).indices

    @torch_names
    def topk(self: Any, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Any:
        """The `k` largest elements along `dim`, or the smallest: the pair (values, indices).

        Raises RuntimeError if there are fewer than `k`.
        """
        order = _order("topk", self._array, dim, largest)
        enough = 0 <= check("topk", "k", k, "int", 1) <= order.shape[dim]
        require(enough, f"selected index k out of range: {k} of {order.shape[dim]}")
        first = np.moveaxis(np.moveaxis(order, dim, 0)[:k], 0, dim)
        return _chosen("topk", self, dim, first)

    cumsum_ = in_place(cumsum)
    cumprod_ = in_place(cumprod)


var_mean = _deviation(
    "var_mean",
    lambda z, mean, *saved: tuple(
        record_many([z, mean.reshape(z.shape)], VarMeanBackward0, *saved)
    ),
)


def _by_numpys_names(dim: Any, keepdim: Any, axis: Any = None, keepdims: Any = None) -> Any:
    return dim if axis is None else axis, keepdim if keepdims is None else keepdims


def _in_turn(accumulate: Callable[..., Any], x: Any, dim: int) -> Any:
    along = wrapped_dim(dim, x.ndim, accumulate.__name__)
    return accumulate(np.atleast_1d(x), along, x.dtype).reshape(x.shape)[()]


def _extreme(function: str, self: Any, dim: Any, keepdim: Any, find: Any) -> Any:
    """The element that `find(x, dim)` points to; along a dimension the index too."""
    x = self._array
    if dim is not None:
        _check_not_empty(function, x, dim)
        places = find(np.atleast_1d(x), wrapped_dim(dim, x.ndim, function))
        return _chosen(function, self, dim, places, check(function, "keepdim", keepdim, "bool", 2))
    if function in ("max", "min"):
        _check_not_empty(function, x, dim)
        z = getattr(x, function)()
    elif x.size:
        z = x.reshape(-1)[find(x.reshape(-1), 0)[0]]
    else:
        z = np.asarray(math.nan).astype(x.dtype)[()]
    return record(z, EXTREMES[function], (self,), self, RESULT)


def _chosen(function: str, self: Any, dim: int, indices: Any, keepdim: Any = None) -> Any:
    """The elements at `indices` along `dim`, and the indices; `keepdim` if the dimension may go."""
    (pair, kind), x = CHOICES[function], self._array
    values = np.take_along_axis(np.atleast_1d(x), indices, dim)
    if keepdim is False or x.ndim == 0:
        values, indices = values.squeeze(dim)[()], indices.squeeze(dim)[()]
    indices = wrap(self.__class__, indices)
    saved = (x.shape, dim, indices) if keepdim is None else (x.shape, dim, keepdim, indices)
    return pair(record(values, kind, (self,), *saved), indices)


def _first(arg: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, dim: arg(x, axis=dim, keepdims=True)


def _middle(x: Any, dim: int, leave_out: bool = False) -> Any:
    """The index of the lower median along `dim`, or of the first nan unless those are left out."""
    require(x.dtype.kind != "b", "\"median\" not implemented for 'Bool'", NotImplementedError)
    n, numbers = x.shape[dim], total(x == x, dim, True, np.int64)  # nan comes last
    middle = np.where((numbers < n) & (not leave_out), numbers, (numbers - 1).clip(0) // 2)
    return np.take_along_axis(np.argsort(x, dim, kind="stable"), middle, dim)


def _middle_of_numbers(x: Any, dim: int) -> Any:
    return _middle(x, dim, True)


def _order(function: str, x: Any, dim: Any, descending: bool) -> Any:
    """The indices that sort an array along `dim`; equals stay in their order."""
    dim = wrapped_dim(dim, x.ndim, function)
    x = np.atleast_1d(x)
    if not check(function, "descending", descending, "bool", 2):
        return np.argsort(x, dim, kind="stable")
    return x.shape[dim] - 1 - np.flip(np.argsort(np.flip(x, dim), dim, kind="stable"), dim)


def _place_of_extreme(function: str, self: Any, dim: Any, keepdim: Any, arg: Any) -> Any:
    x = self._array
    require(x.dtype.kind != "b", f"{function}(): does not support bool input. Use x.int().")
    _check_not_empty(function, x, dim, IndexError)
    along = None if dim is None else wrapped_dim(dim, x.ndim, function)
    return wrap(self.__class__, arg(x, axis=along if x.ndim else None, keepdims=keepdim))


def _truth(x: Any, z: Any) -> Any:
    return z.astype(np.uint8) if x.dtype == np.uint8 else z


def _norm(x: Any, p: float, dims: Any, keepdim: bool) -> Any:
    if p == 2:
        return np.sqrt(total(x * x, dims, keepdim))
    if p == 0:
        return total(x != 0, dims, keepdim, x.dtype)
    if abs(p) == math.inf:
        return getattr(abs(x), "max" if p > 0 else "min")(dims, keepdims=keepdim)
    return total(abs(x) ** p, dims, keepdim) ** (1 / p)
