"""Where our message of misuse says the same thing in other words than PyTorch's.

Everywhere else ours must contain PyTorch's first clause.
"""

import re

OWN_WORDS: dict[str, str] = {}


def first_clause(message: str) -> str:
    """The beginning of a message, up to its first full stop, bracket, dash or new line."""
    return re.split(r"\. | \(|\n| - |; ", message)[0].strip().rstrip(".")
