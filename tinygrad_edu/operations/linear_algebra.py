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
from .record import binary, check_tensor, node_class, record
from .shapes import UnsafeViewBackward0


def _dot_product(x: Any, y: Any) -> Any:
    if x.dtype.kind == "b":
        raise NotImplementedError("\"dot\" not implemented for 'Bool': use integers")
    return np.dot(x, y)


def _product(x: Any, y: Any) -> Any:
    """x @ y of two matrices; NumPy's `dot` saves 8 microseconds of W5 against its `@`."""
    return x.dot(y) if x.__class__ is np.ndarray else x @ y


def _t(x: Any) -> Any:
    return x.t() if x.__class__ is Node.tensor_type else x.T


def _outer(x: Any, y: Any) -> Any:
    return x[:, None] * y


_mm = binary(
    "Mm",
    np.dot,
    lambda g, _x, mat2: _product(g, _t(mat2)),
    lambda g, x, _mat2: _product(_t(x), g),
    inputs=("x", "mat2"),
)
_mv = binary(
    "Mv",
    np.dot,
    lambda g, _x, vec: _outer(g, vec),
    lambda g, x, _vec: _t(x) @ g,
    inputs=("x", "vec"),
)
_dot = binary(
    "Dot",
    _dot_product,
    lambda g, _x, tensor: g * tensor,
    lambda g, x, _tensor: g * x,
    inputs=("x", "tensor"),
)
_bmm = binary(
    "Bmm",
    np.matmul,
    lambda g, _x, mat2: g @ mat2.swapaxes(1, 2),
    lambda g, x, _mat2: x.swapaxes(1, 2) @ g,
    inputs=("x", "mat2"),
)
SqueezeBackward4 = node_class(
    "SqueezeBackward4", lambda g, dim, shape: g.reshape(shape), inputs="x"
)


def _same_dtype(function: str, x: Any, y: Any) -> None:
    a, b = x._array.dtype, y._array.dtype
    if a != b:
        a, b = dtypes.from_numpy_dtype(a), dtypes.from_numpy_dtype(b)
        if function == "dot":
            raise RuntimeError(
                f"dot : expected both vectors to have same dtype, but found {a.legacy} and "
                f"{b.legacy}"
            )
        raise RuntimeError(
            f"expected m1 and m2 to have the same dtype, but got: {_c_name(a)} != {_c_name(b)}. "
            "Make them the same with .to(dtype)."
        )


def _c_name(d: Any) -> str:
    names = {
        "Float": "float",
        "Double": "double",
        "Half": "c10::Half",
        "Long": "long long",
        "Int": "int",
        "Short": "short",
        "Char": "signed char",
        "Byte": "unsigned char",
    }
    return names.get(d.legacy, d.name)


class LinearAlgebra:
    """The methods of a tensor that multiply vectors and matrices."""

    __slots__ = ()

    _array: Any

    def dot(self: Any, other: Any) -> Any:
        """The sum of the products of two vectors' elements."""
        _check_both("dot", self, other, "tensor")
        x, y = self._array, other._array
        if x.ndim != 1 or y.ndim != 1:
            raise RuntimeError(f"1D tensors expected, but got {x.ndim}D and {y.ndim}D tensors")
        _same_dtype("dot", self, other)
        if x.shape != y.shape:
            raise RuntimeError(
                f"inconsistent tensor size, expected tensor [{x.size}] and src [{y.size}] to have "
                f"the same number of elements, but got {x.size} and {y.size} elements respectively"
            )
        return _dot(self, other)

    def mv(self: Any, vec: Any) -> Any:
        """A matrix times a vector."""
        _check_both("mv", self, vec, "vec")
        x, y = self._array, vec._array
        if x.ndim != 2 or y.ndim != 1:
            raise RuntimeError(f"vector + matrix @ vector expected, got 1, {x.ndim}, {y.ndim}")
        if x.shape[1] != y.shape[0]:
            raise RuntimeError(
                f"size mismatch, got input ({x.shape[0]}), mat ({x.shape[0]}x{x.shape[1]}), "
                f"vec ({y.shape[0]})"
            )
        _same_dtype("mv", self, vec)
        return _mv(self, vec)

    def mm(self: Any, mat2: Any) -> Any:
        """A matrix times a matrix."""
        _check_both("mm", self, mat2, "mat2")
        x, y = self._array, mat2._array
        if x.ndim != 2:
            raise RuntimeError("self must be a matrix")
        if y.ndim != 2:
            raise RuntimeError("mat2 must be a matrix")
        (n, k), (k2, m) = x.shape, y.shape
        if k != k2:
            raise RuntimeError(f"mat1 and mat2 shapes cannot be multiplied ({n}x{k} and {k2}x{m})")
        if x.dtype is not y.dtype:
            _same_dtype("mm", self, mat2)
        return _mm(self, mat2)

    def bmm(self: Any, mat2: Any) -> Any:
        """A batch of matrices times a batch of matrices."""
        _check_both("bmm", self, mat2, "mat2")
        x, y = self._array, mat2._array
        if x.ndim != 3 or y.ndim != 3:
            raise RuntimeError("batch1 and batch2 must be 3D tensors")
        if x.shape[0] != y.shape[0] or x.shape[2] != y.shape[1]:
            raise RuntimeError(
                f"Expected size for first two dimensions of batch2 tensor to be: "
                f"[{x.shape[0]}, {x.shape[2]}] but got: [{y.shape[0]}, {y.shape[1]}]."
            )
        _same_dtype("bmm", self, mat2)
        return _bmm(self, mat2)

    def matmul(self: Any, other: Any) -> Any:
        """The product of vectors, matrices, or batches of matrices that broadcast."""
        try:
            x, y = self._array, other._array
        except AttributeError:
            _check_both("matmul", self, other, "other")
            raise
        a, b = x.ndim, y.ndim
        if a == 2 and b == 2:
            fits = x.shape[1] == y.shape[0] and x.dtype is y.dtype
            return _mm(self, other) if fits else self.mm(other)  # which says what does not fit
        if a == 0 or b == 0:
            raise RuntimeError(
                f"both arguments to matmul need to be at least 1D, but they are {a}D and {b}D"
            )
        if a == 1 and b == 1:
            return self.dot(other)
        if a == 2 and b == 1:
            return self.mv(other)
        if a == 1 and b == 2:
            row = self.unsqueeze(0).mm(other)
            return record(row._array[0], SqueezeBackward4, (row,), 0, row._array.shape)
        if b <= 2:  # a batch against one matrix or vector: one tall matrix
            rows, tail = self._array.shape[:-1], other._array.shape[1:]
            tall = self.reshape(math.prod(rows), self._array.shape[-1])
            product = tall.mv(other) if b == 1 else tall.mm(other)
            return _unsafe_view(product, rows + tail)
        if a == 1 or (a == 2 and self._requires_grad):
            rows = other.mT.matmul(self.t() if a == 2 else self)
            return rows.mT.contiguous() if a == 2 else rows
        return _batched(self, other)

    def __matmul__(self: Any, other: Any) -> Any:
        return self.matmul(other) if other.__class__ is self.__class__ else NotImplemented


def _check_both(function: str, x: Any, y: Any, argument: str) -> None:
    if x.__class__ is not y.__class__ or not hasattr(x, "_array"):
        check_tensor(function, x)
        check_tensor(function, y, 2, argument)


def _unsafe_view(x: Any, shape: tuple[int, ...]) -> Any:
    return record(x._array.reshape(shape), UnsafeViewBackward0, (x,), x._array.shape)


def _batched(x: Any, y: Any) -> Any:
    """Both expanded to the batch's sizes, then matrix by matrix."""
    (*batch_x, n, k), (*batch_y, k2, m) = x._array.shape, y._array.shape
    try:
        batch = np.broadcast_shapes(tuple(batch_x), tuple(batch_y))
    except ValueError:
        raise RuntimeError(
            f"The batch sizes {batch_x} and {batch_y} of the two tensors do not fit together"
        ) from None
    size = math.prod(batch)
    x = x.expand(*batch, n, k).reshape(size, n, k)
    y = y.expand(*batch, k2, m).reshape(size, k2, m)
    return _unsafe_view(x.bmm(y), (*batch, n, m))
