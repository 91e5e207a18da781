#include "chips/nrf52840/uarte.h"

#include "chips/nrf52840/core.h"
#include "chips/nrf52840/gpio.h"

enum { TX_RING_BYTES = 1024, RX_RING_BYTES = 64 };

// Counters run free and are taken modulo the ring size; head - tail is the fill level.
static char tx_ring[TX_RING_BYTES];
static volatile uint32_t tx_head, tx_tail;
static volatile uint32_t tx_in_flight; // bytes which EasyDMA reads now

// STARTTX between STOPTX and TXSTOPPED is not allowed: new text waits for the interrupt.
static volatile enum { TX_STOPPED, TX_SENDING, TX_STOPPING } tx_state;

static char rx_ring[RX_RING_BYTES];
static volatile uint32_t rx_head, rx_tail;
static volatile char rx_byte;

static void transmit_next(void)
{
    uint32_t waiting = tx_head - tx_tail;
    uint32_t start = tx_tail % TX_RING_BYTES;
    uint32_t contiguous = TX_RING_BYTES - start;
    tx_in_flight = waiting < contiguous ? waiting : contiguous;
    if (tx_in_flight == 0) {
        tx_state = tx_state == TX_SENDING ? TX_STOPPING : TX_STOPPED;
        if (tx_state == TX_STOPPING) {
            UARTE_TASKS_STOPTX = 1; // an idle transmitter that is not stopped keeps the clocks on
        }
        return;
    }
    tx_state = TX_SENDING;
    UARTE_TXD_PTR = (uint32_t)(uintptr_t)&tx_ring[start];
    UARTE_TXD_MAXCNT = tx_in_flight;
    core_memory_barrier();
    UARTE_TASKS_STARTTX = 1;
}

void uarte_start(uint32_t tx_pin, uint32_t rx_pin, uint32_t priority)
{
    gpio_output(tx_pin, true); // the line idles high also while the block is off
    gpio_input(rx_pin, true);
    UARTE_PSEL_TXD = tx_pin;
    UARTE_PSEL_RXD = rx_pin;
    UARTE_PSEL_RTS = PSEL_DISCONNECTED;
    UARTE_PSEL_CTS = PSEL_DISCONNECTED;
    UARTE_BAUDRATE = UARTE_BAUDRATE_115200;
    UARTE_CONFIG = 0;
    UARTE_ENABLE = UARTE_ENABLE_UARTE;
    UARTE_SHORTS = UARTE_SHORTS_ENDRX_STARTRX;
    UARTE_INTENSET = UARTE_INTEN_ENDTX | UARTE_INTEN_TXSTOPPED | UARTE_INTEN_ENDRX;
    core_interrupt_enable(IRQ_UARTE0, priority);
    UARTE_RXD_PTR = (uint32_t)(uintptr_t)&rx_byte;
    UARTE_RXD_MAXCNT = 1;
    UARTE_TASKS_STARTRX = 1;
}

size_t uarte_write(const char *text, size_t size)
{
    if (size > TX_RING_BYTES - (tx_head - tx_tail)) {
        return 0;
    }
    for (size_t i = 0; i < size; ++i) {
        tx_ring[(tx_head + i) % TX_RING_BYTES] = text[i];
    }
    uint32_t lock = core_lock();
    tx_head += size;
    if (tx_state == TX_STOPPED) {
        transmit_next();
    }
    core_unlock(lock);
    return size;
}

int uarte_read(void)
{
    if (rx_head == rx_tail) {
        return -1;
    }
    return (unsigned char)rx_ring[rx_tail++ % RX_RING_BYTES];
}

void UARTE0_IRQHandler(void)
{
    if (UARTE_EVENTS_ENDTX) {
        core_clear_event(&UARTE_EVENTS_ENDTX);
        tx_tail += tx_in_flight;
        transmit_next();
    }
    if (UARTE_EVENTS_TXSTOPPED) {
        core_clear_event(&UARTE_EVENTS_TXSTOPPED);
        transmit_next();
    }
    if (UARTE_EVENTS_ENDRX) {
        core_clear_event(&UARTE_EVENTS_ENDRX);
        if (rx_head - rx_tail < RX_RING_BYTES) {
            rx_ring[rx_head++ % RX_RING_BYTES] = rx_byte;
        }
    }
}
