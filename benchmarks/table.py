"""The speed table as Markdown, and its place in a file between two markers. Nothing is measured
here.
"""

from statistics import median

import numpy as np

from benchmarks.measure import Times

START = "<!-- benchmark:start -->"
END = "<!-- benchmark:end -->"


def header(names: list[str]) -> str:
    """The head of the table for these contestants, of which the first is us."""
    cells = ["", *names, *(f"ratio to {other}" for other in names[1:])]
    return row_of(cells) + "\n" + row_of(["---"] + ["---:"] * (len(cells) - 1))


def row(title: str, times: Times) -> str:
    """Median time of each contestant, then our ratio to each of the others."""
    ours, *others = times.values()
    cells = [duration(median(seconds)) for seconds in times.values()]
    return row_of([title, *cells, *(ratio(ours, other) for other in others)])


def row_of(cells: list[str]) -> str:
    """
    >>> row_of(["W2", "15 µs"])
    '| W2 | 15 µs |'
    """
    return f"| {' | '.join(cells)} |"


def duration(seconds: float) -> str:
    """Three digits and a unit.

    >>> duration(0.0000225), duration(0.0834), duration(1.02)
    ('22.5 µs', '83.4 ms', '1.02 s')
    """
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= 0.9995 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"


def ratio(ours: list[float], other: list[float]) -> str:
    """The ratio of the medians; in parentheses the middle half of the single rounds' ratios.

    >>> ratio([1.0, 1.0, 1.2], [4.0, 4.0, 4.0])
    '**0.25** (0.25 to 0.28)'
    """
    low, high = np.percentile(np.divide(ours, other), [25, 75])
    return f"**{number(median(ours) / median(other))}** ({number(low)} to {number(high)})"


def number(value: float) -> str:
    """
    >>> number(0.234), number(14.65), number(207.8)
    ('0.23', '14.7', '208')
    """
    return f"{value:.2f}" if value < 10 else f"{value:.3g}"


def put_between_markers(text: str, table: str) -> str:
    """`text` with everything between the two markers replaced by `table`.

    Raises:
        ValueError: a marker is missing, or they come in the wrong order.
    """
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"the table has no place in this file; add the lines {START} and {END}")
    return f"{before}{START}\n{table}\n{END}{after}"
