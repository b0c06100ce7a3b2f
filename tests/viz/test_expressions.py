"""What readers may type: what is allowed is computed, and all else is refused before it runs."""

import pytest

from viz.expressions import Refused, evaluate, parse


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a * b", 6),
        (" (a + 2*b) / a ", 4),
        ("-a ** 2 + +b", -1),
        ("(b - a).exp().log()", 1),
        ("torch.exp(a * 0)", 1),
        ("exp(a * 0)", 1),
        ("stack([a, b]).sum()", 5),
        ("stack([a, b])[1]", 3),
        ("stack([a, b]).amax(dim=0)", 3),
        ("where(a < b, a, b)", 2),
        ("stack([a, b]) @ stack([a, b])", 13),
        ("stack([a, b]).reshape((1, 2)).T[0][0]", 2),
    ],
)
def test_computes_arithmetic_functions_methods_and_indexing(torch, expression, expected):
    tensors = {"a": torch.tensor(2.0), "b": torch.tensor(3.0)}
    result = evaluate(parse(expression, tensors), tensors, torch)
    assert result.item() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("", "Type an expression"),
        (" \n", "Type an expression"),
        ("a *", "no expression yet"),
        ("a = b", "without an equals sign"),
        ("a\0", "no expression yet"),
        ("\ud800", "no expression yet"),
        ("a; b", "no expression yet"),
        ("(" * 150, "no expression yet"),
        ("a + " * 60 + "a", "at most 200 characters"),
        ("a * c", "c (names are a, b)"),
        ("__import__('os')", "__import__ (functions are abs add"),
        ("open(a)", "open (functions are"),
        ("a(b)", "a (functions are"),
        ("exp", "exp (names are a, b)"),
        ("torch", "torch (names are a, b)"),
        ("torch.save(a)", "torch.save (attributes are .T and functions)"),
        ("torch.autograd.grad(a, b)", "torch.autograd.grad (attributes"),
        ("a.backward()", "a.backward (attributes"),
        ("a.grad_fn", "a.grad_fn (attributes"),
        ("a.__class__", "a.__class__ (attributes"),
        ("a.exp", "a.exp (attributes"),
        ("'a'", "constants are numbers"),
        ("a if b else a", "no arithmetic"),
        ("[a for a in b]", "no arithmetic"),
        ("(lambda: a)()", "no arithmetic"),
        ("(x := a)", "no arithmetic"),
        ("a and b", "no arithmetic"),
        ("f'{a}'", "no arithmetic"),
        ("a << 9", "no arithmetic"),
        ("exp(*a)", "no arithmetic"),
        ("9 ** 9 ** 9 * a", "a power needs a tensor"),
        ("stack([a] * 999999999)", "one computes with tensors and numbers"),
    ],
)
def test_refuses_the_rest_in_a_sentence(expression, words):
    with pytest.raises(Refused) as refusal:
        parse(expression, ["a", "b"])
    assert words in str(refusal.value)


def test_a_refusal_is_one_line_without_signs_that_turn_the_text_around():
    with pytest.raises(Refused) as refusal:
        parse("a + '\u202ex\u2028'", ["a"])
    assert str(refusal.value) == r"Not allowed here: '\u202ex\u2028' (constants are numbers)."


def test_a_tensor_may_have_the_name_of_a_function(torch):
    tensors = {"exp": torch.tensor(2.0)}
    assert evaluate(parse("exp + exp", tensors), tensors, torch).item() == 4
