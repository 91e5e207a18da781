#include "chips/nrf52840/twim.h"

#include "chips/nrf52840/core.h"
#include "chips/nrf52840/gpio.h"

// 400 kHz moves a byte in 22.5 us: far more polls than the longest set-up transfer needs.
enum { POLLS_MAXIMUM = 100000 };

static uint8_t
    tx_bytes[2]; // EasyDMA cannot read flash: register number and value must stand in RAM
static uint32_t expected_bytes;
static bool failed;
static twim_done transfer_done;

void twim_start(uint32_t scl_pin, uint32_t sda_pin, uint8_t target_address)
{
    GPIO_PIN_CNF(scl_pin) = GPIO_PIN_CNF_PULLUP | GPIO_PIN_CNF_S0D1;
    GPIO_PIN_CNF(sda_pin) = GPIO_PIN_CNF_PULLUP | GPIO_PIN_CNF_S0D1;
    TWIM_PSEL_SCL = scl_pin;
    TWIM_PSEL_SDA = sda_pin;
    TWIM_FREQUENCY = TWIM_FREQUENCY_K400;
    TWIM_ADDRESS = target_address;
    TWIM_ENABLE = TWIM_ENABLE_TWIM;
}

// After an error the transfer does not stop by itself: the STOP task ends it, then STOPPED comes.
static bool wait_stopped(void)
{
    bool ok = true;
    for (uint32_t polls = 0; polls < POLLS_MAXIMUM; ++polls) {
        if (TWIM_EVENTS_ERROR) {
            core_clear_event(&TWIM_EVENTS_ERROR);
            TWIM_ERRORSRC = TWIM_ERRORSRC;
            TWIM_TASKS_STOP = 1;
            ok = false;
        }
        if (TWIM_EVENTS_STOPPED) {
            core_clear_event(&TWIM_EVENTS_STOPPED);
            return ok;
        }
    }
    return false;
}

void twim_begin(void)
{
    core_memory_barrier();
    TWIM_TASKS_STARTTX = 1;
}

bool twim_write_register(uint8_t target_register, uint8_t value)
{
    tx_bytes[0] = target_register;
    tx_bytes[1] = value;
    TWIM_SHORTS = TWIM_SHORTS_LASTTX_STOP;
    TWIM_TXD_PTR = (uint32_t)(uintptr_t)tx_bytes;
    TWIM_TXD_MAXCNT = 2;
    twim_begin();
    return wait_stopped();
}

void twim_prepare_read(uint8_t target_register, uint8_t *buffer, uint32_t size)
{
    tx_bytes[0] = target_register;
    expected_bytes = size;
    TWIM_SHORTS = TWIM_SHORTS_LASTTX_STARTRX | TWIM_SHORTS_LASTRX_STOP;
    TWIM_TXD_PTR = (uint32_t)(uintptr_t)tx_bytes;
    TWIM_TXD_MAXCNT = 1;
    TWIM_RXD_PTR = (uint32_t)(uintptr_t)buffer;
    TWIM_RXD_MAXCNT = size;
    core_memory_barrier();
}

bool twim_read_registers(uint8_t target_register, uint8_t *buffer, uint32_t size)
{
    twim_prepare_read(target_register, buffer, size);
    twim_begin();
    return wait_stopped() && TWIM_RXD_AMOUNT == size;
}

void twim_interrupts(twim_done done, uint32_t priority)
{
    transfer_done = done;
    TWIM_INTENSET = TWIM_INTEN_STOPPED | TWIM_INTEN_ERROR;
    core_interrupt_enable(IRQ_TWIM0, priority);
}

uint32_t twim_begin_task_address(void)
{
    return TWIM_TASKS_STARTTX_ADDRESS;
}

void TWIM0_IRQHandler(void)
{
    if (TWIM_EVENTS_ERROR) {
        core_clear_event(&TWIM_EVENTS_ERROR);
        TWIM_ERRORSRC = TWIM_ERRORSRC;
        TWIM_TASKS_STOP = 1;
        failed = true;
    }
    if (TWIM_EVENTS_STOPPED) {
        core_clear_event(&TWIM_EVENTS_STOPPED);
        core_memory_barrier();
        bool ok = !failed && TWIM_RXD_AMOUNT == expected_bytes;
        failed = false;
        transfer_done(ok);
    }
}
