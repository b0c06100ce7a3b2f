"""tinygrad_edu: PyTorch's autograd, small enough to read, on NumPy.

    import tinygrad_edu as torch

This is the front door: it only gives names to what the other modules hold. A function such as
`torch.exp` and the method `Tensor.exp` are one and the same.
"""

import warnings as _warnings

from . import autograd, cuda, nn
from .autograd import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    no_grad,
    set_grad_enabled,
)
from .creation import (
    arange,
    as_tensor,
    bernoulli,
    empty,
    empty_like,
    eye,
    from_numpy,
    full,
    full_like,
    linspace,
    ones,
    ones_like,
    rand,
    rand_like,
    randint,
    randn,
    randn_like,
    randperm,
    tensor,
    zeros,
    zeros_like,
)
from .devices import device
from .dtypes import (
    bool,
    bool_,
    double,
    dtype,
    float,
    float16,
    float32,
    float64,
    get_default_dtype,
    half,
    int,
    int8,
    int16,
    int32,
    int64,
    long,
    promote_types,
    set_default_dtype,
    short,
    uint8,
)
from .nn.functional import log_softmax, softmax
from .operations.elementwise import where
from .operations.shapes import cat, stack
from .printing import set_printoptions
from .random import Generator, manual_seed
from .tensor import Size, Tensor

concat = concatenate = cat

# Each of these is a method of Tensor, under the name of a function.
add, sub, mul, div, neg, pow = (
    Tensor.add, Tensor.sub, Tensor.mul, Tensor.div, Tensor.neg, Tensor.pow)
remainder, floor_divide = Tensor.remainder, Tensor.floor_divide
subtract, multiply, divide, true_divide = (
    Tensor.sub, Tensor.mul, Tensor.div, Tensor.div)
negative, reciprocal, square = Tensor.neg, Tensor.reciprocal, Tensor.square
maximum, minimum, clamp, clip = Tensor.maximum, Tensor.minimum, Tensor.clamp, Tensor.clamp
eq, ne, lt, le, gt, ge = (
    Tensor.eq, Tensor.ne, Tensor.lt, Tensor.le, Tensor.gt, Tensor.ge)
logical_not = Tensor.logical_not
exp, log, sqrt, abs, absolute, sign = (
    Tensor.exp, Tensor.log, Tensor.sqrt, Tensor.abs, Tensor.abs, Tensor.sign)
sin, cos, tanh, sigmoid, relu = (
    Tensor.sin, Tensor.cos, Tensor.tanh, Tensor.sigmoid, Tensor.relu)
sum, mean, max, min, any, all = (
    Tensor.sum, Tensor.mean, Tensor.max, Tensor.min, Tensor.any, Tensor.all)
argmax, argmin = Tensor.argmax, Tensor.argmin
matmul, mm, mv, bmm, dot = Tensor.matmul, Tensor.mm, Tensor.mv, Tensor.bmm, Tensor.dot
reshape, flatten, t, transpose, permute = (
    Tensor.reshape, Tensor.flatten, Tensor.t, Tensor.transpose, Tensor.permute)
swapaxes, swapdims, movedim, moveaxis = (
    Tensor.transpose, Tensor.transpose, Tensor.movedim, Tensor.movedim)
squeeze, unsqueeze, broadcast_to, unbind, select = (
    Tensor.squeeze, Tensor.unsqueeze, Tensor.broadcast_to, Tensor.unbind, Tensor.select)
clone, detach, numel = Tensor.clone, Tensor.detach, Tensor.numel


def is_tensor(obj: object) -> bool_:
    """Whether an object is a tensor."""
    return isinstance(obj, Tensor)


# 1 / 0 is inf and log(-1) is nan without a word, as in PyTorch. This silences NumPy's warnings where
# they come from this package's own lines, and nowhere else; np.errstate would cost 0.7 microseconds
# an operation.
_warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"tinygrad_edu(\.|$)")

__version__ = "0.1.0"
