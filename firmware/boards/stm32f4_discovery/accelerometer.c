// Accelerometer of the STM32F4DISCOVERY: a LIS2DW12 wired to I2C1 (PB6, PB9) at 400 kHz and with its
// INT1 to PE4. INT1 -> EXTI4, whose handler takes the time and starts a prepared read; the bytes
// come by DMA. It has the highest priority: the time is late by its latency and by interrupt locks.
#include "boards/board.h"
#include "boards/stm32f4_discovery/pins.h"
#include "chips/stm32f407/core.h"
#include "chips/stm32f407/exti.h"
#include "chips/stm32f407/gpio.h"
#include "chips/stm32f407/i2c.h"
#include "chips/stm32f407/timer.h"

enum { EDGE_PRIORITY = 1, TRANSFER_PRIORITY = 2 };
enum { PORT_B = 1, PORT_E = 4 };

static bool bus_started;
static void (*read_done)(bool ok);
static volatile uint32_t edge_us;
static volatile bool armed; // the next edge starts the prepared read

static void start_bus(void)
{
    if (bus_started) {
        return;
    }
    gpio_start_ports(RCC_AHB1ENR_GPIO(PORT_B) | RCC_AHB1ENR_GPIO(PORT_E));
    gpio_open_drain(ACCELEROMETER_SCL_PIN);
    gpio_open_drain(ACCELEROMETER_SDA_PIN);
    gpio_alternate(ACCELEROMETER_SCL_PIN, ACCELEROMETER_FUNCTION);
    gpio_alternate(ACCELEROMETER_SDA_PIN, ACCELEROMETER_FUNCTION);
    gpio_input(ACCELEROMETER_INT1_PIN);
    i2c_start(ACCELEROMETER_ADDRESS);
    bus_started = true;
}

bool board_accelerometer_write_register(uint8_t target_register, uint8_t value)
{
    start_bus();
    return i2c_write_register(target_register, value);
}

bool board_accelerometer_read_registers(uint8_t target_register, uint8_t *buffer, uint32_t size)
{
    start_bus();
    return i2c_read_registers(target_register, buffer, size);
}

static void on_edge(void)
{
    edge_us = timer_now_us();
    if (armed) {
        armed = false;
        i2c_begin();
    }
}

static void transfer_done(bool ok)
{
    read_done(ok);
}

void board_accelerometer_stream(void (*done)(bool ok))
{
    read_done = done;
    i2c_interrupts(transfer_done, TRANSFER_PRIORITY);
    exti4_on_rise(PORT_E, on_edge, EDGE_PRIORITY);
}

void board_accelerometer_read_start(uint8_t first_register, uint8_t *buffer, uint32_t size)
{
    i2c_prepare_read(first_register, buffer, size);
    i2c_begin();
}

bool board_accelerometer_read_on_edge(uint8_t first_register, uint8_t *buffer, uint32_t size)
{
    uint32_t lock = core_lock();
    i2c_prepare_read(first_register, buffer, size);
    // High with the edge pending: its interrupt starts the read. High without it: the edge came
    // before, and the level cannot fall and rise again as nobody else reads the FIFO.
    armed = !gpio_read(ACCELEROMETER_INT1_PIN) || exti4_pending();
    bool waits = armed;
    core_unlock(lock);
    return waits;
}

uint32_t board_accelerometer_edge_us(void)
{
    return edge_us;
}
