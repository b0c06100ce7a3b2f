"""tinygrad_edu: PyTorch's autograd, small enough to read, on NumPy.

    import tinygrad_edu as torch

This is the front door: it only gives names to what the other modules hold. A function such as
`torch.exp` and the method `Tensor.exp` are one and the same.
"""

import warnings as _warnings
from math import e, inf, nan, pi

from . import autograd, cuda, nn, testing
from .autograd import enable_grad, inference_mode, is_grad_enabled, no_grad, set_grad_enabled
from .creation import BoolTensor, DoubleTensor, FloatTensor, IntTensor, LongTensor
from .creation import arange, as_tensor, asarray, eye, from_numpy, full, linspace, logspace
from .creation import bernoulli, multinomial, normal, rand, randint, randn, randperm
from .creation import contiguous_format, preserve_format, scalar_tensor, strided, tensor
from .creation import empty, empty_like, full_like, ones, ones_like, zeros, zeros_like
from .creation import rand_like, randint_like, randn_like
from .devices import device, get_default_device, set_default_device
from .dtypes import bool, bool_, double, float, float16, float32, float64, half, int, int8, int16
from .dtypes import can_cast, finfo, get_default_dtype, iinfo, promote_types, result_type
from .dtypes import dtype, int32, int64, long, set_default_dtype, short, uint8
from .operations.elementwise import where
from .operations.shapes import cat, stack
from .printing import set_printoptions
from .random import Generator, get_rng_state, initial_seed, manual_seed, seed, set_rng_state
from .tensor import Size, Tensor, is_tensor

concat = concatenate = cat

# Each of these is a method of Tensor, under the name of a function.
add, sub, mul, div = Tensor.add, Tensor.sub, Tensor.mul, Tensor.div
subtract, multiply, divide, true_divide = Tensor.sub, Tensor.mul, Tensor.div, Tensor.div
neg, negative, pow, square = Tensor.neg, Tensor.neg, Tensor.pow, Tensor.square
remainder, floor_divide, reciprocal = Tensor.remainder, Tensor.floor_divide, Tensor.reciprocal
maximum, minimum, clamp, clip = Tensor.maximum, Tensor.minimum, Tensor.clamp, Tensor.clamp
eq, ne, lt, le, gt, ge = Tensor.eq, Tensor.ne, Tensor.lt, Tensor.le, Tensor.gt, Tensor.ge
logical_not = Tensor.logical_not
exp, log, sqrt = Tensor.exp, Tensor.log, Tensor.sqrt
abs, absolute, sign = Tensor.abs, Tensor.abs, Tensor.sign
sin, cos, tanh = Tensor.sin, Tensor.cos, Tensor.tanh
sigmoid, relu = Tensor.sigmoid, Tensor.relu
softmax, log_softmax = Tensor.softmax, Tensor.log_softmax
sum, mean, max, min = Tensor.sum, Tensor.mean, Tensor.max, Tensor.min
any, all, argmax, argmin = Tensor.any, Tensor.all, Tensor.argmax, Tensor.argmin
matmul, mm, mv, bmm, dot = Tensor.matmul, Tensor.mm, Tensor.mv, Tensor.bmm, Tensor.dot
reshape, flatten, t, permute = Tensor.reshape, Tensor.flatten, Tensor.t, Tensor.permute
transpose, swapaxes, swapdims = Tensor.transpose, Tensor.transpose, Tensor.transpose
movedim, moveaxis = Tensor.movedim, Tensor.movedim
squeeze, unsqueeze, broadcast_to = Tensor.squeeze, Tensor.unsqueeze, Tensor.broadcast_to
unbind, select = Tensor.unbind, Tensor.select
clone, detach = Tensor.clone, Tensor.detach
numel, is_floating_point = Tensor.numel, Tensor.is_floating_point
equal, allclose = Tensor.equal, Tensor.allclose
isnan, isinf, isfinite = Tensor.isnan, Tensor.isinf, Tensor.isfinite

# 1 / 0 is inf and log(-1) is nan without a word, as in PyTorch. This silences NumPy's warnings
# where they come from this package's own lines, and nowhere else; np.errstate would cost 0.7
# microseconds an operation.
_warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"tinygrad_edu(\.|$)")


def __getattr__(name: str) -> None:
    if name in ("bfloat16", "complex64", "complex128"):
        raise AttributeError(f"there is no {name} here: take torch.float32 or torch.float64")
    raise AttributeError(f"module 'tinygrad_edu' has no attribute '{name}'")


__version__ = "0.1.0"
