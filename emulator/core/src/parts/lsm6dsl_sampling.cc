// The measuring side of the LSM6DSL: data rates, full scales, output registers, timestamp.
#include <algorithm>

#include "parts/lsm6dsl.h"
#include "parts/lsm6dsl_registers.h"

namespace tinysim {

using namespace lsm6dsl;

namespace {
constexpr int8_t slow_exponent = -2;                        // 1.6 Hz, an eighth of 12.5 Hz
constexpr int64_t pico_dps_per_10_urad_s = 572'957'795;
}  // namespace

// The rates, by their number in ODR, are powers of two of each other as far as the silicon's own clock goes.
int8_t Lsm6dsl::exponent(uint8_t ctrl, bool has_slow_rate) const {
    const unsigned odr = ctrl >> 4;
    if (odr == 0) return off;
    if (odr == 11 && has_slow_rate) return has(CTRL6_C, ctrl6_xl_hm_mode) ? slow_exponent : int8_t{1};
    if (odr <= 10) return static_cast<int8_t>(odr);
    return off;
}

void Lsm6dsl::apply_rates() {
    static constexpr Rate rates[] = {{25, 2}, {26, 1}, {52, 1}, {104, 1}, {208, 1}, {416, 1}, {833, 1}, {1660, 1}, {3330, 1}, {6660, 1}};
    accelerometer_.exponent = exponent(registers_[CTRL1_XL], true);
    gyroscope_.exponent = exponent(registers_[CTRL2_G], false);
    if ((accelerometer_.exponent == off && registers_[CTRL1_XL] >> 4 != 0) ||
        (gyroscope_.exponent == off && registers_[CTRL2_G] >> 4 != 0))
        warn_once(30, "CTRL1_XL, CTRL2_G: a reserved rate; the part stays in power-down");
    const int8_t top = std::max(accelerometer_.exponent, gyroscope_.exponent);
    const Rate wanted = top == off ? Rate{} : top == slow_exponent ? Rate{8, 5} : rates[top - 1];
    if (!clock_.set(wanted)) return;
    slot_ = fifo_slot_ = 0;
}

bool Lsm6dsl::is_due(int8_t exponent) const {
    const int8_t top = std::max(accelerometer_.exponent, gyroscope_.exponent);
    return exponent != off && (exponent >= top || slot_ % (uint64_t{1} << (top - exponent)) == 0);
}

void Lsm6dsl::on_slot(Tick at) {
    ++slot_;
    const uint8_t due = static_cast<uint8_t>(tda | (is_due(accelerometer_.exponent) ? xlda : 0) | (is_due(gyroscope_.exponent) ? gda : 0));
    if ((due & gda) != 0) measure_angular_rate(at);
    if ((due & xlda) != 0) measure_acceleration(at);
    temperature_output_.hold({to_digits(*temperature_.row_at(at) - 25'000, 256, 1000)}, has(CTRL3_C, ctrl3_bdu));
    ready_ |= due;
    if (has(DRDY_PULSE_CFG_G, drdy_pulsed)) {
        pulses_ = due;
        scheduler_.cancel(pulse_event_);
        scheduler_.after(pulse_event_, scheduler_.ticks_per_second() * 75 / 1'000'000);
    }
    fill_fifo();
    update_pins();
}

void Lsm6dsl::measure_acceleration(Tick at) {
    static constexpr int64_t micro_g_per_digit[] = {61, 488, 122, 244};     // 2, 16, 4, 8 g
    measure(accelerometer_, acceleration_, 1, micro_g_per_digit[registers_[CTRL1_XL] >> 2 & 3], at, is_in_fifo(accelerometer_set));
}

void Lsm6dsl::measure_angular_rate(Tick at) {
    const unsigned eighths = has(CTRL2_G, 0x02) ? 1 : 2u << (registers_[CTRL2_G] >> 2 & 3);     // FS_125: 4.375 mdps a digit
    measure(gyroscope_, angular_rate_, pico_dps_per_10_urad_s, 4'375'000'000 * eighths, at, is_in_fifo(gyroscope_set));
}

void Lsm6dsl::measure(Half& half, const Played& played, int64_t numerator, int64_t denominator, Tick at, bool goes_to_fifo) {
    const int32_t* row = played.row_at(at);
    std::array<int32_t, 3> digits;
    for (unsigned axis = 0; axis < 3; ++axis) {
        digits[axis] = to_digits(row[axis], numerator, denominator);
        half.measured.axes[axis] = static_cast<int16_t>(digits[axis]);
    }
    half.measured.counted = played.is_counted(at);
    half.output.hold(digits, has(CTRL3_C, ctrl3_bdu));
    if (goes_to_fifo) return;
    account_.produced += half.measured.counted;
    half.latest.replace(half.measured.counted);
}

uint32_t Lsm6dsl::timestamp() const {
    if (!has(CTRL10_C, ctrl10_timer_en)) return 0;
    const __int128 since = scheduler_.now() - timer_since_;
    const __int128 counts = has(WAKE_UP_DUR, wake_up_dur_timer_hr) ? since * 40'000 : since * 625 / 4;  // 25 us, 6.4 ms
    return static_cast<uint32_t>(counts / scheduler_.ticks_per_second());
}

}  // namespace tinysim
