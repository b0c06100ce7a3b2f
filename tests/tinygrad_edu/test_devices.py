"""A GPU without a GPU: our calls against CuPy's names, and programs on a pretended GPU."""

import ast
from pathlib import Path

import ask
import numpy as np
import observe
import pretend_gpu
import pytest

import tinygrad_edu as torch

PACKAGE = Path(torch.__file__).parent
RULES = sorted([*PACKAGE.glob("operations/*.py"), *PACKAGE.glob("nn/*.py"), PACKAGE / "devices.py"])

# NumPy's, and no business of a GPU: types, and what works on shapes or on numbers drawn here.
OF_THE_CPU = {"array", "asarray", "dtype", "errstate", "generic", "integer", "number", "ndarray"}
OF_THE_CPU |= {"bool_", "int64", "float16", "float32", "float64", "shape", "ndindex", "index_exp"}
OF_THE_CPU |= {"inexact", "floating", "intp", "broadcast_shapes", "normalize_axis_index", "iinfo"}
OF_THE_CPU |= {"finfo", "newaxis", "inf", "nan", "pi", "uint8", "int32", "add"}


def calls_of_the_array_module(path):
    """Calls such as `xp(x).where(...)`, `module.zeros(...)` and `np.exp(...)`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner, name = node.func.value, node.func.attr
            of_xp = isinstance(owner, ast.Call) and ast.unparse(owner.func) == "xp"
            of_data = ast.unparse(owner) == "np" and name not in OF_THE_CPU
            if of_xp or of_data or ast.unparse(owner) == "module":
                yield name, node


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_cupy_has_each_function_with_the_arguments_used(path):
    for name, call in calls_of_the_array_module(path):
        place = f"{path.name}:{call.lineno}: {ast.unparse(call)}"
        assert name in pretend_gpu.FUNCTIONS, f"{place}: CuPy has no {name}"
        parameters = pretend_gpu.FUNCTIONS[name]
        starred = any(isinstance(a, ast.Starred) for a in call.args)
        if parameters is None or starred or any(k.arg is None for k in call.keywords):
            continue
        given = [None] * len(call.args), {k.arg: None for k in call.keywords}
        pretend_gpu.checked(place, "", parameters, *given[0], **given[1])


def differences_on_a_gpu(topic, chosen):
    """How the programs differ from PyTorch's answers: of those for many inputs, one each."""
    stored = ask.stored(topic)["answers"]
    for name, program in ask.programs(topic).items():
        if not chosen(name) or (" of " in name and "matrix, float32" not in name):
            continue
        ours, theirs = observe.run(program, torch), dict(stored[name])
        for answer in (ours, theirs):
            for kind in ("errors", "warnings"):
                answer[kind] = [entry[:-1] for entry in answer.get(kind, [])]
        for told in observe.differences(ours, theirs)[-1:]:
            yield f"{name}: {told}"


def picks_elements(name):
    return "[" in name or "elements" in name


@pytest.mark.parametrize("topic", ["operations", "losses", "parts"])
def test_operations_give_the_same_on_a_gpu(topic, pretended_gpu, on_the_gpu):
    """All but numpy(), which a tensor on a GPU refuses."""
    found = differences_on_a_gpu(topic, lambda n: not picks_elements(n) and "numpy()" not in n)
    assert "\n".join(found) == ""


@pytest.mark.parametrize("topic", ["operations", "parts"])
def test_elements_are_picked_and_written_on_a_gpu(topic, pretended_gpu, on_the_gpu):
    assert "\n".join(differences_on_a_gpu(topic, picks_elements)) == ""


def train(device):
    torch.manual_seed(0)
    x = torch.rand(20, 3, device=device)
    w = torch.randn(3, 2, device=device, requires_grad=True)
    losses = []
    for _ in range(5):
        loss = ((x @ w).tanh().relu() - x.sum(1, keepdim=True)).pow(2).mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad.zero_()
        losses.append(loss.detach())
    return losses, w


def assert_training_on_a_gpu_is_training_on_the_cpu():
    (losses, w), (expected_losses, expected_w) = train("cuda"), train("cpu")
    assert w.device == torch.device("cuda:0")
    torch.testing.assert_close(w, expected_w)
    torch.testing.assert_close(losses, expected_losses)


def test_training_on_a_gpu_is_training_on_the_cpu(pretended_gpu):
    assert_training_on_a_gpu_is_training_on_the_cpu()


def test_training_never_waits_for_the_gpu(pretended_gpu):
    before = pretended_gpu.waits
    train("cuda")
    assert pretended_gpu.waits == before


@pytest.mark.parametrize("operation", [torch.add, torch.mul, torch.dot, torch.matmul])
def test_tensors_of_two_devices_do_not_meet(pretended_gpu, operation):
    here, there = torch.ones(3), torch.ones(3, device="cuda")
    for pair in ((here, there), (there, here)):
        with pytest.raises(RuntimeError, match="at least two devices, cuda:0 and cpu!"):
            operation(*pair)


def test_random_numbers_are_the_same_on_every_device(pretended_gpu):
    for draw in (torch.rand, torch.randn):
        torch.manual_seed(3)
        here = draw(20)
        torch.manual_seed(3)
        assert torch.equal(draw(20, device="cuda").cpu(), here)


def test_what_is_made_like_a_tensor_is_made_where_it_is(pretended_gpu):
    x = torch.tensor([0.25, 0.5], device="cuda")
    made = [torch.zeros_like(x), torch.full_like(x, 2), torch.rand_like(x), torch.bernoulli(x)]
    made += [torch.multinomial(x, 1), torch.normal(x, 1.0), torch.normal(0.0, x)]
    made += [torch.as_tensor(x), torch.randint_like(x, 5)]
    assert [str(each.device) for each in made] == ["cuda:0"] * len(made)


def test_the_default_device_is_where_tensors_are_made(pretended_gpu, on_the_gpu):
    assert torch.get_default_device() == torch.device("cuda")
    assert torch.zeros(2).is_cuda and torch.tensor([1, 2]).is_cuda and torch.randn(2).is_cuda
    assert not torch.zeros(2, device="cpu").is_cuda
    assert not torch.from_numpy(np.ones(2)).is_cuda


def test_a_gpu_that_is_not_there_is_said_so():
    if torch.cuda.is_available():
        pytest.skip("there is one")
    with pytest.raises(AssertionError, match=r"Torch not compiled with CUDA enabled.*pip install"):
        torch.zeros(2, device="cuda")


@pytest.mark.gpu
def test_training_on_a_real_gpu_is_training_on_the_cpu():
    assert_training_on_a_gpu_is_training_on_the_cpu()
