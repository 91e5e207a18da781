// nRF52840 start-up: its interrupts; the rest is chips/startup.inc. Not here: errata work-arounds, UICR set-up, MPU.
#include "chips/nrf52840/registers.h"

#include "chips/startup.inc"

WEAK void UARTE0_IRQHandler(void);
WEAK void TWIM0_IRQHandler(void);
WEAK void TIMER2_IRQHandler(void);
WEAK void RTC0_IRQHandler(void);

enum { IRQ_COUNT = 48 };

// clang-format off
__attribute__((section(".vectors"), used)) static const vector vectors[EXTERNAL + IRQ_COUNT] = {
    CORE_VECTORS,
    [EXTERNAL ... EXTERNAL + IRQ_UARTE0 - 1] = Default_Handler,
    [EXTERNAL + IRQ_UARTE0] = UARTE0_IRQHandler,
    [EXTERNAL + IRQ_TWIM0] = TWIM0_IRQHandler,
    [EXTERNAL + IRQ_TWIM0 + 1 ... EXTERNAL + IRQ_TIMER2 - 1] = Default_Handler,
    [EXTERNAL + IRQ_TIMER2] = TIMER2_IRQHandler,
    [EXTERNAL + IRQ_RTC0] = RTC0_IRQHandler,
    [EXTERNAL + IRQ_RTC0 + 1 ... EXTERNAL + IRQ_COUNT - 1] = Default_Handler,
};
// clang-format on
