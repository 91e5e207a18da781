// Inputs that OR connects to a clock of the chip instead of a pin: so firmware measures LSI or LSE. RM0090 18.4.21 (TIM5),
// RM0351 32.6.17 and 32.6.18 (TIM15, TIM16). Assumed: it runs, and has since power-on.
#include "soc/stm32/timer.h"

namespace tinysim::stm32 {

using namespace tim;

namespace {
constexpr int64_t slow_hz = 32'768;         // without a clock tree
}  // namespace

Tick Timer::signal_ticks() const {
    if (remap_.channel == 0 || !is_clocked()) return 0;
    const Remap::Source source = remap_.source(value(OR1));
    if (source == Remap::lsi) return clock_ticks(Clock::lsi, slow_hz) / 2;
    return source == Remap::lse ? clock_ticks(Clock::lse, slow_hz) / 2 : 0;
}

void Timer::follow_signal() {
    const Tick half = signal_ticks();
    if (half == 0) return scheduler_.cancel(signal_event_);
    if (!signal_event_.is_scheduled()) scheduler_.at(signal_event_, (scheduler_.now() / half + 1) * half);
}

void Timer::on_signal(Tick late) {
    const Tick at = scheduler_.now() - late, half = signal_ticks();
    if (half == 0) return;
    scheduler_.at(signal_event_, at + half);
    catch_up(at);
    count_.move_to(at_);
    on_ti(remap_.channel - 1, (at / half & 1) == 0);
    arm();
}

}  // namespace tinysim::stm32
