"""show_shapes: shapes on the arrows, broadcasting there and back."""

import pytest

from viz import make_dot


def beside(picture):
    lines = [line for line in picture.body if "->" in line]
    return [line.split('label="')[1].split('"')[0].replace("&nbsp;", "") for line in lines]


def test_an_arrow_has_the_shape_of_its_tail(torch):
    a = torch.ones(2, 3, requires_grad=True)
    assert beside(make_dot((a @ a.T).sum(), show_shapes=True)) == [
        r"(2, 2)\l",
        r"(2, 3)\l",
        r"(3, 2)\l",
        r"(2, 3)\l",
    ]


def test_broadcasting_is_written_there_and_back(torch, regression):
    r = regression
    assert beside(make_dot(r.b + r.w * r.x, show_shapes=True)) == [
        r"(1) → (80, 1)\lback: sum over 80 rows\l",
        r"(80, 1)\l",
        r"(1) → (80, 1)\lback: sum over 80 rows\l",
    ]


@pytest.mark.parametrize(
    ("small", "large", "text"),
    [
        ((), (3,), "3 elements"),
        ((3,), (80, 3), "80 rows"),
        ((80, 1), (80, 3), "3 columns"),
        ((1, 1), (80, 3), "80 rows and 3 columns"),
        ((), (80, 3), "80 rows and 3 columns"),
        ((1, 3), (5, 2, 3), "5 in dim 0 and 2 in dim 1"),
    ],
)
def test_the_dimensions_that_are_summed_have_names(torch, small, large, text):
    w = torch.ones(small, requires_grad=True)
    (line,) = beside(make_dot(w * torch.ones(large), show_shapes=True))
    assert line.endswith(rf"back: sum over {text}\l")
    (w * torch.ones(large)).sum().backward()
    assert w.grad.shape == w.shape


def test_a_mean_is_not_broadcasting(torch):
    a = torch.ones(2, 3, requires_grad=True)
    assert beside(make_dot(a.mean(), show_shapes=True)) == [r"(2, 3)\l"]


def test_a_bias_of_a_layer_is_broadcast(torch):
    h, w, b = (torch.ones(*shape, requires_grad=True) for shape in [(4, 3), (3, 2), (2,)])
    first = beside(make_dot(torch.addmm(b, h, w), show_shapes=True))[0]
    assert first == r"(2) → (4, 2)\lback: sum over 4 rows\l"


def test_each_result_of_an_operation_has_its_own_shape(torch):
    a = torch.ones(3, 2, requires_grad=True)
    first, second = (a * 1).split(2)
    shapes = beside(make_dot(first.sum() + second.sum(), show_shapes=True))
    assert shapes[2:4] == [r"(2, 2)\l", r"(1, 2)\l"]


def test_a_dimension_of_length_one_that_is_added_sums_nothing(torch):
    b = torch.tensor([3.0], requires_grad=True)
    source = make_dot(b + torch.ones(1, 1), show_shapes=True).source
    assert "(1) → (1, 1)" in source
    assert "back: (1)" in source
    assert "sum over" not in source
