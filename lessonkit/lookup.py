"""Finding what belongs to a lesson: its exercises, and its quizzes."""

import importlib
import importlib.util
from typing import Any


def of_lesson(kind: str, lesson: str) -> dict[str, Any]:
    """Return by key what the module of a lesson ("04") lists; nothing if there is no such lesson.

    Args:
        kind: "exercises" or "quizzes": the package of the module, and in capitals its list.
        lesson: the number of the lesson, in two digits.

    Example:
        >>> of_lesson("exercises", "99")
        {}
    """
    name = f"lessonkit.{kind}.lesson_{lesson}"
    if not lesson.isdigit() or importlib.util.find_spec(name) is None:
        return {}
    return {one.key: one for one in getattr(importlib.import_module(name), kind.upper())}
