// Accelerometer of the NUCLEO-L4R5ZI: I2C1 on PB8 and PB9, with pull-ups on the sensor's own board.
#include "boards/board.h"
#include "boards/nucleo_l4r5zi/pins.h"
#include "chips/stm32l4r5/core.h"
#include "chips/stm32l4r5/exti.h"
#include "chips/stm32l4r5/gpio.h"
#include "chips/stm32l4r5/i2c.h"
#include "chips/stm32l4r5/timer.h"

#include "boards/stm32_accelerometer.inc"
