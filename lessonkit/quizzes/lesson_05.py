"""Quizzes of lesson 05: predictions of graphs, from a line of code."""

from lessonkit.quizzes import Quiz, Right, Wrong

QUIZZES = [
    Quiz(
        "05.a",
        "`yhat = b + w * x` has three tensors and two operations. `b` and `w` are parameters, `x` "
        "is data. How many boxes will the picture have?",
        Wrong("3", "One box for each tensor? The operations have boxes, too."),
        Right(
            "4",
            "Two parameters and two operations. `x` has no box: nobody wants its gradient. "
            "Section 2 says more.",
        ),
        Wrong(
            "5",
            "Three tensors and two operations are five things. But one of them needs no gradient, "
            "and the picture is about gradients.",
        ),
    ),
    Quiz(
        "05.b",
        "`b_nograd` requires no gradient, `w` does. How does the graph of "
        "`yhat_nograd = b_nograd + w * x` differ from the one above?",
        Wrong(
            "The blue box of `b` turns gray.",
            "Gray boxes are operations. A tensor without a gradient is data, as `x` is: which box "
            "did `x` have?",
        ),
        Wrong(
            "The blue box of `b` is gone, and `AddBackward0` with it.",
            "The addition has lost one input to care about. But a gradient still has to come back "
            "through it, to `w`.",
        ),
        Right(
            "The blue box of `b` is gone, and `AddBackward0` has one arrow left.",
            "No gradient, no box. The other road, to `w`, still leads through the addition.",
        ),
    ),
    Quiz(
        "05.c",
        "`yhat` alone has 4 boxes and 3 arrows. Now `error = y - yhat` and "
        "`loss = (error**2).mean()`. How many boxes and arrows has `loss`?",
        Wrong(
            "5 boxes, 4 arrows",
            "One box more would be one operation more. Count the operations in the two lines.",
        ),
        Right(
            "7 boxes, 6 arrows",
            "Three operations more: a subtraction, a power and a mean. Each has one tracked input. "
            "`y` is data and the 2 is a plain number: no boxes.",
        ),
        Wrong(
            "8 boxes, 7 arrows",
            "Here `y` got a box. Does anybody want the gradient of `y`?",
        ),
        Wrong(
            "9 boxes, 8 arrows",
            "Here `y` and the number 2 got boxes. A box is for an operation, or for something "
            "that wants a gradient.",
        ),
    ),
    Quiz(
        "05.d",
        "`square = a * a`, with `a` = 3. How many arrows go from `a` to `MulBackward0`, and what "
        "is `a.grad` after `square.backward()`?",
        Wrong(
            "one arrow, and 3",
            "It is one tensor, so one arrow seems enough. But the slope of a squared at 3 is "
            "larger than that.",
        ),
        Wrong(
            "two arrows, and 9",
            "The multiplication has two inputs, that is right. But 9 is the value: gradients that "
            "meet are not multiplied.",
        ),
        Right(
            "two arrows, and 6",
            "The multiplication has two inputs, and both are `a`. Each arrow brings 3, and they "
            "are added.",
        ),
    ),
    Quiz(
        "05.e",
        "We compute `b + w * x` twice: `first` and `second`. Do the two graphs share boxes?",
        Wrong(
            "They share all four: it is the same line of code.",
            "The code is the same. But a graph notes what happened, and it happened twice.",
        ),
        Right(
            "They share the blue boxes only.",
            "Each time the line runs, it makes its own `MulBackward0` and `AddBackward0`. The "
            "parameters are the same two tensors.",
        ),
        Wrong(
            "They share none.",
            "Each run leaves new operations behind. But were new parameters made?",
        ),
    ),
    Quiz(
        "05.f",
        "Which boxes has the graph of `cut = b + (w * x).detach()`?",
        Wrong(
            "`b`, `w`, Mul, Add",
            "So it would be without `.detach()`. It gives a tensor that has no history.",
        ),
        Wrong(
            "`b`, Mul, Add",
            "`w` alone is not what was detached. Where does the road end, seen from the addition?",
        ),
        Right(
            "`b`, Add",
            "The road is cut between the multiplication and the addition. Neither Mul nor `w` can "
            "be reached from the result.",
        ),
    ),
]
