/* Vectors, reset and end of the benchmark images; what is the chip's own stands in chip_*.c. */
#include "bench.h"
#include "chip.h"

#define CPACR (*(volatile uint32_t *)0xE000ED88u)
#define CPACR_CP10_CP11_FULL (0xFu << 20)

extern uint32_t stack_top[], data_source[], data_start[], data_end[], bss_start[], bss_end[];

__attribute__((section(".parameters"))) volatile uint32_t bench_iterations = BENCH_ITERATIONS;
__attribute__((section(".parameters"))) volatile uint32_t bench_checksum = 0;

void reset_handler(void);
void systick_handler(void);

static void unexpected_exception(void)
{
    for (;;) {
    }
}

__attribute__((weak)) void systick_handler(void)
{
    unexpected_exception();
}

__attribute__((section(".vectors"), used)) static void *const vectors[16] = {
    stack_top,
    (void *)reset_handler,
    [2 ... 14] = (void *)unexpected_exception,
    [15] = (void *)systick_handler,
};

__attribute__((noinline)) void bench_done(void)
{
    for (;;) {
        __asm volatile("wfi");
    }
}

void reset_handler(void)
{
    CPACR |= CPACR_CP10_CP11_FULL;
    __asm volatile("dsb\n isb" ::: "memory");
    const uint32_t *source = data_source;
    for (uint32_t *word = data_start; word < data_end; word++) {
        *word = *source++;
    }
    for (uint32_t *word = bss_start; word < bss_end; word++) {
        *word = 0;
    }
    chip_start();
    bench_checksum = bench_run(bench_iterations);
    chip_stop();
    bench_done();
}
