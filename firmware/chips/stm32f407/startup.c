// STM32F407 start-up: its interrupts; the rest is chips/startup.inc. Not here: clocks (clock.c), data in CCM, MPU.
#include "chips/stm32f407/registers.h"

#include "chips/startup.inc"

WEAK void EXTI0_IRQHandler(void);
WEAK void EXTI4_IRQHandler(void);
WEAK void DMA1_Stream0_IRQHandler(void);
WEAK void I2C1_EV_IRQHandler(void);
WEAK void I2C1_ER_IRQHandler(void);
WEAK void USART2_IRQHandler(void);
WEAK void TIM6_IRQHandler(void);

enum { IRQ_COUNT = 82 };

// clang-format off
__attribute__((section(".vectors"), used)) static const vector vectors[EXTERNAL + IRQ_COUNT] = {
    CORE_VECTORS,
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
