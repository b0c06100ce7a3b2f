"""Ask PyTorch what the programs of each topic show, and store its answers as JSON.

    python tests/golden/ask.py [TOPIC ...]          store the answers again
    python tests/golden/ask.py --check [TOPIC ...]  compare PyTorch with what is stored

PyTorch's version is stored with the answers. Only this script needs PyTorch: the tests beside it
compare tinygrad_edu with the stored answers.
"""

import argparse
import hashlib
import importlib
import json
import sys
from pathlib import Path
from typing import Any

import observe

HERE = Path(__file__).parent
TOPICS = sorted(path.stem.removeprefix("topic_") for path in HERE.glob("topic_*.py"))


def programs(topic: str) -> dict[str, str]:
    """The programs of a topic by their names."""
    return importlib.import_module(f"topic_{topic}").PROGRAMS


def stored(topic: str) -> dict[str, Any]:
    """What is stored of a topic: PyTorch's version, the programs' fingerprint and the answers."""
    return json.loads((HERE / f"{topic}.json").read_text(encoding="utf-8"))


def ask(topic: str) -> dict[str, Any]:
    """PyTorch's answers now."""
    import torch

    torch.set_warn_always(True)
    return {name: observe.run(program, torch) for name, program in programs(topic).items()}


def fingerprint(topic: str) -> str:
    """Changes with the programs, so that answers to other programs are noticed."""
    return hashlib.sha256(json.dumps(programs(topic)).encode()).hexdigest()[:16]


def write(topic: str, answers: dict[str, Any], version: str) -> None:
    """Store answers with one line each, so that a change shows where it is."""
    lines = [f"  {json.dumps(name)}: {json.dumps(answer)}" for name, answer in answers.items()]
    head = f' "torch": "{version}",\n "programs": "{fingerprint(topic)}",\n "answers": {{\n'
    text = "{\n" + head + ",\n".join(lines) + "\n }\n}\n"
    (HERE / f"{topic}.json").write_text(text, encoding="utf-8")


def disagreements(topic: str) -> list[str]:
    """Where PyTorch's answers now differ from the stored ones."""
    now, then = ask(topic), stored(topic)["answers"]
    if fingerprint(topic) != stored(topic)["programs"]:
        return [f"{topic}: the answers are those of other programs; run ask.py {topic}"]
    found = []
    for name in now:
        found += [f"{topic}: {name}: {d}" for d in observe.differences(now[name], then[name])]
    return found


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    reader.add_argument(
        "topics", nargs="*", default=TOPICS, metavar="TOPIC", help=", ".join(TOPICS)
    )
    reader.add_argument("--check", action="store_true", help="compare, and change nothing")
    chosen = reader.parse_args()
    if chosen.check:
        found = [line for topic in chosen.topics for line in disagreements(topic)]
        print("\n".join(found) or "PyTorch gives the stored answers.")
        return 1 if found else 0
    import torch

    for topic in chosen.topics:
        answers = ask(topic)
        write(topic, answers, torch.__version__.partition("+")[0])
        print(f"{topic}: {len(answers)} programs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
