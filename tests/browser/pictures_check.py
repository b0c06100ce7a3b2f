"""Pictures as a browser draws them: no letter outside its box. `make browser` calls this.

The quick test of the same, tests/viz/test_readable.py, trusts a table of widths; this one measures.
"""

import runpy
from pathlib import Path

import pytest

from viz.render import render

READABLE = Path(__file__).parents[1] / "viz" / "test_readable.py"
PICTURES = dict(runpy.run_path(str(READABLE))["pictures"]())
ARIAL = """() => {
    const brush = new OffscreenCanvas(1, 1).getContext("2d");
    brush.font = "100px Arial";
    return brush.measureText("MulBackward0").width;
}"""
# Of each line of text in each box: how far it reaches over the last rectangle around its middle.
OVERFLOW = """() => [...document.querySelectorAll("g.node")].flatMap((node) =>
    [...node.querySelectorAll("text")].map((text) => {
        const { left, right, top, bottom } = text.getBoundingClientRect();
        const [x, y] = [(left + right) / 2, (top + bottom) / 2];
        const around = [...node.querySelectorAll("polygon")]
            .filter((box) => box.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING)
            .map((box) => box.getBoundingClientRect())
            .filter((box) => box.left <= x && x <= box.right && box.top <= y && y <= box.bottom);
        const box = around.at(-1);
        return [text.textContent, box ? Math.max(box.left - left, right - box.right) : 999];
    }).filter(([, over]) => over > 1))"""


@pytest.mark.parametrize("name", PICTURES)
def test_no_letter_is_drawn_outside_its_box(name, page, pictures):
    page.set_content(render(PICTURES[name].source).decode())
    if abs(page.evaluate(ARIAL) - 655.7) > 1:
        pytest.skip("this machine has no font with Arial's widths")
    page.screenshot(path=pictures / f"picture_{name}.png", full_page=True)
    assert page.evaluate(OVERFLOW) == []
