// STM32F4DISCOVERY: 168 MHz, LEDs, button, console on USART2, microseconds on TIM2, seconds on TIM6.
// accelerometer.c: the sensor. Not here: the LIS3DSH, microphone, audio DAC, USB.
#include "boards/board.h"

#include "boards/stm32f4_discovery/pins.h"
#include "chips/stm32f407/clock.h"
#include "chips/stm32f407/core.h"
#include "chips/stm32f407/gpio.h"
#include "chips/stm32f407/timer.h"
#include "chips/stm32f407/usart.h"

enum { CONSOLE_BAUD = 115200, CONSOLE_PRIORITY = 12, SECONDS_PRIORITY = 10 };

static const uint8_t led_pins[BOARD_LED_COUNT] = {LED1_PIN, LED2_PIN, LED3_PIN, LED4_PIN};
static uint32_t console_dropped_bytes;

void board_start(void)
{
    clock_start_168mhz();
    gpio_start_ports(RCC_AHB1ENR_GPIO(0) | RCC_AHB1ENR_GPIO(3));
    for (uint32_t i = 0; i < BOARD_LED_COUNT; ++i) {
        gpio_output(led_pins[i], false);
    }
    gpio_input(BUTTON_PIN);
    gpio_alternate(CONSOLE_TX_PIN, CONSOLE_FUNCTION);
    gpio_alternate(CONSOLE_RX_PIN, CONSOLE_FUNCTION);
    usart_start(CONSOLE_BAUD, CONSOLE_PRIORITY);
    timer_start_1mhz();
}

void board_led_toggle(uint32_t led)
{
    gpio_toggle(led_pins[led]);
}

void board_led_set(uint32_t led, bool on)
{
    gpio_write(led_pins[led], on);
}

bool board_button_pressed(uint32_t button)
{
    return button == 0 && gpio_read(BUTTON_PIN);
}

void board_console_write(const char *text, size_t size)
{
    if (usart_write(text, size) == 0) {
        console_dropped_bytes += size;
    }
}

uint32_t board_console_dropped_bytes(void)
{
    return console_dropped_bytes;
}

int board_console_read(void)
{
    return usart_read();
}

uint32_t board_time_us(void)
{
    return timer_now_us();
}

void board_seconds_start(void (*tick)(void))
{
    timer_start_seconds(tick, SECONDS_PRIORITY);
}

void board_sleep(void)
{
    core_wait_for_event();
}

uint32_t board_interrupts_lock(void)
{
    return core_lock();
}

void board_interrupts_unlock(uint32_t lock)
{
    core_unlock(lock);
}
