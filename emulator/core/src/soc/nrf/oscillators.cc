// The CLOCK half of NrfClockPower: HFXO, the three sources of LFCLK, calibration. Product
// Specification 5.4.
#include <algorithm>

#include "soc/nrf/clock_power.h"

namespace tinysim::nrf {

using namespace clock_power;

namespace {
constexpr uint32_t hfclkrun_offset = 0x408, hfclkstat_offset = 0x40C, lfclkrun_offset = 0x414,
                   lfclkstat_offset = 0x418, lfclksrccopy_offset = 0x41C;
constexpr uint32_t state_running = 1u << 16;
constexpr int64_t debounce_step_us = 16;
constexpr int64_t calibration_interval_us = 250'000;
}  // namespace

void NrfClockPower::clock_task(unsigned index) {
    switch (index) {
    case hfclkstart: return start_hfxo();
    case hfclkstop: return stop_hfxo();
    case lfclkstart: return start_lfclk();
    case lfclkstop: return stop_lfclk();
    case cal: return calibrate();
    case ctstart: return start_calibration_timer();
    case ctstop: scheduler_.cancel(calibration_timer_event_); return raise(ctstopped);
    default: return;
    }
}

// HFCLK always runs while the CPU can read this: from the crystal or from HFINT.
uint32_t NrfClockPower::read_clock_status(uint32_t offset) {
    switch (offset) {
    case hfclkrun_offset: return hfclk_started_ ? 1 : 0;
    case hfclkstat_offset: return state_running | (hfxo_.level() ? 1 : 0);
    case lfclkrun_offset: return lfclk_started_ ? 1 : 0;
    case lfclkstat_offset:
        return lf_source_ == LfSource::none ? 0 : state_running | static_cast<uint32_t>(lf_source_);
    case lfclksrccopy_offset: return lfclksrc_copy_;
    default: not_modelled(); return 0;
    }
}

void NrfClockPower::stop_clocks() {
    scheduler_.cancel(calibration_timer_event_);
    stop_hfxo();
    stop_lfclk();
    lfclksrc_copy_ = 0;
}

void NrfClockPower::start_hfxo() {
    hfclk_started_ = true;
    if (hfxo_.level()) return raise(hfclkstarted);
    if (hfxo_event_.is_scheduled()) return;
    const int64_t debounce_us =
        (int64_t{plain(hfxodebounce_offset)} - int64_t{hfxodebounce_after_reset}) *
        debounce_step_us;
    scheduler_.after(hfxo_event_,
                     ticks_of_us(std::max<int64_t>(hfxo_startup_us_ + debounce_us, 0)));
}

void NrfClockPower::stop_hfxo() {
    scheduler_.cancel(hfxo_event_);
    scheduler_.cancel(calibration_event_);  // it compares with the crystal
    hfclk_started_ = false;
    hfxo_.set(false);
}

void NrfClockPower::start_lfclk() {
    lfclk_started_ = true;
    const uint32_t source = plain(lfclksrc_offset) & 3;
    if (lfclk_event_.is_scheduled() && source == lfclksrc_copy_) return;
    lfclksrc_copy_ = source;
    const auto wanted = static_cast<LfSource>(lfclksrc_copy_);
    scheduler_.cancel(lfclk_event_);
    if (wanted == LfSource::none) return;
    if (lf_source_ == wanted) return raise(lfclkstarted);
    if (wanted == LfSource::rc)
        return scheduler_.after(lfclk_event_, ticks_of_us(lfrc_startup_us_));
    if (wanted == LfSource::synthesized)
        return scheduler_.after(lfclk_event_, ticks_of_us(lfsynt_startup_us_));
    if (lf_source_ == LfSource::none) scheduler_.after(lfrc_event_, ticks_of_us(lfrc_startup_us_));
    scheduler_.after(lfclk_event_, ticks_of_us(lfxo_startup_us_));
}

void NrfClockPower::stop_lfclk() {
    for (Event* event : {&lfrc_event_, &lfclk_event_, &calibration_event_})
        scheduler_.cancel(*event);
    lfclk_started_ = false;
    lf_source_ = LfSource::none;
    lfclk_.set(false);
}

void NrfClockPower::lfclk_runs_from(LfSource source) {
    scheduler_.cancel(lfrc_event_);
    lf_source_ = source;
    lfclk_.set(true);
}

void NrfClockPower::calibrate() {
    if (hfxo_.level() && lf_source_ == LfSource::rc) {
        scheduler_.after(calibration_event_, ticks_of_us(lfrc_calibration_us_));
    } else if (!warned_calibration_) {
        warned_calibration_ = true;
        recorder_.warn(name_ +
                       ": TASKS_CAL while LFRC or HFXO does not run: no EVENTS_DONE will come");
    }
}

void NrfClockPower::start_calibration_timer() {
    const int64_t intervals = std::max<int64_t>(plain(ctiv_offset), 1);
    scheduler_.after(calibration_timer_event_, ticks_of_us(intervals * calibration_interval_us));
    raise(ctstarted);
}

}  // namespace tinysim::nrf
