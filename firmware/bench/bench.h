/* What every workload shares: its parameters, its checksum, its end. See start.c. */
#pragma once

#include <stdint.h>

/* Loaded into RAM with the image; the host may write it before the start. */
extern volatile uint32_t bench_iterations;
extern volatile uint32_t bench_checksum;

/* Runs the workload `iterations` times and returns the checksum of all results. */
uint32_t bench_run(uint32_t iterations);

/* The end of every run: sleeps for ever. A host that cannot sleep stops at its address. */
void bench_done(void);

/* FNV-1a over one word. */
static inline uint32_t checksum_word(uint32_t checksum, uint32_t word)
{
    return (checksum ^ word) * 16777619u;
}

/* Marsaglia's xorshift32. */
static inline uint32_t next_random(uint32_t *state)
{
    uint32_t x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    *state = x;
    return x;
}
