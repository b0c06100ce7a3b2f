"""The exercise kit of the lessons: `check`, `hint`, `solution`, `quiz` and `progress`.

It looks at a learner's answer and prints sentences. It knows nothing of any one engine: it reads
a tensor by what every tensor shows (`shape`, `dtype`, `tolist()`), so the same exercises run with
tinygrad_edu and with PyTorch. It teaches no theory and draws nothing; the lessons do that.
"""

from lessonkit.checking import check, hint, quiz, solution
from lessonkit.progress import progress

__all__ = ["check", "hint", "progress", "quiz", "solution"]
