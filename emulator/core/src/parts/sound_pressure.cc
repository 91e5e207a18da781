#include "parts/sound_pressure.h"

#include <algorithm>

namespace tinysim {

namespace {
constexpr int slope_bits = 30;
}  // namespace

bool SoundPressure::play(const Recording& recording) {
    if (recording.columns != 1 || recording.rows() == 0) return false;
    recording_ = &recording;
    begin_ = end_ = 0;
    return true;
}

int64_t SoundPressure::micropascal(Tick at) {
    if (recording_ == nullptr) return 0;
    if (at < begin_ || at >= end_) find_rows(at);
    return level_upa_ + ((at - begin_) * slope_ >> slope_bits);
}

void SoundPressure::find_rows(Tick at) {
    const auto& times = recording_->times;
    const auto after = std::upper_bound(times.begin(), times.end(), at);
    level_upa_ = slope_ = 0;
    begin_ = after == times.begin() || at >= recording_->end ? at : *(after - 1);
    end_ = at >= recording_->end ? never : after == times.end() ? recording_->end : *after;
    if (!recording_->is_live(at)) return;
    const auto row = static_cast<size_t>(after - times.begin() - 1);
    level_upa_ = recording_->values[row];
    if (after == times.end()) return;
    const __int128 rise = static_cast<__int128>(recording_->values[row + 1] - level_upa_) << slope_bits;
    slope_ = static_cast<int64_t>(rise / (end_ - begin_));
}

}  // namespace tinysim
