// The measuring side of the LIS2DW12: data rates, conversion to register values, output registers.
#include <algorithm>
#include <iterator>

#include "parts/lis2dw12.h"
#include "parts/lis2dw12_registers.h"
#include "tinysim/recording.h"

namespace tinysim {

using namespace lis2dw12;

namespace {
constexpr int32_t one_g_micro_g = 1'000'000;
constexpr int32_t micro_g_per_digit_14_bit = 244, micro_g_per_digit_12_bit = 976;  // at +-2 g
}  // namespace

// Data rates as exact fractions, by mode (CTRL1, ODR[3:0]).
Lis2dw12::Rate Lis2dw12::rate() const {
    static constexpr Rate high_performance[] = {{0, 1},   {25, 2},  {25, 2},  {25, 1},  {50, 1},
                                                {100, 1}, {200, 1}, {400, 1}, {800, 1}, {1600, 1}};
    static constexpr Rate low_power[] = {{0, 1},   {8, 5},   {25, 2},  {25, 1},  {50, 1},
                                         {100, 1}, {200, 1}, {200, 1}, {200, 1}, {200, 1}};
    const unsigned odr = registers_[CTRL1] >> 4, mode = mode_of(registers_[CTRL1]);
    if (odr >= std::size(low_power)) return {0, 1};
    if (mode == mode_low_power) return low_power[odr];
    return mode == mode_high_performance ? high_performance[odr] : Rate{0, 1};
}

void Lis2dw12::apply_rate() {
    const Rate wanted = rate();
    if (wanted.numerator_hz == running_.numerator_hz && wanted.denominator == running_.denominator)
        return;
    running_ = wanted;
    rate_since_ = scheduler_.now();
    sample_number_ = 0;
    scheduler_.cancel(sample_event_);
    if (running_.numerator_hz != 0) schedule_sample();
}

// Sample k is due k periods after the rate was set, rounded down to a tick: no drift.
void Lis2dw12::schedule_sample() {
    const __int128 ticks = static_cast<__int128>(++sample_number_) * running_.denominator *
                           scheduler_.ticks_per_second();
    scheduler_.at(sample_event_, rate_since_ + static_cast<Tick>(ticks / running_.numerator_hz));
}

void Lis2dw12::on_sample(Tick late) {
    const Tick at = scheduler_.now() - late;
    schedule_sample();
    take_sample(at);
}

void Lis2dw12::on_one_shot() {
    registers_[CTRL3] &= static_cast<uint8_t>(~ctrl3_slp_mode_1);
    take_sample(scheduler_.now());
}

void Lis2dw12::take_sample(Tick at) {
    const AccelerometerSample sample = measure(at);
    account_.produced += sample.counted;
    if (fifo_is_on()) fifo_.push(sample, registers_[FIFO_CTRL] >> 5 == fifo_stop_when_full);
    else hold_output(sample);
    data_ready_ = true;
    if ((registers_[CTRL7] & ctrl7_drdy_pulsed) != 0) {
        pulse_ = true;
        scheduler_.after(pulse_event_, scheduler_.ticks_per_second() * 75 / 1'000'000);
    }
    update_pins();
}

AccelerometerSample Lis2dw12::measure(Tick at) const {
    static constexpr int32_t at_rest[] = {0, 0, one_g_micro_g};
    const int32_t* row = recording_ != nullptr ? recording_->row_at(at) : at_rest;
    AccelerometerSample sample;
    for (unsigned axis = 0; axis < 3; ++axis) sample.axes[axis] = to_register(row[axis]);
    sample.counted = recording_ == nullptr || recording_->is_live(at);
    return sample;
}

bool Lis2dw12::is_12_bit() const {
    return mode_of(registers_[CTRL1]) != mode_high_performance && (registers_[CTRL1] & 3) == 0;
}

int16_t Lis2dw12::to_register(int32_t micro_g) const {
    const unsigned full_scale = (registers_[CTRL6] >> 4) & 3;
    const unsigned unused_bits = is_12_bit() ? 4 : 2;
    const int32_t step = (is_12_bit() ? micro_g_per_digit_12_bit : micro_g_per_digit_14_bit)
                         << full_scale;
    const int64_t half = micro_g >= 0 ? step / 2 : -(step / 2);
    const int64_t limit = 0x8000 >> unused_bits;
    const int64_t digits = std::clamp<int64_t>((micro_g + half) / step, -limit, limit - 1);
    return static_cast<int16_t>(digits * (1 << unused_bits));
}

// Bypass mode: the output registers hold one sample; BDU keeps an axis still between its low and
// its high byte.
void Lis2dw12::hold_output(const AccelerometerSample& sample) {
    account_.lost += unread_ && output_.counted;
    output_.counted = sample.counted;
    unread_ = true;
    const bool block_data_update = (registers_[CTRL2] & ctrl2_bdu) != 0;
    for (unsigned axis = 0; axis < 3; ++axis) {
        held_back_[axis] = block_data_update && half_read_[axis];
        (held_back_[axis] ? next_output_ : output_).axes[axis] = sample.axes[axis];
    }
}

uint8_t Lis2dw12::read_output(uint8_t address) {
    const unsigned axis = (address - OUT_X_L) / 2;
    const bool high = ((address - OUT_X_L) & 1) != 0, fifo = fifo_is_on();
    if (fifo && address == OUT_X_L) fifo_.begin_read();
    const auto word = static_cast<uint16_t>((fifo ? fifo_.oldest() : output_).axes[axis]);
    if (!high) {
        half_read_[axis] = true;
        return static_cast<uint8_t>(word);
    }
    read_output_high(axis);
    return static_cast<uint8_t>(word >> 8);
}

void Lis2dw12::read_output_high(unsigned axis) {
    half_read_[axis] = false;
    if (std::exchange(held_back_[axis], false)) output_.axes[axis] = next_output_.axes[axis];
    data_ready_ = false;
    if (axis == 2 && fifo_is_on()) fifo_.end_read();
    else if (axis == 2 && std::exchange(unread_, false)) account_.read += output_.counted;
    update_pins();
}

}  // namespace tinysim
