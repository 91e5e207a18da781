// Ring of the newest accelerometer samples, from which whole windows are copied out by sample
// number. Sample numbers count every sample the sensor produced, also the lost ones; a window never
// spans a loss. One context only: producer and consumer are both the main loop.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/lis2dw12.h"

enum { WINDOW_RING_SLOTS = 128 }; // a power of two, >= window + block + what arrives in between

typedef struct {
    lis2dw12_sample slots[WINDOW_RING_SLOTS];
    uint32_t written;    // samples ever stored
    uint32_t lost;       // samples ever lost
    uint32_t contiguous; // stored since the last loss
} window_ring;

void window_ring_append(window_ring *self, lis2dw12_sample sample);
// Samples are missing just before the next one.
void window_ring_break(window_ring *self);
// Losses become known, maybe after samples that followed them: moves the sample numbers, not the
// samples.
void window_ring_lose(window_ring *self, uint32_t samples);
// Number of the sample that comes next.
uint32_t window_ring_end(const window_ring *self);
// Copies the samples [end - size, end), oldest first. False if one of them was lost, overwritten or
// is still to come.
bool window_ring_copy(const window_ring *self, uint32_t end, lis2dw12_sample *window,
                      uint32_t size);
