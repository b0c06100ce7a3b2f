"""Quizzes of lesson 07: what stays in .grad, what is not tracked, and what breaks backward."""

from lessonkit.quizzes import Quiz, Right, Wrong

QUIZZES = [
    Quiz(
        "07.a",
        "First `(a**3).backward()`, then `(10 * a).backward()`. What is in `a.grad` at the end?",
        Wrong(
            "10, from the last call",
            "Most names in a program keep what they were given last. But nobody gave a new value "
            "to `a.grad`: `backward` does something else with what is there.",
        ),
        Right(
            "85",
            "`75 + 10`: each `backward` adds to what is in `.grad`, whichever graph it comes from.",
        ),
        Wrong(
            "75, from the first call",
            "75 is there after the first call. The second graph is new, but its leaf is the same "
            "`a`, and a gradient arrives there again.",
        ),
    ),
    Quiz(
        "07.b",
        "After `(a**3).backward()` we write `first = a.grad`, and then `a.grad.zero_()`. What "
        "does `print(first)` show?",
        Wrong(
            "`tensor(75.)`",
            "That was in it when you gave it the name. But `first = a.grad` copies nothing: ask "
            "how many tensors there are.",
        ),
        Wrong(
            "`None`",
            "`None` would be in `a.grad` if somebody wrote `a.grad = None`. `zero_` writes "
            "numbers.",
        ),
        Right(
            "`tensor(0.)`",
            "There is one tensor with two names, and `zero_` changed the number inside it.",
        ),
    ),
    Quiz(
        "07.c",
        "Somebody cuts the 80 points into two halves, takes the `.mean()` of the squared errors "
        "in each, and calls `backward` on each. What is in `w.grad`?",
        Right(
            "twice the gradient of the whole",
            "A mean over 40 points divides by 40. Two such means, added, count each point twice "
            "as much as it should.",
        ),
        Wrong(
            "the gradient of the whole",
            "With sums it would be so: the sum of two sums is the whole sum. A mean also divides. "
            "By how much, and by how much should it?",
        ),
        Wrong(
            "half the gradient of the whole",
            "Each part has half of the points, that is so. But the two parts are added.",
        ),
    ),
    Quiz(
        "07.d",
        "`h = w**2` is computed under `no_grad`, `y = h * b` after it, as usual. What does "
        "`y.backward()` bring?",
        Wrong(
            "an error, since the graph has a hole",
            "An error comes only if there is no graph at all. Does `y` depend on a tracked tensor?",
        ),
        Wrong(
            "12 to `w`, and 9 to `b`",
            "The slope in `w` is 12, on paper. But to find it, autograd needs a note of the "
            "square.",
        ),
        Wrong(
            "0 to `w`, and 9 to `b`",
            "No gradient comes to `w`, that is so. But a zero would also have to be brought by "
            "somebody.",
        ),
        Right(
            "nothing to `w`, and 9 to `b`",
            "The square was not noted, so no way leads to `w`: its `.grad` stays `None`. The "
            "product was noted, and its slope in `b` is `h = 9`.",
        ),
    ),
    Quiz(
        "07.e",
        "`w` is 3. We write `d = w.detach()`, and then `d += 1`. What is in `w` afterwards?",
        Wrong(
            "3, since `d` is another tensor",
            "`d` is another tensor: it has no graph. But a tensor is a container, and the "
            "question is where its numbers lie.",
        ),
        Right(
            "4, since both use the same memory",
            "`detach` cuts the graph. It does not copy the numbers.",
        ),
        Wrong(
            "nothing: `d += 1` is an error, as for every leaf",
            "`w += 1` would be an error, since `w` requires grad. Does `d`?",
        ),
    ),
    Quiz(
        "07.f",
        "We call `p.backward()`, and then `q.backward()`. What happens?",
        Wrong(
            "Both run: `p` and `q` are two results.",
            "They are two results, and each has a box of its own. But look at the formulas for a "
            "box that is in both graphs.",
        ),
        Wrong(
            "The first call fails, since `q` still needs `h`.",
            "`q` does need it. But nothing is missing yet when the first call runs.",
        ),
        Right(
            "The second call fails, since it goes through `h` again.",
            "The first call used what the square had saved, and freed it.",
        ),
    ),
    Quiz(
        "07.g",
        "`w` is 3. `h = w**2`, then `h += 1`, then `h.backward()`. What happens?",
        Right(
            "It runs, and `w.grad` is 6.",
            "The rule of the square is `2 * w`. It needs `w`, and nobody changed `w`. Adding 1 "
            "does not change a slope.",
        ),
        Wrong(
            "An error: `h` was changed in place.",
            "It was changed, and its version went up. An error comes only if somebody saved `h`. "
            "What does the square save?",
        ),
        Wrong(
            "It runs, and `w.grad` is 7.",
            "The value of `h` grew by 1. Does its slope in `w`?",
        ),
    ),
]
