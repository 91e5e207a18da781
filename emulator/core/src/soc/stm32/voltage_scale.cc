#include "soc/stm32/voltage_scale.h"

namespace tinysim::stm32 {

namespace {
constexpr uint32_t over_drive_on = 1u << 16, over_drive_switched = 1u << 17;
constexpr int64_t no_limit = 0, over_drive_ns = 45'000;
}  // namespace

VoltageScale::VoltageScale(const Construction& construction)
    : scheduler_(construction.scheduler), recorder_(construction.recorder), name_(construction.name),
      most_hz_{construction.chip_number("hclk_vos_0_most_hz", no_limit), construction.chip_number("hclk_vos_1_most_hz", no_limit),
               construction.chip_number("hclk_vos_2_most_hz", no_limit), construction.chip_number("hclk_vos_3_most_hz", no_limit)},
      over_drive_most_hz_(construction.chip_number("hclk_vos_2_over_drive_most_hz", no_limit)),
      over_drive_(scheduler_, name_ + ".over_drive", startup_ticks(construction, "over_drive_ns", over_drive_ns), [] {}),
      over_drive_switch_(scheduler_, name_ + ".over_drive_switch", startup_ticks(construction, "over_drive_ns", over_drive_ns), [] {}) {}

void VoltageScale::reset(uint32_t cr) {
    over_drive_.stop();
    over_drive_switch_.stop();
    cr_ = cr;
}

void VoltageScale::follow(uint32_t cr) {
    cr_ = cr;
    over_drive_.request((cr & over_drive_on) != 0);
    over_drive_switch_.request((cr & over_drive_switched) != 0 && over_drive_.is_ready());
    check(hclk_ticks_);
}

uint32_t VoltageScale::ready_bits() const {
    return (over_drive_.is_ready() ? over_drive_on : 0) | (over_drive_switch_.is_ready() ? over_drive_switched : 0);
}

int64_t VoltageScale::most_hz() const {
    if (!over_drive_switch_.is_ready()) return most_hz_[vos()];
    return vos() == 3 ? no_limit : vos() == 2 ? over_drive_most_hz_ : most_hz_[vos()];
}

void VoltageScale::check(Tick hclk_ticks) {
    hclk_ticks_ = hclk_ticks;
    const int64_t limit_hz = most_hz();
    if (hclk_ticks == 0 || limit_hz == no_limit || scheduler_.ticks_per_second() / hclk_ticks <= limit_hz) return;
    const bool is_over_drive = over_drive_switch_.is_ready();
    const auto bit = static_cast<uint8_t>(1u << (vos() + (is_over_drive ? 4 : 0)));
    if ((warned_ & bit) != 0) return;
    warned_ |= bit;
    recorder_.warn(name_ + ": HCLK is " + std::to_string(scheduler_.ticks_per_second() / hclk_ticks) + " Hz, but PWR_CR.VOS " +
                   std::to_string(vos()) + (is_over_drive ? " with over-drive" : "") + " allows " + std::to_string(limit_hz) +
                   " Hz: raise VOS" + (over_drive_most_hz_ != no_limit ? " or switch over-drive on (ODEN, ODSWEN)" : "") +
                   " before the clock rises");
}

void VoltageScale::state(Archive& archive) { archive(over_drive_, over_drive_switch_, hclk_ticks_, cr_, warned_); }

}  // namespace tinysim::stm32
