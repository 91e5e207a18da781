#include "chips/stm32l4r5/clock.h"

#include "chips/stm32l4r5/core.h"

enum { WAIT_STATES = 5 };                    // 120 MHz in range 1 boost mode
enum { PLL_N = 60, SETTLING_LOOPS = 60 };    // VCO 240 MHz; M = 1 and R = 2 are the fields' 0

void clock_start_120mhz(void)
{
    RCC_APB1ENR1 |= RCC_APB1ENR1_PWR;
    (void)RCC_APB1ENR1; // an enabled block answers two cycles later
    PWR_CR5 &= ~PWR_CR5_R1MODE;

    RCC_PLLCFGR = RCC_PLLCFGR_SRC_MSI | ((uint32_t)PLL_N << 8) | RCC_PLLCFGR_PLLREN;
    RCC_CR |= RCC_CR_PLLON;
    while (!(RCC_CR & RCC_CR_PLLRDY)) {
    }

    // Wait states before the faster clock; from 80 MHz on in two steps (RM0432 5.1.8).
    FLASH_ACR = WAIT_STATES | FLASH_ACR_PRFTEN | FLASH_ACR_ICEN | FLASH_ACR_DCEN;
    while ((FLASH_ACR & FLASH_ACR_LATENCY) != WAIT_STATES) {
    }
    RCC_CFGR |= RCC_CFGR_HPRE_DIV2;
    RCC_CFGR |= RCC_CFGR_SW_PLL;
    while (RCC_CFGR_SWS(RCC_CFGR) != RCC_CFGR_SW_PLL) {
    }
    for (volatile uint32_t i = 0; i < SETTLING_LOOPS; ++i) { // at least 1 us
    }
    RCC_CFGR &= ~RCC_CFGR_HPRE;
}
