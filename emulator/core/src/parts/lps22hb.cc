#include "parts/lps22hb.h"

namespace tinysim {

namespace {
enum Register : uint8_t {
    INTERRUPT_CFG = 0x0B, THS_P_L, THS_P_H, WHO_AM_I = 0x0F, CTRL_REG1, CTRL_REG2, CTRL_REG3, FIFO_CTRL = 0x14, REF_P_XL, REF_P_H = 0x17,
    RPDS_L, RPDS_H, RES_CONF, FIFO_STATUS = 0x26, STATUS, PRESS_OUT_XL, PRESS_OUT_H = 0x2A, TEMP_OUT_L, TEMP_OUT_H
};
constexpr uint8_t who_am_i = 0xB1, ctrl_reg2_after_reset = 0x10;
constexpr uint8_t BDU = 0x02, FIFO_EN = 0x40, STOP_ON_FTH = 0x20, IF_ADD_INC = 0x10, I2C_DIS = 0x08, SWRESET = 0x04, ONE_SHOT = 0x01;
constexpr uint8_t INT_H_L = 0x80, F_FSS5 = 0x20, F_FTH = 0x10, F_OVR = 0x08, DRDY = 0x04;
constexpr uint8_t P_DA = 0x01, T_DA = 0x02, P_OR = 0x10, T_OR = 0x20;
constexpr unsigned fifo_stop_when_full = 1, fifo_stream = 2, fifo_stream_to_fifo = 3, fifo_dynamic_stream = 6;

constexpr Writable writable[] = {
    {INTERRUPT_CFG, INTERRUPT_CFG, 0xAF}, {THS_P_L, THS_P_H, 0xFF},     {CTRL_REG1, CTRL_REG1, 0x7F}, {CTRL_REG2, CTRL_REG2, 0x79},
    {CTRL_REG3, CTRL_REG3, 0xFF},         {FIFO_CTRL, FIFO_CTRL, 0xFF}, {REF_P_XL, REF_P_H, 0xFF},    {RPDS_L, RPDS_H, 0xFF},
    {RES_CONF, RES_CONF, 0x01},
};
constexpr NotModelled not_modelled[] = {
    {INTERRUPT_CFG, 0xFB, "INTERRUPT_CFG: the pressure threshold, AUTOZERO and AUTORIFP are not modelled"},
    {CTRL_REG1, 0x0D, "CTRL_REG1: the low-pass filter and 3-wire SPI are not modelled"},
    {CTRL_REG3, 0x03, "CTRL_REG3: the pressure threshold's signals (INT_S) are not modelled"},
    {RPDS_L, 0xFF, "RPDS: the pressure offset is not modelled"},
    {RPDS_H, 0xFF, "RPDS: the pressure offset is not modelled"},
};
constexpr RegisterRules rules{"LPS22HB", writable, not_modelled};
}  // namespace

Lps22hb::Lps22hb(const Construction& construction)
    : RegisterPart(construction, rules), account_(recorder_, name_), fifo_(recorder_, name_, account_),
      interrupt_(recorder_, name_ + ".Interrupt"), clock_(scheduler_, name_, [this](Tick at) { take_sample(at); }),
      one_shot_event_(name_ + ".one_shot", SampleClock::priority, [this](Tick late) {
          registers_[CTRL_REG2] &= static_cast<uint8_t>(~ONE_SHOT);
          take_sample(scheduler_.now() - late);
      }) {
    power_up_defaults();
}

void Lps22hb::power_up_defaults() {
    registers_.fill(0);
    registers_[WHO_AM_I] = who_am_i;
    registers_[CTRL_REG2] = ctrl_reg2_after_reset;
}

bool Lps22hb::increments() const { return has(CTRL_REG2, IF_ADD_INC); }

bool Lps22hb::answers_i2c() const { return !has(CTRL_REG2, I2C_DIS); }

uint8_t Lps22hb::following(uint8_t address) const {
    return address == TEMP_OUT_H && fifo_is_on() ? uint8_t{PRESS_OUT_XL} : RegisterPart::following(address);
}

Rate Lps22hb::rate() const {
    static constexpr Rate rates[] = {{}, {1, 1}, {10, 1}, {25, 1}, {50, 1}, {75, 1}, {}, {}};
    return rates[registers_[CTRL_REG1] >> 4];
}

void Lps22hb::take_sample(Tick at) {
    const Sample sample{to_digits(*pressure_.row_at(at), 4096, 100'000, 24), to_digits(*temperature_.row_at(at), 100, 1000),
                        pressure_.is_counted(at)};
    account_.produced += sample.counted;
    if (fifo_is_on()) {
        fifo_.push(sample, registers_[FIFO_CTRL] >> 5 == fifo_stop_when_full);
    } else {
        latest_.replace(sample.counted);
        pressure_output_.hold({sample.pressure}, has(CTRL_REG1, BDU));
        temperature_output_.hold({sample.temperature}, has(CTRL_REG1, BDU));
    }
    status_ |= static_cast<uint8_t>((status_ & (P_DA | T_DA)) << 4 | P_DA | T_DA);
    update_pin();
}

uint8_t Lps22hb::read_register(uint8_t address) {
    if (address >= PRESS_OUT_XL && address <= TEMP_OUT_H) return read_output(address - PRESS_OUT_XL);
    if (address == FIFO_STATUS) return fifo_status();
    return address == STATUS ? status_ : registers_[address];
}

uint8_t Lps22hb::read_output(unsigned byte) {
    const bool fifo = fifo_is_on();
    if (fifo && byte == 0) fifo_.begin_read();
    const uint8_t value = fifo       ? fifo_.oldest().byte(byte)
                          : byte < 3 ? pressure_output_.read(byte)
                                     : temperature_output_.read(byte - 3);
    if (byte == 2) status_ &= static_cast<uint8_t>(~(P_DA | P_OR));
    if (byte == 4) status_ &= static_cast<uint8_t>(~(T_DA | T_OR));
    if (fifo && byte == 4) fifo_.end_read();
    if (!fifo && byte == 2) latest_.read();
    update_pin();
    return value;
}

bool Lps22hb::fifo_is_on() const {
    const unsigned mode = registers_[FIFO_CTRL] >> 5;
    return has(CTRL_REG2, FIFO_EN) &&
           (mode == fifo_stop_when_full || mode == fifo_stream || mode == fifo_stream_to_fifo || mode == fifo_dynamic_stream);
}

bool Lps22hb::fifo_threshold() const {
    const unsigned watermark = registers_[FIFO_CTRL] & 0x1F;
    return fifo_is_on() && watermark > 0 && fifo_.level() >= watermark;
}

void Lps22hb::apply_fifo(bool was_on) {
    const unsigned mode = registers_[FIFO_CTRL] >> 5, watermark = registers_[FIFO_CTRL] & 0x1F;
    if (mode == fifo_stream_to_fifo || mode == 4 || mode == 7)
        warn_once(30, "FIFO_CTRL: the event that switches this FIFO mode is not modelled and never comes");
    fifo_.set_depth(has(CTRL_REG2, STOP_ON_FTH) && watermark > 0 ? watermark : 32);
    if (fifo_is_on() == was_on) return;
    if (was_on) fifo_.clear();
    else latest_.drop();
}

uint8_t Lps22hb::fifo_status() const {
    return static_cast<uint8_t>((fifo_threshold() ? 0x80 : 0) | (fifo_.overrun() ? 0x40 : 0) | fifo_.level());
}

void Lps22hb::write_register(uint8_t address, uint8_t value) {
    const bool was_on = fifo_is_on();
    if (!store(address, value)) return;
    if (address == CTRL_REG2 && (value & SWRESET) != 0) soft_reset();
    clock_.set(rate());
    apply_fifo(was_on);
    if (has(CTRL_REG2, ONE_SHOT) && !clock_.is_running() && !one_shot_event_.is_scheduled())
        scheduler_.after(one_shot_event_, scheduler_.ticks_per_second() / 50);
    update_pin();
}

void Lps22hb::soft_reset() {
    power_up_defaults();
    scheduler_.cancel(one_shot_event_);
    latest_.drop();
    status_ = 0;
}

void Lps22hb::update_pin() {
    const uint8_t signals = static_cast<uint8_t>(((status_ & P_DA) != 0 ? DRDY : 0) | (fifo_threshold() ? F_FTH : 0) |
                                                 (fifo_.overrun() ? F_OVR : 0) | (fifo_is_on() && fifo_.is_full() ? F_FSS5 : 0));
    interrupt_.drive(((signals & registers_[CTRL_REG3]) != 0) != has(CTRL_REG3, INT_H_L));
}

void Lps22hb::state(Archive& archive) {
    RegisterPart::state(archive);
    archive(latest_, fifo_, interrupt_, clock_, one_shot_event_, pressure_output_, temperature_output_, status_);
}

}  // namespace tinysim
