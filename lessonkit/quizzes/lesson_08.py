"""Quizzes of lesson 08: predictions about the shapes of gradients, and about hidden sums."""

from lessonkit.quizzes import Quiz, Right, Wrong

QUIZZES = [
    Quiz(
        "08.a",
        "`x = (1, 2, 3)`, `w = (4, 5, 6)`. What is the gradient of their dot product with respect "
        "to `w`?",
        Wrong(
            "(4, 5, 6)",
            "These are the weights. A slope says how fast the result moves when a weight moves. "
            "By what is the first weight multiplied?",
        ),
        Wrong(
            "32",
            "That is the value. There are three weights, and each one has a slope of its own.",
        ),
        Right(
            "(1, 2, 3)",
            "Each weight is multiplied by its feature, so its slope is that feature. The gradient "
            "is the other vector.",
        ),
        Wrong(
            "(4, 10, 18)",
            "These are the three products. They add up to the value 32; a slope is something else.",
        ),
    ),
    Quiz(
        "08.b",
        "`loss = 1 - (torch.matmul(x, W) + b)`. `x` has the shape (1, 10), `W` has (10, 1). What "
        "will `W.grad` be?",
        Wrong(
            "minus `x`, with the shape (1, 10)",
            "The numbers are right, since the gradient of a dot product is the other vector. But "
            "think of the update `W -= lr * W.grad`: can a row be taken from a column?",
        ),
        Right(
            "minus `x`, with the shape (10, 1)",
            "The slope of each weight is minus its feature, and it stands where the weight stands.",
        ),
        Wrong(
            "`x`, with the shape (10, 1)",
            "The shape is right. But a larger output makes this loss smaller.",
        ),
        Wrong(
            "one number, as the loss is one number",
            "There is one loss, but there are ten weights, and each has its own slope.",
        ),
    ),
    Quiz(
        "08.c",
        "`total = (x + b).sum()`. `x` has three rows, `b` has the shape (1). What is `b.grad`?",
        Right(
            "one number: 3",
            "If `b` grows by 0.001, each of the three rows grows by 0.001, and the total by 0.003.",
        ),
        Wrong(
            "one number: 1",
            "That is the slope in one copy. But there is only one `b`, and when it moves, all its "
            "copies move.",
        ),
        Wrong(
            "three numbers: 1, 1, 1",
            "These are the slopes in the three copies. But a gradient has the shape of its tensor.",
        ),
    ),
    Quiz(
        "08.d",
        "The loss is a mean over 80 rows. How will backward make the gradient of `b` from the "
        "gradients of its 80 copies?",
        Wrong(
            "It takes their mean, as the loss is a mean.",
            "The mean of the loss has already put a factor 1/80 into the gradient of each copy. "
            "Another one would be too much.",
        ),
        Wrong(
            "It takes the gradient of one copy, since all copies are equal.",
            "The copies hold the same value. But each stands in another row, with another error.",
        ),
        Right(
            "It adds them up.",
            "One `b` moves all copies at once, so their slopes add up. The 1/80 is already in each "
            "of them.",
        ),
    ),
    Quiz(
        "08.e",
        "`y_flat` has the shape (80), `yhat` has the shape (80, 1). What is `y_flat - yhat`?",
        Wrong(
            "a tensor of shape (80, 1)",
            "That is what one means. But write the shapes one below the other, with the right ends "
            "together: which lengths meet?",
        ),
        Right(
            "a tensor of shape (80, 80)",
            "At the right 80 meets 1, at the left a missing place meets 80. Both tensors are "
            "copied.",
        ),
        Wrong(
            "a tensor of shape (80)",
            "Both hold 80 numbers. But the rule looks at places, not at how many numbers there "
            "are.",
        ),
        Wrong(
            "an error, since the shapes differ",
            "That would be a help. But broadcasting only asks for places that are equal, or 1, or "
            "missing.",
        ),
    ),
    Quiz(
        "08.f",
        "We fit the line with `y` of shape (80, 1), and with `y_flat` of shape (80). What will the "
        "second line look like?",
        Wrong(
            "like the first one, only found more slowly",
            "The computer does 80 times as much work, that is true. But it also looks for "
            "something else.",
        ),
        Wrong(
            "there is none: the numbers become `nan`",
            "The numbers stay small, and the loss falls. Nothing tells you that something is "
            "wrong.",
        ),
        Wrong(
            "as steep as the first one, but higher",
            "To be as steep, it must know which `y` belongs to which `x`. Does it still know?",
        ),
        Right(
            "nearly flat",
            "Each prediction is compared with all 80 values, whatever its `x` is. The best answer "
            "to all of them is their mean, the same at each `x`.",
        ),
    ),
]
