/* Workload d: SysTick every 1000 cycles with a short handler, foreground work after each wake, WFI between.
   An engine without exceptions calls the handler in a loop instead (bench_without_interrupts = 1): then neither
   exception entry nor WFI is measured. The checksum depends on the number of ticks alone, so both ways agree. */
#include "bench.h"

#define SYST_CSR (*(volatile uint32_t *)0xE000E010u)
#define SYST_RVR (*(volatile uint32_t *)0xE000E014u)
#define SYST_CVR (*(volatile uint32_t *)0xE000E018u)
#define SYST_CSR_ENABLE 1u
#define SYST_CSR_TICKINT 2u
#define SYST_CSR_CLKSOURCE 4u

enum { TICK_CYCLES = 1000, RING_SAMPLES = 64, WORK_SAMPLES = 16 };

__attribute__((section(".parameters"))) volatile uint32_t bench_without_interrupts = 0;

static uint32_t handler_seed = 2463534242u, handler_checksum = 2166136261u, ticks_wanted;
static volatile uint32_t ticks;
static volatile int32_t ring[RING_SAMPLES];
static volatile int32_t average;

/* One sample of an imagined converter: filtered by a leaky mean and put into the ring. */
void systick_handler(void)
{
    static int32_t mean;
    if (ticks == ticks_wanted) {
        return;
    }
    int32_t sample = (int32_t)next_random(&handler_seed) >> 16;
    mean += (sample - mean) >> 3;
    ring[ticks % RING_SAMPLES] = mean;
    handler_checksum = checksum_word(handler_checksum, (uint32_t)mean);
    ticks++;
}

static void foreground(void)
{
    int32_t sum = 0;
    for (uint32_t i = 0; i < WORK_SAMPLES; i++) {
        sum += ring[(ticks + i) % RING_SAMPLES];
    }
    average = sum / WORK_SAMPLES;
}

uint32_t bench_run(uint32_t iterations)
{
    ticks_wanted = iterations;
    if (!bench_without_interrupts) {
        SYST_RVR = TICK_CYCLES - 1;
        SYST_CVR = 0;
        SYST_CSR = SYST_CSR_ENABLE | SYST_CSR_TICKINT | SYST_CSR_CLKSOURCE;
    }
    while (ticks < iterations) {
        if (bench_without_interrupts) {
            systick_handler();
        } else {
            __asm volatile("wfi");
        }
        foreground();
    }
    SYST_CSR = 0;
    return handler_checksum;
}
