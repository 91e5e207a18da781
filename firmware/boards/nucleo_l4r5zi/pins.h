// NUCLEO-L4R5ZI (MB1312) pins, port * 16 + pin, and a LIS2DW12 wired to its headers.
#pragma once

enum {
    LED1_PIN = 2 * 16 + 7,        // PC7 green, LEDs are on at high level
    LED2_PIN = 1 * 16 + 7,        // PB7 blue
    LED3_PIN = 1 * 16 + 14,       // PB14 red
    LED_COUNT = 3,                // of BOARD_LED_COUNT
    BUTTON_PIN = 2 * 16 + 13,     // PC13, high when pressed
    CONSOLE_TX_PIN = 6 * 16 + 7,  // PG7, LPUART1
    CONSOLE_RX_PIN = 6 * 16 + 8,  // PG8
    CONSOLE_FUNCTION = 8,         // of both pins
    ACCELEROMETER_SCL_PIN = 1 * 16 + 8,  // PB8, I2C1 (D15)
    ACCELEROMETER_SDA_PIN = 1 * 16 + 9,  // PB9 (D14)
    ACCELEROMETER_FUNCTION = 4,          // of both pins
    ACCELEROMETER_INT1_PIN = 4 * 16 + 4, // PE4 (CN9)
    ACCELEROMETER_ADDRESS = 0x19,        // SA0 high
};
