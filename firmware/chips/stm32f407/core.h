// Cortex-M4 odds and ends for drivers: interrupt enable with priority, short critical sections,
// sleep. The STM32F407 implements 4 priority bits, in the top of each IPR byte.
#pragma once

#include "chips/stm32f407/registers.h"

static inline void core_interrupt_enable(uint32_t irq, uint32_t priority)
{
    NVIC_IPR_BYTE(irq) = (uint8_t)(priority << 4);
    NVIC_ICPR(irq >> 5) = BIT(irq & 31u);
    NVIC_ISER(irq >> 5) = BIT(irq & 31u);
}

static inline uint32_t core_lock(void)
{
    uint32_t primask;
    __asm volatile("mrs %0, primask\n\tcpsid i" : "=r"(primask)::"memory");
    return primask;
}

static inline void core_unlock(uint32_t primask)
{
    __asm volatile("msr primask, %0" ::"r"(primask) : "memory");
}

static inline void core_wait_for_event(void)
{
    __asm volatile("wfe" ::: "memory");
}

// CPU cycles from now on.
static inline void core_cycles_start(void)
{
    DEMCR |= DEMCR_TRCENA;
    DWT_CYCCNT = 0;
    DWT_CTRL |= DWT_CTRL_CYCCNTENA;
}
