// STM32L4R5 start-up: vector table, FPU, .data and .bss, then main. Armv7-M architecture, B1.5 and
// B3.2.20. Not here: clocks (clock.c), data in SRAM2, MPU. Unclaimed interrupts stop in a loop
// that the fault report names.
#include "chips/stm32l4r5/registers.h"

extern uint32_t data_start[], data_end[], data_load[], bss_start[], bss_end[], stack_top[];

int main(void);

void Reset_Handler(void);
void Default_Handler(void);

#define WEAK __attribute__((weak, alias("Default_Handler")))
WEAK void NMI_Handler(void);
WEAK void HardFault_Handler(void);
WEAK void MemManage_Handler(void);
WEAK void BusFault_Handler(void);
WEAK void UsageFault_Handler(void);
WEAK void SVC_Handler(void);
WEAK void DebugMon_Handler(void);
WEAK void PendSV_Handler(void);
WEAK void SysTick_Handler(void);
WEAK void EXTI4_IRQHandler(void);
WEAK void I2C1_EV_IRQHandler(void);
WEAK void I2C1_ER_IRQHandler(void);
WEAK void EXTI15_10_IRQHandler(void);
WEAK void LPUART1_IRQHandler(void);
WEAK void TIM6_IRQHandler(void);

typedef void (*vector)(void);

enum { EXTERNAL = 16, IRQ_COUNT = 95 };

// clang-format off
__attribute__((section(".vectors"), used)) static const vector vectors[EXTERNAL + IRQ_COUNT] = {
    (vector)stack_top,
    Reset_Handler,
    NMI_Handler,
    HardFault_Handler,
    MemManage_Handler,
    BusFault_Handler,
    UsageFault_Handler,
    0, 0, 0, 0,
    SVC_Handler,
    DebugMon_Handler,
    0,
    PendSV_Handler,
    SysTick_Handler,
    [EXTERNAL ... EXTERNAL + IRQ_EXTI4 - 1] = Default_Handler,
    [EXTERNAL + IRQ_EXTI4] = EXTI4_IRQHandler,
    [EXTERNAL + IRQ_EXTI4 + 1 ... EXTERNAL + IRQ_I2C1_EV - 1] = Default_Handler,
    [EXTERNAL + IRQ_I2C1_EV] = I2C1_EV_IRQHandler,
    [EXTERNAL + IRQ_I2C1_ER] = I2C1_ER_IRQHandler,
    [EXTERNAL + IRQ_I2C1_ER + 1 ... EXTERNAL + IRQ_EXTI15_10 - 1] = Default_Handler,
    [EXTERNAL + IRQ_EXTI15_10] = EXTI15_10_IRQHandler,
    [EXTERNAL + IRQ_EXTI15_10 + 1 ... EXTERNAL + IRQ_TIM6 - 1] = Default_Handler,
    [EXTERNAL + IRQ_TIM6] = TIM6_IRQHandler,
    [EXTERNAL + IRQ_TIM6 + 1 ... EXTERNAL + IRQ_LPUART1 - 1] = Default_Handler,
    [EXTERNAL + IRQ_LPUART1] = LPUART1_IRQHandler,
    [EXTERNAL + IRQ_LPUART1 + 1 ... EXTERNAL + IRQ_COUNT - 1] = Default_Handler,
};
// clang-format on

void Default_Handler(void)
{
    for (;;) {
        __asm volatile("");
    }
}

void Reset_Handler(void)
{
    CPACR |= 0xFu << 20; // CP10 and CP11: the compiler may use the FPU from here on
    __asm volatile("dsb\n\tisb" ::: "memory");
    const uint32_t *source = data_load;
    for (uint32_t *word = data_start; word < data_end; ++word) {
        *word = *source++;
    }
    for (uint32_t *word = bss_start; word < bss_end; ++word) {
        *word = 0;
    }
    main();
    Default_Handler();
}
