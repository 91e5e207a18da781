// Tap application: sizes, counters and stages. All sizes in samples unless named otherwise.
#pragma once

#include <stdint.h>

#include "apps/tap/tap_model.h"
#include "lib/block_stream.h"
#include "lib/decide.h"
#include "lib/lis2dw12.h"
#include "lib/window_ring.h"

enum {
    TAP_WINDOW = 80,
    TAP_HOP = 40,
    TAP_CLASSES = 3,
    TAP_HOP_US = TAP_HOP * (1000000 / LIS2DW12_ODR_HZ),
    TAP_WINDOW_LOG = 128,
};

// Read by the host by symbol, never by the application.
typedef struct {
    uint32_t windows;  // inferred
    uint32_t overruns; // blocks before which the sensor's FIFO had overrun
    uint32_t lost;     // samples the sensor produced and nobody read
    uint32_t skipped;  // windows that could not be inferred: they span a loss
    uint32_t late;     // windows whose work took longer than a hop
    uint32_t events;
    uint32_t bus_errors;
    uint32_t console_dropped_bytes;
    uint32_t inference_us_maximum;
} tap_counter_values;

typedef struct {
    uint32_t window; // number n: samples [n * hop, n * hop + window)
    int8_t input[TAP_WINDOW];
    int8_t output[TAP_CLASSES];
    int8_t window_class;
} tap_window_entry;

extern int8_t tap_last_input[TAP_WINDOW];
extern int8_t tap_last_output[TAP_CLASSES];
extern volatile uint32_t
    tap_window_count; // inferred windows; entry (count - 1) % TAP_WINDOW_LOG is the newest
extern tap_window_entry tap_window_log[TAP_WINDOW_LOG];
extern tap_counter_values tap_counters;

// Stages, observed by symbol.
void tap_read_block(const sensor_block *block, window_ring *ring);
void tap_preprocess(const lis2dw12_sample *window, int8_t *input);
decide_class tap_decide(decide_machine *machine, const int8_t *output, decide_class *window_class);

typedef struct {
    uint32_t window;
    uint32_t inference_us;
    decide_class window_class, event;
    int8_t score; // softmax output of window_class
} tap_result;

void tap_report(const tap_result *result);

void tap_report_boot(void);
void tap_report_event(uint32_t window, decide_class event);
void tap_report_stats(void);
void tap_report_error(const char *what);
