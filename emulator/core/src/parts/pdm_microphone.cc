#include "parts/pdm_microphone.h"

#include <algorithm>

namespace tinysim {

namespace {
constexpr int64_t default_full_scale_upa = 28'217'270;     // sqrt(2) Pa * 10^(26/20)
constexpr int64_t least_clock_hz = 1'000'000, most_clock_hz = 3'250'000;
constexpr int slope_bits = 30;
constexpr int64_t most_integrated = 8;                     // full scales: what the integrators hold when they are overloaded
}  // namespace

PdmMicrophone::PdmMicrophone(const Construction& construction)
    : scheduler_(construction.scheduler), recorder_(construction.recorder), name_(construction.name),
      full_scale_upa_(std::max<int64_t>(construction.number("fullScale", default_full_scale_upa), 1)) {}

bool PdmMicrophone::play(const Recording& recording) {
    if (recording.columns != 1 || recording.rows() == 0) return false;
    recording_ = &recording;
    begin_ = end_ = 0;
    return true;
}

uint64_t PdmMicrophone::bits(Tick from, Tick period_ticks, unsigned count) {
    if (is_asleep(period_ticks)) return 0;
    uint64_t stream = 0;
    for (unsigned i = 0; i < count; ++i)
        stream |= uint64_t{modulate(pressure(from + static_cast<Tick>(i) * period_ticks))} << i;
    return stream;
}

bool PdmMicrophone::is_asleep(Tick period_ticks) {
    const int64_t second = scheduler_.ticks_per_second();
    if (period_ticks >= (second + most_clock_hz - 1) / most_clock_hz && period_ticks <= second / least_clock_hz) return false;
    const int64_t clock_hz = period_ticks == 0 ? 0 : second / period_ticks;
    if (!std::exchange(warned_clock_, true))
        recorder_.warn(name_ + ": sleeps, as its clock of " + std::to_string(clock_hz) + " Hz is not within 1 to 3.25 MHz");
    return true;
}

int64_t PdmMicrophone::pressure(Tick at) {
    if (recording_ == nullptr) return 0;
    if (at < begin_ || at >= end_) find_rows(at);
    return level_upa_ + ((at - begin_) * slope_ >> slope_bits);
}

void PdmMicrophone::find_rows(Tick at) {
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

// Two integrators and a comparator (Boser and Wooley, IEEE JSSC 23-6): the noise is shaped by (1 - 1/z)^2.
bool PdmMicrophone::modulate(int64_t input) {
    const int64_t limit = most_integrated * full_scale_upa_;
    const bool one = second_ >= 0;
    const int64_t feedback = one ? full_scale_upa_ : -full_scale_upa_;
    second_ = std::clamp(second_ + first_ - 2 * feedback, -limit, limit);
    first_ = std::clamp(first_ + input - feedback, -limit, limit);
    return one;
}

void PdmMicrophone::state(Archive& archive) {
    archive(first_, second_, warned_clock_, begin_, end_, level_upa_, slope_);
}

}  // namespace tinysim
