// How long a UART frame lasts in ticks, exactly; back-to-back frames do not drift.
// BAUDRATE sets 16 MHz * BAUDRATE / 2^32 nominally. The actual rates of the vendor's header
// (facts/timing.md A4: 115200 is 115108, 19200 is 19208, 921600 is 941176, ...) are those of whole
// 16 MHz cycles per bit, floor(2^32 / BAUDRATE); that is the default. The nominal fraction is kept
// for whoever measures otherwise.
#pragma once

#include <cstdint>

#include "tinysim/archive.h"
#include "tinysim/scheduler.h"

namespace tinysim::nrf {

struct FrameTime {
    int64_t numerator = 0;  // ticks = numerator / denominator
    int64_t denominator = 1;

    static FrameTime of(uint32_t baudrate_register, unsigned bits, int64_t ticks_per_second,
                        bool fractional) {
        const int64_t cycle_ticks = ticks_per_second / 16'000'000;
        const int64_t two_to_32 = int64_t{1} << 32;
        if (fractional)
            return {static_cast<int64_t>(bits) * cycle_ticks * two_to_32, baudrate_register};
        return {static_cast<int64_t>(bits) * cycle_ticks * (two_to_32 / baudrate_register), 1};
    }
};

// Keeps the fraction of a tick from one frame to the next.
class FrameClock {
public:
    void state(Archive& archive) { archive(remainder_); }
    void idle() { remainder_ = 0; }
    Tick advance(Tick from, const FrameTime& frame) {
        const int64_t total = frame.numerator + remainder_;
        remainder_ = total % frame.denominator;
        return from + total / frame.denominator;
    }

private:
    int64_t remainder_ = 0;
};

}  // namespace tinysim::nrf
