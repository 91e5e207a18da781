// From 80 samples in counts to the model's int8 input, in integers only. Twin:
// models/tap/preprocessing.py, same bytes.
#include "apps/tap/tap.h"
#include "lib/nn_fixed.h"
#include "lib/tinysim.h"

// sum / count, rounded half away from zero
static int32_t rounded_mean(int32_t sum, int32_t count)
{
    return sum < 0 ? -((-2 * sum + count) / (2 * count)) : (2 * sum + count) / (2 * count);
}

static uint32_t integer_square_root(uint32_t square)
{
    uint32_t root = 0;
    for (uint32_t bit = 1u << 30; bit; bit >>= 2) {
        uint32_t trial = root + bit;
        root >>= 1;
        if (square >= trial) {
            square -= trial;
            root += bit;
        }
    }
    return root;
}

static int8_t quantise(uint32_t magnitude)
{
    uint32_t scaled =
        (magnitude * TAP_INPUT_MULTIPLIER + (1u << (TAP_INPUT_SHIFT - 1))) >> TAP_INPUT_SHIFT;
    return (int8_t)nn_clamp((int32_t)scaled + TAP_INPUT_ZERO_POINT, INT8_MIN, INT8_MAX);
}

TINYSIM_STAGE void tap_preprocess(const lis2dw12_sample *window, int8_t *input)
{
    int32_t x = 0, y = 0, z = 0;
    for (int i = 0; i < TAP_WINDOW; ++i) {
        x += window[i].x;
        y += window[i].y;
        z += window[i].z;
    }
    x = rounded_mean(x, TAP_WINDOW);
    y = rounded_mean(y, TAP_WINDOW);
    z = rounded_mean(z, TAP_WINDOW);
    for (int i = 0; i < TAP_WINDOW; ++i) {
        int32_t dx = window[i].x - x, dy = window[i].y - y, dz = window[i].z - z;
        input[i] = quantise(integer_square_root((uint32_t)(dx * dx + dy * dy + dz * dz)));
    }
}
