"""show_shapes: the shape of what each arrow stands for, and broadcasting, there and back."""

from __future__ import annotations

from collections.abc import Iterator

from viz.formulas import ELEMENTWISE
from viz.labels import in_parentheses
from viz.layers import Layer
from viz.libraries import grown, result_shapes, shape_along

BROADCASTING = {*ELEMENTWISE, "MaximumBackward0", "MinimumBackward0", "ExpandBackward0"}
DIMENSIONS = {1: ("elements",), 2: ("rows", "columns")}  # what they are called


class Shapes(Layer):
    """Writes "(80, 1)" beside an arrow; of broadcasting, "(1) → (80, 1)" and how it is undone."""

    def beside(self, arrow: int) -> Iterator[str]:
        """The shape going forward; where it grows, what is summed coming back."""
        _, head, slot, _ = self.graph.arrows[arrow]
        node = self.graph.boxes[head].thing
        operation = type(node).__name__
        before = shape_along(self.graph, self.graph.arrows[arrow])
        after = result_shapes(node)[0]
        broadcast = operation in BROADCASTING or (operation, slot) == ("AddmmBackward0", 0)
        if broadcast and before != after:
            yield f"{in_parentheses(before)} → {in_parentheses(after)}"
            summed = summed_over(before, after)
            yield f"back: sum over {summed}" if summed else f"back: {in_parentheses(before)}"
        else:
            yield in_parentheses(before)


def summed_over(before: tuple[int, ...], after: tuple[int, ...]) -> str:
    """The dimensions that broadcasting added or made longer, in words.

    >>> summed_over((1,), (80, 1)), summed_over((), (3,)), summed_over((1, 1, 3), (5, 2, 3))
    ('80 rows', '3 elements', '5 in dim 0 and 2 in dim 1')
    """
    names = DIMENSIONS.get(len(after)) or [f"in dim {dim}" for dim in range(len(after))]
    return " and ".join(f"{after[dim]} {names[dim]}" for dim in grown(before, after))
