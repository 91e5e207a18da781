/* Workload b: spectral features in single precision, as keyword spotting computes them: window, 512-point FFT,
   power, mel filters, logarithm, DCT. Sine and logarithm are our own short polynomials: no C library is linked. */
#include "bench.h"

enum { POINTS = 512, STAGES = 9, BINS = POINTS / 2 + 1, FILTERS = 20, COEFFICIENTS = 13 };

#define PI 3.14159265358979f

static float window[POINTS], real[POINTS], imaginary[POINTS], power[BINS], energy[FILTERS];
static float cosine[POINTS / 2], sine[POINTS / 2];
static float dct[COEFFICIENTS][FILTERS];
static uint16_t filter_edge[FILTERS + 2];
static uint16_t reversed[POINTS];

union float_bits {
    float value;
    uint32_t bits;
};

/* Taylor series on [-pi/2, pi/2] after folding; good to about 1e-6. */
static float sine_of(float angle)
{
    while (angle > PI) {
        angle -= 2.0f * PI;
    }
    if (angle > PI / 2) {
        angle = PI - angle;
    } else if (angle < -PI / 2) {
        angle = -PI - angle;
    }
    float square = angle * angle;
    float sum = 1.0f / 362880.0f;
    sum = sum * square - 1.0f / 5040.0f;
    sum = sum * square + 1.0f / 120.0f;
    sum = sum * square - 1.0f / 6.0f;
    return angle + angle * square * sum;
}

static float cosine_of(float angle)
{
    return sine_of(angle + PI / 2);
}

/* ln(x) for normal positive x: exponent * ln 2 + 2 artanh((m - 1) / (m + 1)). */
static float logarithm(float x)
{
    union float_bits parts = { .value = x };
    int32_t exponent = (int32_t)(parts.bits >> 23) - 127;
    parts.bits = (parts.bits & 0x007FFFFFu) | 0x3F800000u;
    if (parts.value > 1.41421356f) {
        parts.value *= 0.5f;
        exponent++;
    }
    float ratio = (parts.value - 1.0f) / (parts.value + 1.0f);
    float square = ratio * ratio;
    float sum = ((square * (1.0f / 7.0f) + 1.0f / 5.0f) * square + 1.0f / 3.0f) * square + 1.0f;
    return (float)exponent * 0.69314718f + 2.0f * ratio * sum;
}

static uint32_t reverse_bits(uint32_t word)
{
    uint32_t result;
    __asm("rbit %0, %1" : "=r"(result) : "r"(word));
    return result;
}

static void make_tables(void)
{
    for (int32_t i = 0; i < POINTS; i++) {
        window[i] = 0.54f - 0.46f * cosine_of(2.0f * PI * (float)i / (POINTS - 1));
        reversed[i] = (uint16_t)(reverse_bits((uint32_t)i) >> (32 - STAGES));
    }
    for (int32_t i = 0; i < POINTS / 2; i++) {
        cosine[i] = cosine_of(2.0f * PI * (float)i / POINTS);
        sine[i] = -sine_of(2.0f * PI * (float)i / POINTS);
    }
    /* Edges grow as a square, near enough to the mel scale. */
    for (int32_t i = 0; i < FILTERS + 2; i++) {
        filter_edge[i] = (uint16_t)(2 + i * 3 + i * i * (BINS - 3 - 3 * (FILTERS + 1)) / ((FILTERS + 1) * (FILTERS + 1)));
    }
    for (int32_t k = 0; k < COEFFICIENTS; k++) {
        for (int32_t i = 0; i < FILTERS; i++) {
            dct[k][i] = cosine_of(PI * (float)k * ((float)i + 0.5f) / FILTERS);
        }
    }
}

static void transform(void)
{
    for (int32_t half = 1, step = POINTS / 2; half < POINTS; half *= 2, step /= 2) {
        for (int32_t start = 0; start < POINTS; start += 2 * half) {
            for (int32_t k = 0; k < half; k++) {
                float c = cosine[k * step], s = sine[k * step];
                int32_t upper = start + k, lower = upper + half;
                float re = real[lower] * c - imaginary[lower] * s;
                float im = real[lower] * s + imaginary[lower] * c;
                real[lower] = real[upper] - re;
                imaginary[lower] = imaginary[upper] - im;
                real[upper] += re;
                imaginary[upper] += im;
            }
        }
    }
}

static void mel_energies(void)
{
    for (int32_t i = 0; i < BINS; i++) {
        power[i] = real[i] * real[i] + imaginary[i] * imaginary[i];
    }
    for (int32_t filter = 0; filter < FILTERS; filter++) {
        int32_t left = filter_edge[filter], centre = filter_edge[filter + 1], right = filter_edge[filter + 2];
        float sum = 1e-6f;
        for (int32_t bin = left; bin < centre; bin++) {
            sum += power[bin] * (float)(bin - left) / (float)(centre - left);
        }
        for (int32_t bin = centre; bin < right; bin++) {
            sum += power[bin] * (float)(right - bin) / (float)(right - centre);
        }
        energy[filter] = logarithm(sum);
    }
}

static uint32_t cepstrum(uint32_t checksum)
{
    for (int32_t k = 0; k < COEFFICIENTS; k++) {
        union float_bits sum = { .value = 0.0f };
        for (int32_t i = 0; i < FILTERS; i++) {
            sum.value += dct[k][i] * energy[i];
        }
        checksum = checksum_word(checksum, sum.bits);
    }
    return checksum;
}

uint32_t bench_run(uint32_t iterations)
{
    uint32_t seed = 2463534242u, checksum = 2166136261u;
    make_tables();
    for (uint32_t frame = 0; frame < iterations; frame++) {
        for (int32_t i = 0; i < POINTS; i++) {
            int32_t to = reversed[i];
            real[to] = (float)((int32_t)next_random(&seed) >> 16) * window[i];
            imaginary[to] = 0.0f;
        }
        transform();
        mel_energies();
        checksum = cepstrum(checksum);
    }
    return checksum;
}
