// Registers of the RTC: offsets, bits. RM0090 26.6, RM0351 38.6.
#pragma once

#include <cstdint>

namespace tinysim::stm32::rtc {

enum Offset : uint32_t {
    TR = 0x00, DR = 0x04, CR = 0x08, ISR = 0x0C, PRER = 0x10, WUTR = 0x14, CALIBR = 0x18, ALRMAR = 0x1C, ALRMBR = 0x20, WPR = 0x24,
    SSR = 0x28, SHIFTR = 0x2C, TSTR = 0x30, TSDR = 0x34, TSSSR = 0x38, CALR = 0x3C, TAFCR = 0x40, ALRMASSR = 0x44, ALRMBSSR = 0x48,
    OR = 0x4C, BKP0R = 0x50
};
// CR
inline constexpr uint32_t WUCKSEL = 7, TSEDGE = 1u << 3, REFCKON = 1u << 4, BYPSHAD = 1u << 5, FMT = 1u << 6, DCE = 1u << 7,
                          ALRAE = 1u << 8, WUTE = 1u << 10, TSE = 1u << 11, ALRAIE = 1u << 12, WUTIE = 1u << 14, TSIE = 1u << 15,
                          ADD1H = 1u << 16, SUB1H = 1u << 17, COSEL = 1u << 19, POL = 1u << 20, OSEL = 3u << 21, COE = 1u << 23;
// ISR
inline constexpr uint32_t ALRAWF = 1u << 0, WUTWF = 1u << 2, SHPF = 1u << 3, INITS = 1u << 4, RSF = 1u << 5,
                          INITF = 1u << 6, INIT = 1u << 7, ALRAF = 1u << 8, WUTF = 1u << 10, TSF = 1u << 11, TSOVF = 1u << 12, TAMP1F = 1u << 13, RECALPF = 1u << 16,
                          clearable = 0xFF00;
// SHIFTR, CALIBR
inline constexpr uint32_t SUBFS = 0x7FFF, ADD1S = 1u << 31, DC = 0x1F, DCS = 1u << 7;
// TAFCR (F4) and TAMPCR (L4); on the L4 each input has a TAMPxIE with NOERASE and MF above it
inline constexpr uint32_t TAMPIE = 1u << 2, TAMPTS = 1u << 7, TAMPPUDIS = 1u << 15, TAMP1INSEL = 1u << 16, TSINSEL = 1u << 17,
                          TAMP1IE = 1u << 16, TAMP1NOERASE = 1u << 17, TAMP1MF = 1u << 18;
inline constexpr unsigned tampers = 3, bits_of_tamper = 3;
inline constexpr uint32_t tamper_enables[tampers] = {1u << 0, 1u << 3, 1u << 5};      // the next bit is TAMPxTRG

}  // namespace tinysim::stm32::rtc
