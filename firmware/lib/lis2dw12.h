// LIS2DW12 three-axis accelerometer (ST datasheet DocID030823): 200 Hz, +-4 g, 14 bit, FIFO with
// watermark on INT1. Not used: tap, wake-up and free-fall engines, low-power modes, temperature,
// self-test.
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    LIS2DW12_OUT_X_L = 0x28, // burst reads roll over from OUT_Z_H to here while the FIFO is on
    LIS2DW12_FIFO_SAMPLES = 0x2F,
    LIS2DW12_FIFO_SAMPLES_OVR = 0x40,
    LIS2DW12_FIFO_SAMPLES_DIFF = 0x3F,
    LIS2DW12_FIFO_SLOTS = 32,
    LIS2DW12_SAMPLE_BYTES = 6,
    LIS2DW12_ODR_HZ = 200,
};

typedef struct {
    int16_t x, y, z; // counts of 0.488 mg (14 bit, +-4 g)
} lis2dw12_sample;

// Resets and identifies the part, then starts it. Returns 0 or a text that names what failed.
const char *lis2dw12_start(uint32_t watermark);

// One FIFO slot: three 16-bit little-endian registers, left-justified to 16 bits.
lis2dw12_sample lis2dw12_unpack(const uint8_t *slot);
