#include "parts/hts221.h"

namespace tinysim {

namespace {
enum Register : uint8_t {
    WHO_AM_I = 0x0F, AV_CONF = 0x10, CTRL_REG1 = 0x20, CTRL_REG2, CTRL_REG3, STATUS_REG = 0x27, HUMIDITY_OUT_L, TEMP_OUT_H = 0x2B,
    H0_rH_x2 = 0x30, H1_rH_x2, T0_degC_x8, T1_degC_x8, T1_T0_msb = 0x35, H0_T0_OUT_L, H1_T0_OUT_L = 0x3A, T0_OUT_L = 0x3C, T1_OUT_L = 0x3E
};
constexpr uint8_t who_am_i = 0xBC, av_conf_after_reset = 0x1B;
constexpr uint8_t PD = 0x80, BDU = 0x04, ONE_SHOT = 0x01, DRDY_H_L = 0x80, DRDY_EN = 0x04, H_DA = 0x02, T_DA = 0x01;
constexpr int32_t humidity_digits = 256, middle_humidity = 50, temperature_digits = 64, middle_temperature = 30;
constexpr int32_t humidity_points[] = {20, 80}, temperature_points[] = {10, 50};

constexpr Writable writable[] = {
    {AV_CONF, AV_CONF, 0x3F}, {CTRL_REG1, CTRL_REG1, 0x87}, {CTRL_REG2, CTRL_REG2, 0x03}, {CTRL_REG3, CTRL_REG3, 0xC4}};
constexpr NotModelled not_modelled[] = {{CTRL_REG2, 0x02, "CTRL_REG2: the heater is not modelled"}};
constexpr RegisterRules rules{"HTS221", writable, not_modelled, true};

int32_t humidity_output(int64_t milli_percent) { return to_digits(milli_percent - middle_humidity * 1000, humidity_digits, 1000); }
int32_t temperature_output(int64_t milli_degrees) {
    return to_digits(milli_degrees - middle_temperature * 1000, temperature_digits, 1000);
}
}  // namespace

Hts221::Hts221(const Construction& construction)
    : RegisterPart(construction, rules), account_(recorder_, name_), data_ready_(recorder_, name_ + ".DataReady"),
      clock_(scheduler_, name_, [this](Tick at) { take_sample(at); }),
      one_shot_event_(name_ + ".one_shot", SampleClock::priority, [this](Tick late) {
          registers_[CTRL_REG2] &= static_cast<uint8_t>(~ONE_SHOT);
          take_sample(scheduler_.now() - late);
      }) {
    const auto put_word = [this](uint8_t address, int32_t value) {
        registers_[address] = static_cast<uint8_t>(value);
        registers_[address + 1u] = static_cast<uint8_t>(value >> 8);
    };
    registers_[WHO_AM_I] = who_am_i;
    registers_[AV_CONF] = av_conf_after_reset;
    registers_[H0_rH_x2] = 2 * humidity_points[0];
    registers_[H1_rH_x2] = 2 * humidity_points[1];
    registers_[T0_degC_x8] = static_cast<uint8_t>(8 * temperature_points[0]);
    registers_[T1_degC_x8] = static_cast<uint8_t>(8 * temperature_points[1]);
    registers_[T1_T0_msb] = static_cast<uint8_t>(8 * temperature_points[1] >> 8 << 2 | 8 * temperature_points[0] >> 8);
    put_word(H0_T0_OUT_L, humidity_output(1000 * humidity_points[0]));
    put_word(H1_T0_OUT_L, humidity_output(1000 * humidity_points[1]));
    put_word(T0_OUT_L, temperature_output(1000 * temperature_points[0]));
    put_word(T1_OUT_L, temperature_output(1000 * temperature_points[1]));
}

Rate Hts221::rate() const {
    static constexpr Rate rates[] = {{}, {1, 1}, {7, 1}, {25, 2}};
    return has(CTRL_REG1, PD) ? rates[registers_[CTRL_REG1] & 3] : Rate{};
}

void Hts221::take_sample(Tick at) {
    output_.hold({humidity_output(*humidity_.row_at(at)), temperature_output(*temperature_.row_at(at))}, has(CTRL_REG1, BDU));
    account_.produced += humidity_.is_counted(at);
    latest_.replace(humidity_.is_counted(at));
    status_ = H_DA | T_DA;
    update_pin();
}

uint8_t Hts221::read_register(uint8_t address) {
    if (address >= HUMIDITY_OUT_L && address <= TEMP_OUT_H) return read_output(address - HUMIDITY_OUT_L);
    return address == STATUS_REG ? status_ : registers_[address];
}

uint8_t Hts221::read_output(unsigned byte) {
    if (byte == 1) latest_.read();
    if (output_.is_last(byte)) status_ &= static_cast<uint8_t>(byte == 1 ? ~H_DA : ~T_DA);
    update_pin();
    return output_.read(byte);
}

void Hts221::write_register(uint8_t address, uint8_t value) {
    if (!store(address, value)) return;
    clock_.set(rate());
    if (address == CTRL_REG2 && has(CTRL_REG2, ONE_SHOT) && has(CTRL_REG1, PD) && !clock_.is_running() && !one_shot_event_.is_scheduled())
        scheduler_.after(one_shot_event_, scheduler_.ticks_per_second() / 200);
    update_pin();
}

void Hts221::update_pin() {
    data_ready_.drive((has(CTRL_REG3, DRDY_EN) && status_ != 0) != has(CTRL_REG3, DRDY_H_L));
}

void Hts221::state(Archive& archive) {
    RegisterPart::state(archive);
    archive(latest_, data_ready_, clock_, one_shot_event_, output_, status_);
}

}  // namespace tinysim
