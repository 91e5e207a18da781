// STM32L4R5 start-up: its interrupts; the rest is chips/startup.inc. Not here: clocks (clock.c), data in SRAM2, MPU.
#include "chips/stm32l4r5/registers.h"

#include "chips/startup.inc"

WEAK void EXTI4_IRQHandler(void);
WEAK void I2C1_EV_IRQHandler(void);
WEAK void I2C1_ER_IRQHandler(void);
WEAK void EXTI15_10_IRQHandler(void);
WEAK void LPUART1_IRQHandler(void);
WEAK void TIM6_IRQHandler(void);

enum { IRQ_COUNT = 95 };

// clang-format off
__attribute__((section(".vectors"), used)) static const vector vectors[EXTERNAL + IRQ_COUNT] = {
    CORE_VECTORS,
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
