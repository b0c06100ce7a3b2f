"""show_marks: custom functions, views, retained gradients and hooks."""

import pytest

from viz import make_dot


@pytest.fixture
def custom(torch):
    class Double(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g * 2

    return Double.apply


def labels(root, params=None):
    picture = make_dot(root, params, show_marks=True)
    return [line.split('"')[1] for line in picture.body if "label=" in line]


def test_a_custom_function_is_shown_as_such(torch, custom):
    w = torch.ones(1, requires_grad=True)
    assert labels(custom(w).exp()) == [
        "ExpBackward0",
        r"DoubleBackward\ncustom Function",
        "(1)",
    ]


def test_a_custom_function_is_known_after_backward(torch, custom):
    y = custom(torch.ones(1, requires_grad=True))
    y.backward()
    assert labels(y)[0] == r"DoubleBackward\ncustom Function"


def test_a_view_tells_whose_memory_it_shares(torch):
    h = torch.ones(4, requires_grad=True) * 2
    assert labels(h.view(2, 2), {"h": h})[0] == r"ViewBackward0\na view of h"
    assert labels(h.view(2, 2))[0] == r"ViewBackward0\na view"


def test_a_result_that_retains_its_gradient_says_so(torch):
    h = torch.ones(1, requires_grad=True) * 2
    h.retain_grad()
    assert labels(h.exp(), {"h": h})[1] == r"h\nMulBackward0\nretains its gradient"


def test_hooks_are_counted(torch):
    w = torch.ones(1, requires_grad=True)
    w.register_hook(lambda g: g)
    w.register_hook(lambda g: 2 * g)
    w.register_post_accumulate_grad_hook(lambda t: None)
    assert labels(w.exp())[1] == r"(1)\n2 hooks\n1 hook after accumulation"


def test_the_name_of_what_is_viewed_cannot_break_out(torch):
    h = torch.ones(4, requires_grad=True) * 2
    name = 'h"\\\n<b>&'
    source = make_dot(h.view(2, 2), {name: h}, show_marks=True).source
    assert r"a view of h\"\\\\n<b>&amp;" in source


def test_without_the_option_nothing_is_told(torch):
    h = torch.ones(4, requires_grad=True).view(2, 2)
    h.retain_grad()
    assert make_dot(h).body[0].strip().startswith('n0 [label="ViewBackward0"')
