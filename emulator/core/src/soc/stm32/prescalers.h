// The prescalers of RCC_CFGR, which mean the same in STM32F4 (RM0090 6.3.3) and STM32L4 (RM0351 6.4.3).
#pragma once

#include <cstdint>

namespace tinysim::stm32 {

inline unsigned hclk_divider(uint32_t cfgr) {       // HPRE
    static constexpr unsigned dividers[] = {2, 4, 8, 16, 64, 128, 256, 512};
    const uint32_t hpre = (cfgr >> 4) & 15;
    return hpre < 8 ? 1 : dividers[hpre & 7];
}

inline unsigned pclk_divider(uint32_t ppre) { return ppre < 4 ? 1 : 2u << (ppre & 3); }

}  // namespace tinysim::stm32
