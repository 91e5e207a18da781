#include "chips/stm32f407/usart.h"

#include "chips/stm32f407/clock.h"
#include "chips/stm32f407/core.h"

enum { TX_RING_BYTES = 1024, RX_RING_BYTES = 64 };

// Counters run free and are taken modulo the ring size; head - tail is the fill level.
static char tx_ring[TX_RING_BYTES];
static volatile uint32_t tx_head, tx_tail;
static char rx_ring[RX_RING_BYTES];
static volatile uint32_t rx_head, rx_tail;

void usart_start(uint32_t baud, uint32_t priority)
{
    RCC_APB1ENR |= RCC_APB1ENR_USART2;
    (void)RCC_APB1ENR; // an enabled block answers two cycles later
    USART_BRR = (CLOCK_PCLK1_HZ + baud / 2) / baud;
    USART_CR1 = USART_CR1_UE | USART_CR1_TE | USART_CR1_RE | USART_CR1_RXNEIE;
    core_interrupt_enable(IRQ_USART2, priority);
}

size_t usart_write(const char *text, size_t size)
{
    if (size > TX_RING_BYTES - (tx_head - tx_tail)) {
        return 0;
    }
    for (size_t i = 0; i < size; ++i) {
        tx_ring[(tx_head + i) % TX_RING_BYTES] = text[i];
    }
    uint32_t lock = core_lock();
    tx_head += size;
    USART_CR1 |= USART_CR1_TXEIE;
    core_unlock(lock);
    return size;
}

int usart_read(void)
{
    if (rx_head == rx_tail) {
        return -1;
    }
    return (unsigned char)rx_ring[rx_tail++ % RX_RING_BYTES];
}

void USART2_IRQHandler(void)
{
    uint32_t status = USART_SR;
    if (status & USART_SR_RXNE) {
        char byte = (char)USART_DR;
        if (rx_head - rx_tail < RX_RING_BYTES) {
            rx_ring[rx_head++ % RX_RING_BYTES] = byte;
        }
    }
    if ((status & USART_SR_TXE) && (USART_CR1 & USART_CR1_TXEIE)) {
        if (tx_head != tx_tail) {
            USART_DR = (unsigned char)tx_ring[tx_tail++ % TX_RING_BYTES];
        } else {
            USART_CR1 &= ~USART_CR1_TXEIE;
        }
    }
}
