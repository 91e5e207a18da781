// Bits that both generations of the USART have in the same places (RM0090 30.6, RM0351 40.8).
#pragma once

#include <cstdint>

namespace tinysim::stm32::usart {

enum Status : uint32_t {
    PE = 1u << 0, FE = 1u << 1, NE = 1u << 2, ORE = 1u << 3, IDLE = 1u << 4, RXNE = 1u << 5, TC = 1u << 6, TXE = 1u << 7,
    LBD = 1u << 8, CTSIF = 1u << 9
};
enum Control1 : uint32_t {
    RE = 1u << 2, TE = 1u << 3, IDLEIE = 1u << 4, RXNEIE = 1u << 5, TCIE = 1u << 6, TXEIE = 1u << 7, PEIE = 1u << 8,
    PS = 1u << 9, PCE = 1u << 10, WAKE = 1u << 11, M0 = 1u << 12, OVER8 = 1u << 15
};
enum Control2 : uint32_t { LBDL = 1u << 5, LBDIE = 1u << 6, CLKEN = 1u << 11, LINEN = 1u << 14 };
enum Control3 : uint32_t {
    EIE = 1u << 0, IREN = 1u << 1, HDSEL = 1u << 3, SCEN = 1u << 5, DMAR = 1u << 6, DMAT = 1u << 7, RTSE = 1u << 8,
    CTSE = 1u << 9, CTSIE = 1u << 10, ONEBIT = 1u << 11, DEM = 1u << 14, DEP = 1u << 15      // the last two: second generation
};
inline constexpr uint32_t data_mask = 0x1FF;
inline constexpr unsigned stop_at = 12;                // CR2.STOP

}  // namespace tinysim::stm32::usart
