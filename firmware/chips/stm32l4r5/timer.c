#include "chips/stm32l4r5/timer.h"

#include "chips/stm32l4r5/clock.h"
#include "chips/stm32l4r5/core.h"

#define TIMER_GATES RCC_APB1ENR1
#define TIMER_GATE_TIM2 RCC_APB1ENR1_TIM2
#define TIMER_GATE_TIM6 RCC_APB1ENR1_TIM6
#include "chips/stm32_timer.inc"
