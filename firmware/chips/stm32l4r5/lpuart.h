// LPUART1 of the STM32L4R5: transmit from a RAM ring by TXE interrupts, receive byte by byte into a
// small ring. Not used: DMA, flow control, parity, error interrupts (a receive overrun is not
// reported).
#pragma once

#include <stddef.h>
#include <stdint.h>

void lpuart_start(uint32_t baud, uint32_t priority); // its pins are the board's business
// Takes the whole text or, if the ring has no room for it, none: returns size or 0. Never waits.
size_t lpuart_write(const char *text, size_t size);
// Oldest received byte, or -1.
int lpuart_read(void);
