// Low-power modes of an STM32 as the fixtures use them. A sleep leaves interrupts masked: what woke the CPU stays pending
// until power_clear_wake(), which unmasks them.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// LSI on, backup domain open, RTC clocked by LSI; its wake-up line and the button's reach the NVIC.
void power_start(uint32_t button_line, uint32_t button_port);
void power_sleep(void);           // WFI, all clocks of the chip run
void power_stop(uint32_t depth);  // Stop; depth 0 is the lightest; the clock is what the chip wakes with
void power_standby(void);         // by reset and power_was_standby() back in main
void power_clear_wake(void);
bool power_was_standby(void);     // and clears the flag
