"""Draw the README's pictures again: python tools/readme_picture.py.

They show a loss that an `if` has grown, where one parameter feeds both branches: its graph, and
what backward sends through it.
"""

from pathlib import Path

import tinygrad_edu as torch
import viz

PICTURES = Path(__file__).resolve().parents[1] / "pictures"


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
    graph = viz.make_dot(loss, params)
    graph.render(outfile=PICTURES / "branching_graph.svg", cleanup=True)
    with viz.record():
        loss, params = branching_loss()
        loss.backward()
    gradients = viz.make_dot(loss, params, show_grads=True)
    gradients.render(outfile=PICTURES / "branching_gradients.svg", cleanup=True)
