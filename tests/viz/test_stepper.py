"""The stepper as Python has it: its state, its page, its pictures, and what it refuses."""

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

import viz
from viz import render as rendering
from viz.record import Tape

SVG = "{http://www.w3.org/2000/svg}"
VIEW = "application/vnd.jupyter.widget-view+json"


def stepper_of(program):
    with viz.record() as tape:
        program()
    return viz.stepper(tape)


@pytest.fixture
def product(torch):
    w = torch.tensor(3.0, requires_grad=True)

    def program():
        y = w * 2
        y.backward()

    return stepper_of(program)


@pytest.fixture
def training(torch, regression):
    x, y, b, w = regression.x, regression.y, regression.b, regression.w

    def program():
        for _ in range(2):
            yhat = b + w * x
            loss = ((y - yhat) ** 2).mean()
            loss.backward()

    return stepper_of(program)


def state_of(stepper):
    return json.loads(re.search(r'id="state">(.*?)</script>', stepper.html(), re.DOTALL)[1])


def test_says_in_one_line_what_it_is(product):
    assert repr(product) == "3 steps, forward and backward"


def test_turns_of_a_loop_share_one_picture(training):
    state = state_of(training)
    assert len(state["pictures"]) == 1
    assert {frame["picture"] for frame in state["frames"]} == {0}


def test_graphs_of_different_shape_have_pictures_of_their_own(torch):
    a = torch.tensor(2.0, requires_grad=True)

    def program():
        for turns in range(1, 3):
            result = a
            for _ in range(turns):
                result = result * a
            result.backward()

    state = state_of(stepper_of(program))
    assert len(state["pictures"]) == 2
    assert [frame["picture"] for frame in state["frames"]] == [0] * 4 + [1] * 6


def test_every_place_that_a_frame_writes_is_in_its_picture_or_in_the_table(training):
    state = state_of(training)
    places = set(re.findall(r'data-at="(\w+)"', state["pictures"][0]))
    places |= {f"r{row}{cell}" for row in range(len(state["rows"])) for cell in "vg"}
    for frame in state["frames"]:
        assert set(frame["sets"]) <= places
        assert {frame["box"], *frame["along"]} - {""} <= places


def test_both_libraries_have_the_same_frames():
    states = []
    for name in ("tinygrad_edu", "torch"):
        torch = pytest.importorskip(name)
        x = torch.tensor([1.0, 2.0])
        w = torch.tensor(3.0, requires_grad=True)
        with viz.record() as tape:
            loss = ((w * x - 1) ** 2).mean()
            loss.backward()
        states.append(state_of(viz.stepper(tape)))
    assert states[0] == states[1]


def test_the_page_asks_no_other_machine(training):
    addresses = set(re.findall(r"https?://[\w./-]+", training.html()))
    assert addresses == {"http://www.w3.org/2000/svg"}


def test_a_text_cannot_end_the_script_of_the_page(product):
    product._json = json.dumps({"text": "</script><!--\u2028"})
    assert product.html().count("</script>") == 2
    assert state_of(product) == {"text": "</script><!--\u2028"}


def test_a_notebook_stores_less_than_150_kilobytes(training):
    stored = [training.svg(), training._source(), training._looks(), training._json]
    assert sum(len(part.encode()) for part in stored) < 100_000


def test_a_notebook_gets_the_widget_and_a_picture_and_a_line(product):
    pytest.importorskip("anywidget")
    bundle = product._repr_mimebundle_()
    assert set(bundle) == {VIEW, "image/svg+xml", "text/plain"}
    assert bundle[VIEW]["model_id"] == product.widget.model_id
    assert "\n" not in bundle["text/plain"]
    assert bundle["text/plain"].startswith("3 steps")


def test_where_a_page_is_made_it_gets_a_part_of_a_page_and_no_widget(product, monkeypatch):
    monkeypatch.setenv("VIZ_PAGES", "1")
    bundle = product._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/svg+xml", "text/plain"}
    assert bundle["text/html"] == product.part()


def test_a_part_of_a_page_shows_the_picture_until_its_script_runs(product):
    assert product.svg() in product.part()
    product._json = json.dumps({"text": "</script><!--"})
    assert product.part().count("</script>") == 2


def test_without_anywidget_a_notebook_gets_the_picture(product, monkeypatch):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    assert set(product._repr_mimebundle_()) == {"image/svg+xml", "text/plain"}
    with pytest.raises(ImportError, match="pip install anywidget"):
        _ = product.widget


def test_the_widget_has_a_trait_for_each_entry_of_the_state(product):
    pytest.importorskip("anywidget")
    assert product.widget.step == 0
    product.widget.step = 2
    assert product.widget.get_state("step") == {"step": 2}


@pytest.mark.parametrize("name", ["page.html", "picture.SVG"])
def test_is_saved_as_a_page_and_as_a_picture(product, tmp_path, name):
    product.save(tmp_path / name)
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert text == (product.html() if name == "page.html" else product.svg())


def test_saves_under_no_other_ending(product, tmp_path):
    with pytest.raises(ValueError, match=r"ends with neither \.html nor \.svg"):
        product.save(tmp_path / "page.gif")


def test_an_empty_tape_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match=r"The tape is empty: .* with viz\.record"):
        viz.stepper(Tape())


def test_something_else_than_a_tape_is_refused_in_a_sentence(torch):
    with pytest.raises(TypeError, match=r"recorded tape, and got 'Tensor'\. Record one: with"):
        viz.stepper(torch.tensor([1.0, 2.0]))


def test_a_long_tape_shows_its_beginning_and_says_so(torch):
    w = torch.tensor(1.0, requires_grad=True)

    def program():
        y = w
        for _ in range(150):
            y = y * 1

    state = state_of(stepper_of(program))
    assert len(state["frames"]) == 101
    assert state["frames"][-1]["says"][-1] == "The tape has 50 more steps. Record less to see them."


def test_where_nothing_can_draw_the_words_remain(torch, monkeypatch):
    monkeypatch.setattr(rendering, "engines", [])
    w = torch.tensor(3.0, requires_grad=True)
    stepper = stepper_of(lambda: w * 2)
    assert "No engine here could draw this" in state_of(stepper)["pictures"][0]
    assert "w * 2 = 3 * 2 = 6" in stepper.svg()


# --- the animated picture ------------------------------------------------------------------------


def seen_at_the_end(svg):
    """The texts that are seen where nothing moves: those of the last step."""
    seen, waiting = [], [ElementTree.fromstring(svg)]
    while waiting:
        element = waiting.pop()
        if element.get("visibility") != "hidden":
            if element.tag == f"{SVG}text":
                seen.append("".join(element.itertext()))
            waiting.extend(element)
    return seen


def test_the_animated_picture_has_no_script_and_no_address(training):
    svg = training.svg()
    assert "<script" not in svg
    assert set(re.findall(r"https?://[\w./-]+", svg)) == {"http://www.w3.org/2000/svg"}
    assert "prefers-reduced-motion" in svg


def test_a_dot_runs_along_each_arrow_from_its_end_to_its_beginning(product):
    root = ElementTree.fromstring(product.svg())
    (motion,) = root.iter(f"{SVG}animateMotion")
    assert motion.get("keyPoints") == "1;1;0;0"
    assert motion.get("keyTimes") == "0;0.5;0.575;1"


def test_where_nothing_moves_the_last_step_is_seen(product):
    seen = seen_at_the_end(product.svg())
    assert "Step 3 of 3: the gradient reaches w" in seen
    assert {"grad 2", "6", "2"} <= set(seen)
    assert not any(text.startswith("Step 2") for text in seen)


def test_the_animated_picture_fits_a_telephone(training):
    root = ElementTree.fromstring(training.svg())
    assert float(root.get("width").removesuffix("pt")) / 72 * 96 <= 390


def test_importing_viz_stays_light():
    heavy = ["numpy", "graphviz", "anywidget", "torch", "tinygrad_edu", "importlib.resources"]
    program = f"import sys, viz; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_long_chain_is_drawn_in_the_way_that_graphviz_does_in_time(torch, monkeypatch):
    """Curved and placed with all care, it took 30 seconds; so it takes one."""
    drawn = []
    monkeypatch.setattr(
        sys.modules["viz.stepper"], "render", lambda dot: drawn.append(dot) or SMALL
    )
    w = torch.tensor(1.0, requires_grad=True)
    for turns in (2, 50):
        with viz.record() as tape:
            y = w
            for _ in range(turns):
                y = y * w + w
        viz.stepper(tape)
    assert ["nslimit" in dot for dot in drawn] == [False, True]


SMALL = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
