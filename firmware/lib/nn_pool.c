// Average and maximum pooling, int8, one version for all builds. Padding does not count towards the
// average.
#include "lib/nn_kernels.h"

static int32_t average(int32_t sum, int32_t count)
{
    return sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
}

static int8_t pool_one(const nn_layer *layer, const int8_t *input, nn_taps rows, nn_taps columns)
{
    int channels = layer->input.channels;
    int32_t sum = 0, largest = INT8_MIN;
    for (int y = rows.begin; y < rows.end; ++y) {
        for (int x = columns.begin; x < columns.end; ++x) {
            int32_t value =
                input[((rows.origin + y) * layer->input.width + columns.origin + x) * channels];
            sum += value;
            largest = value > largest ? value : largest;
        }
    }
    int32_t count = (rows.end - rows.begin) * (columns.end - columns.begin);
    int32_t result = layer->kind == NN_MAX_POOL_2D ? largest : average(sum, count);
    return (int8_t)nn_clamp(result, layer->activation_min, layer->activation_max);
}

void nn_pool(const nn_layer *layer, const int8_t *input, int8_t *output)
{
    for (int y = 0; y < layer->output.height; ++y) {
        nn_taps rows = nn_taps_at(y, layer->stride_height, layer->pad_top, layer->filter_height,
                                  layer->input.height);
        for (int x = 0; x < layer->output.width; ++x) {
            nn_taps columns = nn_taps_at(x, layer->stride_width, layer->pad_left,
                                         layer->filter_width, layer->input.width);
            for (int c = 0; c < layer->output.channels; ++c) {
                *output++ = pool_one(layer, input + c, rows, columns);
            }
        }
    }
}
