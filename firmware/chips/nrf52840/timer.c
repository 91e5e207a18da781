#include "chips/nrf52840/timer.h"

#include "chips/nrf52840/core.h"

enum { RTC_PRESCALER_8_HZ = 4095, RTC_TICKS_PER_SECOND = 8, RTC_COUNTER_MASK = 0xFFFFFF };

static void (*second_tick)(void);

void timer_start_1mhz(uint32_t timer)
{
    TIMER_MODE(timer) = TIMER_MODE_TIMER;
    TIMER_BITMODE(timer) = TIMER_BITMODE_32BIT;
    TIMER_PRESCALER(timer) = 4; // 16 MHz / 2^4
    TIMER_TASKS_CLEAR(timer) = 1;
    TIMER_TASKS_START(timer) = 1;
}

void timer_start_counter(uint32_t timer)
{
    TIMER_MODE(timer) = TIMER_MODE_COUNTER;
    TIMER_BITMODE(timer) = TIMER_BITMODE_32BIT;
    TIMER_TASKS_CLEAR(timer) = 1;
    TIMER_TASKS_START(timer) = 1;
}

uint32_t timer_capture(uint32_t timer, uint32_t capture_register)
{
    TIMER_TASKS_CAPTURE(timer, capture_register) = 1;
    return TIMER_CC(timer, capture_register);
}

uint32_t timer_capture_task_address(uint32_t timer, uint32_t capture_register)
{
    return TIMER_TASKS_CAPTURE_ADDRESS(timer, capture_register);
}

void rtc_start_seconds(void (*tick)(void), uint32_t priority)
{
    second_tick = tick;
    RTC_PRESCALER = RTC_PRESCALER_8_HZ;
    RTC_CC(0) = RTC_TICKS_PER_SECOND;
    RTC_INTENSET = RTC_INTEN_COMPARE(0);
    core_interrupt_enable(IRQ_RTC0, priority);
    RTC_TASKS_START = 1;
}

void RTC0_IRQHandler(void)
{
    core_clear_event(&RTC_EVENTS_COMPARE(0));
    RTC_CC(0) = (RTC_CC(0) + RTC_TICKS_PER_SECOND) & RTC_COUNTER_MASK;
    second_tick();
}
