"""Quizzes of lesson 06: predictions about branches, loops and conditions."""

from lessonkit.quizzes import Quiz, Right, Wrong

QUIZZES = [
    Quiz(
        "06.a",
        "We call `bend(a)` with `a = 3`. Which operations will be in the picture?",
        Wrong(
            "the square, the multiplication by -2, and the comparison `a > 0`",
            "All three stand in the program text. But a box is left by an operation on tracked "
            "numbers that ran, not by a line that could have run.",
        ),
        Right(
            "the square only",
            "`3 > 0` is true, so Python ran `a**2` and returned. Nothing else left a box.",
        ),
        Wrong(
            "the square and the comparison `a > 0`",
            "Both did run. But the answer of a comparison is a yes or a no, and no gradient can "
            "pass through that.",
        ),
    ),
    Quiz(
        "06.b",
        "Read the next cell. The graph of the first `loss` has seven boxes, as in lesson 5. How "
        "many boxes has the graph of the last `loss`, and how many of them are blue?",
        Wrong(
            "12 boxes, 3 of them blue, as `w` is used twice",
            "It is right that `w` is used twice. But a blue box is a tensor, not a use of it: two "
            "arrows may leave one box.",
        ),
        Right(
            "11 boxes, 2 of them blue",
            "A multiplication, a subtraction, a mean and an addition are new: 7 + 4. The blue "
            "boxes are `b` and `w`, each once.",
        ),
        Wrong(
            "12 boxes, 2 of them blue, one of them for the `if`",
            "The `if` seems to be a step of the calculation, too. But section 1 had an `if`, and "
            "no box for it.",
        ),
        Wrong(
            "13 boxes, 4 of them blue",
            "So it would be with two copies of both parameters. Look at the names: are there two "
            "`b` and two `w` in the program?",
        ),
    ),
    Quiz(
        "06.c",
        "The first branch brings -4 to `w`, the second one -1. What is in `w.grad` after "
        "`loss.backward()`?",
        Wrong(
            "-1, what came last",
            "Lesson 4 had to zero the gradients, since a new one does not take the place of the "
            "old one.",
        ),
        Wrong(
            "-2.5, their mean",
            "A mean looks fair. But `loss` is the first part plus the second part: nothing "
            "divides by two.",
        ),
        Wrong(
            "-4, the larger one",
            "Nobody compares the two. Both roads are open, and something comes along each.",
        ),
        Right(
            "-5, their sum",
            "`loss` is a sum of two parts. When `w` moves, both change, and the slopes add up.",
        ),
    ),
    Quiz(
        "06.d",
        "Read the next cell. In some turn the first loss is 0.8. How many boxes has the graph of "
        "that turn?",
        Right(
            "7",
            "`0.8 > 1` is false, the second branch does not run, and the graph is that of the "
            "mean of squares alone.",
        ),
        Wrong(
            "11",
            "So many has the graph of a turn in which both branches ran. Did both run in this one?",
        ),
        Wrong(
            "more than 11, since the graphs of the turns before are still there",
            "The gradients of several turns would add up if nobody zeroed them. But each turn "
            "computes its loss from the leaves, anew: it has a graph of its own.",
        ),
    ),
    Quiz(
        "06.e",
        "`power(a, 3)` multiplies three times. How many boxes and arrows has its picture?",
        Wrong(
            "2 boxes, 6 arrows",
            "One blue box is right, and so are six arrows. But a box is one operation that ran, "
            "not one line of text: that line ran more than once.",
        ),
        Right(
            "4 boxes, 6 arrows",
            "One blue box, and one `MulBackward0` for each turn. Each takes two tracked inputs.",
        ),
        Wrong(
            "4 boxes, 3 arrows",
            "The boxes are right. But look at what each multiplication takes: `result` and `a`, "
            "and both are tracked.",
        ),
    ),
    Quiz(
        "06.f",
        "A switch with a threshold: below it the result is 0, above it is `5 * a`. We would like "
        "to learn the threshold. What will `threshold.grad` be after `result.backward()`?",
        Right(
            "`None`",
            "The threshold took part only in the comparison. No road leads to it, so nothing ever "
            "arrives, not even a 0.",
        ),
        Wrong(
            "`tensor(5.)`",
            "5 is the slope of the road that was taken. Does the threshold stand on that road?",
        ),
        Wrong(
            "`tensor(0.)`",
            "The slope of a step is 0 nearly everywhere, so a 0 would make sense. But it would "
            "have to come along a road in the graph.",
        ),
    ),
]
