#include "chips/stm32f407/exti.h"

#include "chips/stm32f407/core.h"

#define EXTI_RISING EXTI_RTSR
#define EXTI_MASKS EXTI_IMR
#define EXTI_PENDING EXTI_PR
#include "chips/stm32_exti.inc"
