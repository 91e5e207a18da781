#include "chips/stm32f407/registers.h"

#include "chips/stm32_rtc.inc"
