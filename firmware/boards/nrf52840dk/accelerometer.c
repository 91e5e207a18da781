// Accelerometer of the nRF52840 DK: TWIM0 at 400 kHz, INT1 -> GPIOTE -> PPI -> TWIM0 STARTTX.
// A second PPI channel captures TIMER1 at each INT1 edge, also while no read is prepared.
#include "boards/board.h"
#include "boards/nrf52840dk/pins.h"
#include "chips/nrf52840/core.h"
#include "chips/nrf52840/gpio.h"
#include "chips/nrf52840/timer.h"
#include "chips/nrf52840/twim.h"

enum { TIME_TIMER = 1, EDGE_CAPTURE = 0 };
enum { INT1_CHANNEL = 0, EDGE_TIME_PPI = 0, READ_PPI = 1 };
enum { SENSOR_PRIORITY = 2 };

static bool bus_started;
static void (*read_done)(bool ok);

static void start_bus(void)
{
    if (!bus_started) {
        twim_start(ACCELEROMETER_SCL_PIN, ACCELEROMETER_SDA_PIN, ACCELEROMETER_ADDRESS);
        bus_started = true;
    }
}

bool board_accelerometer_write_register(uint8_t target_register, uint8_t value)
{
    start_bus();
    return twim_write_register(target_register, value);
}

bool board_accelerometer_read_registers(uint8_t target_register, uint8_t *buffer, uint32_t size)
{
    start_bus();
    return twim_read_registers(target_register, buffer, size);
}

static void transfer_done(bool ok)
{
    ppi_disable(READ_PPI); // the next edge must not start a transfer into the same buffer
    read_done(ok);
}

void board_accelerometer_stream(void (*done)(bool ok))
{
    read_done = done;
    gpio_input(ACCELEROMETER_INT1_PIN, false);
    gpiote_event_on_rise(INT1_CHANNEL, ACCELEROMETER_INT1_PIN);
    uint32_t edge = GPIOTE_EVENTS_IN_ADDRESS(INT1_CHANNEL);
    ppi_connect(EDGE_TIME_PPI, edge, timer_capture_task_address(TIME_TIMER, EDGE_CAPTURE));
    ppi_connect(READ_PPI, edge, twim_begin_task_address());
    ppi_enable(EDGE_TIME_PPI);
    twim_interrupts(transfer_done, SENSOR_PRIORITY);
}

void board_accelerometer_read_start(uint8_t first_register, uint8_t *buffer, uint32_t size)
{
    twim_prepare_read(first_register, buffer, size);
    twim_begin();
}

bool board_accelerometer_read_on_edge(uint8_t first_register, uint8_t *buffer, uint32_t size)
{
    twim_prepare_read(first_register, buffer, size);
    core_clear_event(&GPIOTE_EVENTS_IN(INT1_CHANNEL));
    ppi_enable(READ_PPI);
    // High with the event set: the edge came after the clear and has started the read. High without
    // it: the edge came before, and the level cannot fall and rise again as nobody else reads the
    // FIFO.
    bool missed = gpio_read(ACCELEROMETER_INT1_PIN) && !GPIOTE_EVENTS_IN(INT1_CHANNEL);
    if (missed) {
        ppi_disable(READ_PPI);
    }
    return !missed;
}

uint32_t board_accelerometer_edge_us(void)
{
    return TIMER_CC(TIME_TIMER, EDGE_CAPTURE);
}
