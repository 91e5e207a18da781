// int8 inference of small sequential networks, bit-exact with LiteRT's reference kernels.
// Layout: activations [height][width][channels]; a 1D network has height 1. Weights are symmetric
// (zero point 0). Not here: branches, dilation, dynamic shapes, operators beyond nn_kind. Kernels:
// nn_reference.c or nn_dsp.c.
#pragma once

#include <stdint.h>

typedef struct {
    int16_t height, width, channels;
} nn_shape;

typedef enum {
    NN_CONV_2D,
    NN_DEPTHWISE_CONV_2D,
    NN_FULLY_CONNECTED,
    NN_AVERAGE_POOL_2D,
    NN_MAX_POOL_2D,
    NN_SOFTMAX,
} nn_kind;

typedef struct {
    nn_kind kind;
    nn_shape input, output;
    int16_t filter_height, filter_width, stride_height, stride_width, pad_top, pad_left;
    int32_t input_zero_point, output_zero_point; // real = scale * (q - zero_point)
    int8_t activation_min, activation_max;
    const int8_t *weights;     // TFLite layout: OHWI, depthwise 1HWC, fully connected [out][in]
    const int32_t *bias;       // per output channel
    const int32_t *multiplier; // per output channel, Q31 as TFLite QuantizeMultiplier
    const int8_t *shift;       // per output channel, TFLite sign: positive is left
    int32_t softmax_multiplier;
    int8_t softmax_shift;
    int32_t softmax_diff_min;
} nn_layer;

typedef struct {
    const nn_layer *layers;
    uint8_t layer_count;
    uint32_t arena_bytes;
    nn_shape input, output;
} nn_model;

enum { NN_ERROR_ARENA = -1, NN_ERROR_KIND = -2 };

// Runs the model on input. Layers write to the arena's two ends in turn, so it must hold the two
// largest neighbouring intermediate activations (nn_arena_bytes). Input and output may not lie in
// it. 0, or an NN_ERROR.
int nn_invoke(const nn_model *model, const int8_t *input, int8_t *output, int8_t *arena,
              uint32_t arena_bytes);
// The least arena that nn_invoke accepts for this model.
uint32_t nn_arena_bytes(const nn_model *model);

// One layer by the kernels of the build; by the portable ones in either build.
int nn_layer_run(const nn_layer *layer, const int8_t *input, int8_t *output);
int nn_layer_run_reference(const nn_layer *layer, const int8_t *input, int8_t *output);

static inline uint32_t nn_size(nn_shape shape)
{
    return (uint32_t)shape.height * (uint32_t)shape.width * (uint32_t)shape.channels;
}
