// RCC registers of STM32L4 (RM0351 6.4) and STM32L4+ (RM0432 6.4): offsets, bits, and what each chip's tables keep.
#pragma once

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32::rcc_l4 {

enum Offset : uint32_t {
    CR = 0x00, ICSCR = 0x04, CFGR = 0x08, PLLCFGR = 0x0C, PLLSAI1CFGR = 0x10, PLLSAI2CFGR = 0x14, CIER = 0x18, CIFR = 0x1C,
    CICR = 0x20, AHB1RSTR = 0x28, APB2RSTR = 0x40, AHB1SMENR = 0x68, AHB2SMENR = 0x6C, APB2SMENR = 0x80,
    AHB1ENR = 0x48, APB1ENR1 = 0x58, APB2ENR = 0x60, CCIPR = 0x88, BDCR = 0x90,
    CSR = 0x94, CRRCR = 0x98, CCIPR2 = 0x9C
};
// CR; each RDY bit is the next above its ON bit
inline constexpr uint32_t msi_on = 1u << 0, msi_pll_mode = 1u << 2, msi_range_select = 1u << 3, msi_range = 15u << 4,
                          hsi_on = 1u << 8, hsi_in_stop = 1u << 9, hsi_after_stop = 1u << 11, hsi_ready = 1u << 10, hse_on = 1u << 16, css_on = 1u << 19, pll_on = 1u << 24,
                          sai1_on = 1u << 26, sai2_on = 1u << 28;
inline constexpr unsigned msi_range_at = 4, standby_range_at = 8, highest_range = 11, standby_range_least = 4, standby_range_most = 7;
// PLLCFGR
inline constexpr uint32_t pll_p_enable = 1u << 16, pll_q_enable = 1u << 20, pll_r_enable = 1u << 24;
inline constexpr uint32_t q_divider(uint32_t pllcfgr) { return 2 * ((pllcfgr >> 21 & 3) + 1); }
inline constexpr uint32_t r_divider(uint32_t pllcfgr) { return 2 * ((pllcfgr >> 25 & 3) + 1); }
inline constexpr uint32_t p_divider(uint32_t pllcfgr) {      // PDIV, or as PLLP says
    return pllcfgr >> 27 != 0 ? pllcfgr >> 27 : (pllcfgr >> 17 & 1) != 0 ? 17 : 7;
}
inline constexpr uint32_t pll_enables = pll_p_enable | pll_q_enable | pll_r_enable;
// CFGR, BDCR, CSR, CRRCR
inline constexpr uint32_t wake_to_hsi = 1u << 15;
inline constexpr uint32_t lse_on = 1u << 0, lse_bypass = 1u << 2, rtc_selection = 3u << 8, rtc_on = 1u << 15, backup_reset = 1u << 16, backup_bits = 0x0301833D;
inline constexpr uint32_t lsi_on = 1u << 0, standby_range = 15u << 8, remove_flags = 1u << 23;
inline constexpr uint32_t pin_reset = 1u << 26, power_on_causes = 0x0C000000, software_reset = 1u << 28;
inline constexpr uint32_t hsi48_on = 1u << 0;
inline constexpr int64_t hsi48_hz = 48'000'000;
inline constexpr unsigned css_flag = 8, hsi48_flag = 10, reset_to_enable = 0x20;

// Of SMENR: DMA controllers, DMAMUX, memories and their interface
constexpr uint32_t never_held(uint32_t sleep_offset) {
    return sleep_offset == AHB1SMENR ? 0x307 : sleep_offset == AHB2SMENR ? 0x600 : 0;
}
// CFGR.MCOSEL
inline constexpr uint32_t output_selection = 15u << 24;

inline constexpr Register l4_table[] = {
    {"CR", 0x00000063, 0x150D0BFD}, {"ICSCR", 0x10000000, 0x1F00FF00}, {"CFGR", 0, 0x7700BFF3},
    {"PLLCFGR", 0x00001000, 0x07737F73}, {"PLLSAI1CFGR", 0x00001000, 0x07737F00}, {"PLLSAI2CFGR", 0x00001000, 0x07037F00},
    {"CIER", 0, 0x000002FF}, {"CIFR", 0, 0}, {"CICR", 0, 0}, {},
    {"AHB1RSTR", 0, 0x00011103}, {"AHB2RSTR", 0, 0x000530FF}, {"AHB3RSTR", 0, 0x00000101}, {},
    {"APB1RSTR1", 0, 0xF2FEC23F}, {"APB1RSTR2", 0, 0x00000025}, {"APB2RSTR", 0, 0x01677C01}, {},
    {"AHB1ENR", 0x00000100, 0x00011103}, {"AHB2ENR", 0, 0x000530FF}, {"AHB3ENR", 0, 0x00000101}, {},
    {"APB1ENR1", 0, 0xF2FECA3F}, {"APB1ENR2", 0, 0x00000025}, {"APB2ENR", 0, 0x01677C81}, {},
    {"AHB1SMENR", 0x00011303, 0x00011303}, {"AHB2SMENR", 0x000532FF, 0x000532FF}, {"AHB3SMENR", 0x00000101, 0x00000101}, {},
    {"APB1SMENR1", 0xF2FECA3F, 0xF2FECA3F}, {"APB1SMENR2", 0x00000025, 0x00000025}, {"APB2SMENR", 0x01677C01, 0x01677C01}, {},
    {"CCIPR", 0, 0xFFFFFFFF}, {}, {"BDCR", 0, backup_bits}, {"CSR", 0x00000600, 0x00000F01},
};

inline constexpr Register l4_plus_table[] = {
    {"CR", 0x00000063, 0x150D0BFD}, {"ICSCR", 0x40000000, 0x7F00FF00}, {"CFGR", 0, 0x7F00BFF3},
    {"PLLCFGR", 0x00001000, 0xFF737FF3}, {"PLLSAI1CFGR", 0x00001000, 0xFF737FF0}, {"PLLSAI2CFGR", 0x00001000, 0xFF737FF0},
    {"CIER", 0, 0x000006FF}, {"CIFR", 0, 0}, {"CICR", 0, 0}, {},
    {"AHB1RSTR", 0, 0x00071107}, {"AHB2RSTR", 0, 0x005771FF}, {"AHB3RSTR", 0, 0x00000301}, {},
    {"APB1RSTR1", 0, 0xF3FEC03F}, {"APB1RSTR2", 0, 0x00000023}, {"APB2RSTR", 0, 0x0D677801}, {},
    {"AHB1ENR", 0x00000100, 0x00071107}, {"AHB2ENR", 0, 0x005771FF}, {"AHB3ENR", 0, 0x00000301}, {},
    {"APB1ENR1", 0x00000400, 0xF3FECC3F}, {"APB1ENR2", 0, 0x00000023}, {"APB2ENR", 0, 0x0D677881}, {},
    {"AHB1SMENR", 0x00071307, 0x00071307}, {"AHB2SMENR", 0x005777FF, 0x005777FF}, {"AHB3SMENR", 0x00000301, 0x00000301}, {},
    {"APB1SMENR1", 0xF3FECC3F, 0xF3FECC3F}, {"APB1SMENR2", 0x00000023, 0x00000023}, {"APB2SMENR", 0x0D677801, 0x0D677801}, {},
    {"CCIPR", 0, 0x3C3FFFFF}, {}, {"BDCR", 0, backup_bits}, {"CSR", 0x00000600, 0x00000F01},
    {"CRRCR", 0, hsi48_on}, {"CCIPR2", 0, 0x003357FF}, {}, {"DLYCFGR", 0, 0x000000FF},
};

}  // namespace tinysim::stm32::rcc_l4
