"""`make_dot`: the graph behind a tensor, written as DOT text.

How boxes and arrows look is decided here; which there are, in `viz.graph`, what is written in
them, in `viz.labels`, and how they are drawn, in `viz.render`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from viz.graph import Graph, is_tensor
from viz.labels import escape, label, one_line, readable
from viz.naming import Names

if TYPE_CHECKING:
    from viz.picture import Picture

# Arial is as wide in one Graphviz engine as in the next. White stays white on a dark page.
GRAPH = {"bgcolor": "white", "fontname": "Arial", "nodesep": "0.3", "ranksep": "0.3"}
NODE = {
    "shape": "box",
    "style": "filled",
    "fillcolor": "gray88",
    "color": "gray40",
    "fontname": "Arial",
    "fontsize": "11",
    "height": "0.3",
    "margin": "0.12,0.05",
}
EDGE = {"arrowsize": "0.7", "color": "gray30"}
LOOKS = {
    "root": " fillcolor=lightgreen penwidth=2",
    "operation": "",
    "leaf": " fillcolor=lightskyblue",
    "plain": " fillcolor=white",
    "saved": " fillcolor=orange",
}
NAMES_LISTED = 6


def make_dot(
    var: Any,
    params: Any = None,
    show_attrs: bool = False,
    show_saved: bool = False,
    max_attr_chars: int = 50,
) -> Picture:
    """Draw the graph behind `var`: a `graphviz.Digraph` that shows itself in a notebook.

    A blue box is a leaf that requires a gradient, with its shape. A gray box is a backward
    operation. A green box is the operation that `var` came from, where backward starts. Arrows go
    from inputs to results. Data that needs no gradient has no box.

    `var` is a tensor of tinygrad_edu or PyTorch, any shape and dtype, or a tuple or list of them.
    `params` maps names to tensors, and may be `globals()`: names appear in the boxes, and those
    without a box are listed below with the reason. `show_attrs` lists what each operation saved
    for backward, up to `max_attr_chars` characters (at least 3) of each value; `show_saved` adds
    an orange box for each saved tensor. The same graph gives the same text at every call.

    Raises TypeError if `var` is no tensor, or `params` maps nothing.

    >>> import tinygrad_edu as torch
    >>> w = torch.tensor([2.0], requires_grad=True)
    >>> make_dot(3 * w, params={"w": w})
    a graph: 2 boxes, 1 arrow
    """
    from viz.picture import Picture  # imports graphviz, which takes longer than all the rest

    names = Names(params)
    graph = Graph(_roots(var), show_saved)
    attr_chars = max(max_attr_chars, 3) if show_attrs else 0
    return Picture(
        comment=_caption(graph, names),
        format="svg",
        graph_attr=GRAPH,
        node_attr=NODE,
        edge_attr=EDGE,
        body=[*_boxes(graph, names, attr_chars), *_arrows(graph), *_note(graph, names)],
    )


def _boxes(graph: Graph, names: Names, attr_chars: int) -> Iterator[str]:
    for number, box in enumerate(graph.boxes):
        text = label(box, names.of(box), attr_chars)
        yield f'\tn{number} [label="{text}"{LOOKS[box.kind]}]\n'


def _arrows(graph: Graph) -> Iterator[str]:
    for arrow in graph.arrows:
        yield f"\tn{arrow.tail} -> n{arrow.head}\n"
    for tail, head in graph.ties:
        yield f"\tn{tail} -> n{head} [style=dashed dir=none]\n"


def _note(graph: Graph, names: Names) -> Iterator[str]:
    """Say below the picture which names have no box."""
    reasons: dict[str, list[str]] = {}
    for name, reason in names.without_box(graph):
        reasons.setdefault(reason, []).append(one_line(readable(name)))
    lines = [f"no box, {reason}: {_listed(group)}" for reason, group in reasons.items()]
    if lines:
        text = "".join(f"{escape(line)}\\l" for line in lines)
        yield f'\tgraph [label="&nbsp;\\l{text}" labeljust=l fontsize=10 fontcolor=gray30]\n'


def _listed(names: list[str]) -> str:
    more = len(names) - NAMES_LISTED
    return ", ".join(names[:NAMES_LISTED]) + (f" and {more} more" if more > 0 else "")


def _caption(graph: Graph, names: Names) -> str:
    """The picture in one line, such as "the graph of loss: 11 boxes, 11 arrows"."""
    roots = [name for box in graph.boxes[: graph.roots] for name in names.of(box)]
    subject = f"the graph of {', '.join(map(readable, roots))}" if roots else "a graph"
    boxes, arrows = len(graph.boxes), len(graph.arrows)
    return one_line(
        f"{subject}: {_count(boxes, 'box', 'boxes')}, {_count(arrows, 'arrow', 'arrows')}"
    )


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _roots(var: Any) -> list[Any]:
    roots = list(var) if isinstance(var, (tuple, list)) else [var]
    for root in roots or [var]:
        if not is_tensor(root):
            got = "None" if root is None else f"{type(root).__name__!r}"
            raise TypeError(f"make_dot draws the graph of a tensor, and got {got}. {_advice(root)}")
    return roots


def _advice(thing: Any) -> str:
    """What to pass instead of `thing`, which is no tensor."""
    if thing is None:
        return "Pass the result of a computation; backward() and print() return None."
    if isinstance(thing, str):
        return "Pass the tensor itself, not its name."
    if hasattr(thing, "next_functions"):
        return "Pass the tensor itself, not its grad_fn."
    if isinstance(thing, (int, float, complex)) or hasattr(thing, "__array__"):
        return "It keeps no graph: pass the tensor that it was taken from."
    if callable(thing):
        return "Pass what it returns: loss.mean() is a tensor, loss.mean is not."
    return "Pass a tensor, or a tuple or list of tensors."
