// CLOCK and instruction cache of the nRF52840 ("Clock control", "NVMC, instruction cache").
// Not used: calibration of the RC oscillator, LFSYNTH.
#pragma once

// Starts the 32 MHz crystal and returns when it runs: UARTE's baud rate and TIMER are only exact on
// it.
void clock_start_hfxo(void);

// Starts the 32.768 kHz clock for the RTC and returns when it runs: at first from the RC
// oscillator, which the chip swaps for the crystal once that is stable (some 250 ms later).
void clock_start_lfclk(void);

void clock_enable_instruction_cache(void);
