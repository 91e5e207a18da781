#include "parts/lis2dw12.h"

#include "parts/lis2dw12_registers.h"

namespace tinysim {

using namespace lis2dw12;

namespace {
// All bits of these may be written; what is behind them is checked at the writing.
constexpr Writable writable[] = {
    {CTRL1, CTRL6, 0xFF}, {FIFO_CTRL, FIFO_CTRL, 0xFF}, {TAP_THS_X, FREE_FALL, 0xFF}, {X_OFS_USR, CTRL7, 0xFF}};
constexpr RegisterRules rules{"LIS2DW12", writable, {}};
}  // namespace

Lis2dw12::Lis2dw12(const Construction& construction)
    : RegisterPart(construction, rules), account_(recorder_, name_), fifo_(recorder_, name_, account_),
      interrupt1_(recorder_, name_ + ".Interrupt1"), interrupt2_(recorder_, name_ + ".Interrupt2"),
      clock_(scheduler_, name_, [this](Tick at) { take_sample(at); }),
      one_shot_event_(name_ + ".one_shot", SampleClock::priority, [this](Tick) { on_one_shot(); }),
      pulse_event_(name_ + ".drdy_pulse", SampleClock::priority, [this](Tick) {
          pulse_ = false;
          update_pins();
      }) {
    power_up_defaults();
}

Line* Lis2dw12::output(std::string_view name) {
    if (name == "Interrupt1") return &interrupt1_.line;
    return name == "Interrupt2" ? &interrupt2_.line : nullptr;
}

void Lis2dw12::settle() { account_.pending = fifo_.counted_samples() + latest_.pending(); }

void Lis2dw12::power_up_defaults() {
    registers_.fill(0);
    registers_[WHO_AM_I] = who_am_i;
    registers_[CTRL2] = ctrl2_after_reset;
}

bool Lis2dw12::answers_i2c() const { return !has(CTRL2, ctrl2_i2c_disable); }

bool Lis2dw12::increments() const { return has(CTRL2, ctrl2_if_add_inc); }

uint8_t Lis2dw12::following(uint8_t address) const {
    return address == OUT_Z_H && fifo_is_on() ? uint8_t{OUT_X_L} : RegisterPart::following(address);
}

uint8_t Lis2dw12::read_register(uint8_t address) {
    if (address >= OUT_X_L && address <= OUT_Z_H) return read_output(address);
    switch (address) {
    case CTRL2: return registers_[CTRL2] | (scheduler_.now() < boot_until_ ? ctrl2_boot : 0);
    case STATUS: return status();
    case STATUS_DUP:
        return static_cast<uint8_t>((data_ready_ ? 0x01 : 0) | (fifo_.overrun() ? 0x80 : 0));
    case FIFO_SAMPLES: return fifo_samples();
    default: return registers_[address];
    }
}

uint8_t Lis2dw12::status() const {
    return static_cast<uint8_t>((data_ready_ ? 0x01 : 0) | (fifo_threshold() ? 0x80 : 0));
}

uint8_t Lis2dw12::fifo_samples() const {
    return static_cast<uint8_t>((fifo_threshold() ? 0x80 : 0) | (fifo_.overrun() ? 0x40 : 0) |
                                fifo_.level());
}

void Lis2dw12::write_register(uint8_t address, uint8_t value) {
    const uint8_t fifo_ctrl = registers_[FIFO_CTRL];
    if (!store(address, value)) return;
    check_not_modelled(address, value);
    switch (address) {
    case CTRL1: clock_.set(rate()); break;
    case CTRL2: write_ctrl2(value); break;
    case CTRL3: write_ctrl3(value); break;
    case FIFO_CTRL: change_fifo_mode(fifo_ctrl); break;
    default: break;
    }
    update_pins();
}

void Lis2dw12::write_ctrl2(uint8_t value) {
    registers_[CTRL2] = value & ~(ctrl2_boot | ctrl2_soft_reset);
    if ((value & ctrl2_boot) != 0)
        boot_until_ = scheduler_.now() + scheduler_.ticks_per_second() / 50;  // 20 ms
    if ((value & ctrl2_soft_reset) == 0) return;
    fifo_.clear();  // done within 5 us: before the next byte on the bus, so the bit reads 0
    power_up_defaults();
    scheduler_.cancel(one_shot_event_);
    clock_.set(rate());
    latest_.drop();
    scheduler_.cancel(pulse_event_);
    output_ = {};
    data_ready_ = pulse_ = false;
}

void Lis2dw12::write_ctrl3(uint8_t value) {
    const bool on_demand = mode_of(registers_[CTRL1]) == mode_on_demand;
    if (!on_demand || (value & (ctrl3_slp_mode_sel | ctrl3_slp_mode_1)) !=
                          (ctrl3_slp_mode_sel | ctrl3_slp_mode_1))
        return;
    static constexpr int32_t conversion_us[] = {1200, 1700, 2300, 3550};
    if (one_shot_event_.is_scheduled()) return;
    scheduler_.after(one_shot_event_, scheduler_.ticks_per_second() *
                                          conversion_us[registers_[CTRL1] & 3] / 1'000'000);
}

void Lis2dw12::change_fifo_mode(uint8_t before) {
    if (registers_[FIFO_CTRL] >> 5 == before >> 5) return;
    if (fifo_is_on()) latest_.drop();  // from now on the output registers show the FIFO
    else fifo_.clear();
}

bool Lis2dw12::fifo_is_on() const {
    const unsigned mode = registers_[FIFO_CTRL] >> 5;
    return mode == fifo_stop_when_full || mode == fifo_continuous_to_fifo ||
           mode == fifo_continuous;
}

bool Lis2dw12::fifo_threshold() const {
    const unsigned threshold = registers_[FIFO_CTRL] & 0x1F;
    return fifo_is_on() && threshold > 0 && fifo_.level() >= threshold;
}

void Lis2dw12::update_pins() {
    const bool pulsed = (registers_[CTRL7] & ctrl7_drdy_pulsed) != 0;
    const uint8_t signals = static_cast<uint8_t>(
        ((pulsed ? pulse_ : data_ready_) ? pad_drdy : 0) | (fifo_threshold() ? pad_fth : 0) |
        (fifo_.is_full() ? pad_diff5 : 0) | (fifo_.overrun() ? pad_ovr : 0));
    const uint8_t on_1 =
        signals & registers_[CTRL4_INT1_PAD_CTRL] & (pad_drdy | pad_fth | pad_diff5);
    const uint8_t on_2 = signals & registers_[CTRL5_INT2_PAD_CTRL];
    const bool joined = (registers_[CTRL7] & ctrl7_int2_on_int1) != 0;
    const bool idle = has(CTRL3, ctrl3_h_lactive);
    interrupt1_.drive((on_1 != 0 || (joined && on_2 != 0)) != idle);
    interrupt2_.drive((on_2 != 0) != idle);
}

void Lis2dw12::check_not_modelled(uint8_t address, uint8_t value) {
    const bool int2_trigger = address == CTRL1 && mode_of(value) == mode_on_demand;
    const unsigned fifo_mode = value >> 5;
    if (address == CTRL4_INT1_PAD_CTRL && (value & 0xF8) != 0)
        warn_once(0, "CTRL4: tap, wake-up, free-fall and 6D interrupts are not modelled");
    if (address == CTRL5_INT2_PAD_CTRL && (value & 0xF0) != 0)
        warn_once(1, "CTRL5: sleep, boot and temperature interrupts are not modelled");
    if (address == CTRL7 && (value & ctrl7_interrupts_enable) != 0)
        warn_once(2, "CTRL7: the engine behind INTERRUPTS_ENABLE is not modelled");
    if (address == CTRL7 && (value & ctrl7_offsets_and_filters) != 0)
        warn_once(3,
                          "CTRL7: user offsets and the 6D and reference filters are not modelled");
    if (address == CTRL3 && (value & ctrl3_self_test) != 0)
        warn_once(4, "CTRL3: self-test is not modelled");
    if (address == CTRL6 && (value & 0xC8) != 0)
        warn_once(
            5, "CTRL6: filters (BW_FILT, FDS) are not modelled; the stream passes as recorded");
    if (address == FIFO_CTRL &&
        (fifo_mode == fifo_continuous_to_fifo || fifo_mode == fifo_bypass_to_continuous))
        warn_once(
            6, "FIFO_CTRL: the event that switches this FIFO mode is not modelled and never comes");
    if (address == FIFO_CTRL && (fifo_mode == 2 || fifo_mode == 5 || fifo_mode == 7))
        warn_once(7, "FIFO_CTRL: this FIFO mode is reserved; it acts as bypass");
    if (int2_trigger && (registers_[CTRL3] & ctrl3_slp_mode_sel) == 0)
        warn_once(
            8, "CTRL3: INT2 as the trigger of a conversion is not modelled; set SLP_MODE_SEL");
    if (address == CTRL1 && (value >> 4 > 9 || mode_of(value) == 3))
        warn_once(9, "CTRL1: reserved rate or mode; the part stays in power-down");
}

void Lis2dw12::state(Archive& archive) {
    RegisterPart::state(archive);
    archive(fifo_, interrupt1_, interrupt2_, clock_, one_shot_event_, pulse_event_, boot_until_, output_, latest_, data_ready_, pulse_);
}

}  // namespace tinysim
