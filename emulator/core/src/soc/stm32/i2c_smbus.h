// What both generations of I2C know of SMBus: its own addresses and the packet error code. SMBus 3.0, 5.4 and 6.5; RM0351 39.4.11.
#pragma once

#include <cstdint>

namespace tinysim::stm32::smbus {

inline constexpr uint16_t host_address = 0x08, alert_response_address = 0x0C, device_default_address = 0x61;

// CRC-8, x^8 + x^2 + x + 1, of one byte more.
constexpr uint8_t with_byte(uint8_t code, uint8_t byte) {
    constexpr uint8_t polynomial = 0x07, top = 0x80;
    code ^= byte;
    for (int i = 0; i < 8; ++i) code = static_cast<uint8_t>(code << 1 ^ ((code & top) != 0 ? polynomial : 0));
    return code;
}

}  // namespace tinysim::stm32::smbus
