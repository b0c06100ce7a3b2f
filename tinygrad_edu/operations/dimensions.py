"""What reductions and shapes share: how a method is made, and which dimensions it is about.

An operation is a function of an array, written under the rule of its gradient. It returns the new
array, and then what the rule takes besides `g`:

    @operation("UnsqueezeBackward0", lambda g, dim: g.squeeze(dim), shares=True)
    def unsqueeze(x, dim):
        return np.expand_dims(x, dim), dim

There SELF stands for the tensor itself and RESULT for the new one. A rule's parameter that PyTorch
calls `self_sym_sizes` is the shape of the tensor.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from ..arguments import check, require
from .in_place import memory, view
from .record import Rule, check_tensor, node_class, record

SELF = object()
INTS = {int}
OTHER_NAMES = {"input": "self", "axis": "dim", "keepdims": "keepdim"}
OTHER_NAMES |= {"axis0": "dim0", "axis1": "dim1", "split_size_or_sections": "split_size"}


def named(method: Callable[..., Any]) -> Callable[..., Any]:
    """Let arguments go by their other names too: NumPy's `axis` and `keepdims`, and `input`."""

    @wraps(method)
    def with_names(self: Any = None, *arguments: Any, **options: Any) -> Any:
        if options:
            self, options = by_torchs_names(self, options)
        if not hasattr(self, "_array"):
            check_tensor(method.__name__, self)
        return method(self, *arguments, **options)

    return with_names


def by_torchs_names(self: Any, options: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The tensor, which may be among the options as `input`, and the options by PyTorch's names."""
    options = {OTHER_NAMES.get(name, name): value for name, value in options.items()}
    return options.pop("self", self), options


def operation(node: str, rule: Rule, *, shares: bool = False) -> Callable[..., Any]:
    """Make a method of a function of an array. With `shares`, what it returns is a view."""
    kind = node_class(node, rule, inputs="x")

    def method(forward: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(forward)
        def made(self: Any = None, *arguments: Any, **options: Any) -> Any:
            if options:
                self, options = by_torchs_names(self, options)
            try:
                x = memory(self) if shares else self._array
            except AttributeError:
                check_tensor(forward.__name__, self)
                raise
            z, *saved = forward(x, *arguments, **options)
            if shares:
                return view(z, kind, self, lambda t: made(t, *arguments, **options), *saved)
            return record(z, kind, (self,), *[self if each is SELF else each for each in saved])

        return made

    return method


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
    """One dimension, several, or None, counted from the front; RuntimeError for one named twice.

    A tensor without dimensions has none, although it lets itself be asked for the first.
    """
    given = dim if isinstance(dim, tuple | list) else () if dim is None else (dim,)
    dims = tuple([wrapped_dim(d, ndim, function) for d in given])
    if len(dims) > 1 and len(set(dims)) < len(dims):
        twice = max(dims, key=dims.count)
        raise RuntimeError(f"dim {twice} appears multiple times in the list of dims")
    return dims if ndim else ()


def size_along(function: str, x: Any, dim: Any, error: type[Exception] = RuntimeError) -> int:
    """The size of one dimension of an array; `error` if it has none at all."""
    along = wrapped_dim(dim, x.ndim, function)
    require(x.ndim, f"Dimension specified as {dim} but tensor has no dimensions", error)
    return x.shape[along]


def sizes(function: str, given: Any, by_name: Any = None, argument: str = "size") -> Any:
    """The whole numbers in f(2, 3), f((2, 3)) or f(size=(2, 3)); TypeError for others, or none."""
    if by_name is not None:
        given = (by_name,)
    if not given:
        raise TypeError(f'{function}() missing 1 required positional arguments: "{argument}"')
    if len(given) == 1 and isinstance(given[0], tuple | list):
        given = given[0]
    if not INTS.issuperset(map(type, given)):
        given = [check(function, argument, n, "int", i) for i, n in enumerate(given, 1)]
    return tuple(given)
