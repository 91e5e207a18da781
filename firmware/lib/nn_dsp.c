// int8 kernels for cores with the DSP extension (Armv7E-M): the input patch is expanded once per
// output position to int16 minus its zero point, then two output channels share it, four products
// per SXTB16/SMLAD group. A patch longer than PATCH_MAXIMUM, a depth multiplier and channels in
// other than fours run on nn_reference.c.
#include "lib/nn_kernels.h"

enum { PATCH_MAXIMUM = 1024 };

typedef uint32_t pair; // two int16

// Groups of four values a, b, c, d stand as (a, c), (b, d): the order in which SXTB16 takes bytes
// out of a word.
static pair patch[PATCH_MAXIMUM / 2];

static inline uint32_t load_word(const int8_t *bytes)
{
    uint32_t word; // unaligned loads are one instruction on this core
    __builtin_memcpy(&word, bytes, sizeof word);
    return word;
}

static inline pair even_bytes(uint32_t word)
{
    pair result;
    __asm("sxtb16 %0, %1" : "=r"(result) : "r"(word));
    return result;
}

static inline pair odd_bytes(uint32_t word)
{
    pair result;
    __asm("sxtb16 %0, %1, ror #8" : "=r"(result) : "r"(word));
    return result;
}

static inline pair add_even_bytes(pair offset, uint32_t word)
{
    pair result;
    __asm("sxtab16 %0, %1, %2" : "=r"(result) : "r"(offset), "r"(word));
    return result;
}

static inline pair add_odd_bytes(pair offset, uint32_t word)
{
    pair result;
    __asm("sxtab16 %0, %1, %2, ror #8" : "=r"(result) : "r"(offset), "r"(word));
    return result;
}

static inline int32_t multiply_add(pair a, pair b, int32_t sum)
{
    __asm("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(a), "r"(b));
    return sum;
}

static inline int32_t multiply_add_low(pair a, pair b, int32_t sum)
{
    __asm("smlabb %0, %1, %2, %0" : "+r"(sum) : "r"(a), "r"(b));
    return sum;
}

static inline int32_t multiply_add_high(pair a, pair b, int32_t sum)
{
    __asm("smlatt %0, %1, %2, %0" : "+r"(sum) : "r"(a), "r"(b));
    return sum;
}

static inline int16_t *patch_value(int index)
{
    static const uint8_t place[4] = {0, 2, 1, 3};
    return (int16_t *)patch + (index & ~3) + place[index & 3];
}

static int patch_zero(int index, int count)
{
    for (; count > 0; --count) {
        *patch_value(index++) = 0;
    }
    return index;
}

static int patch_append(int index, const int8_t *input, int count, int32_t zero_point)
{
    pair offset = (uint32_t)(-zero_point & 0xFFFF) * 0x10001u;
    for (; count > 0 && (index & 3); --count) {
        *patch_value(index++) = (int16_t)(*input++ - zero_point);
    }
    for (; count >= 4; count -= 4, input += 4, index += 4) {
        uint32_t word = load_word(input);
        patch[index / 2] = add_even_bytes(offset, word);
        patch[index / 2 + 1] = add_odd_bytes(offset, word);
    }
    for (; count > 0; --count) {
        *patch_value(index++) = (int16_t)(*input++ - zero_point);
    }
    return index;
}

static void patch_fill(const nn_layer *layer, const int8_t *input, nn_taps rows, nn_taps columns)
{
    int channels = layer->input.channels;
    int before = columns.begin * channels;
    int inside = (columns.end - columns.begin) * channels;
    int after = (layer->filter_width - columns.end) * channels;
    int index = patch_zero(0, rows.begin * layer->filter_width * channels);
    for (int y = rows.begin; y < rows.end; ++y) {
        int pixel = (rows.origin + y) * layer->input.width + columns.origin + columns.begin;
        index = patch_zero(index, before);
        index = patch_append(index, input + pixel * channels, inside, layer->input_zero_point);
        index = patch_zero(index, after);
    }
    patch_zero(index, (layer->filter_height - rows.end) * layer->filter_width * channels);
}

static int32_t dot_tail(const int8_t *weights, int begin, int size, int32_t sum)
{
    for (int i = begin; i < size; ++i) {
        sum += *patch_value(i) * weights[i];
    }
    return sum;
}

static int32_t dot_one(const int8_t *weights, int size, int32_t sum)
{
    const pair *values = patch;
    const int8_t *end = weights + (size & ~3);
    for (; weights < end; values += 2, weights += 4) {
        uint32_t word = load_word(weights);
        sum = multiply_add(values[0], even_bytes(word), sum);
        sum = multiply_add(values[1], odd_bytes(word), sum);
    }
    return dot_tail(weights - (size & ~3), size & ~3, size, sum);
}

typedef union {
    struct {
        int32_t first, second;
    };
    uint64_t both; // comes back in two registers
} two_sums;

// Not inlined: on its own the loop keeps everything in registers.
static __attribute__((noinline)) uint64_t dot_two(const int8_t *first, int size, int32_t first_sum,
                                                  int32_t second_sum)
{
    const pair *values = patch;
    const int8_t *second = first + size, *end = first + (size & ~3);
    for (; first < end; values += 2, first += 4, second += 4) {
        pair even = values[0], odd = values[1];
        uint32_t first_word = load_word(first), second_word = load_word(second);
        first_sum = multiply_add(even, even_bytes(first_word), first_sum);
        second_sum = multiply_add(even, even_bytes(second_word), second_sum);
        first_sum = multiply_add(odd, odd_bytes(first_word), first_sum);
        second_sum = multiply_add(odd, odd_bytes(second_word), second_sum);
    }
    int done = size & ~3;
    if (done < size) {
        first_sum = dot_tail(first - done, done, size, first_sum);
        second_sum = dot_tail(second - done, done, size, second_sum);
    }
    two_sums sums = {.first = first_sum, .second = second_sum};
    return sums.both;
}

typedef int8_t (*finish)(const nn_layer *, int, int32_t);

// All output channels of one position, from the patch. Inlined, so that output_of is no call.
static inline __attribute__((always_inline)) void
patch_times_weights(const nn_layer *layer, int size, int8_t *output, finish output_of)
{
    const int8_t *weights = layer->weights;
    int channel = 0;
    for (; channel + 1 < layer->output.channels; channel += 2, weights += 2 * size) {
        two_sums sums = {
            .both = dot_two(weights, size, layer->bias[channel], layer->bias[channel + 1])};
        output[channel] = output_of(layer, channel, sums.first);
        output[channel + 1] = output_of(layer, channel + 1, sums.second);
    }
    if (channel < layer->output.channels) {
        output[channel] = output_of(layer, channel, dot_one(weights, size, layer->bias[channel]));
    }
}

static void conv(const nn_layer *layer, const int8_t *input, int8_t *output)
{
    int size = layer->filter_height * layer->filter_width * layer->input.channels;
    for (int y = 0; y < layer->output.height; ++y) {
        nn_taps rows = nn_taps_at(y, layer->stride_height, layer->pad_top, layer->filter_height,
                                  layer->input.height);
        for (int x = 0; x < layer->output.width; ++x, output += layer->output.channels) {
            nn_taps columns = nn_taps_at(x, layer->stride_width, layer->pad_left,
                                         layer->filter_width, layer->input.width);
            patch_fill(layer, input, rows, columns);
            patch_times_weights(layer, size, output, nn_conv_output);
        }
    }
}

// Channels [channel, channel + 4) of one position.
static void depthwise_four(const nn_layer *layer, const int8_t *input, nn_taps rows,
                           nn_taps columns, int channel, int8_t *output)
{
    int channels = layer->input.channels;
    pair offset = (uint32_t)(-layer->input_zero_point & 0xFFFF) * 0x10001u;
    const int32_t *bias = layer->bias + channel;
    int32_t sum0 = bias[0], sum1 = bias[1], sum2 = bias[2], sum3 = bias[3];
    for (int y = rows.begin; y < rows.end; ++y) {
        int pixel = (rows.origin + y) * layer->input.width + columns.origin + columns.begin;
        const int8_t *values = input + pixel * channels + channel;
        const int8_t *weights =
            layer->weights + (y * layer->filter_width + columns.begin) * channels + channel;
        for (int x = columns.begin; x < columns.end; ++x, values += channels, weights += channels) {
            uint32_t value_word = load_word(values), weight_word = load_word(weights);
            pair value_even = add_even_bytes(offset, value_word),
                 weight_even = even_bytes(weight_word);
            pair value_odd = add_odd_bytes(offset, value_word), weight_odd = odd_bytes(weight_word);
            sum0 = multiply_add_low(value_even, weight_even, sum0);
            sum1 = multiply_add_low(value_odd, weight_odd, sum1);
            sum2 = multiply_add_high(value_even, weight_even, sum2);
            sum3 = multiply_add_high(value_odd, weight_odd, sum3);
        }
    }
    output[0] = nn_conv_output(layer, channel, sum0);
    output[1] = nn_conv_output(layer, channel + 1, sum1);
    output[2] = nn_conv_output(layer, channel + 2, sum2);
    output[3] = nn_conv_output(layer, channel + 3, sum3);
}

static void depthwise(const nn_layer *layer, const int8_t *input, int8_t *output)
{
    for (int y = 0; y < layer->output.height; ++y) {
        nn_taps rows = nn_taps_at(y, layer->stride_height, layer->pad_top, layer->filter_height,
                                  layer->input.height);
        for (int x = 0; x < layer->output.width; ++x) {
            nn_taps columns = nn_taps_at(x, layer->stride_width, layer->pad_left,
                                         layer->filter_width, layer->input.width);
            for (int c = 0; c < layer->output.channels; c += 4, output += 4) {
                depthwise_four(layer, input, rows, columns, c, output);
            }
        }
    }
}

static int depthwise_fits(const nn_layer *layer)
{
    return layer->input.channels == layer->output.channels && layer->input.channels % 4 == 0;
}

static int patch_fits(const nn_layer *layer)
{
    return layer->filter_height * layer->filter_width * layer->input.channels <= PATCH_MAXIMUM;
}

int nn_layer_run(const nn_layer *layer, const int8_t *input, int8_t *output)
{
    if (layer->kind == NN_CONV_2D && patch_fits(layer)) {
        conv(layer, input, output);
        return 0;
    }
    if (layer->kind == NN_DEPTHWISE_CONV_2D && depthwise_fits(layer)) {
        depthwise(layer, input, output);
        return 0;
    }
    if (layer->kind == NN_FULLY_CONNECTED && nn_size(layer->input) <= PATCH_MAXIMUM) {
        int size = (int)nn_size(layer->input);
        patch_append(0, input, size, layer->input_zero_point);
        patch_times_weights(layer, size, output, nn_connected_output);
        return 0;
    }
    return nn_layer_run_reference(layer, input, output);
}
