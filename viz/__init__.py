"""Pictures of a computation graph, drawn from any tensor that has a `grad_fn`.

`make_dot(result)` is the door. The package knows a graph only by what PyTorch's tensors and nodes
show in public, so it draws PyTorch's graphs as well as those of tinygrad_edu, and imports neither.
"""

from viz.compare import compare
from viz.descent import Descent
from viz.dot import make_dot
from viz.outline import outline
from viz.playground import Playground
from viz.record import record
from viz.stepper import stepper
from viz.xray import xray

__all__ = ["Descent", "Playground", "compare", "make_dot", "outline", "record", "stepper", "xray"]
