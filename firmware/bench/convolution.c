/* Workload a: int8 3x3 convolution, 16x16x16 to 16x16x32, "same" padding, as TinyML kernels for the M4 do it:
   two columns of widened input, two output channels at a time, SMLAD; requantised by a 64-bit multiply. */
#include <arm_acle.h>

#include "bench.h"

enum {
    HEIGHT = 16,
    WIDTH = 16,
    CHANNELS_IN = 16,
    CHANNELS_OUT = 32,
    TAPS = 9 * CHANNELS_IN,
    INPUT_BYTES = HEIGHT * WIDTH * CHANNELS_IN,
};

static _Alignas(4) int8_t input[INPUT_BYTES];
static _Alignas(4) int8_t weights[CHANNELS_OUT * TAPS];
static _Alignas(4) int16_t columns[2][TAPS];
static int8_t output[HEIGHT * WIDTH * CHANNELS_OUT];
static int32_t bias[CHANNELS_OUT];
static int32_t multiplier[CHANNELS_OUT];

static inline int32_t odd_bytes(int32_t word)
{
    int32_t result;
    __asm("sxtb16 %0, %1, ror #8" : "=r"(result) : "r"(word));
    return result;
}

/* GCC does not find PKHBT and PKHTB in shifts and masks. */
static inline int32_t low_pair(int32_t even, int32_t odd)
{
    int32_t result;
    __asm("pkhbt %0, %1, %2, lsl #16" : "=r"(result) : "r"(even), "r"(odd));
    return result;
}

static inline int32_t high_pair(int32_t even, int32_t odd)
{
    int32_t result;
    __asm("pkhtb %0, %1, %2, asr #16" : "=r"(result) : "r"(odd), "r"(even));
    return result;
}

/* Widens the 3x3 patch around (row, column); outside of the input stands zero. */
static void widen_patch(int32_t row, int32_t column, int16_t *patch)
{
    int32_t *to = (int32_t *)patch;
    for (int32_t y = row - 1; y <= row + 1; y++) {
        for (int32_t x = column - 1; x <= column + 1; x++) {
            if (y < 0 || y >= HEIGHT || x < 0 || x >= WIDTH) {
                for (int32_t i = 0; i < CHANNELS_IN / 2; i++) {
                    *to++ = 0;
                }
                continue;
            }
            const int32_t *from = (const int32_t *)&input[(y * WIDTH + x) * CHANNELS_IN];
            for (int32_t i = 0; i < CHANNELS_IN / 4; i++) {
                int32_t even = (int32_t)__sxtb16((uint32_t)*from);
                int32_t odd = odd_bytes(*from++);
                *to++ = low_pair(even, odd);
                *to++ = high_pair(even, odd);
            }
        }
    }
}

/* acc * multiplier / 2^38, rounded, saturated to int8. */
static inline int8_t requantise(int32_t accumulator, int32_t scale)
{
    int64_t product = (int64_t)accumulator * scale + (1 << 30);
    int32_t high = (int32_t)(product >> 31);
    return (int8_t)__ssat((high + (1 << 6)) >> 7, 8);
}

/* Two output channels of the two columns. */
static void multiply_2x2(int32_t channel, int8_t *first_pixel, int8_t *second_pixel)
{
    const int32_t *a = (const int32_t *)&weights[channel * TAPS];
    const int32_t *b = (const int32_t *)&weights[(channel + 1) * TAPS];
    const int32_t *left = (const int32_t *)columns[0], *right = (const int32_t *)columns[1];
    int32_t sum_a_left = bias[channel], sum_a_right = sum_a_left;
    int32_t sum_b_left = bias[channel + 1], sum_b_right = sum_b_left;
    for (int32_t i = 0; i < TAPS / 4; i++) {
        int32_t word_a = *a++, word_b = *b++;
        int32_t even_a = (int32_t)__sxtb16((uint32_t)word_a), odd_a = odd_bytes(word_a);
        int32_t even_b = (int32_t)__sxtb16((uint32_t)word_b), odd_b = odd_bytes(word_b);
        int32_t a_low = low_pair(even_a, odd_a), a_high = high_pair(even_a, odd_a);
        int32_t b_low = low_pair(even_b, odd_b), b_high = high_pair(even_b, odd_b);
        int32_t left_low = *left++, left_high = *left++, right_low = *right++, right_high = *right++;
        sum_a_left = __smlad(a_low, left_low, sum_a_left);
        sum_a_right = __smlad(a_low, right_low, sum_a_right);
        sum_b_left = __smlad(b_low, left_low, sum_b_left);
        sum_b_right = __smlad(b_low, right_low, sum_b_right);
        sum_a_left = __smlad(a_high, left_high, sum_a_left);
        sum_a_right = __smlad(a_high, right_high, sum_a_right);
        sum_b_left = __smlad(b_high, left_high, sum_b_left);
        sum_b_right = __smlad(b_high, right_high, sum_b_right);
    }
    first_pixel[channel] = requantise(sum_a_left, multiplier[channel]);
    first_pixel[channel + 1] = requantise(sum_b_left, multiplier[channel + 1]);
    second_pixel[channel] = requantise(sum_a_right, multiplier[channel]);
    second_pixel[channel + 1] = requantise(sum_b_right, multiplier[channel + 1]);
}

static void convolve(void)
{
    for (int32_t pixel = 0; pixel < HEIGHT * WIDTH; pixel += 2) {
        widen_patch(pixel / WIDTH, pixel % WIDTH, columns[0]);
        widen_patch(pixel / WIDTH, pixel % WIDTH + 1, columns[1]);
        int8_t *to = &output[pixel * CHANNELS_OUT];
        for (int32_t channel = 0; channel < CHANNELS_OUT; channel += 2) {
            multiply_2x2(channel, to, to + CHANNELS_OUT);
        }
    }
}

static void fill(uint32_t *seed)
{
    for (int32_t i = 0; i < INPUT_BYTES; i++) {
        input[i] = (int8_t)next_random(seed);
    }
    for (int32_t i = 0; i < CHANNELS_OUT * TAPS; i++) {
        weights[i] = (int8_t)next_random(seed);
    }
    for (int32_t i = 0; i < CHANNELS_OUT; i++) {
        bias[i] = (int32_t)next_random(seed) >> 16;
        multiplier[i] = (int32_t)(next_random(seed) >> 2) + (1 << 29);
    }
}

uint32_t bench_run(uint32_t iterations)
{
    uint32_t seed = 2463534242u, checksum = 2166136261u;
    fill(&seed);
    for (uint32_t round = 0; round < iterations; round++) {
        convolve();
        /* The next input is made of this output, so no round can be left out. */
        for (int32_t i = 0; i < INPUT_BYTES; i++) {
            input[i] = (int8_t)(output[i * 2] ^ (int8_t)round);
            checksum = checksum_word(checksum, (uint8_t)input[i]);
        }
    }
    return checksum;
}
