// int8 softmax in fixed point: exp and reciprocal as defined by gemmlowp's fixed-point functions,
// so that the result equals LiteRT's reference kernel bit for bit. Qm.n below: m integer bits, n =
// 31 - m fraction bits.
#include "lib/nn_kernels.h"

enum { DIFF_INTEGER_BITS = 5, SUM_INTEGER_BITS = 12 };

static int32_t shift_left_saturating(int32_t value, int exponent)
{
    int64_t shifted = (int64_t)value * ((int64_t)1 << exponent);
    return shifted > INT32_MAX ? INT32_MAX : shifted < INT32_MIN ? INT32_MIN : (int32_t)shifted;
}

// exp(a) for a in [-1/4, 0), both Q0.31: Taylor of degree 4 around -1/8.
static int32_t exp_on_last_quarter(int32_t a)
{
    const int32_t exp_minus_eighth = 1895147668, one_third = 715827883;
    int32_t x = a + (1 << 28);
    int32_t x2 = nn_multiply_high_rounding(x, x);
    int32_t x3 = nn_multiply_high_rounding(x2, x);
    int32_t x4 = nn_multiply_high_rounding(x2, x2);
    int32_t x4_over_4 = nn_divide_rounding(x4, 2);
    int32_t higher =
        nn_divide_rounding(nn_multiply_high_rounding(x4_over_4 + x3, one_third) + x2, 1);
    int64_t sum =
        (int64_t)exp_minus_eighth + nn_multiply_high_rounding(exp_minus_eighth, x + higher);
    return sum > INT32_MAX ? INT32_MAX : (int32_t)sum;
}

// exp(a) for a <= 0, a in Q5.26, result in Q0.31: the last quarter by series, the rest by factors
// exp(-2^k).
static int32_t exp_of_negative(int32_t a)
{
    static const int32_t factors[] = {1672461947, 1302514674, 790015084, 290630308,
                                      39332535,   720401,     242};
    const int fraction_bits = 31 - DIFF_INTEGER_BITS;
    const int32_t quarter = 1 << (fraction_bits - 2);
    int32_t within = (a & (quarter - 1)) - quarter;
    int32_t result = exp_on_last_quarter(shift_left_saturating(within, DIFF_INTEGER_BITS));
    int32_t remainder = within - a;
    for (int k = 0; k < DIFF_INTEGER_BITS + 2; ++k) { // exp(-1/4), exp(-1/2), ... exp(-16)
        if (remainder & (1 << (fraction_bits - 2 + k))) {
            result = nn_multiply_high_rounding(result, factors[k]);
        }
    }
    return a == 0 ? INT32_MAX : result;
}

static int32_t half_sum_rounding(int32_t a, int32_t b)
{
    int64_t sum = (int64_t)a + b;
    return (int32_t)((sum + (sum >= 0 ? 1 : -1)) / 2);
}

// 1 / (1 + a) for a in [0, 1), Q0.31: three Newton steps on Q2.29.
static int32_t one_over_one_plus(int32_t a)
{
    const int32_t over_17_48 = 1515870810, over_17_minus_32 = -1010580540;
    int32_t half_denominator = half_sum_rounding(a, INT32_MAX);
    int32_t x = over_17_48 + nn_multiply_high_rounding(half_denominator, over_17_minus_32);
    for (int step = 0; step < 3; ++step) {
        int32_t error = (1 << 29) - nn_multiply_high_rounding(half_denominator, x);
        x += shift_left_saturating(nn_multiply_high_rounding(x, error), 2);
    }
    return shift_left_saturating(x, 1);
}

static int leading_zeros(uint32_t value)
{
    return value ? __builtin_clz(value) : 32;
}

static int32_t scaled_difference(const nn_layer *layer, int32_t difference)
{
    int32_t shifted = (int32_t)((uint32_t)difference << layer->softmax_shift);
    return nn_multiply_high_rounding(shifted, layer->softmax_multiplier);
}

static void softmax_row(const nn_layer *layer, const int8_t *input, int8_t *output, int size)
{
    int32_t largest = INT8_MIN;
    for (int i = 0; i < size; ++i) {
        largest = input[i] > largest ? input[i] : largest;
    }
    int32_t sum = 0; // Q12.19
    for (int i = 0; i < size; ++i) {
        int32_t difference = input[i] - largest;
        if (difference >= layer->softmax_diff_min) {
            sum += nn_divide_rounding(exp_of_negative(scaled_difference(layer, difference)),
                                      SUM_INTEGER_BITS);
        }
    }
    int headroom = leading_zeros((uint32_t)sum);
    int32_t reciprocal =
        one_over_one_plus((int32_t)(((uint32_t)sum << headroom) - ((uint32_t)1 << 31)));
    int exponent = SUM_INTEGER_BITS - headroom + 31 - 8;
    for (int i = 0; i < size; ++i) {
        int32_t difference = input[i] - largest;
        int32_t result = INT8_MIN;
        if (difference >= layer->softmax_diff_min) {
            int32_t power = exp_of_negative(scaled_difference(layer, difference));
            result += nn_divide_rounding(nn_multiply_high_rounding(reciprocal, power), exponent);
        }
        output[i] = (int8_t)nn_clamp(result, INT8_MIN, INT8_MAX);
    }
}

void nn_softmax(const nn_layer *layer, const int8_t *input, int8_t *output)
{
    int size = layer->output.channels;
    int rows = (int)nn_size(layer->output) / size;
    for (int row = 0; row < rows; ++row) {
        softmax_row(layer, input + row * size, output + row * size, size);
    }
}
