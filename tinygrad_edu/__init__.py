"""tinygrad_edu: PyTorch's autograd, small enough to read, on NumPy.

    import tinygrad_edu as torch

This is the front door: it only gives names to what the other modules hold. A function such as
`torch.exp` and the method `Tensor.exp` are one and the same.
"""

import warnings as _warnings
from math import e, inf, nan, pi

from . import autograd, cuda, linalg, nn, testing
from .autograd import enable_grad, inference_mode, is_grad_enabled, no_grad, set_grad_enabled
from .autograd import is_anomaly_check_nan_enabled, is_anomaly_enabled, is_inference_mode_enabled
from .creation import BoolTensor, DoubleTensor, FloatTensor, IntTensor, LongTensor
from .creation import arange, as_tensor, eye, from_dask, from_numpy, full, linspace
from .creation import bernoulli, multinomial, normal, rand, randint, randn, randperm
from .creation import contiguous_format, preserve_format, strided, tensor
from .creation import empty, empty_like, full_like, ones, ones_like, zeros, zeros_like
from .creation import rand_like, randint_like, randn_like
from .devices import device, get_default_device, set_default_device
from .dtypes import bool, bool_, double, float, float16, float32, float64, half, int, int8, int16
from .dtypes import finfo, get_default_dtype, iinfo, promote_types, result_type
from .dtypes import dtype, int32, int64, long, set_default_dtype, short, uint8
from .operations.contractions import einsum
from .operations.elementwise import where
from .operations.reductions import var_mean
from .operations.shapes import cat, stack
from .printing import set_printoptions
from .random import Generator, initial_seed, manual_seed, seed
from .tensor import Size, Tensor, is_tensor

concat = concatenate = cat

# Each of these is a method of Tensor, under the name of a function.
add, sub, mul, div = Tensor.add, Tensor.sub, Tensor.mul, Tensor.div
subtract, multiply, divide = Tensor.subtract, Tensor.multiply, Tensor.divide
true_divide = Tensor.div
neg, negative, pow, square = Tensor.neg, Tensor.negative, Tensor.pow, Tensor.square
remainder, fmod, floor_divide = Tensor.remainder, Tensor.fmod, Tensor.floor_divide
float_power, reciprocal = Tensor.float_power, Tensor.reciprocal
maximum, minimum = Tensor.maximum, Tensor.minimum
clamp, clamp_min, clamp_max, clip = Tensor.clamp, Tensor.clamp_min, Tensor.clamp_max, Tensor.clip
eq, ne, lt, le = Tensor.eq, Tensor.ne, Tensor.lt, Tensor.le
gt, ge, not_equal, less = Tensor.gt, Tensor.ge, Tensor.not_equal, Tensor.less
less_equal, greater, greater_equal = Tensor.less_equal, Tensor.greater, Tensor.greater_equal
isclose, isnan = Tensor.isclose, Tensor.isnan
isinf, isfinite = Tensor.isinf, Tensor.isfinite
logical_and, logical_or, logical_xor = Tensor.logical_and, Tensor.logical_or, Tensor.logical_xor
logical_not = Tensor.logical_not
bitwise_and, bitwise_or, bitwise_xor = Tensor.bitwise_and, Tensor.bitwise_or, Tensor.bitwise_xor
bitwise_not = Tensor.bitwise_not
exp, exp2, expm1, sqrt, rsqrt = Tensor.exp, Tensor.exp2, Tensor.expm1, Tensor.sqrt, Tensor.rsqrt
log, log2, log10, log1p = Tensor.log, Tensor.log2, Tensor.log10, Tensor.log1p
abs, absolute, sign, erf = Tensor.abs, Tensor.absolute, Tensor.sign, Tensor.erf
sin, cos, tan, asin, acos = Tensor.sin, Tensor.cos, Tensor.tan, Tensor.asin, Tensor.acos
atan, atan2 = Tensor.atan, Tensor.atan2
sinh, cosh, tanh, asinh, acosh = Tensor.sinh, Tensor.cosh, Tensor.tanh, Tensor.asinh, Tensor.acosh
atanh = Tensor.atanh
sigmoid, relu = Tensor.sigmoid, Tensor.relu
floor, ceil, trunc, round = Tensor.floor, Tensor.ceil, Tensor.trunc, Tensor.round
softmax, log_softmax = Tensor.softmax, Tensor.log_softmax
sum, mean, max, min = Tensor.sum, Tensor.mean, Tensor.max, Tensor.min
any, all, argmax, argmin = Tensor.any, Tensor.all, Tensor.argmax, Tensor.argmin
prod, cumsum = Tensor.prod, Tensor.cumsum
var, std, norm, logsumexp = Tensor.var, Tensor.std, Tensor.norm, Tensor.logsumexp
amax, amin, count_nonzero = Tensor.amax, Tensor.amin, Tensor.count_nonzero
sort, argsort = Tensor.sort, Tensor.argsort
median, nanmedian = Tensor.median, Tensor.nanmedian
matmul, mm, mv, bmm, dot = Tensor.matmul, Tensor.mm, Tensor.mv, Tensor.bmm, Tensor.dot
addmm, outer = Tensor.addmm, Tensor.outer
reshape, flatten, t, permute = Tensor.reshape, Tensor.flatten, Tensor.t, Tensor.permute
transpose, swapaxes, swapdims = Tensor.transpose, Tensor.transpose, Tensor.transpose
movedim, moveaxis = Tensor.movedim, Tensor.movedim
ravel, unflatten, flip = Tensor.ravel, Tensor.unflatten, Tensor.flip
tril, triu = Tensor.tril, Tensor.triu
diagonal, diag = Tensor.diagonal, Tensor.diag
split, split_with_sizes, chunk = Tensor.split, Tensor.split_with_sizes, Tensor.chunk
narrow = Tensor.narrow
squeeze, unsqueeze, broadcast_to = Tensor.squeeze, Tensor.unsqueeze, Tensor.broadcast_to
unbind, select = Tensor.unbind, Tensor.select
gather, index_select = Tensor.gather, Tensor.index_select
scatter, scatter_add, masked_fill = Tensor.scatter, Tensor.scatter_add, Tensor.masked_fill
masked_select, nonzero = Tensor.masked_select, Tensor.nonzero
index_put, index_put_ = Tensor.index_put, Tensor.index_put_
clone, detach = Tensor.clone, Tensor.detach
numel, is_floating_point = Tensor.numel, Tensor.is_floating_point
is_inference = Tensor.is_inference
equal, allclose = Tensor.equal, Tensor.allclose

# 1 / 0 is inf and log(-1) is nan without a word, as in PyTorch. This silences NumPy's warnings
# where they come from this package's own lines, and nowhere else; np.errstate would cost 0.7
# microseconds an operation.
_warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"tinygrad_edu(\.|$)")


def __getattr__(name: str) -> None:
    if name in ("bfloat16", "complex64", "complex128"):
        raise AttributeError(f"there is no {name} here: take torch.float32 or torch.float64")
    raise AttributeError(f"module 'tinygrad_edu' has no attribute '{name}'")


__version__ = "0.1.0"
