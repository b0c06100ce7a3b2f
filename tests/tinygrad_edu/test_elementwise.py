"""What golden answers cannot ask: accuracy over a whole range, derivatives by differences."""

import math

import numpy as np
import pytest

import tinygrad_edu as torch
from tinygrad_edu.autograd import gradcheck, gradgradcheck
from tinygrad_edu.operations.elementwise import erf


def test_erf_is_as_accurate_as_math_erf():
    x = np.concatenate([np.linspace(-7, 7, 20_001), 10.0 ** np.arange(-300, 1, 10)])
    expected = np.array([math.erf(value) for value in x])
    assert np.max(np.abs(erf(x) - expected) / np.maximum(np.abs(expected), 1e-300)) < 5e-16


def test_erf_of_what_is_no_finite_number():
    x = np.array([np.inf, -np.inf, np.nan, 0.0, -0.0])
    assert str(erf(x).tolist()) == "[1.0, -1.0, nan, 0.0, -0.0]"


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_erf_is_rounded_once_to_the_dtype_of_its_input(dtype):
    x = np.linspace(-4, 4, 1001).astype(dtype)
    assert np.array_equal(erf(x), np.array([math.erf(value) for value in x]).astype(dtype))


SMOOTH = [
    *["exp2", "expm1", "log2", "log10", "log1p", "rsqrt", "tan", "asin", "acos", "atan", "sinh"],
    *["cosh", "asinh", "atanh", "erf", "sigmoid", "reciprocal", "square"],
]


@pytest.mark.parametrize("name", SMOOTH)
def test_both_derivatives_agree_with_differences(name):
    x = torch.tensor([0.15, 0.4, 0.85], dtype=torch.float64, requires_grad=True)
    assert gradcheck(getattr(torch, name), x)
    assert gradgradcheck(getattr(torch, name), x)


@pytest.mark.parametrize("name", ["atan2", "pow", "fmod", "remainder", "maximum"])
def test_both_derivatives_agree_with_differences_for_both_inputs(name):
    x = torch.tensor([0.15, 2.5, 0.85], dtype=torch.float64, requires_grad=True)
    w = torch.tensor([[0.6], [1.3]], dtype=torch.float64, requires_grad=True)
    assert gradcheck(getattr(torch, name), (x, w))
    assert gradgradcheck(getattr(torch, name), (x, w))
