"""What the tests of the pictures share: both libraries, and the three graphs of the lessons."""

import importlib
import xml.etree.ElementTree as ElementTree
from types import SimpleNamespace

import pytest

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(params=["tinygrad_edu", "torch"])
def torch(request):
    """Our engine, and PyTorch where it is installed: the pictures must not tell them apart."""
    if request.param == "torch":
        return pytest.importorskip("torch")
    return importlib.import_module(request.param)


@pytest.fixture
def regression(torch):
    """Data and parameters of a linear regression: x and y of 80 rows, b and w of one number."""
    torch.manual_seed(42)
    x = torch.rand(80, 1)
    return SimpleNamespace(
        x=x,
        y=1 + 2 * x,
        b=torch.randn(1, requires_grad=True),
        w=torch.randn(1, requires_grad=True),
    )


@pytest.fixture(scope="session")
def texts():
    """A function from an SVG drawing to its lines of text, in order."""

    def read(svg):
        elements = ElementTree.fromstring(svg).iter(f"{SVG}text")
        return ["".join(element.itertext()).replace("\xa0", " ") for element in elements]

    return read


@pytest.fixture(scope="session")
def cube_of():
    """A function from a library to a custom function made with it, which saves its input."""

    def made(torch):
        class Cube(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x**3

            @staticmethod
            def backward(ctx, g):
                (x,) = ctx.saved_tensors
                return 3 * x**2 * g

        return Cube.apply

    return made
