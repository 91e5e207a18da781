#include "chips/stm32f407/gpio.h"

#include "chips/stm32f407/core.h"

static void set_mode(uint32_t pin, uint32_t mode)
{
    uint32_t shift = 2u * (pin & 15u);
    GPIO_MODER(pin) = (GPIO_MODER(pin) & ~(3u << shift)) | (mode << shift);
}

void gpio_start_ports(uint32_t ports)
{
    RCC_AHB1ENR |= ports;
    (void)RCC_AHB1ENR; // an enabled block answers two cycles later
}

void gpio_output(uint32_t pin, bool level)
{
    gpio_write(pin, level);
    set_mode(pin, GPIO_MODER_OUTPUT);
}

void gpio_input(uint32_t pin)
{
    set_mode(pin, GPIO_MODER_INPUT);
}

void gpio_alternate(uint32_t pin, uint32_t function)
{
    uint32_t shift = 4u * (pin & 7u);
    GPIO_AFR(pin) = (GPIO_AFR(pin) & ~(15u << shift)) | (function << shift);
    set_mode(pin, GPIO_MODER_ALTERNATE);
}

void gpio_open_drain(uint32_t pin)
{
    GPIO_OTYPER(pin) |= BIT(pin & 15u);
}

void gpio_write(uint32_t pin, bool level)
{
    GPIO_BSRR(pin) = BIT(pin & 15u) << (level ? 0 : 16);
}

void gpio_toggle(uint32_t pin)
{
    gpio_write(pin, !(GPIO_ODR(pin) & BIT(pin & 15u)));
}

bool gpio_read(uint32_t pin)
{
    return (GPIO_IDR(pin) >> (pin & 15u)) & 1u;
}
