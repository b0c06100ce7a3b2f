"""The modes that switch recording on and off: as `with` blocks and as decorators, per thread."""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable, Iterator
from threading import get_ident
from typing import Any

from ..graph import new
from ..modes import INFERENCE, mode, paused


class _Guard:
    """A mode as a `with` block and as a decorator; the mode before returns at the end."""

    __slots__ = ("before",)
    enabled = False
    counter: Any = None  # the version counter of the tensors made inside

    def __enter__(self) -> None:
        thread = get_ident()
        self.before = paused.get(thread, False)
        if self.enabled:
            paused.pop(thread, None)
        else:
            paused[thread] = self.counter

    def __exit__(self, *exception: object) -> None:
        if self.before is False:
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

        @functools.wraps(function)
        def with_mode(*arguments: Any, **options: Any) -> Any:
            with self._again():
                return function(*arguments, **options)

        @functools.wraps(function)
        def generator_with_mode(*arguments: Any, **options: Any) -> Iterator[Any]:
            return _resumed_with(self._again, function(*arguments, **options))

        return generator_with_mode if inspect.isgeneratorfunction(function) else with_mode

    def _again(self) -> _Guard:
        return type(self)()


def _resumed_with(guard: Callable[[], _Guard], generator: Any) -> Any:
    """`generator`, under a mode while it runs, and under its caller's while it waits."""
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

    def __new__(cls, function: Callable[..., Any] | None = None) -> Any:
        return new(cls) if function is None else new(cls)(function)


class inference_mode(no_grad):
    """As `no_grad`; what is made inside can never take part in a graph."""

    counter = INFERENCE


class enable_grad(no_grad):
    """Operations inside leave nodes again, within a `no_grad`."""

    enabled = True


class set_grad_enabled(_Guard):
    """Switch recording on or off at once, or for a `with` block."""

    def __init__(self, mode: bool) -> None:
        if not isinstance(mode, bool):
            raise TypeError(
                f"set_grad_enabled(): argument 'enabled' (position 1) must be bool, not "
                f"{type(mode).__name__}"
            )
        self.enabled = mode
        self.before = paused.get(get_ident(), False)
        self.__enter__()

    def __enter__(self) -> None:
        mode.grad = self.enabled

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        self.__exit__()
        return super().__call__(function)

    def _again(self) -> _Guard:
        return set_grad_enabled(self.enabled)

    def __repr__(self) -> str:
        return f"torch.autograd.grad_mode.set_grad_enabled(mode={self.enabled})"


def is_grad_enabled() -> bool:
    """Whether operations on this thread are recorded now."""
    return mode.grad
