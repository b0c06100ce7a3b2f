"""What stops a release: a version, a wheel, a site or a file that is not as it must be."""

import runpy
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
release = runpy.run_path(str(ROOT / "tools" / "release.py"))


@pytest.fixture
def zipped(tmp_path):
    """A function that writes a zip archive of files with a content."""

    def write(name, files):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w") as archive:
            for file, content in files.items():
                archive.writestr(file, content)
        return path

    return write


def test_a_tag_that_is_not_the_version_stops_it():
    with pytest.raises(SystemExit, match=r"the tag is v2, and pyproject.toml has the version 1\."):
        release["check_version"]("1", "v2", "")


def test_a_tag_of_what_the_changelog_calls_not_yet_released_stops_it():
    with pytest.raises(SystemExit, match="not yet released; write the date there"):
        release["check_version"]("1.0", "v1.0", "# Changelog\n\n## 1.0 (not yet released)\n")


def test_a_command_that_fails_stops_it_with_one_sentence():
    with pytest.raises(SystemExit, match=r"^There is no release: the cup failed, as said above\.$"):
        release["run"]("the cup", sys.executable, "-c", "raise SystemExit(1)")


def test_a_file_that_only_one_of_two_wheels_has_stops_it(zipped):
    first = zipped("a.whl", {"same": "1", "changed": "1"})
    second = zipped("b.whl", {"same": "1", "changed": "2", "added": "1"})
    release["compare"](first, first)
    with pytest.raises(SystemExit, match="differ in added, changed"):
        release["compare"](first, second)


def test_a_site_without_a_lesson_to_run_stops_it(zipped):
    pages = {"index.html": "", "lessons/01.html": ""}
    whole = zipped("site.zip", pages | {"live/files/01.ipynb": ""})
    release["check_site"](whole, [Path("01.ipynb")])
    with pytest.raises(SystemExit, match=r"lacks live/files/01\.ipynb"):
        release["check_site"](zipped("half.zip", pages), [Path("01.ipynb")])


def test_a_page_of_the_epub_that_needs_a_script_or_a_file_stops_it(zipped):
    page = '<img src="../a%20b.png"/><a href="two.xhtml#end"/><a href="https://elsewhere"/>'
    files = {"a b.png": "", "lessons/one.xhtml": page, "lessons/two.xhtml": "<math/>"}
    release["check_epub"](zipped("whole.epub", files))
    with pytest.raises(SystemExit, match=r"lessons/two\.xhtml .* has formulas in TeX"):
        release["check_epub"](
            zipped("tex.epub", files | {"lessons/two.xhtml": '<span class="math notranslate">'})
        )
    del files["a b.png"]
    with pytest.raises(SystemExit, match=r"one\.xhtml .* leads to \.\./a%20b\.png, which is not"):
        release["check_epub"](zipped("half.epub", files))


@pytest.mark.parametrize("kind", ["zip", "tar", "text"])
def test_a_folder_of_this_machine_in_a_file_stops_it(kind, zipped, tmp_path):
    file = tmp_path / "page"
    file.write_text("see /here/it/is")
    if kind == "zip":
        file = zipped("site.zip", {"page": file.read_text()})
    elif kind == "tar":
        with tarfile.open(tmp_path / "sdist.tar.gz", "w:gz") as archive:
            archive.add(file, "page")
        file = tmp_path / "sdist.tar.gz"
    release["check_paths"](file, ("/elsewhere",))
    with pytest.raises(SystemExit, match=r"^There is no release: page in .* names /here, a"):
        release["check_paths"](file, ("/elsewhere", "/here"))
