#include "chips/stm32l4r5/lpuart.h"

#include "chips/stm32l4r5/clock.h"
#include "chips/stm32l4r5/core.h"

#define UART_CR1 LPUART_CR1
#define UART_STATUS LPUART_ISR
#define UART_RECEIVE LPUART_RDR
#define UART_TRANSMIT LPUART_TDR
#include "chips/stm32_uart.inc"

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
    return uart_write(text, size);
}

int lpuart_read(void)
{
    return uart_read();
}

void LPUART1_IRQHandler(void)
{
    uart_on_interrupt();
}
