// How the RTC's clock is set right: CALR, SHIFTR, CALIBR (RM0090 26.3.10 to 26.3.12), and RTC_OUT, which shows it (26.3.14).
#include <algorithm>

#include "soc/stm32/rtc.h"
#include "soc/stm32/rtc_registers.h"

namespace tinysim::stm32 {

using namespace rtc;

namespace {
constexpr int64_t recalibration_steps = 3;          // RM0090 26.3.12: within three cycles of ck_apre
constexpr uint32_t least_prescaler_to_insert = 3;   // PREDIV_A; below it CALP does nothing
constexpr uint32_t most_subsecond = 0xFFFF;
constexpr int64_t coarse_minute = 60;
}  // namespace

// ---- smooth ----

void Rtc::write_calr(uint32_t written) {
    if ((value(ISR) & RECALPF) != 0)
        return warn_once(warned_calibration_, "CALR is written while ISR.RECALPF is 1: the write is lost");
    store(CALR, RtcCalibration::writable(written));
    value(ISR) |= RECALPF;
    start(delays_[recalibrated], recalibration_steps * step_pulses());
}

void Rtc::set_calibration() { calibration_.set(value(CALR), (value(PRER) >> 16 & 0x7F) >= least_prescaler_to_insert); }

// What is left of the second has as many pulses as before, in another number of cycles.
void Rtc::recalibrate() {
    value(ISR) &= ~RECALPF;
    const int64_t before_cycles = cycles_left(second_), pulses = pulses_left();
    set_calibration();
    postpone_second(cycles_of_last(pulses) - before_cycles);
    for (unsigned alarm = 0; alarm < 2; ++alarm)
        if (is_under_way(subseconds_[alarm])) start_at_subsecond(subseconds_[alarm], alarm_subseconds_[alarm]);
    follow_output();
}

void Rtc::postpone_second(int64_t cycles) {
    if (second_.event.is_scheduled()) scheduler_.at(second_.event, second_.event.due() + clock_ticks_ * cycles);
    else if (second_.left_cycles != none) second_.left_cycles = std::max<int64_t>(second_.left_cycles + cycles, 0);
}

// ---- shift ----

// Carried out with the next step of the sub-seconds (H); until then further shifts are refused.
void Rtc::write_shiftr(uint32_t written) {
    if ((value(ISR) & SHPF) != 0) return warn_once(warned_shift_, "SHIFTR is written while ISR.SHPF is 1: the write is lost");
    if ((value(ISR) & INIT) != 0) return;
    shift_ = written;
    value(ISR) = (value(ISR) | SHPF) & ~RSF;
    cancel(delays_[synchronised]);
    start_before_end(delays_[shifted], int64_t{subsecond()} * step_pulses());
}

void Rtc::shift() {
    value(ISR) &= ~SHPF;
    const uint32_t now = subsecond(), steps = std::min(shift_ & SUBFS, most_subsecond - std::min(now, most_subsecond));
    const int64_t begin = end_pulse_, pulses = steps * step_pulses();
    highest_subsecond_ = now + steps;
    postpone_second(calibration_.cycles(begin, begin + pulses));
    end_pulse_ = (begin + pulses) % RtcCalibration::window_pulses;
    if ((shift_ & ADD1S) != 0) next_second();
    else compare_both(false);
    resynchronise();
    follow_output();
}

// ---- coarse (F4) ----

// In 2 x DC of 64 minutes each minute has two steps of ck_apre less, or with DCS one more: assumed in its first second.
int64_t Rtc::coarse_steps() const {
    if (is_l4_ || (value(CR) & DCE) == 0 || coarse_second_ % coarse_minute != 0) return 0;
    if (coarse_second_ / coarse_minute >= 2 * (value(CALIBR) & DC)) return 0;
    return (value(CALIBR) & DCS) != 0 ? 1 : -2;
}

// ---- RTC_OUT ----

// 512 Hz of 32768 Hz, or with COSEL half of 256 steps high: followed only where a wire leads away.
void Rtc::follow_output() {
    cancel(output_edge_);
    if ((value(CR) & COE) == 0 || !output_line_.has_sinks() || !is_under_way(second_)) return;
    const int64_t half_pulses = (value(CR) & COSEL) != 0 ? 128 * step_pulses() : 32;
    const int64_t halves = std::max<int64_t>(pulses_left() - 1, 0) / half_pulses;
    output_line_.set((halves & 1) != 0);
    if (halves > 0) start_before_end(output_edge_, halves * half_pulses);
}

void Rtc::show_alarm() {
    const uint32_t control = value(CR), selection = (control & OSEL) >> 21;
    if ((control & COE) != 0) return;
    const bool is_up = selection != 0 && (value(ISR) & (selection == 3 ? WUTF : ALRAF << (selection - 1))) != 0;
    output_line_.set(selection != 0 && is_up != ((control & POL) != 0));
}

}  // namespace tinysim::stm32
