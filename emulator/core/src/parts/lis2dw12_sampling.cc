// The measuring side of the LIS2DW12: data rates, conversion to register values, output registers.
#include <iterator>

#include "parts/lis2dw12.h"
#include "parts/lis2dw12_registers.h"

namespace tinysim {

using namespace lis2dw12;

namespace {
constexpr int32_t micro_g_per_digit_14_bit = 244, micro_g_per_digit_12_bit = 976;  // at +-2 g
}  // namespace

// Data rates as exact fractions, by mode (CTRL1, ODR[3:0]).
Rate Lis2dw12::rate() const {
    static constexpr Rate high_performance[] = {{0, 1},   {25, 2},  {25, 2},  {25, 1},  {50, 1},
                                                {100, 1}, {200, 1}, {400, 1}, {800, 1}, {1600, 1}};
    static constexpr Rate low_power[] = {{0, 1},   {8, 5},   {25, 2},  {25, 1},  {50, 1},
                                         {100, 1}, {200, 1}, {200, 1}, {200, 1}, {200, 1}};
    const unsigned odr = registers_[CTRL1] >> 4, mode = mode_of(registers_[CTRL1]);
    if (odr >= std::size(low_power)) return {0, 1};
    if (mode == mode_low_power) return low_power[odr];
    return mode == mode_high_performance ? high_performance[odr] : Rate{0, 1};
}

void Lis2dw12::on_one_shot() {
    registers_[CTRL3] &= static_cast<uint8_t>(~ctrl3_slp_mode_1);
    take_sample(scheduler_.now());
}

void Lis2dw12::take_sample(Tick at) {
    const AxesSample sample = measure(at);
    account_.produced += sample.counted;
    if (fifo_is_on()) fifo_.push(sample, registers_[FIFO_CTRL] >> 5 == fifo_stop_when_full);
    else {
        latest_.replace(sample.counted);
        output_.hold({sample.axes[0], sample.axes[1], sample.axes[2]}, has(CTRL2, ctrl2_bdu));
    }
    data_ready_ = true;
    if ((registers_[CTRL7] & ctrl7_drdy_pulsed) != 0) {
        pulse_ = true;
        scheduler_.after(pulse_event_, scheduler_.ticks_per_second() * 75 / 1'000'000);
    }
    update_pins();
}

AxesSample Lis2dw12::measure(Tick at) const {
    const int32_t* row = acceleration_.row_at(at);
    return {{to_register(row[0]), to_register(row[1]), to_register(row[2])}, acceleration_.is_counted(at)};
}

bool Lis2dw12::is_12_bit() const {
    return mode_of(registers_[CTRL1]) != mode_high_performance && (registers_[CTRL1] & 3) == 0;
}

int16_t Lis2dw12::to_register(int32_t micro_g) const {
    const unsigned full_scale = (registers_[CTRL6] >> 4) & 3;
    const unsigned unused_bits = is_12_bit() ? 4 : 2;
    const int32_t step = (is_12_bit() ? micro_g_per_digit_12_bit : micro_g_per_digit_14_bit)
                         << full_scale;
    return static_cast<int16_t>(to_digits(micro_g, 1, step, 16 - unused_bits) * (1 << unused_bits));
}

uint8_t Lis2dw12::read_output(uint8_t address) {
    const unsigned byte = address - OUT_X_L, axis = byte / 2;
    if (fifo_is_on() && byte == 0) fifo_.begin_read();
    const uint8_t value = fifo_is_on() ? fifo_.oldest().byte(byte) : output_.read(byte);
    if (HeldWords<3>::is_last(byte)) read_output_high(axis);
    return value;
}

void Lis2dw12::read_output_high(unsigned axis) {
    data_ready_ = false;
    if (axis == 2 && fifo_is_on()) fifo_.end_read();
    else if (axis == 2) latest_.read();
    update_pins();
}

}  // namespace tinysim
