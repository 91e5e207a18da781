#include "chips/stm32f407/timer.h"

#include "chips/stm32f407/clock.h"
#include "chips/stm32f407/core.h"

#define TIMER_GATES RCC_APB1ENR
#define TIMER_GATE_TIM2 RCC_APB1ENR_TIM2
#define TIMER_GATE_TIM6 RCC_APB1ENR_TIM6
#include "chips/stm32_timer.inc"
