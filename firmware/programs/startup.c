// Vectors and reset for a newlib program: FPU on, initialised data copied; newlib's crt0 does the rest and calls main.
// Freestanding: runs before there is a C library.
#include <stdint.h>

extern uint32_t data_start[], data_end[], data_load[];
extern uint32_t __stack[];
void _start(void);
void Reset_Handler(void);

#define CPACR (*(volatile uint32_t *)0xE000ED88u)

static void stop_here(void)
{
    for (;;) {
    }
}

__attribute__((used, noreturn)) void Reset_Handler(void)
{
    CPACR |= 0xFu << 20;
    __asm volatile("dsb\n\tisb");
    const uint32_t *from = data_load;
    for (uint32_t *to = data_start; to < data_end;) {
        *to++ = *from++;
    }
    _start();
    stop_here();
    __builtin_unreachable();
}

typedef void (*vector)(void);

__attribute__((used, section(".vectors"))) const vector vectors[16] = {
    (vector)__stack, Reset_Handler,
    stop_here, stop_here, stop_here, stop_here, stop_here, 0,
    0, 0, 0, stop_here, stop_here, 0, stop_here, stop_here,
};
