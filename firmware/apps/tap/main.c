// Tap recognition: sensor blocks by DMA -> window of 80 samples each 40 -> int8 CNN -> single and
// double taps. Sleeps whenever no block waits. TAP_EXTRA_WORK_LOOPS adds idle work per window, to
// show what overload does.
#include "apps/tap/tap.h"
#include "boards/board.h"
#include "lib/nn.h"
#include "lib/tinysim.h"

#ifndef TAP_EXTRA_WORK_LOOPS
#define TAP_EXTRA_WORK_LOOPS 0
#endif

int8_t tap_last_input[TAP_WINDOW];
int8_t tap_last_output[TAP_CLASSES];
volatile uint32_t tap_window_count;
tap_window_entry tap_window_log[TAP_WINDOW_LOG];
tap_counter_values tap_counters;

static int8_t arena[TAP_ARENA_BYTES] __attribute__((aligned(8)));
static window_ring ring;
static decide_machine machine;
static uint32_t next_window; // number of the window to infer next
static volatile bool second_over;

static void second_tick(void)
{
    second_over = true;
}

TINYSIM_STAGE void tap_read_block(const sensor_block *block, window_ring *samples)
{
    if (block->gap) {
        window_ring_break(samples);
    }
    window_ring_lose(samples, block->lost_samples);
    for (int i = 0; i < BLOCK_SAMPLES; ++i) {
        window_ring_append(samples, lis2dw12_unpack(block->bytes + i * LIS2DW12_SAMPLE_BYTES));
    }
    tap_counters.overruns += block->overruns;
    tap_counters.lost += block->lost_samples;
    block_stream_release();
}

TINYSIM_STAGE decide_class tap_decide(decide_machine *decision, const int8_t *output,
                                      decide_class *window_class)
{
    int best = 0;
    for (int i = 1; i < TAP_CLASSES; ++i) {
        best = output[i] > output[best] ? i : best;
    }
    *window_class = output[best] >= TAP_REJECT_Q ? (decide_class)best : DECIDE_NONE;
    return decide_step(decision, *window_class);
}

static void log_window(const tap_result *result)
{
    tap_window_entry *entry = &tap_window_log[tap_window_count % TAP_WINDOW_LOG];
    entry->window = result->window;
    entry->window_class = (int8_t)result->window_class;
    for (int i = 0; i < TAP_WINDOW; ++i) {
        entry->input[i] = tap_last_input[i];
    }
    for (int i = 0; i < TAP_CLASSES; ++i) {
        entry->output[i] = tap_last_output[i];
    }
    tap_window_count = tap_window_count + 1;
    tap_counters.windows += 1;
}

#if TAP_EXTRA_WORK_LOOPS
TINYSIM_STAGE static void tap_extra_work(void)
{
    for (uint32_t loops = 0; loops < TAP_EXTRA_WORK_LOOPS; ++loops) {
        __asm volatile("");
    }
}
#else
static void tap_extra_work(void)
{
}
#endif

static void infer_window(const lis2dw12_sample *window)
{
    uint32_t begin_us = board_time_us();
    tap_preprocess(window, tap_last_input);
    tap_result result = {.window = next_window};
    uint32_t invoke_us = board_time_us();
    if (nn_invoke(&tap_model, tap_last_input, tap_last_output, arena, sizeof arena) < 0) {
        tap_report_error("inference");
        return;
    }
    result.inference_us = board_time_us() - invoke_us;
    result.event = tap_decide(&machine, tap_last_output, &result.window_class);
    result.score = tap_last_output[result.window_class];
    log_window(&result);
    tap_report(&result);
    tap_extra_work();
    if (result.inference_us > tap_counters.inference_us_maximum) {
        tap_counters.inference_us_maximum = result.inference_us;
    }
    tap_counters.late += board_time_us() - begin_us > TAP_HOP_US;
}

// Windows lie on a fixed grid of sample numbers. One that spans a loss is skipped and counts as
// quiet for the decision.
static void infer_due_windows(void)
{
    static lis2dw12_sample window[TAP_WINDOW];
    for (;; ++next_window) {
        uint32_t end = next_window * TAP_HOP + TAP_WINDOW;
        if ((int32_t)(window_ring_end(&ring) - end) < 0) {
            return;
        }
        if (window_ring_copy(&ring, end, window, TAP_WINDOW)) {
            infer_window(window);
        } else {
            tap_counters.skipped += 1;
            tap_report_event(next_window, decide_step(&machine, DECIDE_NONE));
        }
    }
}

static bool counters_changed(const tap_counter_values *before)
{
    return before->overruns != tap_counters.overruns || before->lost != tap_counters.lost ||
           before->skipped != tap_counters.skipped || before->late != tap_counters.late;
}

static void report_changes(tap_counter_values *before)
{
    tap_counters.bus_errors = block_stream_bus_errors();
    tap_counters.console_dropped_bytes = board_console_dropped_bytes();
    if (tap_counters.bus_errors != before->bus_errors) {
        tap_report_error("accelerometer_bus");
    }
    if (tap_counters.console_dropped_bytes != before->console_dropped_bytes) {
        tap_report_error("console_dropped");
        tap_counters.console_dropped_bytes =
            board_console_dropped_bytes(); // if that line was dropped as well
    }
    if (second_over || counters_changed(before)) {
        if (second_over) {
            second_over = false;
            block_stream_retry();
        }
        tap_report_stats();
    }
    *before = tap_counters;
}

static void start_sensor(void)
{
    const char *error;
    while ((error = lis2dw12_start(BLOCK_SAMPLES)) != 0) {
        tap_report_error(error);
        for (second_over = false; !second_over;) {
            board_sleep();
        }
    }
}

int main(void)
{
    board_start();
    board_seconds_start(second_tick);
    tap_report_boot();
    start_sensor();
    block_stream_start(LIS2DW12_ODR_HZ);
    tap_counter_values reported = tap_counters;
    for (;;) {
        const sensor_block *block = block_stream_next();
        if (block) {
            tap_read_block(block, &ring);
            infer_due_windows();
        }
        report_changes(&reported);
        if (!block) {
            board_sleep();
        }
    }
}
