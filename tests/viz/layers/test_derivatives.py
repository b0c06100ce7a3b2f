"""show_derivatives: the local derivative beside each arrow, its value, and whether it is right."""

import pytest

import viz
from viz import formulas, make_dot


def beside(picture):
    lines = [line for line in picture.body if "->" in line]
    texts = [line.split('label="')[1].split('"')[0] if "label=" in line else "" for line in lines]
    return [text.replace("&nbsp;", "").removesuffix(r"\l") for text in texts]


def drawn(y, **params):
    return beside(make_dot(y, params, show_derivatives=True))


@pytest.fixture
def w(torch):
    return torch.tensor([3.0], requires_grad=True)


@pytest.fixture
def x(torch):
    return torch.tensor([0.5])


def test_a_product_has_the_other_factor_as_its_derivative(w, x):
    assert drawn(w * x, w=w, x=x) == ["∂/∂w = x = 0.5, checked"]


def test_a_square_of_one_leaf_has_two_arrows_with_a_derivative_each(w):
    assert drawn(w * w, w=w) == ["∂/∂w = w = 3, checked"] * 2


def test_a_power_has_its_exponent_worked_out(w):
    assert drawn(w**2, w=w) == ["∂/∂w = 2 * w = 6, checked"]
    assert drawn(2**w, w=w) == ["∂/∂w = log(2) * 2 ** w = 5.545, checked"]


def test_a_derivative_that_is_a_number_is_written_once(w, x):
    with viz.record():
        y = 1 - w
    assert drawn(y, w=w) == ["∂/∂w = -1, checked"]
    assert drawn(w * 2, w=w) == ["∂/∂w = 2, checked"]


def test_a_mean_has_one_over_the_number_of_elements(torch):
    a = torch.ones(80, 1, requires_grad=True)
    assert drawn(a.mean(), a=a) == ["∂/∂a = 1 / 80 = 0.0125, checked"]


def test_of_many_elements_what_can_be_told_is_told_without_a_check(torch):
    a = torch.ones(1000, requires_grad=True)
    assert drawn(a.mean(), a=a) == ["∂/∂a = 1 / 1000 = 0.001"]


def test_broadcast_operands_have_a_derivative_for_each_element(torch, w):
    x = torch.tensor([[1.0], [2.0], [4.0], [8.0]])
    assert drawn(w * x, w=w, x=x) == ["∂/∂w = x = [1, 2, 4, …], checked"]
    row = torch.tensor([1.0, 10.0], requires_grad=True)
    assert drawn(row * x, row=row, x=x) == ["∂/∂row = x = [1, 1, 2, …], checked"]


def test_an_operand_without_a_name_is_called_by_its_expression(w, x):
    with viz.record():
        y = (w * x).exp()
    assert drawn(y)[0] == "∂/∂(w * x) = exp(w * x) = 4.482, checked"


def test_an_expression_in_an_expression_is_written_out_and_not_as_its_number(w, x):
    with viz.record():
        y = (w * x).exp() / w
    assert drawn(y, w=w, x=x)[0].startswith("∂/∂exp(w * x) = 1 / w = ")


def test_a_matrix_product_says_what_becomes_of_the_gradient(torch):
    a, b = (torch.ones(2, 2, requires_grad=True) for _ in range(2))
    picture = make_dot(a @ b, {"a": a, "b": b}, show_derivatives=True)
    assert beside(picture) == ["to a: g @ b.T", "to b: a.T @ g"]
    assert "g: the gradient that arrives" in picture.source


def test_an_operation_without_a_formula_has_nothing_beside_its_arrow(torch):
    a = torch.ones(3, requires_grad=True)
    assert drawn(a.cumsum(0)) == [""]


def test_an_added_multiple_is_not_taken_for_a_sum(torch, w, x):
    assert drawn(torch.add(w, w, alpha=2), w=w) == ["", ""]


def test_numbers_that_belong_to_a_call_of_several_operations_are_not_taken_for_operands():
    torch = pytest.importorskip("torch")
    with viz.record():
        a = torch.ones(4, requires_grad=True)
        y = torch.nn.functional.dropout(a, 0.5, training=True)
    assert type(y.grad_fn).__name__ == "MulBackward0"
    mask = ", ".join(f"{number:g}" for number in y.tolist()[:3])
    assert drawn(y, a=a) == [f"∂/∂a = other = [{mask}, …], checked"]


def test_a_formula_that_does_not_give_the_result_is_not_written(monkeypatch, w, x):
    monkeypatch.setitem(formulas.FORMULAS, "MulBackward0", ("x + y", "1", "1"))
    assert drawn(w * x, w=w, x=x) == [""]


def test_a_wrong_formula_is_called_wrong_by_the_difference(monkeypatch, w, x):
    monkeypatch.setitem(formulas.FORMULAS, "MulBackward0", ("x * y", "2 * y", "x"))
    assert drawn(w * x, w=w, x=x) == ["∂/∂w = 2 * x = 1, WRONG: measured 0.5"]


def test_a_gradient_that_did_not_travel_as_it_should_is_called_wrong(w, x):
    y = w * x
    with viz.record():
        z = w * x
        z.grad_fn.register_prehook(lambda grads: None)
        z.backward()
    z.grad_fn.metadata["viz"].passes[-1] = (
        z.grad_fn.metadata["viz"]
        .passes[-1]
        .__class__(
            arrived=z.grad_fn.metadata["viz"].passes[-1].arrived,
            sent=z.grad_fn.metadata["viz"].passes[-1].arrived,
        )
    )
    assert drawn(y, w=w, x=x) == ["∂/∂w = x = 0.5, checked"]
    assert drawn(z, w=w, x=x) == ["∂/∂w = x = 0.5, WRONG: due were 0.5"]


def test_at_a_kink_nothing_is_checked(torch):
    a = torch.tensor([0.0], requires_grad=True)
    assert drawn(a.relu(), a=a) == ["∂/∂a = 1 if a > 0 else 0 = 0"]
    assert drawn(a**2, a=a) == ["∂/∂a = 2 * a = 0, checked"]


def test_a_leaf_that_was_changed_gives_no_number(torch, w):
    y = w * w
    z = w.exp()
    with torch.no_grad():
        w -= 1
    assert drawn(y, w=w) == ["∂/∂w = w"] * 2
    assert drawn(z, w=w) == ["∂/∂w = exp(w)"]


def test_after_backward_a_recording_still_knows_the_numbers(w, x):
    with viz.record():
        y = w * x
        y.backward()
    assert drawn(y) == ["∂/∂w = x = 0.5, checked"]


def test_numbers_that_are_not_finite_are_not_called_wrong(torch, x):
    a = torch.tensor([float("inf")], requires_grad=True)
    assert all("WRONG" not in text for text in drawn(a * x * a, a=a, x=x))


def test_the_sum_of_a_multiple_is_not_called_a_plain_sum(torch, w):
    v = torch.ones_like(w).requires_grad_()
    loss = torch.add(w, v, alpha=2) ** 2
    assert "w + v" in make_dot((w + v) ** 2, {"w": w, "v": v}, show_derivatives=True).source
    assert "w + v" not in make_dot(loss, {"w": w, "v": v}, show_derivatives=True).source


HARD = {
    "a logarithm near zero": lambda leaf: leaf(1e-5).log(),
    "a wave far out": lambda leaf: leaf(1e5).sin(),
    "a large number beside a small one": lambda leaf: leaf([1e9, 1.0]).sum(),
    "numbers of many sizes": lambda leaf: leaf([50.0, -50.0, 10.0]).exp().sum(),
    "a saturated sigmoid": lambda leaf: leaf([40.0, -40.0, 10.0]).sigmoid().sum(),
    "a root near zero": lambda leaf: leaf([1e-6]).sqrt().sum(),
    "a parameter at its minimum": lambda leaf: (
        (leaf([0.0]) - leaf([[3.3], [-1.1], [-2.2]] * 25)) ** 2
    ).mean(),
}


@pytest.mark.parametrize("case", HARD)
def test_no_right_derivative_is_called_wrong(torch, case):
    with viz.record():
        loss = HARD[case](lambda numbers: torch.tensor(numbers, requires_grad=True))
        loss.backward()
    assert "WRONG" not in make_dot(loss, show_derivatives=True).source


def test_the_second_result_of_an_operation_is_not_named_as_the_first(torch):
    x = torch.tensor([[1.5], [0.5]], requires_grad=True)
    with viz.record():
        a, b = (x * 2).unbind()
        loss = (b**3).sum()
    source = make_dot(loss, {"a": a, "b": b}, show_derivatives=True).source
    assert "3 * b ** 2" in source
    assert "3 * a ** 2" not in source
