// NUCLEO-L4R5ZI: 120 MHz, three LEDs, button, console on LPUART1, microseconds on TIM2, seconds on TIM6.
// accelerometer.c: the sensor. Not here: USB. A fourth LED is ignored.
#include "boards/board.h"

#include "boards/nucleo_l4r5zi/pins.h"
#include "chips/stm32l4r5/clock.h"
#include "chips/stm32l4r5/core.h"
#include "chips/stm32l4r5/gpio.h"
#include "chips/stm32l4r5/lpuart.h"
#include "chips/stm32l4r5/timer.h"

enum { CONSOLE_BAUD = 115200, CONSOLE_PRIORITY = 12, SECONDS_PRIORITY = 10 };

static const uint8_t led_pins[LED_COUNT] = {LED1_PIN, LED2_PIN, LED3_PIN};
static uint32_t console_dropped_bytes;

void board_start(void)
{
    clock_start_120mhz();
    PWR_CR2 |= PWR_CR2_IOSV; // port G
    gpio_start_ports(RCC_AHB2ENR_GPIO(1) | RCC_AHB2ENR_GPIO(2) | RCC_AHB2ENR_GPIO(6));
    for (uint32_t i = 0; i < LED_COUNT; ++i) {
        gpio_output(led_pins[i], false);
    }
    gpio_input(BUTTON_PIN);
    gpio_alternate(CONSOLE_TX_PIN, CONSOLE_FUNCTION);
    gpio_alternate(CONSOLE_RX_PIN, CONSOLE_FUNCTION);
    lpuart_start(CONSOLE_BAUD, CONSOLE_PRIORITY);
    timer_start_1mhz();
}

void board_led_toggle(uint32_t led)
{
    if (led < LED_COUNT) {
        gpio_toggle(led_pins[led]);
    }
}

void board_led_set(uint32_t led, bool on)
{
    if (led < LED_COUNT) {
        gpio_write(led_pins[led], on);
    }
}

bool board_button_pressed(uint32_t button)
{
    return button == 0 && gpio_read(BUTTON_PIN);
}

void board_console_write(const char *text, size_t size)
{
    if (lpuart_write(text, size) == 0) {
        console_dropped_bytes += size;
    }
}

uint32_t board_console_dropped_bytes(void)
{
    return console_dropped_bytes;
}

int board_console_read(void)
{
    return lpuart_read();
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
