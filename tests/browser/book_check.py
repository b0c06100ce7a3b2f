"""The book, as `make book` built it: every page opens, and what moves in it moves."""

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

BOOK = Path(__file__).parents[2] / "build" / "book" / "html"
PAGES = sorted(
    path.relative_to(BOOK).as_posix()
    for path in BOOK.rglob("*.html")
    if "_static" not in path.parts
)

pytestmark = pytest.mark.skipif(not PAGES, reason="there is no book to open: make book")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="session")
def address():
    """The address of the book, served on this machine."""
    serve = functools.partial(Quiet, directory=str(BOOK))
    server = ThreadingHTTPServer(("127.0.0.1", 0), serve)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def opened(page, address):
    """A function that opens a page of the book and waits until all of it is there."""
    page.on("response", lambda answer: note_missing(page, answer))

    def open_page(name, width=1300, scheme="light"):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{address}/{name}", wait_until="networkidle")
        return page

    return open_page


def note_missing(page, answer):
    if answer.status >= 400:
        page.complaints.append(f"{answer.status} for {answer.url}")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_complete_and_fits_a_telephone(name, opened):
    page = opened(name, width=390)
    expect(page.get_by_role("main")).to_be_visible()
    for picture in page.locator("article img").all():
        assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_formulas_are_set(opened):
    page = opened("lessons/03_the_chain_rule.html")
    expect(page.locator("mjx-container").first).to_be_visible()
    assert "\\frac" not in page.locator("article").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_stepper_steps(opened, pictures, scheme):
    page = opened("lessons/03_the_chain_rule.html", scheme=scheme)
    stepper = page.locator(".viz-stepper")
    expect(stepper).to_have_count(1)
    stepper.get_by_role("button", name="Forward", exact=True).click()
    expect(stepper.locator("output")).to_have_text("1 of 11")
    stepper.get_by_role("button", name="Last step", exact=True).click()
    stepper.screenshot(path=pictures / f"book_stepper_{scheme}.png")


def test_a_quiz_opens_with_the_keyboard(opened, page):
    opened("lessons/01_a_first_gradient.html")
    page.locator(".lesson-quiz summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".lesson-quiz details > div").first).to_be_visible()


def test_an_explorer_walks_down(opened, page):
    descent = opened("lessons/04_linear_regression.html").locator(".viz-descent")
    words = descent.inner_text()
    descent.get_by_role("slider").last.focus()
    page.keyboard.press("End")
    expect(descent).not_to_have_text(words)


def test_searching_finds_a_lesson(opened, page):
    opened("search.html?q=nebulae")
    expect(page.locator("#search-results a").first).to_be_visible()
    expect(page.locator("#search-results")).to_contain_text("Linear regression")
