"""Products of vectors and matrices.

z = x @ y has two rules: the gradient of x is g @ y transposed, that of y is x transposed @ g. All
other shapes are brought to these: a batch of matrices against one matrix is one tall matrix.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import dtypes
from ..graph import Node
from .in_place import in_place
from .record import binary, check_tensor, node_class, record
from .shapes import UnsafeViewBackward0


def _product(x: Any, y: Any) -> Any:
    """x @ y of two matrices; NumPy's `dot` saves 8 microseconds of W5 against its `@`."""
    return x.dot(y) if x.__class__ is np.ndarray else x @ y


def _t(x: Any) -> Any:
    return x.t() if x.__class__ is Node.tensor_type else x.T


def _times(g: Any, number: Any) -> Any:
    return g if number == 1 else g * number


# Of each product the rules: the gradients of x and y.
MM = (lambda g, _x, mat2: _product(g, _t(mat2)), lambda g, x, _mat2: _product(_t(x), g))
MV = (lambda g, _x, vec: g[:, None] * vec, lambda g, x, _vec: _t(x) @ g)
DOT = (lambda g, _x, tensor: g * tensor, lambda g, x, _tensor: g * x)
BMM = (lambda g, _x, mat2: g @ mat2.swapaxes(1, 2), lambda g, x, _mat2: x.swapaxes(1, 2) @ g)

_mm = binary("Mm", np.dot, *MM, inputs=("x", "mat2"))
# Of each product: its operation, the name of what x is multiplied with, their dimensions, and what
# is said if there are others, and if the sizes a and b do not fit.
PRODUCTS: Any = {
    "dot": (
        binary("Dot", lambda x, y: np.dot(x, y) + 0, *DOT, inputs=("x", "tensor")),  # -0. is 0.
        ("tensor", 1, 1),
        "1D tensors expected, but got {}D and {}D tensors",
        "inconsistent tensor size, expected tensor [{a[0]}] and src [{b[0]}] to have the same "
        "number of elements, but got {a[0]} and {b[0]} elements respectively",
    ),
    "mv": (
        binary("Mv", np.dot, *MV, inputs=("x", "vec")),
        ("vec", 2, 1),
        "vector + matrix @ vector expected, got 1, {}, {}",
        "size mismatch, got input ({a[0]}), mat ({a[0]}x{a[1]}), vec ({b[0]})",
    ),
    "mm": (
        _mm,
        ("mat2", 2, 2),
        "self must be a matrix and mat2 must be a matrix, but they have {} and {} dimensions",
        "mat1 and mat2 shapes cannot be multiplied ({a[0]}x{a[1]} and {b[0]}x{b[1]})",
    ),
    "bmm": (
        binary("Bmm", np.matmul, *BMM, inputs=("x", "mat2")),
        ("mat2", 3, 3),
        "batch1 and batch2 must be 3D tensors, not {}D and {}D",
        "Expected size for first two dimensions of batch2 tensor to be: [{a[0]}, {a[2]}] but got: "
        "[{b[0]}, {b[1]}].",
    ),
}


# beta * z + alpha * (x @ y)
AddmmBackward0 = node_class(
    "AddmmBackward0",
    lambda g, alpha, beta, mat1, mat2: _times(g, beta),
    lambda g, alpha, beta, mat1, mat2: _times(MM[0](g, mat1, mat2), alpha),
    lambda g, alpha, beta, mat1, mat2: _times(MM[1](g, mat1, mat2), alpha),
    inputs=("input", "mat1", "mat2"),
)
SqueezeBackward4 = node_class("SqueezeBackward4", lambda g, dim, n: g.reshape(n), inputs="x")


class LinearAlgebra:
    """The methods of a tensor that multiply vectors and matrices."""

    __slots__ = ()

    _array: Any

    def dot(self: Any, tensor: Any) -> Any:
        """The sum of the products of two vectors' elements."""
        return _checked("dot", self, tensor)(self, tensor)

    def mv(self: Any, vec: Any) -> Any:
        """A matrix times a vector."""
        return _checked("mv", self, vec)(self, vec)

    def mm(self: Any, mat2: Any) -> Any:
        """A matrix times a matrix."""
        return _checked("mm", self, mat2)(self, mat2)

    def bmm(self: Any, mat2: Any) -> Any:
        """A batch of matrices times a batch of matrices."""
        return _checked("bmm", self, mat2)(self, mat2)

    def addmm(self: Any, mat1: Any, mat2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
        """beta * self + alpha * (mat1 @ mat2); self is broadcast, and ignored if beta is 0.

        >>> import tinygrad_edu as torch
        >>> torch.ones(2).addmm(torch.eye(2), torch.eye(2), beta=10)
        tensor([[11., 10.],
                [10., 11.]])
        """
        _checked("mm", mat1, mat2)
        x, z = self._array, _product(mat1._array, mat2._array)
        if x.dtype != z.dtype:
            raise RuntimeError("self and mat2 must have the same dtype: use .to(dtype)")
        z = z if alpha == 1 else z * z.dtype.type(alpha)
        if beta != 0:  # not even nan counts, times 0
            try:
                z += x if beta == 1 else x * x.dtype.type(beta)
            except ValueError:
                self.expand(z.shape)  # which says what does not fit
        return record(z, AddmmBackward0, (self, mat1, mat2), alpha, beta, mat1, mat2)

    def matmul(self: Any, other: Any) -> Any:
        """The product of vectors, matrices, or batches of matrices that broadcast."""
        try:
            x, y = self._array, other._array
        except AttributeError:
            check_tensor("matmul", self)
            check_tensor("matmul", other, 2, "other")
            raise
        a, b = x.ndim, y.ndim
        if a == 2 and b == 2:
            fits = x.shape[1] == y.shape[0] and x.dtype is y.dtype and x.dtype.kind == "f"
            return _mm(self, other) if fits else self.mm(other)
        if a == 0 or b == 0:
            raise RuntimeError(
                f"both arguments to matmul need to be at least 1D, but they are {a}D and {b}D"
            )
        if a > 2 or b > 2:
            return _of_batches(self, other)
        if b == 1:
            return self.dot(other) if a == 1 else self.mv(other)
        row = self.unsqueeze(0).mm(other)
        return record(row._array[0], SqueezeBackward4, (row,), 0, row._array.shape)

    def __matmul__(self: Any, other: Any) -> Any:
        return self.matmul(other) if other.__class__ is self.__class__ else NotImplemented

    def outer(self: Any, vec2: Any) -> Any:
        """The matrix of the products of each element of one vector with each of another."""
        check_tensor("outer", vec2, 2, "vec2")
        for argument, x in (("self", self), ("vec2", vec2)):
            if x.ndim != 1:
                raise RuntimeError(f"outer: Expected 1-D argument {argument}, but got {x.ndim}-D")
        return self.reshape(-1, 1) * vec2

    addmm_ = in_place(addmm)


def _checked(function: str, x: Any, y: Any) -> Any:
    """The operation of that name, for two tensors which it can multiply."""
    operation, (argument, *dims), wrong_dims, wrong_sizes = PRODUCTS[function]
    check_tensor(function, x)
    check_tensor(function, y, 2, argument)
    x, y = x._array, y._array
    if [x.ndim, y.ndim] != dims:
        raise RuntimeError(wrong_dims.format(x.ndim, y.ndim))
    if x.shape[-1] != y.shape[max(y.ndim - 2, 0)] or x.shape[:-2] != y.shape[:-2]:
        raise RuntimeError(wrong_sizes.format(a=x.shape, b=y.shape))
    if x.dtype != y.dtype:
        a, b = (dtypes.legacy_name(each.dtype) for each in (x, y))
        raise RuntimeError(
            f"{function} : expected both vectors to have same dtype, but found {a} and {b}"
            if function == "dot"
            else f"expected m1 and m2 to have the same dtype, but got: {a.lower()} != {b.lower()}"
        )
    if x.dtype.kind == "b":
        raise NotImplementedError(f"\"{function}\" not implemented for 'Bool': use integers")
    return operation


def _unsafe_view(x: Any, shape: tuple[int, ...]) -> Any:
    return record(x._array.reshape(shape), UnsafeViewBackward0, (x,), x._array.shape)


def _of_batches(x: Any, y: Any) -> Any:
    """The product where one or both are batches of matrices."""
    a, b = x._array.ndim, y._array.ndim
    if a == b == 3 and x.requires_grad and len(x) == 1 != len(y):
        return x.squeeze(0).matmul(y)
    if a == b == 3 and y.requires_grad and len(y) == 1 != len(x):
        return x.matmul(y.squeeze(0))
    if b <= 2 and (y.requires_grad or _rows_follow(x._array)):
        rows, tail = x._array.shape[:-1], y._array.shape[1:]  # one matrix: one tall matrix
        tall = x.reshape(math.prod(rows), x._array.shape[-1])
        return _unsafe_view(tall.mv(y) if b == 1 else tall.mm(y), rows + tail)
    if a <= 2 and (x.requires_grad or (a == 1 and _rows_follow(y._array.swapaxes(-1, -2)))):
        rows = y.mT.matmul(x.t() if a == 2 else x)
        return rows.mT.contiguous() if a == 2 else rows
    return _batched(x, y)


def _rows_follow(x: Any) -> bool:
    """Whether the rows of a batch of matrices lie in memory evenly, and so are one tall matrix."""
    evenly = [x.strides[d] == x.strides[d + 1] * x.shape[d + 1] for d in range(x.ndim - 2)]
    return x.size == 0 or all(evenly)


def _batched(x: Any, y: Any) -> Any:
    """Both expanded to the batch's sizes, then matrix by matrix."""
    row, column = x._array.ndim == 1, y._array.ndim == 1
    y = y.unsqueeze(1) if column else y
    (*batch_x, n, k), (*batch_y, k2, m) = (1,) * row + x._array.shape, y._array.shape
    try:
        batch = np.broadcast_shapes(tuple(batch_x), tuple(batch_y))
    except ValueError:
        raise RuntimeError(
            f"The batch sizes {batch_x} and {batch_y} of the two tensors do not fit together"
        ) from None
    size = math.prod(batch)
    x = x.expand(*batch, n, k).reshape(size, n, k)
    z = x.bmm(y.expand(*batch, k2, m).reshape(size, k2, m))
    z = z.squeeze(-1) if column else z
    return _unsafe_view(z, batch + (n,) * (not row) + (m,) * (not column))
