"""gradcheck and gradgradcheck: right gradients pass, wrong ones are named."""

import pytest

import tinygrad_edu as torch

gradcheck, gradgradcheck = torch.autograd.gradcheck, torch.autograd.gradgradcheck


class WrongSquare(torch.autograd.Function):
    """Its gradient is half as large again as it should be."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, g):
        return 3 * ctx.saved_tensors[0] * g


class RightOnce(WrongSquare):
    """Its gradient is right, but not its gradient's gradient."""

    @staticmethod
    def backward(ctx, g):
        return 2 * ctx.saved_tensors[0].detach() * g


def tensor(*values):
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


@pytest.fixture
def x():
    return tensor(0.5, 1.5)


@pytest.mark.parametrize(
    "func",
    [lambda x, y: x * y.exp(), lambda x, y: (x / y, (x + y).sum()), lambda x, y: x[0] * y],
)
@pytest.mark.parametrize("check", [gradcheck, gradgradcheck])
def test_right_gradients_pass_for_each_input_and_output(check, func, x):
    assert check(func, (x, tensor(2.0, 3.0))) is True


def test_a_mismatch_names_the_input_the_output_and_both_jacobians(x):
    with pytest.raises(torch.autograd.GradcheckError) as error:
        gradcheck(lambda a, b: (a * b, WrongSquare.apply(b)), (tensor(1.0, 1.0), x))
    assert str(error.value) == (
        "Jacobian mismatch for output 1 with respect to input 1,\n"
        "numerical:tensor([[1.0000, 0.0000],\n        [0.0000, 3.0000]], dtype=torch.float64)\n"
        "analytical:tensor([[1.5000, 0.0000],\n        [0.0000, 4.5000]], dtype=torch.float64)\n"
    )
    assert isinstance(error.value, RuntimeError)


def test_a_mismatch_is_false_when_no_exception_is_wanted(x):
    assert gradcheck(WrongSquare.apply, x, raise_exception=False) is False


def test_a_wrong_second_derivative_is_found_by_gradgradcheck_only(x):
    assert gradcheck(RightOnce.apply, x)
    with pytest.raises(torch.autograd.GradcheckError, match="output 0 with respect to input 0"):
        gradgradcheck(RightOnce.apply, x)


def test_a_result_cut_off_from_its_input_is_an_error(x):
    with pytest.raises(torch.autograd.GradcheckError, match="expected to be zero"):
        gradcheck(lambda x: x.detach() * 2, x)


def test_single_precision_gets_a_warning():
    x = torch.tensor([1.0], requires_grad=True)
    with pytest.warns(UserWarning, match="Input #0 requires gradient and is not a double"):
        assert gradcheck(lambda x: x * 3, x, eps=0.25)


def test_an_input_without_gradient_is_an_error(x):
    with pytest.raises(ValueError, match="at least one input tensor to require gradient"):
        gradcheck(torch.exp, x.detach())


def test_an_input_that_repeats_its_memory_is_an_error():
    x = torch.ones(1, dtype=torch.float64).expand(3).requires_grad_()
    with pytest.raises(RuntimeError, match="The 0th input has a dimension with stride 0"):
        gradcheck(torch.exp, x)


def test_inputs_and_gradients_are_left_as_they_were(x):
    gradcheck(torch.exp, x)
    assert x.tolist() == [0.5, 1.5] and x.grad is None


def test_a_number_as_input_and_a_tensor_of_no_dimensions_are_welcome():
    assert gradcheck(lambda x, k: x**k, (tensor(2.0)[0].detach().requires_grad_(), 3))


def test_gradgradcheck_starts_with_the_gradients_it_is_given(x):
    assert gradgradcheck(lambda x: x**3, x, tensor(1.0, -2.0))
