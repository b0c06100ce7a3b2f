"""Quizzes of lesson 01: predictions about a first gradient."""

from lessonkit.quizzes import Quiz, Right, Wrong

QUIZZES = [
    Quiz(
        "01.a",
        "`y = a**3 - b**2`, computed with tensors. What will `print(y)` show?",
        Wrong("`89.0`", "89 is the value. But a tensor is a container, and it prints as one."),
        Wrong(
            "`tensor([89.])`",
            "So prints a tensor that nobody follows. We asked for gradients of `a` and `b`.",
        ),
        Right(
            "`tensor([89.], ...)` with a word about how it was computed",
            "The value is 89, and `y` remembers that it came from a subtraction.",
        ),
    ),
]
