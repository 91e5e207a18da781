// TIM2 of the STM32L4R5 as a free-running microsecond counter, TIM6 as a slow tick; both count
// CLOCK_TIMERS1_HZ. Not used: capture and compare.
#pragma once

#include <stdint.h>

// The count wraps after 71 minutes.
void timer_start_1mhz(void);
uint32_t timer_now_us(void);

// Calls tick (from an interrupt) each second.
void timer_start_seconds(void (*tick)(void), uint32_t priority);
