"""`make_dot`: the graph behind a tensor, written as DOT text.

Its options are read here, and answered elsewhere: which boxes there are, in `viz.graph`, what more
is told about them, in `viz.layers`, how they look as DOT text, in `viz.drawing`, and who draws that
text, in `viz.render`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viz.drawing import draw
from viz.folding import Folded
from viz.graph import Graph
from viz.layers import Layer
from viz.layers.derivatives import Derivatives
from viz.layers.ghosts import Ghosts
from viz.layers.grads import Grads
from viz.layers.places import Places, Tooltips
from viz.layers.shapes import Shapes
from viz.layers.state import State
from viz.layers.values import Values
from viz.naming import Names
from viz.roots import roots
from viz.styles import ARTICLE, TORCHVIZ
from viz.torchviz import TorchvizGraph

if TYPE_CHECKING:
    from viz.picture import Picture

STYLES = {"article": (ARTICLE, Graph), "torchviz": (TORCHVIZ, TorchvizGraph)}
DIRECTIONS: dict[str, dict[str, str]] = {
    "TB": {},
    "LR": {"rankdir": "LR"},
    "BT": {"rankdir": "BT"},
    "RL": {"rankdir": "RL"},
}
LAYERS: dict[str, type[Layer]] = {  # what the options that tell more are made of
    "show_values": Values,
    "show_grads": Grads,
    "show_ghosts": Ghosts,
    "show_lines": Places,
    "show_shapes": Shapes,
    "show_derivatives": Derivatives,
    "show_state": State,
}


def make_dot(
    var: Any,
    params: Any = None,
    show_attrs: bool = False,
    show_saved: bool = False,
    max_attr_chars: int = 50,
    *,
    show_values: bool = False,
    show_grads: bool = False,
    show_ghosts: bool = False,
    show_lines: bool = False,
    show_shapes: bool = False,
    show_derivatives: bool = False,
    show_state: bool = False,
    style: str = "article",
    direction: str = "TB",
    size: Any = None,
    legend: bool = False,
    fold: bool = False,
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

    More can be told, each by an option: `show_values` the numbers in each box; `show_grads` the
    gradient on each arrow, and how they add up in `.grad`; `show_ghosts` dashed boxes for what gets
    no gradient, with the reason; `show_lines` the source line of each box; `show_shapes` shapes,
    and what broadcasting does to them, there and back; `show_derivatives` the local derivative on
    each arrow, checked by a finite difference; `show_state` what was freed or changed in place.
    Recorded with `viz.record()`, a graph knows all of this. Of another, what can be known is told,
    gradients by a trial of backward that changes nothing.

    Raises TypeError if `var` is no tensor, or `params` maps nothing.

    >>> import tinygrad_edu as torch
    >>> w = torch.tensor([2.0], requires_grad=True)
    >>> make_dot(3 * w, params={"w": w})
    a graph: 2 boxes, 1 arrow
    """
    asked = {
        "show_values": show_values,
        "show_grads": show_grads,
        "show_ghosts": show_ghosts,
        "show_lines": show_lines,
        "show_shapes": show_shapes,
        "show_derivatives": show_derivatives,
        "show_state": show_state,
    }
    drawer, graph_of = _one_of("style", style, STYLES)
    layout = _one_of("direction", direction, DIRECTIONS) | _size(size)
    names = Names(params)
    graph = graph_of(roots(var, "make_dot draws"), show_saved)
    names.move_to_results(graph)
    layers = [layer(graph, names) for layer in _layers(asked, style)]
    return draw(
        graph,
        names,
        layers,
        attr_chars=max(max_attr_chars, 3) if show_attrs else 0,
        style=drawer,
        layout=layout,
        legend=legend,
        folding=Folded(graph) if fold else None,
    )


def _layers(asked: dict[str, bool], style: str) -> list[type[Layer]]:
    """Lines in tooltips always, and what was asked for."""
    wanted = [option for option, wish in asked.items() if wish]
    if wanted and style != "article":
        raise ValueError(
            f"{wanted[0]} needs style='article': style={style!r} draws what that package draws."
        )
    return [Tooltips, *(LAYERS[option] for option in wanted)]


def _one_of(option: str, choice: Any, choices: dict[str, Any]) -> Any:
    if isinstance(choice, str) and choice in choices:
        return choices[choice]
    listed = ", ".join(map(repr, choices))
    raise ValueError(f"{option} is one of {listed}, and here it is {choice!r}.")


def _size(inches: Any) -> dict[str, str]:
    """The largest width and height of the picture, as DOT has it."""
    if inches is None:
        return {}
    sides = inches if isinstance(inches, (tuple, list)) else (inches, inches)
    numbers = [side for side in sides if isinstance(side, (int, float)) and 0 < side < float("inf")]
    if len(sides) == len(numbers) == 2:
        return {"size": f"{numbers[0]:g},{numbers[1]:g}"}
    raise ValueError(
        f"size is in inches: a number above 0, or (width, height), and here it is {inches!r}."
    )
