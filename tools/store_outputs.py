"""Run lessons from top to bottom and store what they show: python tools/store_outputs.py FILES.

The result is the same on each machine: paths, the Python version, times and widget state stay out.
"""

import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[1]
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
INSTALLED = re.compile(r"[^\s\"']*/(?:site|dist)-packages/")


def run(lesson: Path) -> None:
    """Run `lesson` and write it back. A cell that fails must carry the tag raises-exception.

    Raises:
        CellExecutionError: a cell failed that is not tagged so.
    """
    notebook = nbformat.read(lesson, as_version=4)
    notebook.metadata = NotebookNode(kernelspec=KERNEL, language_info={"name": "python"})
    client = NotebookClient(
        notebook,
        timeout=120,
        record_timing=False,
        coalesce_streams=True,
    )
    client.execute(cwd=str(lesson.parent))
    notebook.metadata = NotebookNode(kernelspec=KERNEL, language_info={"name": "python"})
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output.traceback = [without_paths(line) for line in output.traceback]
            # Stored without its state, a widget could not start: its picture stands in for it.
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    nbformat.write(notebook, lesson)


def without_paths(text: str) -> str:
    """Return `text` with files named as in the repository, or by their package."""
    for prefix in (f"{ROOT}/", f"{ROOT}/".replace(str(Path.home()), "~", 1)):
        text = text.replace(prefix, "")
    return INSTALLED.sub("", text)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(name)
        run(Path(name))
