"""Quizzes of lesson 12: predictions about time, memory, digits, devices, chunks and Dask."""

from lessonkit.quizzes import Quiz, Right, Wrong

QUIZZES = [
    Quiz(
        "12.a",
        "How long do forward and `backward` take together, compared with forward alone?",
        Wrong(
            "about 1.1 times as long",
            "Backward looks like one short line. But behind it, each operation of the forward pass "
            "has a counterpart that works on arrays of the same size.",
        ),
        Right(
            "2 to 10 times as long",
            "Each operation has one or two counterparts on the way back, on arrays of the same "
            "size, and there is some work to find the way. The factor does not grow with the "
            "number of parameters.",
        ),
        Wrong(
            "more than 100 times as long",
            "So it is with finite differences, if there are many parameters: they need new forward "
            "passes for each of them. How often does `backward` walk through the graph?",
        ),
    ),
    Quiz(
        "12.b",
        "There are 80 rows, and a float32 number needs 4 bytes. How many bytes are kept for "
        "`backward`?",
        Wrong(
            "320",
            "This is one tensor of 80 numbers. How many orange boxes with 80 rows do you see?",
        ),
        Wrong(
            "1280: four results, 320 each",
            "Four operations have a result with 80 rows. But not each result is needed on the way "
            "back. The picture shows what is.",
        ),
        Right(
            "640",
            "Two tensors of 80 * 4 = 320 bytes: `x` and `error`. `x` was there anyway, so only "
            "`error` is extra.",
        ),
        Wrong(
            "8: one gradient for `b`, one for `w`",
            "So large are the results of `backward`. The question is what it needs to get there.",
        ),
    ),
    Quiz(
        "12.c",
        "An epoch over 10 rows takes some time. How much longer does one over 1,000 rows take?",
        Right(
            "less than 5 times as long",
            "A thousand numbers are added in less than a microsecond. To start one operation takes "
            "longer than that, with 10 rows as with 1,000.",
        ),
        Wrong(
            "about 10 times as long",
            "This lies in the middle, and feels safe. Think of what one operation has to do before "
            "it touches the first number.",
        ),
        Wrong(
            "about 100 times as long",
            "There are 100 times as many numbers. This would be right if the arithmetic were what "
            "takes the time.",
        ),
    ),
    Quiz(
        "12.d",
        "In float32, what is `torch.tensor([1e8]) + 1`?",
        Wrong(
            "100000001",
            "This is right on paper. It has nine digits: how many does float32 hold?",
        ),
        Wrong(
            "an error, because the number is too large",
            "float32 reaches up to about 3e38, so 1e8 is far from too large. It is the number of "
            "digits that is short.",
        ),
        Wrong(
            "`inf`",
            "`inf` comes when a number is beyond the largest one, about 3e38. Here nothing is that "
            "large.",
        ),
        Right(
            "100000000",
            "Near 1e8, float32 holds only every eighth whole number. 100000001 is rounded to the "
            "nearest of them, which is where we came from.",
        ),
    ),
    Quiz(
        "12.e",
        "`torch.randn(1, requires_grad=True).to(torch.float64)`: is the result a leaf?",
        Wrong(
            "yes, `requires_grad=True` made it one",
            "It made the tensor before the dot a leaf. What comes out of `.to` is another tensor.",
        ),
        Right(
            "no, it is the result of an operation",
            "The move from float32 to float64 is tracked like any operation, so that a gradient "
            "can come back through it. The leaf is the tensor before it, and it has no name.",
        ),
        Wrong(
            "no, and it does not require grad either",
            "This would be so inside `no_grad`. Outside of it, what is made from a tracked tensor "
            "is tracked.",
        ),
    ),
    Quiz(
        "12.f",
        "The gradients of `w` are 0 for the chunk of one row, and -6 for the chunk of two rows. "
        "How do you get -4 for all three rows?",
        Wrong(
            "take their mean",
            "This treats both chunks alike, and gives -3. But one chunk has more rows.",
        ),
        Wrong(
            "take their sum",
            "This gives -6. Each of the two is already a mean: the sum of two means is not the "
            "mean of all.",
        ),
        Wrong(
            "it cannot be done: the rows are needed again",
            "A mean does forget its rows. But the sum can be found again from the mean and one "
            "more number. Which one?",
        ),
        Right(
            "weight each with its part of the rows, then add",
            "1/3 * 0 + 2/3 * (-6) = -4. A chunk's mean times its number of rows is its sum; the "
            "sums are added and divided by the number of all rows.",
        ),
    ),
    Quiz(
        "12.g",
        "`b` and `w` are on the CPU, `x4` is on the device `dask`, in four chunks. What does "
        "`yhat = b + w * x4` compute?",
        Wrong(
            "an error: the devices do not mix",
            "So it is with a GPU, whose memory a CPU cannot read. But what is on the device `dask` "
            "are chunks of the same kind of numbers, and `fit` has just mixed them.",
        ),
        Wrong(
            "80 numbers, in all four chunks at the same time",
            "This is how the work may be shared out. Does anybody need these 80 numbers now?",
        ),
        Wrong(
            "the first 20 numbers, to find out shape and type",
            "Both are wanted, even now. But they follow from the shapes and types of `b`, `w` and "
            "`x4`: do you need the numbers for them?",
        ),
        Right(
            "no number at all",
            "It only notes down what is to be done with each chunk. The work begins when somebody "
            "asks for a number, or when `backward` does.",
        ),
    ),
    Quiz(
        "12.h",
        "On this machine, how long does an epoch over 80 rows take with Dask, in four chunks, "
        "compared with NumPy?",
        Wrong(
            "about a quarter of the time",
            "Four chunks can be worked on at the same time. This counts where the arithmetic takes "
            "the time. Does it, with 80 rows?",
        ),
        Right(
            "more than 10 times as long",
            "Dask has to plan each task and hand it out. That takes far longer than to multiply "
            "20 numbers.",
        ),
        Wrong(
            "about as long",
            "The arithmetic is the same. But who decides what is done next, with which chunk? "
            "This is work, too.",
        ),
    ),
]
