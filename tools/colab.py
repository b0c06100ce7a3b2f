"""Write the lessons for Google Colab: python tools/colab.py FOLDER

Each copy has one cell more than its lesson, on top, which makes Colab ready for it. BOOK_REPOSITORY
("owner/name") says from which repository on GitHub Colab installs; without it, by name.
"""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Colab has NumPy, matplotlib and ipywidgets of its own, and they stay as they are.
SET_UP = """\
# On Google Colab, run this cell first. Elsewhere it does nothing.
import sys

if "google.colab" in sys.modules:
    %pip install -q {package} anywidget "dask[array]" distributed zarr
    !tinygrad-edu lessons . --no-open
    from google.colab import output
    output.enable_custom_widget_manager()
else:
    print("This is not Google Colab: there is nothing to set up.")
"""


def set_up(repository: str = "") -> str:
    """Return the cell that makes Colab ready, with the package from a repository or by name."""
    package = f"git+https://github.com/{repository}" if repository else "tinygrad-edu"
    return SET_UP.format(package=package)


def with_set_up(lesson: str, repository: str = "") -> str:
    """Return a lesson, a notebook's JSON, with the cell on top."""
    notebook = json.loads(lesson)
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": "set-up-colab",
        "metadata": {},
        "outputs": [],
        "source": set_up(repository).rstrip().splitlines(keepends=True),
    }
    notebook["cells"].insert(0, cell)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def main(folder: Path) -> None:
    """Write all lessons."""
    folder.mkdir(parents=True, exist_ok=True)
    repository = os.environ.get("BOOK_REPOSITORY", "")
    for lesson in sorted((ROOT / "notebooks").glob("*.ipynb")):
        copy = with_set_up(lesson.read_text(encoding="utf-8"), repository)
        (folder / lesson.name).write_text(copy, encoding="utf-8")
    print(f"The lessons for Colab are in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
