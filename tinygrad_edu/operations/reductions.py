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
from functools import wraps
from typing import Any

import numpy as np

from .. import dtypes
from ..arguments import check, require
from ..devices import put_along, spread, total, xp
from ..several import ManyResults
from .dimensions import SELF, by_torchs_names, named, operation, wrapped_dim, wrapped_dims
from .in_place import in_place
from .record import RESULT, as_floats, check_tensor, node_class, record, record_many, wrap

Dims = tuple[int, ...] | None


def over(dim: Any, ndim: int) -> Dims:
    """The dimensions that a reduction goes over, counted from the front; None: all of them."""
    return wrapped_dims(dim, ndim) or None


def reduced(function: str, x: Any, dim: Any, keepdim: Any) -> tuple[Dims, Dims, bool]:
    """The dimensions that a reduction goes over; and `dim` and `keepdim`, as a node saves them."""
    dims = wrapped_dims(dim, x.ndim, function) or None
    keepdim = check(function, "keepdim", keepdim, "bool", 2)
    if dim is not None:
        dim = tuple(dim) if isinstance(dim, tuple | list) else (int(dim),)
    return dims, dim, keepdim


def kept(g: Any, shape: tuple[int, ...], dim: Any) -> Any:
    """`g` with the dimensions back, as size 1, over which a reduction went."""
    dims = over(dim, len(shape))
    return g.reshape(tuple([1 if dims is None or d in dims else n for d, n in enumerate(shape)]))


def count(shape: tuple[int, ...], dims: Dims) -> int:
    """How many numbers a reduction makes one of."""
    return math.prod(shape if dims is None else [shape[d] for d in dims])


def wide(x: Any) -> Any:
    """Half precision as single precision, to calculate in: a sum may be too large for it."""
    return x.astype(np.float32) if x.dtype == np.float16 else x


def converted(function: str, x: Any, dtype: Any) -> Any:
    """What is to be added up: in `dtype`, or integers and bools as int64."""
    if dtype is not None:
        return x.astype(dtypes.to_numpy_dtype(function, dtype), copy=False)
    return x if x.dtype.kind == "f" else x.astype(dtypes.INT64)


def reduction(rule: Any = None) -> Callable[..., Any]:
    """Make a method of a function `forward(x, dim, keepdim)` of an array.

    `rule` takes g, x, z and dim, where g and z have the reduced dimensions back. A result that is
    no float needs none.
    """

    def method(forward: Callable[..., Any]) -> Callable[..., Any]:
        name = forward.__name__

        @operation(
            f"{name.capitalize()}Backward0",
            lambda g, x, dim, _keepdim, z: rule(
                kept(g, x.shape, dim), x, kept(z, x.shape, dim), over(dim, x.ndim)
            ),
        )
        @wraps(forward)
        def over_dims(x: Any, dim: Any = None, keepdim: bool = False) -> tuple[Any, ...]:
            dims, dim, keepdim = reduced(name, x, dim, keepdim)
            return forward(x, dims, keepdim), SELF, dim, keepdim, RESULT

        return over_dims

    return method


# --- sums and products ---------------------------------------------------------------------------


def _sum_rule(g: Any, self_sym_sizes: Any, dim: Dims, _keepdim: bool) -> Any:
    return spread(kept(g, self_sym_sizes, dim), self_sym_sizes)


def _mean_rule(g: Any, self_sym_sizes: Any, _self_sym_numel: int, dim: Dims, keepdim: bool) -> Any:
    terms = count(self_sym_sizes, over(dim, len(self_sym_sizes)))
    return _sum_rule(g / (terms or 1), self_sym_sizes, dim, keepdim)


def _mean_of_all_rule(g: Any, _self_sym_sizes: Any, self_sym_numel: int) -> Any:
    return g / (self_sym_numel or 1)


# One number for all elements: the engine spreads it, where the next rule does not.
SumBackward0 = node_class("SumBackward0", lambda g, _self_sym_sizes: g, inputs="x")
SumBackward1 = node_class("SumBackward1", _sum_rule, inputs="x")
MeanBackward0 = node_class("MeanBackward0", _mean_of_all_rule, inputs="x")
MeanBackward1 = node_class("MeanBackward1", _mean_rule, inputs="x")


def _cumsum_rule(g: Any, dim: int) -> Any:
    """An element is in its own sum and in all after it: the gradients, summed from the last."""
    if not g.ndim:
        return g
    module = xp(g)
    return module.flip(module.cumsum(module.flip(g, (dim,)), dim), (dim,))


def _others(x: Any) -> Any:
    """For each element of the first dimension the product of all others.

    Dividing the whole product by each element would fail at zeros. So: two by two, each element is
    multiplied by its partner, and by the product of all that is outside of the pair.
    """
    half = len(x) // 2
    if half == 0:
        return x**0  # there are no others
    a, b, single = x[:half], x[half : 2 * half], x[2 * half :]
    outside = _others(xp(x).concatenate([a * b, single]))
    pairs = outside[:half]
    return xp(x).concatenate([pairs * b, pairs * a, outside[half:]])


def _prod_of_all_rule(g: Any, x: Any, _z: Any) -> Any:
    return g * _others(x.reshape(-1)).reshape(x.shape) if x.ndim else g


def _prod_rule(g: Any, x: Any, dim: int, _keepdim: bool, _z: Any) -> Any:
    others = xp(x).moveaxis(_others(xp(x).moveaxis(x, dim, 0)), 0, dim) if x.ndim else 1
    return kept(g, x.shape, (dim,)) * others


ProdBackward0 = node_class("ProdBackward0", _prod_of_all_rule, inputs="x")
ProdBackward1 = node_class("ProdBackward1", _prod_rule, inputs="x")


def _by_other_names(function: str, self: Any, names: Any, dim: Any, keepdim: Any) -> Any:
    """The tensor, `dim` and `keepdim`, of which any may be among `names`. As `named` does, but for
    the most used methods, where that would be 0.15 microseconds."""
    self, names = by_torchs_names(self, names)
    check_tensor(function, self)
    unknown = names.keys() - {"dim", "keepdim"}
    require(not unknown, f"{function}() got an unexpected keyword argument {unknown}", TypeError)
    return self, names.get("dim", dim), names.get("keepdim", keepdim)


class Sums:
    """The methods of a tensor that add up, multiply or count."""

    __slots__ = ()

    def sum(
        self: Any = None, dim: Any = None, keepdim: bool = False, *, dtype: Any = None, **names: Any
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
        if names or not hasattr(self, "_array"):
            self, dim, keepdim = _by_other_names("sum", self, names, dim, keepdim)
        x = self._array
        if dtype is not None or x.dtype.kind != "f":
            x = converted("sum", x, dtype)
        if dim is None and keepdim is False:
            z = total(x, None, False, dtype and x.dtype)
            return record(z, SumBackward0, (self,), x.shape)
        dims, dim, keepdim = reduced("sum", x, dim, keepdim)
        z = total(x, dims, keepdim, x.dtype)
        return record(z, SumBackward1, (self,), x.shape, dim, keepdim)

    def mean(
        self: Any = None, dim: Any = None, keepdim: bool = False, *, dtype: Any = None, **names: Any
    ) -> Any:
        """The mean of all elements, or along the dimensions `dim`: an int or several.

        With `keepdim` these dimensions stay, with the size 1. The mean of nothing is nan. Raises
        RuntimeError for integers and bools unless `dtype` is a floating point type, and what `sum`
        raises.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([[1., 2.], [3., 6.]]).mean(dim=0)
        tensor([2., 4.])
        """
        if names or not hasattr(self, "_array"):
            self, dim, keepdim = _by_other_names("mean", self, names, dim, keepdim)
        x = self._array
        if dtype is not None:
            x = converted("mean", x, dtype)
        if x.dtype.kind != "f":
            raise RuntimeError(
                f"mean(): could not infer output dtype. {'Optional' if dtype else 'Input'} dtype "
                "must be either a floating point or complex dtype. Got: "
                f"{dtypes.legacy_name(x.dtype)}. Make it floats first, with x.float()."
            )
        n, single = x.size, x if x.itemsize > 2 else wide(x)
        if dim is None and keepdim is False:
            z = total(single) / n  # 3.8 microseconds faster than NumPy's mean
            z = z if single is x else z.astype(x.dtype)
            return record(z, MeanBackward0, (self,), x.shape, n)
        dims, dim, keepdim = reduced("mean", x, dim, keepdim)
        z = total(single, dims, keepdim) / count(x.shape, dims)
        z = z if single is x else z.astype(x.dtype)
        return record(z, MeanBackward1, (self,), x.shape, n, dim, keepdim)

    @named
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
            return record(x.prod(None, x.dtype), ProdBackward0, (self,), self, RESULT)
        along = (wrapped_dim(dim, x.ndim, "prod"),) if x.ndim else None
        z = x.prod(along, x.dtype, keepdims=keepdim)
        return record(z, ProdBackward1, (self,), self, dim, keepdim, RESULT)

    @operation("CumsumBackward0", _cumsum_rule)
    def cumsum(x: Any, dim: int, *, dtype: Any = None) -> Any:
        """The sum of the elements so far, along `dim`. `dtype` is as in `sum`.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([1, 2, 3]).cumsum(0)
        tensor([1, 3, 6])
        """
        x, along = converted("cumsum", x, dtype), wrapped_dim(dim, x.ndim, "cumsum")
        return np.cumsum(np.atleast_1d(x), along, x.dtype).reshape(x.shape)[()], dim

    @reduction(lambda g, x, z, _dim: g * xp(x).exp(x - z))
    def logsumexp(x: Any, dim: Dims, keepdim: bool) -> Any:
        """log(sum(exp(x))) along `dim`, without overflow.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([1000., 1000.]).logsumexp(0)
        tensor(1000.6932)
        """
        x = as_floats(x)
        high = wide(x).max(dim, keepdims=True) if x.size else x.sum(dim, keepdims=True)
        high = np.where(np.isfinite(high), high, high.dtype.type(0))
        z = np.log(total(np.exp(x - high), dim, True)) + high
        return (z if keepdim else z.squeeze(dim)[()]).astype(x.dtype, copy=False)

    @reduction()
    def any(x: Any, dim: Dims, keepdim: bool) -> Any:
        """Whether any element, or any along the dimensions `dim`, is true (not zero)."""
        z = x.any(dim, keepdims=keepdim)
        return z.astype(x.dtype) if x.dtype == np.uint8 else z

    @reduction()
    def all(x: Any, dim: Dims, keepdim: bool) -> Any:
        """Whether all elements, or all along the dimensions `dim`, are true (not zero)."""
        z = x.all(dim, keepdims=keepdim)
        return z.astype(x.dtype) if x.dtype == np.uint8 else z

    @reduction()
    def count_nonzero(x: Any, dim: Dims, keepdim: bool) -> Any:
        """How many elements are not zero, of all or along the dimensions `dim`."""
        return total(x != 0, dim, keepdim, dtypes.INT64)

    cumsum_ = in_place(cumsum)


# --- distances: from the mean, and from zero -----------------------------------------------------


def _variance(function, x, dim=None, unbiased=None, keepdim=False, correction=None):
    """The variance and the mean, in single precision at least, and what their rules take."""
    require(x.dtype.kind == "f", "std and var only support floating point dtypes")
    if isinstance(dim, bool):  # var(False)
        dim, unbiased = None, dim
    if unbiased is not None:
        correction = int(check(function, "unbiased", unbiased, "bool", 2))
    correction = 1 if correction is None else check(function, "correction", correction, "Number")
    dims, dim, keepdim = reduced(function, x, dim, keepdim)
    x, n = wide(x), count(x.shape, dims)
    if n <= correction:
        warnings.warn(
            f"{function}(): degrees of freedom is <= 0. Correction should be strictly less than "
            "the reduction factor (input numel divided by output numel).",
            stacklevel=5,
        )
    mean = total(x, dims, True) / n
    z = total((x - mean) * (x - mean), dims, keepdim) / max(n - correction, 0)
    return z, mean, SELF, correction, dim, keepdim


def _var_rule(g: Any, x: Any, correction: Any, dim: Dims, _keepdim: bool) -> Any:
    g, dims = kept(g, x.shape, dim), over(dim, x.ndim)
    n = count(x.shape, dims)
    centered, freedom = x - total(x, dims, True) / (n or 1), n - correction
    if freedom <= 0 and (dim is None or not x.ndim):  # as PyTorch says, which gives it no slope
        return xp(x).where(centered == 0, g * math.nan, g * math.inf)
    return g * centered * (2 / freedom if freedom else math.inf)


def _std_rule(g: Any, x: Any, correction: Any, dim: Dims, keepdim: bool, z: Any) -> Any:
    return _var_rule(xp(g).where(z == 0, 0.0, g / (2 * z)), x, correction, dim, keepdim)


def _var_mean_rule(g: Any, x: Any, correction: Any, dim: Dims, keepdim: bool) -> Any:
    through_mean = _mean_rule(g[1], x.shape, 0, dim, keepdim)
    return _var_rule(g[0], x, correction, dim, keepdim) + through_mean


VarMeanBackward0 = node_class("VarMeanBackward0", _var_mean_rule, inputs="x", base=ManyResults)


def _norm(x: Any, p: float, dim: Dims, keepdim: bool) -> Any:
    if p == 2:
        return np.sqrt(total(x * x, dim, keepdim))
    if p == 0:
        return total(x != 0, dim, keepdim, x.dtype)
    if abs(p) == math.inf:
        return getattr(abs(x), "max" if p > 0 else "min")(dim, keepdims=keepdim)
    return total(abs(x) ** p, dim, keepdim) ** (1 / p)


def _norm_rule(g: Any, x: Any, ord: float, dim: Dims, _keepdim: bool, z: Any) -> Any:
    g, z, where = kept(g, x.shape, dim), kept(z, x.shape, dim), xp(x).where
    if ord == 2:
        return g * where(z == 0, 0.0, x / z)
    size, sign = abs(x), where(x == x, xp(x).sign(x), 0.0)
    if ord in (0, 1):
        return g * sign * ord
    if abs(ord) == math.inf:
        return sign * _shares(g, _is_it(size, z), over(dim, x.ndim))
    # The slope is (|x| / z) to the power of ord - 1, with the sign of x; 0 where x or z is 0.
    powers = where(x == 0, 0.0, size ** (ord - 1)) if ord < 1 else size ** (ord - 1)
    return sign * powers * where(z == 0, 0.0, g * z ** (1 - ord))


class Distances:
    """The methods of a tensor that say how far its elements are from their mean, or from zero."""

    __slots__ = ()

    @operation("VarBackward0", _var_rule)
    def var(x: Any, *arguments: Any, **options: Any) -> Any:
        """The variance: the mean square distance from the mean, of all or along `dim`. Call it as
        var(dim, unbiased, keepdim) or var(dim, keepdim=, correction=).

        The squares are divided by their number minus `correction`, which is 1 unless it is given,
        and 0 with `unbiased=False`. Warns and gives nan or inf where that is no positive number.
        Raises RuntimeError for integers.

        >>> import tinygrad_edu as torch
        >>> x = torch.tensor([1., 2., 3.])
        >>> x.var(), x.var(correction=0)
        (tensor(1.), tensor(0.6667))
        """
        z, _, *saved = _variance("var", x, *arguments, **options)
        return z.astype(x.dtype, copy=False), *saved

    @operation("StdBackward0", _std_rule)
    def std(x: Any, *arguments: Any, **options: Any) -> Any:
        """The standard deviation: the square root of `var`, which takes the same arguments."""
        z, _, *saved = _variance("std", x, *arguments, **options)
        return np.sqrt(z).astype(x.dtype, copy=False), *saved, RESULT

    @operation("LinalgVectorNormBackward0", _norm_rule)
    def norm(x: Any, p: Any = 2, dim: Any = None, keepdim: bool = False, dtype: Any = None) -> Any:
        """The length of a vector: the sum of `|x|` to the power `p`, to the power of 1/p.

        inf is the largest `|x|`, -inf the smallest, 0 counts what is not zero, "fro" is 2. `dtype`
        converts first. Raises RuntimeError for integers, and where nothing has no largest element.

        >>> import tinygrad_edu as torch
        >>> x = torch.tensor([3., -4.])
        >>> x.norm(), x.norm(1), x.norm(float('inf'))
        (tensor(5.), tensor(7.), tensor(4.))
        """
        x = x if dtype is None else converted("norm", x, dtype)
        p = check("norm", "p", 2 if p in ("fro", None) else p, "Number", 1)
        dims, dim, keepdim = reduced("norm", x, dim, keepdim)
        needed = "linalg.vector_norm: Expected a floating point or complex tensor as input"
        require(x.dtype.kind == "f", needed)
        require(
            0 <= p < math.inf or count(x.shape, dims),
            f"linalg.vector_norm cannot compute the {p} norm on an empty tensor because the "
            "operation does not have an identity",
        )
        z = _norm(wide(x), p, dims, keepdim).astype(x.dtype, copy=False)
        return z, SELF, p, dim, keepdim, RESULT


@named
def var_mean(self: Any, *arguments: Any, **options: Any) -> tuple[Any, ...]:
    """The variance and the mean, as a pair. The arguments are those of `var`."""
    z, mean, _, *saved = _variance("var_mean", self._array, *arguments, **options)
    arrays = [a.astype(self._array.dtype, copy=False) for a in (z, mean.reshape(z.shape))]
    return tuple(record_many(arrays, VarMeanBackward0, (self,), self, *saved))


# --- the largest, the smallest, and their order --------------------------------------------------


def _check_not_empty(name: str, x: Any, dim: Any, error: type[Exception] = RuntimeError) -> None:
    """There is no largest among no elements: `error`, or IndexError for a dimension of size 0."""
    if x.size:
        return
    words = f"{name}(): Expected reduction dim"
    dims = wrapped_dims(dim, x.ndim, name)
    require(dims, f"{words} to be specified for input.numel() == 0. Name it: dim=", error)
    for d in dims:
        require(x.shape[d], f"{words} {d} to have non-zero size.", IndexError)


def _shares(g: Any, hits: Any, dim: Dims = None) -> Any:
    """`g` in equal parts where `hits` is true; nan if that is nowhere, as beside a nan."""
    return g * hits / total(hits, dim, True, g.dtype)


def _is_it(x: Any, z: Any) -> Any:
    return (x == z) | ((x != x) & (z != z))  # nan is the largest and the smallest, where it is


def _extreme_rule(g: Any, x: Any, z: Any) -> Any:
    return _shares(g, _is_it(x, z))


def _chosen_rule(g: Any, self_sym_sizes: Any, dim: int, _keepdim: bool, indices: Any) -> Any:
    g, indices = (kept(each, self_sym_sizes, (dim,)) for each in (g, indices))
    return put_along(g, indices, dim, self_sym_sizes)


def _sort_rule(g: Any, self_sym_sizes: Any, dim: int, indices: Any) -> Any:
    return put_along(g, indices, dim, self_sym_sizes)


# The number of the node that each leaves where it goes over all elements. Along a dimension, where
# it returns indices too, it leaves the other one.
VERSIONS = {"max": 1, "min": 1, "median": 0, "nanmedian": 0}
EXTREMES = {
    name: node_class(f"{name.capitalize()}Backward{n}", _extreme_rule, inputs="x")
    for name, n in VERSIONS.items()
}
CHOICES: dict[str, Any] = {
    name: node_class(f"{name.capitalize()}Backward{1 - n}", _chosen_rule, inputs="x", frees=True)
    for name, n in VERSIONS.items()
}
CHOICES["sort"] = node_class("SortBackward0", _sort_rule, inputs="x", frees=True)


class Chosen(namedtuple("Chosen", "values indices")):
    """The elements that an operation chose, and where they were."""

    __slots__ = ()

    def __repr__(self) -> str:
        name, values, indices = type(self).__name__, self.values, self.indices
        return f"torch.return_types.{name}(\nvalues={values!r},\nindices={indices!r})"


PAIRS = {name: type(name, (Chosen,), {"__slots__": ()}) for name in CHOICES}


def _chosen(function: str, self: Any, dim: Any, indices: Any, keepdim: Any = None) -> Any:
    """The elements at `indices` along `dim`, and the indices; `keepdim` if the dimension may go."""
    x = self._array
    values = np.take_along_axis(np.atleast_1d(x), indices, dim)
    if keepdim is False or x.ndim == 0:
        values, indices = values.squeeze(dim)[()], indices.squeeze(dim)[()]
    indices = wrap(self.__class__, indices)
    saved = (x.shape, dim, indices) if keepdim is None else (x.shape, dim, keepdim, indices)
    return PAIRS[function](record(values, CHOICES[function], (self,), *saved), indices)


def _middle(x: Any, dim: int, without_nan: bool = False) -> Any:
    """The index of the lower median along `dim`, or of the first nan, unless it goes without."""
    require(x.dtype.kind != "b", "\"median\" not implemented for 'Bool'", NotImplementedError)
    numbers = total(x == x, dim, True, np.int64)  # nan comes last
    middle = np.where((numbers < x.shape[dim]) & (not without_nan), numbers, (numbers - 1) // 2)
    return np.take_along_axis(np.argsort(x, dim, kind="stable"), middle.clip(0), dim)


# The index, along a dimension, of the element that each looks for.
FIND: dict[str, Callable[..., Any]] = {
    "max": lambda x, dim: np.argmax(x, axis=dim, keepdims=True),
    "min": lambda x, dim: np.argmin(x, axis=dim, keepdims=True),
    "median": _middle,
    "nanmedian": lambda x, dim: _middle(x, dim, without_nan=True),
}


def _extreme(function: str, self: Any, dim: Any, keepdim: Any) -> Any:
    """max(), max(dim, keepdim) or max(other), or the same of its kin."""
    if dim.__class__ is self.__class__:
        return getattr(self, f"{function}imum")(dim)
    x, find = self._array, FIND[function]
    if dim is not None:
        _check_not_empty(function, x, dim)
        places = find(np.atleast_1d(x), wrapped_dim(dim, x.ndim, function))
        return _chosen(function, self, dim, places, check(function, "keepdim", keepdim, "bool", 2))
    if function in ("max", "min"):
        _check_not_empty(function, x, dim)
        z = getattr(x, function)()
    else:
        flat = x.reshape(-1) if x.size else xp(x).full(1, math.nan).astype(x.dtype)
        z = flat[find(flat, 0)[0]]
    return record(z, EXTREMES[function], (self,), self, RESULT)


def _place_of_extreme(function: str, self: Any, dim: Any, keepdim: Any) -> Any:
    """argmax() or argmin(), of all elements or along `dim`."""
    x = self._array
    require(x.dtype.kind != "b", f"{function}(): does not support bool input. Use x.int().")
    _check_not_empty(function, x, dim, IndexError)
    along = None if dim is None else wrapped_dim(dim, x.ndim, function)
    z = getattr(np, function)(x, axis=along if x.ndim else None, keepdims=keepdim)
    return wrap(self.__class__, z)


class Extremes:
    """The methods of a tensor that find its largest or smallest elements, or sort it."""

    __slots__ = ()

    @named
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
        return _extreme("max", self, dim, keepdim)

    @named
    def min(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """The smallest element. Along `dim`: the pair (values, indices), of which the first of
        equals. With a tensor in place of `dim`: `minimum`.

        nan counts as the smallest. Raises what `max` raises.
        """
        return _extreme("min", self, dim, keepdim)

    @named
    def median(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """The element in the middle, the lower of two. Along `dim`: the pair (values, indices).

        nan, where there is one. Raises what `max` raises.
        """
        return _extreme("median", self, dim, keepdim)

    @named
    def nanmedian(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """As `median`, nan left out unless there is nothing else."""
        return _extreme("nanmedian", self, dim, keepdim)

    @reduction(lambda g, x, z, dim: _shares(g, x == z, dim))
    def amax(x: Any, dim: Dims, keepdim: bool) -> Any:
        """The largest element, of all or along one or several `dim`. Equals share its gradient.

        Raises IndexError for a dimension without elements, RuntimeError for a tensor without.
        """
        _check_not_empty("amax", x, dim)
        return x.max(dim, keepdims=keepdim)

    @reduction(lambda g, x, z, dim: _shares(g, x == z, dim))
    def amin(x: Any, dim: Dims, keepdim: bool) -> Any:
        """The smallest element, of all or along one or several `dim`. Equals share its gradient."""
        _check_not_empty("amin", x, dim)
        return x.min(dim, keepdims=keepdim)

    @named
    def argmax(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """The index of the largest element, of the flattened tensor or along `dim`, as int64."""
        return _place_of_extreme("argmax", self, dim, keepdim)

    @named
    def argmin(self: Any, dim: Any = None, keepdim: bool = False) -> Any:
        """The index of the smallest element, of the flattened tensor or along `dim`, as int64."""
        return _place_of_extreme("argmin", self, dim, keepdim)

    @named
    def sort(self: Any, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
        """The elements in order along `dim`, as the pair (values, indices). nan is the largest.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([3, 1, 2]).sort().indices
        tensor([1, 2, 0])
        """
        x, along = np.atleast_1d(self._array), wrapped_dim(dim, self._array.ndim, "sort")
        if check("sort", "descending", descending, "bool", 2):  # equals stay in their order
            turned = np.argsort(np.flip(x, along), along, kind="stable")
            order = x.shape[along] - 1 - np.flip(turned, along)
        else:
            order = np.argsort(x, along, kind="stable")
        return _chosen("sort", self, dim, order)

    @named
    def argsort(self: Any, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
        """The indices that sort the tensor along `dim`."""
        return self.detach().sort(dim, descending).indices


class Reductions(Sums, Distances, Extremes):
    """The methods of a tensor that reduce its dimensions, or add up and sort along them."""

    __slots__ = ()
