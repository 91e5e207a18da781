// TWIM0 of the nRF52840 as I2C master by EasyDMA: write the register number, repeated start, read,
// stop. A read is started by the CPU or, prepared beforehand, by PPI on the STARTTX task. Not used:
// array lists, suspend.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// Called from the interrupt when a transfer has stopped; ok is false after a NACK or overrun.
typedef void (*twim_done)(bool ok);

void twim_start(uint32_t scl_pin, uint32_t sda_pin, uint8_t target_address);

// For set-up only: polls; false after a NACK or when the bus gives no answer within the timeout.
bool twim_write_register(uint8_t target_register, uint8_t value);
bool twim_read_registers(uint8_t target_register, uint8_t *buffer, uint32_t size);

// From here on transfers end with an interrupt and done is called. The polling calls must not be
// used any more.
void twim_interrupts(twim_done done, uint32_t priority);
// Fills the EasyDMA registers; STARTTX (by CPU or PPI) then runs the whole transfer. Buffer must be
// in RAM.
void twim_prepare_read(uint8_t target_register, uint8_t *buffer, uint32_t size);
void twim_begin(void);
uint32_t twim_begin_task_address(void);
