"""DOT becomes SVG and PNG by whichever engine there is, and a failure is one line."""

import os
import stat
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from viz import render as rendering
from viz.render import render

DOT = "digraph { a -> b }"


def broken(dot, format, layout):
    raise OSError("no such program")


def fixed(dot, format, layout):
    return f"{layout} {format} {dot}".encode()


def refuse(format):
    """What render says when it cannot draw."""
    with pytest.raises(RuntimeError) as caught:
        render(DOT, format)
    return str(caught.value)


@pytest.fixture
def nothing_installed(monkeypatch):
    monkeypatch.setattr(rendering, "_installed", lambda program: None)
    monkeypatch.setenv("PATH", "")


@pytest.fixture
def program(tmp_path, monkeypatch, nothing_installed):
    """A function that puts a shell script on the path under the name of an engine's program."""

    def install(name, script):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(tmp_path))

    if sys.platform == "win32":
        pytest.skip("the programs of this test are shell scripts")
    return install


def test_svg_is_the_default():
    assert b"<svg" in render(DOT)


def test_png_is_drawn_without_graphviz_on_the_machine(monkeypatch):
    monkeypatch.setattr(rendering, "engines", [rendering.graphviz_pure])
    assert render(DOT, "png").startswith(b"\x89PNG")


def test_the_program_is_found_when_the_path_is_empty(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert b"<svg" in render(DOT)


def test_a_home_that_is_missing_or_read_only_and_an_empty_environment_do_not_matter(tmp_path):
    tmp_path.chmod(0o500)
    code = f"from viz.render import render; print(render({DOT!r})[:5])"
    keep = {name: os.environ[name] for name in ("PYTHONPATH", "SYSTEMROOT") if name in os.environ}
    root = str(Path(__file__).parents[2])
    for home in (str(tmp_path), "/nonexistent", None):
        environment = keep | ({"HOME": home} if home else {})
        command = [sys.executable, "-c", code]
        run = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True)
        assert run.stdout == "b'<?xml'\n", run.stderr


def test_engines_are_asked_in_turn(monkeypatch):
    monkeypatch.setattr(rendering, "engines", [broken, fixed])
    assert render(DOT, "svg", "neato") == b"neato svg digraph { a -> b }"


def test_graphviz_of_the_machine_draws_what_graphviz_pure_cannot(program):
    program("dot", 'echo "drawn with $*"')
    assert render(DOT, "pdf") == b"drawn with -Kdot -Tpdf\n"


def test_if_every_engine_fails_the_error_says_why_and_what_to_do(monkeypatch):
    monkeypatch.setattr(rendering, "engines", [broken])
    with pytest.raises(RuntimeError, match=r"broken: no such program.*pip install graphviz-pure"):
        render(DOT)


def test_where_nothing_is_installed_the_advice_is_what_to_install(nothing_installed):
    assert refuse("svg") == (
        "No engine here could draw this as svg (graphviz_pure: not installed; "
        "system_dot: not installed). Install one with: pip install graphviz-pure"
    )


def test_pdf_without_graphviz_says_what_pdf_needs_and_what_can_be_drawn(monkeypatch):
    monkeypatch.setenv("PATH", "")
    said = refuse("pdf")
    assert 'graphviz_pure: Format: "pdf" not recognized' in said
    assert said.endswith("For pdf, install Graphviz; svg and png need: pip install graphviz-pure")


def test_the_error_carries_no_other_error_within_it(nothing_installed):
    with pytest.raises(RuntimeError) as caught:
        render(DOT)
    text = "".join(traceback.format_exception(caught.value))
    assert text.count("Traceback") == 1


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("kill -SEGV $$", "stopped with exit status -11"),
        ("exit 3", "stopped with exit status 3"),
        ("echo one >&2; echo two >&2; exit 1", "one two"),
        (f"echo '{'broken ' * 99}' >&2; exit 1", r"\.\.\."),
    ],
)
def test_a_program_that_fails_is_quoted_in_one_short_line(program, script, said):
    program("graphviz-pure", script)
    with pytest.raises(RuntimeError, match=rf"graphviz_pure: (?:broken )*{said}; ") as caught:
        render(DOT)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


def test_a_file_that_is_no_program_leads_to_the_advice(program):
    program("graphviz-pure", "")
    path = Path(os.environ["PATH"]) / "graphviz-pure"
    path.write_bytes(b"\x7fELF nonsense")
    assert refuse("svg").endswith("Install one with: pip install graphviz-pure")


def test_what_the_program_says_of_bad_dot_is_passed_on_without_advice():
    with pytest.raises(RuntimeError, match=r"syntax error.*\)\.$"):
        render("digraph {")


def test_text_that_is_no_unicode_is_refused_in_the_same_way():
    with pytest.raises(RuntimeError, match="surrogates not allowed"):
        render('digraph { a [label="\ud800"] }')


def test_text_of_all_alphabets_is_drawn(texts):
    names = ["é ∂ θ × →", "имя", "损失", "שלום", "\U0001f642"]
    boxes = "; ".join(f'n{i} [label="{name}"]' for i, name in enumerate(names))
    assert texts(render(f"digraph {{ {boxes} }}")) == names


def test_a_layout_that_takes_too_long_is_given_up(program, monkeypatch):
    program("graphviz-pure", "exec sleep 9")
    monkeypatch.setenv("PATH", os.environ["PATH"] + os.pathsep + os.defpath)
    monkeypatch.setattr(rendering, "SECONDS", 0.1)
    with pytest.raises(RuntimeError, match=r"graphviz_pure: gave up after 0\.1 seconds"):
        render(DOT)


def test_the_engine_of_the_browser_is_asked_only_in_a_browser():
    assert rendering.viz_js not in rendering.engines
