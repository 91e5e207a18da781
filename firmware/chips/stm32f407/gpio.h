// GPIO of the STM32F407: pins by their port * 16 + pin number (A is port 0).
// Not used: speed, pulls, lock.
#pragma once

#include <stdbool.h>
#include <stdint.h>

void gpio_start_ports(uint32_t ports); // bit n switches port n's clock on
void gpio_output(uint32_t pin, bool level);
void gpio_input(uint32_t pin);
void gpio_alternate(uint32_t pin, uint32_t function);
void gpio_open_drain(uint32_t pin);
void gpio_write(uint32_t pin, bool level);
void gpio_toggle(uint32_t pin);
bool gpio_read(uint32_t pin);
