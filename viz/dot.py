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
from viz.layers.counts import Counts
from viz.layers.derivatives import Derivatives
from viz.layers.ghosts import Ghosts
from viz.layers.grads import Grads
from viz.layers.marks import Marks
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
    "show_marks": Marks,
    "show_counts": Counts,
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
    show_marks: bool = False,
    show_counts: bool = False,
    style: str = "article",
    direction: str = "TB",
    size: float | tuple[float, float] | None = None,
    legend: bool = False,
    fold: bool = False,
) -> Picture:
    """Draw the graph behind `var`: a `graphviz.Digraph` that shows itself in a notebook.

    A blue box is a leaf that requires a gradient, with its shape. A gray box is a backward
    operation. A green box is the operation that `var` came from, where backward starts. Arrows go
    from inputs to results. Data that needs no gradient has no box. The same graph gives the same
    text at every call, and neither graph nor tensors are changed.

    `var` is a tensor of tinygrad_edu or PyTorch, any shape and dtype, or a tuple or list of them.

    >>> import tinygrad_edu as torch
    >>> x = torch.ones(80, 1)
    >>> b, w = torch.zeros(1, requires_grad=True), torch.ones(1, requires_grad=True)
    >>> yhat = b + w * x
    >>> loss = ((1 - yhat) ** 2).mean()
    >>> make_dot(loss)
    a graph: 7 boxes, 6 arrows
    >>> make_dot([yhat, loss])
    a graph: 7 boxes, 6 arrows

    `params` maps names to tensors. They appear in the boxes, and those without a box are listed
    below with the reason. It may be `globals()`: what is no tensor is passed over.

    >>> make_dot(loss, params={"b": b, "w": w, "loss": loss})
    the graph of loss: 7 boxes, 6 arrows
    >>> picture = make_dot(loss, params=globals())

    What the picture tells, each by an option, and together as you like:

    - `show_attrs` lists what each operation saved for backward, up to `max_attr_chars` characters
      (at least 3) of each value; `show_saved` adds an orange box for each saved tensor.
    - `show_values` writes the numbers into the boxes.
    - `show_grads` writes the gradient beside each arrow, and how they add up in `.grad`.
    - `show_ghosts` adds a dashed box for what gets no gradient, with the reason.
    - `show_lines` writes the source line of each box.
    - `show_shapes` tells the shapes, and what broadcasting does to them, there and back.
    - `show_derivatives` writes the local derivative beside each arrow, and checks it.
    - `show_state` tells what was freed, changed in place or accumulated.
    - `show_marks` tells custom functions, views, retained gradients and hooks.
    - `show_counts` counts parameters and their numbers below the picture.

    >>> picture = make_dot(loss, show_attrs=True, max_attr_chars=20)
    >>> make_dot(loss, show_saved=True)
    a graph: 9 boxes, 6 arrows
    >>> picture = make_dot(loss, globals(), show_values=True, show_grads=True)
    >>> make_dot(loss, globals(), show_ghosts=True, show_shapes=True, show_derivatives=True)
    the graph of loss: 8 boxes, 6 arrows
    >>> picture = make_dot(loss, show_lines=True, show_state=True)
    >>> "2 parameters: 2 numbers" in make_dot(loss, show_marks=True, show_counts=True).source
    True

    Recorded with `viz.record()`, a graph knows all of this. Of another, what can be known is told,
    gradients by a trial of backward that changes nothing.

    How it is drawn: `legend` says below the picture what the colors mean; `direction` is "TB" (top
    to bottom), "LR", "BT" or "RL"; `size` is the largest width and height in inches, or a number
    for both; `style="torchviz"` draws what the package torchviz draws, in its colors.

    >>> picture = make_dot(loss, legend=True, direction="LR", size=(8, 3))
    >>> make_dot(loss, style="torchviz")
    a graph: 10 boxes, 9 arrows

    `fold` draws repeated blocks once, such as equal layers, or the turns of a loop: of three or
    more in a row, alike and each fed by the one before, the last is drawn in a frame. Arrows marked
    "each" lead into or out of every block, "next" leads into the next one.

    >>> y = torch.ones(1, requires_grad=True)
    >>> for _ in range(50):
    ...     y = (w * y).tanh()
    >>> make_dot(y, fold=True)
    a graph: 102 boxes, 150 arrows, folded into 4 boxes

    `.render("loss")` draws loss.svg, `.render("loss", format="png")` loss.png, and "pdf" works
    where Graphviz itself is installed. `.source` is the DOT text, `.save("loss.gv")` writes it.

    >>> print(make_dot(loss).source.splitlines()[5].strip())
    n0 [label="MeanBackward0" fillcolor=lightgreen penwidth=2]

    Raises TypeError if `var` is no tensor, or `params` maps nothing, and ValueError for a value
    that an option does not have.
    """
    asked = {
        "show_values": show_values,
        "show_grads": show_grads,
        "show_ghosts": show_ghosts,
        "show_lines": show_lines,
        "show_shapes": show_shapes,
        "show_derivatives": show_derivatives,
        "show_state": show_state,
        "show_marks": show_marks,
        "show_counts": show_counts,
        "fold": fold,
    }
    drawer, graph_of = _one_of("style", style, STYLES)
    layout = _one_of("direction", direction, DIRECTIONS) | _size(size)
    layers_asked = _layers(asked, style)
    names = Names(params)
    graph = graph_of(roots(var, "make_dot draws"), show_saved)
    names.move_to_results(graph)
    return draw(
        graph,
        names,
        layers=[layer(graph, names) for layer in layers_asked],
        attr_chars=_chars(max_attr_chars) if show_attrs else 0,
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
    return [Tooltips, *(LAYERS[option] for option in wanted if option in LAYERS)]


def _one_of(option: str, choice: Any, choices: dict[str, Any]) -> Any:
    if isinstance(choice, str) and choice in choices:
        return choices[choice]
    listed = ", ".join(map(repr, choices))
    raise ValueError(f"{option} is one of {listed}, and here it is {choice!r}.")


def _chars(number: Any) -> int:
    if isinstance(number, int):
        return max(number, 3)
    raise ValueError(f"max_attr_chars is a number of characters, and here it is {number!r}.")


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
