"""DOT becomes SVG and PNG by whichever engine there is."""

import pytest

from viz import render as rendering
from viz.render import render

DOT = "digraph { a -> b }"


def broken(dot, format, layout):
    raise OSError("no such program")


def fixed(dot, format, layout):
    return f"{layout} {format} {dot}".encode()


def test_svg_is_the_default():
    assert b"<svg" in render(DOT)


def test_png_is_drawn_without_graphviz_on_the_machine(monkeypatch):
    monkeypatch.setattr(rendering, "engines", [rendering.graphviz_pure])
    assert render(DOT, "png").startswith(b"\x89PNG")


def test_the_program_is_found_beside_the_interpreter_when_the_path_is_empty(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert b"<svg" in render(DOT)


def test_engines_are_asked_in_turn(monkeypatch):
    monkeypatch.setattr(rendering, "engines", [broken, fixed])
    assert render(DOT, "svg", "neato") == b"neato svg digraph { a -> b }"


def test_if_every_engine_fails_the_error_says_why_and_what_to_do(monkeypatch):
    monkeypatch.setattr(rendering, "engines", [broken])
    with pytest.raises(RuntimeError, match=r"broken: no such program.*pip install graphviz-pure"):
        render(DOT)


def test_a_missing_program_is_called_not_installed(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(rendering, "engines", [rendering.system_dot])
    with pytest.raises(RuntimeError, match="system_dot: not installed"):
        render(DOT)


def test_what_the_program_says_of_bad_dot_is_passed_on():
    with pytest.raises(RuntimeError, match="syntax error"):
        render("digraph {")


def test_a_layout_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(rendering, "SECONDS", 0)
    with pytest.raises(RuntimeError, match="timed out"):
        render(DOT)
