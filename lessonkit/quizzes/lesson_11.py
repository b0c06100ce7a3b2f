"""Quizzes of lesson 11: predictions about an engine of one's own, and about rules."""

from lessonkit.quizzes import Quiz, Right, Wrong

QUIZZES = [
    Quiz(
        "11.a",
        "The slopes of `a + b` are 1 and 1. What are the slopes of `a * b` at `a` = 5 and "
        "`b` = 6, first for `a`, then for `b`?",
        Wrong(
            "1 and 1",
            "So it is for a sum. When `a` grows by 1, does `a * b` grow by 1?",
        ),
        Wrong(
            "5 and 6",
            "These are the two numbers, but when `a` grows from 5 to 6, `a * b` grows from 30 to "
            "36.",
        ),
        Right(
            "6 and 5",
            "Each slope is the other factor: when `a` grows by 1, `a * b` grows by `b` = 6.",
        ),
        Wrong("30 and 30", "30 is the value of the result. The slope says how fast it changes."),
    ),
    Quiz(
        "11.b",
        "`z = Number(1.0)`, and then ten times `z = z + z`. So there are 11 numbers. How many "
        "steps does `every_road(z)` take?",
        Wrong("11", "One step for each number would be fine. But it walks roads, not numbers."),
        Wrong(
            "21",
            "One for the last number and two for each line? Both inputs of a line are walked, and "
            "from each of them both inputs of the line before.",
        ),
        Right(
            "2047",
            "One step at the last number, 2 at the one before, then 4, 8, ... up to 1024: each "
            "line doubles the roads. The sum is 2047.",
        ),
    ),
    Quiz(
        "11.c",
        "`u = x * x` with `x` = 3, then `each_once(u + u)`. The right gradient of `x` is 12. What "
        "does `each_once` find?",
        Right(
            "6",
            "It comes to `u` with 1, and goes on at once: 3 + 3 = 6 arrive at `x`. Then it comes "
            "to `u` again, and stops there.",
        ),
        Wrong(
            "12",
            "The second 1 does arrive at `u`. But follow it: is it sent on to `x`?",
        ),
        Wrong(
            "3",
            "`x` is used twice in `x * x`, so two shares arrive there, and both are added.",
        ),
    ),
    Quiz(
        "11.d",
        "In `y = 2 * Cube.apply(a)` with `a` = 5, which `g` does the backward of `Cube` receive "
        "when we call `y.backward()`?",
        Wrong("1", "So it would be if the cube were the last operation."),
        Right(
            "2",
            "It is the gradient of the cube's result. The multiplication by 2 comes after it, and "
            "sends back 2.",
        ),
        Wrong(
            "75",
            "That is the slope of the cube at 5. `g` is what arrives, before it is multiplied.",
        ),
        Wrong("150", "That is what `Cube` sends on: its slope, times the `g` that it received."),
    ),
    Quiz(
        "11.e",
        "The rule `3 * x * g` is wrong. With which input would `gradcheck` not notice?",
        Wrong("`[2.0, 1.0]`", "This is the one that we tried: at 2 the numbers differ."),
        Wrong("`[0.5]`", "There the rule says 1.5. And 3 times 0.5 squared?"),
        Right(
            "`[1.0, 0.0]`",
            "At 1 and at 0, `3 * x` and `3 * x**2` are the same. So test at values without "
            "special properties, and at several.",
        ),
        Wrong("`[-1.0]`", "There the rule says -3, but a square is never negative."),
    ),
]
