"""Sums of products over any dimensions: einsum.

It comes down to the product of two tensors whose dimensions have labels. Each label is one of four:
in both and kept (a batch), in both and summed, or in only one of the two. Permuted and reshaped by
these, the two are batches of matrices, and one matmul is left. There are no rules of backward here:
they are those of permute, reshape and matmul.
"""

from __future__ import annotations

import math
from typing import Any

from ..arguments import check

Labels = list[str]


def einsum(equation: Any, *operands: Any) -> Any:
    """The sum of products that the equation describes: a letter for each dimension, summed where
    it is not in the output. '...' stands for all other dimensions.

    Without '->' the output has the letters that are there once, in the order of the alphabet.

    >>> import tinygrad_edu as torch
    >>> x = torch.tensor([[1., 2.], [3., 4.]])
    >>> torch.einsum('ij->j', x), torch.einsum('ij,kj->ik', x, x), torch.einsum('ii', x)
    (tensor([4., 6.]), tensor([[ 5., 11.],
            [11., 25.]]), tensor(5.))
    """
    check("einsum", "equation", equation, "str", 1)
    if not operands:
        raise ValueError("einsum(): must specify the equation string and at least one operand")
    operands = tuple(operands[0]) if isinstance(operands[0], tuple | list) else operands
    inputs, arrow, output = equation.replace(" ", "").partition("->")
    terms = inputs.split(",")
    if len(terms) != len(operands):
        which = "fewer" if len(operands) < len(terms) else "more"
        raise RuntimeError(
            f"einsum(): {which} operands were provided than specified in the equation"
        )
    rows = [_labels(term, x.ndim, i) for i, (term, x) in enumerate(zip(terms, operands))]
    wanted = _wanted(output if arrow else None, [label for row in rows for label in row])
    sizes: dict[str, int] = {}
    for row, x in zip(rows, operands):
        for label, n in zip(row, x.shape):
            sizes[label] = n if sizes.get(label, 1) == 1 else sizes[label]
    z, labels = _each_once(operands[0], rows[0], sizes)
    for i, x in enumerate(operands[1:], 1):
        kept = {*wanted, *[label for row in rows[i + 1 :] for label in row]}
        z, labels = _contracted(z, labels, *_each_once(x, rows[i], sizes), kept)
    z, labels = _summed(z, labels, [label for label in labels if label not in wanted])
    return z.permute([labels.index(label) for label in wanted])


def _labels(term: str, ndim: int, operand: int) -> Labels:
    """A label for each dimension: its letter, or its number from the end of an ellipsis."""
    front, dots, back = term.partition("...")
    if front + back and not (front + back).isalpha():
        raise RuntimeError("einsum(): invalid subscript given, subscripts must be in [a-zA-Z]")
    more = ndim - len(front + back)
    if more < 0 or (more and not dots):
        raise RuntimeError(
            f"einsum(): the number of subscripts in the equation ({len(front + back)}) does not "
            f"match the number of dimensions ({ndim}) for operand {operand}"
        )
    return [*front, *map(str, range(more, 0, -1)), *back]


def _wanted(output: str | None, used: Labels) -> Labels:
    """The labels of the result: those of the output, or else those that are used once."""
    dots = sorted({label for label in used if label.isdigit()}, key=int, reverse=True)
    if output is None:
        return dots + sorted(x for x in used if used.count(x) == 1 and x not in dots)
    front, ellipsis, back = output.partition("...")
    for letter in front + back:
        if letter not in used or output.count(letter) > 1:
            raise RuntimeError(
                f"einsum(): output subscript {letter} does not appear in the equation for any "
                "input operand, or appears more than once in the output"
            )
    return [*front, *(dots if ellipsis else []), *back]


def _each_once(x: Any, labels: Labels, sizes: dict[str, int]) -> tuple[Any, Labels]:
    """The operand with each of its labels once, the diagonal of those that were there twice, and
    its sizes of 1 expanded to those of other operands."""
    for label in dict.fromkeys(labels):
        while labels.count(label) > 1:
            i = labels.index(label)
            j = labels.index(label, i + 1)
            if x.shape[i] != x.shape[j]:
                raise RuntimeError(
                    f"einsum(): subscript {label} is repeated for an operand but the sizes don't "
                    f"match, {x.shape[j]} != {x.shape[i]}"
                )
            x = x.diagonal(0, i, j)
            labels = [each for d, each in enumerate(labels) if d not in (i, j)] + [label]
    shape = tuple([sizes[label] for label in labels])
    return (x if x.shape == shape else x.expand(shape)), labels


def _contracted(x: Any, a: Labels, y: Any, b: Labels, kept: set[str]) -> tuple[Any, Labels]:
    """The product of two tensors of which each dimension has a label, in `a` and in `b`, summed
    over all labels but those to be kept; and the labels that its dimensions have."""
    x, a = _summed(x, a, [label for label in a if label not in kept and label not in b])
    y, b = _summed(y, b, [label for label in b if label not in kept and label not in a])
    batch = [label for label in a if label in b and label in kept]
    inside = [label for label in a if label in b and label not in kept]
    rows = [label for label in a if label not in b]
    columns = [label for label in b if label not in a]
    left, n = _as_matrices(x, a, batch, rows, inside)
    right, m = _as_matrices(y, b, batch, inside, columns)
    z = left @ right
    return z.reshape(list(z.shape[:-2]) + n[0] + m[1]), batch + rows + columns


def _summed(x: Any, labels: Labels, gone: Labels) -> tuple[Any, Labels]:
    dims = [d for d, label in enumerate(labels) if label in gone]
    return (x.sum(dims) if dims else x), [label for label in labels if label not in gone]


def _as_matrices(x: Any, labels: Labels, batch: Labels, rows: Labels, columns: Labels) -> Any:
    """`x` as a batch of matrices, and the sizes of which its rows and columns are made."""
    x = x.permute([labels.index(label) for label in batch + rows + columns])
    shape, first, second = list(x.shape), len(batch), len(batch) + len(rows)
    sizes = shape[first:second], shape[second:]
    return x.reshape([*shape[:first], *map(math.prod, sizes)]), sizes
