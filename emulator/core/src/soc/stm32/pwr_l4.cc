#include "soc/stm32/pwr_l4.h"

#include <algorithm>

namespace tinysim::stm32 {

namespace {
enum : uint32_t { CR1 = 0x00, CR2 = 0x04, CR3 = 0x08, CR4 = 0x0C, SR1 = 0x10, SR2 = 0x14, SCR = 0x18, CR5 = 0x80 };
constexpr uint32_t vos = 3u << 9, range_1 = 1u << 9, range_2 = 2u << 9, low_power_run = 1u << 14, backup_access = 1u << 8,
                   low_power_mode = 7, io_supply_valid = 1u << 9, normal_mode = 1u << 8, regulator_low_power = 1u << 9,
                   voltage_scaling = 1u << 10;
constexpr uint32_t all_pins = 0x1F, keep_sram2 = 1u << 8, internal_enable = 1u << 15;       // CR3
constexpr uint32_t standby_flag = 1u << 8, internal_flag = 1u << 15;                        // SR1, SCR
constexpr int64_t low_power_run_most_hz = 2'000'000;
constexpr uint32_t pins = 0xFFFF;

#define PORT(letter, mask) {"PUCR" letter, 0, mask}, {"PDCR" letter, 0, mask}
constexpr Register l4[] = {
    {"CR1", range_1, 0x4707}, {"CR2", 0, 0x06FF}, {"CR3", 0x8000, 0x851F}, {"CR4", 0, 0x031F}, {"SR1", 0, 0}, {"SR2", 0, 0},
    {"SCR", 0, 0}, {}, PORT("A", pins), PORT("B", pins), PORT("C", pins), PORT("D", pins), PORT("E", pins), PORT("F", pins),
    PORT("G", pins), PORT("H", 3),
};
constexpr Register l4_plus[] = {
    {"CR1", range_1, 0x4717}, {"CR2", 0, 0x06FF}, {"CR3", 0x8000, 0x9D1F}, {"CR4", 0, 0x031F}, {"SR1", 0, 0}, {"SR2", 0, 0},
    {"SCR", 0, 0}, {}, PORT("A", pins), PORT("B", pins), PORT("C", pins), PORT("D", pins), PORT("E", pins), PORT("F", pins),
    PORT("G", pins), PORT("H", pins), PORT("I", 0xFFF), {}, {}, {}, {}, {}, {}, {"CR5", normal_mode, normal_mode},
};
#undef PORT
constexpr int range_priority = 10;

bool is_plus(const Construction& construction) { return construction.number("plus", 0) != 0; }
ClockListener* listener(const Construction& construction, const char* attribute) {
    return dynamic_cast<ClockListener*>(construction.node(attribute));
}
}  // namespace

L4Pwr::L4Pwr(const Construction& construction)
    : LowPower(construction, is_plus(construction) ? RegisterTable(l4_plus) : RegisterTable(l4)),
      plus_(is_plus(construction)),
      range_1_ticks_(scheduler_.ticks_per_second() / 1'000'000 * construction.chip_number("range_1_startup_ns", 20'000) / 1000),
      wake_ticks_of_{chip_ticks(construction, "wake_stop_0_ns", 5'600), chip_ticks(construction, "wake_stop_1_ns", 6'300),
                     chip_ticks(construction, "wake_stop_2_ns", 8'200), chip_ticks(construction, "wake_standby_ns", 20'100),
                     chip_ticks(construction, "wake_shutdown_ns", 256'000)},
      listeners_{listener(construction, "rcc"), listener(construction, "flash")},
      range_event_(name_ + ".vos", range_priority, [this](Tick) { announce(); }) {}

// RM0351 5.4: CR1, CR2 and CR5 alone reset when Standby ends, SBF and WUF in no reset but that of the supply.
void L4Pwr::reset() {
    const bool keeps = is_standby(reset_cause_);
    const uint32_t kept[] = {value(CR3), value(CR4), value(SR1)};
    Peripheral::reset();
    if (keeps) value(CR3) = kept[0], value(CR4) = kept[1];
    if (reset_cause_ != shutdown_reset) value(SR1) = kept[2];
    scheduler_.cancel(range_event_);
    backup_access_.set(false);
    io_supply_.set(false);
    announce();
    LowPower::reset();
}

Line* L4Pwr::output(std::string_view name) {
    if (name == "DBP") return &backup_access_;
    return name == "IOSV" ? &io_supply_ : Peripheral::output(name);
}

VoltageRange L4Pwr::range() const {
    if ((value(CR1) & vos) == range_2) return VoltageRange::range_2;
    return plus_ && (value(CR5) & normal_mode) == 0 ? VoltageRange::range_1_boost : VoltageRange::range_1;
}

void L4Pwr::announce() {
    for (ClockListener* each : listeners_)
        if (each != nullptr) each->voltage_range_changed(range());
}

uint32_t L4Pwr::read_register(uint32_t offset) {
    if (offset == SR1) return value(SR1) | (internal_level_ && (value(CR3) & internal_enable) != 0 ? internal_flag : 0);
    if (offset != SR2) return value(offset);
    return ((value(CR1) & low_power_run) != 0 ? regulator_low_power : 0) | (range_event_.is_scheduled() ? voltage_scaling : 0);
}

void L4Pwr::write_register(uint32_t offset, uint32_t written) {
    if (offset == CR1) return write_cr1(written);
    if (offset == SCR) value(SR1) &= ~(written & (all_pins | standby_flag));
    store(offset, written);
    if (offset == CR2) io_supply_.set((value(CR2) & io_supply_valid) != 0);
    if (offset == CR5 && !range_event_.is_scheduled()) announce();
}

// VOS of 0 or 3 is refused by the hardware.
void L4Pwr::write_cr1(uint32_t written) {
    const uint32_t before = value(CR1) & vos, wanted = written & vos;
    if (wanted != range_1 && wanted != range_2) written = (written & ~vos) | before;
    store(CR1, written);
    backup_access_.set((value(CR1) & backup_access) != 0);
    if ((value(CR1) & low_power_run) != 0 && clock_ticks(Clock::hclk, low_power_run_most_hz) < scheduler_.ticks_per_second() / low_power_run_most_hz)
        warn_once(warned_low_power_run_, "CR1.LPR is set while HCLK is above 2 MHz, the limit of low-power run");
    if ((value(CR1) & vos) == before) return;
    scheduler_.cancel(range_event_);
    if ((value(CR1) & vos) == range_1) scheduler_.after(range_event_, range_1_ticks_);
    else announce();
}

LowPower::Mode L4Pwr::deep_mode() const {
    const uint32_t mode = value(CR1) & low_power_mode;
    return mode >= 4 ? Mode::shutdown : mode == 3 ? Mode::standby : Mode::stop;
}

Tick L4Pwr::wake_ticks() const { return wake_ticks_of_[std::min<uint32_t>(value(CR1) & low_power_mode, 4)]; }

std::string_view L4Pwr::kept_ram() const {
    return deep_mode() == Mode::standby && (value(CR3) & keep_sram2) != 0 ? "sram2" : "";
}

void L4Pwr::note_standby() { value(SR1) |= standby_flag; }

bool L4Pwr::has_wake_flag() const {
    return (value(SR1) & all_pins) != 0 || (internal_level_ && (value(CR3) & internal_enable) != 0);
}

void L4Pwr::on_pin(unsigned pin, bool level) {
    const bool falls = (value(CR4) >> pin & 1) != 0;
    if ((value(CR3) >> pin & 1) == 0 || level == falls) return;
    value(SR1) |= 1u << pin;
    wake();
}

void L4Pwr::on_internal(bool level) {
    internal_level_ = level;
    if (level && (value(CR3) & internal_enable) != 0) wake();
}

void L4Pwr::state(Archive& archive) {
    LowPower::state(archive);
    archive(range_event_, backup_access_, io_supply_, internal_level_, warned_low_power_run_);
}

}  // namespace tinysim::stm32
