"""Draw the README's picture again: python tools/readme_picture.py.

It is the graph of a loss that an `if` has grown: one parameter, w, feeds both branches.
"""

from pathlib import Path

import tinygrad_edu as torch
from viz import make_dot

PICTURE = Path(__file__).resolve().parents[1] / "pictures" / "branching_graph.svg"


def branching_loss() -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """Return a loss with two branches, and its parameters by name."""
    torch.manual_seed(42)
    b = torch.randn(1, requires_grad=True)
    w = torch.randn(1, requires_grad=True)
    x = torch.rand(80, 1)
    y = 1 + 2 * x
    loss = ((y - (b + w * x)) ** 2).mean()
    if loss > 0:
        loss = loss + (y - w * x).mean()
    return loss, {"b": b, "w": w}


if __name__ == "__main__":
    loss, params = branching_loss()
    PICTURE.write_text(make_dot(loss, params=params).pipe("svg", encoding="utf-8"))
