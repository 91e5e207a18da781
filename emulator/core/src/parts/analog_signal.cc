#include "parts/analog_signal.h"

#include <algorithm>

namespace tinysim {

bool AnalogSignal::play(const Recording& recording) {
    if (recording.columns != 1 || recording.rows() == 0) return false;
    recording_ = &recording;
    return true;
}

int32_t AnalogSignal::microvolts(Tick at) {
    if (recording_ == nullptr || !recording_->is_live(at)) return rest_microvolts_;
    const auto& times = recording_->times;
    const auto after = std::upper_bound(times.begin(), times.end(), at);
    const auto row = static_cast<size_t>(after - times.begin() - 1);
    const int32_t level = recording_->values[row];
    if (after == times.end()) return level;
    const __int128 rise = static_cast<__int128>(recording_->values[row + 1]) - level;
    return level + static_cast<int32_t>(rise * (at - times[row]) / (*after - times[row]));
}

}  // namespace tinysim
