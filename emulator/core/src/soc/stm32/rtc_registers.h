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
                          ADD1H = 1u << 16, SUB1H = 1u << 17, OSEL = 3u << 21, COE = 1u << 23;
// ISR
inline constexpr uint32_t ALRAWF = 1u << 0, WUTWF = 1u << 2, INITS = 1u << 4, RSF = 1u << 5, INITF = 1u << 6, INIT = 1u << 7,
                          ALRAF = 1u << 8, WUTF = 1u << 10, TSF = 1u << 11, TSOVF = 1u << 12, clearable = 0x1FF00;

}  // namespace tinysim::stm32::rtc
