// One quantity that a sensor measures: a recording of it, sampled and held, or what it is at rest. And its way into digits.
#pragma once

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "tinysim/recording.h"

namespace tinysim {

class Played {
public:
    Played(std::string_view quantity, std::vector<int32_t> at_rest) : quantity_(quantity), at_rest_(std::move(at_rest)) {}

    bool take(const Recording& recording) {
        if (recording.quantity != quantity_ || recording.columns != at_rest_.size() || recording.rows() == 0) return false;
        recording_ = &recording;
        return true;
    }
    const int32_t* row_at(Tick at) const { return recording_ != nullptr ? recording_->row_at(at) : at_rest_.data(); }
    bool is_counted(Tick at) const { return recording_ == nullptr || recording_->is_live(at); }

private:
    const std::string_view quantity_;
    const std::vector<int32_t> at_rest_;
    const Recording* recording_ = nullptr;
};

// value * numerator / denominator, rounded half away from zero, clipped to `bits` with sign.
inline int32_t to_digits(int64_t value, int64_t numerator, int64_t denominator, unsigned bits = 16) {
    const int64_t scaled = value * numerator, half = scaled >= 0 ? denominator / 2 : -(denominator / 2);
    const int64_t limit = int64_t{1} << (bits - 1);
    return static_cast<int32_t>(std::clamp<int64_t>((scaled + half) / denominator, -limit, limit - 1));
}

}  // namespace tinysim
