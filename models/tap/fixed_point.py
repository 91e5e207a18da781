"""Fixed-point parameters of int8 kernels, after TensorFlow Lite's quantization_util.

A real multiplier becomes a Q31 mantissa in [2**30, 2**31) and a shift, positive to the left.
"""

from __future__ import annotations

import math

SOFTMAX_INTEGER_BITS = 5


def quantised_multiplier(real: float) -> tuple[int, int]:
    """Return (multiplier, shift) of a non-negative real, as TFLite's QuantizeMultiplier.

    The mantissa is rounded half away from zero. Below 2**-31 the result is 0.
    """
    if real == 0.0:
        return 0, 0
    mantissa, shift = math.frexp(real)
    multiplier = math.floor(mantissa * (1 << 31) + 0.5)
    if multiplier == 1 << 31:
        multiplier, shift = multiplier // 2, shift + 1
    if shift < -31:
        return 0, 0
    return multiplier, shift


def softmax_scaling(input_scale: float, beta: float) -> tuple[int, int, int]:
    """Return (multiplier, shift, diff_min): PreprocessSoftmaxScaling and CalculateInputRadius."""
    steps = 1 << (31 - SOFTMAX_INTEGER_BITS)
    real = min(beta * input_scale * steps, float((1 << 31) - 1))
    multiplier, shift = quantised_multiplier(real)
    radius = ((1 << SOFTMAX_INTEGER_BITS) - 1) * steps / (1 << shift)
    return multiplier, shift, -math.floor(radius)
