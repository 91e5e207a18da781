// Bits that come the other way round: the lowest of `bits` becomes the highest.
#pragma once

#include <cstdint>

namespace tinysim::stm32 {

constexpr uint32_t reversed(uint64_t value, unsigned bits) {
    uint32_t result = 0;
    for (unsigned i = 0; i < bits; ++i) result = result << 1 | static_cast<uint32_t>(value >> i & 1);
    return result;
}

}  // namespace tinysim::stm32
