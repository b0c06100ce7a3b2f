"""Hooks, chosen inputs and functions of one's own, in random programs, do as in PyTorch."""

import observe
from hook_programs import function_programs, hook_programs
from hypothesis import given
from test_parity import assert_same, needs_pytorch, steady

import tinygrad_edu


def check(program):
    import torch

    assert_same(program, observe.run(program, tinygrad_edu), observe.run(program, torch))


@needs_pytorch
@steady
@given(hook_programs())
def test_hooks_are_called_as_in_pytorch(program):
    check(program)


@needs_pytorch
@steady
@given(function_programs())
def test_functions_of_ones_own_do_as_in_pytorch(program):
    check(program)
