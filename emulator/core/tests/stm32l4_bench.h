// The bench for STM32L4 blocks: stm32_bench.h's chip with an RCC of an L4+ (120 MHz), an 8 MHz HSE and a 32768 Hz LSE.
#pragma once

#include "soc/stm32/rcc_l4.h"
#include "stm32_bench.h"

namespace bench::stm32l4 {

using bench::stm32::Chip, bench::stm32::second, bench::stm32::microsecond, bench::stm32::at_16_mhz;
inline constexpr Tick at_4_mhz = second / 4'000'000, at_120_mhz = second / 120'000'000;

enum L4Rcc : uint32_t {
    CR = 0x00, CFGR = 0x08, PLLCFGR = 0x0C, PLLSAI1CFGR = 0x10, CIER = 0x18, CIFR = 0x1C, CICR = 0x20, APB1RSTR1 = 0x38,
    APB1RSTR2 = 0x3C, AHB1ENR = 0x48, APB1ENR1 = 0x58, APB1ENR2 = 0x5C, APB2ENR = 0x60, CCIPR = 0x88, BDCR = 0x90, CSR = 0x94,
    CRRCR = 0x98
};

struct L4Chip : Chip {
    tinysim::stm32::L4Rcc rcc{construction("rcc", {{"hseFrequency", 8'000'000}, {"lseFrequency", 32'768}, {"plus", 1}})};

    uint32_t rcc_get(uint32_t offset) { return rcc.read(offset, 4); }
    void rcc_set(uint32_t offset, uint32_t value) { rcc.write(offset, value, 4); }
    void go_120_mhz() {
        rcc.voltage_range_changed(tinysim::stm32::VoltageRange::range_1_boost);
        rcc_set(PLLCFGR, 1 | 60 << 8 | 1 << 24);
        rcc_set(CR, rcc_get(CR) | 1u << 24);
        run_for(15 * microsecond);
        rcc_set(CFGR, 3);
    }
};

}  // namespace bench::stm32l4
