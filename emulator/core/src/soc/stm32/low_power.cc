#include "soc/stm32/low_power.h"

namespace tinysim::stm32 {

namespace {
constexpr int wake_priority = 10;
}  // namespace

LowPower::LowPower(const Construction& construction, RegisterTable table)
    : Peripheral(construction, table, Bridge::apb), system_(construction.system),
      wake_event_(name_ + ".wake", wake_priority, [this](Tick) {
          system_.reset_system(mode_ == Mode::shutdown ? shutdown_reset : standby_ends);
      }) {
    system_.set_power_control(this);
}

void LowPower::reset() {
    if (reset_cause_ != standby_begins) mode_ = Mode::run;
    scheduler_.cancel(wake_event_);
    system_.set_wake_latency(0);
}

std::optional<Line::Sink> LowPower::input(unsigned number) {
    if (number == internal_input) return [this](bool level) { on_internal(level); };
    if (number >= pins) return std::nullopt;
    return [this, number](bool level) {
        levels_ = level ? levels_ | 1u << number : levels_ & ~(1u << number);
        on_pin(number, level);
    };
}

void LowPower::sleep_begins(bool is_deep) {
    if (tree() == nullptr) return;
    if (!is_deep) return tree()->sleep();
    const Mode mode = deep_mode();
    if (mode != Mode::stop) return cut_supply(mode);
    mode_ = mode;
    system_.set_wake_latency(wake_ticks());
    tree()->stop();
}

void LowPower::sleep_ends() {
    if (mode_ != Mode::stop) return tree() == nullptr ? void() : tree()->wake();
    mode_ = Mode::run;
    system_.set_wake_latency(0);
    tree()->restart();
}

// A wake-up flag that is still set lets it wake at once.
void LowPower::cut_supply(Mode mode) {
    const bool wakes_at_once = has_wake_flag();
    mode_ = mode;
    wake_ticks_ = wake_ticks();
    system_.cut_core_supply(standby_begins, kept_ram());
    if (mode == Mode::standby) note_standby();
    if (wakes_at_once) wake();
}

void LowPower::wake() {
    const bool is_off = mode_ == Mode::standby || mode_ == Mode::shutdown;
    if (is_off && !wake_event_.is_scheduled()) scheduler_.after(wake_event_, wake_ticks_);
}

Tick LowPower::chip_ticks(const Construction& construction, const char* key, int64_t otherwise_ns) const {
    return scheduler_.ticks_per_second() / 1'000'000 * construction.chip_number(key, otherwise_ns) / 1000;
}

void LowPower::state(Archive& archive) {
    Peripheral::state(archive);
    archive(wake_event_, mode_, wake_ticks_, levels_, reset_cause_);
}

}  // namespace tinysim::stm32
