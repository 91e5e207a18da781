#include "parts/lis3dsh.h"

namespace tinysim {

namespace {
enum Register : uint8_t {
    INFO1 = 0x0D, WHO_AM_I = 0x0F, OFF_X, LC_H = 0x17, STAT, VFC_1 = 0x1B, THRS3 = 0x1F, CTRL_REG4, CTRL_REG1, CTRL_REG2, CTRL_REG3,
    CTRL_REG5, CTRL_REG6, STATUS = 0x27, OUT_X_L, OUT_Z_H = 0x2D, FIFO_CTRL, FIFO_SRC, ST1_1 = 0x40, SM_LAST = 0x7F
};
constexpr uint8_t who_am_i = 0x3F, info1 = 0x21, ctrl_reg4_after_reset = 0x07, ctrl_reg6_after_reset = 0x10;
constexpr uint8_t BDU = 0x08, DR_EN = 0x80, IEA = 0x40, INT1_EN = 0x08, STRT = 0x01;
constexpr uint8_t FIFO_EN = 0x40, WTM_EN = 0x20, ADD_INC = 0x10, P1_EMPTY = 0x08, P1_WTM = 0x04, P1_OVERRUN = 0x02;
constexpr uint8_t src_watermark = 0x80, src_overrun = 0x40, src_empty = 0x20;
constexpr unsigned fifo_stop_when_full = 1, fifo_stream = 2, fifo_stream_to_fifo = 3;

constexpr Writable writable[] = {
    {OFF_X, LC_H, 0xFF},          {VFC_1, THRS3, 0xFF},         {CTRL_REG4, CTRL_REG4, 0xFF}, {CTRL_REG1, CTRL_REG2, 0xE9},
    {CTRL_REG3, CTRL_REG3, 0xFE}, {CTRL_REG5, CTRL_REG5, 0xFF}, {CTRL_REG6, CTRL_REG6, 0x7F}, {FIFO_CTRL, FIFO_CTRL, 0xFF},
    {ST1_1, SM_LAST, 0xFF},
};
constexpr NotModelled not_modelled[] = {
    {CTRL_REG1, 0x01, "CTRL_REG1: state machine 1 is not modelled"},
    {CTRL_REG2, 0x01, "CTRL_REG2: state machine 2 is not modelled"},
    {CTRL_REG3, 0x24, "CTRL_REG3: latched interrupts and the vector filter are not modelled"},
    {CTRL_REG5, 0x07, "CTRL_REG5: self-test and 3-wire SPI are not modelled"},
    {CTRL_REG6, 0x01, "CTRL_REG6: the boot signal on INT2 is not modelled"},
};
constexpr RegisterRules rules{"LIS3DSH", writable, not_modelled};
}  // namespace

Lis3dsh::Lis3dsh(const Construction& construction)
    : RegisterPart(construction, rules), account_(recorder_, name_), fifo_(recorder_, name_, account_),
      interrupt1_(recorder_, name_ + ".Interrupt1"), clock_(scheduler_, name_, [this](Tick at) { take_sample(at); }) {
    power_up_defaults();
}

Line* Lis3dsh::output(std::string_view name) {
    if (name == "Interrupt1") return &interrupt1_.line;
    return name == "Interrupt2" ? &interrupt2_ : nullptr;
}

void Lis3dsh::power_up_defaults() {
    registers_.fill(0);
    registers_[INFO1] = info1;
    registers_[WHO_AM_I] = who_am_i;
    registers_[CTRL_REG4] = ctrl_reg4_after_reset;
    registers_[CTRL_REG6] = ctrl_reg6_after_reset;
}

bool Lis3dsh::increments() const { return has(CTRL_REG6, ADD_INC); }

uint8_t Lis3dsh::following(uint8_t address) const {
    return address == OUT_Z_H && fifo_is_on() ? uint8_t{OUT_X_L} : RegisterPart::following(address);
}

Rate Lis3dsh::rate() const {
    static constexpr Rate rates[] = {{}, {25, 8}, {25, 4}, {25, 2}, {25, 1}, {50, 1}, {100, 1}, {400, 1}, {800, 1}, {1600, 1}};
    const unsigned odr = registers_[CTRL_REG4] >> 4;
    return odr < std::size(rates) ? rates[odr] : Rate{};
}

void Lis3dsh::take_sample(Tick at) {
    static constexpr int64_t micro_g_per_digit[] = {60, 120, 180, 240, 730, 730, 730, 730};     // 2, 4, 6, 8, 16 g
    const int32_t* row = acceleration_.row_at(at);
    AxesSample sample;
    std::array<int32_t, 3> digits;
    for (unsigned axis = 0; axis < 3; ++axis) {
        digits[axis] = to_digits(row[axis], 1, micro_g_per_digit[registers_[CTRL_REG5] >> 3 & 7]);
        sample.axes[axis] = static_cast<int16_t>(digits[axis]);
    }
    sample.counted = acceleration_.is_counted(at);
    account_.produced += sample.counted;
    if (fifo_is_on()) {
        fifo_.push(sample, registers_[FIFO_CTRL] >> 5 == fifo_stop_when_full);
    } else {
        latest_.replace(sample.counted);
        output_.hold(digits, has(CTRL_REG4, BDU));
    }
    data_overrun_ |= data_ready_;
    data_ready_ = true;
    update_pin();
}

uint8_t Lis3dsh::read_register(uint8_t address) {
    if (address >= OUT_X_L && address <= OUT_Z_H) return read_output(address - OUT_X_L);
    switch (address) {
    case STAT: return static_cast<uint8_t>((data_ready_ ? 0x01 : 0) | (data_overrun_ ? 0x02 : 0));
    case STATUS: return static_cast<uint8_t>((data_ready_ ? 0x0F : 0) | (data_overrun_ ? 0xF0 : 0));
    case FIFO_SRC: return fifo_source();
    default: return registers_[address];
    }
}

uint8_t Lis3dsh::read_output(unsigned byte) {
    const bool fifo = fifo_is_on();
    if (fifo && byte == 0) fifo_.begin_read();
    const uint8_t value = fifo ? fifo_.oldest().byte(byte) : output_.read(byte);
    if (byte != 5) return value;
    data_ready_ = data_overrun_ = false;
    if (fifo) fifo_.end_read();
    else latest_.read();
    update_pin();
    return value;
}

bool Lis3dsh::fifo_is_on() const {
    const unsigned mode = registers_[FIFO_CTRL] >> 5;
    return has(CTRL_REG6, FIFO_EN) && (mode == fifo_stop_when_full || mode == fifo_stream || mode == fifo_stream_to_fifo);
}

bool Lis3dsh::fifo_threshold() const {
    const unsigned watermark = registers_[FIFO_CTRL] & 0x1F;
    return fifo_is_on() && has(CTRL_REG6, WTM_EN) && watermark > 0 && fifo_.level() >= watermark;
}

void Lis3dsh::apply_fifo(bool was_on) {
    const unsigned mode = registers_[FIFO_CTRL] >> 5;
    if (mode == fifo_stream_to_fifo || mode == 4 || mode == 7)
        warn_once(30, "FIFO_CTRL: the event that switches this FIFO mode is not modelled and never comes");
    if (fifo_is_on() == was_on) return;
    if (was_on) fifo_.clear();
    else latest_.drop();
}

// FSS counts to 31: a full FIFO is told by OVRN_FIFO.
uint8_t Lis3dsh::fifo_source() const {
    const size_t level = fifo_.level() > 31 ? 31 : fifo_.level();
    return static_cast<uint8_t>((fifo_threshold() ? src_watermark : 0) | (fifo_is_on() && fifo_.is_full() ? src_overrun : 0) |
                                (level == 0 ? src_empty : 0) | level);
}

void Lis3dsh::write_register(uint8_t address, uint8_t value) {
    const bool was_on = fifo_is_on();
    if (!store(address, value)) return;
    if (address == CTRL_REG3 && (value & STRT) != 0) soft_reset();
    clock_.set(rate());
    apply_fifo(was_on);
    update_pin();
}

void Lis3dsh::soft_reset() {
    power_up_defaults();
    latest_.drop();
    output_ = {};
    data_ready_ = data_overrun_ = false;
}

void Lis3dsh::update_pin() {
    const uint8_t on = static_cast<uint8_t>((fifo_threshold() ? P1_WTM : 0) | (fifo_is_on() && fifo_.is_full() ? P1_OVERRUN : 0) |
                                            (fifo_is_on() && fifo_.level() == 0 ? P1_EMPTY : 0));
    const bool active = (data_ready_ && has(CTRL_REG3, DR_EN)) || (on & registers_[CTRL_REG6]) != 0;
    interrupt1_.drive(has(CTRL_REG3, INT1_EN) && active == has(CTRL_REG3, IEA));
}

void Lis3dsh::state(Archive& archive) {
    RegisterPart::state(archive);
    archive(latest_, fifo_, interrupt1_, interrupt2_, clock_, output_, data_ready_, data_overrun_);
}

}  // namespace tinysim
