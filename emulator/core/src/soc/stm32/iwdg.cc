#include "soc/stm32/iwdg.h"

namespace tinysim::stm32 {

namespace {
enum : uint32_t { KR = 0x00, PR = 0x04, RLR = 0x08, WINR = 0x10 };
constexpr Register table[] = {{"KR", 0, 0}, {"PR", 0, 7}, {"RLR", 0xFFF, 0xFFF}, {"SR", 0, 0}, {"WINR", 0xFFF, 0xFFF}};
constexpr size_t without_window = 4;
constexpr uint32_t unlock_key = 0x5555, reload_key = 0xAAAA, start_key = 0xCCCC;
constexpr uint32_t watchdog_reset = 1u << 29;              // RCC_CSR.IWDGRSTF
constexpr int timeout_priority = 5;
constexpr int64_t lsi_hz = 32'000;
}  // namespace

Iwdg::Iwdg(const Construction& construction)
    : Peripheral(construction, construction.number("windowOption", 0) != 0 ? RegisterTable(table) : RegisterTable(table).first(without_window),
                 Bridge::apb),
      system_(construction.system), has_window_(construction.number("windowOption", 0) != 0),
      timeout_event_(name_ + ".timeout", timeout_priority, [this](Tick) { bite("the watchdog resets the chip"); }) {}

void Iwdg::reset() {
    Peripheral::reset();
    scheduler_.cancel(timeout_event_);
    unlocked_ = running_ = false;
}

void Iwdg::write_register(uint32_t offset, uint32_t written) {
    if (offset != KR) {
        if (!unlocked_) return;
        store(offset, written);
        if (offset == WINR && running_) reload();
        return;
    }
    written &= 0xFFFF;
    unlocked_ = written == unlock_key;
    running_ = running_ || written == start_key;
    if (running_ && (written == start_key || written == reload_key)) refresh();
}

void Iwdg::refresh() {
    const int64_t left = timeout_event_.is_scheduled() ? (timeout_event_.due() - scheduler_.now() - 1) / count_ticks() : 0;
    if (has_window_ && left > value(WINR)) return bite("the watchdog is refreshed above its window (WINR) and resets the chip");
    reload();
}

void Iwdg::reload() { scheduler_.after(timeout_event_, count_ticks() * (int64_t{value(RLR)} + 1)); }

Tick Iwdg::count_ticks() const { return clock_ticks(Clock::lsi, lsi_hz) * (int64_t{4} << std::min<uint32_t>(value(PR), 6)); }

void Iwdg::bite(const char* why) {
    recorder_.warn(name_ + ": " + why);
    system_.reset_system(watchdog_reset);
}

void Iwdg::state(Archive& archive) {
    Peripheral::state(archive);
    archive(timeout_event_, unlocked_, running_);
}

}  // namespace tinysim::stm32
