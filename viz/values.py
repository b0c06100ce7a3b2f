"""Snapshots of tensors: the numbers as they were, without the tensor, and how they are written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

KEPT = 100  # numbers of a snapshot


@dataclass(frozen=True, slots=True)
class Value:
    """The first numbers of a tensor, row by row, 100 at most, and what they were part of.

    >>> import tinygrad_edu as torch
    >>> value = Value.of(torch.tensor([1.0, 0.5, 0.25, 0.125]))
    >>> value.shape, value.dtype, value.text()
    ((4,), 'float32', '[1, 0.5, 0.25, …]')
    """

    shape: tuple[int, ...]
    dtype: str  # "float32"
    numbers: tuple[Any, ...]

    @classmethod
    def of(cls, tensor: Any) -> Value:
        """A snapshot of a tensor of any library and device; without numbers, of one whose numbers
        cannot be had, such as PyTorch's sparse and meta tensors."""
        dtype = str(tensor.dtype).removeprefix("torch.")
        try:
            return cls(tuple(tensor.shape), dtype, tuple(_first_numbers(tensor)))
        except RuntimeError:
            return cls(_shape(tensor), dtype, ())

    @property
    def size(self) -> int:
        """How many numbers the tensor had."""
        return math.prod(self.shape)

    @property
    def whole(self) -> bool:
        """Whether all numbers of the tensor are here."""
        return len(self.numbers) == self.size

    def text(self, count: int = 3) -> str:
        """The number; of several, up to `count` and dots where there are more."""
        if not self.numbers and self.size:
            return "numbers not shown"
        if not self.shape:
            return number_text(self.numbers[0])
        shown = [number_text(number) for number in self.numbers[:count]]
        return f"[{', '.join(shown + ['…'] * (self.size > count))}]"


def _shape(tensor: Any) -> tuple[int, ...]:
    try:
        return tuple(tensor.shape)
    except RuntimeError:  # PyTorch's nested tensors have none
        return ()


def _first_numbers(tensor: Any) -> list[Any]:
    if not tensor.shape:
        return [tensor.item()]  # detach would give a single number of ours another address
    numbers: list[Any] = tensor.detach().reshape(-1)[:KEPT].tolist()
    return numbers


def short(value: Value) -> str:
    """A value in a few characters; one number without brackets.

    >>> short(Value((1,), "float32", (0.5,))), short(Value((3,), "float32", (0.5, 1.0, 2.0)))
    ('0.5', '[0.5, 1, 2]')
    """
    single = value.size == 1 and value.numbers
    return number_text(value.numbers[0]) if single else value.text()


def added(texts: Sequence[str]) -> str:
    """A sum of numbers that are texts.

    >>> added(["-1", "2", "-3"])
    '-1 + 2 + (-3)'
    """
    first, *others = texts
    return " + ".join([first, *(f"({text})" if text.startswith("-") else text for text in others)])


def same(value: Value | None, other: Value | None) -> bool:
    """Whether two snapshots have the same numbers; nan is the same as nan."""
    return repr(value) == repr(other)


def number_text(number: Any) -> str:
    """A number to four digits; integers and truth values in full.

    >>> number_text(0.33669036626815796), number_text(1234.0), number_text(-0.0), number_text(True)
    ('0.3367', '1234', '0', 'True')
    """
    if not isinstance(number, float):
        return str(number)
    text = f"{number:.4g}"
    return "0" if text == "-0" else text
