#include "parts/lis3mdl.h"

namespace tinysim {

namespace {
enum Register : uint8_t {
    OFFSET_X_REG_L_M = 0x05, OFFSET_Z_REG_H_M = 0x0A, WHO_AM_I = 0x0F, CTRL_REG1 = 0x20, CTRL_REG2, CTRL_REG3, CTRL_REG4, CTRL_REG5,
    STATUS_REG = 0x27, OUT_X_L, OUT_Z_H = 0x2D, TEMP_OUT_L, TEMP_OUT_H, INT_CFG, INT_THS_L = 0x32, INT_THS_H
};
constexpr uint8_t who_am_i = 0x3D, ctrl_reg1_after_reset = 0x10, ctrl_reg3_after_reset = 0x03, int_cfg_after_reset = 0xE8;
constexpr uint8_t TEMP_EN = 0x80, FAST_ODR = 0x02, SOFT_RST = 0x04, BDU = 0x40, ZYXDA = 0x0F, ZYXOR = 0xF0, IEN = 0x01;
constexpr unsigned mode_single = 1;

constexpr Writable writable[] = {
    {OFFSET_X_REG_L_M, OFFSET_Z_REG_H_M, 0xFF}, {CTRL_REG1, CTRL_REG1, 0xFF}, {CTRL_REG2, CTRL_REG2, 0x60}, {CTRL_REG3, CTRL_REG3, 0x27},
    {CTRL_REG4, CTRL_REG4, 0x0E},               {CTRL_REG5, CTRL_REG5, 0xC0}, {INT_CFG, INT_CFG, 0xFF},     {INT_THS_L, INT_THS_H, 0xFF},
};
constexpr NotModelled not_modelled[] = {
    {INT_CFG, IEN, "INT_CFG: the threshold interrupt is not modelled"},
    {CTRL_REG1, 0x01, "CTRL_REG1: self-test is not modelled"},
    {CTRL_REG3, 0x04, "CTRL_REG3: 3-wire SPI is not modelled"},
    {CTRL_REG4, 0x02, "CTRL_REG4: big-endian output is not modelled"},
    {CTRL_REG5, 0x80, "CTRL_REG5: fast read is not modelled"},
    {OFFSET_X_REG_L_M, 0xFF, "OFFSET_X_REG: offsets are not modelled"},
    {OFFSET_X_REG_L_M + 2, 0xFF, "OFFSET_Y_REG: offsets are not modelled"},
    {OFFSET_X_REG_L_M + 4, 0xFF, "OFFSET_Z_REG: offsets are not modelled"},
};
constexpr RegisterRules rules{"LIS3MDL", writable, not_modelled, true};
}  // namespace

Lis3mdl::Lis3mdl(const Construction& construction)
    : RegisterPart(construction, rules), account_(recorder_, name_), data_ready_pin_(recorder_, name_ + ".DataReady"),
      clock_(scheduler_, name_, [this](Tick at) { take_sample(at); }) {
    power_up_defaults();
}

Line* Lis3mdl::output(std::string_view name) {
    if (name == "DataReady") return &data_ready_pin_.line;
    return name == "Interrupt" ? &interrupt_ : nullptr;
}

void Lis3mdl::power_up_defaults() {
    registers_.fill(0);
    registers_[WHO_AM_I] = who_am_i;
    registers_[CTRL_REG1] = ctrl_reg1_after_reset;
    registers_[CTRL_REG3] = ctrl_reg3_after_reset;
    registers_[INT_CFG] = int_cfg_after_reset;
}

Rate Lis3mdl::rate() const {
    static constexpr Rate rates[] = {{5, 8}, {5, 4}, {5, 2}, {5, 1}, {10, 1}, {20, 1}, {40, 1}, {80, 1}};
    static constexpr Rate fast[] = {{1000, 1}, {560, 1}, {300, 1}, {155, 1}};       // by operating mode of X and Y
    if ((registers_[CTRL_REG3] & 3) > mode_single) return {};
    return has(CTRL_REG1, FAST_ODR) ? fast[registers_[CTRL_REG1] >> 5 & 3] : rates[registers_[CTRL_REG1] >> 2 & 7];
}

void Lis3mdl::take_sample(Tick at) {
    static constexpr int64_t digits_per_gauss[] = {6842, 3421, 2281, 1711};
    const int32_t* row = field_.row_at(at);
    std::array<int32_t, 3> digits;
    for (unsigned axis = 0; axis < 3; ++axis)
        digits[axis] = to_digits(row[axis], digits_per_gauss[registers_[CTRL_REG2] >> 5], 100'000);
    output_.hold(digits, has(CTRL_REG5, BDU));
    if (has(CTRL_REG1, TEMP_EN))
        temperature_output_.hold({to_digits(*temperature_.row_at(at) - 25'000, 8, 1000)}, has(CTRL_REG5, BDU));
    account_.produced += field_.is_counted(at);
    latest_.replace(field_.is_counted(at));
    overrun_ |= data_ready_;
    data_ready_ = true;
    if ((registers_[CTRL_REG3] & 3) == mode_single) {
        registers_[CTRL_REG3] |= 3;
        clock_.set(rate());
    }
    data_ready_pin_.drive(true);
}

uint8_t Lis3mdl::read_register(uint8_t address) {
    if (address >= OUT_X_L && address <= OUT_Z_H) return read_output(address - OUT_X_L);
    switch (address) {
    case STATUS_REG: return static_cast<uint8_t>((data_ready_ ? ZYXDA : 0) | (overrun_ ? ZYXOR : 0));
    case TEMP_OUT_L: return temperature_output_.read(0);
    case TEMP_OUT_H: return temperature_output_.read(1);
    default: return registers_[address];
    }
}

uint8_t Lis3mdl::read_output(unsigned byte) {
    if (byte == 5) {
        latest_.read();
        data_ready_ = overrun_ = false;
        data_ready_pin_.drive(false);
    }
    return output_.read(byte);
}

void Lis3mdl::write_register(uint8_t address, uint8_t value) {
    if (!store(address, value)) return;
    if (address == CTRL_REG2 && (value & SOFT_RST) != 0) soft_reset();
    clock_.set(rate());
}

void Lis3mdl::soft_reset() {
    power_up_defaults();
    latest_.drop();
    data_ready_ = overrun_ = false;
    data_ready_pin_.drive(false);
}

void Lis3mdl::state(Archive& archive) {
    RegisterPart::state(archive);
    archive(latest_, data_ready_pin_, interrupt_, clock_, output_, temperature_output_, data_ready_, overrun_);
}

}  // namespace tinysim
