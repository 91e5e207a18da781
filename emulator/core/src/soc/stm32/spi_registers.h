// Registers of SPI and I2S of the STM32: offsets, bits, and the tables of the two generations (RM0090 28.5, RM0351 42.6).
#pragma once

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32::spi {

enum Offset : uint32_t {
    CR1 = 0x00, CR2 = 0x04, SR = 0x08, DR = 0x0C, CRCPR = 0x10, RXCRCR = 0x14, TXCRCR = 0x18, I2SCFGR = 0x1C, I2SPR = 0x20
};
enum Control1 : uint32_t {
    MSTR = 1u << 2, SPE = 1u << 6, LSBFIRST = 1u << 7, SSI = 1u << 8, SSM = 1u << 9, RXONLY = 1u << 10, DFF = 1u << 11,
    CRCL = 1u << 11, CRCNEXT = 1u << 12, CRCEN = 1u << 13, BIDIOE = 1u << 14, BIDIMODE = 1u << 15
};
enum Control2 : uint32_t {
    RXDMAEN = 1u << 0, TXDMAEN = 1u << 1, SSOE = 1u << 2, NSSP = 1u << 3, FRF = 1u << 4, ERRIE = 1u << 5, RXNEIE = 1u << 6,
    TXEIE = 1u << 7, FRXTH = 1u << 12, LDMA_RX = 1u << 13, LDMA_TX = 1u << 14
};
enum Status : uint32_t {
    RXNE = 1u << 0, TXE = 1u << 1, CHSIDE = 1u << 2, UDR = 1u << 3, CRCERR = 1u << 4, MODF = 1u << 5, OVR = 1u << 6, BSY = 1u << 7
};
enum I2sConfiguration : uint32_t {
    CHLEN = 1u << 0, I2SSTD = 3u << 4, I2SE = 1u << 10, I2SMOD = 1u << 11, i2s_receives = 1u << 8, i2s_masters = 1u << 9,
    i2s_pcm = 3u << 4, MCKOE = 1u << 9                                     // MCKOE: of I2SPR
};

inline constexpr unsigned divider_at = 3, size_at = 8, receive_level_at = 9, transmit_level_at = 11, data_length_at = 1;
inline constexpr uint32_t size_mask = 15u << size_at, size_8 = 7u << size_at;
inline constexpr uint32_t errors = UDR | CRCERR | MODF | OVR;

inline constexpr Register table[] = {
    {"CR1", 0, 0xFFFF}, {"CR2", 0, 0xF7}, {"SR", TXE, 0}, {"DR", 0, 0}, {"CRCPR", 7, 0xFFFF}, {"RXCRCR", 0, 0},
    {"TXCRCR", 0, 0}, {"I2SCFGR", 0, 0xFBF}, {"I2SPR", 0x10, 0x3FF},
};
inline constexpr Register fifo_table[] = {
    {"CR1", 0, 0xFFFF}, {"CR2", size_8, 0x7FFF}, {"SR", TXE, 0}, {"DR", 0, 0}, {"CRCPR", 7, 0xFFFF}, {"RXCRCR", 0, 0},
    {"TXCRCR", 0, 0},
};

}  // namespace tinysim::stm32::spi
