#include "lib/sample_account.h"

void sample_account_start(sample_account *self, uint32_t block_samples, uint32_t rate_hz)
{
    *self = (sample_account){
        .block_samples = block_samples,
        .block_us = block_samples * 1000000u / rate_hz,
    };
}

static uint32_t produced(const sample_account *self, uint32_t elapsed_us, uint32_t rounding_us)
{
    return (elapsed_us * self->block_samples + rounding_us) / self->block_us;
}

uint32_t sample_account_full(sample_account *self, uint32_t now_us, uint32_t slots)
{
    // At the edge the FIFO held block_samples; now it holds all its slots.
    uint32_t since_edge = produced(self, now_us - self->edge_us, 0) + self->block_samples;
    uint32_t estimate = since_edge > slots ? since_edge - slots : 0;
    uint32_t more = estimate > self->estimated_lost ? estimate - self->estimated_lost : 0;
    self->estimated_lost += more;
    return more;
}

uint32_t sample_account_edge(sample_account *self, uint32_t edge_us)
{
    uint32_t elapsed_us = edge_us - self->edge_us;
    if (self->has_edge && elapsed_us == 0) {
        return 0; // the same edge again, after a failed transfer
    }
    uint32_t made = produced(self, elapsed_us, self->block_us / 2);
    uint32_t gone = self->read_samples + self->estimated_lost;
    uint32_t lost = self->has_edge && made > gone ? made - gone : 0;
    if (self->has_edge && made == self->block_samples && gone == made) {
        self->block_us = elapsed_us; // an undisturbed block: the sensor's own clock, seen by ours
    }
    self->edge_us = edge_us;
    self->read_samples = 0;
    self->estimated_lost = 0;
    self->has_edge = true;
    return lost;
}

void sample_account_read(sample_account *self)
{
    self->read_samples += self->block_samples;
}
