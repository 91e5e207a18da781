// nRF52840 DK (PCA10056) pins, port * 32 + pin, and a LIS2DW12 wired to the Arduino header.
#pragma once

enum {
    LED1_PIN = 13, // LEDs are on at low level
    LED2_PIN = 14,
    LED3_PIN = 15,
    LED4_PIN = 16,
    BUTTON1_PIN = 11, // low when pressed
    BUTTON2_PIN = 12,
    BUTTON3_PIN = 24,
    BUTTON4_PIN = 25,
    CONSOLE_TX_PIN = 6,
    CONSOLE_RX_PIN = 8,
    ACCELEROMETER_SDA_PIN = 26,
    ACCELEROMETER_SCL_PIN = 27,
    ACCELEROMETER_INT1_PIN = 28,
    ACCELEROMETER_ADDRESS = 0x19, // SA0 high
};
