#include "chips/nrf52840/gpio.h"

#include "chips/nrf52840/core.h"

void gpio_output(uint32_t pin, bool level)
{
    gpio_write(pin, level);
    GPIO_PIN_CNF(pin) = GPIO_PIN_CNF_OUTPUT;
}

void gpio_input(uint32_t pin, bool pull_up)
{
    GPIO_PIN_CNF(pin) = GPIO_PIN_CNF_INPUT | (pull_up ? GPIO_PIN_CNF_PULLUP : 0u);
}

void gpio_write(uint32_t pin, bool level)
{
    if (level) {
        GPIO_OUTSET(pin) = BIT(pin & 31u);
    } else {
        GPIO_OUTCLR(pin) = BIT(pin & 31u);
    }
}

void gpio_toggle(uint32_t pin)
{
    gpio_write(pin, !(GPIO_OUT(pin) & BIT(pin & 31u)));
}

bool gpio_read(uint32_t pin)
{
    return (GPIO_IN(pin) >> (pin & 31u)) & 1u;
}

void gpiote_event_on_rise(uint32_t channel, uint32_t pin)
{
    GPIOTE_CONFIG(channel) = GPIOTE_CONFIG_EVENT_LOTOHI(pin);
    // Configuring a channel on a high pin may raise the event (GPIOTE chapter): start clean.
    core_clear_event(&GPIOTE_EVENTS_IN(channel));
}

void gpiote_toggle_task(uint32_t channel, uint32_t pin)
{
    GPIOTE_CONFIG(channel) = GPIOTE_CONFIG_TASK_TOGGLE(pin);
}

void ppi_connect(uint32_t channel, uint32_t event_address, uint32_t task_address)
{
    PPI_CH_EEP(channel) = event_address;
    PPI_CH_TEP(channel) = task_address;
}

void ppi_enable(uint32_t channel)
{
    PPI_CHENSET = BIT(channel);
}

void ppi_disable(uint32_t channel)
{
    PPI_CHENCLR = BIT(channel);
}
