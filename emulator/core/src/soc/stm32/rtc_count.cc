// What counts in the RTC: prescalers and sub-seconds, the calendar's seconds, alarms, the wake-up timer. RM0090 26.3.
#include <algorithm>

#include "soc/stm32/rtc.h"
#include "soc/stm32/rtc_registers.h"

namespace tinysim::stm32 {

using namespace rtc;

namespace {
constexpr int64_t restart_cycles = 4;       // RM0090 26.3.5: the calendar begins 4 RTCCLK behind the end of INIT
}  // namespace

// ---- cycles of RTCCLK ----

void Rtc::start(Timed& timed, int64_t cycles, Tick from) {
    cancel(timed);
    if (clock_ticks_ == 0) timed.left_cycles = cycles;
    else scheduler_.at(timed.event, from + capped_ticks(clock_ticks_, cycles));
}

void Rtc::cancel(Timed& timed) {
    scheduler_.cancel(timed.event);
    timed.left_cycles = none;
}

int64_t Rtc::cycles_left(const Timed& timed) const {
    if (!timed.event.is_scheduled()) return std::max<int64_t>(timed.left_cycles, 0);
    return std::max<int64_t>((timed.event.due() - scheduler_.now() + clock_ticks_ - 1) / clock_ticks_, 0);
}

void Rtc::on_clock_changed() {
    const Tick period = tree()->period(Clock::rtc);
    if (period == clock_ticks_) return;
    each_timed([this](Timed& timed) {
        const int64_t left = is_under_way(timed) ? cycles_left(timed) : none;
        cancel(timed);
        timed.left_cycles = left;
    });
    clock_ticks_ = period;
    each_timed([this](Timed& timed) {
        if (const int64_t left = timed.left_cycles; left != none) start(timed, left);
    });
}

// ---- calendar ----

int64_t Rtc::step_pulses() const { return (value(PRER) >> 16 & 0x7F) + 1; }

int64_t Rtc::second_pulses() const {
    const int64_t steps = (value(PRER) & 0x7FFF) + 1 + coarse_steps();
    return std::max<int64_t>(steps, 1) * step_pulses();
}

int64_t Rtc::pulses_left() const { return calibration_.pulses(cycles_left(second_), end_pulse_); }

int64_t Rtc::cycles_of_last(int64_t pulses) const { return calibration_.cycles(end_pulse_ - pulses, end_pulse_); }

uint32_t Rtc::subsecond() const {
    if (!is_under_way(second_)) return value(PRER) & 0x7FFF;
    const int64_t left = pulses_left();
    return left == 0 ? 0 : static_cast<uint32_t>(std::min<int64_t>((left - 1) / step_pulses(), highest_subsecond_));
}

// When the sub-seconds reach `count` in this second.
void Rtc::start_at_subsecond(Timed& timed, uint32_t count) {
    start_before_end(timed, (int64_t{count} + 1) * step_pulses());
}

void Rtc::start_before_end(Timed& timed, int64_t pulses) {
    const int64_t cycles = cycles_of_last(pulses);
    if (second_.event.is_scheduled()) scheduler_.at(timed.event, second_.event.due() - clock_ticks_ * cycles);
    else if (second_.left_cycles != none) start(timed, std::max<int64_t>(second_.left_cycles - cycles, 0));
}

void Rtc::begin_second(int64_t after_cycles, Tick from) {
    const int64_t pulses = second_pulses();
    end_pulse_ = (end_pulse_ + pulses) % RtcCalibration::window_pulses;
    highest_subsecond_ = value(PRER) & 0x7FFF;
    start(second_, after_cycles + cycles_of_last(pulses), from);
    follow_output();
}

void Rtc::leave_init() {
    cancel(delays_[in_init]);
    value(ISR) &= ~(INIT | INITF);
    coarse_second_ = 0;
    set_calibration();
    begin_second(restart_cycles, scheduler_.now());
    start(delays_[synchronised], restart_cycles);
}

void Rtc::resynchronise() {
    value(ISR) &= ~RSF;
    if ((value(ISR) & SHPF) == 0) start(delays_[synchronised], delay_cycles);
}

void Rtc::on_second(Tick late) {
    coarse_second_ = (coarse_second_ + 1) % coarse_seconds;
    begin_second(0, scheduler_.now() - late);
    next_second();
    if (wakeup_seconds_ > 0 && --wakeup_seconds_ == 0) {
        wakeup_seconds_ = wakeup_counts();
        raise(WUTF);
    }
}

void Rtc::next_second() {
    calendar_.next_second();
    compare_both(true);
}

// ---- alarms ----

void Rtc::compare_both(bool at_second) {
    for (unsigned alarm = 0; alarm < 2; ++alarm) compare(alarm, at_second);
}

// Without a mask of sub-seconds an alarm comes as the second does, else at the first count whose lowest MASKSS bits fit.
void Rtc::compare(unsigned alarm, bool at_second) {
    cancel(subseconds_[alarm]);
    if ((value(CR) >> alarm & ALRAE) == 0 || !calendar_.matches(value(ALRMAR + 4 * alarm))) return;
    const uint32_t wanted = value(ALRMASSR + 4 * alarm), bits = wanted >> 24 & 15;
    if (bits == 0) return at_second ? raise(ALRAF << alarm) : void();
    const uint32_t mask = (1u << bits) - 1, now = subsecond(), ahead = (now - wanted) & mask;
    if (ahead > now) return;                // none in this second
    if (ahead == 0 && at_second) return on_subsecond(alarm);
    alarm_subseconds_[alarm] = now - ahead;
    start_at_subsecond(subseconds_[alarm], now - ahead);
}

void Rtc::on_subsecond(unsigned alarm) {
    raise(ALRAF << alarm);
    const uint32_t period = 1u << (value(ALRMASSR + 4 * alarm) >> 24 & 15), now = subsecond();
    if (now < period) return;
    alarm_subseconds_[alarm] = now - period;
    start_at_subsecond(subseconds_[alarm], now - period);
}

// ---- wake-up timer ----

// Counts of RTCCLK / 2 to 16, or of the calendar's seconds, the first of which ends with the calendar's.
int64_t Rtc::wakeup_counts() const { return int64_t{value(WUTR)} + 1 + ((value(CR) & WUCKSEL) >= 6 ? 0x10000 : 0); }

void Rtc::start_wakeup(Tick from) {
    const uint32_t selection = value(CR) & WUCKSEL;
    if (selection >= 4) wakeup_seconds_ = wakeup_counts();
    else start(wakeup_, wakeup_counts() * (16 >> selection), from);
}

void Rtc::stop_wakeup() {
    cancel(wakeup_);
    wakeup_seconds_ = 0;
}

// ---- time stamp ----

void Rtc::on_stamp(bool level) {
    const uint32_t control = value(CR);
    if ((control & TSE) != 0 && level != ((control & TSEDGE) != 0)) take_stamp();
}

void Rtc::take_stamp() {
    if ((value(ISR) & TSF) != 0) return raise(TSOVF);
    value(TSTR) = calendar_.time;
    value(TSDR) = calendar_.date & 0xFF3F;
    value(TSSSR) = subsecond();
    raise(TSF);
}

}  // namespace tinysim::stm32
