"""Write what each lesson teaches into the teachers' page: python tools/objectives.py

The lessons say it themselves, in their first cell; here it becomes a table.
"""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "book" / "teaching.md"
START, END = "<!-- objectives:start -->\n", "<!-- objectives:end -->\n"


def row(lesson: Path) -> str:
    """Return the row of one lesson. Raises AttributeError if its first cell lacks something."""
    opening = "".join(json.loads(lesson.read_text(encoding="utf-8"))["cells"][0]["source"])
    title = re.search(r"^# \d+\. (.+)$", opening, re.MULTILINE)[1]
    minutes = re.search(r"\*\*Time:\*\* (\d+) minutes", opening)[1]
    objectives = re.findall(r"^\d+\. (.+?)[;.]?$", opening, re.MULTILINE)
    listed = "<br />".join(f"{place}. {text}" for place, text in enumerate(objectives, start=1))
    return f"| {lesson.name[:2]} {title} | {minutes} | {listed} |\n"


def table() -> str:
    """Return the table of all lessons."""
    lessons = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    head = "| lesson | minutes | after it you can |\n| --- | ---: | --- |\n"
    return head + "".join(map(row, lessons))


def with_table(page: str) -> str:
    """Return the page with the table of today between its marks."""
    before, _, rest = page.partition(START)
    return before + START + table() + END + rest.partition(END)[2]


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
