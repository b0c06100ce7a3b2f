"""The modes of a thread as `with` blocks and as decorators: whether operations leave nodes."""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable
from threading import get_ident
from typing import Any

from ..graph import new
from ..modes import INFERENCE, mode, paused

RECORDING = object()  # the state of a thread that is not in `paused`


class _Guard:
    """A state for a `with` block, or while a decorated function runs."""

    __slots__ = ("before",)
    before: Any  # what `paused` said, or RECORDING

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if self.before is RECORDING:
            paused.pop(get_ident(), None)
        else:
            paused[get_ident()] = self.before

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        if inspect.isclass(function):
            warnings.warn(
                "Decorating classes is deprecated and will be disabled in future versions. "
                "Decorate its methods instead, such as __init__.",
                FutureWarning,
                stacklevel=2,
            )
        is_generator = inspect.isgeneratorfunction(function)

        @functools.wraps(function)
        def with_state(*arguments: Any, **options: Any) -> Any:
            if is_generator:
                return _resumed_with(self._again, function(*arguments, **options))
            with self._again():
                return function(*arguments, **options)

        return with_state

    def _again(self) -> Any:
        """A guard of its own for each call."""
        return type(self)()


def _resumed_with(guard: Callable[[], Any], generator: Any) -> Any:
    """`generator`, in a state of its own while it runs, in its caller's while it waits."""
    resume, sent = generator.send, None
    while True:
        try:
            with guard():
                result = resume(sent)
        except StopIteration as end:
            return end.value
        try:
            resume, sent = generator.send, (yield result)
        except BaseException as thrown:
            resume, sent = generator.throw, thrown


class no_grad(_Guard):
    """Operations inside leave no nodes: `with torch.no_grad():`, or `@torch.no_grad()`.

    >>> import tinygrad_edu as torch
    >>> w = torch.tensor(1., requires_grad=True)
    >>> with torch.no_grad():
    ...     w -= 0.5
    >>> w
    tensor(0.5000, requires_grad=True)
    """

    __slots__ = ()

    def __new__(cls, function: Callable[..., Any] | None = None) -> Any:
        return new(cls) if function is None else new(cls)(function)

    def __enter__(self) -> None:
        thread = get_ident()
        if thread in paused:
            self.before = paused[thread]
        else:
            self.before = RECORDING
            paused[thread] = None


class enable_grad(no_grad):
    """Operations inside leave nodes again, within a `no_grad`."""

    __slots__ = ()

    def __enter__(self) -> None:
        self.before = paused.get(get_ident(), RECORDING)
        if self.before is not INFERENCE:
            paused.pop(get_ident(), None)


class inference_mode(_Guard):
    """As `no_grad`, and the tensors made inside can never be part of a graph that saves them.

    `inference_mode(False)` switches recording on again inside. RuntimeError for each later use of
    such a tensor that would need it: see `Tensor.is_inference`.

    >>> import tinygrad_edu as torch
    >>> with torch.inference_mode():
    ...     x = torch.ones(2)
    >>> x.is_inference()
    True
    """

    __slots__ = ("mode",)
    mode: bool

    def __new__(cls, mode: bool | Callable[..., Any] = True) -> Any:
        guard = new(cls)
        guard.mode = bool(mode)
        return guard(mode) if callable(mode) else guard

    def __enter__(self) -> None:
        self.before = paused.pop(get_ident(), RECORDING)
        if self.mode:
            paused[get_ident()] = INFERENCE

    def _again(self) -> Any:
        return inference_mode(self.mode)


class set_grad_enabled(_Guard):
    """Switch recording on or off at once, or for a `with` block. TypeError unless given a bool."""

    __slots__ = ("mode",)
    mode: bool

    def __init__(self, mode: bool) -> None:
        if not isinstance(mode, bool):
            raise TypeError(
                "set_grad_enabled(): argument 'enabled' (position 1) must be bool, not "
                f"{type(mode).__name__}"
            )
        self.mode, self.before = mode, paused.get(get_ident(), RECORDING)
        self.__enter__()

    def __enter__(self) -> None:
        if not mode.inference:
            mode.grad = self.mode

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        self.__exit__(None, None, None)  # nothing was to be switched but inside the function
        return super().__call__(function)

    def _again(self) -> Any:
        return set_grad_enabled(self.mode)

    def __repr__(self) -> str:
        return f"torch.autograd.grad_mode.set_grad_enabled(mode={self.mode})"


def is_grad_enabled() -> bool:
    """Whether operations on this thread are recorded now."""
    return mode.grad


def is_inference_mode_enabled() -> bool:
    """Whether tensors that are made on this thread now are inference tensors."""
    return mode.inference
