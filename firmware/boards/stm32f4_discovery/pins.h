// STM32F4DISCOVERY (MB997) pins, port * 16 + pin, and a LIS2DW12 wired to its headers.
#pragma once

enum {
    LED1_PIN = 3 * 16 + 12, // PD12 green, LEDs are on at high level
    LED2_PIN = 3 * 16 + 13, // orange
    LED3_PIN = 3 * 16 + 14, // red
    LED4_PIN = 3 * 16 + 15, // blue
    BUTTON_PIN = 0,         // PA0, high when pressed
    CONSOLE_TX_PIN = 2,     // PA2, USART2
    CONSOLE_RX_PIN = 3,     // PA3
    CONSOLE_FUNCTION = 7,   // of both pins
    ACCELEROMETER_SCL_PIN = 1 * 16 + 6,  // PB6, I2C1; the board has pull-ups on both
    ACCELEROMETER_SDA_PIN = 1 * 16 + 9,  // PB9
    ACCELEROMETER_FUNCTION = 4,          // of both pins
    ACCELEROMETER_INT1_PIN = 4 * 16 + 4, // PE4
    ACCELEROMETER_ADDRESS = 0x19,        // SA0 high
};
