#include "lib/nn.h"

#include "lib/tinysim.h"

uint32_t nn_arena_bytes(const nn_model *model)
{
    uint32_t bytes = 0, before = 0;
    for (uint32_t i = 0; i + 1 < model->layer_count; ++i) { // the last layer writes the output
        uint32_t after = nn_size(model->layers[i].output);
        bytes = before + after > bytes ? before + after : bytes;
        before = after;
    }
    return bytes;
}

TINYSIM_STAGE int nn_invoke(const nn_model *model, const int8_t *input, int8_t *output,
                            int8_t *arena, uint32_t arena_bytes)
{
    if (arena_bytes < nn_arena_bytes(model)) {
        return NN_ERROR_ARENA;
    }
    const int8_t *from = input;
    for (uint32_t i = 0; i < model->layer_count; ++i) {
        const nn_layer *layer = &model->layers[i];
        int8_t *to = i & 1u ? arena + arena_bytes - nn_size(layer->output) : arena;
        if (i + 1 == model->layer_count) {
            to = output;
        }
        int status = nn_layer_run(layer, from, to);
        if (status < 0) {
            return status;
        }
        from = to;
    }
    return 0;
}
