"""Custom functions: what `torch.autograd.Function` promises, without PyTorch."""

import gc
import weakref

import pytest

import tinygrad_edu as torch

Function = torch.autograd.Function


def function(forward, backward, name="Cube", **more):
    methods = {"forward": forward, "backward": backward, **more}
    return type(name, (Function,), {key: staticmethod(value) for key, value in methods.items()})


def cube_forward(ctx, x):
    ctx.save_for_backward(x)
    return x**3


def cube_backward(ctx, g):
    (x,) = ctx.saved_tensors
    return 3 * x**2 * g


Cube = function(cube_forward, cube_backward)


def leaf():
    return torch.tensor([1.0, 2.0], requires_grad=True)


def gradient(kind, *more):
    x = leaf()
    kind.apply(x, *more).sum().backward()
    return None if x.grad is None else x.grad.tolist()


def test_the_node_is_named_after_the_class_and_leads_to_the_inputs():
    x = leaf()
    y = function(lambda ctx, x, k, c: x * k, cube_backward).apply(x, 3.0, torch.ones(2))
    assert y.grad_fn.name() == type(y.grad_fn).__name__ == "CubeBackward"
    (first, zero), constant = y.grad_fn.next_functions
    assert first.variable is x and zero == 0 and constant == (None, 0)


def test_backward_computes_the_gradient():
    assert gradient(Cube) == [3.0, 12.0]


def test_backward_can_be_differentiated_again_and_again():
    x = leaf()
    total = Cube.apply(x).sum()
    slopes = []
    for _ in range(3):
        (g,) = torch.autograd.grad(total, x, create_graph=True)
        slopes.append(g.tolist())
        total = g.sum()
    assert slopes == [[3.0, 12.0], [6.0, 12.0], [6.0, 6.0]]


def test_a_saved_result_can_be_differentiated_again():
    def forward(ctx, x):
        y = x * x
        ctx.save_for_backward(y, x)
        return y

    def backward(ctx, g):
        y, x = ctx.saved_tensors
        return 2 * y / x * g

    x = leaf()
    (g,) = torch.autograd.grad(function(forward, backward).apply(x).sum(), x, create_graph=True)
    g.sum().backward()
    assert x.grad.tolist() == [2.0, 2.0]


def test_a_saved_leaf_is_the_leaf_itself():
    x = leaf()
    assert Cube.apply(x).grad_fn.saved_tensors[0] is x


def test_forward_is_not_recorded_and_knows_which_inputs_need_a_gradient():
    seen = []

    def forward(ctx, x, k, c):
        seen.append((ctx.needs_input_grad, torch.is_grad_enabled(), ctx.saved_tensors))
        return x * k

    function(forward, cube_backward).apply(leaf(), 3.0, torch.ones(2))
    assert seen == [((True, False, False), False, ())]


def test_without_recording_the_result_has_no_history():
    with torch.no_grad():
        assert Cube.apply(leaf()).grad_fn is None
    assert not Cube.apply(torch.ones(2)).requires_grad


def test_several_results_share_one_node_and_get_one_gradient_each():
    given = []

    def backward(ctx, *gradients):
        given.append([g.tolist() for g in gradients])
        return 2 * gradients[0] + 3 * gradients[1]

    x = leaf()
    a, b = function(lambda ctx, x: (2 * x, 3 * x), backward).apply(x)
    assert a.grad_fn is b.grad_fn and (a.output_nr, b.output_nr) == (0, 1)
    b.sum().backward()
    assert given == [[[0.0, 0.0], [1.0, 1.0]]] and x.grad.tolist() == [3.0, 3.0]


def test_missing_gradients_are_none_if_the_function_wants_them_so():
    given = []

    def forward(ctx, x):
        ctx.set_materialize_grads(False)
        return 2 * x, 3 * x

    def backward(ctx, *gradients):
        given.append(gradients[0])
        return gradients[1]

    function(forward, backward).apply(leaf())[1].sum().backward()
    assert given == [None]


def test_results_marked_or_of_integers_or_not_tensors_have_no_history():
    def forward(ctx, x):
        y = x * 3
        ctx.mark_non_differentiable(y)
        return x * 2, y, torch.tensor([1]), "name"

    a, b, c, d = function(forward, lambda ctx, *g: g[0]).apply(leaf())
    assert [z.requires_grad for z in (a, b, c)] == [True, False, False] and d == "name"


def test_setup_context_is_given_inputs_with_defaults_and_the_output():
    def forward(x, k=3.0):
        return x * k

    def setup_context(ctx, inputs, output):
        ctx.k, ctx.shape = inputs[1], output.shape

    def backward(ctx, g):
        return (g * ctx.k).reshape(ctx.shape), None

    kind = function(forward, backward, setup_context=setup_context)
    assert gradient(kind) == [3.0, 3.0]
    assert kind.apply(leaf()).grad_fn.k == 3.0


def test_an_input_returned_as_it_is_becomes_a_result_with_history():
    x = leaf()
    y = function(lambda ctx, x: x, lambda ctx, g: 10 * g).apply(x)
    y.sum().backward()
    assert y is not x and x.grad.tolist() == [10.0, 10.0]


@pytest.mark.parametrize("forward", [lambda ctx, x: x, lambda ctx, x: x.view(-1)])
def test_a_result_that_shares_memory_with_an_argument_may_not_be_written_over(forward):
    z = leaf() * 1
    y = function(forward, lambda ctx, g: 10 * g).apply(z)
    assert y.data_ptr() == z.data_ptr()
    with pytest.raises(RuntimeError, match="view was created inside a custom Function"):
        y.mul_(2)


def dirty_forward(ctx, x):
    ctx.mark_dirty(x.mul_(2))
    return x


Double = function(dirty_forward, lambda ctx, g: 2 * g, "Double")


def test_a_dirty_input_gets_the_functions_history_and_so_do_its_views():
    x = leaf()
    z = x * 1
    part = z[0:1]
    assert Double.apply(z) is z and z.grad_fn.name() == "DoubleBackward"
    part.sum().backward()
    assert x.grad.tolist() == [2.0, 0.0]


def test_a_dirty_leaf_and_a_dirty_input_not_returned_are_errors():
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad has been used"):
        Double.apply(leaf())
    with pytest.raises(RuntimeError, match="not returned as output"):
        function(lambda ctx, x: ctx.mark_dirty(x) or x * 1, cube_backward).apply(leaf() * 1)


def test_a_dirty_view_gives_its_base_the_functions_history():
    x = leaf()
    z = x * 1
    Double.apply(z[0:1])
    z.sum().backward()
    assert z.grad_fn.name() == "CopySlices" and x.grad.tolist() == [2.0, 1.0]


def test_a_dirty_view_must_be_the_only_result():
    twice = function(lambda ctx, x: (dirty_forward(ctx, x), x * 1), lambda ctx, g, h: g)
    with pytest.raises(RuntimeError, match="cannot return more than one Tensor"):
        twice.apply((leaf() * 1)[0:1])


def test_what_is_marked_as_dirty_but_is_no_argument_is_a_warning():
    def forward(ctx, x):
        y = x * 1
        ctx.mark_dirty(y)
        return y

    with pytest.warns(UserWarning, match="received a tensor that was not an input"):
        function(forward, lambda ctx, g: g).apply(leaf())


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (lambda g: (g, g), r"function CubeBackward returned an incorrect number of gradients "
         r"\(expected 1, got 2\)"),
        (lambda g: (), r"\(expected 1, got 0\)"),
        (lambda g: 3.0, r"expected Variable or None \(got float\)"),
        (lambda g: torch.ones(3), r"Function CubeBackward returned an invalid gradient at index 0 "
         r"- got \[3\] but expected shape compatible with \[2\]"),
        (lambda g: torch.ones(1), r"got \[1\] but expected"),
    ],
)  # fmt: skip
def test_a_wrong_return_of_backward_is_an_error(returned, message):
    with pytest.raises(RuntimeError, match=message):
        gradient(function(lambda ctx, x: x * 2, lambda ctx, g: returned(g)))


def test_a_gradient_for_a_number_is_an_error():
    with pytest.raises(RuntimeError, match="different than None at position 2"):
        gradient(function(lambda ctx, x, k: x * k, lambda ctx, g: (g, g)), 2.0)


def test_gradients_are_summed_and_cast_to_the_input_and_extra_nones_ignored():
    wide = torch.ones(3, 2, dtype=torch.float64)
    assert gradient(function(lambda ctx, x: x * 2, lambda ctx, g: (wide, None))) == [3.0, 3.0]
    assert gradient(function(lambda ctx, x: x * 2, lambda ctx, g: None)) is None


def test_a_saved_tensor_that_was_written_over_is_an_error():
    z = leaf() * 1
    y = Cube.apply(z)
    z.mul_(2)
    with pytest.raises(RuntimeError, match="which is output 0 of Mul, is at version 1; expected"):
        y.sum().backward()


def test_saved_tensors_are_let_go_of_after_backward():
    y = Cube.apply(leaf())
    y.sum().backward()
    with pytest.raises(RuntimeError, match="Trying to backward through the graph a second time"):
        _ = y.grad_fn.saved_tensors


def test_a_function_that_saved_nothing_can_run_backward_twice():
    x = leaf()
    y = function(lambda ctx, x: x * 2, lambda ctx, g: 2 * g).apply(x)
    y.backward(torch.ones(2))
    y.backward(torch.ones(2))
    assert x.grad.tolist() == [4.0, 4.0]


def test_only_tensors_can_be_saved():
    with pytest.raises(TypeError, match="argument 1 is of type int"):
        function(lambda ctx, x: ctx.save_for_backward(x, 3) or x * 2, cube_backward).apply(leaf())


def test_once_differentiable_gradients_refuse_a_second_time():
    once = torch.autograd.function.once_differentiable
    kind = function(lambda ctx, x: x * 2, once(lambda ctx, g: 2 * g))
    assert gradient(kind) == [2.0, 2.0]
    x, v = leaf(), torch.ones(2, requires_grad=True)
    (g,) = torch.autograd.grad(kind.apply(x), x, v, create_graph=True)
    with pytest.raises(RuntimeError, match="trying to differentiate twice"):
        g.sum().backward()


def test_missing_methods_and_instances_are_errors():
    with pytest.raises(NotImplementedError, match="You must implement the forward function"):
        type("Empty", (Function,), {}).apply(leaf())
    half = type("Half", (Function,), {"forward": staticmethod(lambda ctx, x: x * 2)})
    with pytest.raises(NotImplementedError, match="either the backward or vjp method"):
        half.apply(leaf()).sum().backward()
    with pytest.warns(DeprecationWarning, match="should not be instantiated"):
        instance = Cube()
    with pytest.raises(RuntimeError, match="Legacy autograd function"):
        instance(leaf())


def test_hooks_of_the_node_and_of_the_result_are_called():
    seen = []
    y = Cube.apply(leaf())
    y.register_hook(lambda g: seen.append(("tensor", g.tolist())))
    y.grad_fn.register_hook(lambda sent, given: seen.append(("node", sent[0].tolist())))
    y.sum().backward()
    assert seen == [("tensor", [1.0, 1.0]), ("node", [3.0, 12.0])]


def test_the_node_does_not_keep_its_result_alive_and_leaves_no_circle():
    def use():
        x = leaf()
        y = Cube.apply(Double.apply(x * 1))
        result = weakref.ref(y)
        node = y.grad_fn
        y.sum().backward()
        del y
        return node.name(), result()

    use()
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        assert use() == ("CubeBackward", None)
        assert gc.collect() == 0
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
