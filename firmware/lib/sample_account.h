// Counts samples which a sensor FIFO lost, from the times of its watermark edges alone.
// At each edge the FIFO holds exactly the watermark, so between two edges: lost = produced - read.
// Produced comes from the sample period, which undisturbed blocks measure. A stall must be shorter
// than 200 s.
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint32_t block_samples;  // read per block, equal to the watermark
    uint32_t block_us;       // time of block_samples samples, as last measured
    uint32_t edge_us;        // last edge
    uint32_t read_samples;   // read since last edge
    uint32_t estimated_lost; // already reported since last edge
    bool has_edge;
} sample_account;

void sample_account_start(sample_account *self, uint32_t block_samples, uint32_t rate_hz);
// A full FIFO of so many slots is about to be read: samples lost since the last edge, at least (one
// more may follow).
uint32_t sample_account_full(sample_account *self, uint32_t now_us, uint32_t slots);
// A watermark edge: samples lost before it that were not yet reported (exact in sum).
uint32_t sample_account_edge(sample_account *self, uint32_t edge_us);
void sample_account_read(sample_account *self);
