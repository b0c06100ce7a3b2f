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
from .hooks import HookList, RemovableHandle
from .modes import INFERENCE, mode, show, watchers
from .operations.arithmetic import Arithmetic
from .operations.comparisons import Comparisons
from .operations.conversions import Conversions
from .operations.dimensions import wrapped_dim
from .operations.elementwise import Elementwise
from .operations.in_place import InPlace, memory
from .operations.indexing import Indexing
from .operations.linear_algebra import LinearAlgebra
from .operations.probabilities import Probabilities
from .operations.record import check_tensor, wrap
from .operations.reductions import Reductions
from .operations.selecting import Selecting
from .operations.shapes import Shapes


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


def _made_alike(function: str) -> Callable[..., Any]:
    def make(self: Any, *arguments: Any, **options: Any) -> Any:
        from . import creation  # creation needs Tensor

        return creation.alike(getattr(creation, function), self, *arguments, **options)

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
    Conversions,
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
    _views: Any = None  # of a base: its views, held weakly,
    _room = 32  # and how many there may be before the dead ones are taken out
    _made: Any = None  # of a view whose history cannot follow its base's: how it was made

    __array_priority__ = 1000  # array * tensor is refused, as in PyTorch, not done one by one

    def __new__(cls, *data: Any) -> Any:
        from .creation import legacy  # creation needs this class

        return legacy(dtypes.get_default_dtype(), *data)

    @classmethod
    def _tied(cls, array: Any, node: Node | None) -> Any:
        """A tensor of `array` whose gradient goes to `node`."""
        z = wrap(cls, array)
        z._node = node
        return z

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

    ndim = property(lambda self: self._array.ndim, doc="The number of dimensions.")
    itemsize = property(lambda self: self._array.itemsize, doc="The bytes of one number.")
    nbytes = property(lambda self: int(self._array.nbytes), doc="The bytes of all numbers.")
    is_cuda = property(lambda self: self.device.type == "cuda", doc="Whether it is on a GPU.")

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
        array = self._array
        if isinstance(array, np.generic):
            return id(array) + object.__basicsize__  # NumPy's number stands behind its head
        numpy = isinstance(array, np.ndarray)
        return array.__array_interface__["data"][0] if numpy else array.data.ptr

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
        node = self._node
        keeper = node if node.__class__ is AccumulateGrad else self._kept_by()
        keeper.grad = value

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
        if watchers:
            show(None, z, self)
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

    @property
    def _backward_hooks(self) -> dict[int, Any] | None:
        """The hooks of `register_hook` by number, None if there are none: for who draws them."""
        if self._node is None:
            return self.__dict__.get("_backward_hooks")
        return None if self._node.hooks is None else self._node.hooks.tensor or None

    @_backward_hooks.setter
    def _backward_hooks(self, hooks: dict[int, Any]) -> None:
        self.__dict__["_backward_hooks"] = hooks  # of data: no gradient will ever call them
        if self._node is not None:
            self._node.all_hooks().tensor = HookList(hooks)

    @property
    def _post_accumulate_grad_hooks(self) -> dict[int, Any] | None:
        """The hooks of `register_post_accumulate_grad_hook`, likewise."""
        hooks = None if self._node is None else self._node.hooks
        return None if hooks is None else hooks.accumulated or None

    # --- made like it --------------------------------------------------------------------------

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
