"""The gradients that travel along the arrows: those of the last recorded backward pass, or, where
none was recorded, those of a trial."""

from __future__ import annotations

from viz.graph import Graph
from viz.libraries import Trial
from viz.notes import Note, note_of
from viz.values import Value


class Flows:
    """Which gradient travels along which arrow of a graph, and which arrive at an operation.

    `recorded` says whether a backward pass was; if not, `obstacle` is why the trial of one did not
    come to its end, in a sentence, or "".

    >>> import tinygrad_edu as torch
    >>> w = torch.tensor(3.0, requires_grad=True)
    >>> Flows(Graph([w * w])).along(0).text()
    '3'
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        notes = (note_of(box.thing) for box in graph.boxes if box.is_operation)
        self.recorded = any(isinstance(note, Note) and note.passes for note in notes)
        self._trial = None if self.recorded else Trial(graph)
        self.obstacle = self._trial.obstacle if self._trial else ""

    def along(self, arrow: int) -> Value | None:
        """The gradient on an arrow, None where it is not known or there was none."""
        if self._trial:
            return self._trial.sent.get(arrow)
        _, head, slot, _ = self._graph.arrows[arrow]
        note = note_of(self._graph.boxes[head].thing)
        sent = note.passes[-1].sent if isinstance(note, Note) and note.passes else ()
        return sent[slot] if slot < len(sent) else None

    def arriving(self, box: int) -> Value | None:
        """The gradient that arrives at an operation for its first result, None if unknown."""
        if self._trial:
            return self._trial.arrived.get(box)
        note = note_of(self._graph.boxes[box].thing)
        return note.passes[-1].arrived[0] if isinstance(note, Note) and note.passes else None
