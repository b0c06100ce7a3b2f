"""What the pictures ask of the library that a tensor belongs to: its module, the shapes of a
node's results, and a trial of the backward pass.

The trial changes nothing and runs no code of users. `autograd.grad` would not do: it calls hooks,
and adds to the `.grad` of tensors that retain it. So nodes are called one by one, by the door that
both libraries have, and what arrives at a node is added up here.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from viz.graph import Arrow, Graph, in_order, origin
from viz.values import Value


def library_of(tensor: Any) -> Any:
    """The library that a tensor's class comes from, as a module.

    >>> import tinygrad_edu as torch
    >>> library_of(torch.ones(1)).__name__
    'tinygrad_edu'
    """
    owner = next(kind for kind in type(tensor).__mro__ if "grad_fn" in vars(kind))
    return sys.modules[owner.__module__.partition(".")[0]]


def result_shapes(node: Any) -> list[tuple[int, ...]]:
    """The shape of each result of a node; empty where the node does not tell.

    >>> import tinygrad_edu as torch
    >>> result_shapes(torch.ones(2, 3, requires_grad=True).unbind()[0].grad_fn)
    [(3,), (3,)]
    """
    if hasattr(node, "_input_metadata"):  # PyTorch: of what goes into backward
        return [tuple(each.shape) for each in node._input_metadata]
    shape = getattr(node, "shape", ())
    return [tuple(each) for each in shape] if isinstance(shape, list) else [tuple(shape)]


def shape_along(graph: Graph, arrow: Arrow) -> tuple[int, ...]:
    """The shape of the tensor that an arrow stands for; () where its node does not tell.

    >>> import tinygrad_edu as torch
    >>> graph = Graph([2 * torch.ones(2, 3, requires_grad=True)])
    >>> shape_along(graph, graph.arrows[0])
    (2, 3)
    """
    tail = graph.boxes[arrow.tail]
    if not tail.is_operation:
        return tuple(tail.thing.shape)
    return dict(enumerate(result_shapes(tail.thing))).get(arrow.output_nr, ())


def grown(before: Sequence[int], after: Sequence[int]) -> list[int]:
    """The dimensions of a shape that broadcasting added to another, or made longer.

    >>> grown((1,), (80, 1)), grown((), (3,)), grown((1, 1, 3), (5, 2, 3))
    ([0], [0], [0, 1])
    """
    padded = [1] * (len(after) - len(before)) + list(before)
    return [dim for dim, size in enumerate(after) if size != padded[dim]]


class Trial:
    """What a backward pass from the roots of a graph would do, starting with ones.

    `sent` has the gradient on each arrow, by its number, `arrived` the one at each box, by its
    number, for its first result. Where a gradient is not known, the number is missing, and
    `obstacle` says why, in a sentence. No `.grad` is changed, and nothing is freed.

    >>> import tinygrad_edu as torch
    >>> w = torch.tensor(3.0, requires_grad=True)
    >>> trial = Trial(Graph([w * w]))
    >>> [trial.sent[arrow].text() for arrow in (0, 1)], w.grad
    (['3', '3'], None)
    """

    def __init__(self, graph: Graph) -> None:
        self.sent: dict[int, Value] = {}
        self.arrived: dict[int, Value] = {}
        self.obstacle = ""
        self._flying: dict[int, dict[int, Any]] = {}  # by box and result: what arrived so far
        self._unknown: set[int] = set()  # boxes at which not all that arrives is known
        self._graph = graph
        self._library = library_of(graph.tensors[0])
        self._into: dict[int, list[int]] = {}
        for number, arrow in enumerate(graph.arrows):
            self._into.setdefault(arrow.head, []).append(number)
        with self._library.no_grad():
            self._start()
            # Results first, so that what arrives at a box is complete.
            for box in in_order(len(graph.boxes), ((a.head, a.tail) for a in graph.arrows)):
                self._pass(box)

    def _start(self) -> None:
        places = {id(box.thing): number for number, box in enumerate(self._graph.boxes)}
        for root in self._graph.tensors:
            if root.requires_grad:
                one = self._library.ones_like(root.detach())
                self._add(places[id(origin(root))], root.output_nr, one)

    def _pass(self, box: int) -> None:
        """Send what arrived at a box on to its inputs."""
        into, flying = self._into.get(box, ()), self._flying.pop(box, {})
        known = box not in self._unknown
        sent = self._called(box, flying) if known and flying else ()
        for number in into:
            arrow = self._graph.arrows[number]
            if sent is None or not known:
                self._unknown.add(arrow.tail)
            elif arrow.slot < len(sent) and sent[arrow.slot] is not None:
                gradient = _summed(sent[arrow.slot], shape_along(self._graph, arrow))
                self.sent[number] = Value.of(gradient)
                self._add(arrow.tail, arrow.output_nr, gradient)

    def _called(self, box: int, flying: dict[int, Any]) -> Sequence[Any] | None:
        """The gradients for the inputs of a box; None where its node cannot say."""
        thing = self._graph.boxes[box].thing
        if not self._graph.boxes[box].is_operation:
            self.arrived[box] = Value.of(flying[0])
            return ()
        arriving = self._filled(result_shapes(thing), flying)
        self.arrived[box] = Value.of(arriving[0])
        if not callable(thing) or thing.__call__ is None:  # its backward was written by a user
            self._stop(thing, "is your own, and drawing runs no code of yours")
            return None
        try:
            sent = thing(*arriving)
        except RuntimeError as error:
            self._stop(thing, _reason(str(error)))
            return None
        return sent if isinstance(sent, tuple) else (sent,)

    def _stop(self, node: Any, reason: str) -> None:
        self.obstacle = self.obstacle or f"{type(node).__name__} {reason}"

    def _filled(self, shapes: list[tuple[int, ...]], flying: dict[int, Any]) -> list[Any]:
        """What arrived for each result, zeros where nothing did."""
        some = next(iter(flying.values()))
        like = {"dtype": some.dtype, "device": some.device}
        return [
            flying[i] if i in flying else self._library.zeros(shape, **like)
            for i, shape in enumerate(shapes)
        ]

    def _add(self, box: int, output_nr: int, gradient: Any) -> None:
        flying = self._flying.setdefault(box, {})
        flying[output_nr] = flying[output_nr] + gradient if output_nr in flying else gradient


def _summed(gradient: Any, shape: tuple[int, ...]) -> Any:
    """The gradient of a tensor of this shape, where broadcasting made it larger."""
    dims = grown(shape, gradient.shape)
    summed = gradient.sum(dims, keepdim=True) if dims else gradient
    return summed if summed.shape == shape else summed.reshape(shape)  # not for sparse ones


def _reason(message: str) -> str:
    """What an error of a node says, in our words."""
    if "freed" in message:
        return "has let go of its saved tensors in an earlier backward pass"
    if "modified by an inplace operation" in message:
        return "finds that a tensor it saved was changed in place since"
    return f"says: {message.partition('. ')[0]}"
