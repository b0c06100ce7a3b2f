"""Anomaly mode: backward looks for NaN, and says which line of the forward pass it comes from."""

from __future__ import annotations

import warnings

from ..anomaly import switch
from ..modes import mode


class set_detect_anomaly:
    """Switch anomaly mode on or off at once, or for a `with` block, for all threads.

    While it is on, each node notes the lines that made it, in `metadata['traceback_']`. An error in
    backward is preceded by a warning with those lines, and with `check_nan` a gradient that is NaN
    is a RuntimeError.
    """

    def __init__(self, mode_on: bool, check_nan: bool = True) -> None:
        self.before = mode.anomaly
        switch(("check" if check_nan else "record") if mode_on else None)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exception: object) -> None:
        switch(self.before)


class detect_anomaly(set_detect_anomaly):
    """Anomaly mode for a `with` block.

    >>> import tinygrad_edu as torch
    >>> x = torch.tensor(0., requires_grad=True)
    >>> with torch.autograd.detect_anomaly():  # doctest: +SKIP
    ...     (torch.sqrt(x) * 0).backward()
    """

    def __init__(self, check_nan: bool = True) -> None:
        warnings.warn(
            "Anomaly Detection has been enabled. This mode will increase the runtime and should "
            "only be enabled for debugging.",
            stacklevel=2,
        )
        super().__init__(True, check_nan)


def is_anomaly_enabled() -> bool:
    """Whether anomaly mode is on."""
    return mode.anomaly is not None


def is_anomaly_check_nan_enabled() -> bool:
    """Whether gradients are searched for NaN in anomaly mode."""
    return mode.anomaly == "check"
