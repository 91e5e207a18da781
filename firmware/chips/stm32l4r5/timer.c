#include "chips/stm32l4r5/timer.h"

#include "chips/stm32l4r5/clock.h"
#include "chips/stm32l4r5/core.h"

enum { SLOW_HZ = 10000 };

static void (*second_tick)(void);

// UG loads the prescaler, which would else act from the first update on; it sets UIF as well.
static void start(uint32_t base, uint32_t count_hz, uint32_t reload)
{
    TIM_PSC(base) = CLOCK_TIMERS1_HZ / count_hz - 1;
    TIM_ARR(base) = reload;
    TIM_EGR(base) = TIM_EGR_UG;
    TIM_SR(base) = 0;
    TIM_CR1(base) = TIM_CR1_CEN;
}

void timer_start_1mhz(void)
{
    RCC_APB1ENR1 |= RCC_APB1ENR1_TIM2;
    (void)RCC_APB1ENR1; // an enabled block answers two cycles later
    start(TIM2_BASE, 1000000, 0xFFFFFFFFu);
}

uint32_t timer_now_us(void)
{
    return TIM_CNT(TIM2_BASE);
}

void timer_start_seconds(void (*tick)(void), uint32_t priority)
{
    second_tick = tick;
    RCC_APB1ENR1 |= RCC_APB1ENR1_TIM6;
    (void)RCC_APB1ENR1;
    start(TIM6_BASE, SLOW_HZ, SLOW_HZ - 1);
    TIM_DIER(TIM6_BASE) = TIM_DIER_UIE;
    core_interrupt_enable(IRQ_TIM6, priority);
}

void TIM6_IRQHandler(void)
{
    TIM_SR(TIM6_BASE) = 0;
    (void)TIM_SR(TIM6_BASE); // the clear is posted: without the read the interrupt comes twice
    second_tick();
}
