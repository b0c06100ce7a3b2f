"""Quizzes of lesson 04: predictions about the training loop."""

from lessonkit.quizzes import Quiz, Right, Wrong

QUIZZES = [
    Quiz(
        "04.a",
        "The gradient of `w` is -4, and `w` is 1. Where is `w` after one step with `lr = 0.1`?",
        Wrong(
            "0.6",
            "A minus sign stands in the rule, and one in the gradient. If one of them is lost, the "
            "step goes uphill, and the loss grows.",
        ),
        Right(
            "1.4",
            "1 - 0.1 * (-4) = 1.4. The gradient says: the loss falls by about 4 for each unit that "
            "`w` grows. So `w` has to grow.",
        ),
        Wrong("5", "The direction is right. But one step is not the whole gradient: what of `lr`?"),
        Wrong(
            "0.9",
            "This steps by `lr` itself, whatever the gradient is. A steep slope and a flat one "
            "would give the same step, and both in the same direction.",
        ),
    ),
    Quiz(
        "04.b",
        "The next cell computes `yhat = b + w * x`, `error = y - yhat` and `loss` from it. Of `x`, "
        "`y`, `b`, `w`, `yhat` and `error`: which ones are tracked (`requires_grad` is `True`)?",
        Wrong(
            "all six",
            "All six are needed to compute the loss. But nobody asked for a gradient of the "
            "data: it will not be changed to make the loss smaller.",
        ),
        Wrong(
            "only `b` and `w`",
            "These two were marked by us, and these two keep a gradient. But how does a gradient "
            "get from the loss to them? It has to pass through something.",
        ),
        Right(
            "`b`, `w`, `yhat` and `error`",
            "What is computed from a tracked tensor is tracked. The gradient passes from `loss` "
            "through `error` and `yhat` to `b` and `w`. Only the leaves, `b` and `w`, keep theirs.",
        ),
        Wrong(
            "only `yhat` and `error`",
            "These are the results that lie on the way. But the way leads somewhere: what did we "
            "mark with `requires_grad=True`?",
        ),
    ),
    Quiz(
        "04.c",
        "After `b = b - lr * b.grad`, outside of `no_grad`, what is `b`?",
        Right(
            "the result of a subtraction, with the old `b` in its graph",
            "The right side is an ordinary computation with a tracked tensor. Its result gets the "
            "name `b`. The leaf is still there, but the name has left it.",
        ),
        Wrong(
            "a leaf with the new value",
            "So it would be if the numbers inside the tensor were changed. Here `=` gives the name "
            "`b` to whatever the right side makes.",
        ),
        Wrong(
            "a plain number",
            "`b` has one element, so it looks like a number. But a tensor minus a tensor is a "
            "tensor. Only `.item()` makes a plain number of it.",
        ),
    ),
    Quiz(
        "04.d",
        "What will the loss curve look like without step 5?",
        Wrong(
            "it falls as with step 5, only faster",
            "Larger steps sound faster, and at first they are. But what is the sum of the old "
            "gradients when the bottom of the bowl is reached? It is not zero.",
        ),
        Wrong(
            "there is no curve, as an error is raised",
            "Nothing here is forbidden: adding gradients up is useful in other programs, so "
            "autograd cannot know that it is a mistake.",
        ),
        Wrong(
            "it grows from the first step on",
            "The first step is the same with and without step 5: there is nothing old to add yet.",
        ),
        Right(
            "it falls, rises, falls again, and does not settle",
            "The sum of the old gradients carries the parameters past the bottom and up the other "
            "side, until the new gradients have turned them round.",
        ),
    ),
    Quiz(
        "04.e",
        "The velocity is in km/s, the distance in Mpc. What is the unit of the slope?",
        Wrong(
            "km/s",
            "It is the unit of the intercept, which is added to get a velocity. The slope is first "
            "multiplied by a distance.",
        ),
        Right(
            "km/s per Mpc",
            "Slope times distance must be a velocity: (km/s per Mpc) * Mpc = km/s.",
        ),
        Wrong(
            "Mpc per km/s",
            "This is turned round. Multiply it by a distance in Mpc: does a velocity come out?",
        ),
        Wrong(
            "(km/s)*(km/s)",
            "This is the unit of the loss, which is a mean of squared velocities. The slope is not "
            "squared.",
        ),
    ),
]
