#include "chips/nrf52840/clock.h"

#include "chips/nrf52840/core.h"

void clock_start_hfxo(void)
{
    CLOCK_EVENTS_HFCLKSTARTED = 0;
    CLOCK_TASKS_HFCLKSTART = 1;
    while (!CLOCK_EVENTS_HFCLKSTARTED) {
    }
}

void clock_start_lfclk(void)
{
    CLOCK_LFCLKSRC = CLOCK_LFCLKSRC_XTAL;
    CLOCK_TASKS_LFCLKSTART = 1;
    while (!(CLOCK_LFCLKSTAT & CLOCK_LFCLKSTAT_STATE)) {
    }
}

void clock_enable_instruction_cache(void)
{
    NVMC_ICACHECNF = 1;
}
