// Fixed-point arithmetic of quantised inference. LiteRT's reference kernels round twice in
// convolutions and once in fully connected layers (measured on LiteRT 2: see
// emulator/tests/conformance/test_nn_kernels.py). Source: Jacob et al. 2018, section 2.2, and the
// rounding rules of gemmlowp's fixed-point document.
#pragma once

#include <stdint.h>

// round(a * b / 2^31), ties upwards; the one overflow (both minimum) saturates.
static inline int32_t nn_multiply_high_rounding(int32_t a, int32_t b)
{
    if (a == b && a == INT32_MIN) {
        return INT32_MAX;
    }
    return (int32_t)(((int64_t)a * b + ((int64_t)1 << 30)) >> 31);
}

// round(value / 2^exponent), ties away from zero.
static inline int32_t nn_divide_rounding(int32_t value, int exponent)
{
    int32_t mask = (int32_t)(((int64_t)1 << exponent) - 1);
    int32_t remainder = value & mask;
    int32_t threshold = (mask >> 1) + (value < 0 ? 1 : 0);
    return (value >> exponent) + (remainder > threshold ? 1 : 0);
}

// value * multiplier / 2^31 * 2^shift, rounded after the multiplication and again after the shift
static inline int32_t nn_requantise_twice(int32_t value, int32_t multiplier, int shift)
{
    int left = shift > 0 ? shift : 0;
    int right = shift > 0 ? 0 : -shift;
    int32_t shifted = (int32_t)((uint32_t)value << left);
    return nn_divide_rounding(nn_multiply_high_rounding(shifted, multiplier), right);
}

// the same, rounded once, ties upwards
static inline int32_t nn_requantise_once(int32_t value, int32_t multiplier, int shift)
{
    int right = 31 - shift;
    return (int32_t)(((int64_t)value * multiplier + ((int64_t)1 << (right - 1))) >> right);
}

static inline int32_t nn_clamp(int32_t value, int32_t minimum, int32_t maximum)
{
    return value < minimum ? minimum : value > maximum ? maximum : value;
}
