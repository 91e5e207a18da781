#include "chips/stm32l4r5/registers.h"

#include "chips/stm32_rtc.inc"
