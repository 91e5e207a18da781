// Registers of the USART's second generation (RM0351 40, 41; RM0432 46, 47 with FIFO): offsets, own bits, and the tables.
#pragma once

#include "soc/stm32/peripheral.h"
#include "soc/stm32/usart_bits.h"

namespace tinysim::stm32::usart_v2 {

enum Offset : uint32_t {
    CR1 = 0x00, CR2 = 0x04, CR3 = 0x08, BRR = 0x0C, GTPR = 0x10, RTOR = 0x14, RQR = 0x18, ISR = 0x1C, ICR = 0x20, RDR = 0x24,
    TDR = 0x28, PRESC = 0x2C
};
enum Status : uint32_t {
    CTS = 1u << 10, RTOF = 1u << 11, EOBF = 1u << 12, ABRE = 1u << 14, ABRF = 1u << 15, BUSY = 1u << 16, CMF = 1u << 17,
    SBKF = 1u << 18, RWU = 1u << 19, WUF = 1u << 20, TEACK = 1u << 21, REACK = 1u << 22, TXFE = 1u << 23, RXFF = 1u << 24,
    RXFT = 1u << 26, TXFT = 1u << 27
};
enum Control1 : uint32_t {
    UE = 1u << 0, UESM = 1u << 1, MME = 1u << 13, CMIE = 1u << 14, RTOIE = 1u << 26, EOBIE = 1u << 27, M1 = 1u << 28,
    FIFOEN = 1u << 29, TXFEIE = 1u << 30, RXFFIE = 1u << 31
};
enum Control2 : uint32_t { ADDM7 = 1u << 4, ABREN = 1u << 20, RTOEN = 1u << 23 };
enum Control3 : uint32_t {
    OVRDIS = 1u << 12, DDRE = 1u << 13, WUFIE = 1u << 22, TXFTIE = 1u << 23, RXFTIE = 1u << 28
};
enum WakeOn : uint32_t { address_match = 0, start_bit = 2, received_word = 3 };            // CR3.WUS
enum Request : uint32_t { ABRRQ = 1u << 0, SBKRQ = 1u << 1, MMRQ = 1u << 2, RXFRQ = 1u << 3, TXFRQ = 1u << 4 };

inline constexpr uint32_t isr_reset = usart::TC | usart::TXE, brr_mask = 0xFFFF, low_power_brr_mask = 0xFFFFF;
inline constexpr uint32_t cleared_by_icr = usart::PE | usart::FE | usart::NE | usart::ORE | usart::IDLE | usart::TC | usart::LBD |
                                           usart::CTSIF | RTOF | EOBF | CMF | WUF;
inline constexpr unsigned fifo_words = 8, rx_threshold_at = 25, tx_threshold_at = 29, wake_at = 20, rate_mode_at = 21, address_at = 24,
                          block_at = 24;
inline constexpr uint32_t all = 0xFFFFFFFF, timeout_mask = 0x00FFFFFF;

inline constexpr Register table[] = {
    {"CR1", 0, 0x1FFFFFFF}, {"CR2", 0, 0xFFFFFF70}, {"CR3", 0, 0x007EFFFF}, {"BRR", 0, brr_mask}, {"GTPR", 0, 0xFFFF},
    {"RTOR", 0, all}, {"RQR", 0, 0}, {"ISR", isr_reset, 0}, {"ICR", 0, 0}, {"RDR", 0, 0}, {"TDR", 0, usart::data_mask},
};
inline constexpr Register fifo_table[] = {
    {"CR1", 0, all}, {"CR2", 0, 0xFFFFFF79}, {"CR3", 0, 0xFFFEFFFF}, {"BRR", 0, brr_mask}, {"GTPR", 0, 0xFFFF},
    {"RTOR", 0, all}, {"RQR", 0, 0}, {"ISR", isr_reset, 0}, {"ICR", 0, 0}, {"RDR", 0, 0}, {"TDR", 0, usart::data_mask}, {"PRESC", 0, 15},
};
inline constexpr Register low_power_table[] = {
    {"CR1", 0, 0x13FF7FFF}, {"CR2", 0, 0xFF0FB010}, {"CR3", 0, 0x0070F7C9}, {"BRR", 0, low_power_brr_mask}, {}, {},
    {"RQR", 0, 0}, {"ISR", isr_reset, 0}, {"ICR", 0, 0}, {"RDR", 0, 0}, {"TDR", 0, usart::data_mask},
};
inline constexpr Register low_power_fifo_table[] = {
    {"CR1", 0, 0xF3FF7FFF}, {"CR2", 0, 0xFF0FB010}, {"CR3", 0, 0xFEF0F7C9}, {"BRR", 0, low_power_brr_mask}, {}, {},
    {"RQR", 0, 0}, {"ISR", isr_reset, 0}, {"ICR", 0, 0}, {"RDR", 0, 0}, {"TDR", 0, usart::data_mask}, {"PRESC", 0, 15},
};

}  // namespace tinysim::stm32::usart_v2
