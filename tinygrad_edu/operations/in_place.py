"""Operations that write over their tensor, and tensors that share memory with another.

Every in-place operation is its ordinary sibling, computed beside the tensor and then written into
its memory; the tensor's history becomes the sibling's node. Where the tensor is a view, it is the
base whose history changes: a CopySlices node says that a part of the base was replaced, and every
other view of the base learns its new history from the base.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable
from functools import cache
from threading import get_ident
from typing import Any

import numpy as np

from .. import dtypes
from ..devices import device_of, move, scatter_sum, xp
from ..graph import DeadEnd, Node, rebind, version_of
from ..modes import INFERENCE, mode, paused, show, watchers
from ..saved import FREED
from .record import broadcast_error, check_tensor, node_class, record, wrap

OVERLAP = (
    "unsupported operation: more than one element of the written-to tensor refers to a single "
    "memory location. Please clone() the tensor before performing the operation."
)


def is_number(array: Any) -> bool:
    """Whether an array is a NumPy number, which has no memory to write to."""
    return isinstance(array, np.generic)


def is_writable(array: Any) -> bool:
    """Whether an array can be written: NumPy keeps an expanded one from it, CuPy keeps none."""
    return getattr(array.flags, "writeable", True)


def memory(x: Any) -> Any:
    """The tensor's array as memory that can be shared. A 0-dimensional result is kept as a NumPy
    number, 250 nanoseconds faster per operation, until somebody could share it."""
    if is_number(x._array):
        rebind(x, np.asarray(x._array))
    return x._array


# --- views -------------------------------------------------------------------------------------


def view(array: Any, kind: type[Node], x: Any, replay: Callable[[Any], Any], *saved: Any) -> Any:
    """A tensor of `array`, which shares its memory with `x`; `replay` makes the same view of
    another tensor of the shape of `x`."""
    return as_view(record(array, kind, (x,), *saved), x, replay)


def as_view(z: Any, x: Any, replay: Callable[[Any], Any], made: str | None = None) -> Any:
    """`z` as a view of `x`. `made` says how, if its history cannot follow that of its base."""
    z._counter = version_of(x)
    if z._counter is INFERENCE:
        z._node = None
        return z
    if paused and get_ident() in paused:
        made = "inference" if mode.inference else "no_grad"
        if x._node is not None:
            z._node = DeadEnd(z)
    base = x if x._base is None else x._base
    z._base, z._viewed, z._replay, z._made = base, x, replay, made or x._made
    if base._views is None:
        base._views = []
    elif len(base._views) > base._room:
        base._views = [weakref.ref(view) for view in views_of(base)]
        base._room = 2 * len(base._views) + 32
    base._views.append(weakref.ref(z))  # a WeakSet would double the time of x[i]
    return z


def views_of(base: Any) -> list[Any]:
    """The views of a base that are still alive."""
    alive = [reference() for reference in base._views or ()]
    return [z for z in alive if z is not None]


Replays = tuple[Callable[[Any], Any], ...]


def replays_of(x: Any) -> Replays:
    """How a view was made from its base, step by step."""
    replays = []
    while x._base is not None:
        replays.append(x._replay)
        x = x._viewed
    return tuple(reversed(replays))


def places(replays: Replays, shape: tuple[int, ...], like: Any) -> Any:
    """Which elements of a flattened base of `shape` a view is made of: an array of like's kind."""
    module = xp(getattr(like, "_array", like))
    numbers = wrap(Node.tensor_type, module.arange(math.prod(shape)).reshape(shape))
    for replay in replays:
        numbers = replay(numbers)
    return numbers._array.reshape(-1)


FORBIDDEN = {
    "no_grad": "in no_grad mode and {} with grad mode enabled",
    "inference": "in inference mode and {} in normal mode",
    "several": "This view is the output of a function that returns multiple views. Such functions "
    "do not allow the output views to be modified inplace. You should replace the inplace "
    "operation by an out-of-place one.",
    "function": "This view was created inside a custom Function (or because an input was returned "
    "as-is) and the autograd logic to handle view+inplace would override the custom backward "
    "associated with the custom Function, leading to incorrect gradients. This behavior is "
    "forbidden. You can fix this by cloning the output of the custom Function.",
}


def forbidden(z: Any, happened: str) -> RuntimeError:
    """What is wrong with changing a view, or its base, after it was made in a special way."""
    said = FORBIDDEN[z._made]
    if z._made not in ("no_grad", "inference"):
        start = f"A view was created in no_grad mode and {happened} with grad mode enabled"
        if z.grad_fn is not None:
            name = z.grad_fn.name().partition("Backward")[0]
            start = f"Output {z.output_nr} of {name} is a view and {happened}"
        return RuntimeError(f"{start}. {said}")
    start = "Output 0 of View is a view of a view which was" if z._viewed._made else "A view was"
    block = "no_grad" if z._made == "no_grad" else "inference_mode"
    return RuntimeError(
        f"{start} created {said.format(happened)}. Given that this use case is ambiguous and "
        f"error-prone, it is forbidden. Move both inside the {block} block, or both outside, or "
        "make a clone() of the view."
    )


class Invalid(Node):
    """The history of a view that lost track of its base; to ask for it is an error."""

    __slots__ = ("error",)
    error: RuntimeError

    def name(self) -> str:
        return "Invalid"

    def as_result(self) -> tuple[Node, int]:
        raise self.error

    def vjp(self, g: Any, useful: set[Node] | None = None) -> list[Any]:
        raise self.error


# --- refusals ------------------------------------------------------------------------------------


def check_writable(self: Any, *others: Any) -> None:
    """RuntimeError if writing `others` over the tensor would lose a leaf that requires a gradient,
    or confuse the history of a view."""
    if self._counter is INFERENCE and not mode.inference:
        raise RuntimeError(
            "Inplace update to inference tensor outside InferenceMode is not allowed. You can make "
            "a clone() to get a normal tensor before doing inplace update."
        )
    if get_ident() in paused:
        return
    if self._base is None and (self._node is None or self._node.is_operation):
        return
    if any(getattr(x, "_node", None) is not None for x in (self, *others)) and self._made:
        raise forbidden(self, "is being modified inplace")
    source, what = self, "a leaf Variable"
    while source is not None:
        if source._node is not None and not source._node.is_operation:
            raise RuntimeError(
                f"{what} that requires grad is being used in an in-place operation. "
                "To update a parameter, do it inside `with torch.no_grad():`"
            )
        source, what = source._viewed, "a view of a leaf Variable"


def check_overlap(self: Any, source: Any) -> None:
    """RuntimeError if `source` is a part of the memory to be written, laid out in another way."""
    if source._counter is None or source._counter is not self._counter or source is self:
        return  # what shares memory shares its version counter
    x, y = self._array, source._array
    if not isinstance(x, np.ndarray):
        return
    same = x.strides == y.strides and x.ctypes.data == y.ctypes.data and x.size == y.size
    if not same and _is_dense(x) and _is_dense(y) and np.may_share_memory(x, y):
        raise RuntimeError(
            "unsupported operation: some elements of the input tensor and the written-to "
            "tensor refer to a single memory location. Please clone() the tensor before "
            "performing the operation."
        )


def _is_dense(x: Any) -> bool:
    """Whether an array fills its memory without gaps, in whatever order of dimensions."""
    return x.transpose(np.argsort(x.strides)[::-1]).flags.c_contiguous


# --- writing -------------------------------------------------------------------------------------


def bump(self: Any) -> None:
    """Count a modification, so that backward notices a saved array that was written over."""
    if self._counter is None:
        self._counter = [1]
    elif self._counter is not INFERENCE:
        self._counter[0] += 1
    if watchers:
        show(None, self, self)


def in_place(operation: Any, plain: Any = None) -> Any:
    """The in-place sibling of an operation. `plain` is NumPy's operation with two arguments, for
    updates that no graph records: 2 microseconds faster, and without a copy of the array."""

    def operation_(self: Any, *arguments: Any, **options: Any) -> Any:
        check_writable(self, *arguments)
        for argument in arguments:
            if argument.__class__ is self.__class__ and argument._counter is not None:
                check_overlap(self, argument)
        write(self, operation(_beside(self), *arguments, **options))
        return self

    def update_(self: Any, other: Any, **options: Any) -> Any:
        x, y, counter = self._array, other, self._counter
        if other.__class__ is self.__class__:
            y = other._array
            unrecorded = (self._node is None and other._node is None) or get_ident() in paused
            simple = x.dtype is y.dtype and (counter is None or counter is not other._counter)
        else:
            unrecorded = self._node is None or get_ident() in paused
            simple = other.__class__ is float or other.__class__ is int
        if not (simple and unrecorded and x.__class__ is np.ndarray) or options:
            return operation_(self, other, **options)
        if x.dtype.kind != "f" or counter is INFERENCE or self._base is not None:
            return operation_(self, other)
        try:
            if x.size == 1:
                x[...] = plain(x, y)  # 0.4 microseconds faster than with out=
            else:
                plain(x, y, x)
        except ValueError:
            return operation_(self, other)  # which says what is wrong
        if counter is None:
            self._counter = [1]
        else:
            counter[0] += 1
        if watchers:
            show(None, self, self)
        return self

    result = operation_ if plain is None else update_
    result.__name__ = result.__qualname__ = operation.__name__ + "_"
    result.__doc__ = f"`{operation.__name__}`, written over the tensor itself."
    return result


def turned_in_place(operation: Any) -> Any:
    """The in-place sibling of an operation that looks at the same memory in another shape."""

    def operation_(self: Any, *arguments: Any) -> Any:
        check_writable(self)
        z = operation(_beside(self), *arguments)
        rebind(self, z._array)
        if z._node is not None:
            z._node.__class__ = _kind_in_place(z._node.__class__)
            self._node = z._node
            for other in views_of(self):
                if other._made is not None:
                    _lose_track(other)
        if self._base is not None:
            before = self._replay
            self._replay = lambda t: operation(before(t), *arguments)
        bump(self)
        return self

    operation_.__name__ = operation_.__qualname__ = operation.__name__ + "_"
    operation_.__doc__ = f"`{operation.__name__}` of the tensor itself."
    return operation_


@cache
def _kind_in_place(kind: type[Node]) -> type[Node]:
    """PyTorch gives in-place views numbers of their own: TBackward1, SqueezeBackward3, 4, 5."""
    name, number = kind.__name__[:-1], int(kind.__name__[-1])
    number += 3 if name == "SqueezeBackward" else 1
    return type(f"{name}{number}", (kind,), {"__slots__": ()})


def _beside(self: Any) -> Any:
    """A tensor with the same array and history, but versions of its own."""
    return self._tied(self._array, self._node)


def write(self: Any, z: Any) -> None:
    """Write the array of `z` over that of `self`, and give `self` the history of `z`."""
    x = self._array
    if (
        z._array.dtype is not x.dtype
        and dtypes._RANK[z._array.dtype.kind] > dtypes._RANK[x.dtype.kind]
    ):
        source, target = (dtypes.from_numpy_dtype(a.dtype).legacy for a in (z._array, x))
        raise RuntimeError(
            f"result type {source} can't be cast to the desired output type {target}"
        )
    if z._array.shape != x.shape:
        raise RuntimeError(
            f"output with shape {list(x.shape)} doesn't match the broadcast shape "
            f"{list(z._array.shape)}"
        )
    node = z._node
    if node is not None and node.saved:
        node.saved = tuple([s.copy() if s is x else s for s in node.saved])
    if is_number(x):
        rebind(self, z._array if z._array.dtype is x.dtype else z._array.astype(x.dtype))
    elif is_writable(x):
        x[...] = z._array
    else:
        _write_through(self, z._array)
    bump(self)
    if node is not None:
        if node.versions:
            _share_versions(node, z, self)
        rebase(self, node)


def _write_through(self: Any, array: Any) -> None:
    """Write to a part of an expanded tensor, which NumPy keeps from being written."""
    base = self._base
    where = () if base is None else places(replays_of(self), base._array.shape, array)
    if base is None or len(np.unique(where)) < len(where):
        raise RuntimeError(OVERLAP)
    base._array.flat[where] = array.reshape(-1)


def _share_versions(node: Node, z: Any, self: Any) -> None:
    """A node that saved its result `z` has saved `self`, which is now that result."""
    versions = list(node.versions)
    for i in range(0, len(versions), 2):
        if versions[i] is z._counter:
            versions[i : i + 2] = [self._counter, self._counter[0]]
    node.versions = tuple(versions)


def rebase(self: Any, node: Node) -> None:
    """Make `node` the history of a tensor that was written over; of a view, that of its base."""
    base = self if self._base is None else self._base
    if base is not self:
        node = _copy_slices(self, base, node)
    _move_retained(base, node)
    base._node = node
    for z in views_of(base) if base._views else ():
        if z._made is None:
            _derive_from_base(z, base)
        elif not isinstance(z._node, Invalid):
            _lose_track(z)


def _lose_track(z: Any) -> None:
    error = forbidden(z, "its base or another view of its base has been modified inplace")
    z._node = Invalid((), z._array.shape, z._array.dtype)
    z._node.error = error


def _move_retained(tensor: Any, node: Node) -> None:
    """A tensor that retains its gradient goes on doing so at its new node."""
    old = tensor._node
    if old is not None and old.hooks is not None and old.hooks.retain is not None:
        node.all_hooks().retain, old.hooks.retain = old.hooks.retain, None


AsStridedBackward0 = node_class(
    "AsStridedBackward0",
    lambda g, shape, replays: scatter_sum(g.reshape(-1), places(replays, shape, g), shape),
    inputs="x",
)


def _derive_from_base(z: Any, base: Any) -> None:
    replays = replays_of(z)
    derived = record(z._array, AsStridedBackward0, (base,), base._array.shape, replays)
    if derived._node is not None:
        _move_retained(z, derived._node)
        z._node = derived._node


class CopySlices(Node):
    """The node of a base, a part of which was replaced through a view.

    It keeps the node of the operation that was written there, and how the view was made.
    """

    __slots__ = ()
    frees = True

    def vjp(self, g: Any, useful: set[Node] | None = None) -> list[Any]:
        """The gradients for the base as it was, and for what was written."""
        if self.saved is None:
            raise RuntimeError(FREED)
        replaced, replays = self.saved
        shape, part = g.shape, places(replays, self.shape, g)
        whole = g.reshape(-1)
        gradients = replaced.vjp(whole[part].reshape(replaced.shape))
        whole = whole.clone() if hasattr(g, "_array") else whole.copy()
        first = gradients[0]
        whole[part] = 0.0 if first is None else first.reshape(-1)
        return [whole.reshape(shape), *gradients[1:]]


def _copy_slices(self: Any, base: Any, replaced: Node) -> Node:
    sources = (base._node, *replaced.sources[1:], *[None] * replaced.untracked_inputs)
    node = CopySlices(sources, base._array.shape, base._array.dtype)
    node.saved = (replaced, replays_of(self))
    if watchers:
        show(node, base, base, self)
    return node


class InPlace:
    """The methods of a tensor that fill it, whatever it held before."""

    __slots__ = ()

    def zero_(self: Any) -> Any:
        """Fill the tensor with zeros, in place. Returns the tensor."""
        return _fill(self, 0, ZeroBackward0)

    def fill_(self: Any, value: Any) -> Any:
        """Fill the tensor with a number, in place. Returns the tensor."""
        if value.__class__ is self.__class__:
            if value._array.ndim:
                raise RuntimeError(
                    "fill_ only supports 0-dimension value tensor but got tensor with "
                    f"{value._array.ndim} dimensions."
                )
            check_writable(self, value)
            array = xp(self._array).full(self._array.shape, value._array, self._array.dtype)[()]
            write(self, record(array, FillBackward3, (_beside(self), value)))
            return self
        if not isinstance(value, (int, float, np.number, np.bool_)):
            raise TypeError(
                "fill_() received an invalid combination of arguments - got "
                f"({type(value).__name__}), but expected a number"
            )
        return _fill(self, value, FillBackward0)

    def copy_(self: Any, source: Any) -> Any:
        """Write the values of `source`, broadcast to this tensor's shape, over this tensor."""
        check_writable(self, source)
        if isinstance(source, (int, float)):
            source = wrap(self.__class__, np.asarray(source)[()])
        check_tensor("copy_", source, 1, "other")
        check_overlap(self, source)
        try:
            array = move(source._array, device_of(self._array))
            array = xp(array).broadcast_to(array, self._array.shape)
        except ValueError:
            raise broadcast_error(self._array, source._array) from None
        array = array.astype(self._array.dtype, copy=False)
        write(self, record(array, CopyBackwards, (_beside(self), source)))
        return self


ZeroBackward0 = node_class("ZeroBackward0", lambda g: xp(g).zeros_like(g), inputs="x")
FillBackward0 = node_class("FillBackward2", lambda g: xp(g).zeros_like(g), inputs="x")
FillBackward3 = node_class("FillBackward3", lambda g: xp(g).zeros_like(g), lambda g: g)
CopyBackwards = node_class("CopyBackwards", lambda g: xp(g).zeros_like(g), lambda g: g)


def _fill(self: Any, value: Any, kind: type[Node]) -> Any:
    x, counter = self._array, self._counter
    if value and (x.ndim or x.dtype.kind != "f"):
        value = dtypes.fitted(value, x.dtype)
    recorded = self._node is not None and mode.grad
    if recorded or is_number(x) or counter is INFERENCE or not is_writable(x):
        check_writable(self)
        array = xp(x).empty(x.shape, x.dtype)
        array.fill(value)
        write(self, record(array[()], kind, (_beside(self),)))
        return self
    x.fill(value)
    bump(self)
    return self
