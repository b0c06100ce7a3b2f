"""Variable: what a tensor that can require a gradient was called before it was a Tensor."""

from __future__ import annotations

from typing import Any

from ..graph import Node


class _AnyTensor(type):
    def __instancecheck__(cls, thing: Any) -> bool:
        return isinstance(thing, Node.tensor_type)


class Variable(metaclass=_AnyTensor):
    """`Variable(tensor, requires_grad=False)` is the same numbers as a new leaf; every tensor is an
    instance. TypeError for anything but a tensor.

    >>> import tinygrad_edu as torch
    >>> torch.autograd.Variable(torch.ones(2), requires_grad=True)
    tensor([1., 1.], requires_grad=True)
    """

    def __new__(cls, data: Any, requires_grad: bool = False) -> Any:
        if not isinstance(data, Node.tensor_type):
            raise TypeError(f"Variable data has to be a tensor, but got {type(data).__name__}")
        return data.detach().requires_grad_(requires_grad)
