"""The device 'dask' gives what PyTorch gave, and what the CPU gives, however it is cut into chunks.

What is refused is stored beside: a program that is refused in other words, or not any more, fails
here until `python tests/tinygrad_edu/chunked_golden.py` stores it again.
"""

import json
import re

import chunked_golden
import dask
import dask.array as da
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

import tinygrad_edu as torch

TOPICS = chunked_golden.TOPICS
STORED = json.loads(chunked_golden.STORED.read_text(encoding="utf-8"))
REFUSED = {
    (topic, name): why
    for why, topics in STORED.items()
    for topic, names in topics.items()
    for name in names
}
PROGRAMS = [(topic, name) for topic in TOPICS for name in chunked_golden.names_of(topic)]
OFTEN = PROGRAMS[::13]
# Each is right in its own way: chunks have no order in memory that could forbid a view of them.
ONLY_IN_MEMORY = {"x.t().view(6)", "x.T.contiguous()", "F.linear(x[0], torch.ones(2, 3), x[:, 0])"}


def unlike(programs, size="16B"):
    for topic, name in programs:
        told = chunked_golden.outcome(topic, name, size)
        if told != REFUSED.get((topic, name), "") and name not in ONLY_IN_MEMORY:
            yield f"{topic}: {name}\n   {told or 'not refused any more'}"


@pytest.mark.parametrize("topic", TOPICS)
def test_programs_show_what_pytorch_shows_or_are_refused_as_before(topic):
    """Every thirteenth; with --slow there are all."""
    assert "\n".join(unlike(program for program in OFTEN if program[0] == topic)) == ""


@pytest.mark.slow
@pytest.mark.parametrize("topic", TOPICS)
def test_all_programs_show_what_pytorch_shows_or_are_refused_as_before(topic):
    assert "\n".join(unlike(program for program in PROGRAMS if program[0] == topic)) == ""


@pytest.mark.slow
@pytest.mark.parametrize("size", ["8B", "64B"])
@pytest.mark.parametrize("topic", TOPICS)
def test_however_it_is_cut_a_program_is_never_wrong(topic, size):
    """Other chunks let Dask refuse other programs."""
    told = unlike((program for program in PROGRAMS if program[0] == topic), size)
    assert [each for each in told if "differs" in each] == []


def test_a_length_that_could_be_any_is_refused_as_on_the_cpu():
    with pytest.raises(RuntimeError, match=r"cannot reshape|ambiguous"):
        torch.zeros(0, device="dask").reshape(-1, 0)


def test_a_tensor_without_elements_is_made_in_tiny_chunks():
    with chunked_golden.tiny_chunks():
        assert torch.zeros(0, 3).sum(0).tolist() == [0, 0, 0]


def test_the_stored_refusals_are_of_present_programs():
    assert set(REFUSED) <= set(PROGRAMS)


def test_each_refusal_says_why():
    assert len(STORED) < 20 and all(": " in why for why in STORED)


# --- random programs, randomly cut ----------------------------------------------------------------

# z is what there is so far, x and w are leaves of the shape (rows, columns), v has (columns,).
STEPS = """
z * w
w - z
z + v
z / (2 + w * w)
v * z.sum(0)
z.tanh()
z.sigmoid() * z
z.exp()
z.relu()
z.abs()
torch.maximum(z, w)
torch.minimum(z, w)
torch.where(z > 0, z, w)
z.clamp(-0.5, 0.5)
z.t()
z.t() @ w
z @ w.t()
z @ v
w.t() @ z
torch.einsum('ij,kj->ik', z, w)
z.reshape(-1)
z.reshape(1, -1)
z.unsqueeze(0)
z.expand(3, *z.shape)
z.flip(0)
z[1:]
z[..., -1]
z[::2]
z[:, :1]
torch.cat([z, z * 2])
torch.cat([z, w], -1)
torch.stack([z, w], 1)
z.chunk(2)[-1]
z.sum(-1, keepdim=True)
z.mean(0)
z.amax(-1)
z.max(0).values
z.min(-1, True)[0]
z.sort(-1).values
z.sort(0, descending=True).values
z.median(0).values
z.cumsum(-1)
z.prod(0)
z.var(0)
z.std(-1, keepdim=True)
z.norm()
z.norm(1, 0)
z.logsumexp(0)
z.softmax(-1)
torch.nn.functional.log_softmax(z, dim=0)
torch.nn.functional.gelu(z)
torch.nn.functional.mse_loss(z, w)
torch.nn.functional.binary_cross_entropy_with_logits(z, w.sigmoid())
z.tril()
z.cpu().to(x.device) * w
"""
STEPS = STEPS.strip().splitlines()
# What these picked is found again by its place, which a second derivative cannot.
DIFFERENTIATED_ONCE = re.compile(r"max\(0|min\(-1|sort|median")


def cuts(size):
    """Ways to cut `size` numbers into chunks."""
    places = st.sets(st.integers(1, max(1, size - 1))) if size > 1 else st.just(set())
    return places.map(lambda found: tuple(np.diff([0, *sorted(found), size]).tolist()))


def numbers(shape, seed):
    return np.random.default_rng(seed).normal(size=shape).round(3)


@st.composite
def cut_leaves(draw):
    """Numbers and chunks of x, w and v; None is a leaf on the CPU."""
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    shapes = {"x": (rows, columns), "w": (rows, columns), "v": (columns,)}
    seed = draw(st.integers(0, 99))
    here = draw(st.sets(st.sampled_from("wv")))
    return {
        name: (
            numbers(shape, [seed, ord(name)]),
            None if name in here else draw(st.tuples(*map(cuts, shape))),
        )
        for name, shape in shapes.items()
    }


def leaves(given, cut):
    made = {}
    for name, (array, chunks) in given.items():
        in_chunks = cut and chunks is not None
        here = torch.from_dask(da.from_array(array, chunks)) if in_chunks else torch.tensor(array)
        made[name] = here.requires_grad_()
    return made


def possible(steps, given):
    """The steps that can be taken one after the other, on the CPU."""
    names, taken = leaves(given, cut=False), []
    z = names["x"] * 1
    for step in steps:
        try:
            tried = eval(step, {"torch": torch, "z": z, **names})
        except (RuntimeError, IndexError, TypeError):
            continue
        if tried.numel() and tried.numel() < 100:
            z = tried
            taken.append(step)
    return taken


def differentiated(steps, given, cut):
    names = leaves(given, cut)
    z = names["x"] * 1
    for step in steps:
        z = eval(step, {"torch": torch, "z": z, **names})
    loss = (z * torch.arange(1.0, z.numel() + 1).reshape(z.shape)).mean() + z.sum() * 0.5
    derivatives = []
    if not DIFFERENTIATED_ONCE.search("".join(steps)):
        options = {"create_graph": True, "allow_unused": True, "materialize_grads": True}
        derivatives += torch.autograd.grad(loss, list(names.values()), **options)
        size = sum((g * g).sum() for g in derivatives)
        derivatives += torch.autograd.grad(size, list(names.values()), **options)
    loss.backward()
    for leaf in names.values():
        assert leaf.grad is None or leaf.grad.device == leaf.device
    grads = [leaf.grad for leaf in names.values() if leaf.grad is not None]
    return [loss, z, *grads, *derivatives]


def assert_the_same_however_cut(steps, given):
    with dask.config.set(scheduler="synchronous"):
        here, in_chunks = (differentiated(steps, given, cut) for cut in (False, True))
        for expected, found in zip(here, in_chunks, strict=True):
            assert expected.shape == found.shape and expected.dtype == found.dtype
            np.testing.assert_allclose(
                found.detach().cpu().numpy(), expected.detach().numpy(), rtol=1e-8, atol=1e-9
            )


@pytest.mark.filterwarnings("ignore")  # of programs that divide by 0, as on the CPU
@settings(
    max_examples=25,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(cut_leaves(), st.lists(st.sampled_from(STEPS), min_size=1, max_size=4))
def test_a_random_program_gives_the_same_however_its_leaves_are_cut(given, steps):
    steps = possible(steps, given)
    note("z = x * 1\n" + "".join(f"z = {step}\n" for step in steps))
    assert_the_same_however_cut(steps, given)


def marks_of(i):
    """With --slow there are all; a fourth of them runs always."""
    return [pytest.mark.slow] * bool(i % 4)


@pytest.mark.parametrize(
    "step",
    [pytest.param(step, marks=marks_of(i)) for i, step in enumerate(STEPS)],
)
def test_each_step_gives_the_same_cut_along_both_dimensions(step):
    given = {
        "x": (numbers((4, 3), 1), ((1, 3), (2, 1))),
        "w": (numbers((4, 3), 2), ((2, 2), (1, 1, 1))),
        "v": (numbers(3, 3), ((1, 2),)),
    }
    steps = possible([step], given) or possible(["z.t() @ w", step], given)
    assert step in steps
    assert_the_same_however_cut(steps, given)
