"""Quizzes of lesson 02: predictions about a polynomial, its slope, its tangent and its judge."""

from lessonkit.quizzes import Quiz, Right, Wrong

QUIZZES = [
    Quiz(
        "02.a",
        "The five terms have the slopes 64, 12, 12, 5 and 0 at x = 2. Which number will `backward` "
        "leave in `x.grad`?",
        Right(
            "93",
            "64 + 12 + 12 + 5 + 0 = 93. When x grows a little, every term grows a little, and y is "
            "the sum of the terms.",
        ),
        Wrong(
            "64",
            "That is the steepest term. It has the largest part in the slope; but the other terms "
            "grow as well when x grows.",
        ),
        Wrong(
            "four numbers, one for each arrow that leaves `x`",
            "Four gradients do come back to `x`. But the shape of `x.grad` is the shape of `x`, "
            "and `x` is a single number.",
        ),
        Wrong(
            "63",
            "That is the value of y, its height. A slope says how fast the height changes.",
        ),
    ),
    Quiz(
        "02.b",
        "At x = 2.1 the tangent has the height 72.3. And the curve itself?",
        Wrong(
            "a little below 72.3",
            "It would be so if the curve bent downward, as the top of a hill does. Does the slope "
            "of p get smaller or larger to the right of 2?",
        ),
        Wrong(
            "exactly 72.3",
            "Curve and tangent have the same height and the same slope at x = 2. But only there: "
            "at 2.1 the slope of the curve is no longer 93.",
        ),
        Right(
            "a little above 72.3",
            "To the right of 2 the curve gets steeper, and the tangent does not. So the curve "
            "bends upward, away from it.",
        ),
    ),
    Quiz(
        "02.c",
        "We measure the slope with a step h. Which step comes closest to 93?",
        Wrong(
            "the smallest, 1e-15",
            "On paper a smaller step is always better. A computer keeps about 16 digits: how many "
            "of them differ between 2 and 2.000000000000001?",
        ),
        Right(
            "one in the middle, 1e-5",
            "Small enough that the curve is nearly straight, and large enough that the two values "
            "differ in many digits.",
        ),
        Wrong(
            "below 0.001 it makes no difference",
            "It would be so if each smaller step gave the same digits, only more of them. Look at "
            "the last lines of the next output.",
        ),
    ),
    Quiz(
        "02.d",
        "`x` holds 81 places and `y = p(x)` holds 81 results. What does `y.backward()` do?",
        Wrong(
            "It leaves 81 slopes in `x.grad`.",
            "That is what we want. But `backward` starts from one result and asks how it changes.",
        ),
        Right(
            "It raises an error.",
            "A gradient belongs to one result, and here are 81. We have to say what is meant.",
        ),
        Wrong(
            "It leaves one slope, the mean of all.",
            "A mean would be one number to start from. But nobody asked for a mean, and `backward` "
            "does not guess.",
        ),
    ),
]
