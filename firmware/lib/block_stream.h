// Sensor blocks by DMA into two halves, one owned by the DMA, one by the application, with honest
// backpressure: while the application has not released a half, nothing is read, the sensor's FIFO
// fills, and what it loses is counted. Written for the LIS2DW12's FIFO; one interrupt per block
// while the application keeps up.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/lis2dw12.h"

enum { BLOCK_SAMPLES = 20, BLOCK_BYTES = BLOCK_SAMPLES * LIS2DW12_SAMPLE_BYTES };

typedef struct {
    uint8_t bytes[BLOCK_BYTES]; // FIFO slots, oldest first
    uint32_t edge_us;           // when the FIFO reached the watermark
    uint32_t lost_samples;      // newly known losses
    uint8_t overruns;   // newly known overruns: FIFO_SAMPLES had OVR set, or its last slot filled
                        // meanwhile
    bool gap;           // samples may be missing just before this block
    volatile bool full; // true: the application's; false: the DMA's
} sensor_block;

// From board_accelerometer_stream's interrupt on, blocks arrive. Sensor must be set to a watermark
// of BLOCK_SAMPLES.
void block_stream_start(uint32_t rate_hz);
// Oldest unread block, or 0.
const sensor_block *block_stream_next(void);
// Gives the block from block_stream_next back to the DMA.
void block_stream_release(void);
// Bus errors since start; after one, nothing is read until block_stream_retry.
uint32_t block_stream_bus_errors(void);
void block_stream_retry(void);
