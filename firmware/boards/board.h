// What an application may ask of any board: LEDs, console, time, one accelerometer on I2C with an
// interrupt line. Each board folder implements this header; nothing above it names a chip. No call
// waits without bound after start-up.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BOARD_LED_COUNT = 4 };

// Clocks, LEDs off, buttons, console, time base.
void board_start(void);

void board_led_toggle(uint32_t led); // 0 is the board's first LED
void board_led_set(uint32_t led, bool on);
bool board_button_pressed(uint32_t button);

// Queues the whole text or nothing; what was refused is counted in board_console_dropped_bytes.
void board_console_write(const char *text, size_t size);
uint32_t board_console_dropped_bytes(void);
int board_console_read(void); // oldest received byte or -1

uint32_t board_time_us(void);                 // wraps after 71 minutes: use differences
void board_seconds_start(void (*tick)(void)); // tick is called from an interrupt

// Sleeps until an interrupt; returns at once if one came since the last call, so check-then-sleep
// loses nothing.
void board_sleep(void);
uint32_t board_interrupts_lock(void);
void board_interrupts_unlock(uint32_t lock);

// Accelerometer, set-up calls: they poll, and return false on a bus error.
bool board_accelerometer_write_register(uint8_t target_register, uint8_t value);
bool board_accelerometer_read_registers(uint8_t target_register, uint8_t *buffer, uint32_t size);

// Accelerometer, streaming calls: done is called from an interrupt when a transfer is over.
void board_accelerometer_stream(void (*done)(bool ok));
// Reads now.
void board_accelerometer_read_start(uint8_t first_register, uint8_t *buffer, uint32_t size);
// Lets the next rising edge of the interrupt line start this read without the CPU. Returns false,
// and does nothing, if the line is high already: that edge has passed and no other will come before
// the sensor is read.
bool board_accelerometer_read_on_edge(uint8_t first_register, uint8_t *buffer, uint32_t size);
// Time of the line's last rising edge, taken by hardware or first of all in its interrupt.
uint32_t board_accelerometer_edge_us(void);
