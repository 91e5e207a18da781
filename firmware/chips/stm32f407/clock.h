// Clock tree of the STM32F407 ("Reset and clock control", "Embedded flash memory interface").
// Not used: PLLI2S, clock security, MCO, LSE.
#pragma once

enum {
    CLOCK_HCLK_HZ = 168000000,
    CLOCK_PCLK1_HZ = 42000000,
    CLOCK_PCLK2_HZ = 84000000,
    CLOCK_TIMERS1_HZ = 84000000, // timers on APB1: twice PCLK1
};

// 168 MHz from an 8 MHz crystal, flash with 5 wait states, caches and prefetch. Returns when the
// CPU runs from it.
void clock_start_168mhz(void);
