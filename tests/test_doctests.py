"""Each example in a docstring prints what it says."""

import doctest
import importlib
import pkgutil

import pytest

PACKAGES = ["tinygrad_edu", "viz", "lessonkit"]


def modules():
    for package in map(importlib.import_module, PACKAGES):
        yield package.__name__
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not found.name.endswith("__main__"):
                yield found.name


@pytest.mark.parametrize("name", list(modules()))
def test_docstring_examples_print_what_they_say(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # an example may write a picture
    failures, _ = doctest.testmod(importlib.import_module(name))
    assert failures == 0
