// Registers of the I2C of the STM32L4 (RM0351 39.7): offsets, bits, table.
#pragma once

#include "soc/stm32/peripheral.h"

namespace tinysim::stm32::i2c_v2 {

enum Offset : uint32_t {
    CR1 = 0x00, CR2 = 0x04, OAR1 = 0x08, OAR2 = 0x0C, TIMINGR = 0x10, TIMEOUTR = 0x14, ISR = 0x18, ICR = 0x1C, PECR = 0x20,
    RXDR = 0x24, TXDR = 0x28
};
enum Control1 : uint32_t {
    PE = 1u << 0, TXIE = 1u << 1, RXIE = 1u << 2, ADDRIE = 1u << 3, NACKIE = 1u << 4, STOPIE = 1u << 5, TCIE = 1u << 6,
    ERRIE = 1u << 7, TXDMAEN = 1u << 14, RXDMAEN = 1u << 15, SBC = 1u << 16, NOSTRETCH = 1u << 17, WUPEN = 1u << 18,
    GCEN = 1u << 19, SMBHEN = 1u << 20, SMBDEN = 1u << 21, ALERTEN = 1u << 22, PECEN = 1u << 23
};
enum Control2 : uint32_t {
    SADD = 0x3FF, RD_WRN = 1u << 10, ADD10 = 1u << 11, HEAD10R = 1u << 12, START = 1u << 13, STOP = 1u << 14, NACK = 1u << 15,
    NBYTES = 0xFFu << 16, RELOAD = 1u << 24, AUTOEND = 1u << 25, PECBYTE = 1u << 26
};
enum Status : uint32_t {
    TXE = 1u << 0, TXIS = 1u << 1, RXNE = 1u << 2, ADDR = 1u << 3, NACKF = 1u << 4, STOPF = 1u << 5, TC = 1u << 6, TCR = 1u << 7,
    BERR = 1u << 8, ARLO = 1u << 9, OVR = 1u << 10, PECERR = 1u << 11, TIMEOUT = 1u << 12, ALERT = 1u << 13, BUSY = 1u << 15,
    DIR = 1u << 16, ADDCODE = 0x7Fu << 17
};
enum OwnAddress : uint32_t { OA1 = 0x3FF, OA1MODE = 1u << 10, OAEN = 1u << 15 };
enum TimeOut : uint32_t { TIMEOUTA = 0xFFF, TIDLE = 1u << 12, TIMOUTEN = 1u << 15, TEXTEN = 1u << 31 };

inline constexpr unsigned timeoutb_at = 16, nbytes_at = 16, addcode_at = 17, dnf_at = 8, presc_at = 28, sclh_at = 8, oa2msk_at = 8;
inline constexpr uint32_t requests = START | STOP | NACK | PECBYTE;    // of CR2: set by software, cleared by the block
inline constexpr uint32_t clearable = ADDR | NACKF | STOPF | BERR | ARLO | OVR | PECERR | TIMEOUT | ALERT;      // by ICR
inline constexpr uint32_t errors = BERR | ARLO | OVR | PECERR | TIMEOUT | ALERT;

inline constexpr Register table[] = {
    {"CR1", 0, 0x00FFDFFF}, {"CR2", 0, 0x03FFFFFF & ~requests}, {"OAR1", 0, 0x87FF}, {"OAR2", 0, 0x87FE},
    {"TIMINGR", 0, 0xF0FFFFFF}, {"TIMEOUTR", 0, 0x8FFF9FFF}, {"ISR", TXE, 0}, {"ICR", 0, 0}, {"PECR", 0, 0}, {"RXDR", 0, 0},
    {"TXDR", 0, 0xFF},
};

}  // namespace tinysim::stm32::i2c_v2
