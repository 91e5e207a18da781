#include "chips/stm32l4r5/lpuart.h"

#include "chips/stm32l4r5/clock.h"
#include "chips/stm32l4r5/core.h"

enum { TX_RING_BYTES = 1024, RX_RING_BYTES = 64 };

// Counters run free and are taken modulo the ring size; head - tail is the fill level.
static char tx_ring[TX_RING_BYTES];
static volatile uint32_t tx_head, tx_tail;
static char rx_ring[RX_RING_BYTES];
static volatile uint32_t rx_head, rx_tail;

void lpuart_start(uint32_t baud, uint32_t priority)
{
    RCC_APB1ENR2 |= RCC_APB1ENR2_LPUART1;
    (void)RCC_APB1ENR2; // an enabled block answers two cycles later
    LPUART_BRR = (uint32_t)((256ull * CLOCK_PCLK1_HZ + baud / 2) / baud);
    LPUART_CR1 = LPUART_CR1_UE | LPUART_CR1_TE | LPUART_CR1_RE | LPUART_CR1_RXNEIE;
    core_interrupt_enable(IRQ_LPUART1, priority);
}

size_t lpuart_write(const char *text, size_t size)
{
    if (size > TX_RING_BYTES - (tx_head - tx_tail)) {
        return 0;
    }
    for (size_t i = 0; i < size; ++i) {
        tx_ring[(tx_head + i) % TX_RING_BYTES] = text[i];
    }
    uint32_t lock = core_lock();
    tx_head += size;
    LPUART_CR1 |= LPUART_CR1_TXEIE;
    core_unlock(lock);
    return size;
}

int lpuart_read(void)
{
    if (rx_head == rx_tail) {
        return -1;
    }
    return (unsigned char)rx_ring[rx_tail++ % RX_RING_BYTES];
}

void LPUART1_IRQHandler(void)
{
    uint32_t status = LPUART_ISR;
    if (status & LPUART_ISR_RXNE) {
        char byte = (char)LPUART_RDR;
        if (rx_head - rx_tail < RX_RING_BYTES) {
            rx_ring[rx_head++ % RX_RING_BYTES] = byte;
        }
    }
    if ((status & LPUART_ISR_TXE) && (LPUART_CR1 & LPUART_CR1_TXEIE)) {
        if (tx_head != tx_tail) {
            LPUART_TDR = (unsigned char)tx_ring[tx_tail++ % TX_RING_BYTES];
        } else {
            LPUART_CR1 &= ~LPUART_CR1_TXEIE;
        }
    }
}
