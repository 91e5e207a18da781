#include "chips/stm32f407/usart.h"

#include "chips/stm32f407/clock.h"
#include "chips/stm32f407/core.h"

#define UART_CR1 USART_CR1
#define UART_STATUS USART_SR
#define UART_RECEIVE USART_DR
#define UART_TRANSMIT USART_DR
#include "chips/stm32_uart.inc"

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
    return uart_write(text, size);
}

int usart_read(void)
{
    return uart_read();
}

void USART2_IRQHandler(void)
{
    uart_on_interrupt();
}
