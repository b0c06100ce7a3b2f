"""The article's points, and its loop as it is written there."""

import tinygrad_edu as torch


def points():
    """80 points near the line y = 1 + 2 x."""
    torch.manual_seed(42)
    x = torch.rand(80, 1)
    return x, 1 + 2 * x + 0.1 * torch.randn(80, 1)


def epochs(x, y, n):
    """b, w and the loss after each of n epochs."""
    torch.manual_seed(42)
    b = torch.randn(1, requires_grad=True)
    w = torch.randn(1, requires_grad=True)
    for _ in range(n):
        yhat = b + w * x
        loss = ((y - yhat) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            b -= 0.1 * b.grad
            w -= 0.1 * w.grad
        b.grad.zero_()
        w.grad.zero_()
        yield [b.item(), w.item(), loss.item()]


def fit(x, y, n=12):
    """b, w and the loss after n epochs."""
    return list(epochs(x, y, n))[-1]
