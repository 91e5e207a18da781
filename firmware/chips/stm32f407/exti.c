#include "chips/stm32f407/exti.h"

#include "chips/stm32f407/core.h"

enum { LINE = 4 };

static void (*on_rise)(void);

void exti4_on_rise(uint32_t port, void (*rise)(void), uint32_t priority)
{
    on_rise = rise;
    RCC_APB2ENR |= RCC_APB2ENR_SYSCFG;
    (void)RCC_APB2ENR; // an enabled block answers two cycles later
    SYSCFG_EXTICR(LINE) = (SYSCFG_EXTICR(LINE) & ~15u) | port; // line 4 has the lowest field
    EXTI_RTSR |= BIT(LINE);
    EXTI_PR = BIT(LINE);
    EXTI_IMR |= BIT(LINE);
    core_interrupt_enable(IRQ_EXTI4, priority);
}

bool exti4_pending(void)
{
    return (EXTI_PR & BIT(LINE)) != 0;
}

void EXTI4_IRQHandler(void)
{
    EXTI_PR = BIT(LINE);
    (void)EXTI_PR; // the clear is posted: without the read the interrupt comes twice
    on_rise();
}
