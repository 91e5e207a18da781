#include "soc/stm32/iwdg.h"

namespace tinysim::stm32 {

namespace {
enum : uint32_t { KR = 0x00, PR = 0x04, RLR = 0x08, SR = 0x0C, WINR = 0x10 };
constexpr Register table[] = {{"KR", 0, 0}, {"PR", 0, 7}, {"RLR", 0xFFF, 0xFFF}, {"SR", 0, 0}, {"WINR", 0xFFF, 0xFFF}};
constexpr size_t without_window = 4;
constexpr uint32_t unlock_key = 0x5555, reload_key = 0xAAAA, start_key = 0xCCCC;
constexpr uint32_t watchdog_reset = 1u << 29;              // RCC_CSR.IWDGRSTF
constexpr int timeout_priority = 5, update_priority = 4;
constexpr int64_t update_cycles = 5;                       // RM0090 21.4.4: up to 5 RC cycles
constexpr uint32_t registers[] = {PR, RLR, WINR};          // by their bit in SR
constexpr int64_t lsi_hz = 32'000;
}  // namespace

Iwdg::Iwdg(const Construction& construction)
    : Peripheral(construction, construction.number("windowOption", 0) != 0 ? RegisterTable(table) : RegisterTable(table).first(without_window),
                 Bridge::apb),
      system_(construction.system), has_window_(construction.number("windowOption", 0) != 0),
      timeout_event_(name_ + ".timeout", timeout_priority, [this](Tick) { bite(warned_late_, "the watchdog resets the chip"); }),
      update_events_{{name_ + ".pvu", update_priority, [this](Tick) { on_updated(0); }},
                     {name_ + ".rvu", update_priority, [this](Tick) { on_updated(1); }},
                     {name_ + ".wvu", update_priority, [this](Tick) { on_updated(2); }}} {}

void Iwdg::reset() {
    if (std::exchange(outlives_reset_, false)) return;
    Peripheral::reset();
    scheduler_.cancel(timeout_event_);
    for (Event& each : update_events_) scheduler_.cancel(each);
    unlocked_ = running_ = false;
}

uint32_t Iwdg::read_register(uint32_t offset) {
    if (offset != SR) return value(offset);
    uint32_t flags = 0;
    for (unsigned number = 0; number < updates; ++number) flags |= (update_events_[number].is_scheduled() ? 1u : 0u) << number;
    return flags;
}

void Iwdg::update(uint32_t offset, uint32_t written) {
    for (unsigned number = 0; number < updates; ++number) {
        if (registers[number] != offset) continue;
        Event& event = update_events_[number];
        if (event.is_scheduled())
            return warn_once(warned_update_, "PR, RLR or WINR is written while its bit of SR is 1: the write is lost");
        coming_[number] = written;
        scheduler_.after(event, update_cycles * clock_ticks(Clock::lsi, lsi_hz));
    }
}

void Iwdg::on_updated(unsigned number) {
    store(registers[number], coming_[number]);
    if (registers[number] == WINR && running_) reload();
}

void Iwdg::write_register(uint32_t offset, uint32_t written) {
    if (offset != KR) {
        return unlocked_ ? update(offset, written) : void();
    }
    written &= 0xFFFF;
    unlocked_ = written == unlock_key;
    running_ = running_ || written == start_key;
    if (running_ && (written == start_key || written == reload_key)) refresh();
}

void Iwdg::refresh() {
    const int64_t left = timeout_event_.is_scheduled() ? (timeout_event_.due() - scheduler_.now() - 1) / count_ticks() : 0;
    if (has_window_ && left > value(WINR)) return bite(warned_early_, "the watchdog is refreshed above its window (WINR) and resets the chip");
    reload();
}

void Iwdg::reload() { scheduler_.after(timeout_event_, count_ticks() * (int64_t{value(RLR)} + 1)); }

Tick Iwdg::count_ticks() const { return clock_ticks(Clock::lsi, lsi_hz) * (int64_t{4} << std::min<uint32_t>(value(PR), 6)); }

void Iwdg::bite(bool& warned, const char* why) {
    warn_once(warned, why);
    system_.reset_system(watchdog_reset);
}

void Iwdg::state(Archive& archive) {
    Peripheral::state(archive);
    archive(timeout_event_, update_events_, coming_, unlocked_, running_, outlives_reset_, warned_update_, warned_late_, warned_early_);
}

}  // namespace tinysim::stm32
