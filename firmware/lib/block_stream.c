#include "lib/block_stream.h"

#include "boards/board.h"
#include "lib/sample_account.h"

// WAITING: the next INT1 edge starts the burst. LEVEL, LATE: the edge has passed, the CPU reads the
// FIFO's level, then the burst. STALLED: both halves are the application's. FAILED: a bus error,
// until retried.
static enum { STALLED, WAITING, LEVEL, LATE, FAILED } state;

static sensor_block halves[2];
static uint32_t filling; // index of the half that the DMA fills
static uint32_t reading; // index of the half that the application reads next
static sample_account account;
static uint8_t fifo_samples;
static volatile uint32_t bus_errors;
static bool broken; // a transfer failed half-way: what it had taken out of the FIFO is gone
static bool brimful; // the FIFO was full without OVR: one more sample overruns it unseen

// The FIFO has reached the watermark: settles what was lost since the last time it did.
static void take_edge(sensor_block *half)
{
    half->edge_us = board_accelerometer_edge_us();
    uint32_t lost_samples = sample_account_edge(&account, half->edge_us);
    half->lost_samples += lost_samples;
    half->overruns += brimful && lost_samples > 0;
    brimful = false;
}

// Interrupts are locked or we are in the transfer's interrupt; the half to fill is free.
static void arm(void)
{
    sensor_block *half = &halves[filling];
    half->gap = broken;
    state = WAITING; // before arming: the edge may come at once
    if (board_accelerometer_read_on_edge(LIS2DW12_OUT_X_L, half->bytes, BLOCK_BYTES)) {
        return;
    }
    state = LEVEL;
    take_edge(half);
    board_accelerometer_read_start(LIS2DW12_FIFO_SAMPLES, &fifo_samples, 1);
}

static void level_read(sensor_block *half)
{
    if (fifo_samples & LIS2DW12_FIFO_SAMPLES_OVR) {
        half->overruns += 1;
        half->lost_samples += sample_account_full(&account, board_time_us(), LIS2DW12_FIFO_SLOTS);
    } else {
        brimful = (fifo_samples & LIS2DW12_FIFO_SAMPLES_DIFF) == LIS2DW12_FIFO_SLOTS;
    }
    half->gap |= brimful || half->overruns > 0;
    state = LATE;
    board_accelerometer_read_start(LIS2DW12_OUT_X_L, half->bytes, BLOCK_BYTES);
}

static void block_read(sensor_block *half)
{
    if (state == WAITING) {
        take_edge(half);
    }
    sample_account_read(&account);
    broken = false;
    half->full = true;
    filling ^= 1u;
    state = STALLED;
    if (!halves[filling].full) {
        arm();
    }
}

static void transfer_done(bool ok)
{
    sensor_block *half = &halves[filling];
    if (!ok) {
        bus_errors = bus_errors + 1;
        broken = true;
        state = FAILED;
    } else if (state == LEVEL) {
        level_read(half);
    } else {
        block_read(half);
    }
}

void block_stream_start(uint32_t rate_hz)
{
    sample_account_start(&account, BLOCK_SAMPLES, rate_hz);
    board_accelerometer_stream(transfer_done);
    uint32_t lock = board_interrupts_lock();
    arm();
    board_interrupts_unlock(lock);
}

const sensor_block *block_stream_next(void)
{
    return halves[reading].full ? &halves[reading] : 0;
}

void block_stream_release(void)
{
    uint32_t lock = board_interrupts_lock();
    halves[reading].lost_samples = 0;
    halves[reading].overruns = 0;
    halves[reading].full = false;
    reading ^= 1u;
    if (state == STALLED) {
        arm();
    }
    board_interrupts_unlock(lock);
}

uint32_t block_stream_bus_errors(void)
{
    return bus_errors;
}

void block_stream_retry(void)
{
    uint32_t lock = board_interrupts_lock();
    if (state == FAILED) {
        arm();
    }
    board_interrupts_unlock(lock);
}
