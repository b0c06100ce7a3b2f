"""Check the spelling of what learners and contributors read: python tools/spelling.py.

It reads the prose and the comments of notebooks, quizzes, exercises and documents. Code, formulas,
addresses and names with capitals inside are passed over. Words that no dictionary has stand in
tests/notebooks/words.txt.
"""

import io
import json
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

from spellchecker import SpellChecker

from lessonkit.exercises import exercises_of, lessons
from lessonkit.quizzes import quizzes_of

ROOT = Path(__file__).resolve().parents[1]
OUR_WORDS = ROOT / "tests" / "notebooks" / "words.txt"
NO_PROSE = re.compile(
    r"```.*?```|``.*?``|`[^`]*`|\$\$.*?\$\$|\$[^$\n]*\$|<[^>\n]*>|\]\([^)\n]*\)|&\w+;", re.DOTALL
)
WORD = re.compile(r"(?<![\w.@/\\])[A-Za-z]+(?:['’][a-z]+)?(?![\w@/\\(]|\.\w)")
NAME = re.compile(r"[a-z][A-Z]|^[A-Z]{2,}s?$")  # such as NumPy, or GPU

Text = tuple[str, str]  # where it stands, and what it says


def texts() -> Iterator[Text]:
    """Yield all that is checked."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        yield from ((path.name, text) for text in notebook_texts(path))
    for lesson in lessons():
        yield from exercise_texts(lesson)
        yield from quiz_texts(lesson)
    for path in [*ROOT.glob("*.md"), *ROOT.glob("b*/*.md")]:
        yield path.name, path.read_text(encoding="utf-8")


def notebook_texts(path: Path) -> Iterator[str]:
    """Yield the prose of a notebook and the comments in its code."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        yield source if cell["cell_type"] == "markdown" else comments(source)


def exercise_texts(lesson: str) -> Iterator[Text]:
    """Yield titles, cases, hints and the comments of a lesson's exercises."""
    for key, one in exercises_of(lesson).items():
        cases = [case.about for case in one.cases]
        code = [comments(one.stub), comments(one.solution)]
        yield f"exercise {key}", "\n\n".join([one.title, *cases, *one.hints, *code])


def quiz_texts(lesson: str) -> Iterator[Text]:
    """Yield the questions and choices of a lesson's quizzes."""
    for key, one in quizzes_of(lesson).items():
        choices = [part for choice in one.choices for part in (choice.text, choice.why)]
        yield f"quiz {key}", "\n\n".join([one.question, *choices])


def comments(source: str) -> str:
    """Return the comments of a piece of code, without code that is commented out."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):  # shown on purpose, or a line of IPython's own
        return ""
    found = [token.string for token in tokens if token.type == tokenize.COMMENT]
    return "\n".join(text for text in found if not re.fullmatch(r"# \w+\(.*\)", text))


def words(text: str) -> list[str]:
    """Return the words of a text, in small letters, without a final 's and without names.

    Example:
        >>> words("The *slope* of `yhat` is $2x$: PyTorch's well-known GPU line.")
        ['the', 'slope', 'of', 'is', 'well', 'known', 'line']
    """
    found = WORD.findall(NO_PROSE.sub(" ", text))
    whole = [re.sub("['’]s$", "", word).replace("’", "'") for word in found]
    return [word.lower() for word in whole if not NAME.search(word)]


def forms(word: str) -> set[str]:
    """Return a word as it stands and without the s of a plural."""
    return {word, word.removesuffix("s")}


def main() -> int:
    """Print each word that is not known, and where; return how the process ends."""
    ours = set(OUR_WORDS.read_text(encoding="utf-8").split())
    dictionary = SpellChecker(distance=1)
    where: dict[str, set[str]] = {}
    for place, text in texts():
        for word in words(text):
            where.setdefault(word, set()).add(place)
    known = dictionary.known({form for word in where for form in forms(word)}) | ours
    unknown = {word for word in where if len(word) > 1 and not known & forms(word)}
    for word in sorted(unknown):
        print(f"{word}: in {', '.join(sorted(where[word]))}")
    if unknown:
        print(f"Mend these words, or add them to {OUR_WORDS.relative_to(ROOT)}, if they are right.")
    needed = {form for word in where if not dictionary.known(forms(word)) for form in forms(word)}
    unneeded = sorted(ours - needed)
    if unneeded:
        print(f"Take these out of {OUR_WORDS.relative_to(ROOT)}: {', '.join(unneeded)}.")
    return 1 if unknown or unneeded else 0


if __name__ == "__main__":
    sys.exit(main())
