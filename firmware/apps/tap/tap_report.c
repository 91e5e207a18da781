// Console lines and LED of the tap application. Lines are queued: nothing here waits for the UART.
#include "apps/tap/tap.h"
#include "boards/board.h"
#include "lib/line.h"
#include "lib/tinysim.h"

enum { EVENT_LED = 0 };

static const char *const class_names[TAP_CLASSES] = {"none", "single", "double"};

static uint32_t probability_hundredths(int8_t score)
{
    return ((uint32_t)(score + 128) * 100u + 128u) >>
           8; // softmax output: scale 1/256, zero point -128
}

TINYSIM_STAGE void tap_report(const tap_result *result)
{
    console_line line;
    line_begin(&line, "win");
    line_unsigned(&line, "n", result->window);
    line_text(&line, "class", class_names[result->window_class]);
    line_hundredths(&line, "p", probability_hundredths(result->score));
    line_unsigned(&line, "us", result->inference_us);
    line_unsigned(&line, "lost", tap_counters.lost);
    line_end(&line);
    tap_report_event(result->window, result->event);
}

void tap_report_event(uint32_t window, decide_class event)
{
    if (event == DECIDE_NONE) {
        return;
    }
    board_led_toggle(EVENT_LED);
    tap_counters.events += 1;
    console_line line;
    line_begin(&line, "event");
    line_unsigned(&line, "n", tap_counters.events);
    line_text(&line, "class", class_names[event]);
    line_unsigned(&line, "window", window);
    line_unsigned(&line, "sample", window * TAP_HOP + TAP_WINDOW);
    line_end(&line);
}

void tap_report_boot(void)
{
    console_line line;
    line_begin(&line, "boot");
    line_text(&line, "app", "tap");
    line_unsigned(&line, "odr", LIS2DW12_ODR_HZ);
    line_unsigned(&line, "window", TAP_WINDOW);
    line_unsigned(&line, "hop", TAP_HOP);
    line_end(&line);
}

void tap_report_stats(void)
{
    console_line line;
    line_begin(&line, "stats");
    line_unsigned(&line, "windows", tap_counters.windows);
    line_unsigned(&line, "overruns", tap_counters.overruns);
    line_unsigned(&line, "lost", tap_counters.lost);
    line_unsigned(&line, "skipped", tap_counters.skipped);
    line_unsigned(&line, "late", tap_counters.late);
    line_end(&line);
}

void tap_report_error(const char *what)
{
    console_line line;
    line_begin(&line, "error");
    line_text(&line, "what", what);
    line_end(&line);
}
