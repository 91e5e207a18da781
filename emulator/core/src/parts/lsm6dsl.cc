#include "parts/lsm6dsl.h"

#include "parts/lsm6dsl_registers.h"

namespace tinysim {

using namespace lsm6dsl;

namespace {
constexpr Writable writable[] = {
    {FUNC_CFG_ACCESS, FUNC_CFG_ACCESS, 0xA0}, {SENSOR_SYNC_TIME_FRAME, 0x05, 0x0F}, {FIFO_CTRL1, FIFO_CTRL1, 0xFF},
    {FIFO_CTRL2, FIFO_CTRL2, 0xCF},           {FIFO_CTRL3, FIFO_CTRL3, 0x3F},       {FIFO_CTRL4, FIFO_CTRL4, 0xFF},
    {FIFO_CTRL5, FIFO_CTRL5, 0x7F},           {DRDY_PULSE_CFG_G, DRDY_PULSE_CFG_G, 0x81}, {INT1_CTRL, INT2_CTRL, 0xFF},
    {CTRL1_XL, CTRL1_XL, 0xFF},               {CTRL2_G, CTRL2_G, 0xFE},             {CTRL3_C, CTRL3_C, 0x7E},
    {CTRL4_C, CTRL4_C, 0xFE},                 {CTRL5_C, CTRL6_C, 0xFF},             {CTRL7_G, CTRL7_G, 0xF4},
    {CTRL8_XL, MASTER_CONFIG, 0xFF},          {TAP_CFG, MD2_CFG, 0xFF},             {X_OFS_USR, Z_OFS_USR, 0xFF},
};
constexpr NotModelled not_modelled[] = {
    {FUNC_CFG_ACCESS, 0xA0, "FUNC_CFG_ACCESS: the banks of the embedded functions are not modelled"},
    {FIFO_CTRL2, 0xC8, "FIFO_CTRL2: timestamp, steps and temperature in the FIFO are not modelled"},
    {FIFO_CTRL4, 0x7F, "FIFO_CTRL4: high bytes only and the FIFO data sets 3 and 4 are not modelled"},
    {DRDY_PULSE_CFG_G, 0x01, "DRDY_PULSE_CFG_G: wrist tilt is not modelled"},
    {INT1_CTRL, 0xC4, "INT1_CTRL: step detector, significant motion and boot interrupts are not modelled"},
    {INT2_CTRL, 0xC0, "INT2_CTRL: step interrupts are not modelled"},
    {CTRL1_XL, 0x03, "CTRL1_XL: the accelerometer's filters are not modelled; the stream passes as recorded"},
    {CTRL3_C, ctrl3_sim | ctrl3_ble, "CTRL3_C: 3-wire SPI and big-endian output are not modelled"},
    {CTRL4_C, 0xDA, "CTRL4_C: DEN, gyroscope sleep, DRDY masking and LPF1 are not modelled"},
    {CTRL5_C, 0xFF, "CTRL5_C: rounding, DEN polarity and self-test are not modelled"},
    {CTRL6_C, 0xEF, "CTRL6_C: DEN and the gyroscope's filters are not modelled"},
    {CTRL7_G, 0x74, "CTRL7_G: the gyroscope's high-pass filter and status rounding are not modelled"},
    {CTRL8_XL, 0xFF, "CTRL8_XL: the accelerometer's composite filters are not modelled"},
    {CTRL10_C, 0x9F, "CTRL10_C: pedometer, tilt and significant motion are not modelled"},
    {MASTER_CONFIG, 0xFF, "MASTER_CONFIG: the sensor hub is not modelled"},
    {TAP_CFG, 0xFF, "TAP_CFG: tap, 6D, wake-up and activity are not modelled"},
    {MD1_CFG, 0xFF, "MD1_CFG: tap, 6D, wake-up and free-fall interrupts are not modelled"},
    {MD2_CFG, 0xFF, "MD2_CFG: tap, 6D, wake-up and free-fall interrupts are not modelled"},
    {X_OFS_USR, 0xFF, "X_OFS_USR: user offsets are not modelled"},
    {X_OFS_USR + 1, 0xFF, "Y_OFS_USR: user offsets are not modelled"},
    {Z_OFS_USR, 0xFF, "Z_OFS_USR: user offsets are not modelled"},
};
constexpr RegisterRules rules{"LSM6DSL", writable, not_modelled};
}  // namespace

Lsm6dsl::Lsm6dsl(const Construction& construction)
    : RegisterPart(construction, rules), account_(recorder_, name_), fifo_(recorder_, name_, account_),
      interrupt1_(recorder_, name_ + ".Interrupt1"), interrupt2_(recorder_, name_ + ".Interrupt2"),
      clock_(scheduler_, name_, [this](Tick at) { on_slot(at); }),
      pulse_event_(name_ + ".drdy_pulse", SampleClock::priority, [this](Tick) {
          pulses_ = 0;
          update_pins();
      }) {
    power_up_defaults();
}

Line* Lsm6dsl::output(std::string_view name) {
    if (name == "Interrupt1") return &interrupt1_.line;
    return name == "Interrupt2" ? &interrupt2_.line : nullptr;
}

bool Lsm6dsl::play(const Recording& recording) {
    return acceleration_.take(recording) || angular_rate_.take(recording) || temperature_.take(recording);
}

void Lsm6dsl::settle() {
    account_.pending = fifo_.counted_samples() + accelerometer_.latest.pending() + gyroscope_.latest.pending();
}

void Lsm6dsl::power_up_defaults() {
    registers_.fill(0);
    registers_[WHO_AM_I] = who_am_i;
    registers_[CTRL3_C] = ctrl3_after_reset;
    registers_[CTRL9_XL] = ctrl9_after_reset;
}

bool Lsm6dsl::increments() const { return has(CTRL3_C, ctrl3_if_inc); }

bool Lsm6dsl::answers_i2c() const { return !has(CTRL4_C, ctrl4_i2c_disable); }

uint8_t Lsm6dsl::following(uint8_t address) const {
    return address == FIFO_DATA_OUT_H ? uint8_t{FIFO_DATA_OUT_L} : RegisterPart::following(address);
}

uint8_t Lsm6dsl::read_register(uint8_t address) {
    if (address >= OUTX_L_G && address <= OUTZ_H_G) return read_output(gyroscope_, gda, address - OUTX_L_G);
    if (address >= OUTX_L_XL && address <= OUTZ_H_XL) return read_output(accelerometer_, xlda, address - OUTX_L_XL);
    if (address >= FIFO_STATUS1 && address <= FIFO_STATUS4) return read_fifo_status(address);
    if (address >= TIMESTAMP0_REG && address <= TIMESTAMP2_REG)
        return static_cast<uint8_t>(timestamp() >> 8 * (address - TIMESTAMP0_REG));
    switch (address) {
    case STATUS_REG: return ready_;
    case OUT_TEMP_L: return read_temperature(0);
    case OUT_TEMP_H: return read_temperature(1);
    case FIFO_DATA_OUT_L: return read_fifo(false);
    case FIFO_DATA_OUT_H: return read_fifo(true);
    default: return registers_[address];
    }
}

uint8_t Lsm6dsl::read_output(Half& half, uint8_t ready, unsigned byte) {
    const uint8_t value = half.output.read(byte);
    if (!half.output.is_last(byte)) return value;
    ready_ &= static_cast<uint8_t>(~ready);
    if (byte == 5) half.latest.read();
    update_pins();
    return value;
}

uint8_t Lsm6dsl::read_temperature(unsigned byte) {
    if (byte == 1) ready_ &= static_cast<uint8_t>(~tda);
    update_pins();
    return temperature_output_.read(byte);
}

void Lsm6dsl::write_register(uint8_t address, uint8_t value) {
    if (address == TIMESTAMP2_REG && value == timestamp_reset) timer_since_ = scheduler_.now();
    const bool timer_was_on = has(CTRL10_C, ctrl10_timer_en);
    const unsigned fifo_mode = registers_[FIFO_CTRL5] & 7;
    const bool had_gyroscope = is_in_fifo(gyroscope_set), had_accelerometer = is_in_fifo(accelerometer_set);
    if (!store(address, value)) return;
    if (address == CTRL3_C && (value & ctrl3_sw_reset) != 0) return soft_reset();
    if (!timer_was_on && has(CTRL10_C, ctrl10_timer_en)) timer_since_ = scheduler_.now();
    apply_rates();
    if (address >= FIFO_CTRL1 && address <= FIFO_CTRL5) apply_fifo(fifo_mode);
    if (!had_gyroscope && is_in_fifo(gyroscope_set)) gyroscope_.latest.drop();
    if (!had_accelerometer && is_in_fifo(accelerometer_set)) accelerometer_.latest.drop();
    update_pins();
}

void Lsm6dsl::soft_reset() {
    power_up_defaults();
    apply_rates();
    fifo_.clear();
    fifo_.set_depth(capacity_sets);
    for (Half* half : {&accelerometer_, &gyroscope_}) {
        half->latest.drop();
        half->output = {};
    }
    scheduler_.cancel(pulse_event_);
    ready_ = pulses_ = fifo_word_ = 0;
    pattern_ = 0;
    update_pins();
}

void Lsm6dsl::update_pins() {
    const uint8_t of_fifo = static_cast<uint8_t>((fifo_threshold() ? pad_fth : 0) | (fifo_.overrun() ? pad_ovr : 0) |
                                                 (fifo_is_on() && fifo_.is_full() ? pad_full : 0));
    const uint8_t ready = has(DRDY_PULSE_CFG_G, drdy_pulsed) ? pulses_ : ready_;
    const uint8_t on_1 = registers_[INT1_CTRL] & static_cast<uint8_t>(of_fifo | (ready & (xlda | gda)));
    const uint8_t on_2 = registers_[INT2_CTRL] & static_cast<uint8_t>(of_fifo | ready);
    const bool idle = has(CTRL3_C, ctrl3_h_lactive), joined = has(CTRL4_C, ctrl4_int2_on_int1);
    interrupt1_.drive((on_1 != 0 || (joined && on_2 != 0)) != idle);
    interrupt2_.drive((on_2 != 0 && !joined) != idle);
}

void Lsm6dsl::state(Archive& archive) {
    RegisterPart::state(archive);
    archive(fifo_, interrupt1_, interrupt2_, clock_, pulse_event_, accelerometer_, gyroscope_, temperature_output_, ready_, pulses_,
            slot_, fifo_slot_, pattern_, fifo_word_, timer_since_);
}

}  // namespace tinysim
