"""Store what CuPy offers: the parameters of its functions and of its arrays' methods.

    python tests/tinygrad_edu/cupy_names.py

Run it where CuPy is installed; a GPU is not needed. `pretend_gpu.py` beside this file holds our
calls against the stored names, so that the ordinary tests need neither CuPy nor a GPU.
"""

import inspect
import json
import re
from pathlib import Path
from typing import Any

STORED = Path(__file__).with_name("cupy_names.json")


def parameters(thing: Any) -> str | None:
    """The parameters as Python text, defaults left out; None for what cannot be called."""
    if not callable(thing) or isinstance(thing, type):
        return None
    if hasattr(thing, "nin"):  # a ufunc; one with a signature, such as matmul, has more options
        return ", ".join([*(f"x{i}" for i in range(thing.nin)), "/, out=None, casting=0, dtype=0"])
    try:
        found = inspect.signature(thing).parameters.values()
    except ValueError:
        return _compiled(thing.__doc__ or "")
    return str(inspect.Signature([_plain(p) for p in found if p.name != "self"]))[1:-1]


def _compiled(documentation: str) -> str:
    """The parameters of a compiled function, whose documentation begins with its signature."""
    text = re.match(r"[\w.]+\((.*?)\)(?: ->|\n|$)", documentation)
    if not text:
        return "*args, **kwargs"
    given = [part.split()[-1].replace("\\", "") for part in text[1].split(", ") if part]
    return ", ".join(re.sub("=.*", "=0", part) for part in given if part != "self")


def _plain(parameter: inspect.Parameter) -> inspect.Parameter:
    default = parameter.empty if parameter.default is parameter.empty else 0
    return parameter.replace(annotation=parameter.empty, default=default)


def ask() -> dict[str, Any]:
    """The names now: of functions, of constants and types, and of an array's methods."""
    import cupy

    def public(owner: Any) -> dict[str, Any]:
        names = [name for name in dir(owner) if not name.startswith("_")]
        return {name: parameters(getattr(owner, name)) for name in names}

    linalg = {f"linalg.{name}": text for name, text in public(cupy.linalg).items() if text}
    functions = {**public(cupy), **linalg}
    functions = {k: v for k, v in functions.items() if not inspect.ismodule(getattr(cupy, k, 0))}
    ufuncs = [name for name in functions if isinstance(getattr(cupy, name, 0), cupy.ufunc)]
    told = {"cupy": cupy.__version__, "ufuncs": ufuncs, "functions": functions}
    return told | {"methods": public(cupy.ndarray)}


def main() -> None:
    """Write one line for each name, so that a change shows where it is."""
    parts = []
    for key, value in ask().items():
        text = json.dumps(value)
        if isinstance(value, dict):
            rows = [f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in value.items()]
            text = "{\n" + ",\n".join(rows) + "\n }"
        parts.append(f' "{key}": {text}')
    STORED.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
