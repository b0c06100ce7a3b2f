"""Exercises of lesson 12: bytes of a tensor, a careful sum, gradients of chunks, a scheduler."""

from collections.abc import Callable
from typing import Any

from lessonkit.exercises import Case, Exercise
from lessonkit.judges import Judge, each_of, number


def columns(torch: Any, *chunks: list[float]) -> list[Any]:
    """Return one tensor for each chunk, with one number in each row."""
    return [torch.tensor([[value] for value in chunk]) for chunk in chunks]


class Counted:
    """A function that counts how often it was called."""

    def __init__(self, function: Callable[..., float]) -> None:
        self.function, self.calls = function, 0

    def __call__(self, *values: float) -> float:
        self.calls += 1
        return self.function(*values)


def tasks(**pairs: tuple[Any, str]) -> dict[str, tuple[Counted, list[str]]]:
    """Return tasks by name. Each is given as a number or a function, and the names it needs."""
    return {
        name: (Counted(what if callable(what) else lambda what=what: what), needs.split())
        for name, (what, needs) in pairs.items()
    }


def add(first: float, second: float) -> float:
    return first + second


def result_and_calls(value: float, **calls: int) -> Judge:
    """Judge the result, and that each task ran as often as `calls` says; the others once."""
    right = number(value)

    def judge(answer: Any, arguments: tuple[Any, ...]) -> str | None:
        ran = {name: function.calls for name, (function, _) in arguments[0].items()}
        for name, times in ran.items():
            if times > calls.get(name, 1):
                wanted = (
                    "though it is not needed" if name in calls else f"{times} times: once is enough"
                )
                return f"The task '{name}' ran {wanted}."
        return right(answer, arguments)

    return judge


EXERCISES = [
    Exercise(
        key="12.1",
        title="How many bytes a tensor needs",
        name="bytes_needed",
        stub="""
            def bytes_needed(shape, dtype):
                # shape is a tuple such as (80, 1), dtype is such as torch.float32.
                # Return how many bytes such a tensor needs. Do not make it: it may be too large.
                ...
        """,
        cases=[
            Case(
                about="80 rows with one number each, in float32",
                arguments=lambda torch: ((80, 1), torch.float32),
                judge=number(320, tolerance=1e-9),
            ),
            Case(
                about="1000 rows with ten numbers each, in float64",
                arguments=lambda torch: ((1000, 10), torch.float64),
                judge=number(80_000, tolerance=1e-9),
            ),
            Case(
                about="a million million rows with a hundred numbers each, in float32",
                arguments=lambda torch: ((10**12, 100), torch.float32),
                judge=number(4 * 10**14, tolerance=1e-9),
            ),
            Case(
                about="the shape () of a single number, in float64",
                arguments=lambda torch: ((), torch.float64),
                judge=number(8, tolerance=1e-9),
            ),
        ],
        hints=[
            "Count the numbers first: multiply the lengths in the shape. Start with 1.",
            "A float32 number needs 4 bytes, a float64 number 8. `dtype == torch.float64` asks.",
            "With `size = 1` before it, `for length in shape: size *= length` counts the numbers. "
            "Return size times the bytes of one.",
        ],
        solution="""
            def bytes_needed(shape, dtype):
                size = 1
                for length in shape:
                    size *= length
                return size * torch.zeros(1, dtype=dtype).element_size()
        """,
    ),
    Exercise(
        key="12.2",
        title="A sum that keeps its digits",
        name="careful_sum",
        stub="""
            def careful_sum(values):
                # values is a float32 tensor of shape (n).
                # Return its sum as a plain number, right to 9 digits.
                ...
        """,
        cases=[
            Case(
                about="1, 2, 3 and 4",
                arguments=lambda torch: (torch.tensor([1.0, 2.0, 3.0, 4.0]),),
                judge=number(10.0, tolerance=1e-9),
            ),
            Case(
                about="1e8, and then a hundred times 1",
                arguments=lambda torch: (torch.tensor([1e8] + [1.0] * 100),),
                judge=number(100_000_100.0, tolerance=1e-9),
            ),
            Case(
                about="1e8, then 1, then -1e8",
                arguments=lambda torch: (torch.tensor([1e8, 1.0, -1e8]),),
                judge=number(1.0, tolerance=1e-9),
            ),
            Case(
                about="ten thousand times the float32 number nearest to 0.1",
                arguments=lambda torch: (torch.full((10_000,), 0.1),),
                judge=number(1000.0000149011612, tolerance=1e-9),
            ),
        ],
        hints=[
            "The numbers themselves are held well. It is the growing sum that runs out of digits.",
            "Which type holds 16 digits? Change to it before you add, not after.",
            "values.to(...) with that type, then .sum(), then .item().",
        ],
        solution="""
            def careful_sum(values):
                return values.to(torch.float64).sum().item()
        """,
    ),
    Exercise(
        key="12.3",
        title="One gradient from many chunks",
        name="gradient_of_chunks",
        stub="""
            def gradient_of_chunks(x_chunks, y_chunks, b, w):
                # Two lists of tensors: one x and one y for each chunk. Chunks may differ in size.
                # b and w are plain numbers: the line is b + w * x.
                # Return two plain numbers: the gradients, for b and for w, of the
                # mean squared error of all rows together.
                ...
        """,
        cases=[
            Case(
                about="one chunk, with the three points of section 5 and the line 1 + 1 x",
                arguments=lambda torch: (
                    columns(torch, [0.0, 1.0, 2.0]),
                    columns(torch, [0.0, 4.0, 5.0]),
                    1.0,
                    1.0,
                ),
                judge=each_of(number(-2.0), number(-4.0)),
            ),
            Case(
                about="two chunks of equal size: x = -1, 0 and 1, 2, y = 2, 0 and 2, 8, "
                "the line 0.5 - 1 x",
                arguments=lambda torch: (
                    columns(torch, [-1.0, 0.0], [1.0, 2.0]),
                    columns(torch, [2.0, 0.0], [2.0, 8.0]),
                    0.5,
                    -1.0,
                ),
                judge=each_of(number(-6.0), number(-10.5)),
            ),
            Case(
                about="chunks of 1, 3 and 2 rows: x = 0 and 1, 2, 3 and 4, 5, "
                "y = 3 and 1, 4, 1 and 5, 9, the line 1 + 1 x",
                arguments=lambda torch: (
                    columns(torch, [0.0], [1.0, 2.0, 3.0], [4.0, 5.0]),
                    columns(torch, [3.0], [1.0, 4.0, 1.0], [5.0, 9.0]),
                    1.0,
                    1.0,
                ),
                judge=each_of(number(-2 / 3), number(-7 / 3)),
            ),
        ],
        hints=[
            "Count all rows first: add up len(x) of the chunks.",
            "Make b and w tensors that require grad, once. `.grad` adds up over several backwards.",
            "For each chunk: ((y - (b + w * x)) ** 2).sum() / all_rows, then .backward(). "
            "After the loop, return b.grad.item() and w.grad.item().",
        ],
        solution="""
            def gradient_of_chunks(x_chunks, y_chunks, b, w):
                b = torch.tensor([b], requires_grad=True)
                w = torch.tensor([w], requires_grad=True)
                all_rows = sum(len(x) for x in x_chunks)
                for x, y in zip(x_chunks, y_chunks):
                    part = ((y - (b + w * x)) ** 2).sum() / all_rows
                    part.backward()
                return b.grad.item(), w.grad.item()
        """,
    ),
    Exercise(
        key="12.4",
        title="A scheduler",
        name="compute",
        stub="""
            def compute(tasks, name):
                # tasks[name] is a pair: a function, and a list of the names of the tasks whose
                # results it takes, in this order. The list is empty where it takes none.
                # Return the result of the task `name`. Run only the tasks that it needs,
                # and each of these once.
                ...
        """,
        cases=[
            Case(
                about="a single task, which returns 7",
                arguments=lambda torch: (tasks(seven=(7.0, "")), "seven"),
                judge=result_and_calls(7.0),
            ),
            Case(
                about="'all' is 'left' minus 'right', which return 5 and 3",
                arguments=lambda torch: (
                    tasks(all=(lambda a, b: a - b, "left right"), left=(5.0, ""), right=(3.0, "")),
                    "all",
                ),
                judge=result_and_calls(2.0),
            ),
            Case(
                about="the tree of four chunks, with the sums 1, 2, 3 and 4",
                arguments=lambda torch: (
                    tasks(
                        all=(add, "left right"),
                        left=(add, "one two"),
                        right=(add, "three four"),
                        one=(1.0, ""),
                        two=(2.0, ""),
                        three=(3.0, ""),
                        four=(4.0, ""),
                    ),
                    "all",
                ),
                judge=result_and_calls(10.0),
            ),
            Case(
                about="the same for the task 'left' alone: the other half is not needed",
                arguments=lambda torch: (
                    tasks(
                        all=(add, "left right"),
                        left=(add, "one two"),
                        right=(8.0, ""),
                        one=(1.0, ""),
                        two=(2.0, ""),
                    ),
                    "left",
                ),
                judge=result_and_calls(3.0, all=0, right=0),
            ),
            Case(
                about="two tasks that both need 'w', which returns 2: 'sum' adds them",
                arguments=lambda torch: (
                    tasks(
                        sum=(add, "once twice"),
                        once=(lambda w: w, "w"),
                        twice=(lambda w: 2 * w, "w"),
                        w=(2.0, ""),
                    ),
                    "sum",
                ),
                judge=result_and_calls(6.0),
            ),
        ],
        hints=[
            "Before a task can run, the tasks that it needs must have run. `compute` may call "
            "itself for these.",
            "So that a task runs once, keep each result in a dictionary, and look there first. "
            "All the calls must use the same dictionary: make it outside the function that calls "
            "itself.",
            "Inside `compute`, make `results = {}` and a function `result(name)`: if `name` is not "
            "in `results`, take `function, needs = tasks[name]`, and keep "
            "function(*[result(other) for other in needs]). Return results[name].",
        ],
        solution="""
            def compute(tasks, name):
                results = {}

                def result(name):
                    if name not in results:
                        function, needs = tasks[name]
                        results[name] = function(*[result(other) for other in needs])
                    return results[name]

                return result(name)
        """,
    ),
]
