"""A quiz in a real browser: in JupyterLab, and in a page without a kernel or a script."""

import pytest
from playwright.sync_api import expect

from lessonkit import quiz


@pytest.fixture(params=["page", "lab"])
def shown(request, page, run_cells, tmp_path):
    if request.param == "lab":
        run_cells('from lessonkit import quiz\nquiz("01.a")')
    else:
        path = tmp_path / "page.html"
        html = f'<!doctype html><meta charset="utf-8">{quiz("01.a")._repr_html_()}'
        path.write_text(html, encoding="utf-8")
        page.goto(path.as_uri())
    return page.locator(".lesson-quiz")


def explanations(shown):
    return shown.locator("details > div")


def test_each_choice_opens_to_its_own_explanation(shown, pictures, request):
    expect(explanations(shown)).to_have_count(3)
    for place, choice in enumerate(quiz("01.a").choices):
        expect(explanations(shown).nth(place)).to_be_hidden()
        shown.locator("summary").nth(place).click()
        opening = "Right." if choice.right else "Not this one."
        expect(explanations(shown).nth(place)).to_contain_text(opening)
        expect(explanations(shown).nth(place)).to_be_visible()
    shown.screenshot(path=pictures / f"quiz_{request.node.callspec.id}.png")


def test_tab_goes_from_choice_to_choice_and_enter_and_space_open(shown, page):
    shown.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(explanations(shown).nth(0)).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(explanations(shown).nth(1)).to_be_visible()
    expect(shown.locator("summary").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(explanations(shown).nth(1)).to_be_hidden()
