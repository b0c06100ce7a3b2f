"""What the repository says about itself: the README's example and picture, and the version."""

import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import tinygrad_edu

ROOT = Path(__file__).parents[1]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_readmes_example_prints_what_the_readme_says(tmp_path):
    example, expected = re.search(
        r"```python\n(.*?)```\n.*?```text\n(.*?)```", read("README.md"), re.DOTALL
    ).groups()
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{example}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == (expected, "")
    assert (tmp_path / "loss.svg").read_text(encoding="utf-8").count("<polygon") > 7


def test_the_readmes_picture_has_eleven_boxes_and_eleven_arrows():
    picture = read(re.search(r"!\[.*?\]\((.*?)\)", read("README.md")).group(1))
    assert picture.count('class="node"') == 11
    assert picture.count('class="edge"') == 11


def test_the_version_is_the_same_everywhere():
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert tinygrad_edu.__version__ == version
    assert f"\nversion: {version}\n" in read("CITATION.cff")
    assert re.search(r"^## (\S+)", read("CHANGELOG.md"), re.MULTILINE).group(1) == version


def test_the_teachers_page_lists_the_objectives_that_the_lessons_name():
    objectives = runpy.run_path(str(ROOT / "tools" / "objectives.py"))
    page = read("book/teaching.md")
    assert objectives["with_table"](page) == page, "run: python tools/objectives.py"


def test_the_readme_lists_each_lesson():
    lessons = [path.name[:2] for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))]
    assert re.findall(r"^\| (\d\d) ", read("README.md"), re.MULTILINE) == lessons
