// UARTE0 of the nRF52840: transmit from a RAM ring by EasyDMA, receive byte by byte into a small
// ring. Not used: flow control, parity, error events (a receive overrun is not reported).
#pragma once

#include <stddef.h>
#include <stdint.h>

void uarte_start(uint32_t tx_pin, uint32_t rx_pin, uint32_t priority);
// Takes the whole text or, if the ring has no room for it, none: returns size or 0. Never waits.
size_t uarte_write(const char *text, size_t size);
// Oldest received byte, or -1.
int uarte_read(void);
