// I2C1 of the STM32L4R5 as master at 400 kHz: register writes and reads, polled; reads by DMA1 channel 1
// behind event interrupts. Sequences of RM0432 45.4.9. Not used: slave, 10-bit addresses, more than
// 255 bytes at once, SMBus.
#pragma once

#include <stdbool.h>
#include <stdint.h>

void i2c_start(uint8_t target_address);

// These poll, and return false on a bus error.
bool i2c_write_register(uint8_t target_register, uint8_t value);
bool i2c_read_registers(uint8_t target_register, uint8_t *buffer, uint32_t size);

typedef void (*i2c_done)(bool ok); // called from an interrupt
void i2c_interrupts(i2c_done done, uint32_t priority);
// Any number of i2c_prepare_read, then i2c_begin: the last one prepared is read.
void i2c_prepare_read(uint8_t target_register, uint8_t *buffer, uint32_t size);
void i2c_begin(void);
