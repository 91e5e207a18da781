#include "parts/lis302dl.h"

namespace tinysim {

namespace {
enum Register : uint8_t {
    WHO_AM_I = 0x0F, CTRL_REG1 = 0x20, CTRL_REG2, CTRL_REG3, STATUS_REG = 0x27, OUT_X = 0x29, OUT_Z = 0x2D, FF_WU_CFG_1 = 0x30,
    FF_WU_THS_1 = 0x32, FF_WU_DURATION_1, FF_WU_CFG_2, FF_WU_THS_2 = 0x36, FF_WU_DURATION_2, CLICK_CFG, CLICK_THSY_X = 0x3B,
    CLICK_WINDOW = 0x3F
};
constexpr uint8_t who_am_i = 0x3B, ctrl_reg1_after_reset = 0x07;
constexpr uint8_t DR = 0x80, PD = 0x40, FS = 0x20, IHL = 0x80, ZYXDA = 0x0F, ZYXOR = 0xF0;
constexpr unsigned signal_data_ready = 4;

constexpr Writable writable[] = {
    {CTRL_REG1, CTRL_REG1, 0xFF},     {CTRL_REG2, CTRL_REG2, 0xBF},     {CTRL_REG3, CTRL_REG3, 0xFF},
    {FF_WU_CFG_1, FF_WU_CFG_1, 0xFF}, {FF_WU_THS_1, FF_WU_CFG_2, 0xFF}, {FF_WU_THS_2, CLICK_CFG, 0xFF},
    {CLICK_THSY_X, CLICK_WINDOW, 0xFF},
};
constexpr NotModelled not_modelled[] = {
    {CTRL_REG1, 0x18, "CTRL_REG1: self-test is not modelled"},
    {CTRL_REG2, 0x9F, "CTRL_REG2: filters and 3-wire SPI are not modelled; the stream passes as recorded"},
    {CTRL_REG3, 0x1B, "CTRL_REG3: free-fall, wake-up and click interrupts are not modelled"},
    {FF_WU_CFG_1, 0x3F, "FF_WU_CFG_1: free-fall and wake-up are not modelled"},
    {FF_WU_CFG_2, 0x3F, "FF_WU_CFG_2: free-fall and wake-up are not modelled"},
    {CLICK_CFG, 0x3F, "CLICK_CFG: click is not modelled"},
};
constexpr RegisterRules rules{"LIS302DL", writable, not_modelled, true};
}  // namespace

Lis302dl::Lis302dl(const Construction& construction)
    : RegisterPart(construction, rules), account_(recorder_, name_), interrupt1_(recorder_, name_ + ".Interrupt1"),
      interrupt2_(recorder_, name_ + ".Interrupt2"), clock_(scheduler_, name_, [this](Tick at) { take_sample(at); }) {
    registers_[WHO_AM_I] = who_am_i;
    registers_[CTRL_REG1] = ctrl_reg1_after_reset;
}

Line* Lis302dl::output(std::string_view name) {
    if (name == "Interrupt1") return &interrupt1_.line;
    return name == "Interrupt2" ? &interrupt2_.line : nullptr;
}

Rate Lis302dl::rate() const {
    if (!has(CTRL_REG1, PD)) return {};
    return {has(CTRL_REG1, DR) ? 400 : 100, 1};
}

void Lis302dl::take_sample(Tick at) {
    const int32_t* row = acceleration_.row_at(at);
    for (unsigned axis = 0; axis < 3; ++axis)
        registers_[OUT_X + 2 * axis] = static_cast<uint8_t>(to_digits(row[axis], 1, has(CTRL_REG1, FS) ? 72'000 : 18'000, 8));
    account_.produced += acceleration_.is_counted(at);
    latest_.replace(acceleration_.is_counted(at));
    overrun_ |= data_ready_;
    data_ready_ = true;
    update_pins();
}

uint8_t Lis302dl::read_register(uint8_t address) {
    if (address == STATUS_REG) return static_cast<uint8_t>((data_ready_ ? ZYXDA : 0) | (overrun_ ? ZYXOR : 0));
    if (address == OUT_Z) {
        latest_.read();
        data_ready_ = overrun_ = false;
        update_pins();
    }
    return registers_[address];
}

void Lis302dl::write_register(uint8_t address, uint8_t value) {
    if (!store(address, value)) return;
    clock_.set(rate());
    update_pins();
}

void Lis302dl::update_pins() {
    const bool idle = has(CTRL_REG3, IHL);
    interrupt1_.drive((data_ready_ && (registers_[CTRL_REG3] & 7) == signal_data_ready) != idle);
    interrupt2_.drive((data_ready_ && (registers_[CTRL_REG3] >> 3 & 7) == signal_data_ready) != idle);
}

void Lis302dl::state(Archive& archive) {
    RegisterPart::state(archive);
    archive(latest_, interrupt1_, interrupt2_, clock_, data_ready_, overrun_);
}

}  // namespace tinysim
