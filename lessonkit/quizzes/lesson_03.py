"""Quizzes of lesson 03: predictions about local slopes, and about the way back."""

from lessonkit.quizzes import Quiz, Right, Wrong

QUIZZES = [
    Quiz(
        "03.a",
        "`y = 3 * x + 2`, `z = 2 * y**2`, `out = z.mean()`. How many boxes will the graph of `out` "
        "have?",
        Wrong(
            "4: one for `x`, and one for each layer",
            "A layer is our way of speaking. The graph is made of single operations, and `3 * x + "
            "2` is more than one of them.",
        ),
        Right(
            "6: one for `x`, and one for each operation",
            "A multiplication and an addition make `y`, a power and a multiplication make `z`. "
            "Then the mean, and the leaf `x`.",
        ),
        Wrong(
            "31: one for each number in `x`, `y`, `z`, the results between them, and `out`",
            "Every number is computed, that is true. But an operation takes a whole table at "
            "once, and leaves one box for all six numbers.",
        ),
    ),
    Quiz(
        "03.b",
        "At `x = 1` the slope of `out` is 10. What is it in the `x` that is 3?",
        Wrong(
            "10 as well",
            "All numbers go through the same layers. But look at the local slope `4 * y`: is `y` "
            "the same for both?",
        ),
        Wrong(
            "30",
            "The input is three times as large. The slope would be so, too, if `y` were three "
            "times as large. Look up `y` in the table of section 1.",
        ),
        Right(
            "22",
            "`y` is 11 there, so the local slope of the second layer is `4 * 11 = 44`, and "
            "1/6 of 44 times 3 is 22.",
        ),
    ),
    Quiz(
        "03.c",
        "We call `out.backward()`; `out` is 140. Which gradient arrives at `out` itself?",
        Right(
            "1",
            "It is the slope of `out` in `out`: if it grows by 0.001, it grows by 0.001.",
        ),
        Wrong(
            "140",
            "That is its value. A gradient is a slope: by how much does `out` change, for each "
            "unit by which `out` changes?",
        ),
        Wrong(
            "0",
            "Nothing comes after `out`, so it is tempting to say that nothing arrives. But every "
            "later step multiplies what arrives first: then all gradients would be 0.",
        ),
    ),
    Quiz(
        "03.d",
        "`a = 3 * x`, `y = a + 2`, `z = 2 * y**2`. We attach a hook to `a`, then to `y`, then to "
        "`z`, and call `z.mean().backward()`. In which order will the hooks print?",
        Wrong(
            "`a`, `y`, `z`",
            "In this order they are attached, and the values are computed. But a hook waits for a "
            "gradient.",
        ),
        Wrong(
            "in any order, as all gradients are there at once",
            "After `backward` they all look done at once. But each is made from another one, so "
            "there is an order.",
        ),
        Right(
            "`z`, `y`, `a`",
            "The way back starts at the mean. It passes `z`, then `y`, then `a`.",
        ),
    ),
    Quiz(
        "03.e",
        "The last layer is now `z.sum()`, no longer `z.mean()`. What happens to the gradient of "
        "`x`?",
        Wrong(
            "It stays the same.",
            "The first two layers are as before, and so are their local slopes. But the last one "
            "has a local slope, too.",
        ),
        Right(
            "Each number is 6 times as large.",
            "The local slope of a sum is 1 for each number; that of the mean of six was 1/6.",
        ),
        Wrong(
            "Each number is 6 times smaller.",
            "There is a factor of 6, but try it out: add 0.001 to one number. Does the sum move "
            "more than the mean, or less?",
        ),
    ),
]
