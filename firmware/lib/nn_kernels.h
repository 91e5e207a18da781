// Between the kernel files of the int8 library; applications use nn.h.
#pragma once

#include "lib/nn.h"
#include "lib/nn_fixed.h"

// The part of a filter window that lies inside the input, per axis: filter taps [begin, end) at
// input position origin + tap.
typedef struct {
    int origin, begin, end;
} nn_taps;

static inline nn_taps nn_taps_at(int output_position, int stride, int pad, int filter,
                                 int input_size)
{
    int origin = output_position * stride - pad;
    int begin = origin < 0 ? -origin : 0;
    int end = origin + filter > input_size ? input_size - origin : filter;
    return (nn_taps){origin, begin, end};
}

static inline int8_t nn_finish(const nn_layer *layer, int32_t scaled)
{
    return (int8_t)nn_clamp(scaled + layer->output_zero_point, layer->activation_min,
                            layer->activation_max);
}

static inline int8_t nn_conv_output(const nn_layer *layer, int channel, int32_t sum)
{
    return nn_finish(layer,
                     nn_requantise_twice(sum, layer->multiplier[channel], layer->shift[channel]));
}

static inline int8_t nn_connected_output(const nn_layer *layer, int channel, int32_t sum)
{
    return nn_finish(layer,
                     nn_requantise_once(sum, layer->multiplier[channel], layer->shift[channel]));
}

void nn_pool(const nn_layer *layer, const int8_t *input, int8_t *output);
void nn_softmax(const nn_layer *layer, const int8_t *input, int8_t *output);
