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

int64_t Rtc::step_cycles() const { return (value(PRER) >> 16 & 0x7F) + 1; }

int64_t Rtc::second_cycles() const { return step_cycles() * ((value(PRER) & 0x7FFF) + 1); }

uint32_t Rtc::subsecond() const {
    const uint32_t first = value(PRER) & 0x7FFF;
    if (!is_under_way(second_)) return first;
    const int64_t left = cycles_left(second_);
    return left == 0 ? 0 : static_cast<uint32_t>(std::min<int64_t>((left - 1) / step_cycles(), first));
}

void Rtc::leave_init() {
    cancel(delays_[in_init]);
    value(ISR) &= ~(INIT | INITF);
    start(second_, restart_cycles + second_cycles());
    start(delays_[synchronised], restart_cycles);
}

void Rtc::on_second(Tick late) {
    start(second_, second_cycles(), scheduler_.now() - late);
    calendar_.next_second();
    for (unsigned alarm = 0; alarm < 2; ++alarm) compare(alarm, true);
}

// ---- alarms ----

// Without a mask of sub-seconds an alarm comes as the second does, else at the first count whose lowest MASKSS bits fit.
void Rtc::compare(unsigned alarm, bool at_second) {
    cancel(subseconds_[alarm]);
    if ((value(CR) >> alarm & ALRAE) == 0 || !calendar_.matches(value(ALRMAR + 4 * alarm))) return;
    const uint32_t wanted = value(ALRMASSR + 4 * alarm), bits = wanted >> 24 & 15;
    if (bits == 0) return at_second ? raise(ALRAF << alarm) : void();
    const uint32_t mask = (1u << bits) - 1, now = subsecond(), ahead = (now - wanted) & mask;
    if (ahead > now) return;                // none in this second
    if (ahead == 0 && at_second) return on_subsecond(alarm);
    const int64_t until_end = cycles_left(second_);
    start(subseconds_[alarm], std::max<int64_t>(until_end - static_cast<int64_t>(now - ahead + 1) * step_cycles(), 0));
}

void Rtc::on_subsecond(unsigned alarm) {
    raise(ALRAF << alarm);
    const uint32_t bits = value(ALRMASSR + 4 * alarm) >> 24 & 15, now = subsecond();
    if (now >= 1u << bits) start(subseconds_[alarm], step_cycles() << bits);
}

// ---- wake-up timer ----

// On the calendar's clock it counts seconds, the first of which ends with the calendar's.
int64_t Rtc::wakeup_cycles(bool is_first) const {
    const uint32_t selection = value(CR) & WUCKSEL;
    const int64_t counts = int64_t{value(WUTR)} + 1;
    if (selection < 4) return counts * (16 >> selection);
    const int64_t seconds = counts + (selection >= 6 ? 0x10000 : 0);
    return is_first ? cycles_left(second_) + (seconds - 1) * second_cycles() : seconds * second_cycles();
}

// ---- time stamp ----

void Rtc::on_stamp(bool level) {
    const uint32_t control = value(CR);
    if ((control & TSE) == 0 || level == ((control & TSEDGE) != 0)) return;
    if ((value(ISR) & TSF) != 0) return raise(TSOVF);
    value(TSTR) = calendar_.time;
    value(TSDR) = calendar_.date & 0xFF3F;
    value(TSSSR) = subsecond();
    raise(TSF);
}

}  // namespace tinysim::stm32
