"""`Descent`: gradient descent on the mean squared error of a straight line, to walk by hand.

The loss over b and w is a bowl, and five numbers hold all of it, so bowl.js walks down without a
kernel, in float64 as the engine would. The five are made of the data here; nothing is trained.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, NamedTuple

from viz.values import number_text
from viz.widget import Interactive

POINTS = 300  # of the data are drawn; the loss is that of all
LARGEST = 1e100  # its square is still a number
STEPS, RINGS = 40, 7  # of the still picture
STILL = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 440 330" width="440" height="330"
 font-family="Arial" font-size="12" text-anchor="middle">
<title>{caption}</title>
<rect width="440" height="330" fill="white"/>
<svg x="35" y="10" width="380" height="270">
<rect width="380" height="270" fill="#f4f6f8" stroke="gray"/>
<g fill="#0a6ebd" fill-opacity=".08" stroke="#0a6ebd" stroke-opacity=".5">{rings}</g>
<g fill="#b34700" stroke="none">{dots}</g>
<path d="{path}" fill="none" stroke="#b34700"/>
<path d="M184 135h12m-6 -6v12" stroke="black" stroke-width="2"/>
<g stroke="white" stroke-width="3" paint-order="stroke">
<text x="190" y="156">{minimum}</text><text x="{x:.1f}" y="{y:.1f}" dy="-8">start</text>
</g>
</svg>
<text x="225" y="296">b</text><text x="18" y="145">w</text>
<g font-size="11"><text x="220" y="312">{caption}</text>
<text x="220" y="326">Along a ring the loss is the same; further in it is smaller.</text></g>
</svg>
"""


class Bowl(NamedTuple):
    """The mean squared error of y = b + w * x, as a function of b and w.

    With db and dw the distances from the best `b` and `w`, `mean` and `variance` those of x, and
    `least` the loss that remains at the best, it is
    (db + mean * dw)² + variance * dw² + least.
    """

    b: float
    w: float
    mean: float
    variance: float
    least: float

    @classmethod
    def of(cls, xs: Sequence[float], ys: Sequence[float]) -> Bowl:
        """The bowl of some data. Raises ValueError where no single line fits best."""
        mean, height = _mean(xs or [0]), _mean(ys or [0])
        variance = _mean([(x - mean) ** 2 for x in xs or [0]])
        if len(set(xs)) < 2 or not variance:
            raise ValueError("x needs two different numbers: else many lines fit equally well.")
        w = _mean([(x - mean) * (y - height) for x, y in zip(xs, ys)]) / variance
        b = height - w * mean
        least = _mean([(b + w * x - y) ** 2 for x, y in zip(xs, ys)])
        return cls(b, w, mean, variance, least)

    def step(self, b: float, w: float, rate: float) -> tuple[float, float]:
        """Where one step of gradient descent leads from b and w."""
        db, dw = b - self.b, w - self.w
        grad_b = 2 * (db + self.mean * dw)
        return b - rate * grad_b, w - rate * (self.mean * grad_b + 2 * self.variance * dw)

    def reach(self, b: float, w: float) -> tuple[float, float]:
        """How far from the minimum to look, in b and in w, to see the start at b and w well."""
        spread = math.sqrt(self.mean**2 + self.variance)
        away = max(abs(b - self.b), abs(w - self.w) * spread, math.sqrt(self.least))
        far = 1.4 * max(away, 0.1 * abs(self.b), 0.1 * abs(self.w) * spread) or 1.0
        return far, far / spread


class Descent(Interactive):
    """Gradient descent on `y = b + w * x` with mean squared error, in a notebook or on a page.

    At the left is the loss over b and w, with the path; at the right are the data and the line of
    this step; below, the numbers of the step, and the loss so far. Learning rate and start can be
    moved. Where the learning rate is too large, the path leaves the surface, and a sentence says
    from which learning rate on it does.

    `x` and `y` are tensors of either library, arrays or lists, of shape (n,) or (n, 1); `lr` is the
    learning rate; `start` is b and w at step 0. `.widget` has the traits `lr`, `start` and `step`,
    to be read and set; `.save("page.html")` writes a page that needs no kernel.

    Raises TypeError for what is no list of numbers, ValueError where no single line fits best, and
    for numbers that are nan, infinite or huge.

    >>> Descent([0, 1, 2], [0.9, 3.1, 5.0], lr=0.1)
    gradient descent on 3 rows, from b = 0, w = 0, with learning rate 0.1
    """

    script = "descent.js"
    parts = ("charts.js", "bowl.js", "descent.css")

    def __init__(self, x: Any, y: Any, lr: float = 0.1, start: Sequence[float] = (0, 0)) -> None:
        xs, ys = _numbers("x", x), _numbers("y", y)
        if len(xs) != len(ys):
            raise ValueError(f"x has {len(xs)} rows and y has {len(ys)}: each x needs its y.")
        if len(place := _numbers("start", start)) != 2:
            raise ValueError(f"start is b and w, two numbers, and got {len(place)}.")
        (rate,) = _numbers("lr", [lr])
        if rate <= 0:
            raise ValueError(f"The learning rate is {lr}, and must be above 0: pass lr=0.1.")
        self._bowl, self._rate, self._start = Bowl.of(xs, ys), rate, (place[0], place[1])
        state = {
            "bowl": self._bowl._asdict(),
            "reach": self._bowl.reach(*place),
            "rows": len(xs),
            "points": _some(xs, ys),
            "lr": rate,
            "start": place,
            "step": 0,
        }
        b, w = map(number_text, place)
        where = f"from b = {b}, w = {w}, with learning rate {number_text(rate)}"
        super().__init__(state, f"gradient descent on {len(xs)} rows, {where}")

    def svg(self) -> str:
        """The surface and the first steps, as a still picture."""
        bowl, (far_b, far_w) = self._bowl, self._bowl.reach(*self._start)

        def place(b: float, w: float) -> tuple[float, float]:
            return 190 + 190 * (b - bowl.b) / far_b, 135 - 135 * (w - bowl.w) / far_w

        def ring(radius: float) -> Iterable[tuple[float, float]]:
            for angle in (math.pi * part / 36 for part in range(72)):
                dw = radius * far_b / math.sqrt(bowl.variance) * math.sin(angle)
                yield place(bowl.b + radius * far_b * math.cos(angle) - bowl.mean * dw, bowl.w + dw)

        path = [self._start]
        while len(path) <= STEPS and all(abs(at) < 1e4 for at in place(*path[-1])):
            path.append(bowl.step(*path[-1], self._rate))
        places = [place(*at) for at in path]
        return STILL.format(
            caption=escape(self._caption),
            minimum=f"minimum: b = {number_text(bowl.b)}, w = {number_text(bowl.w)}",
            rings="".join(f'<path d="{_line(ring(part / 4))}Z"/>' for part in range(1, 1 + RINGS)),
            dots="".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in places),
            path=_line(places),
            x=places[0][0],
            y=places[0][1],
        )


def _numbers(name: str, values: Any) -> list[float]:
    try:
        rows = values.tolist() if hasattr(values, "tolist") else list(values)
        numbers = [float(_only(row) if isinstance(row, (list, tuple)) else row) for row in rows]
    except (TypeError, ValueError):
        raise TypeError(
            f"Descent takes {name} as numbers, and got a {type(values).__name__!r} of something "
            "else. Pass a tensor, an array or a list of shape (n,), or (n, 1) for one feature."
        ) from None
    if not all(abs(number) < LARGEST for number in numbers):
        raise ValueError(f"{name} holds nan, inf or a number beyond {LARGEST}: take it out first.")
    return numbers


def _only(row: Sequence[Any]) -> Any:
    (number,) = row
    return number


def _mean(numbers: Sequence[float]) -> float:
    return math.fsum(numbers) / len(numbers)


def _some(xs: list[float], ys: list[float]) -> list[list[float]]:
    """The points to draw, to six digits, which is more than a screen shows."""
    every = math.ceil(len(xs) / POINTS)
    return [[float(f"{x:.6g}"), float(f"{y:.6g}")] for x, y in zip(xs[::every], ys[::every])]


def _line(places: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
