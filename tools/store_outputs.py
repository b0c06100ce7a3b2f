"""Run lessons from top to bottom and store what they show: python tools/store_outputs.py FILES.

The result is the same on each machine: paths, the Python version, times and widget state stay out.
"""

import re
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[1]
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
PNG = "image/png"
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
            view = output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
            if view and output.data["text/plain"].startswith("interactive("):
                output.data |= behind_sliders(client.widget_state, view["model_id"])
    nbformat.write(notebook, lesson)


def behind_sliders(widgets: dict[str, Any], name: str) -> dict[str, str]:
    """Return what stands in for the sliders that are called `name`: the picture they show."""
    children = [widgets[child.removeprefix("IPY_MODEL_")] for child in widgets[name]["children"]]
    shown = [output for child in children for output in child.get("outputs", [])]
    said = "".join(output.get("text", "") for output in shown)
    said += "Run this cell in a notebook: sliders change what it shows."
    pictures = [picture for output in shown if (picture := output.get("data", {}).get(PNG))]
    return {"text/plain": said} | ({PNG: pictures[-1]} if pictures else {})


def without_paths(text: str) -> str:
    """Return `text` with files named as in the repository, or by their package."""
    for prefix in (f"{ROOT}/", f"{ROOT}/".replace(str(Path.home()), "~", 1)):
        text = text.replace(prefix, "")
    return INSTALLED.sub("", text)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(name)
        run(Path(name))
