#include "parts/lis2dw12.h"

#include "parts/lis2dw12_registers.h"
#include "tinysim/recording.h"

namespace tinysim {

using namespace lis2dw12;

namespace {
constexpr int sample_priority = 20;
}  // namespace

Lis2dw12::Lis2dw12(const Construction& construction)
    : scheduler_(construction.scheduler), recorder_(construction.recorder),
      name_(construction.name), account_(recorder_, name_), fifo_(recorder_, name_, account_),
      interrupt1_id_(recorder_.name_line(name_ + ".Interrupt1")),
      interrupt2_id_(recorder_.name_line(name_ + ".Interrupt2")),
      sample_event_(name_ + ".sample", sample_priority, [this](Tick late) { on_sample(late); }),
      one_shot_event_(name_ + ".one_shot", sample_priority, [this](Tick) { on_one_shot(); }),
      pulse_event_(name_ + ".drdy_pulse", sample_priority, [this](Tick) {
          pulse_ = false;
          update_pins();
      }) {
    power_up_defaults();
}

Line* Lis2dw12::output(std::string_view name) {
    if (name == "Interrupt1") return &interrupt1_;
    return name == "Interrupt2" ? &interrupt2_ : nullptr;
}

bool Lis2dw12::play(const Recording& recording) {
    if (recording.columns != 3 || recording.rows() == 0) return false;
    recording_ = &recording;
    return true;
}

void Lis2dw12::settle() {
    account_.pending = fifo_.counted_samples() + (unread_ && output_.counted);
}

void Lis2dw12::power_up_defaults() {
    registers_.fill(0);
    registers_[WHO_AM_I] = who_am_i;
    registers_[CTRL2] = ctrl2_after_reset;
}

bool Lis2dw12::start(bool is_read) {
    if ((registers_[CTRL2] & ctrl2_i2c_disable) != 0) return false;
    expects_address_ = !is_read;
    return true;
}

bool Lis2dw12::write(uint8_t byte) {
    if (std::exchange(expects_address_, false)) {
        pointer_ = byte & 0x7F;
        return true;
    }
    write_register(pointer_, byte);
    next_address();
    return true;
}

uint8_t Lis2dw12::read() {
    const uint8_t value = read_register(pointer_);
    next_address();
    return value;
}

void Lis2dw12::next_address() {
    if ((registers_[CTRL2] & ctrl2_if_add_inc) == 0) return;
    if (pointer_ == OUT_Z_H && fifo_is_on()) pointer_ = OUT_X_L;
    else pointer_ = (pointer_ + 1) & 0x7F;
}

uint8_t Lis2dw12::read_register(uint8_t address) {
    if (address >= registers_.size()) return 0;
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
    const bool writable = (address >= CTRL1 && address <= CTRL6) || address == FIFO_CTRL ||
                          (address >= TAP_THS_X && address <= FREE_FALL) ||
                          (address >= X_OFS_USR && address <= CTRL7);
    if (!writable) return;
    check_not_modelled(address, value);
    switch (address) {
    case CTRL1:
        registers_[CTRL1] = value;
        apply_rate();
        break;
    case CTRL2: write_ctrl2(value); break;
    case CTRL3: write_ctrl3(value); break;
    case FIFO_CTRL: change_fifo_mode(value); break;
    default: registers_[address] = value;
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
    apply_rate();
    account_.lost += unread_ && output_.counted;
    scheduler_.cancel(pulse_event_);
    half_read_.fill(false);
    held_back_.fill(false);
    unread_ = data_ready_ = pulse_ = false;
}

void Lis2dw12::write_ctrl3(uint8_t value) {
    registers_[CTRL3] = value;
    const bool on_demand = mode_of(registers_[CTRL1]) == mode_on_demand;
    if (!on_demand || (value & (ctrl3_slp_mode_sel | ctrl3_slp_mode_1)) !=
                          (ctrl3_slp_mode_sel | ctrl3_slp_mode_1))
        return;
    static constexpr int32_t conversion_us[] = {1200, 1700, 2300, 3550};
    if (one_shot_event_.is_scheduled()) return;
    scheduler_.after(one_shot_event_, scheduler_.ticks_per_second() *
                                          conversion_us[registers_[CTRL1] & 3] / 1'000'000);
}

void Lis2dw12::change_fifo_mode(uint8_t value) {
    const bool changed = (registers_[FIFO_CTRL] >> 5) != (value >> 5);
    const bool was_on = fifo_is_on();
    registers_[FIFO_CTRL] = value;
    if (!changed) return;
    if (!fifo_is_on()) fifo_.clear();
    if (was_on || !fifo_is_on()) return;
    account_.lost += unread_ && output_.counted;  // from now on the output registers show the FIFO
    unread_ = false;
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
    drive(interrupt1_, interrupt1_id_, on_1 != 0 || (joined && on_2 != 0));
    drive(interrupt2_, interrupt2_id_, on_2 != 0);
}

void Lis2dw12::drive(Line& line, uint16_t id, bool active) {
    const bool level = active != ((registers_[CTRL3] & ctrl3_h_lactive) != 0);
    if (level == line.level()) return;
    recorder_.line(id, level);
    line.set(level);
}

void Lis2dw12::warn_not_modelled(unsigned feature, const char* text) {
    if (((warned_ >> feature) & 1) != 0) return;
    warned_ |= 1u << feature;
    recorder_.warn(name_ + ": LIS2DW12 " + text);
}

void Lis2dw12::check_not_modelled(uint8_t address, uint8_t value) {
    const bool int2_trigger = address == CTRL1 && mode_of(value) == mode_on_demand;
    const unsigned fifo_mode = value >> 5;
    if (address == CTRL4_INT1_PAD_CTRL && (value & 0xF8) != 0)
        warn_not_modelled(0, "CTRL4: tap, wake-up, free-fall and 6D interrupts are not modelled");
    if (address == CTRL5_INT2_PAD_CTRL && (value & 0xF0) != 0)
        warn_not_modelled(1, "CTRL5: sleep, boot and temperature interrupts are not modelled");
    if (address == CTRL7 && (value & ctrl7_interrupts_enable) != 0)
        warn_not_modelled(2, "CTRL7: the engine behind INTERRUPTS_ENABLE is not modelled");
    if (address == CTRL7 && (value & ctrl7_offsets_and_filters) != 0)
        warn_not_modelled(3,
                          "CTRL7: user offsets and the 6D and reference filters are not modelled");
    if (address == CTRL3 && (value & ctrl3_self_test) != 0)
        warn_not_modelled(4, "CTRL3: self-test is not modelled");
    if (address == CTRL6 && (value & 0xC8) != 0)
        warn_not_modelled(
            5, "CTRL6: filters (BW_FILT, FDS) are not modelled; the stream passes as recorded");
    if (address == FIFO_CTRL &&
        (fifo_mode == fifo_continuous_to_fifo || fifo_mode == fifo_bypass_to_continuous))
        warn_not_modelled(
            6, "FIFO_CTRL: the event that switches this FIFO mode is not modelled and never comes");
    if (address == FIFO_CTRL && (fifo_mode == 2 || fifo_mode == 5 || fifo_mode == 7))
        warn_not_modelled(7, "FIFO_CTRL: this FIFO mode is reserved; it acts as bypass");
    if (int2_trigger && (registers_[CTRL3] & ctrl3_slp_mode_sel) == 0)
        warn_not_modelled(
            8, "CTRL3: INT2 as the trigger of a conversion is not modelled; set SLP_MODE_SEL");
    if (address == CTRL1 && (value >> 4 > 9 || mode_of(value) == 3))
        warn_not_modelled(9, "CTRL1: reserved rate or mode; the part stays in power-down");
}

void Lis2dw12::state(Archive& archive) {
    archive(fifo_, interrupt1_, interrupt2_, sample_event_, one_shot_event_, pulse_event_,
            registers_, pointer_, expects_address_, boot_until_, running_, rate_since_,
            sample_number_, output_, next_output_, half_read_, held_back_, unread_, data_ready_,
            pulse_, warned_);
}

}  // namespace tinysim
