// Bit fields of an instruction, for the decoders.
#pragma once

#include <cstdint>

namespace tinysim {

inline uint32_t field(uint32_t code, unsigned high, unsigned low) {
    return (code >> low) & ((1u << (high - low + 1)) - 1);
}
// A four-bit register number.
inline uint8_t reg(uint32_t code, unsigned low) { return static_cast<uint8_t>((code >> low) & 15); }

}  // namespace tinysim
