"""Random programs run the same under tinygrad_edu and PyTorch, or agree with finite differences.

PARITY_EXAMPLES sets how many programs each test draws (60 unless told otherwise), PARITY_SEED
draws others than the usual ones. What fails is shrunk and printed as a script that runs alone.
"""

import importlib.util
import json
import math
import os
import re
from pathlib import Path

import numpy as np
import observe
import pytest
from hypothesis import HealthCheck, Phase, assume, find, given, note, seed, settings
from random_programs import programs, smooth_programs

import tinygrad_edu

needs_pytorch = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None, reason="PyTorch is not installed"
)
EXAMPLES = int(os.environ.get("PARITY_EXAMPLES", "60"))
SEED = os.environ.get("PARITY_SEED")
STORED = Path(__file__).parent / "programs.json"

# Programs in float64 alone are compared closely; a float32 or an integer on the way costs digits.
CLOSE = {"torch.float32": 1e-3, "torch.float64": 1e-7}
ROUGH = {"torch.float32": 1e-3, "torch.float64": 1e-3}
LARGE = 1e5  # beyond, an exponential's last bit grows into the printed digits


def steady(test):
    """The same programs at each run, unless PARITY_SEED asks for others."""
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    options = {"max_examples": EXAMPLES, "deadline": None, "suppress_health_check": quiet}
    test = settings(**options, database=None, derandomize=SEED is None, print_blob=False)(test)
    return test if SEED is None else seed(int(SEED))(test)


def compare(program, ours, theirs):
    """Where two answers to a program differ, messages aside."""
    ours, theirs = comparable(ours), comparable(theirs)
    found = differently_written(program, ours, theirs)
    if any("backward" in statement for statement, _ in theirs["errors"]):
        ours, theirs = without_gradients(ours), without_gradients(theirs)
    sizes = [abs(x) for x in numbers(theirs["variables"]) if math.isfinite(x)]
    if max(sizes, default=0) > LARGE:
        ours, theirs = without_values(ours), without_values(theirs)
    rounded = "float32" in program or "int64" in program
    return found + observe.differences(ours, theirs, tolerances=ROUGH if rounded else CLOSE)


def differently_written(program, ours, theirs):
    """The text of tensors, where not a bit of them differs.

    Where 0.0 and -0.0 meet in relu, clamp, max, min or a matrix product, PyTorch's code takes
    either: there the sign of zero is no difference.
    """
    found = []
    signs = re.search("relu|clamp|max|min|@|matmul", program)
    texts = ours.pop("written", {}), theirs.pop("written", {})
    for name in texts[0].keys() & texts[1].keys():
        same = ours["variables"][name] == theirs["variables"][name]
        if (
            same
            and not observe.DERIVATIVE.fullmatch(name)
            and not (signs and "-0" in texts[1][name])
        ):
            found += observe.differences(texts[0][name], texts[1][name], f"print({name})")
    return found


def comparable(answer):
    kept = {key: answer.get(key, {}) for key in ("variables", "written")}
    return kept | {"errors": [error[:2] for error in answer.get("errors", [])]}


def without_gradients(answer):
    """Where backward fails half-way, it is not said which leaves have their gradients already."""
    return json.loads(json.dumps(answer), object_hook=lambda d: {**d, "grad": None})


def without_values(answer):
    return json.loads(json.dumps(answer), object_hook=lambda d: {**d, "values": None})


def numbers(told):
    if isinstance(told, dict | list):
        parts = told.values() if isinstance(told, dict) else told
        return [x for part in parts for x in numbers(part)]
    return [told] if isinstance(told, int | float) else []


def script(program):
    """The program as a script that prints what it leaves."""
    names = dict.fromkeys(re.findall(r"^(?:with torch.no_grad\(\): )?(\w+) = ", program, re.M))
    show = "".join(f"print('{n}', {n}, {n}.grad if {n}.is_leaf else '')\n" for n in names)
    return f"\nimport tinygrad_edu as torch  # or: import torch\n\n{program}\n{show}"


def assert_same(program, ours, theirs):
    found = compare(program, ours, theirs)
    if found:
        pytest.fail("\n".join([script(program), *found]), pytrace=False)


@needs_pytorch
@steady
@given(programs())
def test_random_programs_run_as_in_pytorch(program):
    import torch

    torch.set_warn_always(True)
    ours = observe.run(program, tinygrad_edu, written=True)
    assert_same(program, ours, observe.run(program, torch, written=True))


@pytest.mark.parametrize("number", range(10))
def test_stored_programs_run_as_in_pytorch(number):
    stored = json.loads(STORED.read_text(encoding="utf-8"))["programs"]
    for program, answer in stored[number::10]:
        assert_same(program, observe.run(program, tinygrad_edu), answer)


@steady
@given(smooth_programs())
def test_gradients_are_slopes(program):
    """Along a random direction the loss changes as fast as the gradients say."""
    names = re.findall(r"^([abc]) = ", program, re.M)
    steps = {name: np.random.default_rng(ord(name)) for name in names}

    def loss(size=0.0):
        moved = program
        for name in names:
            shift = f"{name} = ({name} + {size} * _step['{name}']).detach().requires_grad_()"
            moved = re.sub(rf"^({name} = .*)$", rf"\1\n{shift}", moved, flags=re.M)
        left = {"torch": tinygrad_edu, "_step": step}
        exec(moved, left)
        return left

    shapes = {}
    exec(program, {"torch": tinygrad_edu}, shapes)
    step = {
        name: tinygrad_edu.tensor(steps[name].standard_normal(shapes[name].shape)) for name in names
    }
    here = loss()
    here["loss"].backward()
    gradients = [(here[n].grad * step[n]).sum().item() for n in names if here[n].grad is not None]
    slopes = [(loss(h)["loss"].item() - loss(-h)["loss"].item()) / (2 * h) for h in (1e-6, 2e-6)]
    assume(math.isclose(*slopes, rel_tol=1e-5, abs_tol=1e-5))  # else it is too steep to measure
    note(script(program))
    assert math.isclose(sum(gradients), slopes[0], rel_tol=1e-4, abs_tol=1e-4)


def test_a_wrong_derivative_is_found():
    """A sine whose derivative is not the cosine does not escape the random programs."""

    class Broken:
        def __getattr__(self, name):
            return getattr(tinygrad_edu, name)

        @staticmethod
        def cos(x):
            return tinygrad_edu.cos(x) + 0 * x.detach() * x - 0.001 * (x - x.detach())

    def differs(program):
        answers = [observe.run(program, module) for module in (Broken(), tinygrad_edu)]
        return bool(compare(program, *answers))

    options = {"database": None, "deadline": None, "suppress_health_check": list(HealthCheck)}
    quiet = settings(max_examples=1000, derandomize=True, phases=[Phase.generate], **options)
    assert "torch.cos" in find(programs(), differs, settings=quiet)
