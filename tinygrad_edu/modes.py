"""What a thread does with operations: whether they leave nodes, and who is shown those.

Every operation asks `paused` and `watchers`, which are empty nearly always, so that asking costs 10
nanoseconds; everything else goes by way of `mode`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from threading import get_ident
from typing import Any


class _InferenceCounter:
    """The version counter of all tensors made in inference mode: it counts nothing."""

    def __getitem__(self, position: int) -> int:
        raise RuntimeError(
            "Inference tensors cannot be saved for backward. Please do not use Tensors created in "
            "inference mode in computation tracked by autograd. To work around this, you can make "
            "a clone to get a normal tensor and use it in autograd, or use `torch.no_grad()` "
            "instead of `torch.inference_mode()`."
        )


INFERENCE = _InferenceCounter()

# The threads whose operations leave no nodes, and the version counter of the tensors made there:
# None, or INFERENCE. Four times faster to ask than a threading.local.
paused: dict[int, Any] = {}

# Functions that are shown each new node, the result and the inputs: for anomaly mode, for
# saved_tensors_hooks, and for operation hooks.
watchers: list[Callable[[Any, Any, tuple[Any, ...]], None]] = []

# The (pack, unpack) functions that threads want called on what is saved, the latest last.
saved_hooks: dict[int, list[tuple[Callable[..., Any], Callable[..., Any]]]] = {}


def show(node: Any, result: Any, *inputs: Any) -> None:
    """Show the watchers what was computed from what, and the new node, None if there is none."""
    for watcher in watchers:
        watcher(node, result, inputs)


class _Farewell:
    """Takes a thread off the list when it ends, for its number is given to another."""

    def __init__(self) -> None:
        self.thread = get_ident()

    def __del__(self, forget: Any = paused.pop) -> None:
        forget(self.thread, None)


class Mode:
    """The modes of the current thread, and anomaly mode, which is that of all."""

    anomaly: str | None = None  # "check" for NaN, or only "record" where operations were called

    def __init__(self) -> None:
        self._thread = threading.local()

    @property
    def grad(self) -> bool:
        """Whether operations leave nodes."""
        return get_ident() not in paused

    @grad.setter
    def grad(self, enabled: bool) -> None:
        if enabled:
            paused.pop(get_ident(), None)
        else:
            if not hasattr(self._thread, "farewell"):
                self._thread.farewell = _Farewell()
            paused[get_ident()] = None

    @property
    def inference(self) -> bool:
        """Whether new tensors may never take part in a graph."""
        return paused.get(get_ident()) is INFERENCE


mode = Mode()
