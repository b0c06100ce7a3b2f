"""The device 'dask': nothing is computed before it is asked for, and then once.

What single operations give is compared in test_chunked_parity.py, and clusters have
test_chunked_cluster.py. Here Dask computes without threads, but for the article's loop.
"""

import copy
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import dask
import dask.array as da
import numpy as np
import pytest
from article import fit, points

import tinygrad_edu as torch
from tinygrad_edu.chunked import progress
from viz import make_dot

UNEVEN = ((1, 2, 3), (3, 1))
UNEVEN_SMALL = ((1, 1), (2, 1))


@pytest.fixture(autouse=True)
def without_threads():
    with dask.config.set(scheduler="synchronous"):
        yield


@pytest.fixture
def computations():
    """A list that grows by one for each computation of Dask's."""
    noted = []

    def count(graph, keys, **options):
        noted.append(keys)
        return dask.get(graph, keys)

    with dask.config.set(scheduler=count):
        yield noted


class Source:
    """A matrix of 6 rows and 4 columns in six chunks that notes which of them are read."""

    def __init__(self, shape=(6, 4), chunks=UNEVEN):
        self.numbers = np.arange(float(np.prod(shape))).reshape(shape) / 10
        self.read = []
        chunks = da.core.normalize_chunks(chunks, shape, dtype=float)
        self.array = da.map_blocks(self._block, chunks=chunks, meta=np.empty((0, 0)))

    def _block(self, block_info=None):
        place = block_info[None]["array-location"]
        self.read.append(tuple(start for start, _ in place))
        return self.numbers[tuple(slice(*ends) for ends in place)]


@pytest.fixture
def source():
    return Source()


def chunked(numbers, chunks, **options):
    return torch.from_dask(da.from_array(np.array(numbers, **options), chunks=chunks))


def leaf(chunks=UNEVEN):
    return torch.from_dask(da.ones((6, 4), chunks=chunks)).requires_grad_()


# --- the article's loop ---------------------------------------------------------------------------


@pytest.mark.parametrize("scheduler", ["synchronous", "threads"])
def test_the_articles_loop_gives_the_same_line_in_chunks(scheduler):
    x, y = points()
    with dask.config.set(scheduler=scheduler):
        in_chunks = fit(*(chunked(numbers.numpy(), (30, 1)) for numbers in (x, y)))
    assert in_chunks == pytest.approx(fit(x, y), abs=1e-6)


def test_x_and_y_may_be_cut_at_different_places():
    x, y = points()
    in_chunks = fit(chunked(x.numpy(), 30), chunked(y.numpy(), (17, 1)))
    assert in_chunks == pytest.approx(fit(x, y), abs=1e-6)


def train(x, y):
    torch.manual_seed(1)
    shapes = [(5, 4), (5,), (1, 5), (1,)]
    w, b, v, c = parameters = [(torch.randn(*shape) / 2).requires_grad_() for shape in shapes]
    linear = torch.nn.functional.linear
    for _ in range(4):
        loss = torch.nn.functional.mse_loss(linear(linear(x, w, b).relu(), v, c), y)
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter -= 0.1 * parameter.grad
                parameter.grad = None
    return [loss.item(), *w.reshape(-1).tolist(), c.item()]


def test_a_small_network_learns_as_on_the_cpu():
    torch.manual_seed(0)
    x, y = torch.randn(30, 4), torch.randn(30, 1)
    in_chunks = train(chunked(x.numpy(), (7, 3)), chunked(y.numpy(), (10, 1)))
    assert in_chunks == pytest.approx(train(x, y), abs=1e-5)


def test_threads_may_go_backward_at_once():
    x = chunked(np.arange(600.0).reshape(100, 6) / 600, (20, 6))

    def slope(start):
        w = torch.full((6,), start, dtype=torch.float64, requires_grad=True)
        ((x @ w) ** 2).mean().backward()
        return w.grad.tolist()

    with dask.config.set(scheduler="threads"), ThreadPoolExecutor(4) as pool:
        starts = [0.0, 1.0, 2.0, 3.0] * 3
        assert list(pool.map(slope, starts)) == [pytest.approx(slope(s)) for s in starts]


# --- when something is computed -------------------------------------------------------------------


def test_a_forward_pass_computes_nothing(source, computations):
    w = torch.ones(4, 2, dtype=torch.float64, requires_grad=True)
    x = torch.from_dask(source.array)
    loss = ((x @ w).tanh().softmax(1) - x[:, :2]).pow(2).mean()
    assert loss.shape == () and loss.requires_grad and loss.dtype == torch.float64
    assert loss.grad_fn.name() == "MeanBackward0"
    assert (computations, source.read) == ([], [])


def test_a_backward_pass_reads_each_chunk_once(source):
    w, b = (torch.ones(4, dtype=torch.float64, requires_grad=True) for _ in "wb")
    x = torch.from_dask(source.array)
    loss = ((b + w * x).tanh() ** 2).mean()
    loss.backward()
    assert sorted(source.read) == [(i, j) for i in (0, 1, 3) for j in (0, 3)]


def test_a_backward_pass_is_one_computation(source, computations):
    w, b = (torch.ones(4, dtype=torch.float64, requires_grad=True) for _ in "wb")
    loss = ((b + w * torch.from_dask(source.array)) ** 2).mean()
    loss.backward()
    assert w.grad.tolist() and b.grad.tolist()
    assert len(computations) == 1


def test_gradients_here_and_in_chunks_read_each_chunk_once(source):
    w, x = torch.ones(4, dtype=torch.float64, requires_grad=True), leaf()
    loss = (w * x * torch.from_dask(source.array)).sum()
    loss.backward()
    assert w.grad.tolist() and x.grad.tolist() and loss.item()
    assert len(source.read) == 6


def test_after_a_backward_pass_the_loss_is_known(source):
    w = torch.ones(4, dtype=torch.float64, requires_grad=True)
    loss = ((w * torch.from_dask(source.array)) ** 2).mean()
    loss.backward()
    source.read.clear()
    assert loss.item() == pytest.approx((source.numbers**2).mean())
    assert f"{loss.item():.1f} {loss!r}"
    assert source.read == []


def test_autograd_grad_computes_the_loss_too(source):
    w = torch.ones(4, dtype=torch.float64, requires_grad=True)
    loss = ((w * torch.from_dask(source.array)) ** 2).mean()
    (g,) = torch.autograd.grad(loss, w)
    source.read.clear()
    assert (g.shape, loss.item()) == ((4,), pytest.approx((source.numbers**2).mean()))
    assert source.read == []


def test_what_is_printed_of_a_large_tensor_is_all_that_is_computed():
    source = Source((60, 40), (6, 4))
    text = repr(torch.from_dask(source.array))
    expected = repr(torch.from_numpy(source.numbers))
    assert text == expected.replace("dtype=", "device='dask', dtype=")
    assert sorted(source.read) == [(0, 0), (0, 36), (54, 0), (54, 36)]


def test_a_tensor_far_larger_than_the_memory_can_be_printed():
    x = torch.from_dask(da.ones((10**6, 10**6), chunks=10**4))
    assert repr(x).count("1., 1., 1.,  ..., 1., 1., 1.") == 6


@pytest.mark.parametrize("ask", [torch.Tensor.item, bool, float, int, torch.Tensor.tolist])
def test_a_number_that_is_asked_for_is_computed(source, ask):
    asked = ask(torch.from_dask(source.array).sum())
    on_the_cpu = ask(torch.tensor(source.numbers.sum()))
    assert asked == pytest.approx(on_the_cpu) and type(asked) is type(on_the_cpu)
    assert len(source.read) == 6


def test_numpy_of_a_number_is_an_array(source):
    number = torch.from_dask(source.array).sum().numpy()
    assert isinstance(number, np.ndarray) and number.shape == ()


# --- parameters on the CPU ------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["128MiB", "4B"])  # of a chunk: a parameter may be cut, too
def test_a_parameter_changed_in_place_changes_nothing_that_was_noted(size):
    w, s = torch.full((3,), 2.0), torch.tensor(3.0)
    x = chunked([1, 1, 1], 2, dtype="float32")
    with dask.config.set({"array.chunk-size": size}):
        noted = [w * x, x + w, x - w.t(), x * s, torch.cat([w[:1], w[1:], x]), x @ w]
        noted += [torch.where(x > 0, w, x), torch.stack([w, x]), w.to("dask"), s.to("dask")]
        noted += [w[0] * x, torch.where(x > 0, w[1], x), torch.maximum(w, x), w.expand(2, 3) * x]
        noted += [torch.where(x > 0, s, x), s**x]
    before = [each.cpu() for each in noted]
    w.mul_(-5), s.mul_(-5)
    for expected, each in zip(before, noted):
        assert torch.equal(each.cpu(), expected)


def test_gradients_of_parameters_on_the_cpu_are_numpy_arrays():
    w, b = torch.ones(4, requires_grad=True), torch.tensor(1.0, requires_grad=True)
    (w * chunked(np.ones((6, 4), "float32"), UNEVEN) + b).sum().backward()
    assert (str(w.grad.device), str(b.grad.device)) == ("cpu", "cpu")
    assert isinstance(w.grad.numpy(), np.ndarray) and w.grad.numpy().flags.writeable
    assert (w.grad.tolist(), b.grad.item()) == ([6, 6, 6, 6], 24)
    w.grad.zero_(), b.grad.zero_()


def test_two_parameters_never_share_the_memory_of_a_gradient():
    a, b = torch.ones(3, requires_grad=True), torch.ones(3, requires_grad=True)
    ((a + b) * chunked([1, 2, 3], 3, dtype="float32")).sum().backward()
    a.grad.zero_()
    assert b.grad.tolist() == [1, 2, 3]


def test_a_gradient_shares_no_memory_with_what_backward_started_from():
    start, w = torch.ones(3).to("dask"), torch.ones(3, requires_grad=True)
    (w + chunked([1, 2, 3], 3, dtype="float32")).backward(start)
    w.grad.zero_()
    assert start.tolist() == [1, 1, 1]


def test_gradients_of_two_passes_are_added_up():
    w, x = torch.ones(4, requires_grad=True), leaf()
    for _ in range(2):
        (w * x.float()).sum().backward()
    assert w.grad.tolist() == [12, 12, 12, 12]
    assert torch.equal(x.grad.cpu(), torch.full((6, 4), 2.0, dtype=torch.float64))


def test_hooks_of_a_parameter_on_the_cpu_see_computed_numbers():
    w, seen = torch.ones(4, requires_grad=True), []
    w.register_hook(lambda g: seen.append((str(g.device), g.tolist())))
    w.register_post_accumulate_grad_hook(lambda w: seen.append(w.grad.tolist()))
    (w * leaf().detach().float()).sum().backward()
    assert seen == [("cpu", [6, 6, 6, 6]), [6, 6, 6, 6]]


def test_a_hooks_answer_becomes_the_gradient():
    w, x = torch.ones(4, requires_grad=True), leaf()
    w.register_hook(lambda g: g * 10)
    x.register_hook(lambda g: g * 3)
    (w * x.float()).sum().backward()
    assert (w.grad.tolist(), x.grad.sum().item()) == ([60] * 4, 72)


# --- leaves in chunks -----------------------------------------------------------------------------


@pytest.mark.parametrize("chunks", [UNEVEN, (6, 4), (1, 1), ((2, 4), 4), (6, (1, 1, 2))])
@pytest.mark.parametrize(
    "function",
    [
        lambda x: x.sum(),
        lambda x: x.exp().mean(),
        lambda x: (x.t() @ x).sum(),
        lambda x: x.softmax(0).pow(2).sum(),
        lambda x: x[1:, 0].sum(),
        lambda x: x.reshape(-1).cumsum(0).sum(),
        lambda x: x.sort(0).values[0].sum(),
        lambda x: (torch.ones(6, 4) * x).sum(),
        lambda x: x.cpu().sum(),
    ],
)
def test_a_leaf_in_chunks_gets_a_gradient_in_the_same_chunks(function, chunks):
    x = leaf(chunks)
    function(x).backward()
    assert x.grad.dask().chunks == x.detach().dask().chunks
    assert x.grad.dtype == x.dtype


def test_a_gradient_in_chunks_is_computed_once(source):
    x, data = leaf(), torch.from_dask(source.array)
    (x * data).sum().backward()
    source.read.clear()
    assert x.grad.sum().item() == pytest.approx(source.numbers.sum())
    assert source.read == []


def test_an_intermediate_result_retains_its_gradient():
    w = torch.ones(3, requires_grad=True)
    y = w * chunked([1, 2, 3], 2, dtype="float32")
    y.retain_grad()
    (y * y).sum().backward()
    assert (str(y.grad.device), y.grad.tolist()) == ("dask", [2, 4, 6])


def test_a_gradient_can_be_differentiated_again():
    w, x = torch.ones(3, requires_grad=True), chunked([1, 2, 3], 2, dtype="float32")
    (g,) = torch.autograd.grad(((w * x) ** 3).sum(), w, create_graph=True)
    (g2,) = torch.autograd.grad(g.sum(), w)
    assert (g.tolist(), g2.tolist()) == ([3, 24, 81], [6, 48, 162])
    assert (str(g.device), str(g2.device), g.requires_grad) == ("cpu", "cpu", True)


def test_hessian_of_a_function_of_chunks():
    x = chunked([1, 2, 3], 2, dtype="float32")
    hessian = torch.autograd.functional.hessian(lambda w: ((w * x) ** 3).sum(), torch.ones(3))
    assert torch.equal(hessian.cpu(), torch.tensor([[6.0, 0, 0], [0, 48, 0], [0, 0, 162]]))


PLACES = [[0, 3], [1, 1], [2, 0], [0, 0], [3, 1], [1, 2]]


@pytest.mark.parametrize(
    "z",
    [
        "x.gather(1, index)",
        "x.gather(0, index[:2])",
        "x.sort(1).values",
        "x.min(0).values",
        "F.cross_entropy(x, index[:, 0])",
        "F.cross_entropy(x, index[:, 0], torch.arange(4.0).double(), ignore_index=1)",
        "F.cross_entropy(x[3], index[0, 0], reduction='sum')",
    ],
)
@pytest.mark.parametrize("chunked", ["x", "index", "x and index"])
def test_what_picks_elements_is_differentiated_three_times(z, chunked, source):
    def derivatives(x, index):
        names = {"x": x.requires_grad_(), "index": index, "torch": torch}
        g = eval(z, names | {"F": torch.nn.functional})
        for _ in range(3):
            (g,) = torch.autograd.grad((g**3).sum(), x, create_graph=True)
            yield g.detach().cpu().numpy()

    def given(name):
        x = torch.from_numpy(source.numbers) if name == "x" else torch.tensor(PLACES)
        return x.to("dask") if name in chunked.split() else x

    with dask.config.set({"array.chunk-size": "32B"}):
        in_chunks = derivatives(given("x"), given("index"))
        here = derivatives(torch.from_numpy(source.numbers), torch.tensor(PLACES))
        for ours, theirs in zip(in_chunks, here, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_a_function_of_ones_own_runs_on_chunks():
    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**2

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return 2 * x * g

    w = torch.ones(3, requires_grad=True)
    Square.apply(w * chunked([1, 2, 3], 2, dtype="float32")).sum().backward()
    assert w.grad.tolist() == [2, 8, 18]


def test_without_a_graph_nothing_is_tracked():
    x = leaf()
    with torch.no_grad():
        assert not (x * 2).requires_grad
    assert not x.detach().requires_grad and (x * 2).detach().is_leaf


def test_the_graph_is_drawn_as_on_the_cpu(source):
    def drawn(data):
        w = torch.ones(4, dtype=torch.float64, requires_grad=True)
        b = torch.zeros(1, dtype=torch.float64, requires_grad=True)
        return make_dot(((data @ w + b) ** 2).mean(), params={"w": w, "b": b}).source

    assert drawn(torch.from_dask(source.array)) == drawn(torch.from_numpy(source.numbers))
    assert source.read == []


# --- to the device and back -----------------------------------------------------------------------


def test_a_leaf_on_the_cpu_gets_the_gradient_of_its_copy_in_chunks():
    w = torch.ones(3, requires_grad=True)
    copied = w.to("dask")
    (copied * chunked([1, 2, 3], 2, dtype="float32")).sum().backward()
    assert (str(w.grad.device), w.grad.tolist(), copied.is_leaf) == ("cpu", [1, 2, 3], False)


@pytest.mark.parametrize("size", ["128MiB", "4B"])
def test_to_dask_copies(size):
    x = torch.zeros(3)
    with dask.config.set({"array.chunk-size": size}):
        y = x.to("dask")
    x.add_(1)
    assert y.tolist() == [0, 0, 0] and y.to("dask") is y


@pytest.mark.parametrize("make", [lambda x: x.to("dask"), lambda x: chunked(x.numpy(), 1)])
@pytest.mark.parametrize("bring", [lambda x: x.cpu().numpy(), torch.Tensor.numpy, np.asarray])
def test_what_is_brought_from_chunks_is_a_copy(bring, make):
    x = make(torch.tensor([1, 2, 3]))
    for _ in range(2):
        bring(x)[:] = 5
    assert x.tolist() == [1, 2, 3]


def test_from_dask_and_dask_give_the_same_array(source):
    x = torch.from_dask(source.array)
    assert x.dask() is source.array and str(x.device) == "dask" and not x.is_cuda
    assert (x.dtype, x.shape) == (torch.float64, (6, 4))


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_leaf_in_chunks_can_be_copied_and_pickled(duplicate):
    x = leaf()
    y = duplicate(x)
    assert torch.equal(x.detach(), y.detach()) and y.requires_grad and y.is_leaf
    assert y.detach().dask().chunks == UNEVEN
    (y * 2).sum().backward()
    assert x.grad is None


def test_random_numbers_are_the_same_in_chunks():
    for draw in (torch.rand, torch.randn):
        torch.manual_seed(3)
        here = draw(20)
        torch.manual_seed(3)
        assert torch.equal(draw(20, device="dask").cpu(), here)


def test_the_default_device_may_be_dask():
    torch.set_default_device("dask")
    try:
        made = [torch.zeros(2), torch.tensor([1, 2]), torch.randn(2), torch.arange(3)]
    finally:
        torch.set_default_device(None)
    assert [str(each.device) for each in made] == ["dask"] * 4


# --- what is refused ------------------------------------------------------------------------------


def test_device_strings():
    assert repr(torch.device("dask")) == "device(type='dask')"
    assert str(torch.device("dask")) == "dask" and torch.device("dask").index is None
    for wrong in ("dask:0", "Dask", "dask "):
        with pytest.raises(RuntimeError, match="Say 'cpu', 'cuda', 'cuda:0' or 'dask'"):
            torch.device(wrong)
    with pytest.raises(RuntimeError, match="Invalid device string: 'dask:1'"):
        torch.device("dask", 1)


@pytest.mark.parametrize(
    "wrong", [np.ones(2), [1.0], 3, None, dask.delayed(np.ones)(2)], ids=lambda x: type(x).__name__
)
def test_from_dask_takes_dask_arrays_only(wrong):
    with pytest.raises(TypeError, match=r"expected dask\.array\.Array \(got "):
        torch.from_dask(wrong)


@pytest.mark.parametrize("dtype", ["complex128", "uint16", "U3", "datetime64[s]", "object"])
def test_from_dask_refuses_what_a_tensor_cannot_hold(dtype):
    with pytest.raises(TypeError, match=r"can't convert .* The only supported types are: float16"):
        torch.from_dask(da.from_array(np.empty(3, dtype), chunks=2))


def test_from_dask_refuses_an_unknown_length_and_says_how_to_count():
    x = da.arange(9, chunks=3)
    chosen = x[x > 3]
    with pytest.raises(RuntimeError, match=r"does not know how many rows.*compute_chunk_sizes\(\)"):
        torch.from_dask(chosen)
    assert torch.from_dask(chosen.compute_chunk_sizes()).tolist() == [4, 5, 6, 7, 8]


def test_a_gradient_is_for_floats_only():
    with pytest.raises(RuntimeError, match="Only Tensors of floating point"):
        torch.from_dask(da.arange(3)).requires_grad_()


REFUSED = {
    "x.add_(1)": "only read",
    "x.zero_()": "only read",
    "x.__setitem__(0, 1)": "only read",
    "x.exp_()": "only read",
    "x[x > 0.5]": "how many numbers",
    "x.nonzero()": "",
    "torch.nonzero(x)": "",
    "x.masked_select(x > 0.5)": "",
    "x[[0, 1], [1, 1]]": "",
    "torch.ones(6)[x[:, 0] > 0.5]": "",
    "x.index_select(0, torch.tensor([0, 0])).sum().backward()": "any chunk",
    "torch.zeros(6, 4).add_(x)": "",
    "x.fill_(2)": "only read",
    "torch.zeros(6, 4).scatter(0, x.long(), 1.0)": "",
}


@pytest.mark.parametrize("call", REFUSED)
def test_what_needs_the_numbers_is_refused_with_the_devices_sentence(call, source):
    x = torch.from_dask(source.array).requires_grad_("backward" in call)
    with pytest.raises(RuntimeError) as refused:
        eval(call, {"x": x, "torch": torch, "F": torch.nn.functional})
    said = str(refused.value)
    assert "is not possible on the device 'dask': " in said and REFUSED[call] in said
    assert said.endswith(". If the tensor fits into the memory, compute it first, with .cpu().")
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    assert source.read == []


WRONG_NUMBERS = {
    "F.cross_entropy(x, torch.full((6,), 4))": (IndexError, "Target 4 is out of bounds: not "),
    "F.binary_cross_entropy(x, x)": (RuntimeError, "elements of .* should be between 0 and 1"),
    "x.gather(1, torch.full((6, 1), -1))": (
        RuntimeError,
        "index -1 is out of bounds for dimension",
    ),
}


@pytest.mark.parametrize("on_the_cpu", ["x", "the rest", "nothing"])
@pytest.mark.parametrize("call", WRONG_NUMBERS)
def test_a_wrong_number_is_told_by_the_time_it_is_computed(call, on_the_cpu, source):
    x = torch.from_numpy(source.numbers)
    x = x if on_the_cpu == "x" else x.to("dask")
    call = call if on_the_cpu == "the rest" else call.replace("))", ").to('dask'))", 1)
    kind, words = WRONG_NUMBERS[call.replace(".to('dask')", "")]
    with pytest.raises(kind, match=words):
        eval(call, {"x": x, "torch": torch, "F": torch.nn.functional}).tolist()


def test_a_wrong_slice_is_told_by_the_time_it_is_computed(source):
    slices = torch.from_dask(source.array).index_select(0, torch.tensor([6]).to("dask"))
    with pytest.raises(IndexError, match="index 6 is out of bounds for dimension 0 with size 6"):
        slices.tolist()


def test_after_a_refusal_the_tensor_is_what_it_was(source):
    x = torch.from_dask(source.array)
    with pytest.raises(RuntimeError, match="only read"):
        x += 1
    assert torch.equal(x.cpu(), torch.from_numpy(source.numbers))


WRONG = ["x + torch.ones(5)", "torch.ones(5) * x", "x @ torch.ones(5, 2).double()", "x[7]"]
WRONG += ["x[0, 0, 0]", "x.reshape(5, 5)", "x.sum(3)", "torch.cat([x, x[:, :2]])"]


@pytest.mark.parametrize("call", WRONG)
def test_a_wrong_shape_is_told_as_on_the_cpu(call, source):
    said = []
    for x in (torch.from_numpy(source.numbers), torch.from_dask(source.array)):
        with pytest.raises((RuntimeError, IndexError)) as wrong:
            eval(call, {"x": x, "torch": torch})
        said.append((type(wrong.value), str(wrong.value)))
    assert said[0] == said[1]


def test_chunks_without_rows_count_for_nothing():
    x = torch.from_dask(da.ones((4, 3), chunks=((2, 0, 2), 3))).requires_grad_()
    (x.amax(0).sum() + x.mean()).backward()
    assert x.grad.sum().item() == pytest.approx(4)


def test_an_empty_tensor_is_spread_and_summed():
    x = torch.ones(1, 3, device="dask", requires_grad=True)
    x.expand(0, 3).sum().backward()
    assert x.grad.tolist() == [[0, 0, 0]]


def test_a_tensor_on_the_cpu_takes_numbers_from_chunks(source):
    """As in PyTorch, which copies to another device where it is told what to write where."""
    x, z = torch.from_dask(source.array), torch.zeros(6, 4, dtype=torch.float64)
    z[0] = x[1]
    assert torch.equal(z[0], x[1].cpu()) and str(z.device) == "cpu"
    assert torch.equal(z.copy_(x), x.cpu())


@pytest.mark.parametrize("chunks", [(2, 1), (1, 2), (1, 3), UNEVEN_SMALL])
def test_of_equal_numbers_the_first_is_the_largest_wherever_it_is_cut(chunks):
    x = chunked([[0.0, 5, 1], [5, 0, 0]], chunks)
    assert (x.argmax().item(), x.argmin().item()) == (1, 0)
    assert (x.argmax(0).tolist(), x.argmin(1).tolist()) == ([1, 0, 0], [0, 1])


# --- Dask itself ----------------------------------------------------------------------------------


def python(code):
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def test_without_dask_all_else_works_and_the_device_says_what_to_install():
    said = python("""
import sys
sys.modules["dask"] = None
import tinygrad_edu as torch
assert torch.ones(2, requires_grad=True).sum().grad_fn
for make in (lambda: torch.ones(2, device="dask"), lambda: torch.ones(2).to("dask")):
    try:
        make()
    except ImportError as error:
        print(error)
""").splitlines()
    assert len(said) == 2 and said[0] == said[1]
    assert said[0].startswith("The device 'dask' needs Dask (")
    assert said[0].endswith('): pip install "tinygrad-edu[cluster]".')


def test_dask_is_not_imported_before_it_is_needed():
    code = "import sys, tinygrad_edu as torch; torch.ones(2).sum(); print('dask' in sys.modules)"
    assert python(code) == "False"


def test_progress_shows_dasks_bar_for_each_backward_pass(capsys):
    x = leaf()
    with progress():
        x.sum().backward()
    assert "100% Completed" in capsys.readouterr().out
    x.sum().backward()
    assert capsys.readouterr().out == ""
