// RCC of the STM32F4, what differs by series: RM0090 6.3 (F405/F407 and F429), RM0368 6.3 (F401), RM0383 6.3 (F411), RM0390 6.3
// (F446). Of the registers: bits that can be written, and reset values, which for LPENR and the gates of F401, F411 and F446 are
// recalled, as no SVD of theirs is at hand.
#pragma once

#include <array>
#include <stdexcept>
#include <string>

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32::rcc_f4 {

enum Offset : uint32_t {
    CR = 0x00, PLLCFGR = 0x04, CFGR = 0x08, CIR = 0x0C, AHB1RSTR = 0x10, APB2RSTR = 0x24, AHB1ENR = 0x30, APB2ENR = 0x44, AHB1LPENR = 0x50, APB2LPENR = 0x64,
    BDCR = 0x70, CSR = 0x74, PLLI2SCFGR = 0x84, PLLSAICFGR = 0x88, DCKCFGR = 0x8C, DCKCFGR2 = 0x94
};
inline constexpr size_t registers = DCKCFGR2 / 4 + 1;

struct Bits {
    uint32_t reset, enable, low_power;      // RSTR, ENR, LPENR
};

// The writable bits of what is not the same in all series; 0: the register is not there.
struct Masks {
    uint32_t cr, pllcfgr, cfgr, cir;
    Bits ahb1, ahb2, ahb3, apb1, apb2;
    uint32_t plli2s_reset, plli2s, pllsai_reset, pllsai, dckcfgr, ckgatenr, dckcfgr2;
};

constexpr std::array<Register, registers> table_of(const Masks& m) {
    std::array<Register, registers> table{};
    const auto put = [&table](uint32_t offset, Register row) {
        if (row.reset != 0 || row.writable != 0) table[offset / 4] = row;
    };
    const auto put_bus = [&put](uint32_t offset, const char* const (&names)[3], Bits bits, uint32_t enabled = 0) {
        put(offset, {names[0], 0, bits.reset});
        put(offset + 0x20, {names[1], enabled, bits.enable});
        put(offset + 0x40, {names[2], bits.low_power, bits.low_power});
    };
    put(CR, {"CR", 0x00000083, m.cr});
    put(PLLCFGR, {"PLLCFGR", 0x24003010, m.pllcfgr});
    put(CFGR, {"CFGR", 0, m.cfgr});
    put(CIR, {"CIR", 0, m.cir});
    put_bus(AHB1RSTR, {"AHB1RSTR", "AHB1ENR", "AHB1LPENR"}, m.ahb1, m.ahb1.enable & 1u << 20);     // CCMDATARAMEN
    put_bus(0x14, {"AHB2RSTR", "AHB2ENR", "AHB2LPENR"}, m.ahb2);
    put_bus(0x18, {"AHB3RSTR", "AHB3ENR", "AHB3LPENR"}, m.ahb3);
    put_bus(0x20, {"APB1RSTR", "APB1ENR", "APB1LPENR"}, m.apb1);
    put_bus(APB2RSTR, {"APB2RSTR", "APB2ENR", "APB2LPENR"}, m.apb2);
    put(BDCR, {"BDCR", 0, 0x00018305});
    put(CSR, {"CSR", 0x0E000000, 0x00000001});
    put(0x80, {"SSCGR", 0, 0xCFFFFFFF});
    put(PLLI2SCFGR, {"PLLI2SCFGR", m.plli2s_reset, m.plli2s});
    put(PLLSAICFGR, {"PLLSAICFGR", m.pllsai_reset, m.pllsai});
    put(DCKCFGR, {"DCKCFGR", 0, m.dckcfgr});
    put(0x90, {"CKGATENR", 0, m.ckgatenr});
    put(DCKCFGR2, {"DCKCFGR2", 0, m.dckcfgr2});
    return table;
}

inline constexpr auto f401 = table_of(
    {.cr = 0x050D00F9, .pllcfgr = 0x0F437FFF, .cfgr = 0xFFFFFCF3, .cir = 0x3F00,
     .ahb1 = {0x0060109F, 0x0060109F, 0x0061909F}, .ahb2 = {0x80, 0x80, 0x80}, .ahb3 = {},
     .apb1 = {0x10E2C80F, 0x10E2C80F, 0x10E2C80F}, .apb2 = {0x00077931, 0x00077931, 0x00077931},
     .plli2s_reset = 0x24003000, .plli2s = 0x70007FC0, .pllsai_reset = 0, .pllsai = 0, .dckcfgr = 0x01000000, .ckgatenr = 0,
     .dckcfgr2 = 0});
inline constexpr auto f407 = table_of(
    {.cr = 0x050D00F9, .pllcfgr = 0x0F437FFF, .cfgr = 0xFFFFFCF3, .cir = 0x3F00,
     .ahb1 = {0x226011FF, 0x7E7411FF, 0x7E6791FF}, .ahb2 = {0xF1, 0xF1, 0xF1}, .ahb3 = {1, 1, 1},
     .apb1 = {0x36FEC9FF, 0x36FEC9FF, 0x36FEC9FF}, .apb2 = {0x00075933, 0x00075F33, 0x00075F33},
     .plli2s_reset = 0x20003000, .plli2s = 0x70007FC0, .pllsai_reset = 0, .pllsai = 0, .dckcfgr = 0, .ckgatenr = 0, .dckcfgr2 = 0});
inline constexpr auto f411 = table_of(
    {.cr = 0x050D00F9, .pllcfgr = 0x0F437FFF, .cfgr = 0xFFFFFCF3, .cir = 0x3F00,
     .ahb1 = {0x0060109F, 0x0060109F, 0x0061909F}, .ahb2 = {0x80, 0x80, 0x80}, .ahb3 = {},
     .apb1 = {0x10E2C80F, 0x10E2C80F, 0x10E2C80F}, .apb2 = {0x00177931, 0x00177931, 0x00177931},
     .plli2s_reset = 0x24003010, .plli2s = 0x70007FFF, .pllsai_reset = 0, .pllsai = 0, .dckcfgr = 0x01000000, .ckgatenr = 0,
     .dckcfgr2 = 0});
inline constexpr auto f429 = table_of(
    {.cr = 0x150D00F9, .pllcfgr = 0x0F437FFF, .cfgr = 0xFFFFFCF3, .cir = 0x7F00,
     .ahb1 = {0x22E017FF, 0x7EF417FF, 0x7EEF97FF}, .ahb2 = {0xC1, 0xC1, 0xC1}, .ahb3 = {1, 1, 1},
     .apb1 = {0xF6FEC9FF, 0xF6FEC9FF, 0xF6FEC9FF}, .apb2 = {0x04777933, 0x04777F33, 0x04777F33},
     .plli2s_reset = 0x24003000, .plli2s = 0x7F007FC0, .pllsai_reset = 0x24003000, .pllsai = 0x7F007FC0, .dckcfgr = 0x01F31F1F,
     .ckgatenr = 0, .dckcfgr2 = 0});
inline constexpr auto f446 = table_of(
    {.cr = 0x150D00F9, .pllcfgr = 0x7F437FFF, .cfgr = 0xFF7FFCF3, .cir = 0x7F00,
     .ahb1 = {0x206010FF, 0x606410FF, 0x606790FF}, .ahb2 = {0x81, 0x81, 0x81}, .ahb3 = {3, 3, 3},
     .apb1 = {0x3FFFC9FF, 0x3FFFC9FF, 0x3FFFC9FF}, .apb2 = {0x00C77933, 0x00C77F33, 0x00C77F33},
     .plli2s_reset = 0x24003010, .plli2s = 0x7F037FFF, .pllsai_reset = 0x04003010, .pllsai = 0x0F037FFF, .dckcfgr = 0x1FF01F1F,
     .ckgatenr = 0x7F, .dckcfgr2 = 0x3CC00000});

struct Series {
    int number;
    const std::array<Register, registers>& table;
    bool own_dividers = false;              // each PLL has its M; else all have the main PLL's
    bool is_446 = false;                    // PLL_R as SYSCLK, a clock selection for each block
};
inline constexpr Series all_series[] = {{401, f401}, {407, f407}, {411, f411, true}, {429, f429}, {446, f446, true, true}};

inline const Series& series_of(int64_t number) {
    for (const Series& each : all_series)
        if (each.number == number) return each;
    throw std::invalid_argument("STM32F4_RCC: series " + std::to_string(number) + " is not known: 401, 407 (F405 too), 411, 429 or 446");
}

// CR; each RDY bit is the next above its ON bit
inline constexpr uint32_t hsi_on = 1u << 0, hse_on = 1u << 16, css_on = 1u << 19, pll_on = 1u << 24, plli2s_on = 1u << 26,
                          pllsai_on = 1u << 28, every_on = hsi_on | hse_on | pll_on | plli2s_on | pllsai_on;
// PLLCFGR, CFGR, DCKCFGR, DCKCFGR2
inline constexpr uint32_t pll_input_bits = 63, pll_from_hse = 1u << 22, i2s_from_pin = 1u << 23, timer_prescaler = 1u << 24,
                          from_pllsai = 1u << 27, output_bits = 0xFF600000;
// BDCR
inline constexpr uint32_t lse_on = 1u << 0, lse_bypass = 1u << 2, rtc_selection = 3u << 8, rtc_on = 1u << 15,
                          backup_reset = 1u << 16, backup_bits = 0x8005;
// CSR
inline constexpr uint32_t lsi_on = 1u << 0, remove_flags = 1u << 24;
inline constexpr uint32_t pin_reset = 1u << 26, power_on_causes = 0x0E000000, software_reset = 1u << 28;
// AHB1LPENR: memories and their interface, DMA controllers
inline constexpr uint32_t never_held = 0x00EF8000;
inline constexpr uint32_t ready_flags = 0x7F;      // of CIR
inline constexpr unsigned css_flag = 7, reset_to_enable = 0x20;

}  // namespace tinysim::stm32::rcc_f4
