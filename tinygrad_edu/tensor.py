"""The Tensor: an array, and where its gradient goes.

A tensor that an operation made knows the node that made it (`grad_fn`); a leaf, made by the user,
has none, and collects its gradient in `.grad`. The operations are in `operations/`, a family per
file; this module holds what a tensor is, and what it is turned into: numbers, lists, arrays, text.
"""

from __future__ import annotations

import warnings
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from . import autograd, devices, dtypes, random
from .arguments import check, type_name
from .graph import AccumulateGrad, Node, rebind, version_of
from .hooks import RemovableHandle
from .modes import INFERENCE, mode
from .operations.arithmetic import Arithmetic
from .operations.comparisons import Comparisons
from .operations.elementwise import Elementwise
from .operations.in_place import InPlace, memory
from .operations.indexing import Indexing
from .operations.linear_algebra import LinearAlgebra
from .operations.probabilities import Probabilities
from .operations.record import (
    NUMPY_OF_TRACKED,
    broadcast_error,
    check_tensor,
    node_class,
    record,
    wrap,
)
from .operations.reductions import Reductions, wrapped_dim
from .operations.selecting import Selecting
from .operations.shapes import Shapes
from .printing import tensor_text

ToCopyBackward0 = node_class("ToCopyBackward0", lambda g: g, inputs="x")


class Size(tuple):
    """A shape: a tuple of whole numbers that prints as torch.Size([2, 3])."""

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"

    def numel(self) -> int:
        """The number of elements of a tensor of this shape."""
        return int(np.prod(self, dtype=np.int64))

    def __getitem__(self, index: Any) -> Any:
        part = tuple.__getitem__(self, index)
        return Size(part) if isinstance(index, slice) else part

    def __add__(self, other: Any) -> Size:
        return Size(tuple.__add__(self, other))


def _test(name: str, test: Callable[[Any], Any]) -> Callable[..., Any]:
    def operation(self: Any) -> Any:
        check_tensor(name, self)
        return wrap(Tensor, test(self._array))

    operation.__name__ = operation.__qualname__ = name
    operation.__doc__ = f"{name} of each element, as bools."
    return operation


def _converted(dtype: dtypes.dtype) -> Callable[..., Any]:
    def convert(self: Any) -> Any:
        return self.type_as_dtype(dtype.numpy)

    convert.__doc__ = f"The tensor as {dtype.name}; itself if it is that."
    return convert


def _made_alike(function: str) -> Callable[..., Any]:
    def make(self: Any, *arguments: Any, **options: Any) -> Any:
        from . import creation  # creation needs Tensor

        alike = {"dtype": self.dtype, "device": self.device}
        return getattr(creation, function)(*arguments, **alike | options)

    make.__name__ = make.__qualname__ = f"new_{function}"
    make.__doc__ = f"As torch.{function}, in the type and on the device of this tensor."
    return make


class Tensor(
    Arithmetic,
    Comparisons,
    Elementwise,
    Reductions,
    Shapes,
    Indexing,
    Selecting,
    LinearAlgebra,
    Probabilities,
    InPlace,
):
    """An array of numbers of one type that can remember how it was computed.

    Make one with `torch.tensor(...)` and its kin.

    >>> import tinygrad_edu as torch
    >>> w = torch.tensor([2., 3.], requires_grad=True)
    >>> loss = (w * w).sum()
    >>> loss.backward()
    >>> w.grad
    tensor([4., 6.])
    """

    # What every tensor has is in slots, half as dear to make as a dict (0.2 microseconds an
    # operation); what few have is in its dict, and here by default.
    __slots__ = ("__dict__", "__weakref__", "_array", "_counter", "_node")

    _array: Any  # a NumPy array, a NumPy number (0 dimensions), or a CuPy array
    _node: Any  # where its gradient goes: the node of the operation that made it, AccumulateGrad
    #             for a leaf, None if no gradient is required
    _counter: Any  # [number of modifications], shared by all that share the memory, or None
    _keeper: Any = None  # of a tensor that is no leaf that requires a gradient: keeps its `.grad`
    _base: Any = None  # of a view: the tensor that owns the memory,
    _viewed: Any = None  # the tensor it is a view of, perhaps itself a view,
    _replay: Any = None  # and how to make the same view of another tensor
    _views: Any = None  # of a base: its views, held weakly
    _made: Any = None  # of a view whose history cannot follow its base's: how it was made

    __array_priority__ = 1000  # array * tensor is refused, as in PyTorch, not done one by one

    def __new__(cls, *data: Any) -> Any:
        from .creation import legacy  # creation needs this class

        return legacy(data, dtypes.get_default_dtype())

    @classmethod
    def _tied(cls, array: Any, node: Node | None) -> Any:
        """A tensor of `array` whose gradient goes to `node`."""
        z = wrap(cls, array)
        z._node = node
        return z

    @property
    def _requires_grad(self) -> bool:
        return self._node is not None

    @_requires_grad.setter
    def _requires_grad(self, value: bool) -> None:
        if value and self._node is None:
            self._node = AccumulateGrad(self)

    # --- what it is ------------------------------------------------------------------------

    @property
    def shape(self) -> Size:
        """The size of each dimension."""
        return Size(self._array.shape)

    @property
    def dtype(self) -> dtypes.dtype:
        """The type of its numbers, such as torch.float32."""
        return dtypes.from_numpy_dtype(self._array.dtype)

    @property
    def device(self) -> devices.device:
        """Where its numbers are kept."""
        return devices.device_of(self._array)

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return self._array.ndim

    @property
    def itemsize(self) -> int:
        """The size of one number, in bytes."""
        return self._array.dtype.itemsize

    @property
    def is_cuda(self) -> bool:
        """Whether it is on a GPU."""
        return self.device.type == "cuda"

    def dim(self) -> int:
        """The number of dimensions."""
        return self._array.ndim

    def size(self, dim: int | None = None) -> Any:
        """The shape, or the size of one dimension. IndexError if there is no such dimension."""
        if dim is None:
            return self.shape
        dim = check("size", "dim", dim, "int", 1)
        if self.ndim == 0:
            raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
        return self._array.shape[wrapped_dim(dim, self.ndim)]

    def numel(self) -> int:
        """The number of elements."""
        check_tensor("numel", self)
        return int(self._array.size)

    nelement = numel
    ndimension = dim

    @property
    def nbytes(self) -> int:
        """The size of all its numbers, in bytes."""
        return int(self._array.nbytes)

    def is_floating_point(self) -> bool:
        """Whether its numbers are of a floating point type."""
        check_tensor("is_floating_point", self)
        return self._array.dtype.kind == "f"

    def is_contiguous(self) -> bool:
        """Whether its numbers lie in memory row by row."""
        return isinstance(self._array, np.generic) or self._array.flags.c_contiguous

    def stride(self, dim: int | None = None) -> Any:
        """How many elements further the next one lies: for each dimension, or for `dim`."""
        steps = tuple(step // self._array.itemsize for step in self._array.strides)
        return steps if dim is None else steps[wrapped_dim(dim, self.ndim, "stride")]

    def data_ptr(self) -> int:
        """The address of the first number."""
        return memory(self).__array_interface__["data"][0]

    def element_size(self) -> int:
        """The size of one number, in bytes."""
        return self._array.dtype.itemsize

    def __len__(self) -> int:
        if self._array.ndim == 0:
            raise TypeError("len() of a 0-d tensor")
        return len(self._array)

    def __iter__(self) -> Iterator[Any]:
        if self._array.ndim == 0:
            raise TypeError("iteration over a 0-d tensor")
        return iter(self.unbind(0))

    def __contains__(self, element: Any) -> bool:
        if element.__class__ is Tensor or isinstance(element, (int, float)):
            return bool((self == element).any())
        raise RuntimeError(
            f"Tensor.__contains__ only supports Tensor or scalar, but you passed in a "
            f"{type(element)}."
        )

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not name.startswith("_") or name[:2] == "__"]

    # --- what its numbers are ----------------------------------------------------------------

    isnan = _test("isnan", np.isnan)
    isinf = _test("isinf", np.isinf)
    isfinite = _test("isfinite", np.isfinite)

    def equal(self, other: Tensor) -> bool:
        """Whether the other tensor has the same shape and the same numbers.

        >>> import tinygrad_edu as torch
        >>> torch.equal(torch.tensor([1, 2]), torch.tensor([1., 2.]))
        True
        """
        check_tensor("equal", self)
        check_tensor("equal", other, 2, "other")
        return bool(np.array_equal(self._array, other._array))

    def allclose(
        self, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False
    ) -> bool:
        """Whether no number differs by more than `atol` + `rtol` times the other's size.

        Raises RuntimeError for other dtypes and for shapes that do not broadcast.

        >>> import tinygrad_edu as torch
        >>> torch.allclose(torch.tensor([0.1 + 0.2]), torch.tensor([0.3]))
        True
        """
        check_tensor("allclose", self)
        check_tensor("allclose", other, 2, "other")
        if self._array.dtype != other._array.dtype:
            raise RuntimeError(f"{self.dtype.legacy} did not match {other.dtype.legacy}")
        try:
            return bool(np.allclose(self._array, other._array, rtol, atol, equal_nan))
        except ValueError:
            raise broadcast_error(self._array, other._array) from None

    # --- its place in the graph --------------------------------------------------------------

    @property
    def grad_fn(self) -> Any:
        """The node of the operation that made it; None for a leaf."""
        return None if self.is_leaf else self._node.as_result()[0]

    @property
    def output_nr(self) -> int:
        """Which of the operation's results it is."""
        return 0 if self.is_leaf else self._node.as_result()[1]

    @property
    def is_leaf(self) -> bool:
        """Whether it was made by the user rather than by an operation that is recorded."""
        return self._node is None or not self._node.is_operation

    @property
    def requires_grad(self) -> bool:
        """Whether operations on it are recorded, for backward to compute a gradient."""
        return self._node is not None

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        if not self.is_leaf:
            raise RuntimeError(
                "you can only change requires_grad flags of leaf variables. If you want to use a "
                "computed variable in a subgraph that doesn't require differentiation use "
                "var_no_grad = var.detach()."
            )
        if not isinstance(value, bool):
            raise RuntimeError(f"requires_grad must be a bool, not {type_name(value)}")
        if value and self._array.dtype.kind != "f":
            raise RuntimeError(
                "Only Tensors of floating point and complex dtype can require gradients. "
                f"This one is {self.dtype}: make it floats, as in torch.tensor([1., 2.])."
            )
        if value and self._counter is INFERENCE and not mode.inference:
            raise RuntimeError(
                "Setting requires_grad=True on inference tensor outside InferenceMode is not "
                "allowed. Make a clone() of it."
            )
        if value and self._node is None:
            self._node, self._keeper = self._keeper or AccumulateGrad(self), None
            self._node.follow(self._array)
        elif not value and self._node is not None:
            self._node.follow(None)
            self._node, self._keeper = None, self._node

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Set whether a leaf requires a gradient, in place. Returns the tensor.

        Raises RuntimeError for integers, and for a result whose gradient should not be computed.
        """
        requires_grad = check("requires_grad_", "requires_grad", requires_grad, "bool", 1)
        if self.is_leaf or not requires_grad:
            self.requires_grad = requires_grad
        return self

    @property
    def grad(self) -> Any:
        """The gradient that backward has accumulated for a leaf; None before."""
        node = self._node
        if node.__class__ is AccumulateGrad:
            return node.grad
        if self._keeper is not None:
            return self._keeper.grad
        if node is not None and node.is_operation and not self.retains_grad:
            warnings.warn(NOT_A_LEAF, UserWarning, stacklevel=2)
        return None

    @grad.setter
    def grad(self, value: Any) -> None:
        if value is not None:
            _check_assigned_grad(self, value)
        self._kept_by().grad = value

    @grad.deleter
    def grad(self) -> None:
        self._kept_by().grad = None

    def _kept_by(self) -> AccumulateGrad:
        """What keeps the gradient: the node of a leaf, or a keeper beside the node."""
        if self._node is not None and not self._node.is_operation:
            return self._node
        if self._keeper is None:
            self._keeper = AccumulateGrad(self)
        return self._keeper

    @property
    def data(self) -> Tensor:
        """The same numbers as a tensor without history; writing to it is not noticed."""
        return wrap(Tensor, memory(self))

    @data.setter
    def data(self, value: Tensor) -> None:
        if value.__class__ is not Tensor:
            raise TypeError(
                f"Variable data has to be a tensor, but got {type_name(value)}. "
                "Make one with torch.tensor(...)."
            )
        if self._node is not None and value._array.dtype.kind != "f":
            raise RuntimeError(
                "data set to a tensor that requires gradients must be floating point or complex "
                f"dtype, not {value.dtype}"
            )
        rebind(self, memory(value))

    @property
    def _version(self) -> int:
        if self._counter is INFERENCE:
            raise RuntimeError("Inference tensors do not track version counter.")
        return 0 if self._counter is None else self._counter[0]

    def is_inference(self) -> bool:
        """Whether it was made in inference mode, and can never take part in a graph."""
        return self._counter is INFERENCE

    def _is_view(self) -> bool:
        return self._base is not None

    def detach(self) -> Tensor:
        """The same numbers, in the same memory, as a tensor that is not part of the graph."""
        z = wrap(Tensor, memory(self))
        z._counter = version_of(self)
        return z

    def detach_(self) -> Tensor:
        """Cut the tensor off from its graph, in place. Returns the tensor."""
        if self._base is not None:
            raise RuntimeError("Can't detach views in-place. Use detach() instead.")
        self._node = None
        return self

    def backward(
        self,
        gradient: Any = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        inputs: Any = None,
    ) -> None:
        """Compute the gradient of this tensor for every leaf it was computed from, and add it to
        the leaf's `.grad`.

        `gradient` is where to start, of this tensor's shape; a tensor with one element starts
        with 1. `retain_graph` keeps the graph for another backward, `create_graph` makes the
        gradients differentiable, `inputs` restricts the work to these tensors.
        Raises RuntimeError without a graph, for a second time through it, and for a tensor of
        several elements without `gradient`.
        """
        autograd.backward(self, gradient, retain_graph, create_graph, inputs)

    def retain_grad(self) -> None:
        """Keep the gradient of this result in its `.grad`, as for a leaf."""
        if self._node is None:
            raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
        if self._node.is_operation:
            self._node.all_hooks().retain = weakref.ref(self)

    @property
    def retains_grad(self) -> bool:
        """Whether this result keeps its gradient, by `retain_grad()`."""
        return (
            self._node is not None
            and self._node.hooks is not None
            and self._node.hooks.retain is not None
        )

    def register_hook(self, hook: Callable[[Tensor], Tensor | None]) -> RemovableHandle:
        """Call `hook(gradient)` when this tensor's gradient is computed; a tensor that it returns
        takes the gradient's place."""
        if self._node is None:
            raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
        return self._node.all_hooks().tensor.add(hook)

    def register_post_accumulate_grad_hook(self, hook: Callable[[Tensor], Any]) -> RemovableHandle:
        """Call `hook(self)` after a gradient was added to this leaf's `.grad`."""
        if self._node is None:
            raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
        if self._node.is_operation:
            raise RuntimeError(
                "post accumulate grad hooks cannot be registered on non-leaf tensors"
            )
        return self._node.all_hooks().accumulated.add(hook)

    # --- what it can be turned into ------------------------------------------------------------

    def item(self) -> int | float | bool:
        """Its one element as a Python number; RuntimeError if there are several.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([2.5]).item()
        2.5
        """
        if self._array.size != 1:
            raise RuntimeError(
                f"a Tensor with {self._array.size} elements cannot be converted to Scalar"
            )
        return self._array.item()

    def tolist(self) -> Any:
        """Its elements as nested lists of Python numbers."""
        return self._array.tolist()

    def numpy(self, *, force: bool = False) -> np.ndarray:
        """Its numbers as a NumPy array that shares its memory.

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
        return memory(self)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        array = self.numpy()
        if dtype is not None and array.dtype != dtype:
            return array.astype(dtype)
        return array.copy() if copy else array

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        return wrap(Tensor, array)

    def _number(self) -> Any:
        if self._array.size != 1:
            raise ValueError(
                "only one element tensors can be converted to Python scalars, and this one has "
                f"{self._array.size}. To make one tensor of several, use torch.stack or torch.cat."
            )
        return self._array.item()

    def __float__(self) -> float:
        if self._node is not None:
            warnings.warn(
                "Converting a tensor with requires_grad=True to a scalar may lead to unexpected "
                "behavior.\nConsider using tensor.detach() first.",
                UserWarning,
                stacklevel=2,
            )
        return float(self._number())

    def __int__(self) -> int:
        return int(self._number())

    def __index__(self) -> int:
        if self._array.dtype.kind == "f" or self._array.size != 1:
            raise TypeError("only integer tensors of a single element can be converted to an index")
        return int(self._array.item())

    def __bool__(self) -> bool:
        if self._array.size == 1:
            return bool(self._array.item())
        if self._array.size == 0:
            raise RuntimeError("Boolean value of Tensor with no values is ambiguous")
        raise RuntimeError(
            "Boolean value of Tensor with more than one value is ambiguous. "
            "Use .any() or .all() to say what is meant."
        )

    def __repr__(self) -> str:
        node = None if self.is_leaf else self._node
        return tensor_text(
            devices.move(self._array, devices.CPU),
            requires_grad=self.requires_grad,
            grad_fn=None if node is None else node.name(),
            device=str(self.device),
            default_dtype=dtypes.default(),
        )

    def __format__(self, spec: str) -> str:
        if self._array.ndim == 0:
            return format(self._array.item(), spec)
        return object.__format__(self, spec)

    # --- other types and devices ---------------------------------------------------------------

    def type_as_dtype(self, numpy_dtype: Any) -> Tensor:
        """The same numbers in another type; the tensor itself if it has that type."""
        x = self._array
        if x.dtype == numpy_dtype:
            return self
        return record(x.astype(numpy_dtype), ToCopyBackward0, (self,))

    def to(
        self,
        *targets: Any,
        dtype: Any = None,
        device: Any = None,
        non_blocking: bool = False,
        copy: bool = False,
    ) -> Tensor:
        """The tensor in another type or on another device; itself if nothing changes.

        Takes a dtype, a device, both (the device first), or another tensor to be like.
        Raises TypeError for anything else.

        >>> import tinygrad_edu as torch
        >>> torch.tensor([1, 2]).to(torch.float64)
        tensor([1., 2.], dtype=torch.float64)
        """
        for target in targets:
            if isinstance(target, dtypes.dtype | type):
                dtype = target
            elif isinstance(target, Tensor):
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

    def _moved(self, where: devices.device) -> Tensor:
        array = devices.move(self._array, where)
        return self if array is self._array else record(array, ToCopyBackward0, (self,))

    def cpu(self) -> Tensor:
        """The tensor on the CPU."""
        return self._moved(devices.CPU)

    def cuda(self, device: Any = None) -> Tensor:
        """The tensor on a GPU."""
        return self._moved(devices.to_device_object("cuda", "cuda" if device is None else device))

    def type(self, dtype: Any = None) -> Any:
        """The name of its type, such as 'torch.FloatTensor'; or the tensor in that type."""
        if dtype is None:
            place = "cuda." if self.is_cuda else ""
            return f"torch.{place}{self.dtype.legacy}Tensor"
        named = {f"torch.{each.legacy}Tensor": each for each in dtypes.ALL}
        if isinstance(dtype, str) and dtype not in named:
            raise ValueError(f"invalid type: '{dtype}'. Say torch.float32, without quotes.")
        return self.to(dtype=named.get(dtype, dtype))

    def type_as(self, other: Tensor) -> Tensor:
        """The tensor in the type of `other`."""
        check_tensor("type_as", other, argument="other")
        return self.type_as_dtype(other._array.dtype)

    half, float, double = map(_converted, (dtypes.half, dtypes.float, dtypes.double))
    byte, char, short = map(_converted, (dtypes.uint8, dtypes.int8, dtypes.short))
    int, long, bool = map(_converted, (dtypes.int, dtypes.long, dtypes.bool))
    new_tensor, new_zeros, new_ones, new_full, new_empty = map(
        _made_alike, ("tensor", "zeros", "ones", "full", "empty")
    )

    def uniform_(self, from_: Any = 0.0, to: Any = 1.0, *, generator: Any = None) -> Tensor:
        """Fill the tensor with random numbers between `from_` and `to`, in place; returns it.

        >>> import tinygrad_edu as torch
        >>> _ = torch.manual_seed(42)
        >>> torch.empty(2).uniform_(-1, 1)
        tensor([0.7645, 0.8300])
        """
        array = random.uniform(self.shape, self._array.dtype, from_, to, generator)
        return self.copy_(wrap(Tensor, array))

    def normal_(self, mean: Any = 0.0, std: Any = 1.0, *, generator: Any = None) -> Tensor:
        """Fill the tensor with normal random numbers, in place; returns it.

        >>> import tinygrad_edu as torch
        >>> _ = torch.manual_seed(42)
        >>> torch.empty(2).normal_()
        tensor([0.3367, 0.1288])
        """
        array = random.normal(self.shape, self._array.dtype, mean, std, generator)
        return self.copy_(wrap(Tensor, array))

    # --- copies --------------------------------------------------------------------------------

    def __deepcopy__(self, memo: dict) -> Tensor:
        if not self.is_leaf:
            raise RuntimeError(
                "Only Tensors created explicitly by the user (graph leaves) support the deepcopy "
                "protocol at the moment. Use x.detach().clone() to copy the values of a result."
            )
        if id(self) not in memo:
            z = memo[id(self)] = wrap(Tensor, self._array.copy())
            z.requires_grad = self.requires_grad
            if self.grad is not None:
                z.grad = self.grad.__deepcopy__(memo)
        return memo[id(self)]

    def __reduce_ex__(self, protocol: Any) -> Any:
        if not self.is_leaf:
            warnings.warn("a result is pickled without its graph, as a leaf", stacklevel=2)
        return _unpickled, (memory(self), self.requires_grad)


Node.tensor_type = Tensor


def is_tensor(obj: object) -> bool:
    """Whether an object is a tensor."""
    return isinstance(obj, Tensor)


def _unpickled(array: Any, requires_grad: bool) -> Tensor:
    z = wrap(Tensor, array[()] if array.ndim == 0 else array)
    z.requires_grad = requires_grad
    return z


NOT_A_LEAF = (
    "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad "
    "attribute won't be populated during autograd.backward(). If you indeed want the .grad field "
    "to be populated for a non-leaf Tensor, use .retain_grad() on the non-leaf Tensor. If you "
    "access the non-leaf Tensor by mistake, make sure you access the leaf Tensor instead."
)


def _check_assigned_grad(tensor: Tensor, value: Any) -> None:
    if value.__class__ is not Tensor:
        raise TypeError(
            f"assigned grad expected to be a Tensor or None but got grad of type {type_name(value)}"
        )
    if value is tensor:
        raise RuntimeError("can't assign Variable as its own grad")
    if value._array.dtype != tensor._array.dtype:
        raise RuntimeError(
            f"attempting to assign a gradient with dtype '{value.dtype}' to a tensor with dtype "
            f"'{tensor.dtype}'. Please ensure that the gradient and the tensor have the same dtype"
        )
    if value._array.shape != tensor._array.shape:
        raise RuntimeError(
            f"attempting to assign a gradient of size '{list(value.shape)}' to a tensor of size "
            f"'{list(tensor.shape)}'. Please ensure that the gradient and the tensor are the same "
            "size"
        )
