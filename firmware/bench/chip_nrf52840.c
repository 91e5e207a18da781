/* nRF52840: 64 MHz from reset, the instruction cache by NVMC.ICACHECNF. An engine with plain memory there takes the write. */
#include "chip.h"

#define NVMC_ICACHECNF (*(volatile uint32_t *)0x4001E540u)
#define NVMC_ICACHECNF_CACHEEN 1u

__attribute__((section(".parameters"))) volatile uint32_t bench_cache = 1;

void chip_start(void)
{
    if (bench_cache) {
        NVMC_ICACHECNF = NVMC_ICACHECNF_CACHEEN;
    }
}

void chip_stop(void)
{
}
