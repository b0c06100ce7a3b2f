"""Where a call stands in a program: the line, the expression, the variable of the result."""

import inspect
import linecache
import sys

import pytest

from viz.where import Where, names_in, user_frame, where, where_from_traceback


def here(*_):
    return where(sys._getframe(1))


def test_a_place_is_the_line_the_expression_and_the_variable():
    found = here(1, 2)
    assert found.code == "found = here(1, 2)"
    assert found.expression == "here(1, 2)"
    assert found.name == "found"
    assert found.file == __file__


def test_an_expression_inside_another_has_no_variable():
    (found, _) = (here(1), None)
    assert found.expression == "here(1)"
    assert found.name == ""


def test_globals_and_variables_of_inner_functions_have_names_too():
    space = {"here": here}
    exec(compile("place = here()", "<cell>", "exec"), space)
    assert space["place"].name == "place"

    def inner():
        nonlocal found
        found = here()

    found = None
    inner()
    assert found.name == "found"


@pytest.mark.parametrize("target", ["box.place = {}", "box['place'] = {}", "print({}, file=None)"])
def test_what_is_stored_elsewhere_has_no_variable(target):
    places = []

    class Box(dict):
        pass

    space = {"here": lambda: places.append(here_of_caller()), "box": Box()}
    exec(compile(target.format("here()"), "<cell>", "exec"), space | {"None": None, "file": None})
    assert places[0].name == ""


def here_of_caller():
    return where(sys._getframe(2))


def test_an_expression_over_several_lines_is_joined():
    found = here(
        1,
        2,
    )
    assert found.expression == "here( 1, 2, )"


def test_letters_of_several_bytes_do_not_shift_the_expression():
    ŷ = "é" * 3; found = here(ŷ)  # noqa: E702  # fmt: skip
    assert found.expression == "here(ŷ)"


def test_a_place_is_written_with_its_file_where_there_is_one():
    assert str(Where(__file__, 3, "")) == "test_where.py, line 3"
    assert str(Where("<cell 2>", 3, "")) == "line 3"


def test_the_lines_of_a_cell_are_found():
    source = "found = here()\n"
    linecache.cache["<a cell>"] = (len(source), None, [source], "<a cell>")
    space = {"here": here}
    exec(compile(source, "<a cell>", "exec"), space)
    assert (space["found"].code, space["found"].expression) == ("found = here()", "here()")


def test_the_users_frame_is_that_of_this_test():
    frame = user_frame()
    assert frame is inspect.currentframe()
    assert dict(names_in(frame))["frame"] is frame
    assert dict(names_in(frame))["Where"] is Where


def test_the_users_line_is_found_in_the_stack_that_anomaly_mode_keeps(torch):
    x = torch.tensor(2.0, requires_grad=True)
    with torch.autograd.set_detect_anomaly(True, check_nan=False):
        y = torch.exp(x)
    found = where_from_traceback(y.grad_fn.metadata["traceback_"])
    assert found.code == "y = torch.exp(x)"
    assert found.file == __file__
