// GPIO, GPIOTE and PPI of the nRF52840: pins by their port * 32 + pin number, channels by index.
// Not used: SENSE and DETECT, GPIOTE PORT event, PPI groups.
#pragma once

#include <stdbool.h>
#include <stdint.h>

void gpio_output(uint32_t pin, bool level);
void gpio_input(uint32_t pin, bool pull_up);
void gpio_write(uint32_t pin, bool level);
void gpio_toggle(uint32_t pin);
bool gpio_read(uint32_t pin);

// GPIOTE channel raises its IN event on each rising edge of the pin.
void gpiote_event_on_rise(uint32_t channel, uint32_t pin);
// GPIOTE channel owns the pin; its OUT task toggles it.
void gpiote_toggle_task(uint32_t channel, uint32_t pin);

void ppi_connect(uint32_t channel, uint32_t event_address, uint32_t task_address);
void ppi_enable(uint32_t channel);
void ppi_disable(uint32_t channel);
