// Cortex-M4 odds and ends for drivers: interrupt enable with priority, short critical sections,
// sleep. The nRF52840 implements 3 priority bits, in the top of each IPR byte.
#pragma once

#include "chips/nrf52840/registers.h"

static inline void core_interrupt_enable(uint32_t irq, uint32_t priority)
{
    NVIC_IPR_BYTE(irq) = (uint8_t)(priority << 5);
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

// An event register write is posted over the bus; reading it back keeps the interrupt from firing
// twice.
static inline void core_clear_event(volatile uint32_t *event)
{
    *event = 0;
    (void)*event;
}

// A DMA transfer may start with the next store: all buffer writes must be in memory first.
static inline void core_memory_barrier(void)
{
    __asm volatile("dmb" ::: "memory");
}

static inline void core_wait_for_event(void)
{
    __asm volatile("wfe" ::: "memory");
}
