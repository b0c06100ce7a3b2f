"""torch.autograd: what it keeps apart by thread, what it keeps alive, and its shapes."""

import gc
import threading
import weakref

import pytest

import tinygrad_edu as torch
from tinygrad_edu.autograd import graph


def in_a_thread(work):
    """What `work()` returns on a thread of its own."""
    told = []
    thread = threading.Thread(target=lambda: told.append(work()))
    thread.start()
    thread.join()
    return told[0]


@pytest.fixture
def no_collection():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("name", ["function", "functional", "grad_mode", "graph", "gradcheck"])
def test_the_parts_of_autograd_are_modules_to_import_from(name):
    module = __import__(f"tinygrad_edu.autograd.{name}", fromlist=["*"])
    assert module.__doc__


def test_gradcheck_is_a_function_and_a_module():
    from tinygrad_edu.autograd.gradcheck import GradcheckError, gradcheck

    assert torch.autograd.gradcheck is gradcheck
    assert issubclass(GradcheckError, RuntimeError)


@pytest.mark.parametrize("guard", [torch.no_grad, torch.inference_mode])
def test_a_mode_is_that_of_one_thread(guard):
    with guard():
        assert in_a_thread(torch.is_grad_enabled)
        assert not in_a_thread(torch.is_inference_mode_enabled)
        assert not torch.is_grad_enabled()


def test_a_generator_keeps_its_mode_while_threads_take_turns():
    @torch.no_grad()
    def modes():
        while True:
            yield torch.is_grad_enabled()

    generator = modes()
    for _ in range(3):
        assert next(generator) is False
        assert in_a_thread(lambda: (next(generator), torch.is_grad_enabled())) == (False, True)
        assert torch.is_grad_enabled()


@pytest.mark.parametrize(
    "guard", [torch.no_grad, torch.inference_mode, lambda: torch.set_grad_enabled(False)]
)
def test_the_mode_before_returns_after_an_error(guard):
    with pytest.raises(KeyError), guard():
        raise KeyError
    assert torch.is_grad_enabled() and not torch.is_inference_mode_enabled()


def test_nothing_switches_recording_on_inside_inference_mode():
    x = torch.ones(1, requires_grad=True)
    with torch.inference_mode(), torch.enable_grad():
        y = x * 2
        with torch.no_grad():
            assert torch.is_inference_mode_enabled()
    assert y.is_inference() and not y.requires_grad


def test_packing_hooks_are_those_of_one_thread():
    x = torch.ones(1, requires_grad=True)
    with graph.saved_tensors_hooks(lambda t: pytest.fail("not asked"), lambda t: t):
        y = in_a_thread(x.exp)
    y.backward()
    assert x.grad.tolist() == pytest.approx([2.718282])


def test_a_hook_for_several_gradients_keeps_passes_of_threads_apart():
    x, y = (torch.ones(1, requires_grad=True) for _ in range(2))
    seen = []
    graph.register_multi_grad_hook([x, y], seen.append)
    z = x * 2 + y * 3
    start = threading.Barrier(8)

    def work():
        start.wait()
        for _ in range(20):
            torch.autograd.grad(z, [x, y], retain_graph=True)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [[g.item() for g in gradients] for gradients in seen] == [[2.0, 3.0]] * 160


def test_a_hook_for_several_gradients_counts_within_a_pass_inside_a_pass():
    x, y = (torch.ones(1, requires_grad=True) for _ in range(2))
    seen = []
    graph.register_multi_grad_hook([x, y], lambda gs: seen.append([g.item() for g in gs]))
    inner, z = x * 5 + y * 7, x * 2 + y * 3
    z.register_hook(lambda g: inner.backward())
    (z * 1).backward()
    assert seen == [[5.0, 7.0], [2.0, 3.0]]


class Scale(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, factor):
        ctx.factor = factor
        ctx.save_for_backward(x, x * 1)
        return x * factor, x.view(-1)

    @staticmethod
    def backward(ctx, g, h):
        ctx.saved_tensors  # noqa: B018  looking is what may keep something alive
        return g * ctx.factor + h, None


def test_a_function_leaves_no_circle(no_collection):
    x = torch.ones(2, requires_grad=True)
    y, z = Scale.apply(x, 3.0)
    y.sum().backward()
    let_go = [weakref.ref(t) for t in (y, z, y.grad_fn)]
    del y, z
    assert [ref() for ref in let_go] == [None] * 3
    assert x.grad.tolist() == [3.0, 3.0]


def test_an_edge_keeps_the_graph_and_not_the_tensor(no_collection):
    x = torch.ones(2, requires_grad=True)
    y = x * 2
    edge, let_go = graph.get_gradient_edge(y), weakref.ref(y)
    del y
    assert let_go() is None
    (g,) = torch.autograd.grad(edge, x, torch.ones(2))
    assert g.tolist() == [2.0, 2.0]


def test_what_a_pass_told_a_hook_goes_with_the_pass(no_collection):
    x = torch.ones(2, requires_grad=True)
    let_go = []
    graph.register_multi_grad_hook([x], lambda gs: let_go.append(weakref.ref(gs[0])))
    torch.autograd.grad((x * 2).sum(), x)
    assert let_go[0]() is None


@pytest.mark.parametrize("shape", [(), (1,), (2, 1, 3)])
def test_a_jacobian_has_the_shape_of_the_result_and_then_of_the_input(shape):
    x = torch.ones(2, 2)
    result = torch.autograd.functional.jacobian(lambda x: x.sum() * torch.ones(shape), x)
    assert result.shape == (*shape, 2, 2)


def test_derivatives_do_not_take_what_a_function_captures_for_its_input():
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y, g = torch.autograd.functional.vjp(lambda t: (t * x).sum(), x)
    assert (y.item(), g.tolist(), x.grad) == (5.0, [1.0, 2.0], None)


def test_a_jacobian_of_a_jacobian_is_a_hessian():
    x = torch.tensor([0.5, 1.5], dtype=torch.float64)
    functional = torch.autograd.functional

    def f(x):
        return (x**3).prod()

    def slope(x):
        return functional.jacobian(f, x, create_graph=True)

    assert functional.hessian(f, x).allclose(functional.jacobian(slope, x))
    v = torch.tensor([2.0, -1.0], dtype=torch.float64)
    _, product = functional.hvp(f, x, v)
    assert product.allclose(functional.hessian(f, x) @ v)
    _, forward = functional.jvp(slope, x, v)
    assert forward.allclose(product)


def test_gradgradcheck_takes_gradchecks_options():
    x = torch.tensor([0.5, 1.5], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradgradcheck(torch.sin, x, nondet_tol=1e-9, fast_mode=True, atol=1e-4)
    with pytest.raises(TypeError, match="unexpected keyword"):
        torch.autograd.gradgradcheck(torch.sin, x, tolerance=1)


def test_a_saved_tensor_can_be_read_though_another_was_changed():
    x, y = (torch.ones(2, requires_grad=True) for _ in range(2))
    z = x * y
    with torch.no_grad():
        y.add_(1)
    assert z.grad_fn._saved_self is x
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        z.grad_fn._saved_other  # noqa: B018


def test_what_was_never_saved_is_none_after_backward_too():
    x = torch.ones(2, requires_grad=True)
    z = x * torch.ones(2)
    z.sum().backward()
    assert z.grad_fn._saved_self is None
    with pytest.raises(RuntimeError, match="freed"):
        z.grad_fn._saved_other  # noqa: B018
