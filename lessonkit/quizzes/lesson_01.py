"""Quizzes of lesson 01: predictions about a first gradient."""

from lessonkit.quizzes import Quiz, Right, Wrong

QUIZZES = [
    Quiz(
        "01.a",
        "Now `a` stays at 5, and `b` goes from 6 to 6.001. What does `y = a**3 - b**2` do?",
        Wrong(
            "It grows by about 0.012.",
            "The size is good: the slope of `b**2` is `2 * b`, and that is 12. But look at the "
            "sign in front of `b**2`.",
        ),
        Right(
            "It falls by about 0.012.",
            "The slope of `-b**2` is `-2 * b = -12`, and `-12 * 0.001 = -0.012`.",
        ),
        Wrong(
            "It falls by 0.001.",
            "`b` grows by 0.001, and a minus stands before it: so it seems. But `b` is squared, "
            "and a square near 36 changes much faster than `b` itself.",
        ),
    ),
    Quiz(
        "01.b",
        "With tensors we compute as with numbers. What will `y = a**3 - b**2` and then "
        "`print(y)` show?",
        Wrong(
            "`89.0`",
            "89 is the value. But a tensor is a container, and it prints as one, as `a` and `b` "
            "did above.",
        ),
        Wrong(
            "`tensor([89.])`",
            "A tensor prints like this when nobody wants a gradient. But we asked for gradients of "
            "`a` and `b`, and `y` is made from them.",
        ),
        Right(
            "`tensor([89.], ...)` with a word about how it was computed",
            "The value is 89, and `y` remembers which operation it came from.",
        ),
    ),
    Quiz(
        "01.c",
        "Now we send `y` backward, with `y.backward()`. What will be in `a.grad` afterwards?",
        Wrong(
            "the formula `3 * a**2`",
            "That is the derivative as you would write it on paper. Autograd works with numbers, "
            "at the place where we are.",
        ),
        Right(
            "a tensor with the number 75",
            "The slope in `a` at `a = 5`: `3 * 5**2 = 75`, as section 1 found by trying.",
        ),
        Wrong(
            "a tensor with the number 89",
            "89 is the value of `y`. A gradient says how fast a value changes, not how large it "
            "is.",
        ),
    ),
    Quiz(
        "01.d",
        "We call `c.backward()`. Whose `grad` is filled?",
        Right(
            "only that of `a`",
            "`a` is the only leaf that wants a gradient.",
        ),
        Wrong(
            "that of `a` and of `b`",
            "Both are factors of `c`. But look at the small line under the picture of `c`.",
        ),
        Wrong(
            "that of `a`, `b` and `c`",
            "All three take part. But `grad` is for those who asked for it: who wrote "
            "`requires_grad=True`, and for whom?",
        ),
    ),
    Quiz(
        "01.e",
        "`e = a * b * d` with 2, 3 and 4. Which of the three gradients is the largest?",
        Wrong(
            "that of `d`, the largest factor",
            "A large factor seems to count most. But ask how `e` changes if this factor grows "
            "by 1, and the two others stay.",
        ),
        Wrong(
            "they are all 24",
            "24 is the value of `e`, and each factor has its part in it. A gradient is not a "
            "value: it says how fast the value changes.",
        ),
        Right(
            "that of `a`, the smallest factor",
            "A little more of `a` is multiplied by `3 * 4 = 12`. The two others are multiplied "
            "by less.",
        ),
    ),
]
