"""What a node keeps for its rules: arrays, noted with their versions, and shown again as tensors.

Normally a rule takes the arrays as they are. Where the backward pass is to be differentiated, and
where a user looks, they become Tensors again, tied to the nodes that made them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import get_ident
from typing import Any, ClassVar

import numpy as np

from .dtypes import legacy_name
from .hooks import Hooks
from .modes import mode, saved_hooks, watchers

FREED = (
    "Trying to backward through the graph a second time (or directly access saved tensors after "
    "they have already been freed). Saved intermediate values of the graph are freed when you "
    "call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward "
    "through the graph a second time or if you need to access saved tensors after calling backward."
)

RESULT: Any = object()  # among what is saved, and its `origins`: the node's own result
_NUMBERS = {float, int, bool, type(None), tuple}
new: Any = object.__new__


def parameters(rule: Callable[..., Any]) -> tuple[str, ...]:
    """What a rule takes after the gradient of the result."""
    return rule.__code__.co_varnames[1 : rule.__code__.co_argcount]


def reads(rule: Callable[..., Any], name: str) -> bool:
    """Whether a rule reads what was saved under `name`."""
    return name in parameters(rule)


class Saving:
    """The part of a node that knows what was saved."""

    __slots__ = ("hooks", "saved", "sources", "versions")

    saved_names: Sequence[Any] = ()
    origins: Sequence[Any] = ()  # of each saved value: the input it is, RESULT, or None
    frees: ClassVar[bool] = False  # whether `saved` holds arrays, which backward lets go of
    tensor_type: ClassVar[Any]  # Tensor: set by tensor.py, which this module cannot import

    rules: ClassVar[Sequence[Callable[..., Any]]]
    sources: Sequence[Any]
    saved: tuple[Any, ...] | None
    versions: tuple[Any, ...]  # of each saved tensor: its version counter, the version then
    hooks: Hooks | None
    name: Callable[[], str]
    all_hooks: Callable[[], Hooks]

    def unpacked(self, as_tensors: bool = False, check: bool = True) -> Sequence[Any]:
        """What was saved, for the rules. RuntimeError if it was let go, or written over since."""
        if self.saved is None:
            raise RuntimeError(FREED)
        if check:
            self.check_versions()
        saved: Sequence[Any] = self.saved
        if self.hooks is not None and self.hooks.packed:
            packed = self.hooks.packed
            saved = [packed[i].unpack() if i in packed else s for i, s in enumerate(saved)]
        return self.as_tensors(saved) if as_tensors else saved

    def pack(self, position: int, pack: Callable[[Any], Any], unpack: Callable[[Any], Any]) -> None:
        """Keep, instead of the array saved at a position, what `pack` makes of it as a tensor."""
        tensor = self.saved_value(position)
        if self.origins and self.origins[position] is RESULT:
            tensor = tensor.detach()
        self.all_hooks().packed[position] = Packed(tensor, pack, unpack)
        saved = list(self.saved or ())
        saved[position] = None
        self.saved = tuple(saved)

    def check_versions(self, only: int | None = None) -> None:
        """RuntimeError if a saved tensor, or only that at a position, was written over since."""
        versions = self.versions
        for i in range(0, len(versions), 2):
            if versions[i][0] != versions[i + 1] and only in (None, self._arrays()[i // 2]):
                raise RuntimeError(self._modified(i // 2, versions[i][0], versions[i + 1]))

    def _arrays(self) -> list[int]:
        """The positions of what has a version."""
        return [i for i, a in enumerate(self.saved or ()) if hasattr(a, "dtype")]

    def _was_kept(self, position: int) -> bool:
        """Whether a rule that was wanted reads what was saved at a position."""
        if not self.saved_names:
            return True
        wanted = (rule for rule, source in zip(self.rules, self.sources) if source is not None)
        return any(reads(rule, self.saved_names[position]) for rule in wanted)

    def _modified(self, number: int, found: int, expected: int) -> str:
        position = self._arrays()[number]
        array = (self.saved or ())[position]
        made_by = self._source_of(position)
        source = ""
        if made_by is not None and made_by.is_operation:
            node, output = made_by.as_result()
            source = f", which is output {output} of {node.name().partition('Backward')[0]},"
        return (
            "one of the variables needed for gradient computation has been modified by an inplace "
            f"operation: [torch.{legacy_name(array.dtype)}Tensor {list(array.shape)}]{source} is "
            f"at version {found}; expected version {expected} instead. {self.name()} saved it for "
            "backward. Hint: use an operation that makes a new tensor (x = x + 1 instead of "
            "x += 1), or clone() the tensor before writing over it."
        )

    def _source_of(self, position: int) -> Any:
        """The node that made what was saved at a position, if that was an input or the result."""
        origin = self.origins[position] if self.origins else None
        if origin is None or origin is RESULT:
            return None if origin is None else self
        return self.sources[origin] if origin < len(self.sources) else None

    def as_tensors(self, saved: Sequence[Any]) -> list[Any]:
        """What was saved, arrays as Tensors tied to the graph, so that rules can run on Tensors."""
        tensors: list[Any] = []
        packed = self.hooks is not None and self.hooks.packed
        counters = iter(() if packed else self.versions[::2])
        for position, value in enumerate(saved):
            if value.__class__ not in _NUMBERS and hasattr(value, "ndim"):
                value = self._as_tensor(value, self._source_of(position), next(counters, None))
            tensors.append(value)
        return tensors

    def _as_tensor(self, value: Any, source: Any, counter: Any) -> Any:
        z = new(self.tensor_type)
        z._array = value
        z._node = source
        z._counter = counter
        if source is None or source.dtype is value.dtype:
            return z
        if source.dtype.itemsize < value.dtype.itemsize:
            # It was saved in the type of the result: its own type, and the change recorded.
            z._array = value.astype(source.dtype)
            z = z.type_as_dtype(value.dtype)
        return z

    def saved_value(self, position: int) -> Any:
        """What was saved at a position, an array as a tensor; RuntimeError if it was let go, or
        written over since."""
        if self.saved is None and not self._was_kept(position):
            return None
        self.check_versions(position)
        saved = self.unpacked(check=False)
        value = saved[position]
        if self.origins and self.origins[position] is not None and value.__class__ in (int, float):
            return self.tensor_type._tied(np.array(value)[()], None)  # PyTorch saved it as a tensor
        source = self._source_of(position)
        if source is not None and not source.is_operation and source.array is value:
            return source.variable
        return self.as_tensors(saved)[position]


class Packed:
    """A saved tensor in the care of a pair of hooks: what `pack` made of it, and the way back."""

    def __init__(self, tensor: Any, pack: Callable[[Any], Any], unpack: Callable[[Any], Any]):
        before = tensor._version
        self.value = _without_grad(pack, tensor)
        self._unpack = unpack
        self._tensor_type = tensor.__class__
        if tensor._version != before:
            raise RuntimeError(
                "A saved tensor pack hook is modifying its input in place. Tensors provided as "
                "input to pack hook can not be modified by in-place operations as this can lead to "
                "unexpected side-effects. Write to a clone() of it."
            )

    def unpack(self) -> Any:
        """The array. TypeError if the hook returned something else than a tensor."""
        tensor = _without_grad(self._unpack, self.value)
        if tensor.__class__ is not self._tensor_type:
            raise TypeError(
                "Output of saved tensor unpack_hook expected to be a Tensor but got result of type "
                f"{type(tensor).__name__}"
            )
        return tensor._array


def _without_grad(hook: Callable[[Any], Any], value: Any) -> Any:
    grad, mode.grad = mode.grad, False
    try:
        return hook(value)
    finally:
        mode.grad = grad


class SavedTensor:
    """A handle of what a node saved, to register packing hooks: `node._raw_saved_self`."""

    _node: Any
    _position: int

    def __init__(self) -> None:
        raise RuntimeError("Trying to create a SavedTensor object from Python is forbidden.")

    @classmethod
    def of(cls, node: Any, position: int) -> SavedTensor:
        """The handle of the value at a position."""
        handle = object.__new__(cls)
        handle._node, handle._position = node, position
        return handle

    def register_hooks(self, pack: Any = None, unpack: Any = None) -> None:
        """Give the saved tensor to `pack` now, and take it back from `unpack` in backward."""
        if not (callable(pack) and callable(unpack)):
            raise TypeError("register_hooks(): incompatible function arguments: give two functions")
        if self._node.unpacked()[self._position] is None:
            raise RuntimeError(
                "Calling register_hooks on a saved tensor with value None is forbidden."
            )
        if self._position in self._node.all_hooks().packed:
            raise RuntimeError(
                "Calling register_hooks on a saved tensor whose hooks have already been set."
            )
        self._node.pack(self._position, pack, unpack)


def push_saved_hooks(pack: Callable[[Any], Any], unpack: Callable[[Any], Any]) -> None:
    """From now on, on this thread, give what operations save to `pack`."""
    saved_hooks.setdefault(get_ident(), []).append((pack, unpack))
    if _pack_saved not in watchers:
        watchers.append(_pack_saved)


def pop_saved_hooks() -> None:
    """Forget the latest pair."""
    pairs = saved_hooks.get(get_ident())
    if pairs:
        pairs.pop()
    if not any(saved_hooks.values()):
        saved_hooks.clear()
        watchers[:] = [watcher for watcher in watchers if watcher is not _pack_saved]


def _pack_saved(node: Saving | None, _result: Any, _inputs: Any) -> None:
    pairs = saved_hooks.get(get_ident())
    if node is None or not pairs:
        return
    for position, value in enumerate(node.saved or ()):
        if hasattr(value, "ndim"):
            node.pack(position, *pairs[-1])
