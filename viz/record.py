"""`viz.record()`: keeps what really happens, forward and backward, step by step.

It listens at the public hooks of tinygrad_edu and PyTorch, whichever of them is loaded, and leaves
a note at each node, of the kind that `viz.notes` defines. What a step says is written here; how it
is drawn is not.
"""

from __future__ import annotations

import sys
import warnings
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import get_ident
from types import FrameType
from typing import TYPE_CHECKING, Any

from viz.graph import is_tensor
from viz.libraries import library_of
from viz.notes import KEY, Accumulation, LeafNote, Note, Operand, Pass, Written, note_of
from viz.values import Value
from viz.where import Where, names_in, user_frame, where

if TYPE_CHECKING:
    from viz.stepper import Stepper

LINES = 60  # of the table, where a tape is shown
ARITHMETIC = ("Add", "Sub", "Rsub", "Mul", "Div", "Pow")  # operations whose numbers are inputs
CALLED = ("self", "other")  # what nodes call the first two inputs that they save


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened.

    `kind` is "forward" (an operation computed `event`, a Value), "backward" (a gradient passed it:
    `event` is a Pass), "accumulate" (a leaf's `.grad` was added to: an Accumulation) or "write" (a
    tensor was changed in place: its Value before, None if not known, and after). `turn` counts the
    backward passes from 1; a forward step has that of the next. `note` is the note of the node,
    None for "write".
    """

    kind: str
    name: str  # of the operation or of the variable
    where: Where | None
    event: Any
    turn: int
    note: Any = None

    def text(self) -> str:
        """What happened, with its numbers."""
        return _TEXTS[self.kind](self)


class Tape:
    """What was recorded: `steps` in the order of happening. Prints as a table.

    >>> import tinygrad_edu as torch
    >>> w = torch.tensor(3.0, requires_grad=True)
    >>> with record() as tape:
    ...     loss = w * w
    ...     loss.backward()
    >>> [step.kind for step in tape]
    ['forward', 'backward', 'accumulate']
    """

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __getitem__(self, number: int) -> Step:
        return self.steps[number]

    def __str__(self) -> str:
        """The whole table."""
        return self.table(len(self))

    def __repr__(self) -> str:
        return self.table(LINES)

    def replay(self) -> Stepper:
        """The stepper: what happened, one step after the other, forward and back."""
        from viz.stepper import stepper

        return stepper(self)

    def table(self, lines: int = LINES) -> str:
        """A row for each step: its number, kind, name, numbers, and line; at most `lines` rows."""
        if not self.steps:
            return "an empty tape: no operation on a tensor that requires a gradient was seen"
        rows = [("step", "kind", "what", "numbers", "where")]
        for number, step in enumerate(self.steps[:lines]):
            rows.append((str(number), step.kind, step.name, step.text(), str(step.where or "")))
        widths = [max(map(len, column)) for column in zip(*rows)]
        text = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        more = len(self) - lines
        return "\n".join(text + [f"and {more} more steps"] * (more > 0))


@contextmanager
def record() -> Iterator[Tape]:
    """Record what happens in a `with` block: operations that leave nodes, backward passes through
    them, what is added to `.grad`, and changes in place.

    Works with tensors of tinygrad_edu and PyTorch. Numbers are kept as they were at that moment, of
    a tensor at most 100. Recording is for looking closely: it makes each operation some hundred
    microseconds slower, and copies numbers from a GPU. Operations of other threads are not seen.

    >>> import tinygrad_edu as torch
    >>> w = torch.tensor(3.0, requires_grad=True)
    >>> with record() as tape:
    ...     (w * w).backward()
    >>> print(tape)  # doctest: +SKIP
    step  kind        what          numbers                where
    0     forward     MulBackward0  w * w = 9              line 2
    1     backward    MulBackward0  1 arrives; sends 3, 3  line 2
    2     accumulate  w             grad = 6               line 2
    """
    if get_ident() in _recording:
        raise RuntimeError("viz.record() is at work already: end its `with` block first.")
    _recording.add(get_ident())
    recorder = _Recorder()
    try:
        for name in ("tinygrad_edu", "torch"):
            if name in sys.modules:
                recorder.listen_to(sys.modules[name])
        yield recorder.tape
    finally:
        recorder.stop()
        _recording.remove(get_ident())


_recording: set[int] = set()  # threads


class _Recorder:
    """Writes a tape while it listens."""

    def __init__(self) -> None:
        self.tape = Tape()
        self._handles: list[Any] = []
        self._leaves: dict[int, Any] = {}  # AccumulateGrad nodes: PyTorch drops them with a graph
        self._seen: dict[int, _Seen] = {}  # by id of a tensor
        self._readers: dict[int, list[tuple[Note, str]]] = {}  # by address: who may have saved it
        self._passed: set[int] = set()  # numbers of the notes that this backward pass came to
        self._turn = 0
        self._operations = 0
        self._before: dict[int, Value | None] = {}  # by id: what PyTorch's function wrote over
        self.busy = False  # with a snapshot, whose own operations are nobody's business

    # --- listening -------------------------------------------------------------------------

    def listen_to(self, library: Any) -> None:
        graph = library.autograd.graph
        if hasattr(graph, "register_operation_hook"):
            self._handles.append(graph.register_operation_hook(self.operated))
        else:
            self._handles.append(_listener(library, self))

    def stop(self) -> None:
        for handle in reversed(self._handles):
            handle.remove()
        self._handles.clear()
        self._leaves.clear()

    @contextmanager
    def _undisturbed(self) -> Iterator[None]:
        """While a snapshot is taken; whatever goes wrong with it, the user's program goes on."""
        self.busy = True
        try:
            yield
        except Exception as error:
            warnings.warn(f"viz.record() could not follow a step: {error}", stacklevel=5)
        finally:
            self.busy = False

    def operated(self, node: Any, result: Any, inputs: tuple[Any, ...]) -> None:
        """Called by tinygrad_edu after each operation: see `register_operation_hook`."""
        if self.busy:
            return
        frame = user_frame()
        if _in_backward(frame):
            return
        with self._undisturbed():
            if node is not None:
                self._operation(node, result, inputs, frame, where(frame))
            elif len(inputs) == 1 and inputs[0] is result:
                self._write(result, frame)
            else:
                self._left_out(result, inputs)

    def called(self, inputs: list[Any], written: list[Any], results: list[Any], since: int) -> None:
        """Called after each of PyTorch's functions; `written` are the inputs that it changed, and
        nodes after number `since` are new."""
        with self._undisturbed():
            frame = user_frame()
            self._before = {id(x): self._look_at(x, frame).value for x in written}
            for tensor in written:
                self._write(tensor, frame)
            for result in [*results, *written]:
                if result.grad_fn is None:
                    self._left_out(result, inputs)
                nodes = list(_newer(result.grad_fn, since))
                for node in nodes:
                    own = inputs if len(nodes) == 1 else _sources(node, inputs)
                    what = result if node is result.grad_fn else None
                    self._operation(node, what, own, frame, where(frame))
            self._before.clear()

    def unheard(self, inputs: list[Any], since: int) -> None:
        """Note operations of which no hook told: PyTorch does not tell of `Function.apply`."""
        with self._undisturbed():
            for tensor in inputs:
                for node in _newer(tensor.grad_fn, since):
                    result = tensor if node is tensor.grad_fn else None
                    self._operation(node, result, (), user_frame(), None)

    # --- forward ---------------------------------------------------------------------------

    def _operation(
        self, node: Any, result: Any, inputs: Any, frame: FrameType | None, place: Where | None
    ) -> None:
        operation = type(node).__name__
        operands = _operands(node, inputs)
        note = Note(
            number=self._operations,
            operation=operation,
            where=place,
            name=place.name if place else "",
            inputs=tuple(self._operand(x, frame) for x in operands),
            result=None if result is None else Value.of(result),
        )
        self._operations += 1
        node.metadata[KEY] = note
        if result is not None:
            self._look_at(result, None).value = note.result
        self._handles.append(node.register_hook(partial(self._passed_through, note)))
        for source, _ in node.next_functions:
            if type(source).__name__ == "AccumulateGrad":
                self._watch_leaf(source, frame)
        note.edges = tuple((note_of(source), nr) for source, nr in node.next_functions)
        for what, tensor in [*zip(CALLED, operands), ("result", result)]:
            if is_tensor(tensor):
                seen = self._look_at(tensor, None)
                seen.address = _address(tensor)
                self._readers.setdefault(seen.address, []).append((note, what))
        self._add("forward", operation, place, note.result, note, self._turn + 1)

    def _operand(self, x: Any, frame: FrameType | None) -> Operand:
        if not is_tensor(x):
            return Operand(x, reason="a number")
        seen = self._look_at(x, frame)
        if id(x) in self._before:
            value = self._before[id(x)]
        else:
            value = seen.value = Value.of(x)
        reason = "" if x.requires_grad else seen.reason or "requires_grad=False"
        return Operand(value, seen.name, reason, weakref.ref(x))

    def _look_at(self, tensor: Any, frame: FrameType | None) -> _Seen:
        """What is known of a tensor; where its name is not, it is looked for in the frame."""
        seen = self._seen.get(id(tensor))
        if seen is None or seen.tensor() is not tensor:
            seen = self._seen[id(tensor)] = _Seen(weakref.ref(tensor))
        note = note_of(tensor.grad_fn) if tensor.output_nr == 0 else None
        if not seen.name:
            seen.name = (note.name if note else "") or _variable(tensor, frame)
        if note is not None and not note.name:
            note.name = seen.name
        return seen

    def _left_out(self, result: Any, inputs: Iterable[Any]) -> None:
        """Note why a tensor has no gradient though one of the inputs has."""
        tracked = any(is_tensor(x) and x.requires_grad for x in inputs)
        if tracked and not result.requires_grad and "float" in str(result.dtype):
            enabled = library_of(result).is_grad_enabled()
            reason = "detach()" if enabled else "under no_grad"
            self._look_at(result, None).reason = reason

    def _write(self, tensor: Any, frame: FrameType | None) -> None:
        place, seen, after = where(frame), self._look_at(tensor, frame), Value.of(tensor)
        address = _address(tensor)
        readers = self._readers.setdefault(address, [])
        if seen.address not in (0, address):  # a number is replaced by another
            readers += self._readers.pop(seen.address, [])
            seen.address = address
        for note, what in readers:
            note.written.append(Written(what, place, tensor._version))
        if note_of(tensor.grad_fn) is not None:
            readers.append((note_of(tensor.grad_fn), "result"))
        if tensor.grad_fn is None:  # otherwise it is a step of the graph as well
            name = seen.name or self._grad_name(tensor) or (place.expression if place else "")
            self._add("write", name, place, (seen.value, after), None, self._turn)
        seen.value = after

    def _grad_name(self, tensor: Any) -> str:
        """Such as "w.grad", "" if the tensor is no gradient of a leaf that was seen."""
        owners = (node for node in self._leaves.values() if node.variable.grad is tensor)
        return next((f"{note_of(node).name}.grad" for node in owners), "")

    # --- backward --------------------------------------------------------------------------

    def _passed_through(self, note: Note, sent: Any, arrived: Any) -> None:
        if self.busy:
            return
        with self._undisturbed():
            event = Pass(tuple(map(_value, arrived)), tuple(map(_value, sent)))
            note.passes.append(event)
            before = self.tape.steps[-1].kind
            if before in ("forward", "write") or note.number in self._passed:
                self._turn += 1
                self._passed.clear()
            self._passed.add(note.number)
            place = where(user_frame())
            self._add("backward", note.operation, place, event, note, self._turn)

    def _watch_leaf(self, node: Any, frame: FrameType | None) -> None:
        if id(node) in self._leaves:
            return
        self._leaves[id(node)] = node
        note = node.metadata.setdefault(KEY, LeafNote())
        note.name = self._look_at(node.variable, frame).name or note.name
        before: list[Value | None] = []

        def arriving(_: Any) -> None:
            with self._undisturbed():
                before.append(_value(self._leaves[key].variable.grad))

        def added(_: Any, arrived: Any) -> None:
            with self._undisturbed():
                after = _value(self._leaves[key].variable.grad)
                event = Accumulation(before.pop(), Value.of(arrived[0]), after)
                note.passes.append(event)
                place = where(user_frame())
                self._add("accumulate", note.name, place, event, note, self._turn)

        key = id(node)
        self._handles += [node.register_prehook(arriving), node.register_hook(added)]

    def _add(
        self, kind: str, name: str, place: Where | None, event: Any, note: Any, turn: int
    ) -> None:
        self.tape.steps.append(Step(kind, name, place, event, turn, note))


@dataclass(slots=True)
class _Seen:
    """What a recorder knows of a tensor."""

    tensor: Any  # a weak reference
    name: str = ""
    reason: str = ""  # why it has no gradient though what it was made of has
    value: Value | None = None
    address: int = 0  # where its numbers were


def _sources(node: Any, inputs: Iterable[Any]) -> list[Any]:
    """Those of a call's tensors that went into one of the several nodes that it left."""
    before = [source for source, _ in node.next_functions if source is not None]
    leaves = [getattr(source, "variable", None) for source in before]
    return [
        x
        for x in filter(is_tensor, inputs)
        if any(x.grad_fn is each for each in before) or any(x is leaf for leaf in leaves)
    ]


def _operands(node: Any, inputs: Iterable[Any]) -> list[Any]:
    """The inputs in the order in which the operation is written, without its options."""
    operation = type(node).__name__
    tensors = list(filter(is_tensor, inputs))
    if tensors and operation == "WhereBackward0":
        return [node._saved_condition, *tensors[-2:]]
    if not tensors or not operation.startswith(ARITHMETIC):
        return tensors
    if operation == "PowBackward2":  # 2**x, called with x alone or with both
        return [node._saved_self, *tensors]
    operands = [x for x in inputs if x is not None]
    if len(operands) != 2:  # a function that ends in arithmetic, such as dropout(x, 0.5, True)
        return tensors
    return operands[::-1] if operation == "RsubBackward1" else operands  # 1 - x: rsub(x, 1)


def _listener(library: Any, recorder: _Recorder) -> Any:
    """PyTorch's way to be shown each call of its functions, entered; `remove()` leaves it."""

    class Listener(library.overrides.TorchFunctionMode):
        since: int  # the number of the last node that is known

        def __torch_function__(
            self, function: Any, types: Any, arguments: Any = (), options: Any = None
        ) -> Any:
            options = options or {}
            if recorder.busy:
                return function(*arguments, **options)
            inputs = list(_flat([*arguments, *options.values()]))
            tensors = [x for x in inputs if is_tensor(x) and not x.is_inference()]
            versions = [x._version for x in tensors]
            recorder.unheard(tensors, self.since)
            result = function(*arguments, **options)
            if function not in passes:
                written = [x for x, version in zip(tensors, versions) if x._version > version]
                results = list(filter(is_tensor, _flat([result])))
                recorder.called(inputs, written, results, self.since)
            if library.is_grad_enabled():
                self.since = last_number()
            return result

        def remove(self) -> None:
            self.__exit__(None, None, None)

    def last_number() -> int:
        """The number of a new node: PyTorch counts those of a thread."""
        with library.enable_grad():  # neg saves nothing, which a user's hooks would be given
            return library.ones((), requires_grad=True).neg().grad_fn._sequence_nr()

    passes = (library.Tensor.grad.__get__, library.Tensor.backward, library.autograd.grad)
    listener = Listener()
    listener.since = last_number()
    listener.__enter__()
    return listener


def _flat(things: Iterable[Any]) -> Iterator[Any]:
    """The things, and those in the lists and tuples among them."""
    for thing in things:
        if isinstance(thing, (list, tuple)):
            yield from thing
        else:
            yield thing


def _newer(node: Any, since: int) -> Iterator[Any]:
    """The operations from a node back to those of earlier numbers, inputs before results."""
    found: dict[int, Any] = {}
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if here is None or id(here) in found or type(here).__name__ == "AccumulateGrad":
            continue
        if here._sequence_nr() > since and note_of(here) is None:
            found[id(here)] = here
            waiting += [source for source, _ in here.next_functions]
    return reversed(found.values())


def _in_backward(outside: FrameType | None) -> bool:
    """Whether the engine of tinygrad_edu, which differentiates its own backward, has called since
    the user's frame."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame is not outside:
        if frame.f_globals.get("__name__") == "tinygrad_edu.engine":
            return True
        frame = frame.f_back
    return False


def _variable(tensor: Any, frame: FrameType | None) -> str:
    """The variable of a frame that holds a tensor, "" if none but private ones do."""
    names = (name for name, thing in names_in(frame) if thing is tensor) if frame else ()
    return next((name for name in names if not name.startswith("_")), "")


def _address(tensor: Any) -> int:
    """Where the numbers of a tensor lie, or of what it is a view of."""
    base = tensor if tensor._base is None else tensor._base
    try:
        return base.data_ptr()
    except RuntimeError:  # PyTorch's sparse and made-up tensors have no place
        return id(base)


def _value(tensor: Any) -> Value | None:
    return None if tensor is None else Value.of(tensor)


def _forward_text(step: Step) -> str:
    expression = step.where.expression if step.where else ""
    return f"{expression or step.name} = {step.event.text()}" if step.event else "a part of it"


def _backward_text(step: Step) -> str:
    arrived, sent = ([v.text() if v else "none" for v in values] for values in _sides(step.event))
    return f"{', '.join(arrived)} arrives; sends {', '.join(sent)}"


def _sides(event: Pass) -> tuple[Any, Any]:
    return event.arrived, event.sent


def _accumulate_text(step: Step) -> str:
    before, arrived, after = step.event.before, step.event.arrived, step.event.after
    total = after.text() if after else "none"
    return f"grad = {before.text()} + {arrived.text()} = {total}" if before else f"grad = {total}"


def _write_text(step: Step) -> str:
    before, after = step.event
    return f"{before.text()} becomes {after.text()}" if before else f"becomes {after.text()}"


_TEXTS = {
    "forward": _forward_text,
    "backward": _backward_text,
    "accumulate": _accumulate_text,
    "write": _write_text,
}
