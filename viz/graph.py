"""A computation graph as numbered boxes and arrows, read from its public doors alone.

Tensors are known by `grad_fn`, `requires_grad`, `output_nr` and `shape`; nodes by `next_functions`,
`variable` and the attributes that start with `_saved_`. Nothing here knows of colors or DOT. The
walk keeps a list instead of recursing, so the length of a chain does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary


class Box(NamedTuple):
    """One box of the picture.

    `kind` is "root" (the operation that a root came from), "operation", "leaf", "saved", or "plain"
    (a root without a graph). `thing` is the backward node or the tensor that the box stands for,
    or an `Unreadable`. `attribute` is the name that a saved tensor has in its node. Layers add
    boxes of kind "ghost", whose `thing` may be a text, and whose `attribute` is a reason. In
    torchviz's picture a root is a tensor of kind "output", and what it views is a "base".
    """

    kind: str
    thing: Any
    attribute: str = ""

    @property
    def is_operation(self) -> bool:
        """Whether the box stands for a backward node."""
        return self.kind in ("root", "operation")


class Arrow(NamedTuple):
    """An arrow between two boxes, by their numbers: `tail` is an input of `head`.

    `slot` is the place of the input among the `next_functions` of the head's node, `output_nr` says
    which result of the tail's node it is.
    """

    tail: int
    head: int
    slot: int = 0
    output_nr: int = 0


class Unreadable(str):
    """Why a saved value cannot be read, such as "freed"; `message` is what the library says."""

    message = ""


class Graph:
    """The boxes and arrows behind some root tensors, the same at every call.

    Boxes are numbered by their place in `boxes`: the `roots` first, as many as that says, then
    breadth first, in the order of `next_functions`; saved tensors last. `arrows` go from input to
    result; `ties`, pairs of numbers, from a saved tensor to the operation that keeps it.
    `tensors` are the roots as they were given. The boxes hold their nodes, so that no `id` is
    reused while the graph is looked at.

    >>> import tinygrad_edu as torch
    >>> w = torch.ones(1, requires_grad=True)
    >>> graph = Graph([(w * w).exp()])
    >>> [box.kind for box in graph.boxes], [(arrow.tail, arrow.head) for arrow in graph.arrows]
    (['root', 'operation', 'leaf'], [(1, 0), (2, 1), (2, 1)])
    """

    def __init__(self, roots: Iterable[Any], show_saved: bool = False) -> None:
        self.boxes: list[Box] = []
        self.arrows: list[Arrow] = []
        self.ties: list[tuple[int, int]] = []
        self.tensors = list(roots)
        self._numbers: dict[int, int] = {}
        for tensor in self.tensors:
            self._place(*self._root(tensor))
        self.roots = len(self.boxes)
        self._walk()
        if show_saved:
            self._place_saved()

    def _root(self, tensor: Any) -> tuple[str, Any]:
        if tensor.grad_fn is not None:
            return "root", tensor.grad_fn
        return ("leaf" if tensor.requires_grad else "plain"), tensor

    def _walk(self, start: int = 0) -> None:
        for number, box in islice(enumerate(self.boxes), start, None):  # it grows meanwhile
            for slot, (node, output_nr) in self._inputs(box):
                self.arrows.append(Arrow(self._place(*self._input(node)), number, slot, output_nr))

    def _inputs(self, box: Box) -> Iterator[tuple[int, tuple[Any, int]]]:
        edges = enumerate(box.thing.next_functions) if box.is_operation else ()
        return ((slot, edge) for slot, edge in edges if edge[0] is not None)

    def _input(self, node: Any) -> tuple[str, Any]:
        # A node that accumulates is not drawn: the leaf that it adds to stands in its place.
        if type(node).__name__ == "AccumulateGrad":
            return "leaf", node.variable
        return "operation", node

    def _place(self, kind: str, thing: Any) -> int:
        number = self._numbers.setdefault(id(thing), len(self.boxes))
        if number == len(self.boxes):
            self.boxes.append(Box(kind, thing))
        return number

    def _place_saved(self) -> None:
        for number, box in enumerate(list(self.boxes)):
            for attribute, tensor in saved_tensors(box):
                self.ties.append((len(self.boxes), number))
                self.boxes.append(Box("saved", tensor, attribute))


def in_order(count: int, edges: Iterable[tuple[int, int]]) -> Iterator[int]:
    """The numbers below `count`, each when all have come from which edges lead to it.

    >>> list(in_order(3, [(2, 1), (1, 0), (2, 0)]))
    [2, 1, 0]
    """
    missing = [0] * count
    after: list[list[int]] = [[] for _ in missing]
    for before, number in edges:
        missing[number] += 1
        after[before].append(number)
    ready = [number for number in range(count) if not missing[number]]
    for number in ready:  # the list grows while it is walked
        yield number
        for following in after[number]:
            missing[following] -= 1
            if not missing[following]:
                ready.append(following)


def is_tensor(thing: Any) -> bool:
    """Whether `thing` is a tensor of any library: its class has a tensor's public attributes.

    Only the class is asked, so objects that make up attributes as they are asked for stay asleep.
    """
    return all(hasattr(type(thing), door) for door in ("grad_fn", "requires_grad", "shape"))


def origin(tensor: Any) -> Any:
    """What a tensor is in its graph: the node that made it, or the tensor itself where none did."""
    node = tensor.grad_fn
    return tensor if node is None else node


def saved_values(node: Any) -> Iterator[tuple[str, Any]]:
    """What a node keeps for backward: pairs of a name and a value, ordered by name.

    These are the attributes `_saved_NAME`, and `saved_tensors` of a custom function.
    """
    for attribute in _doors(type(node)):
        yield attribute.removeprefix("_saved_"), _read(node, attribute)


_known_doors: WeakKeyDictionary[type, list[str]] = WeakKeyDictionary()


def _doors(kind: type) -> list[str]:
    """The attributes by which nodes of a class show what they saved; looked up once a class."""
    doors = _known_doors.get(kind)
    if doors is None:
        names = (
            name for name in dir(kind) if name.startswith("_saved_") or name == "saved_tensors"
        )
        doors = _known_doors[kind] = list(names)
    return doors


def _read(node: Any, attribute: str) -> Any:
    try:
        return getattr(node, attribute)
    except RuntimeError as error:
        unreadable = Unreadable("freed" if "freed" in str(error) else "changed in place")
        unreadable.message = str(error)
        return unreadable


def saved_tensors(box: Box) -> Iterator[tuple[str, Any]]:
    """The tensors among what the node of a box keeps, or why they cannot be read."""
    for name, value in saved_values(box.thing) if box.is_operation else ():
        if is_tensor(value) or isinstance(value, Unreadable):
            yield name, value
        elif isinstance(value, (tuple, list)):
            numbered = enumerate(value)
            yield from ((f"{name}[{i}]", each) for i, each in numbered if is_tensor(each))
