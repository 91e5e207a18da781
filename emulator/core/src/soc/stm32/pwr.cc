#include "soc/stm32/pwr.h"

#include <stdexcept>

namespace tinysim::stm32 {

namespace {
enum : uint32_t { CR = 0x00, CSR = 0x04 };
// RM0090 5.4.1: VOS is 1 after reset; the SVD of the F407 lists neither VOS nor its reset value.
constexpr uint32_t regulator_ready = 0x4000;
constexpr int64_t default_hz = 16'000'000;      // without RCC
constexpr Register f407[] = {{"CR", 0x00004000, 0x000043F3}, {"CSR", regulator_ready, 0x00000200}};
constexpr Register f401[] = {{"CR", 0x00008000, 0x0000EFF3}, {"CSR", regulator_ready, 0x00000200}};
constexpr Register f411[] = {{"CR", 0x00008000, 0x0030EFF3}, {"CSR", regulator_ready, 0x00000200}};
constexpr Register f429[] = {{"CR", 0x0000C000, 0x000FEFF3}, {"CSR", regulator_ready, 0x00000200}};
constexpr Register f446[] = {{"CR", 0x0000C000, 0x003FEFF3}, {"CSR", regulator_ready, 0x00000200}};
constexpr uint32_t low_power_regulator = 1u << 0, standby_mode = 1u << 1, clear_wake = 1u << 2, clear_standby = 1u << 3,
                   backup_access = 1u << 8, flash_power_down = 1u << 9;
constexpr uint32_t wake_flag = 1u << 0, standby_flag = 1u << 1, backup_regulator = 1u << 9;

RegisterTable table_of(const Construction& construction) {
    switch (construction.number("series", 407)) {
    case 401: return f401;
    case 407: return f407;
    case 411: return f411;
    case 429: return f429;
    case 446: return f446;
    default: throw std::invalid_argument("STM32_PWR: this series is not known: write 401, 407, 411, 429 or 446");
    }
}
constexpr uint32_t enable_of(unsigned pin) { return 1u << (8 - pin); }
}  // namespace

Pwr::Pwr(const Construction& construction)
    : LowPower(construction, table_of(construction)), scale_(construction),
      pin_enables_(enable_of(0) | (construction.number("wakeUpPins", 1) > 1 ? enable_of(1) : 0)),
      main_regulator_ticks_(chip_ticks(construction, "wake_stop_ns", 13'000)),
      low_power_regulator_ticks_(chip_ticks(construction, "wake_stop_low_power_ns", 17'000)),
      flash_off_ticks_(chip_ticks(construction, "wake_stop_flash_down_ns", 110'000)),
      standby_ticks_(chip_ticks(construction, "wake_standby_ns", 375'000)) {
    scale_.reset(value(CR));
}

// RM0090 5.4.3: BRE and SBF stay in any reset, EWUP and WUF in that of Standby.
void Pwr::reset() {
    const uint32_t kept = value(CSR) & (backup_regulator | standby_flag | (is_standby(reset_cause_) ? pin_enables_ | wake_flag : 0));
    Peripheral::reset();
    value(CSR) |= kept;
    scale_.reset(value(CR));
    backup_access_.set(false);
    LowPower::reset();
}

uint32_t Pwr::read_register(uint32_t offset) {
    if (offset != CSR) return value(offset);
    const uint32_t ready = (value(CSR) & backup_regulator) != 0 ? 1u << 3 : 0;      // BRR
    return value(CSR) | ready | scale_.ready_bits();
}

void Pwr::write_register(uint32_t offset, uint32_t written) {
    if (offset == CSR) return write_csr(written);
    store(CR, written);
    if ((written & clear_wake) != 0) value(CSR) &= ~wake_flag;
    if ((written & clear_standby) != 0) value(CSR) &= ~standby_flag;
    backup_access_.set((value(CR) & backup_access) != 0);
    scale_.follow(value(CR));
}

void Pwr::on_clock_changed() { scale_.check(clock_ticks(Clock::hclk, default_hz)); }

// A pin that is high when it is enabled is an event.
void Pwr::write_csr(uint32_t written) {
    const uint32_t before = value(CSR);
    store(CSR, written);
    value(CSR) = (value(CSR) & ~pin_enables_) | (written & pin_enables_);
    for (unsigned pin = 0; pin < 2; ++pin)
        if ((value(CSR) & ~before & enable_of(pin)) != 0 && level_of(pin)) raise();
}

LowPower::Mode Pwr::deep_mode() const { return (value(CR) & standby_mode) != 0 ? Mode::standby : Mode::stop; }

Tick Pwr::wake_ticks() const {
    const uint32_t cr = value(CR);
    if ((cr & standby_mode) != 0) return standby_ticks_;
    if ((cr & flash_power_down) != 0) return flash_off_ticks_;
    return (cr & low_power_regulator) != 0 ? low_power_regulator_ticks_ : main_regulator_ticks_;
}

void Pwr::note_standby() { value(CSR) |= standby_flag; }

bool Pwr::has_wake_flag() const { return (value(CSR) & wake_flag) != 0; }

void Pwr::raise() {
    value(CSR) |= wake_flag;
    wake();
}

void Pwr::on_pin(unsigned pin, bool level) {
    if (level && pin < 2 && (value(CSR) & pin_enables_ & enable_of(pin)) != 0) raise();
}

void Pwr::on_internal(bool level) {
    if (level) raise();
}

void Pwr::state(Archive& archive) {
    LowPower::state(archive);
    archive(backup_access_, scale_);
}

}  // namespace tinysim::stm32
