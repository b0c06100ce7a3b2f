"""torch.cuda's namespace: whether there is a GPU to use."""

from __future__ import annotations

from . import devices


def is_available() -> bool:
    """Whether CuPy is installed and finds a GPU.

    >>> import tinygrad_edu as torch
    >>> device = 'cuda' if torch.cuda.is_available() else 'cpu'
    """
    return device_count() > 0


def device_count() -> int:
    """The number of GPUs."""
    try:
        module = devices.cupy()
        return int(module.cuda.runtime.getDeviceCount())
    except AssertionError:
        return 0


def synchronize() -> None:
    """Wait until the GPU has finished what it was given."""
    devices.cupy().cuda.Device().synchronize()


def manual_seed_all(seed: int) -> None:
    """Nothing: random numbers are drawn on the CPU for every device. See `torch.manual_seed`."""
