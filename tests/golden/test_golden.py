"""tinygrad_edu shows what PyTorch showed when ask.py asked: the same programs, stored answers."""

import importlib.util
import re
from functools import cache, partial
from itertools import groupby

import ask
import observe
import pytest
from own_words import OWN_CLASSES, OWN_WORDS, agrees, first_clause

import tinygrad_edu

PYTORCH = importlib.util.find_spec("torch") is not None
stored = cache(ask.stored)


def programs_of(*topics):
    return [pytest.param(topic, name) for topic in topics for name in ask.programs(topic)]


def programs_by_line(*topics):
    """The programs of topics that ask the same line of many inputs: a line with all of its own."""
    line_of = partial(re.sub, r"(?s)( of |: |, \().*", "")  # a name goes on with the input
    return [
        pytest.param(topic, list(names), id=f"{topic}-{line}")
        for topic in topics
        for line, names in groupby(sorted(ask.programs(topic), key=line_of), line_of)
    ]


def answers(topic, name):
    ours = observe.run(ask.programs(topic)[name], tinygrad_edu)
    return ours, stored(topic)["answers"][name]


def without_messages(answer):
    """Errors and warnings by their classes: their words are the subject of the misuse topic."""
    told = {key: [entry[:-1] for entry in answer.get(key, [])] for key in ("errors", "warnings")}
    return answer | told


def unlike_pytorch(topic, name):
    """What is written after a program shows something else than PyTorch does; else nothing."""
    ours, theirs = map(without_messages, answers(topic, name))
    if "device" in ours.get("variables", {}):  # the article's code moves to a GPU if there is one
        ours["variables"]["device"] = theirs["variables"]["device"]
        ours["text"] = ours["text"].replace(", device='cuda:0'", "")
    found = observe.differences(ours, theirs)
    return [name, ask.programs(topic)[name], *found] if found else []


@pytest.mark.parametrize(
    ("topic", "name"),
    programs_of(
        *["seeds", "printing", "random", "graphs", "parts", "losses", "making", "indexing"]
    ),
)
def test_shows_what_pytorch_shows(topic, name):
    found = unlike_pytorch(topic, name)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("topic", "names"),
    programs_by_line(
        *["promotion", "operations", "reductions", "shapes", "elementwise", "products"]
    ),
)
def test_a_line_shows_what_pytorch_shows_with_each_input(topic, names):
    found = [told for name in names for told in unlike_pytorch(topic, name)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("topic", "name"), programs_of("misuse", "autograd", "views"))
def test_misuse_fails_with_pytorchs_class_and_sense(topic, name):
    ours, theirs = answers(topic, name)
    expected = without_messages(theirs)
    if name in OWN_CLASSES:
        expected["errors"] = [[said, OWN_CLASSES[name]] for said, _ in expected["errors"]]
    found = observe.differences(without_messages(ours), expected)
    assert not found, "\n".join([name, *found])
    for kind in ("errors", "warnings"):
        for (*_, said), (*_, expected) in zip(
            ours.get(kind, []), theirs.get(kind, []), strict=True
        ):
            assert agrees(name, said, expected), f"{name}\nPyTorch: {expected}\nours: {said}"


@pytest.mark.parametrize("name", OWN_WORDS)
def test_own_words_are_needed(name):
    """A row of the table goes once our message begins as PyTorch's."""
    ours, theirs = answers("misuse", name)
    assert first_clause(theirs["errors"][0][-1]) not in ours["errors"][0][-1]


@pytest.mark.parametrize("topic", ask.TOPICS)
def test_stored_answers_are_those_of_the_present_programs(topic):
    assert stored(topic)["programs"] == ask.fingerprint(topic)


@pytest.mark.skipif(not PYTORCH, reason="PyTorch is not installed")
@pytest.mark.parametrize("topic", ask.TOPICS)
def test_pytorch_still_gives_the_stored_answers(topic):
    import torch

    if torch.__version__.partition("+")[0] != stored(topic)["torch"]:
        pytest.skip("the answers are those of another version of PyTorch")
    assert ask.disagreements(topic) == []
