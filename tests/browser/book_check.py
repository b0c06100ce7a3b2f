"""The book, as `make book` built it: every page opens, can be used by everybody, and what moves in
it moves. `make site` puts the edition that runs in the browser beside the pages, in live/."""

import functools
import importlib
import re
import runpy
import shutil
import zlib
from html import unescape
from pathlib import Path
from types import ModuleType, SimpleNamespace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "build" / "book" / "html"
LIVE = BOOK / "live"
PAGES = sorted(
    path.relative_to(BOOK).as_posix()
    for path in BOOK.rglob("*.html")
    if not {"_static", "live"} & set(path.relative_to(BOOK).parts)
)
LESSONS = [name for name in PAGES if name.startswith("lessons/")]
# One of each kind: the first page, a lesson, a page of words, a table, the reference, a search.
KINDS = ["index", "lessons/04_linear_regression", "teaching", "speed", "reference/viz", "search"]
# The colours of code are the same everywhere: they are looked at in these, which have all of them.
WITH_CODE = ["lessons/01_a_first_gradient.html", "reference/viz.html"]
REFERENCE = sorted((ROOT / "book" / "reference").glob("*.md"))
# Where a public name may be told about: a function may be a method, and told about as one.
PARTS = ["tinygrad_edu", "tinygrad_edu.Tensor", "tinygrad_edu.creation", "tinygrad_edu.autograd"]
PARTS += ["viz", "lessonkit"]
LINK = re.compile(r'''\s(?:href|src)="([^"]*)"''')
ANCHOR = re.compile(r'''\s(?:id|name)="([^"]+)"''')
# Formulas and the words of code are most of a page. They tell axe nothing new, and take it long.
PRUNE = """() => {
    for (const formula of document.querySelectorAll("mjx-container")) formula.replaceChildren();
    for (const code of document.querySelectorAll("pre")) code.textContent = "code";
}"""

pytestmark = pytest.mark.skipif(not PAGES, reason="there is no book to open: make book")
every_page = pytest.mark.parametrize("name", PAGES)


@pytest.fixture
def opened(page, site):
    """A function that opens a page of the book and waits until all of it is there."""
    return functools.partial(open_page, page, site)


def open_page(page, address, name, width=1300, scheme="light"):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"{address}/{name}")
    page.evaluate("window.MathJax?.startup?.promise")
    return page


@pytest.fixture(scope="module")
def axe():
    """The text of axe-core, which finds what shuts people out. It comes from npm, once."""
    if shutil.which("npm") is None:
        pytest.skip("there is no npm here to get axe-core with")
    npm = runpy.run_path(str(ROOT / "tools" / "npm.py"))
    return (npm["package"]("axe-core", "4") / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def looked_at(new_page, site):
    """A function that opens a page once for all tests, and returns what there was to see."""
    page = new_page()

    @functools.cache
    def look(name, axe):
        page.complaints.clear()
        open_page(page, site, name, width=390)
        width = page.evaluate("document.documentElement.scrollWidth")
        page.set_viewport_size({"width": 1300, "height": 900})
        pictures = page.locator("article img").evaluate_all(
            "images => images.map(({ src, alt, naturalWidth }) => ({ src, alt, naturalWidth }))"
        )
        if name not in WITH_CODE:
            page.evaluate(PRUNE)
        page.evaluate(axe)
        found, complaints = barriers(page), [*page.complaints]
        return SimpleNamespace(
            complaints=complaints, pictures=pictures, barriers=found, width=width
        )

    yield look
    page.close()


def barriers(page):
    """What axe finds serious or critical in a page."""
    options = {"resultTypes": ["violations"], "preload": False}
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [
        f"{each['id']}: {node['html'][:200]}"
        for each in found
        for node in each["nodes"]
        if each["impact"] in ("serious", "critical")
    ]


@every_page
def test_a_page_opens_without_a_complaint_and_asks_no_other_machine(name, looked_at, axe):
    assert looked_at(name, axe).complaints == []


@every_page
def test_each_picture_is_there_and_is_told_in_words(name, looked_at, axe):
    for picture in looked_at(name, axe).pictures:
        assert picture["naturalWidth"] > 0, picture
        assert " " in picture["alt"], picture  # without words, Sphinx writes the name of a file


@every_page
def test_nothing_in_a_page_shuts_anybody_out(name, looked_at, axe):
    assert looked_at(name, axe).barriers == []


@every_page
def test_a_page_is_not_wider_than_a_telephone(name, looked_at, axe):
    assert looked_at(name, axe).width <= 390


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_shuts_anybody_out_on_a_telephone_in_the_dark(kind, opened, axe, pictures):
    page = opened(f"{kind}.html", width=390, scheme="dark")
    page.screenshot(path=pictures / f"book_{kind.replace('/', '_')}_390.png")
    page.evaluate(axe)
    assert barriers(page) == []


@every_page
def test_each_link_inside_leads_to_a_file_and_a_place_that_are_there(name):
    page = BOOK / name
    links = {unescape(link) for link in LINK.findall(page.read_text(encoding="utf-8"))}
    for link in filter(is_inside, links):
        target = (page.parent / unquote(urlsplit(link).path)).resolve() if link[0] != "#" else page
        anchor = unquote(urlsplit(link).fragment)
        assert target.is_file(), f"{link}: there is no such file"
        if anchor and target.suffix == ".html":
            assert anchor in anchors(target), f"{link}: there is no such place"


def is_inside(link):
    return link and not re.match(r"[a-z]+:", link)


@functools.cache
def anchors(page):
    return set(ANCHOR.findall(page.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_has_a_button_that_runs_it_if_the_edition_in_the_browser_is_there(name):
    text = (BOOK / name).read_text(encoding="utf-8")
    buttons = [unescape(link) for link in LINK.findall(text) if "live/" in link]
    assert len(buttons) == LIVE.is_dir()
    for button in buttons:
        (path,) = parse_qs(urlsplit(button).query)["path"]
        assert path == Path(name).with_suffix(".ipynb").name
        assert (LIVE / "files" / path).is_file()


@pytest.mark.skipif(not LIVE.is_dir(), reason="the edition in the browser is not there: make site")
def test_a_console_is_loaded_only_when_its_button_is_pressed(opened, page):
    opened("index.html")
    expect(page.locator("iframe")).to_have_count(0)
    page.get_by_role("button", name="Try it here").focus()
    page.keyboard.press("Enter")
    console = page.get_by_title("A Python console")
    assert "make_dot" in parse_qs(urlsplit(console.get_attribute("src")).query)["code"][0]
    expect(console.content_frame.get_by_text("import make_dot")).to_be_visible(timeout=30_000)
    # JupyterLite's console complains that it has no notebooks. What is in live/ has its own checks.
    page.complaints[:] = [text for text in page.complaints if "/live/" not in text]


@pytest.mark.parametrize("package", ["tinygrad_edu", "viz", "lessonkit"])
def test_each_public_name_is_in_the_reference(package):
    module = importlib.import_module(package)
    words = "".join(path.read_text(encoding="utf-8") for path in REFERENCE)
    public = getattr(module, "__all__", vars(module))
    names = [name for name in public if not name.startswith("_")]
    missing = {
        name
        for name in names
        if not isinstance(getattr(module, name), ModuleType)
        and not documented() & {f"{part}.{name}" for part in PARTS}
        and f"`{name}`" not in words
    }
    assert missing == set()


@functools.cache
def documented():
    """The full name of each thing that the reference tells about, from Sphinx's inventory."""
    lines = (BOOK / "objects.inv").read_bytes().split(b"\n", 4)[4]
    return {line.split(" ")[0] for line in zlib.decompress(lines).decode().splitlines()}


def test_each_signature_in_the_reference_has_a_sentence(opened, page):
    for path in REFERENCE:
        opened(f"reference/{path.stem}.html")
        bare = page.evaluate(
            "[...document.querySelectorAll('dl.py:not(:has(> dd > *)) > dt')]"
            ".map((signature) => signature.textContent)"
        )
        assert bare == []


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


def test_a_playground_draws_another_expression(opened, page):
    playground = opened("lessons/01_a_first_gradient.html").locator(".viz-playground")
    drawn = playground.locator("svg").inner_html()
    playground.get_by_role("combobox").select_option("a**3 - b**2")
    expect(playground.locator("svg")).to_contain_text("PowBackward0")
    assert playground.locator("svg").inner_html() != drawn


def test_searching_finds_a_lesson(opened, page):
    opened("index.html")
    page.locator(".sidebar-primary__section").get_by_role("searchbox").fill("nebulae")
    page.keyboard.press("Enter")
    expect(page.locator("#search-results a").first).to_be_visible()
    expect(page.locator("#search-results")).to_contain_text("Linear regression")


def test_a_button_turns_the_page_dark_and_the_next_page_stays_dark(opened, page):
    opened("index.html")
    page.get_by_role("button", name="Color mode").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("link", name="Begin with lesson 1").click()
    expect(page.get_by_role("heading", name="1. A first gradient")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_first_press_of_tab_offers_to_skip_the_navigation(opened, page):
    opened("index.html")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main-content")
