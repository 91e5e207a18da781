// TIMER0..2 of the nRF52840 as free-running 32-bit counters; RTC0 as a slow tick.
// Not used: 8/16/24-bit widths, SHORTS to STOP, RTC TICK and OVRFLW.
#pragma once

#include <stdint.h>

// Runs free at 1 MHz; the count wraps after 71 minutes.
void timer_start_1mhz(uint32_t timer);
// Counts its COUNT task instead of a clock.
void timer_start_counter(uint32_t timer);
// Count at this moment. The capture register must have one user at a time.
uint32_t timer_capture(uint32_t timer, uint32_t capture_register);
uint32_t timer_capture_task_address(uint32_t timer, uint32_t capture_register);

// Calls tick (from an interrupt) each second; needs the low-frequency clock.
void rtc_start_seconds(void (*tick)(void), uint32_t priority);
