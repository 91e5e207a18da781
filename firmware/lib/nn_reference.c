// Portable int8 kernels: as the operators are defined, one sum per output, no tricks. Also compiled
// for the host's tests.
#include "lib/nn_kernels.h"

static int32_t conv_sum(const nn_layer *layer, const int8_t *input, nn_taps rows, nn_taps columns,
                        int channel)
{
    int channels = layer->input.channels;
    int32_t sum = layer->bias[channel];
    for (int y = rows.begin; y < rows.end; ++y) {
        for (int x = columns.begin; x < columns.end; ++x) {
            const int8_t *pixel =
                input + ((rows.origin + y) * layer->input.width + columns.origin + x) * channels;
            const int8_t *tap =
                layer->weights +
                ((channel * layer->filter_height + y) * layer->filter_width + x) * channels;
            for (int c = 0; c < channels; ++c) {
                sum += (pixel[c] - layer->input_zero_point) * tap[c];
            }
        }
    }
    return sum;
}

static int32_t depthwise_sum(const nn_layer *layer, const int8_t *input, nn_taps rows,
                             nn_taps columns, int channel)
{
    int channels = layer->output.channels;
    int input_channel = channel / (channels / layer->input.channels); // depth multiplier
    int32_t sum = layer->bias[channel];
    for (int y = rows.begin; y < rows.end; ++y) {
        for (int x = columns.begin; x < columns.end; ++x) {
            int pixel = ((rows.origin + y) * layer->input.width + columns.origin + x) *
                        layer->input.channels;
            int32_t value = input[pixel + input_channel] - layer->input_zero_point;
            sum += value * layer->weights[(y * layer->filter_width + x) * channels + channel];
        }
    }
    return sum;
}

typedef int32_t (*window_sum)(const nn_layer *, const int8_t *, nn_taps, nn_taps, int);

static void slide(const nn_layer *layer, const int8_t *input, int8_t *output, window_sum sum)
{
    for (int y = 0; y < layer->output.height; ++y) {
        nn_taps rows = nn_taps_at(y, layer->stride_height, layer->pad_top, layer->filter_height,
                                  layer->input.height);
        for (int x = 0; x < layer->output.width; ++x) {
            nn_taps columns = nn_taps_at(x, layer->stride_width, layer->pad_left,
                                         layer->filter_width, layer->input.width);
            for (int c = 0; c < layer->output.channels; ++c) {
                *output++ = nn_conv_output(layer, c, sum(layer, input, rows, columns, c));
            }
        }
    }
}

static void fully_connected(const nn_layer *layer, const int8_t *input, int8_t *output)
{
    int inputs = (int)nn_size(layer->input);
    const int8_t *weights = layer->weights;
    for (int c = 0; c < layer->output.channels; ++c) {
        int32_t sum = layer->bias[c];
        for (int i = 0; i < inputs; ++i) {
            sum += (input[i] - layer->input_zero_point) * *weights++;
        }
        output[c] = nn_connected_output(layer, c, sum);
    }
}

int nn_layer_run_reference(const nn_layer *layer, const int8_t *input, int8_t *output)
{
    switch (layer->kind) {
    case NN_CONV_2D:
        slide(layer, input, output, conv_sum);
        return 0;
    case NN_DEPTHWISE_CONV_2D:
        slide(layer, input, output, depthwise_sum);
        return 0;
    case NN_FULLY_CONNECTED:
        fully_connected(layer, input, output);
        return 0;
    case NN_AVERAGE_POOL_2D:
    case NN_MAX_POOL_2D:
        nn_pool(layer, input, output);
        return 0;
    case NN_SOFTMAX:
        nn_softmax(layer, input, output);
        return 0;
    }
    return NN_ERROR_KIND;
}

#ifndef NN_DSP
int nn_layer_run(const nn_layer *layer, const int8_t *input, int8_t *output)
{
    return nn_layer_run_reference(layer, input, output);
}
#endif
