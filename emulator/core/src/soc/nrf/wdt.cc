#include "soc/nrf/wdt.h"

#include <algorithm>

namespace tinysim::nrf {

namespace {
constexpr uint32_t runstatus_offset = 0x400, reqstatus_offset = 0x404, crv_offset = 0x504,
                   rren_offset = 0x508, config_offset = 0x50C, rr_offset = 0x600, rr_end = 0x620;
constexpr unsigned start_task = 0, timeout = 0;
constexpr uint32_t reload_key = 0x6E524635;
constexpr uint32_t crv_after_reset = 0xFFFFFFFF, crv_minimum = 0xF, rren_after_reset = 1,
                   config_after_reset = 1;
constexpr uint32_t config_mask = 1u << 0 | 1u << 3, run_in_sleep = 1u << 0;
constexpr uint32_t cause_pin = 1u << 0, cause_watchdog = 1u << 1, cause_off = 1u << 16;
constexpr int64_t lfclk_hz = 32'768;
constexpr Tick reset_delay_cycles = 2;
constexpr int wdt_priority = 20;
}  // namespace

Wdt::Wdt(const Construction& construction)
    : Peripheral(construction), system_(construction.system),
      lfclk_ticks_(construction.scheduler.ticks_per_second() / lfclk_hz),
      timeout_event_(name_ + ".timeout", wdt_priority, [this](Tick) { on_timeout(); }),
      reset_event_(name_ + ".reset", wdt_priority,
                   [this](Tick) { system_.reset_system(cause_watchdog); }) {
    has_tasks({start_task});
    has_events({timeout});
    Wdt::reset();
}

void Wdt::note_reset(uint32_t cause) {
    survives_reset_ = running_ && (cause & (cause_pin | cause_watchdog | cause_off)) == 0;
}

void Wdt::reset() {
    if (std::exchange(survives_reset_, false)) return;
    Peripheral::reset();
    scheduler_.cancel(timeout_event_);
    scheduler_.cancel(reset_event_);
    crv_ = crv_after_reset;
    rren_ = awaited_ = rren_after_reset;
    config_ = config_after_reset;
    running_ = paused_ = false;
}

std::optional<Line::Sink> Wdt::input(unsigned number) {
    if (number != 0) return std::nullopt;
    knows_sleep_ = true;
    return [this](bool sleeps) { on_sleep(sleeps); };
}

bool Wdt::pauses_in_sleep() const { return (config_ & run_in_sleep) == 0; }

void Wdt::task(unsigned index) {
    if (index == start_task && !running_) start();
}

void Wdt::start() {
    running_ = true;
    if (pauses_in_sleep() && !knows_sleep_) not_modelled();
    reload();
}

void Wdt::reload() {
    awaited_ = rren_;
    const Tick next_edge = (scheduler_.now() + lfclk_ticks_ - 1) / lfclk_ticks_ * lfclk_ticks_;
    const Tick count = Tick{std::max(crv_, crv_minimum)} + 1;
    scheduler_.at(timeout_event_, next_edge + count * lfclk_ticks_);
}

void Wdt::request(unsigned number) {
    const uint32_t bit = 1u << number;
    if (!running_ || (awaited_ & bit) == 0 || reset_event_.is_scheduled()) return;
    awaited_ &= ~bit;
    if (awaited_ == 0) reload();
}

void Wdt::on_timeout() {
    const bool postpones = (inten() & 1) != 0;
    scheduler_.after(reset_event_, postpones ? reset_delay_cycles * lfclk_ticks_ : 0);
    raise(timeout);
}

void Wdt::on_sleep(bool sleeps) {
    if (sleeps && running_ && pauses_in_sleep() && timeout_event_.is_scheduled()) {
        paused_ = true;
        remaining_ticks_ = timeout_event_.due() - scheduler_.now();
        scheduler_.cancel(timeout_event_);
    } else if (!sleeps && std::exchange(paused_, false)) {
        scheduler_.after(timeout_event_, remaining_ticks_);
    }
}

uint32_t Wdt::read_register(uint32_t offset) {
    if (offset >= rr_offset && offset < rr_end) return 0;
    switch (offset) {
    case runstatus_offset: return running_ ? 1 : 0;
    case reqstatus_offset: return awaited_;
    case crv_offset: return crv_;
    case rren_offset: return rren_;
    case config_offset: return config_;
    default: not_modelled(); return 0;
    }
}

void Wdt::write_register(uint32_t offset, uint32_t value) {
    if (offset >= rr_offset && offset < rr_end) {
        if (value == reload_key) request((offset - rr_offset) / 4);
        return;
    }
    const bool is_configuration =
        offset == crv_offset || offset == rren_offset || offset == config_offset;
    if (!is_configuration) return not_modelled();
    if (running_) return;
    if (offset == crv_offset) crv_ = value;
    if (offset == rren_offset) rren_ = awaited_ = value & 0xFF;
    if (offset == config_offset) config_ = value & config_mask;
}

void Wdt::state(Archive& archive) {
    Peripheral::state(archive);
    archive(timeout_event_, reset_event_, crv_, rren_, config_, awaited_, running_,
            survives_reset_, knows_sleep_, paused_, remaining_ticks_);
}

}  // namespace tinysim::nrf
