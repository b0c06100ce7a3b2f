"""The explorers in a real browser: live in JupyterLab, and as pages without a kernel."""

import re
import runpy

import numpy as np
import pytest
from playwright.sync_api import expect

import tinygrad_edu as torch

DESCENT = """
import tinygrad_edu as torch
import viz

torch.manual_seed(42)
x = torch.rand(80, 1)
y = 1 + 2 * x + 0.1 * torch.randn(80, 1)
shown = viz.Descent(x, y, lr={lr}, start=(0.5, -0.5))
"""
PLAYGROUND = """
import tinygrad_edu as torch
import viz

a, b = torch.tensor(2.0, requires_grad=True), torch.tensor(3.0, requires_grad=True)
shown = viz.Playground({"a": a, "b": b}, ["a * b", "(a + b) * b"])
"""
# As the lessons with a slider do it.
SLIDER = """
import matplotlib.pyplot as plt
from ipywidgets import interact

def draw(end):
    plt.plot([0, end], [0, 1])
    plt.xlim(-2, 2)
    plt.show()

slider = interact(draw, end=(-1.0, 1.0, 0.25))
"""


# What only takes its time, and is the same code in both.
in_a_page = pytest.mark.parametrize("show", ["page"], indirect=True)


def data():
    torch.manual_seed(42)
    x = torch.rand(80, 1)
    return x, 1 + 2 * x + 0.1 * torch.randn(80, 1)


def engine_path(lr, steps):
    """Rows of b, w and the loss: the loop of the lessons, in float64."""
    x, y = (torch.tensor(part.tolist(), dtype=torch.float64) for part in data())
    b = torch.tensor([0.5], dtype=torch.float64, requires_grad=True)
    w = torch.tensor([-0.5], dtype=torch.float64, requires_grad=True)
    rows = []
    for _ in range(steps + 1):
        loss = ((b + w * x - y) ** 2).mean()
        loss.backward()
        rows.append([b.item(), w.item(), loss.item()])
        with torch.no_grad():
            b -= lr * b.grad
            w -= lr * w.grad
        b.grad = w.grad = None
    return rows


def limit():
    """The learning rate from which on descent diverges on these data."""
    x = np.array(data()[0].tolist(), dtype=np.float64)
    columns = np.hstack([np.ones_like(x), x])
    return 2 / np.linalg.eigvalsh(2 * columns.T @ columns / len(x)).max()


def press(widget, name):
    widget.get_by_role("button", name=name, exact=True).click()


def slider(widget, name):
    return widget.get_by_role("slider", name=name)


def at_step(widget, number):
    expect(slider(widget, "step")).to_have_attribute("aria-valuetext", str(number))


def shown_numbers(widget):
    """b, w and the loss, with all their digits."""
    cells = widget.locator("tr td:nth-child(2)")
    return [float(cell.get_attribute("title")) for cell in cells.all()]


@pytest.fixture
def descent(show):
    return show(DESCENT.format(lr=0.1))


@pytest.fixture
def playground(show):
    return show(PLAYGROUND)


class TestDescent:
    def test_walks_the_path_of_the_engine(self, descent, pictures, request):
        path = engine_path(0.1, 12)
        at_step(descent, 0)
        for step, numbers in enumerate(path):
            at_step(descent, step)
            assert shown_numbers(descent) == pytest.approx(numbers, rel=1e-9)
            press(descent, "One step")
        descent.screenshot(path=pictures / f"{request.node.name}.png")

    def test_goes_back_and_to_the_start(self, descent):
        expect(descent.get_by_role("button", name="One step back")).to_be_disabled()
        for name, step in (("One step", 1), ("One step", 2), ("One step back", 1)):
            press(descent, name)
            at_step(descent, step)
        assert shown_numbers(descent) == pytest.approx(engine_path(0.1, 1)[-1], rel=1e-9)
        press(descent, "Reset to the start")
        at_step(descent, 0)
        assert shown_numbers(descent)[:2] == [0.5, -0.5]

    def test_the_step_slider_goes_far_at_once(self, descent):
        slider(descent, "step").fill("50")
        at_step(descent, 50)
        assert shown_numbers(descent) == pytest.approx(engine_path(0.1, 50)[-1], rel=1e-9)
        press(descent, "One step")
        at_step(descent, 51)
        expect(slider(descent, "step")).to_have_attribute("max", "100")

    def test_writes_the_update_out(self, descent):
        (b, w, _), (next_b, next_w, _) = engine_path(0.1, 1)
        updates = descent.locator("tr td:nth-child(4)")
        for update, now, following in zip(updates.all(), (b, w), (next_b, next_w), strict=True):
            gradient = four_digits((now - following) / 0.1)
            expect(update).to_have_text(
                f"{four_digits(now)} − 0.1 × ({gradient}) = {four_digits(following)}"
            )

    def test_play_goes_on_until_it_is_paused(self, descent, page):
        press(descent, "Play")
        expect(slider(descent, "step")).not_to_have_value(re.compile("^[0-5]$"))
        press(descent, "Pause")
        expect(descent.get_by_role("button", name="Play", exact=True)).to_be_visible()
        step = slider(descent, "step").input_value()
        page.wait_for_timeout(500)
        assert slider(descent, "step").input_value() == step

    @in_a_page
    def test_play_ends_at_the_minimum(self, show):
        descent = show(DESCENT.format(lr=0.7))
        press(descent, "Play")
        expect(descent.locator(".viz-verdict")).to_contain_text("The minimum", timeout=30_000)
        expect(descent.get_by_role("button", name="Play", exact=True)).to_be_visible()

    def test_sliders_move_learning_rate_and_start_and_keep_the_step(self, descent, page):
        press(descent, "One step")
        before = shown_numbers(descent)
        slider(descent, "learning rate").focus()
        page.keyboard.press("ArrowRight")
        expect(slider(descent, "learning rate")).not_to_have_attribute("aria-valuetext", "0.1")
        assert shown_numbers(descent) != before
        at_step(descent, 1)
        slider(descent, "start w").focus()
        page.keyboard.press("ArrowLeft")
        expect(slider(descent, "start w")).not_to_have_attribute("aria-valuetext", "−0.5")

    def test_the_start_follows_the_mouse_and_the_arrow_keys(self, descent, page):
        surface = descent.get_by_role("application")
        box = surface.bounding_box()
        middle = (box["x"] + box["width"] * 0.56, box["y"] + box["height"] * 0.45)
        page.mouse.move(box["x"] + box["width"] * 0.3, middle[1])
        page.mouse.down()
        page.mouse.move(*middle)
        page.mouse.up()
        b, w = shown_numbers(descent)[:2]
        assert (b, w) == pytest.approx((1, 2), abs=0.2)  # the minimum is in the middle
        surface.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowUp")
        moved = shown_numbers(descent)
        assert moved[0] > b
        assert moved[1] > w

    def test_divergence_leaves_the_surface_and_is_explained(self, show, pictures, request):
        descent = show(DESCENT.format(lr=1))
        for _ in range(8):
            press(descent, "One step")
        assert shown_numbers(descent) == pytest.approx(engine_path(1, 8)[-1], rel=1e-9)
        says = descent.locator(".viz-verdict")
        expect(says).to_contain_text("It diverges: each step overshoots the minimum")
        expect(says).to_contain_text(f"From learning rate {four_digits(limit())} on")
        expect(descent.get_by_text("off the surface")).to_be_visible()
        descent.screenshot(path=pictures / f"{request.node.name}.png")

    @in_a_page
    def test_divergence_ends_beyond_all_numbers(self, show):
        descent = show(DESCENT.format(lr=1))
        press(descent, "Play")
        expect(descent.locator(".viz-verdict")).to_contain_text(
            "the loss is beyond the largest float64", timeout=60_000
        )
        expect(descent.get_by_role("button", name="One step", exact=True)).to_be_disabled()
        assert shown_numbers(descent)[2] == float("inf")
        press(descent, "One step back")
        assert shown_numbers(descent)[2] < float("inf")


class TestPlayground:
    def test_shows_expression_result_gradients_picture_and_words(
        self, playground, pictures, request
    ):
        expect(playground.get_by_role("status")).to_have_text("a * b = 6. ")
        expect(gradients(playground)).to_have_text(["3", "2"])
        expect(playground.get_by_role("img", name="The graph of a * b")).to_be_visible()
        expect(playground.locator("svg")).to_contain_text("MulBackward0")
        expect(playground.locator("pre")).to_contain_text("MulBackward0 n0, an operation")
        playground.screenshot(path=pictures / f"{request.node.name}.png")

    def test_switches_change_the_graph(self, playground, page):
        switch = playground.get_by_role("checkbox", name="b.requires_grad")
        expect(switch).to_be_checked()
        switch.focus()
        page.keyboard.press(" ")
        expect(switch).not_to_be_checked()
        expect(gradients(playground)).to_have_text(["3", "—"])
        expect(playground.locator("svg")).to_contain_text("requires_grad=False")
        expect(playground.locator("pre")).to_contain_text("1 parameter with 1 number")
        playground.get_by_role("checkbox", name="a.requires_grad").uncheck()
        expect(playground.get_by_role("status")).to_contain_text("nothing in this expression")
        expect(playground.locator("svg")).to_contain_text("No graph")

    def test_another_expression_is_chosen(self, playground):
        playground.get_by_role("combobox").select_option("(a + b) * b")
        expect(playground.get_by_role("status")).to_have_text("(a + b) * b = 15. ")
        expect(gradients(playground)).to_have_text(["3", "8"])
        expect(playground.get_by_role("textbox")).to_have_value("(a + b) * b")

    def test_a_page_says_that_typing_needs_a_notebook(self, page, tmp_path):
        open_page(page, PLAYGROUND, tmp_path)
        field = page.get_by_role("textbox", name="expression")
        assert field.get_attribute("readonly") is not None
        expect(
            page.get_by_text("Typing other expressions needs a running notebook")
        ).to_be_visible()


class TestInJupyterLab:
    def test_what_is_typed_is_computed_and_a_mistake_keeps_the_last_picture(
        self, run_cells, pictures
    ):
        playground = run_cells(f"{PLAYGROUND}\nshown").locator(".viz")
        field = playground.get_by_role("textbox", name="expression")
        field.fill("(a * b).exp().log()")
        expect(playground.get_by_role("status")).to_have_text("(a * b).exp().log() = 6. ")
        expect(playground.locator("svg")).to_contain_text("LogBackward0")
        field.fill("a @ b")
        expect(playground.get_by_role("alert")).to_contain_text("both arguments to matmul")
        expect(playground).to_have_class(re.compile("viz-stale"))
        expect(playground.locator("svg")).to_contain_text("LogBackward0")
        playground.screenshot(path=pictures / "playground_mistake.png")
        field.fill("a.backward()")
        expect(playground.get_by_role("alert")).to_contain_text("Not allowed here: a.backward")
        field.fill("b * <b>")
        expect(playground.get_by_role("alert")).to_contain_text("This is no expression yet")
        field.fill("a + b")
        expect(playground.get_by_role("status")).to_have_text("a + b = 5. ")
        expect(playground.get_by_role("alert")).to_be_empty()
        expect(playground).not_to_have_class(re.compile("viz-stale"))

    def test_python_reads_and_sets_learning_rate_start_and_step(self, run_cells, page):
        outputs = run_cells(
            DESCENT.format(lr=0.1) + "\nshown",
            """
import ipywidgets
told, turn = ipywidgets.Label(), ipywidgets.Button(description="set")
def tell(_):
    told.value = f"{shown.widget.lr} {shown.widget.start} {shown.widget.step}"
def to_other_values(_):
    shown.widget.lr, shown.widget.start, shown.widget.step = 0.25, [1.5, 1.0], 3
shown.widget.observe(tell, ["lr", "start", "step"])
turn.on_click(to_other_values)
ipywidgets.VBox([told, turn])
""",
        )
        descent = outputs.locator(".viz")
        press(descent, "One step")
        expect(page.get_by_text("0.1 [0.5, -0.5] 1")).to_be_visible()
        page.get_by_role("button", name="set", exact=True).click()
        at_step(descent, 3)
        expect(slider(descent, "learning rate")).to_have_attribute("aria-valuetext", "0.25")
        expect(slider(descent, "start b")).to_have_attribute("aria-valuetext", "1.5")

    def test_a_slider_of_a_lesson_changes_its_picture(self, run_cells, page, pictures):
        run_cells(SLIDER)
        widget = page.locator(".widget-interact")
        slider, picture = widget.get_by_role("slider"), widget.locator("img")
        expect(picture).to_have_count(1)
        value, before = slider.get_attribute("aria-valuenow"), picture.get_attribute("src")
        slider.focus()
        for _ in range(3):
            page.keyboard.press("ArrowLeft")
        expect(slider).not_to_have_attribute("aria-valuenow", value)
        expect(picture).not_to_have_attribute("src", before)
        expect(picture).to_have_count(1)
        widget.screenshot(path=pictures / "slider.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["descent", "playground"])
def test_a_page_fits_a_telephone(name, scheme, page, tmp_path, pictures):
    page.set_viewport_size({"width": 390, "height": 800})
    page.emulate_media(color_scheme=scheme)
    open_page(page, {"descent": DESCENT.format(lr=1), "playground": PLAYGROUND}[name], tmp_path)
    expect(page.locator("svg").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.screenshot(path=pictures / f"{name}_390_{scheme}.png", full_page=True)


def four_digits(number):
    return f"{number:.4g}".replace("-", "−")


def gradients(playground):
    return playground.locator("tr td:nth-child(4)")


def open_page(page, program, folder):
    (folder / "program.py").write_text(program, encoding="utf-8")
    runpy.run_path(str(folder / "program.py"))["shown"].save(folder / "page.html")
    page.goto((folder / "page.html").as_uri())
