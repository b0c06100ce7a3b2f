"""What make_dot returns: a Digraph that shows, saves and draws itself on any machine."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from viz import make_dot
from viz import render as rendering


@pytest.fixture
def picture(regression):
    r = regression
    return make_dot(r.b + r.w * r.x)


@pytest.fixture
def long_picture(torch):
    def of(operations):
        y = torch.ones(1, requires_grad=True)
        for _ in range(operations):
            y = 1 * y
        return make_dot(y)

    return of


def broken(dot, format, layout):
    raise OSError("no such program")


def test_its_repr_is_one_line_that_is_the_same_in_every_run(picture):
    assert repr(picture) == "a graph: 4 boxes, 3 arrows"


def test_it_is_a_digraph_with_all_that_a_digraph_can_do(picture):
    import graphviz

    picture.node("mine", "my own box")
    assert isinstance(picture, graphviz.Digraph)
    assert "my own box" in picture.pipe("svg", encoding="utf-8")
    assert str(picture) == picture.source


def test_a_notebook_gets_svg_and_png(picture):
    bundle = picture._repr_mimebundle_()
    assert list(bundle) == ["image/svg+xml", "image/png"]
    assert bundle["image/svg+xml"].startswith("<?xml")
    assert bundle["image/png"].startswith(b"\x89PNG")


def test_a_screen_reader_is_told_what_the_picture_is(torch):
    w = torch.ones(1, requires_grad=True)
    root = 2 * w
    svg = make_dot(root, params={'"<w>&': root})._repr_mimebundle_()["image/svg+xml"]
    element = ElementTree.fromstring(svg)
    assert element.get("role") == "img"
    assert element.get("aria-label") == 'the graph of "<w>&: 2 boxes, 1 arrow'


def test_a_notebook_can_choose(picture):
    assert list(picture._repr_mimebundle_(include=["image/png"])) == ["image/png"]
    assert list(picture._repr_mimebundle_(exclude=["image/png"])) == ["image/svg+xml"]
    assert picture._repr_mimebundle_(include=[]) == {}


def test_ipython_shows_svg_png_and_the_line(picture):
    display = pytest.importorskip("IPython.core.formatters").DisplayFormatter()
    data, _ = display.format(picture)
    assert set(data) == {"text/plain", "image/svg+xml", "image/png"}
    assert data["text/plain"] == "a graph: 4 boxes, 3 arrows"


def test_if_every_engine_fails_a_notebook_shows_a_sentence_and_the_dot_text(picture, monkeypatch):
    monkeypatch.setattr(rendering, "engines", [broken])
    bundle = picture._repr_mimebundle_()
    sentence, text = bundle.pop("text/plain").split("\n", 1)
    assert bundle == {}
    assert sentence.endswith("Install one with: pip install graphviz-pure")
    assert text == picture.source.strip()


def test_what_cannot_be_drawn_is_tried_once(picture, monkeypatch):
    tried = []

    def slow(dot, format, layout):
        tried.append(format)
        raise OSError("gave up after 60 seconds")

    monkeypatch.setattr(rendering, "engines", [slow])
    picture._repr_mimebundle_()
    assert tried == ["svg"]


def test_if_every_engine_fails_a_long_text_is_cut(long_picture, monkeypatch):
    monkeypatch.setattr(rendering, "engines", [broken])
    lines = long_picture(200)._repr_mimebundle_()["text/plain"].splitlines()
    assert len(lines) == 202
    assert lines[-1] == "... and 207 more lines in .source"


def test_an_engine_that_draws_only_svg_is_enough(picture, monkeypatch):
    def svg_only(dot, format, layout):
        if format != "svg":
            raise ValueError(format)
        return b"<svg/>"

    monkeypatch.setattr(rendering, "engines", [svg_only])
    assert picture._repr_mimebundle_() == {"image/svg+xml": "<svg/>"}


def test_a_bitmap_that_would_be_huge_is_left_out(long_picture):
    assert list(long_picture(500)._repr_mimebundle_()) == ["image/svg+xml"]


def test_a_graph_too_big_to_draw_says_what_to_do(long_picture):
    bundle = long_picture(5000)._repr_mimebundle_()
    assert list(bundle) == ["text/plain"]
    assert bundle["text/plain"].startswith("a graph: 5001 boxes, 5000 arrows\nThis is too much")


def test_pipe_gives_bytes_or_text(picture):
    assert picture.pipe("png").startswith(b"\x89PNG")
    assert picture.pipe().startswith(b"<?xml")
    assert picture.pipe("svg", encoding="utf-8").startswith("<?xml")


def test_render_writes_the_text_and_the_drawing(picture, tmp_path):
    drawing = picture.render("yhat", directory=tmp_path)
    assert drawing == str(tmp_path / "yhat.svg")
    assert (tmp_path / "yhat").read_text(encoding="utf-8") == picture.source
    assert (tmp_path / "yhat.svg").read_bytes().startswith(b"<?xml")


def test_render_can_delete_the_text_and_choose_the_format(picture, tmp_path):
    picture.render(tmp_path / "yhat", format="png", cleanup=True)
    assert [path.name for path in tmp_path.iterdir()] == ["yhat.png"]


def test_render_takes_the_format_from_the_ending_of_outfile(picture, tmp_path):
    assert picture.render(outfile=tmp_path / "a.png", cleanup=True) == str(tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_render_opens_the_drawing_on_demand(picture, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr("graphviz.view", opened.append)
    picture.render(tmp_path / "yhat", view=True)
    picture.view(tmp_path / "yhat")
    assert opened == [str(tmp_path / "yhat.svg")] * 2


def test_save_writes_the_text(picture, tmp_path):
    path = picture.save(tmp_path / "yhat.gv")
    assert Path(path).read_text(encoding="utf-8") == picture.source


def test_another_layout_can_be_asked_for(picture):
    assert picture.pipe("svg", engine="neato") != picture.pipe("svg")


def test_a_copy_shows_itself_as_well(picture):
    assert repr(picture.copy()) == repr(picture)
    assert picture.copy().pipe() == picture.pipe()


def test_graphviz_itself_is_left_as_it_was(picture):
    from graphviz.backend import dot_command

    before = dot_command.DOT_BINARY
    picture.pipe("svg")
    assert dot_command.DOT_BINARY is before


def test_graphvizs_own_options_go_to_graphviz(picture, tmp_path, monkeypatch):
    import graphviz

    monkeypatch.setenv("PATH", "")
    with pytest.raises(graphviz.ExecutableNotFound):
        picture.pipe("png", renderer="cairo")
    with pytest.raises(graphviz.ExecutableNotFound):
        picture.render(renderer="cairo", format="png", directory=tmp_path)
