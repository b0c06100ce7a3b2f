"""Quizzes of lesson 09: predictions about backward and grad, Jacobians and Newton's method."""

from lessonkit.quizzes import Quiz, Right, Wrong

QUIZZES = [
    Quiz(
        "09.a",
        "`x` is a new leaf and `y = p(x)`. We call `torch.autograd.grad(y, x)` and then look at "
        "`x.grad`. What is there?",
        Wrong(
            "`tensor(93.)`",
            "93 is the slope, and `y.backward()` would leave it there. This function returns it: "
            "does it have to leave it anywhere else?",
        ),
        Right(
            "`None`",
            "`grad` returns the gradient. It touches no `.grad`, so the new leaf still has none.",
        ),
        Wrong(
            "`tensor(0.)`",
            "A 0 would have to be put there by somebody. What was in `.grad` of a new leaf before?",
        ),
    ),
    Quiz(
        "09.b",
        "The slopes in `a` are 75 (of `y`) and 6 (of `c`). What does "
        "`torch.autograd.grad((y, c), (a, b))` return for `a`?",
        Wrong(
            "two numbers, 75 and 6",
            "There are two results, so two slopes come back to `a`. But a gradient has the shape "
            "of its tensor, and `a` is a single number.",
        ),
        Wrong(
            "6, the slope of the last result",
            "The last one would win if each gradient replaced the one before. Think of what "
            "happens where two arrows leave one box.",
        ),
        Right(
            "81",
            "75 + 6: gradients that arrive at one place are added. It is the slope of y + c.",
        ),
    ),
    Quiz(
        "09.c",
        "The rows of the Jacobian are (3, 2), (4, 0) and (0, 3). What comes back for the weights "
        "(0, 1, 0)?",
        Right(
            "(4, 0)",
            "0 times the first row, 1 times the second, 0 times the third: the second row alone.",
        ),
        Wrong(
            "(0, 4, 0)",
            "These are three numbers, one for each result. What comes back has one number for each "
            "input, and there are two inputs.",
        ),
        Wrong(
            "(2, 0, 3)",
            "This is a column of the table. It says how all results change with one input. Weights "
            "are given to results: they choose among rows.",
        ),
        Wrong(
            "(7, 5)",
            "This is the sum of all rows. You get it with the weights (1, 1, 1).",
        ),
    ),
    Quiz(
        "09.d",
        "A function has 1,000 inputs and one result. How many backward passes are needed for all "
        "1,000 slopes?",
        Wrong(
            "1,000, one for each input",
            "Finite differences have to try each input. A walk back starts at the result: how many "
            "rows has this Jacobian?",
        ),
        Wrong(
            "2,000, two for each input",
            "Two for each input is what finite differences need, and these are forward passes.",
        ),
        Right(
            "1",
            "One result makes one row, and one walk back brings a whole row.",
        ),
    ),
    Quiz(
        "09.e",
        "We forget `create_graph=True` in the first call: "
        "`(slope,) = torch.autograd.grad(p(x), x)`. What does `torch.autograd.grad(slope, x)` do?",
        Wrong(
            "It returns 114.",
            "This is the curvature. But to find it, autograd must know how `slope` came from `x`. "
            "Was that noted down?",
        ),
        Right(
            "It raises an error.",
            "Without `create_graph` the slope is a plain value, 93. No way leads from it to `x`.",
        ),
        Wrong(
            "It returns 0, since 93 is a constant.",
            "The slope of a constant is 0, on paper. But a tensor without a graph gives autograd "
            "no place to start from.",
        ),
    ),
    Quiz(
        "09.f",
        "After three steps the error of Newton's method is about 0.0008. About how large is it "
        "after the fourth?",
        Wrong(
            "0.0004",
            "It would be so if each step halved the error. Look at the errors so far: how many "
            "times smaller did each step make them?",
        ),
        Wrong(
            "0.00008",
            "One more digit at each step: many methods work so. Do the errors so far become ten "
            "times smaller at each step, or more and more than that?",
        ),
        Wrong(
            "0",
            "If the curve were a straight line, one step would be enough. But it bends a little, "
            "even close to the root.",
        ),
        Right(
            "0.0000002",
            "From step to step the errors became 4, 9 and 60 times smaller, faster each time. The "
            "nearer the root, the better the tangent fits.",
        ),
    ),
]
