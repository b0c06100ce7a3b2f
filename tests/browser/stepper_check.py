"""The stepper in a real browser: live in JupyterLab, and as a page without a kernel."""

import runpy

import pytest
from playwright.sync_api import expect

PROGRAM = """
import tinygrad_edu as torch
import viz

w = torch.tensor(3.0, requires_grad=True)
x = torch.tensor(2.0)
with viz.record() as tape:
    y = w * x + w
    y.backward()
shown = viz.stepper(tape)
"""
LAST = 5  # two operations forward, two backward, one .grad


@pytest.fixture
def stepper(show):
    return show(PROGRAM)


def at_step(stepper, number):
    expect(stepper.locator("output")).to_have_text(f"{number} of {LAST}")


def press(stepper, name):
    stepper.get_by_role("button", name=name, exact=True).click()


def written(stepper, place):
    return stepper.locator(f'.viz-picture text[data-at="{place}"]')


def test_buttons_go_forward_and_back_and_to_both_ends(stepper, pictures, request):
    at_step(stepper, 0)
    for name, number in (("Forward", 1), ("Forward", 2), ("Back", 1), ("Last step", LAST)):
        press(stepper, name)
        at_step(stepper, number)
    expect(stepper.get_by_role("button", name="Forward", exact=True)).to_be_disabled()
    stepper.screenshot(path=pictures / f"stepper_{request.node.callspec.id}.png")
    press(stepper, "First step")
    at_step(stepper, 0)
    expect(stepper.get_by_role("button", name="Back", exact=True)).to_be_disabled()


def test_arrow_keys_home_and_end_move_wherever_the_focus_is(stepper, page):
    stepper.locator(".viz-picture").click()
    for key, number in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", LAST)):
        page.keyboard.press(key)
        at_step(stepper, number)
    stepper.get_by_role("slider").focus()
    page.keyboard.press("Home")
    at_step(stepper, 0)


def test_the_slider_goes_to_any_step(stepper):
    stepper.get_by_role("slider").fill("4")
    at_step(stepper, 4)
    expect(stepper.get_by_role("slider")).to_have_attribute("aria-valuetext", f"4 of {LAST}")


def test_play_goes_on_by_itself_until_it_is_paused(stepper, page):
    stepper.locator(".viz-picture").click()
    page.keyboard.press(" ")
    at_step(stepper, 1)
    expect(stepper.locator("output")).to_have_text(f"2 of {LAST}", timeout=10_000)
    press(stepper, "Pause")
    expect(stepper.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_a_step_shows_its_line_its_numbers_and_its_box(stepper):
    press(stepper, "Forward")
    expect(stepper.locator(".viz-words .viz-now")).to_contain_text("w * x = 3 * 2 = 6")
    expect(stepper.locator(".viz-code .viz-now")).to_have_text("y = w * x + w")
    expect(stepper.locator(".viz-code mark")).to_have_text("w * x")
    expect(stepper.locator(".node.viz-forward")).to_contain_text("MulBackward0")
    expect(stepper.locator("[aria-live]")).to_contain_text("Step 1 of 5: forward")


def test_boxes_that_are_not_computed_yet_are_faint(stepper):
    expect(stepper.locator(".node.viz-faint")).to_have_count(2)
    press(stepper, "Forward")
    expect(stepper.locator(".node.viz-faint")).to_have_count(1)


def test_a_gradient_runs_along_its_arrow_and_is_written_into_grad(stepper):
    stepper.get_by_role("slider").fill("2")
    expect(stepper.locator(".edge text")).to_have_text(["", "", ""])
    press(stepper, "Forward")  # backward through the addition
    expect(stepper.locator(".viz-dot")).to_have_count(2)
    expect(stepper.locator(".viz-dot")).to_have_count(0)  # they have arrived
    press(stepper, "Last step")
    expect(stepper.locator(".edge text")).to_have_text(["1", "1", "2"])
    expect(stepper.locator("td.viz-written")).to_have_text("3")
    expect(stepper.locator(".node.viz-accumulate")).to_contain_text("grad 3")


def test_nothing_moves_for_those_who_want_less_motion(page, stepper):
    page.emulate_media(reduced_motion="reduce")
    stepper.get_by_role("slider").fill("2")
    press(stepper, "Forward")
    at_step(stepper, 3)
    expect(stepper.locator(".viz-dot")).to_have_count(0)


def test_a_page_fits_a_telephone(page, tmp_path, pictures):
    save(PROGRAM, tmp_path / "page.html")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto((tmp_path / "page.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.screenshot(path=pictures / "stepper_390.png", full_page=True)


def test_what_users_write_is_text_and_nothing_else(page, tmp_path):
    line = 'y = w * x + len("</script><img src=nowhere> &amp; \\u2028")'
    save(PROGRAM.replace("y = w * x + w", line), tmp_path / "page.html")
    page.goto((tmp_path / "page.html").as_uri())
    page.keyboard.press("End")
    expect(page.locator(".viz-code li").first).to_have_text(line)
    expect(page.locator("img")).to_have_count(0)


def test_the_animated_picture_plays_in_an_image(page, tmp_path, pictures):
    save(PROGRAM, tmp_path / "steps.svg")
    (tmp_path / "page.html").write_text('<img src="steps.svg" style="max-width: 100%">')
    page.goto((tmp_path / "page.html").as_uri())
    image = page.locator("img")
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    first = image.screenshot()
    page.wait_for_timeout(4_000)  # longer than a step
    assert image.screenshot(path=pictures / "stepper_animated.png") != first


def save(program, path):
    source = path.with_name("program.py")
    source.write_text(program, encoding="utf-8")
    runpy.run_path(str(source))["shown"].save(path)


def test_two_parts_of_one_page_step_alone(page, tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    part = runpy.run_path(str(tmp_path / "program.py"))["shown"].part()
    (tmp_path / "page.html").write_text(f"<!doctype html><meta charset='utf-8'>{part}{part}")
    page.goto((tmp_path / "page.html").as_uri())
    first, second = page.locator(".viz").all()
    press(second, "Forward")
    at_step(second, 1)
    at_step(first, 0)
