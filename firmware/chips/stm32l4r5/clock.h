// Clock tree of the STM32L4R5 ("Reset and clock control", "Power control", "Embedded flash memory interface").
// Not used: PLLSAI1, PLLSAI2, clock security, MCO, LSE, HSI48.
#pragma once

enum {
    CLOCK_HCLK_HZ = 120000000,
    CLOCK_PCLK1_HZ = 120000000,
    CLOCK_TIMERS1_HZ = 120000000,
};

// 120 MHz from the 4 MHz MSI in range 1 boost mode, flash with 5 wait states, caches and prefetch.
// Returns when the CPU runs from it.
void clock_start_120mhz(void);
