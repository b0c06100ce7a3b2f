"""Store random programs with PyTorch's answers, for machines without PyTorch.

python tests/parity/store.py [HOW MANY]
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "golden"))

import observe
import torch
from hypothesis import HealthCheck, Phase, given, seed, settings
from random_programs import programs


def draw(count: int) -> list[str]:
    """The same `count` programs at each call."""
    drawn: list[str] = []
    quiet = {"deadline": None, "suppress_health_check": list(HealthCheck)}

    @seed(1)
    @settings(max_examples=2 * count, database=None, phases=[Phase.generate], **quiet)
    @given(programs())
    def collect(program: str) -> None:
        drawn.append(program)

    collect()
    return list(dict.fromkeys(drawn))[-count:]


def main() -> None:
    count = int(sys.argv[1]) if sys.argv[1:] else 300
    rows = [json.dumps([p, observe.run(p, torch)]) for p in draw(count)]
    version = torch.__version__.partition("+")[0]
    text = f'{{\n "torch": "{version}",\n "programs": [\n' + ",\n".join(rows) + "\n ]\n}\n"
    (Path(__file__).parent / "programs.json").write_text(text, encoding="utf-8")
    print(f"{len(rows)} programs")


if __name__ == "__main__":
    main()
