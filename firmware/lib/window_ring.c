#include "lib/window_ring.h"

#include "lib/memory.h"

_Static_assert((WINDOW_RING_SLOTS & (WINDOW_RING_SLOTS - 1)) == 0, "indices are masked");

void window_ring_append(window_ring *self, lis2dw12_sample sample)
{
    self->slots[self->written % WINDOW_RING_SLOTS] = sample;
    self->written += 1;
    self->contiguous += 1;
}

void window_ring_break(window_ring *self)
{
    self->contiguous = 0;
}

void window_ring_lose(window_ring *self, uint32_t samples)
{
    self->lost += samples;
}

uint32_t window_ring_end(const window_ring *self)
{
    return self->written + self->lost;
}

bool window_ring_copy(const window_ring *self, uint32_t end, lis2dw12_sample *window, uint32_t size)
{
    uint32_t age = window_ring_end(self) - end; // samples stored after the window
    bool known = end <= window_ring_end(self) && size + age <= self->contiguous;
    if (!known || size + age > WINDOW_RING_SLOTS) {
        return false;
    }
    uint32_t first = (self->written - age - size) % WINDOW_RING_SLOTS;
    uint32_t until_wrap = WINDOW_RING_SLOTS - first;
    uint32_t head = size < until_wrap ? size : until_wrap;
    memcpy(window, &self->slots[first], head * sizeof window[0]);
    memcpy(window + head, self->slots, (size - head) * sizeof window[0]);
    return true;
}
