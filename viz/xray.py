"""`xray`: the tensors of a computation as tables, wired to the backward nodes that belong to them.

The tables show what the attributes of the tensors and nodes hold; an arrow goes from an attribute
to the thing that it holds. How that looks as DOT text is decided in `viz.tables`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, Any

from viz.drawing import unplaced
from viz.graph import Box, Graph, is_tensor, origin, saved_tensors, saved_values
from viz.labels import counted, in_parentheses, one_line, readable
from viz.naming import Names, memory
from viz.roots import roots
from viz.styles import GRAPH, Look
from viz.tables import NODE, Row, Table, Wire, body, note
from viz.values import Value, number_text

if TYPE_CHECKING:
    from viz.picture import Picture

NODE_COLOR = "gray88"
GRAD_FN_ROW = 2  # of a tensor's table
GRAD_FN = {"color": "black", "penwidth": "2"}
NEXT = {"color": "gray30"}
SAVED = {"color": "#b35900", "style": "dashed"}
VARIABLE = {"color": "#0072b2", "penwidth": "2"}
READ_ME = (
    "Follow the arrows: backward starts at the grad_fn of the green table, goes on along",
    "next_functions, and at each AccumulateGrad adds what arrives to the .grad of its variable.",
)
READ_ME_TOO = "Dashed arrows lead to tensors that were saved for backward."


def xray(var: Any, params: Any = None, operations: int = 40) -> Picture:
    """Draw what the tensors and the backward nodes behind `var` hold: the X-ray of a computation.

    A table with a green head is `var`, one with a blue head is a leaf that requires a gradient, a
    white one is another tensor. Gray tables are backward nodes, with what they saved and where
    they go on. An arrow goes from an attribute to the tensor or node that it holds.

    `var` is a tensor of tinygrad_edu or PyTorch, or a tuple or list of them. `params` maps names to
    tensors, and may be `globals()`; a result that has a name there gets a table of its own. Of a
    graph with more `operations` than that (at least 1), those nearest to `var` are drawn.

    Raises TypeError if `var` is no tensor, `params` maps nothing or `operations` is no integer.

    >>> import tinygrad_edu as torch
    >>> a = torch.tensor([5.0], requires_grad=True)
    >>> xray(a**3, params={"a": a})
    an X-ray: 2 tensors, 2 backward nodes
    """
    from viz.picture import Picture  # imports graphviz, which takes longer than all the rest

    if not isinstance(operations, int):
        raise TypeError(f"operations is how many to draw, an integer, and got {operations!r}.")
    tables = _Tables(roots(var, "xray draws"), Names(params), operations)
    return Picture(
        comment=tables.caption(),
        format="svg",
        graph_attr=GRAPH,
        node_attr=NODE,
        edge_attr={"arrowsize": "0.7"},
        body=[
            *body(tables.tables, tables.wires),
            *note(tables.remarks()),
        ],
    )


class _Tables:
    """The tables and wires of an X-ray."""

    def __init__(self, tensors: list[Any], names: Names, operations: int) -> None:
        self.names = names
        self.tables: list[Table] = []
        self.wires: list[Wire] = []
        self.tensors: dict[int, Any] = {}  # by the number of their table
        self.numbers: dict[Hashable, int] = {}
        graph = Graph(tensors)
        self.boxes = graph.boxes
        nodes = [box.thing for box in self.boxes if box.is_operation]
        self.nodes = nodes[: max(operations, 1)]
        self.hidden = len(nodes) - len(self.nodes)
        self.starts = [self._tensor(tensor, "lightgreen") for tensor in tensors]
        for node in self.nodes:
            self._place(id(node), Table(type(node).__name__, "", NODE_COLOR))
        for node in self.nodes:
            self._fill(node)
        self._results()

    def caption(self) -> str:
        """The X-ray in one line."""
        named = [name for number in self.starts for name in self._names(self.tensors[number])]
        of = f" of {', '.join(map(readable, named))}" if named else ""
        tensors = counted(len(self.tensors), "tensor", "tensors")
        nodes = counted(len(self.tables) - len(self.tensors), "backward node", "backward nodes")
        return one_line(f"an X-ray{of}: {tensors}, {nodes}")

    def remarks(self) -> Iterator[str]:
        """Lines below the picture."""
        if self.nodes:
            yield from READ_ME
        if any("style" in wire.look for wire in self.wires):
            yield READ_ME_TOO
        if self.hidden:
            yield (
                f"{counted(self.hidden, 'operation', 'operations')} further back not shown: "
                "take the X-ray of a tensor there, or pass operations=..."
            )
        known = Graph([])
        known.boxes = [*self.boxes, *(Box("saved", tensor) for tensor in self.tensors.values())]
        yield from unplaced(known, self.names)

    def _place(self, key: Hashable, table: Table) -> int:
        self.numbers[key] = number = len(self.tables)
        self.tables.append(table)
        return number

    def _tensor(self, tensor: Any, color: str = "white") -> int:
        """The number of a tensor's table."""
        key = _key(tensor)
        if key in self.numbers:
            return self.numbers[key]
        if tensor.grad_fn is None:
            color = "lightskyblue" if tensor.requires_grad else "white"
        shape = f"shape {in_parentheses(tensor.shape)}"
        number = self._place(key, Table(self._name(tensor) or "tensor", shape, color))
        self.tables[number].rows += _rows(tensor)
        self.tensors[number] = tensor
        return number

    def _fill(self, node: Any) -> None:
        """The rows of a backward node."""
        number = self.numbers[id(node)]
        for attribute, value in _saved(node):
            if is_tensor(value):
                row = Row(attribute, self._name(value) or _numbers(value))
                look = SAVED | ({"constraint": "false"} if value.grad_fn is node else {})
                self._row(number, row, self._tensor(value), look)
            else:
                color = "tomato" if value == "changed in place" else "white"
                self._row(number, Row(attribute, str(value), color))
        last = len(node.next_functions) - 1
        for slot, edge in enumerate(node.next_functions):
            text, head = self._next(*edge)
            side = "s" if slot == last else "w"
            self._row(number, Row(f"next_functions[{slot}]", text), head, NEXT, side)

    def _row(
        self, number: int, row: Row, head: int | None = None, look: Look = NEXT, side: str = "e"
    ) -> None:
        """A row of a table, wired to the head of another if there is one."""
        if head is not None:
            self.wires.append(Wire(number, len(self.tables[number].rows), head, look, side))
        self.tables[number].rows.append(row)

    def _next(self, node: Any, result: int) -> tuple[str, int | None]:
        """What one of `next_functions` says, and the number of the table to which it leads."""
        if node is None:
            return "None (needs no gradient)", None
        name = type(node).__name__
        if name == "AccumulateGrad":
            return name, self._accumulator(node.variable)
        text = f"result {result + 1} of {name}" if result else name
        head = self.numbers.get(id(node))
        return (f"{text} (not shown)" if head is None else text), head

    def _accumulator(self, leaf: Any) -> int:
        """The number of the table of the node that adds to a leaf's `.grad`."""
        key = ("accumulates", id(leaf))
        if key not in self.numbers:
            name = "".join(map(readable, self._names(leaf)[:1]))
            number = self._place(key, Table("AccumulateGrad", f"adds to {name}.grad", NODE_COLOR))
            self._row(number, Row("variable", name or "tensor"), self._tensor(leaf), VARIABLE)
        return self.numbers[key]

    def _results(self) -> None:
        """Tables for results that have names, and the wires from all results to their nodes."""
        shown = set(map(id, self.nodes))
        for tensor in self.names.tensors():
            if id(tensor.grad_fn) in shown:
                self._tensor(tensor)
        for number, tensor in self.tensors.items():
            node = id(tensor.grad_fn)
            if node in shown:
                self.wires.append(Wire(number, GRAD_FN_ROW, self.numbers[node], GRAD_FN))

    def _names(self, tensor: Any) -> list[str]:
        return self.names.of(Box("saved", tensor))

    def _name(self, tensor: Any) -> str:
        return ", ".join(map(readable, self._names(tensor)))


def _key(tensor: Any) -> Hashable:
    """What tells a tensor from others: its place in the graph, or the memory of its data."""
    return (id(origin(tensor)), tensor.output_nr) if tensor.requires_grad else memory(tensor)


def _rows(tensor: Any) -> Iterator[Row]:
    yield Row("data", _numbers(tensor))
    yield Row("grad", _grad(tensor))
    none = "None (a leaf)" if tensor.requires_grad else "None (no graph)"
    yield Row("grad_fn", none if tensor.grad_fn is None else type(tensor.grad_fn).__name__)
    yield Row("is_leaf", str(tensor.is_leaf))
    yield Row("requires_grad", str(tensor.requires_grad))


def _grad(tensor: Any) -> str:
    if not (tensor.is_leaf or tensor.retains_grad):  # PyTorch warns of asking such a tensor
        return "None (not a leaf)"
    return "None" if tensor.grad is None else _numbers(tensor.grad)


def _numbers(tensor: Any) -> str:
    return Value.of(tensor).text()


def _saved(node: Any) -> Iterator[tuple[str, Any]]:
    """What a node saved: tensors, or why they cannot be read, and numbers that say something."""
    for name, value in saved_tensors(Box("operation", node)):
        yield name if name.startswith("saved_tensors") else f"_saved_{name}", value
    for name, value in saved_values(node):
        if isinstance(value, (int, float)) and (name, value) != ("alpha", 1):
            yield f"_saved_{name}", number_text(value)
