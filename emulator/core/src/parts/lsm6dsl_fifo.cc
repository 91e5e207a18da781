// The FIFO of the LSM6DSL: sets of three words at its own rate, decimated, with their place in the pattern.
#include <algorithm>
#include <numeric>

#include "parts/lsm6dsl.h"
#include "parts/lsm6dsl_registers.h"

namespace tinysim {

using namespace lsm6dsl;

// 0: not in the FIFO.
unsigned Lsm6dsl::decimation(unsigned set) const {
    static constexpr unsigned factors[] = {0, 1, 2, 3, 4, 8, 16, 32};
    return factors[registers_[FIFO_CTRL3] >> 3 * set & 7];
}

bool Lsm6dsl::fifo_is_on() const {
    const unsigned mode = registers_[FIFO_CTRL5] & 7;
    return (mode == fifo_stop_when_full || mode == fifo_continuous_to_fifo || mode == fifo_continuous) &&
           (registers_[FIFO_CTRL5] >> 3 & 15) != 0;
}

unsigned Lsm6dsl::fifo_words() const {
    const auto words = static_cast<unsigned>(3 * fifo_.level());
    return words - std::min<unsigned>(fifo_word_, words);
}

unsigned Lsm6dsl::threshold_words() const { return registers_[FIFO_CTRL1] | (registers_[FIFO_CTRL2] & 7u) << 8; }

bool Lsm6dsl::fifo_threshold() const {
    return fifo_is_on() && threshold_words() > 0 && fifo_words() >= threshold_words();
}

void Lsm6dsl::apply_fifo(unsigned mode_before) {
    const unsigned mode = registers_[FIFO_CTRL5] & 7;
    if (mode == fifo_continuous_to_fifo || mode == fifo_bypass_to_continuous)
        warn_once(29, "FIFO_CTRL5: the event that switches this FIFO mode is not modelled and never comes");
    const size_t threshold_sets = threshold_words() / 3;
    const bool is_cut = has(FIFO_CTRL4, fifo_ctrl4_stop_on_fth) && threshold_sets > 0;
    fifo_.set_depth(is_cut ? std::min(threshold_sets, capacity_sets) : capacity_sets);
    if (mode == mode_before || fifo_is_on()) return;
    fifo_.clear();
    fifo_slot_ = 0;
    pattern_ = fifo_word_ = 0;
}

void Lsm6dsl::fill_fifo() {
    if (!fifo_is_on() || !is_due(static_cast<int8_t>(registers_[FIFO_CTRL5] >> 3 & 15))) return;
    const unsigned gyroscope = gyroscope_.exponent == off ? 0 : decimation(gyroscope_set);
    const unsigned accelerometer = accelerometer_.exponent == off ? 0 : decimation(accelerometer_set);
    const unsigned cycle = std::lcm(std::max(gyroscope, 1u), std::max(accelerometer, 1u));
    if (fifo_slot_ % cycle == 0) pattern_ = 0;
    if (gyroscope != 0 && fifo_slot_ % gyroscope == 0) push(gyroscope_);
    if (accelerometer != 0 && fifo_slot_ % accelerometer == 0) push(accelerometer_);
    ++fifo_slot_;
}

void Lsm6dsl::push(const Half& half) {
    FifoSet set;
    set.axes = half.measured.axes;
    set.counted = half.measured.counted;
    set.pattern = pattern_;
    pattern_ = static_cast<uint16_t>(pattern_ + 3);
    account_.produced += set.counted;
    fifo_.push(set, (registers_[FIFO_CTRL5] & 7) == fifo_stop_when_full);
}

uint8_t Lsm6dsl::read_fifo(bool high) {
    if (fifo_word_ == 0 && !high) fifo_.begin_read();
    const uint8_t value = fifo_.oldest().byte(2u * fifo_word_ + high);
    if (!high || fifo_.level() == 0) return value;
    fifo_word_ = static_cast<uint8_t>((fifo_word_ + 1) % 3);
    if (fifo_word_ == 0) fifo_.end_read();
    update_pins();
    return value;
}

uint8_t Lsm6dsl::read_fifo_status(uint8_t address) {
    const unsigned words = fifo_words(), pattern = fifo_.level() > 0 ? fifo_.oldest().pattern + fifo_word_ : 0u;
    switch (address) {
    case FIFO_STATUS1: return static_cast<uint8_t>(words);
    case FIFO_STATUS2:
        return static_cast<uint8_t>((fifo_threshold() ? fifo2_watermark : 0) | (fifo_.overrun() ? fifo2_over_run : 0) |
                                    (fifo_is_on() && fifo_.is_full() ? fifo2_full : 0) | (words == 0 ? fifo2_empty : 0) | words >> 8);
    case FIFO_STATUS3: return static_cast<uint8_t>(pattern);
    default: return static_cast<uint8_t>(pattern >> 8);
    }
}

}  // namespace tinysim
