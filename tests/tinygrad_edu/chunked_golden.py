"""The golden programs on the device 'dask', in tiny chunks: what PyTorch showed, or a refusal.

    python tests/tinygrad_edu/chunked_golden.py    store again which programs are refused, and why

Programs that ask the same line of many inputs are one here, of a matrix where there is one. Chunks
have no memory of their own: so a view and a copy may have other nodes than in PyTorch.
"""

import json
import re
import sys
from collections import defaultdict
from contextlib import contextmanager
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any
from unittest.mock import patch

HERE = Path(__file__).parent
sys.path += [str(HERE.parent / "golden"), str(HERE.parents[1])]

import ask  # noqa: E402
import dask  # noqa: E402
import observe  # noqa: E402

import tinygrad_edu  # noqa: E402

STORED = HERE / "chunked_refusals.json"
TOPICS = ["operations", "losses", "parts", "reductions"]
TOPICS += ["elementwise", "shapes", "products", "indexing"]
SENTENCE = re.compile(r"([^'\"]+) is not possible on the device 'dask': (.+?)\. If the tensor fits")
OF_MEMORY = re.compile("Clone|UnsafeView|ReshapeAlias|AsStrided")

conversions = sys.modules["tinygrad_edu.operations.conversions"]
stored_answers = cache(ask.stored)


@contextmanager
def tiny_chunks(size: str = "16B"):
    """New tensors are made in chunks of so many bytes, and written as if they were not."""
    text = conversions.tensor_text

    def without_device(array: Any, device: str, **facts: Any) -> str:
        return text(array, **facts)

    with (
        dask.config.set({"scheduler": "synchronous", "array.chunk-size": size}),
        patch.object(
            conversions, "tensor_text", lambda array, device, **facts: text(array, **facts)
        ),
    ):
        tinygrad_edu.set_default_device("dask")
        try:
            yield
        finally:
            tinygrad_edu.set_default_device(None)


def preferred(name: str) -> tuple[bool, bool]:
    """Matrices come first, of these float32."""
    return "matrix" not in name, "float32" not in name


@cache
def names_of(topic: str) -> list[str]:
    """One program for each line that is asked of many inputs."""
    line_of = partial(re.sub, r"(?s)( of |: |, \().*", "")
    names = sorted(ask.programs(topic), key=line_of)
    return [min(group, key=preferred) for _, group in groupby(names, line_of)]


def outcome(topic: str, name: str, size: str = "16B") -> str:
    """Nothing where it is as in PyTorch; else what is refused and why, or how it differs."""
    theirs = dict(stored_answers(topic)["answers"][name])
    with tiny_chunks(size):
        ours = observe.run(ask.programs(topic)[name], tinygrad_edu)
    expected = [statement for statement, *_ in theirs.get("errors", [])]
    errors = ours.get("errors", [])
    new = [error for error in errors if error[0] not in expected or SENTENCE.search(error[-1])]
    looked_at = str(ours.get("variables", ""))  # to describe a variable may be refused, too
    refused = SENTENCE.search(new[0][-1] if new else looked_at)
    if refused and (not new or new[0][1] == "RuntimeError"):
        return ": ".join(refused.groups())
    about_memory = bool(OF_MEMORY.search(json.dumps(theirs)))
    pair = [comparable(answer, about_memory) for answer in (ours, theirs)]
    found = observe.differences(*pair)
    return "; ".join([f"differs: {found[-1]}", *map(str, new[:1])]) if found else ""


def comparable(answer: dict[str, Any], about_memory: bool) -> dict[str, Any]:
    """Without the words of errors, without NumPy's warnings and, where nodes say how memory is laid
    out, without graphs."""
    told = dict(answer)
    told["errors"] = [error[:-1] for error in answer.get("errors", [])]
    told["warnings"] = [w[:1] for w in answer.get("warnings", []) if w[0] != "RuntimeWarning"]
    if about_memory:
        told["text"] = re.sub(r"(Unsafe|ReshapeAlias)?(View)?Backward0", "", told.get("text", ""))
        told["variables"] = [without_graph(value) for value in told.get("variables", {}).items()]
    return told


def without_graph(named: Any) -> Any:
    if isinstance(named, dict):
        return {key: without_graph(value) for key, value in named.items() if key != "graph"}
    return [without_graph(each) for each in named] if isinstance(named, list | tuple) else named


def main() -> None:
    refused: Any = defaultdict(lambda: defaultdict(list))
    for topic in TOPICS:
        for name in names_of(topic):
            why = outcome(topic, name)
            if why.startswith("differs"):
                print(f"{topic}: {name}: {why}")
            elif why:
                refused[why][topic].append(name)
    STORED.write_text(json.dumps(refused, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    for why, topics in sorted(refused.items()):
        print(sum(map(len, topics.values())), why)


if __name__ == "__main__":
    main()
