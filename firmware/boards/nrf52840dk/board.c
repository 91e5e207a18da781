// nRF52840 DK: LEDs, buttons, console on UARTE0, microseconds on TIMER1, seconds on RTC0.
// Not here: USB, NFC, QSPI flash, low-power regulator settings.
#include "boards/board.h"

#include "boards/nrf52840dk/pins.h"
#include "chips/nrf52840/clock.h"
#include "chips/nrf52840/core.h"
#include "chips/nrf52840/gpio.h"
#include "chips/nrf52840/timer.h"
#include "chips/nrf52840/uarte.h"

enum { TIME_TIMER = 1, TIME_CAPTURE = 1 };
enum { CONSOLE_PRIORITY = 6, SECONDS_PRIORITY = 5 }; // below the sensor's transfers

static const uint8_t led_pins[BOARD_LED_COUNT] = {LED1_PIN, LED2_PIN, LED3_PIN, LED4_PIN};
static const uint8_t button_pins[4] = {BUTTON1_PIN, BUTTON2_PIN, BUTTON3_PIN, BUTTON4_PIN};
static uint32_t console_dropped_bytes;

void board_start(void)
{
    clock_enable_instruction_cache();
    clock_start_hfxo();
    for (uint32_t i = 0; i < BOARD_LED_COUNT; ++i) {
        gpio_output(led_pins[i], true);
        gpio_input(button_pins[i], true);
    }
    uarte_start(CONSOLE_TX_PIN, CONSOLE_RX_PIN, CONSOLE_PRIORITY);
    timer_start_1mhz(TIME_TIMER);
}

void board_led_toggle(uint32_t led)
{
    gpio_toggle(led_pins[led]);
}

void board_led_set(uint32_t led, bool on)
{
    gpio_write(led_pins[led], !on);
}

bool board_button_pressed(uint32_t button)
{
    return !gpio_read(button_pins[button]);
}

void board_console_write(const char *text, size_t size)
{
    if (uarte_write(text, size) == 0) {
        console_dropped_bytes += size;
    }
}

uint32_t board_console_dropped_bytes(void)
{
    return console_dropped_bytes;
}

int board_console_read(void)
{
    return uarte_read();
}

uint32_t board_time_us(void)
{
    uint32_t lock = core_lock(); // one capture register, used by main loop and interrupts
    uint32_t now_us = timer_capture(TIME_TIMER, TIME_CAPTURE);
    core_unlock(lock);
    return now_us;
}

void board_seconds_start(void (*tick)(void))
{
    clock_start_lfclk();
    rtc_start_seconds(tick, SECONDS_PRIORITY);
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
