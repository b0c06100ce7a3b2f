"""torch.nn's namespace: here only `functional`, the functions that lessons use by name."""

from . import functional

__all__ = ["functional"]
