#include "parts/pdm_microphone.h"

#include <algorithm>

namespace tinysim {

namespace {
constexpr int64_t least_clock_hz = 1'000'000, most_clock_hz = 3'250'000;
constexpr int64_t most_integrated = 8;                     // full scales: what the integrators hold when they are overloaded
}  // namespace

PdmMicrophone::PdmMicrophone(const Construction& construction)
    : scheduler_(construction.scheduler), recorder_(construction.recorder), name_(construction.name),
      full_scale_upa_(std::max<int64_t>(construction.number("fullScale", SoundPressure::full_scale_upa), 1)) {}

uint64_t PdmMicrophone::bits(Tick from, Tick period_ticks, unsigned count) {
    if (is_asleep(period_ticks)) return 0;
    uint64_t stream = 0;
    for (unsigned i = 0; i < count; ++i)
        stream |= uint64_t{modulate(sound_.micropascal(from + static_cast<Tick>(i) * period_ticks))} << i;
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
    archive(first_, second_, warned_clock_, sound_);
}

}  // namespace tinysim
