"""torch.linalg's namespace: here the lengths of vectors, and matmul."""

from __future__ import annotations

from typing import Any

from .tensor import Tensor

vector_norm, matmul = Tensor.norm, Tensor.matmul


def norm(A: Tensor, ord: Any = None, dim: Any = None, keepdim: bool = False, **options: Any) -> Any:
    """The length of `A` as one vector, or of its vectors along `dim`. Norms of matrices, which are
    what `ord` means where there are two dimensions, are refused: NotImplementedError.

    >>> import tinygrad_edu as torch
    >>> torch.linalg.norm(torch.tensor([[3.], [4.]]))
    tensor(5.)
    """
    along = A.ndim if dim is None else len(dim) if isinstance(dim, tuple | list) else 1
    if ord not in (None, "fro") and along != 1:
        raise NotImplementedError("norms of matrices are not here: use vector_norm, or give a dim")
    return A.norm(2 if ord is None else ord, dim, keepdim, **options)
