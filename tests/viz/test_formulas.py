"""The tables of formulas: that they read well, and that their numbers are right."""

import pytest

from viz.formulas import (
    ELEMENTWISE,
    FORMULAS,
    OVER_ALL,
    computed,
    derivative,
    difference,
    slope,
    slope_at,
    written,
)

UNARY = (
    "sqrt rsqrt exp expm1 log log2 log10 log1p sin cos tan asin acos atan sinh cosh tanh sigmoid"
)
PROGRAMS = {  # with the operands that they are written with
    "AddBackward0": (lambda x, y: x + y, "xy"),
    "SubBackward0": (lambda x, y: x - y, "xy"),
    "RsubBackward1": (lambda y: 3 - y, "3y"),
    "MulBackward0": (lambda x, y: x * y, "xy"),
    "DivBackward0": (lambda x, y: x / y, "xy"),
    "PowBackward0": (lambda x: x**3, "x3"),
    "PowBackward1": (lambda x, y: x**y, "xy"),
    "PowBackward2": (lambda y: 3**y, "3y"),
    "NegBackward0": (lambda x: -x, "x"),
    "AbsBackward0": (lambda x: abs(x), "x"),
    "ReciprocalBackward0": (lambda x: x.reciprocal(), "x"),
    "ReluBackward0": (lambda x: x.relu(), "x"),
    "Atan2Backward0": (lambda x, y: x.atan2(y), "xy"),
    "CloneBackward0": (lambda x: x.clone(), "x"),
    "MeanBackward0": (lambda x: x.mean(), "x"),
    "SumBackward0": (lambda x: x.sum(), "x"),
    "DotBackward0": (lambda x, y: x.reshape(1) @ y.reshape(1), "xy"),
}
for method in UNARY.split():
    name = "Log1P" if method == "log1p" else method.capitalize()
    PROGRAMS[f"{name}Backward0"] = (lambda x, method=method: getattr(x, method)()), "x"
NUMBERS = {"x": 0.4, "y": 0.7, "3": 3.0}


def test_each_row_that_is_computed_has_a_program_here():
    assert {*PROGRAMS, "WhereBackward0"} == {*ELEMENTWISE, *OVER_ALL}


@pytest.mark.parametrize("operation", PROGRAMS)
def test_the_numbers_of_a_row_are_those_of_autograd_and_of_a_difference(torch, operation):
    program, letters = PROGRAMS[operation]
    leaves = {
        letter: torch.tensor(NUMBERS[letter], dtype=torch.float64, requires_grad=True)
        for letter in letters
        if letter != "3"
    }
    result = program(*leaves.values())
    result.sum().backward()
    if operation != "DotBackward0":
        assert type(result.grad_fn).__name__ == operation
    numbers = [NUMBERS[letter] for letter in letters]
    operands = [(n,) for n in numbers] if operation in OVER_ALL else numbers
    assert computed(operation, operands) == pytest.approx(result.item())
    for letter, leaf in leaves.items():
        place, right = letters.index(letter), pytest.approx(leaf.grad.item(), rel=1e-6)
        assert slope_at(operation, place, operands) == right
        assert difference(operation, place, operands) == right


def test_a_condition_chooses_the_operand_that_moves_the_result():
    where = "WhereBackward0"
    assert [slope_at(where, place, [True, 3.0, 4.0]) for place in (0, 1, 2)] == [None, 1, 0]
    assert [difference(where, place, [False, 3.0, 4.0]) for place in (1, 2)] == [0, 1]


def test_a_mean_is_moved_by_each_of_its_elements():
    assert slope_at("MeanBackward0", 0, [(1.0, 2.0, 4.0, 5.0)], element=2) == 0.25
    assert difference("MeanBackward0", 0, [(1.0, 2.0, 4.0, 5.0)], 2) == pytest.approx(0.25)


def test_where_a_function_is_not_defined_there_is_no_number():
    assert computed("LogBackward0", [-1.0]) is None
    assert computed("DivBackward0", [1.0, 0.0]) is None
    assert slope_at("SqrtBackward0", 0, [0.0]) is None
    assert computed("PowBackward0", [-2.0, 0.5]) is None
    assert computed("ExpBackward0", [1e4]) is None
    assert difference("AddBackward0", 0, [1.0]) is None


def test_what_no_row_knows_has_a_name_and_no_derivative():
    assert written("LogSoftmaxBackward0", ["scores"]) == "log_softmax(scores)"
    assert written("Double", ["w"]) == "double(w)"
    assert slope("Double", 0, ["w"]) == derivative("Double", 0, ["w"]) == ""
    assert computed("Double", [1.0]) is slope_at("Double", 0, [1.0]) is None


def test_missing_operands_are_not_made_up():
    assert written("MulBackward0", ["w"]) == "mul(w)"
    assert slope("MulBackward0", 0, ["w"]) == ""


def test_operands_stand_in_parentheses_where_they_need_them():
    assert written("MulBackward0", ["b + w", "-2"]) == "(b + w) * (-2)"
    assert written("ExpBackward0", ["b + w"]) == "exp(b + w)"
    assert written("MmBackward0", ["layer.weight", "relu(h)"]) == "layer.weight @ relu(h)"
    assert written("WhereBackward0", ["t > 0", "t ** 2", "-t"]) == "where(t > 0, t ** 2, -t)"


def test_an_exponent_is_computed():
    assert slope("PowBackward0", 0, ["error", "2"]) == "2 * error"
    assert slope("PowBackward0", 0, ["a", "3"]) == "3 * a ** 2"
    assert slope("PowBackward0", 0, ["a", "0.5"]) == "0.5 * a ** (0.5 - 1)"


def test_what_needs_the_arriving_gradient_is_no_derivative_but_says_where_it_goes():
    assert derivative("MulBackward0", 1, ["w", "x"]) == "∂/∂x = w"
    assert derivative("MmBackward0", 1, ["x", "w"]) == "to w: x.T @ g"


def test_a_name_that_looks_like_a_letter_of_the_table_is_not_replaced_again():
    assert written("MulBackward0", ["y", "x"]) == "y * x"
    assert slope("DivBackward0", 1, ["z", "n"]) == "-z / n ** 2"


def test_every_row_fills_with_names():
    for operation, (_, *slopes) in FORMULAS.items():
        for place, text in enumerate(slopes):
            assert bool(slope(operation, place, ["a", "b", "c"])) == bool(text), operation
