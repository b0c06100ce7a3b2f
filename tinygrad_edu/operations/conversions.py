"""What a tensor is turned into: Python numbers, lists, arrays, text, other types and devices."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from .. import devices, dtypes
from ..modes import mode
from ..printing import tensor_text
from .in_place import memory
from .record import NUMPY_OF_TRACKED, check_tensor, node_class, record, wrap

ToCopyBackward0 = node_class("ToCopyBackward0", lambda g: g, inputs="x")
MoveBackward = node_class("ToCopyBackward0", devices.moved_back, inputs="x")


def _one_of(self: Any) -> Any:
    if self._array.size != 1:
        raise ValueError(
            "only one element tensors can be converted to Python scalars. To make one tensor of "
            "several, use torch.stack or torch.cat."
        )
    return self._array.item()


def _converted(dtype: dtypes.dtype) -> Callable[..., Any]:
    def convert(self: Any) -> Any:
        return self.type_as_dtype(dtype.numpy)

    convert.__doc__ = f"The tensor as {dtype.name}; itself if it is that."
    return convert


class Conversions:
    """The methods of a tensor that turn it into something else."""

    __slots__ = ()

    _array: Any

    def item(self: Any) -> Any:
        """Its one element as a Python number; RuntimeError if there are several.

        On the device 'dask' this computes it.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([2.5]).item()
        2.5
        """
        n = self._array.size
        if n != 1:
            raise RuntimeError(f"a Tensor with {n} elements cannot be converted to Scalar")
        return self._array.item()

    def tolist(self: Any) -> Any:
        """Its elements as nested lists of Python numbers; computed, on the device 'dask'."""
        return self._array.tolist()

    def numpy(self: Any, *, force: bool = False) -> np.ndarray:
        """Its numbers as a NumPy array that shares its memory, or, on the device 'dask', computed.

        Raises RuntimeError if it requires a gradient (use `detach()`), TypeError on a GPU.
        """
        if force:
            return self.detach().cpu().numpy()
        if self._node is not None and mode.grad:
            raise RuntimeError(NUMPY_OF_TRACKED)
        if self.is_cuda:
            raise TypeError(
                f"can't convert {self.device} device type tensor to numpy. "
                "Use Tensor.cpu() to copy the tensor to host memory first."
            )
        return np.asarray(devices.move(memory(self), devices.CPU))

    def dask(self: Any) -> Any:
        """Its numbers as a Dask array, not computed: the way back from `torch.from_dask`.

        Raises RuntimeError if it requires a gradient (use `detach()`), TypeError on other devices.
        """
        if not hasattr(self._array, "blocks"):
            raise TypeError(f"a tensor on {self.device} has no Dask array: use .to('dask') first")
        if self._node is not None and mode.grad:
            raise RuntimeError(NUMPY_OF_TRACKED.replace("numpy()", "dask()"))
        return self._array.blocks

    def __array__(self: Any, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        array = self.numpy()
        if dtype is not None and array.dtype != dtype:
            return array.astype(dtype)
        return array.copy() if copy else array

    def __array_wrap__(
        self: Any, array: Any, context: Any = None, return_scalar: bool = False
    ) -> Any:
        return wrap(self.__class__, array)

    def __float__(self: Any) -> float:
        """Its one element; on the device 'dask' this computes it."""
        if self._node is not None:
            warnings.warn(
                "Converting a tensor with requires_grad=True to a scalar may lead to unexpected "
                "behavior.\nConsider using tensor.detach() first.",
                UserWarning,
                stacklevel=2,
            )
        return float(_one_of(self))

    def __int__(self: Any) -> int:
        return int(_one_of(self))

    def __index__(self: Any) -> int:
        if self._array.dtype.kind == "f" or self._array.size != 1:
            raise TypeError("only integer tensors of a single element can be converted to an index")
        return int(self._array.item())

    def __bool__(self: Any) -> bool:
        """Whether its one element is true; on the device 'dask' this computes it."""
        if self._array.size != 1:
            what = "more than one value" if self._array.size else "no values"
            raise RuntimeError(
                f"Boolean value of Tensor with {what} is ambiguous. "
                "Use .any() or .all() to say what is meant."
            )
        return bool(self._array.item())

    def __repr__(self: Any) -> str:
        """As it is printed; on the device 'dask' this computes the elements that are shown."""
        node = None if self.is_leaf else self._node
        return tensor_text(
            self._array,
            bring=lambda array: devices.move(array, devices.CPU),
            requires_grad=self.requires_grad,
            grad_fn=None if node is None else node.name(),
            device=str(self.device),
            default_dtype=dtypes.default(),
        )

    def __format__(self: Any, spec: str) -> str:
        if self._array.ndim == 0:
            return format(self._array.item(), spec)
        return object.__format__(self, spec)

    def type_as_dtype(self: Any, numpy_dtype: Any) -> Any:
        """The same numbers in another type; the tensor itself if it has that type."""
        x = self._array
        if x.dtype == numpy_dtype:
            return self
        return record(x.astype(numpy_dtype), ToCopyBackward0, (self,))

    def to(
        self: Any,
        *targets: Any,
        dtype: Any = None,
        device: Any = None,
        non_blocking: bool = False,
        copy: bool = False,
    ) -> Any:
        """The tensor in another type or on another device; itself if nothing changes.

        Takes a dtype, a device, both (the device first), or another tensor to be like. To the
        device 'dask' it is copied, in chunks; from there it is computed.
        Raises TypeError for anything else.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([1, 2]).to(torch.float64)
        tensor([1., 2.], dtype=torch.float64)
        """
        for target in targets:
            if isinstance(target, dtypes.dtype | type):
                dtype = target
            elif hasattr(target, "_array"):
                dtype, device = target.dtype, target.device
            elif dtype is None:
                device = target
            else:
                raise TypeError("to() received an argument after the dtype: the device comes first")
        z = self
        if device is not None:
            z = z._moved(devices.to_device_object("to", device))
        if dtype is not None:
            z = z.type_as_dtype(dtypes.to_numpy_dtype("to", dtype))
        return z.clone() if copy and z is self else z

    def _moved(self: Any, where: devices.device) -> Any:
        array = devices.move(self._array, where)
        return self if array is self._array else record(array, MoveBackward, (self,), self.device)

    def cpu(self: Any) -> Any:
        """The tensor on the CPU; from the device 'dask', computed."""
        return self._moved(devices.CPU)

    def cuda(self: Any, device: Any = None) -> Any:
        """The tensor on a GPU."""
        return self._moved(devices.to_device_object("cuda", "cuda" if device is None else device))

    def type(self: Any, dtype: Any = None) -> Any:
        """The name of its type, such as 'torch.FloatTensor'; or the tensor in that type."""
        if dtype is None:
            place = "cuda." if self.is_cuda else ""
            return f"torch.{place}{self.dtype.legacy}Tensor"
        named = {f"torch.{each.legacy}Tensor": each for each in dtypes.ALL}
        if isinstance(dtype, str) and dtype not in named:
            raise ValueError(f"invalid type: '{dtype}'. Say torch.float32, without quotes.")
        return self.to(dtype=named.get(dtype, dtype))

    def type_as(self: Any, other: Any) -> Any:
        """The tensor in the type of `other`."""
        check_tensor("type_as", other, argument="other")
        return self.type_as_dtype(other._array.dtype)

    half, float, double = map(_converted, (dtypes.half, dtypes.float, dtypes.double))
    byte, char, short = map(_converted, (dtypes.uint8, dtypes.int8, dtypes.short))
    int, long, bool = map(_converted, (dtypes.int, dtypes.long, dtypes.bool))
