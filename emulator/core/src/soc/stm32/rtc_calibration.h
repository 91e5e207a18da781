// The smooth calibration of the RTC, RM0090 26.3.12, RM0351 38.3.12: a window of 2^20 calibrated pulses, from which CALM takes
// as many RTCCLK cycles and to which CALP adds 512. Bit n of CALM masks where the window's count is an odd multiple of 2^(19 - n),
// CALP inserts at each multiple of 2^11; the windows of 8 and 16 s are the same pattern with the lowest bits of CALM 0.
#pragma once

#include <cstdint>

#include "tinysim/archive.h"

namespace tinysim::stm32 {

class RtcCalibration {
public:
    static constexpr uint32_t CALP = 1u << 15, CALW8 = 1u << 14, CALW16 = 1u << 13, CALM = 0x1FF;
    static constexpr int64_t window_pulses = int64_t{1} << 20;

    static constexpr uint32_t writable(uint32_t written) {
        return written & ~((written & CALW8) != 0 ? 3u : (written & CALW16) != 0 ? 1u : 0u);
    }
    void set(uint32_t calr, bool may_insert) { mask_ = calr & CALM, inserts_ = may_insert && (calr & CALP) != 0; }
    // Cycles of RTCCLK from pulse `from` of the count to pulse `to`.
    int64_t cycles(int64_t from, int64_t to) const {
        int64_t cycles = to - from;
        for (unsigned bit = 0; mask_ >> bit != 0; ++bit)
            if ((mask_ >> bit & 1) != 0) cycles += steps(from, to, 20 - bit, window_pulses >> (bit + 1));
        return inserts_ ? cycles - steps(from, to, 11, 0) : cycles;
    }
    // The least count of pulses up to `to` that takes as many cycles.
    int64_t pulses(int64_t cycles_before, int64_t to) const {
        if (mask_ == 0 && !inserts_) return cycles_before;
        const int64_t most_off = (cycles_before >> 10) + 2;
        int64_t least = cycles_before > most_off ? cycles_before - most_off : 0, most = cycles_before + most_off;
        while (least < most) {
            const int64_t middle = (least + most) / 2;
            if (cycles(to - middle, to) < cycles_before) least = middle + 1;
            else most = middle;
        }
        return least;
    }
    void state(Archive& archive) { archive(mask_, inserts_); }

private:
    static constexpr int64_t steps(int64_t from, int64_t to, unsigned shift, int64_t offset) {
        return ((to + offset) >> shift) - ((from + offset) >> shift);
    }
    uint32_t mask_ = 0;
    bool inserts_ = false;
};

}  // namespace tinysim::stm32
