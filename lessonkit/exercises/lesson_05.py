"""Exercises of lesson 05: count boxes and arrows on paper, then by walking, then cut a road."""

from typing import Any

from lessonkit.exercises import Case, Exercise
from lessonkit.judges import Judge, each_of, number, tensor_of


def counted(name: str, boxes: int, arrows: int) -> Judge:
    """Judge the pair that stands under `name` in a dictionary of (boxes, arrows)."""
    pair = each_of(number(boxes), number(arrows))

    def judge(answer: Any, arguments: tuple[Any, ...]) -> str | None:
        if not isinstance(answer, dict) or name not in answer:
            return f'Expected: a dictionary with the entry "{name}": (boxes, arrows).'
        return pair(answer[name], arguments)

    return judge


def regression(torch: Any) -> tuple[Any, ...]:
    b, w = (torch.tensor([value], requires_grad=True) for value in (1.0, 2.0))
    return (b + w * torch.tensor([[1.0], [2.0]]),)


def square(torch: Any) -> tuple[Any, ...]:
    a = torch.tensor(3.0, requires_grad=True)
    return (a * a,)


def shared(torch: Any) -> tuple[Any, ...]:
    p, q = (torch.tensor(value, requires_grad=True) for value in (2.0, 5.0))
    product = p * q
    return (product * product + p.exp(),)


def chain(torch: Any) -> tuple[Any, ...]:
    total = torch.tensor(0.0, requires_grad=True)
    for _ in range(3000):
        total = total + 1
    return (total,)


def frozen(*values: float) -> Judge:
    """Judge a prediction: its values, that b is learned, and that no gradient comes to w."""
    right = tensor_of([[value] for value in values])

    def judge(answer: Any, arguments: tuple[Any, ...]) -> str | None:
        b, w, _ = arguments
        problem = right(answer, arguments)
        if problem is not None:
            return problem
        if not answer.requires_grad:
            return "The result has no graph at all, so b cannot be learned either."
        if not w.requires_grad:
            return "w itself was changed: it does not require grad any more."
        answer.sum().backward()
        if b.grad is None:
            return "No gradient came to b, but b is to be learned."
        if w.grad is not None:
            return "A gradient still came to w."
        return None

    return judge


def line(torch: Any, b: float, w: float, *values: float) -> tuple[Any, ...]:
    """Return the arguments b, w, x of a prediction."""
    return (
        torch.tensor([b], requires_grad=True),
        torch.tensor([w], requires_grad=True),
        torch.tensor([[value] for value in values]),
    )


EXERCISES = [
    Exercise(
        key="05.1",
        title="Boxes and arrows on paper",
        name="counts",
        stub="""
            # (boxes, arrows) for each of the three results
            counts = {"A": (0, 0), "B": (0, 0), "C": (0, 0)}
        """,
        cases=[
            Case(about="A: p * q", judge=counted("A", 3, 2)),
            Case(about="B: (p + data).exp().sum()", judge=counted("B", 4, 3)),
            Case(about="C: (p * p + q * data).mean()", judge=counted("C", 6, 6)),
        ],
        hints=[
            "One box for each parameter that is used, one for each operation on something tracked.",
            "One arrow for each tracked input of each operation. data gives no arrow.",
            "In C there are two multiplications, an addition and a mean. p goes into one of the "
            "multiplications twice.",
        ],
        solution="""
            # A: p, q, Mul. B: p, Add, Exp, Sum. C: p, q, Mul, Mul, Add, Mean;
            # arrows of C: p, p into Mul; q into Mul; both Muls into Add; Add into Mean.
            counts = {"A": (3, 2), "B": (4, 3), "C": (6, 6)}
        """,
    ),
    Exercise(
        key="05.2",
        title="Boxes and arrows by walking",
        name="count",
        stub="""
            def count(result):
                # Walk from result.grad_fn along next_functions.
                # Return two plain numbers: boxes, then arrows.
                ...
        """,
        cases=[
            Case(
                about="b + w * x",
                arguments=regression,
                judge=each_of(number(4), number(3)),
            ),
            Case(
                about="a * a",
                arguments=square,
                judge=each_of(number(2), number(2)),
            ),
            Case(
                about="product * product + p.exp(), where product = p * q",
                arguments=shared,
                judge=each_of(number(6), number(7)),
            ),
            Case(
                about="a chain of 3000 additions",
                arguments=chain,
                judge=each_of(number(3001), number(3000)),
            ),
        ],
        hints=[
            "Start from `walk` of section 5. Count instead of printing.",
            "A box is counted once, however often you come to it. An arrow is counted for each "
            "pair of next_functions whose box is not None.",
            "For long chains keep the boxes already seen in a set: asking a long list each time "
            "is slow. At the end return len(seen), arrows.",
        ],
        solution="""
            def count(result):
                seen, waiting, arrows = set(), [result.grad_fn], 0
                while waiting:
                    node = waiting.pop()
                    if node in seen:
                        continue
                    seen.add(node)
                    inputs = [f for f, _ in node.next_functions if f is not None]
                    arrows += len(inputs)
                    waiting.extend(inputs)
                return len(seen), arrows
        """,
    ),
    Exercise(
        key="05.3",
        title="A frozen parameter",
        name="predict",
        stub="""
            def predict(b, w, x):
                # Return b + w * x, so that b is learned and w is not.
                # Leave w as it is: others may still want to learn it.
                return b + w * x
        """,
        cases=[
            Case(
                about="b = 1, w = 2 and x = 0, 1, 2",
                arguments=lambda torch: line(torch, 1.0, 2.0, 0.0, 1.0, 2.0),
                judge=frozen(1.0, 3.0, 5.0),
            ),
            Case(
                about="b = -4, w = 0.5 and x = 10",
                arguments=lambda torch: line(torch, -4.0, 0.5, 10.0),
                judge=frozen(1.0),
            ),
        ],
        hints=[
            "Somewhere on the road from the result to w there must be a cut.",
            "detach gives the same numbers without history. Take it of w, or of the product.",
            "b must stay outside of the cut: b + (something with w and x).detach()",
        ],
        solution="""
            def predict(b, w, x):
                return b + w.detach() * x
        """,
    ),
]
