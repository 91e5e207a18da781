/* What a workload's image needs of its chip: clocks, caches, and what runs beside the CPU. One chip_*.c for each chip. */
#pragma once

#include <stdint.h>

/* 1: the flash's cache (STM32F407: both and prefetch) is switched on. Loaded into RAM like the other parameters. */
extern volatile uint32_t bench_cache;

/* Called around the workload. chip_stop ends what goes on beside the CPU, so that the image can sleep for ever. */
void chip_start(void);
void chip_stop(void);
