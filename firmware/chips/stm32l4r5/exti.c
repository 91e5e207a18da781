#include "chips/stm32l4r5/exti.h"

#include "chips/stm32l4r5/core.h"

enum { LINE = 4 };

static void (*on_rise)(void);

void exti4_on_rise(uint32_t port, void (*rise)(void), uint32_t priority)
{
    on_rise = rise;
    RCC_APB2ENR |= RCC_APB2ENR_SYSCFG;
    (void)RCC_APB2ENR; // an enabled block answers two cycles later
    SYSCFG_EXTICR(LINE) = (SYSCFG_EXTICR(LINE) & ~SYSCFG_EXTICR_FIELD(LINE, 15)) | SYSCFG_EXTICR_FIELD(LINE, port);
    EXTI_RTSR1 |= BIT(LINE);
    EXTI_PR1 = BIT(LINE);
    EXTI_IMR1 |= BIT(LINE);
    core_interrupt_enable(IRQ_EXTI4, priority);
}

bool exti4_pending(void)
{
    return (EXTI_PR1 & BIT(LINE)) != 0;
}

void EXTI4_IRQHandler(void)
{
    EXTI_PR1 = BIT(LINE);
    (void)EXTI_PR1; // the clear is posted: without the read the interrupt comes twice
    on_rise();
}
