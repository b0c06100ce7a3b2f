"""Quizzes of lesson 10: predictions about steps, likelihoods and their gradients."""

from lessonkit.quizzes import Quiz, Right, Wrong

QUIZZES = [
    Quiz(
        "10.a",
        "The limit is 60. Four of 23 answers are wrong. What will `limit.grad` be after "
        "`loss.backward()`?",
        Wrong(
            "`None`",
            "So it was with a comparison in lesson 6. But `sign` stands in the graph, so a road "
            "leads to the limit, and a gradient comes along it.",
        ),
        Right(
            "`tensor(0.)`",
            "If the limit moves a little, each answer stays what it is, and so does the loss. A "
            "loss that does not change has the slope 0.",
        ),
        Wrong(
            "a negative number, since a higher limit would have fewer wrong answers",
            "A limit of 65 would, that is right. But a gradient tells only what a very small move "
            "does. Is there a flight within 0.01 °F of the limit?",
        ),
        Wrong(
            "there is an error, since a step has no slope",
            "It has none at the jump itself, at 0. Everywhere else it has one: look at the flat "
            "parts.",
        ),
    ),
    Quiz(
        "10.b",
        "What will the product of 1,000 chances of 0.5 be in float32?",
        Right(
            "`tensor(0.)`",
            "The product falls below the smallest positive number on the way, and is rounded to "
            "0. There is no error, and no warning.",
        ),
        Wrong(
            "a tensor with about 1e-301",
            "On paper it is. But compare this with the smallest positive number in float32.",
        ),
        Wrong(
            "`tensor(nan)`",
            "Not a number comes from something like 0 divided by 0. Here everything is multiplied, "
            "and every factor is an ordinary number.",
        ),
        Wrong(
            "an error",
            "Python raises one when it divides by 0. But a float that gets too small or too large "
            "is rounded, silently.",
        ),
    ),
    Quiz(
        "10.c",
        "At the maximum the likelihood of the 23 flights is 0.0000388. What does this small number "
        "say?",
        Wrong(
            "The fit is bad: a good model would give nearly 1.",
            "For one flight 0.0000388 would be bad. But this is a product of 23 chances, and "
            "even 23 chances of 0.9 have the product 0.089.",
        ),
        Wrong(
            "The loop has not come to its end: more epochs would raise it to 1.",
            "The likelihood is 1 only if every chance is 1. Flights at 70 °F happened with damage "
            "and without: can one curve be sure of both?",
        ),
        Right(
            "Little by itself. Other parameters must be compared, on the same flights.",
            "A coin, with 0.5 for each flight, gives 0.00000012. The fit is 325 times more likely "
            "than that.",
        ),
    ),
    Quiz(
        "10.d",
        "The next cell computes `-torch.log(1 - torch.sigmoid(z))` for `z = 20`, and its gradient. "
        "What will be in `z.grad`?",
        Wrong(
            "1, the correct slope",
            "On paper it is 1. But on the way the computer meets the number `1 - p`. What is it, "
            "if `p` is exactly 1?",
        ),
        Wrong(
            "0, as the sigmoid is flat there",
            "The slope of the sigmoid comes out as 0. But it is multiplied by the slope of the "
            "log. How large is that one?",
        ),
        Wrong(
            "`inf`",
            "The loss itself is infinite, that is right. For the gradient, this is multiplied by "
            "one more number.",
        ),
        Right(
            "`nan`",
            "The slope of the log is infinite, that of the sigmoid came out as 0, and infinity "
            "times 0 is not a number.",
        ),
    ),
    Quiz(
        "10.e",
        "The right class is Adelie. What will the gradient of the three logits be? (The table "
        "shows all numbers that you need.)",
        Wrong(
            "0.665, 0.245, 0.090",
            "These are the chances. With such a gradient an update would lower all three logits, "
            "also that of the right class.",
        ),
        Right(
            "-0.335, 0.245, 0.090",
            "It is p - one-hot, as p - y was for two classes: chance minus answer.",
        ),
        Wrong(
            "-0.335, 0, 0",
            "Only the chance of the right class stands in the loss. But the other logits take "
            "part in it: they stand in the sum below the line of the fraction.",
        ),
        Wrong(
            "0.335, -0.245, -0.090",
            "The sizes are right. But the loss should fall when the logit of the right class "
            "grows. What is the sign of such a slope?",
        ),
    ),
    Quiz(
        "10.f",
        "The logits are 8, 0, 0, and the first class is right. With them the loss is 0.0007. What "
        "happens if `torch.softmax(logits, 1)` is passed instead?",
        Wrong(
            "The loss stays at 0.0007: a second softmax changes nothing.",
            "For 1 and 0 to be left alone by a softmax, their `e**z` would have to be in the "
            "proportion of 1 to 0. Work out `e**1` and `e**0`.",
        ),
        Wrong(
            "There is an error: the function sees that the row adds up to 1.",
            "A row of logits may add up to 1 by chance. The function cannot know what you meant.",
        ),
        Right(
            "The loss is about 0.55, without any error.",
            "The chances are nearly 1, 0, 0. As logits they give e / (e + 2) = 0.576, and minus "
            "the log of that is 0.55.",
        ),
    ),
]
