"""A GPU that is not there: arrays that can what CuPy's can, and refuse what CuPy's refuse.

`module()` stands in for CuPy, so `device='cuda'` runs without a GPU. Its arrays keep their numbers
in a NumPy array that nobody else sees. What CuPy does not have, by the names in `cupy_names.json`,
raises AttributeError, arguments that it does not take and NumPy arrays among its own TypeError, as
there; reading a value is counted in `waits`, because a real GPU would have to be waited for.
"""

from __future__ import annotations

import inspect
import json
import sys
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

STORED = json.loads(Path(__file__).with_name("cupy_names.json").read_text(encoding="utf-8"))
FUNCTIONS, METHODS, UFUNCS = STORED["functions"], STORED["methods"], STORED["ufuncs"]
NAME = "pretended_cupy"

OPERATORS = "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift"
COMPARISONS = "lt le gt ge eq ne"


@cache
def signature(parameters: str) -> inspect.Signature:
    """The signature written in `cupy_names.json`."""
    return inspect.signature(eval(f"lambda {parameters}: None"))


def checked(owner: str, name: str, parameters: str | None, *args: Any, **kwargs: Any) -> None:
    """TypeError for arguments that CuPy does not take."""
    try:
        signature(parameters or "").bind(*args, **kwargs)
    except TypeError as error:
        raise TypeError(f"CuPy's {owner}{name}({parameters}): {error}") from None


def host(value: Any) -> Any:
    """What NumPy gets: our arrays' numbers, in lists and tuples too; TypeError for its own."""
    if isinstance(value, ndarray):
        return value._host
    if isinstance(value, np.ndarray):
        raise TypeError("Unsupported type <class 'numpy.ndarray'>: CuPy does not copy by itself")
    if type(value) in (list, tuple):
        return type(value)(map(host, value))
    return value


def held(value: Any) -> Any:
    """What CuPy gives back: arrays, also of no dimensions, and tuples of them."""
    if isinstance(value, np.ndarray | np.generic):
        return ndarray(np.asarray(value))
    if type(value) in (list, tuple):
        return type(value)(map(held, value))
    return value


def called(function: Any, *args: Any, **kwargs: Any) -> Any:
    """NumPy's function on what our arrays hold, without NumPy's warnings, which CuPy has not."""
    kwargs = {key: host(value) for key, value in kwargs.items()}
    with np.errstate(all="ignore"):
        result = held(function(*map(host, args), **kwargs))
    return result


class ndarray:
    """As cupy.ndarray."""

    waits = 0  # how often a value was read
    device = SimpleNamespace(id=0)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, array: np.ndarray) -> None:
        self._host = array

    def __array__(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("Implicit conversion to a NumPy array is not allowed. Use .get()")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        function = getattr(sys.modules[NAME], ufunc.__name__)
        inputs = tuple(  # CuPy unpacks what NumPy's scalars on the left became
            x.item() if isinstance(x, np.ndarray) and x.ndim == 0 else x for x in inputs
        )
        return (function if method == "__call__" else getattr(function, method))(*inputs, **kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        name = ".".join([*function.__module__.split(".")[1:], function.__name__])
        return getattr(sys.modules[NAME], name)(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in METHODS or name == "flat":  # takes no index arrays
            raise AttributeError(f"cupy.ndarray has no attribute {name!r}")
        if METHODS[name] is None:
            return held(getattr(self._host, name))

        def method(*args: Any, **kwargs: Any) -> Any:
            checked("ndarray.", name, METHODS[name], *args, **kwargs)
            return called(getattr(self._host, name), *args, **kwargs)

        return method

    @property
    def data(self) -> Any:
        return SimpleNamespace(ptr=self._host.__array_interface__["data"][0])

    def get(self) -> np.ndarray:
        return self._host.copy()

    def _value(self, kind: Any) -> Any:
        ndarray.waits += 1
        return kind(self._host)

    def item(self) -> Any:
        return self._value(np.ndarray.item)

    def tolist(self) -> Any:
        return self._value(np.ndarray.tolist)

    def __bool__(self) -> bool:
        return self._value(bool)

    def __int__(self) -> int:
        return self._value(int)

    def __float__(self) -> float:
        return self._value(float)

    def __index__(self) -> int:
        return self._value(np.ndarray.__index__)

    def __len__(self) -> int:
        return len(self._host)

    def __neg__(self) -> Any:
        return called(np.negative, self)

    def __abs__(self) -> Any:
        return called(np.abs, self)

    def __invert__(self) -> Any:
        return called(np.invert, self)

    def __getitem__(self, index: Any) -> Any:
        parts = index if isinstance(index, tuple) else (index,)
        if not any(part is ... for part in parts):
            parts = (*parts, ...)  # a view, where NumPy gives a number
        return ndarray(self._host[host(parts)])

    def __setitem__(self, index: Any, value: Any) -> None:
        self._host[host(index)] = host(value)


def _operator(name: str) -> Any:
    def operator(self: ndarray, other: Any) -> Any:
        if not isinstance(other, ndarray | int | float | np.generic):
            if isinstance(other, np.ndarray):
                host(other)
            return NotImplemented
        return called(getattr(np.ndarray, name), self, other)

    return operator


for _name in OPERATORS.split():
    for _form in (f"__{_name}__", f"__r{_name}__"):
        setattr(ndarray, _form, _operator(_form))
    if _name != "matmul":

        def _in_place(self: ndarray, other: Any, _form: str = f"__i{_name}__") -> ndarray:
            getattr(self._host, _form)(host(other))
            return self

        setattr(ndarray, f"__i{_name}__", _in_place)
for _name in COMPARISONS.split():
    setattr(ndarray, f"__{_name}__", _operator(f"__{_name}__"))
ndarray.__module__ = f"{NAME}.arrays"


class Function:
    """One of CuPy's functions; a ufunc has methods too."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.numpy = np
        for part in name.split("."):
            self.numpy = getattr(self.numpy, part)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        checked("", self.name, FUNCTIONS[self.name], *args, **kwargs)
        return called(self.numpy, *args, **kwargs)

    def __getattr__(self, method: str) -> Any:
        if self.name not in UFUNCS or method not in ("at", "reduce", "accumulate", "outer"):
            raise AttributeError(f"cupy.{self.name} has no {method}")
        return lambda *args, **kwargs: called(getattr(self.numpy, method), *args, **kwargs)


class Module(ModuleType):
    """As cupy: its functions by their names."""

    def __getattr__(self, name: str) -> Any:
        if name == "linalg":
            return SimpleNamespace(
                **{n[7:]: Function(n) for n in FUNCTIONS if n.startswith("linalg.")}
            )
        if name not in FUNCTIONS:
            raise AttributeError(f"CuPy has no {name!r}")
        if FUNCTIONS[name] is None:
            return getattr(np, name)
        return Function(name)


class Grid:
    def __getitem__(self, slices: Any) -> Any:
        return held(list(np.ogrid[slices]))


class Device:
    id = 0

    def __init__(self, index: int = 0) -> None:
        pass

    def __enter__(self) -> Device:
        return self

    def __exit__(self, *raised: object) -> None:
        pass

    def synchronize(self) -> None:
        pass


def module() -> Any:
    """The module that stands in for CuPy."""
    if NAME in sys.modules and isinstance(sys.modules[NAME], Module):
        return sys.modules[NAME]
    made = sys.modules[NAME] = Module(NAME)
    made.ndarray, made.ogrid = ndarray, Grid()
    made.asarray = lambda a: ndarray(np.array(a._host if isinstance(a, ndarray) else a))
    runtime = SimpleNamespace(
        getDeviceCount=lambda: 1, getDeviceProperties=lambda index: {"name": b"pretended"}
    )
    made.cuda = SimpleNamespace(is_available=lambda: True, Device=Device, runtime=runtime)
    return made
