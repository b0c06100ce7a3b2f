"""How an operation computes and, where a gradient is wanted, leaves a node in the graph.

`unary` and `binary` make an operation from its mathematics: a forward function on arrays and one
rule per input. A rule takes the gradient `g` of the result, then what was saved: the inputs `x`
and `y` and the result `z`. It returns the gradient of its input, the dimensions that broadcasting
added included: the engine sums those. A parameter that a rule does not read starts with an
underscore, and an array that no rule reads is not kept. `record` does the same for operations that
need more than that, after they have computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from threading import get_ident
from typing import Any

import numpy as np

from .. import dtypes
from ..devices import apart
from ..graph import Node, new, next_place, version_of
from ..modes import paused, show, watchers
from ..saved import RESULT, SavedTensor, parameters, reads
from ..several import ManyResults

Rule = Callable[..., Any]
CONSTANT = [0]  # the version counter of an array that nobody else can write to


def node_class(
    name: str,
    *rules: Rule,
    inputs: Sequence[str] = "xy",
    frees: bool = False,
    base: type[Node] = Node,
    constants: Mapping[str, Any] | None = None,
) -> type[Node]:
    """A kind of node: its PyTorch name, and one rule per tensor input, in the inputs' order.

    `inputs` names those of the rules' parameters that are inputs. Backward lets go of what was
    saved if that is an input or the result `z`; `frees` says so of any other array. `constants`
    are `_saved_` attributes that are the same for every node of the kind.
    """
    taken = [parameters(rule) for rule in rules]
    names = tuple(name.lstrip("_") for name in taken[0]) if rules else ()
    origin: dict[str, Any] = {"z": RESULT} | {name: i for i, name in enumerate(inputs)}
    attributes: dict[str, Any] = {
        "__slots__": (),
        "__doc__": f"What {name.partition('Backward')[0]} leaves in the graph.",
        "rules": rules,
        "saved_names": names,
        "origins": tuple(map(origin.get, names)),
        "frees": frees or any(name in origin for row in taken for name in row),
    }
    attributes |= {f"_saved_{constant}": value for constant, value in (constants or {}).items()}
    for position, saved in enumerate(names):
        known_as = TORCH_NAMES.get(saved, saved)
        attributes[f"_saved_{known_as}"], attributes[f"_raw_saved_{known_as}"] = _shown(position)
    if base is ManyResults:
        attributes["rules"], attributes["list_rules"] = (), rules
    return type(name, (base,), attributes)


TORCH_NAMES = {"x": "self", "y": "other", "z": "result"}  # of what rules call so


@cache  # a __getattr__ instead would make every attribute of a node slower
def _shown(position: int) -> tuple[property, property]:
    """What was saved at a position, as a tensor, and the handle that packs it."""
    return (
        property(lambda node: node.saved_value(position)),
        property(lambda node: SavedTensor.of(node, position)),
    )


def wrap(tensor_type: type, array: Any) -> Any:
    """A tensor of `array` that is not part of any graph."""
    z = new(tensor_type)
    z._array = array
    z._node = None
    z._counter = paused.get(get_ident()) if paused else None
    return z


def record(array: Any, kind: type[Node], inputs: tuple[Any, ...], *saved: Any) -> Any:
    """A tensor of `array`, with a node of `kind` behind it if an input requires a gradient.

    `saved` are the rules' arguments: numbers, tuples and arrays as they are, and tensors, of which
    the array is kept together with its version. RESULT among them stands for the result.
    """
    z = new(kind.tensor_type)
    z._array = array
    z._counter = None
    if len(inputs) == 1:
        sources: tuple[Any, ...] = (inputs[0]._node,)
        tracked = sources[0] is not None
    else:
        sources = tuple([None if x is None else x._node for x in inputs])
        tracked = any(sources)
    if not tracked or (paused and get_ident() in paused) or array.dtype.kind != "f":
        z._node = None
        if paused:
            z._counter = paused.get(get_ident())
            if watchers:
                show(None, z, *inputs)
        return z
    z._node = node = new(kind)
    node.sources = sources
    node.versions = ()
    node.saved = _kept(node, saved, z) if kind.frees else saved
    node.shape = array.shape
    node.dtype = array.dtype
    node.hooks = None
    node.place = next_place()
    if watchers:
        show(node, z, *inputs)
    return z


def _kept(node: Node, saved: tuple[Any, ...], z: Any) -> tuple[Any, ...]:
    """What a node keeps of `saved`: of a tensor the array, while it notes the version."""
    values = []
    for value in saved:
        if value is RESULT:
            value = z
        if value.__class__ is node.tensor_type:
            counter = version_of(value)
            node.versions += (counter, counter[0])
            value = value._array
        elif hasattr(value, "ndim"):
            node.versions += (CONSTANT, 0)
        values.append(value)
    return tuple(values)


def record_many(arrays: list[Any], kind: type[Node], inputs: tuple[Any, ...], *saved: Any) -> list:
    """As `record`, for an operation with several results; its rules take a list of gradients."""
    results = [wrap(inputs[0].__class__, array) for array in arrays]
    node = record(arrays[0], kind, inputs, *saved)._node if arrays else None
    if node is not None:
        node.shape = [array.shape for array in arrays]
        node.dtype = [array.dtype for array in arrays]
        node.outputs = {}
        for number, z in enumerate(results):
            z._node = node.output(number) if z._array.dtype.kind == "f" else None
    return results


def check_tensor(function: str, x: Any, position: int = 1, argument: str = "input") -> None:
    """TypeError, in PyTorch's words, unless `x` is a tensor."""
    if not hasattr(x, "_array"):
        kind = (
            type(x).__name__
            if type(x).__module__ == "builtins"
            else (f"{type(x).__module__}.{type(x).__name__}")
        )
        raise TypeError(
            f"{function}(): argument '{argument}' (position {position}) must be Tensor, not {kind}"
        )


def as_floats(x: Any) -> Any:
    """`x` itself, or integers and bools as numbers of the default floating point type."""
    return x if x.dtype.kind == "f" else x.astype(dtypes.default())


def unary(name: str, forward: Callable[[Any], Any], rule: Rule, *, floats: bool = True) -> Any:
    """An operation on one tensor, element by element.

    `rule` takes `g` and then `x`, `z` or both. With `floats`, integers become floats first.
    """
    kind = node_class(f"{name}Backward0", rule, inputs="x")
    kind.full = kind.frees
    saves_x, saves_z = reads(rule, "x"), reads(rule, "z")
    function = name.lower()

    def operation(input: Any) -> Any:
        try:
            x, source = input._array, input._node
        except AttributeError:
            check_tensor(function, input)
            raise
        if floats and x.dtype.kind != "f":
            x = as_floats(x)
        array = forward(x)
        z = new(input.__class__)
        z._array = array
        z._counter = None
        if source is None or (paused and get_ident() in paused):
            z._node = None
            if paused:
                z._counter = paused.get(get_ident())
                if watchers:
                    show(None, z, input)
            return z
        # The node is made here, not by a function: 0.1 microseconds an operation.
        z._node = node = new(kind)
        node.sources = (source,)
        if saves_x:
            node.saved = (x, array) if saves_z else (x,)
            counter = input._counter or version_of(input)
            node.versions = (counter, counter[0])
            if saves_z:
                node.versions += (version_of(z), 0)
        elif saves_z:
            node.saved = (array,)
            z._counter = counter = [0]
            node.versions = (counter, 0)
        else:
            node.saved = node.versions = ()
        node.shape = source.shape
        node.dtype = source.dtype
        node.hooks = None
        node.place = next_place()
        if watchers:
            show(node, z, input)
        return z

    operation.__name__ = operation.__qualname__ = function
    operation.__doc__ = f"`{function}` of each element."
    return operation


def with_constant(name: str, forward: Callable[[Any, Any], Any], rule: Rule, **options: Any) -> Any:
    """An operation on one tensor of floats, element by element, and a Python number.

    `rule` takes `g, x` and the number, or `g` alone.
    """
    kind = node_class(name, rule, inputs="x", **options)
    kind.full = saves = kind.frees

    def operation(self: Any, x: Any, number: Any) -> Any:
        array = forward(x, number)
        z = new(self.__class__)
        z._array = array
        z._counter = None
        source = self._node
        if source is None or (paused and get_ident() in paused):
            z._node = None
            if paused:
                z._counter = paused.get(get_ident())
                if watchers:
                    show(None, z, self, number)
            return z
        z._node = node = new(kind)
        node.sources = (source,)
        if saves:
            node.saved = (x, number)
            counter = self._counter or version_of(self)
            node.versions = (counter, counter[0])
        else:
            node.saved = node.versions = ()
        node.shape = source.shape
        node.dtype = source.dtype
        node.hooks = None
        node.place = next_place()
        if watchers:
            show(node, z, self, number)
        return z

    return operation


def binary(
    name: str,
    forward: Callable[[Any, Any], Any],
    rule_x: Rule,
    rule_y: Rule,
    *,
    symbol: str = "",
    version: int = 0,
    floats: bool = False,
    check: Callable[[Any, Any], None] | None = None,
    **options: Any,
) -> Any:
    """An operation on two tensors, or a tensor and a number, broadcast against each other.

    The rules take `g, x, y`. With `floats`, two integers become floats first, as for division.
    `check(x, y)` may refuse operands of different types. `options` are those of `node_class`.
    """
    name = f"{name}Backward{version}"
    kind = node_class(name, rule_x, rule_y, **options)
    kind_beside_number = node_class(name, rule_x, **options)
    kind_beside_number.untracked_inputs = 1
    x_name, y_name = options.get("inputs", "xy")
    # What is kept, x and y, where x alone is tracked, y alone, or both.
    for_x = reads(rule_x, x_name), reads(rule_x, y_name)
    for_y = reads(rule_y, x_name), reads(rule_y, y_name)
    for_both = for_x[0] or for_y[0], for_x[1] or for_y[1]
    saves = kind.frees
    function = name.lower().partition("backward")[0]

    def operation(input: Any, other: Any) -> Any:
        try:
            x, x_source = input._array, input._node
        except AttributeError:
            if not (isinstance(input, (int, float)) and hasattr(other, "_array")):
                check_tensor(function, input)
            number = np.asarray(input, dtypes.number_dtype(input, other._array.dtype))[()]
            return operation(wrap(other.__class__, number), other)
        tensor_type = input.__class__
        y_type = other.__class__
        if y_type is tensor_type:
            y, y_source = other._array, other._node
            if x.dtype is not y.dtype or floats:
                if check is not None:
                    check(x, y)
                x, y = promoted(x, y, floats)
        else:
            y, y_source = other, None
            if not ((y_type is int or y_type is float) and (x_source or x.dtype.kind == "f")):
                if check is not None and isinstance(other, (int, float)):
                    check(x, other)
                x, y = with_number(input, other, symbol or function, floats)
        try:
            array = forward(x, y)
        except (TypeError, ValueError) as error:
            raise refusal(x, y, error) from None
        z = new(tensor_type)
        z._array = array
        z._counter = None
        if (x_source is None and y_source is None) or (paused and get_ident() in paused):
            z._node = None
            if paused:
                z._counter = paused.get(get_ident())
                if watchers:
                    show(None, z, input, other)
            return z
        if y_type is tensor_type:
            z._node = node = new(kind)
            node.sources = (x_source, y_source)
            node.shape = array.shape
            node.dtype = array.dtype
            if saves:
                keep_x, keep_y = (
                    for_x if y_source is None else for_y if x_source is None else for_both
                )
                node.saved = (x if keep_x else None, y if keep_y else None)
                node.versions = ()
                if keep_x:
                    counter = input._counter or version_of(input)
                    node.versions = (counter, counter[0])
                if keep_y:
                    counter = other._counter or version_of(other)
                    node.versions += (counter, counter[0])
            else:
                node.saved = node.versions = ()
        else:
            z._node = node = new(kind_beside_number)
            node.sources = (x_source,)
            node.shape = x_source.shape
            node.dtype = x_source.dtype
            node.saved = (None, y) if saves else ()
            node.versions = ()
            if for_x[0]:
                node.saved = (x, y)
                counter = input._counter or version_of(input)
                node.versions = (counter, counter[0])
        node.hooks = None
        node.place = next_place()
        if watchers:
            show(node, z, input, other)
        return z

    operation.__name__ = operation.__qualname__ = function
    operation.__doc__ = f"`{function}` of two tensors, element by element; they are broadcast."
    return operation


def promoted(x: Any, y: Any, floats: bool = False) -> tuple[Any, Any]:
    """Both arrays in the type of their common result."""
    if x.dtype != y.dtype:
        common = dtypes.common_dtype(x, y)
        x, y = x.astype(common, copy=False), y.astype(common, copy=False)
    return (as_floats(x), as_floats(y)) if floats else (x, y)


def with_number(self: Any, other: Any, symbol: str, floats: bool = False) -> tuple[Any, Any]:
    """The arrays of a tensor and of a Python number, NumPy number or NumPy array beside it."""
    x = self._array
    if isinstance(other, np.ndarray):
        if self._node is not None:
            raise RuntimeError(NUMPY_OF_TRACKED)
        return promoted(x, other, floats)
    if not isinstance(other, (int, float, np.number, np.bool_)):
        raise TypeError(
            f"unsupported operand type(s) for {symbol}: 'Tensor' and '{type(other).__name__}'"
        )
    common = dtypes.number_dtype(other, x.dtype)
    x = x.astype(common, copy=False)
    if common.kind == "f":
        return x, float(other)
    if common.kind == "b":
        return (as_floats(x), float(other)) if floats else (x, np.bool_(other))
    number = np.int64(int(other)).astype(common)
    return (as_floats(x), float(other)) if floats else (x, number)


def refusal(x: Any, y: Any, error: Exception) -> Exception:
    """Why two arrays could not be computed with, in PyTorch's words."""
    if places := apart(x, y):
        return RuntimeError(
            "Expected all tensors to be on the same device, but found at least two devices, "
            f"{' and '.join(sorted(places, reverse=True))}! Use .to(device) on one of them."
        )
    return broadcast_error(x, y) if isinstance(error, ValueError) else error


def broadcast_error(x: Any, y: Any) -> RuntimeError:
    """PyTorch's words for two shapes that do not fit together."""
    a, b = np.shape(x), np.shape(y)
    for back in range(1, min(len(a), len(b)) + 1):
        if a[-back] != b[-back] and 1 not in (a[-back], b[-back]):
            return RuntimeError(
                f"The size of tensor a ({a[-back]}) must match the size of tensor b ({b[-back]}) "
                f"at non-singleton dimension {max(len(a), len(b)) - back}"
            )
    return RuntimeError(f"The shapes {list(a)} and {list(b)} do not fit together")


NUMPY_OF_TRACKED = (
    "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."
)
