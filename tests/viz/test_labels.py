"""What is written in a box, and that nothing a user writes can break a picture."""

from hypothesis import given, settings
from hypothesis import strategies as st

from viz.graph import Box
from viz.labels import escape, label, markup
from viz.render import render

MEANINGFUL = [
    *'"\\<>{}[]|&;=#\n\t\r\0',
    *("\\n", "\\l", "\\N", "\\G", "&amp;", "&amp;amp;", "&#65;", "&nbsp;", "<b>bold</b>", "<>"),
    *("--", "->", "//", "/*", "*/", "\\", '\\"', "%", "'", "]]>", "<!--", "<![CDATA["),
    *("\u202e", "\u2028", "\ud800", "\uffff", "\x1b[0m", "\x7f", "\x85"),
    *("שלום", "مرحبا", "θ", "∂w", "é", "e\u0301", "\U0001f468\u200d\U0001f469", "\U0010fffd"),
]
texts_of_users = st.lists(st.sampled_from(MEANINGFUL) | st.text(max_size=5), min_size=1).map(
    "".join
)


def draw(text):
    return f'digraph {{ n0 [label="Z{escape(text)}"] }}'


class Tensor:
    """A tensor of no library."""

    grad_fn = None
    requires_grad = False
    output_nr = 0

    def __init__(self, *shape):
        self.shape = shape


def test_shapes_are_written_as_tuples_without_a_last_comma():
    shapes = [label(Box("leaf", Tensor(*shape)), []) for shape in [(), (1,), (80, 1)]]
    assert shapes == ["()", "(1)", "(80, 1)"]


def test_a_name_stands_above_the_shape():
    assert label(Box("leaf", Tensor(1)), ["w"]) == r"w\n(1)"


def test_several_names_of_one_tensor_are_all_written():
    assert label(Box("leaf", Tensor(1)), ["w", "weight"]) == r"w, weight\n(1)"


def test_a_name_that_nobody_could_see_is_written_in_quotes():
    assert label(Box("leaf", Tensor(1)), [""]) == r"''\n(1)"
    assert label(Box("leaf", Tensor(1)), ["  "]) == r"'  '\n(1)"


def test_quotes_and_backslashes_cannot_end_the_label():
    assert escape('a"b\\') == r"a\"b\\"


def test_a_line_break_is_a_line_break_in_the_picture(texts):
    assert texts(render(draw("a\nb"))) == ["Za", "b"]


def test_markup_and_entities_show_as_written(texts):
    for text in ("<b>bold</b>", "&amp;", "&amp;amp;", "&#65;", "\\N", "\\l", "]]>", "R&D"):
        assert texts(render(draw(text))) == [f"Z{text}"]


def test_characters_without_a_sign_of_their_own_are_spelled_out(texts):
    shown = texts(render(draw("\0\t\x1b\u202e\ud800\uffff")))
    assert shown == [r"Z\x00\t\x1b\u202e\ud800\uffff"]


def test_letters_of_any_script_and_emoji_show_as_written(texts):
    for text in ("שלום", "مرحبا", "θ, ∂w", "\U0001f468\u200d\U0001f469"):
        assert texts(render(draw(text))) == [f"Z{text}"]


@settings(max_examples=60, deadline=None)
@given(texts_of_users)
def test_no_text_breaks_the_dot_or_the_svg(texts, text):
    lines = texts(render(draw(text)))
    assert lines[0].startswith("Z")
    assert len(lines) == 1 + sum(bool(line) for line in text.split("\n")[1:])


def test_no_text_is_markup_or_a_name_of_graphviz_in_an_html_like_label(texts):
    for text in ("<b>bold</b>", "&amp;", "\\N", "\\\\N", "\\G", "\\l", "]]>", "R&D", '"'):
        dot = f"digraph {{ n0 [label=<<TABLE><TR><TD>{markup(text)}</TD></TR></TABLE>>] }}"
        assert texts(render(dot)) == [text]
