#include "chips/stm32l4r5/exti.h"

#include "chips/stm32l4r5/core.h"

#define EXTI_RISING EXTI_RTSR1
#define EXTI_MASKS EXTI_IMR1
#define EXTI_PENDING EXTI_PR1
#include "chips/stm32_exti.inc"
