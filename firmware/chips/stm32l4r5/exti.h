// EXTI line 4 of the STM32L4R5: rising edges of pin 4 of a port (RM0432, "External interrupts").
// Not used: other lines, falling edges, events.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// Calls rise (from an interrupt) at each rising edge of pin 4 of the port (A is 0).
void exti4_on_rise(uint32_t port, void (*rise)(void), uint32_t priority);
bool exti4_pending(void); // an edge has come whose interrupt has not been taken
