#include "chips/stm32f407/clock.h"

#include "chips/stm32f407/core.h"

enum { WAIT_STATES = 5 };               // 168 MHz at 2.7 to 3.6 V
enum { PLL_M = 8, PLL_N = 336, PLL_Q = 7 }; // VCO 336 MHz, P = 2 is the field's 0, Q: 48 MHz

void clock_start_168mhz(void)
{
    RCC_APB1ENR |= RCC_APB1ENR_PWR;
    (void)RCC_APB1ENR; // an enabled block answers two cycles later
    PWR_CR |= PWR_CR_VOS;

    RCC_CR |= RCC_CR_HSEON;
    while (!(RCC_CR & RCC_CR_HSERDY)) {
    }
    RCC_PLLCFGR = PLL_M | ((uint32_t)PLL_N << 6) | RCC_PLLCFGR_SRC_HSE | ((uint32_t)PLL_Q << 24);
    RCC_CR |= RCC_CR_PLLON;
    while (!(RCC_CR & RCC_CR_PLLRDY)) {
    }

    // Wait states before the faster clock, prescalers with it: no bus is ever above its limit.
    FLASH_ACR = WAIT_STATES | FLASH_ACR_PRFTEN | FLASH_ACR_ICEN | FLASH_ACR_DCEN;
    while ((FLASH_ACR & FLASH_ACR_LATENCY) != WAIT_STATES) {
    }
    RCC_CFGR = RCC_CFGR_PPRE1_DIV4 | RCC_CFGR_PPRE2_DIV2;
    RCC_CFGR |= RCC_CFGR_SW_PLL;
    while (RCC_CFGR_SWS(RCC_CFGR) != RCC_CFGR_SW_PLL) {
    }
}
