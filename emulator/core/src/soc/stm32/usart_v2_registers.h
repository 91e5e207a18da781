// Registers of the USART's second generation (RM0351 40, 41; RM0432 46, 47 with FIFO): offsets, bits, and the tables.
#pragma once

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32::usart_v2 {

enum Offset : uint32_t {
    CR1 = 0x00, CR2 = 0x04, CR3 = 0x08, BRR = 0x0C, GTPR = 0x10, RTOR = 0x14, RQR = 0x18, ISR = 0x1C, ICR = 0x20, RDR = 0x24,
    TDR = 0x28, PRESC = 0x2C
};
enum Status : uint32_t {
    PE = 1u << 0, FE = 1u << 1, NE = 1u << 2, ORE = 1u << 3, IDLE = 1u << 4, RXNE = 1u << 5, TC = 1u << 6, TXE = 1u << 7,
    RTOF = 1u << 11, BUSY = 1u << 16, CMF = 1u << 17, SBKF = 1u << 18, TEACK = 1u << 21, REACK = 1u << 22, TXFE = 1u << 23,
    RXFF = 1u << 24, RXFT = 1u << 26, TXFT = 1u << 27
};
enum Control1 : uint32_t {
    UE = 1u << 0, RE = 1u << 2, TE = 1u << 3, IDLEIE = 1u << 4, RXNEIE = 1u << 5, TCIE = 1u << 6, TXEIE = 1u << 7, PEIE = 1u << 8,
    PS = 1u << 9, PCE = 1u << 10, M0 = 1u << 12, MME = 1u << 13, CMIE = 1u << 14, OVER8 = 1u << 15, RTOIE = 1u << 26, M1 = 1u << 28,
    FIFOEN = 1u << 29, TXFEIE = 1u << 30, RXFFIE = 1u << 31
};
enum Control2 : uint32_t { CLKEN = 1u << 11, LINEN = 1u << 14, ABREN = 1u << 20, RTOEN = 1u << 23 };
enum Control3 : uint32_t {
    EIE = 1u << 0, IREN = 1u << 1, HDSEL = 1u << 3, SCEN = 1u << 5, DMAR = 1u << 6, DMAT = 1u << 7, RTSE = 1u << 8, CTSE = 1u << 9,
    OVRDIS = 1u << 12, DDRE = 1u << 13, TXFTIE = 1u << 23, RXFTIE = 1u << 28
};
enum Request : uint32_t { ABRRQ = 1u << 0, SBKRQ = 1u << 1, MMRQ = 1u << 2, RXFRQ = 1u << 3, TXFRQ = 1u << 4 };

inline constexpr uint32_t isr_reset = TC | TXE, data_mask = 0x1FF, brr_mask = 0xFFFF, low_power_brr_mask = 0xFFFFF;
inline constexpr uint32_t kept_flags = PE | FE | NE | ORE | IDLE | TC | RTOF | CMF;        // until ICR clears them
inline constexpr unsigned fifo_bytes = 8, rx_threshold_at = 25, tx_threshold_at = 29;
inline constexpr uint32_t all = 0xFFFFFFFF;

inline constexpr Register table[] = {
    {"CR1", 0, 0x1FFFFFFF}, {"CR2", 0, 0xFFFFFF70}, {"CR3", 0, 0x007EFFFF}, {"BRR", 0, brr_mask}, {"GTPR", 0, 0xFFFF},
    {"RTOR", 0, all}, {"RQR", 0, 0}, {"ISR", isr_reset, 0}, {"ICR", 0, 0}, {"RDR", 0, 0}, {"TDR", 0, data_mask},
};
inline constexpr Register fifo_table[] = {
    {"CR1", 0, all}, {"CR2", 0, 0xFFFFFF79}, {"CR3", 0, 0xFFFEFFFF}, {"BRR", 0, brr_mask}, {"GTPR", 0, 0xFFFF},
    {"RTOR", 0, all}, {"RQR", 0, 0}, {"ISR", isr_reset, 0}, {"ICR", 0, 0}, {"RDR", 0, 0}, {"TDR", 0, data_mask}, {"PRESC", 0, 15},
};
inline constexpr Register low_power_table[] = {
    {"CR1", 0, 0x13FF7FFF}, {"CR2", 0, 0xFF0FB010}, {"CR3", 0, 0x0070F7C9}, {"BRR", 0, low_power_brr_mask}, {}, {},
    {"RQR", 0, 0}, {"ISR", isr_reset, 0}, {"ICR", 0, 0}, {"RDR", 0, 0}, {"TDR", 0, data_mask},
};
inline constexpr Register low_power_fifo_table[] = {
    {"CR1", 0, 0xF3FF7FFF}, {"CR2", 0, 0xFF0FB010}, {"CR3", 0, 0xFEF0F7C9}, {"BRR", 0, low_power_brr_mask}, {}, {},
    {"RQR", 0, 0}, {"ISR", isr_reset, 0}, {"ICR", 0, 0}, {"RDR", 0, 0}, {"TDR", 0, data_mask}, {"PRESC", 0, 15},
};

}  // namespace tinysim::stm32::usart_v2
