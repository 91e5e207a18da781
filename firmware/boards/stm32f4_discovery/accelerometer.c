// Accelerometer of the STM32F4DISCOVERY: I2C1 on PB6 and PB9, whose pull-ups are on the board.
#include "boards/board.h"
#include "boards/stm32f4_discovery/pins.h"
#include "chips/stm32f407/core.h"
#include "chips/stm32f407/exti.h"
#include "chips/stm32f407/gpio.h"
#include "chips/stm32f407/i2c.h"
#include "chips/stm32f407/timer.h"

#include "boards/stm32_accelerometer.inc"
