"""torch.cuda's namespace: whether there is a GPU to use."""

from __future__ import annotations

from typing import Any

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
        return int(devices.cupy().cuda.runtime.getDeviceCount())
    except AssertionError:
        return 0


def synchronize() -> None:
    """Wait until the GPU has finished what it was given. AssertionError where there is none."""
    devices.cupy().cuda.Device().synchronize()


def current_device() -> int:
    """The number of the GPU in use. AssertionError where there is none."""
    return int(devices.cupy().cuda.Device().id)


def get_device_name(device: Any = None) -> str:
    """The name of a GPU, by its number or device. AssertionError where there is none."""
    index = None if device is None else devices.device(device).index
    index = current_device() if index is None else index
    return devices.cupy().cuda.runtime.getDeviceProperties(index)["name"].decode()


def manual_seed_all(seed: int) -> None:
    """Nothing: random numbers are drawn on the CPU for every device. See `torch.manual_seed`."""


manual_seed = manual_seed_all
