// STM32F407 start-up: vector table, FPU, .data and .bss, then main. Armv7-M architecture, B1.5 and
// B3.2.20. Not here: clocks (clock.c), data in CCM, MPU. Unclaimed interrupts stop in a loop
// that the fault report names.
#include "chips/stm32f407/registers.h"

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
WEAK void EXTI0_IRQHandler(void);
WEAK void EXTI4_IRQHandler(void);
WEAK void DMA1_Stream0_IRQHandler(void);
WEAK void I2C1_EV_IRQHandler(void);
WEAK void I2C1_ER_IRQHandler(void);
WEAK void USART2_IRQHandler(void);
WEAK void TIM6_IRQHandler(void);

typedef void (*vector)(void);

enum { EXTERNAL = 16, IRQ_COUNT = 82 };

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
    [EXTERNAL ... EXTERNAL + IRQ_EXTI0 - 1] = Default_Handler,
    [EXTERNAL + IRQ_EXTI0] = EXTI0_IRQHandler,
    [EXTERNAL + IRQ_EXTI0 + 1 ... EXTERNAL + IRQ_EXTI4 - 1] = Default_Handler,
    [EXTERNAL + IRQ_EXTI4] = EXTI4_IRQHandler,
    [EXTERNAL + IRQ_DMA1_STREAM0] = DMA1_Stream0_IRQHandler,
    [EXTERNAL + IRQ_DMA1_STREAM0 + 1 ... EXTERNAL + IRQ_I2C1_EV - 1] = Default_Handler,
    [EXTERNAL + IRQ_I2C1_EV] = I2C1_EV_IRQHandler,
    [EXTERNAL + IRQ_I2C1_ER] = I2C1_ER_IRQHandler,
    [EXTERNAL + IRQ_I2C1_ER + 1 ... EXTERNAL + IRQ_USART2 - 1] = Default_Handler,
    [EXTERNAL + IRQ_USART2] = USART2_IRQHandler,
    [EXTERNAL + IRQ_USART2 + 1 ... EXTERNAL + IRQ_TIM6 - 1] = Default_Handler,
    [EXTERNAL + IRQ_TIM6] = TIM6_IRQHandler,
    [EXTERNAL + IRQ_TIM6 + 1 ... EXTERNAL + IRQ_COUNT - 1] = Default_Handler,
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
