"""A time limit for a learner's function, in the same thread and on every system.

Python's tracing asks the clock at every instruction of the learner's code, so an endless loop ends
with an exception: no signals (Windows has no alarm), no threads (a notebook's display and PyTorch's
grad mode belong to a thread), no second process. What it cannot end is what no exception ends:
a single call that never comes back to Python, and a loop whose bare `except:` swallows everything.
Nor does it end a loop without a call in a helper that is imported from another file.
"""

import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any


class DeadlinePassed(BaseException):
    """Raised inside code that ran too long. No `except Exception` catches it."""


def call_within(
    seconds: float,
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
    namespace: dict[str, Any],
) -> Any:
    """Return `function(*arguments)`, or raise DeadlinePassed after `seconds`.

    Args:
        seconds: the limit.
        function: what to call.
        arguments: what it receives.
        namespace: the global names of the code to watch closely, which is the learner's.

    Example:
        >>> call_within(1.0, max, (2, 3), globals())
        3
    """
    end = time.monotonic() + seconds

    def watch(frame: FrameType, event: str, argument: Any) -> Any:
        if time.monotonic() > end:
            raise DeadlinePassed
        if frame.f_globals is not namespace:
            return None  # A library: asking the clock once per call keeps its speed.
        # Python 3.11 has no line event for `while True: pass`; every instruction has one.
        frame.f_trace_opcodes = True
        return watch

    previous = sys.gettrace()
    sys.settrace(watch)
    try:
        return function(*arguments)
    finally:
        sys.settrace(previous)
