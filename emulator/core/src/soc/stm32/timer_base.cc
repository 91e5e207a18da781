// Counting: where the counter is, when the next moment comes that someone could notice, and updates.
#include <algorithm>

#include "soc/stm32/timer.h"

namespace tinysim::stm32 {

using namespace tim;

bool Timer::is_enabled() const {
    return (value(CR1) & cen) != 0 && (slave_mode() != SlaveMode::gated || trigger_);
}

void Timer::catch_up(Tick at) {
    while (event_.is_scheduled() && event_.due() <= at) {
        const Tick due = event_.due();
        scheduler_.cancel(event_);
        on_event(scheduler_.now() - due);
    }
    at_ = std::max(at, count_.origin());
}

void Timer::restart(Tick at) {
    const bool runs = is_enabled() && !counts_pulses() && count_.reload != 0;
    count_.run(at, runs ? timer_ticks() : 0, int64_t{prescaler_} + 1);
    arm();
}

void Timer::arm() {
    repeats_ = false;
    scheduler_.cancel(event_);
    if (!count_.runs()) return;
    const Tick due = count_.due(steps_to_event());
    if (due != never) scheduler_.at(event_, due);
}

int64_t Timer::steps_to_event() const {
    int64_t steps = update_matters() ? count_.steps_to_wrap() : TimerCount::no_steps;
    for (unsigned i = 0; i < shape_.compares(); ++i) steps = std::min(steps, steps_to_match(i));
    return steps;
}

bool Timer::update_matters() const {
    if ((value(CR1) & opm) != 0) return true;
    if ((value(CR1) & udis) != 0) return false;
    const bool loads = prescaler_ != value(PSC) || count_.reload != value(ARR) || repetition_ != 0 ||
                       (shape_.has_break() && (value(RCR) != 0 || (value(BDTR) & (aoe | moe)) == aoe));
    if (loads || (value(SR) & uf) == 0 || (value(DIER) & uf << 8) != 0 || (value(CR2) & ccds) != 0) return true;
    if (trgo_.has_sinks() && trgo_selection() == 2) return true;
    if (trgo2_.has_sinks() && trgo2_selection() == 2) return true;
    for (unsigned i = 0; i < shape_.compares(); ++i)
        if (is_output(i) && channels_[i].compare != prepared(i)) return true;
    return false;
}

void Timer::on_event(Tick late) {
    at_ = scheduler_.now() - late;
    if (repeats_) return repeat();
    count_.move_before(at_);
    const bool wraps = count_.steps_to_wrap() == 1;
    count_one();
    arm();
    repeats_ = wraps && repeats();
}

// Will the next event be the next update, and will that change nothing but make its requests? Then `repeat` is all that
// has to be done, until something else arms anew.
bool Timer::repeats() const {
    if (!event_.is_scheduled() || count_.centre || (value(CR1) & (opm | udis)) != 0 || (value(SR) & uf) == 0) return false;
    if (prescaler_ != value(PSC) || count_.reload != value(ARR) || repetition_ != 0 || dead_event_.is_scheduled()) return false;
    if (shape_.has_break() && (value(RCR) != 0 || (value(BDTR) & (aoe | moe)) == aoe)) return false;
    for (unsigned i = 0; i < shape_.compares(); ++i) {
        const bool is_kept = !is_output(i) || (channels_[i].compare == prepared(i) && mode(i) != OutputMode::toggle);
        if (!is_kept || steps_to_match(i) != TimerCount::no_steps) return false;
    }
    return true;
}

void Timer::repeat() {
    count_.begin_again(at_);
    request(uf << 8, dma_update_);
    for (unsigned i = 0; (value(CR2) & ccds) != 0 && i < shape_.channels; ++i) request(compare_request(i), channels_[i].dma);
    pulse_trgo(2);
    if (repeats_) scheduler_.at(event_, count_.due(count_.steps_to_wrap()));       // else a sink has armed anew
}

void Timer::count_one() {
    const bool wraps = count_.steps_to_wrap() == 1;
    count_.move(1);
    if (wraps && repetition_ != 0) --repetition_;
    else if (wraps) update(Cause::counter);
    on_arrival(wraps);
}

void Timer::load_preloads() {
    prescaler_ = value(PSC);
    count_.reload = value(ARR);
    if (shape_.has_break()) repetition_ = value(RCR);
    for (unsigned i = 0; i < shape_.compares(); ++i)
        if (is_output(i)) channels_[i].compare = prepared(i);
}

// Counting down ends at the new reload value at once; UG and a reset trigger bring the prescaler to 0 as well.
void Timer::update(Cause cause) {
    const bool is_event = (value(CR1) & udis) == 0;
    if (is_event) load_preloads();
    if (count_.down && !count_.centre) count_.value = count_.reload;
    else if (cause != Cause::counter) count_.value = 0, count_.down = false;
    if (cause != Cause::counter) count_.restart_prescaler(at_);
    else if ((value(CR1) & opm) != 0) value(CR1) &= ~cen;
    const bool is_told = is_event && (cause == Cause::counter || (value(CR1) & urs) == 0);
    if (is_told) raise(uf);
    if (is_event && shape_.has_break() && (value(BDTR) & aoe) != 0 && !break_is_active()) value(BDTR) |= moe;
    restart(at_);
    update_irqs();
    if (is_told) request(uf << 8, dma_update_);
    for (unsigned i = 0; is_event && (value(CR2) & ccds) != 0 && i < shape_.channels; ++i)
        request(compare_request(i), channels_[i].dma);
    if (is_event) pulse_trgo(2);
    if (cause != Cause::counter) pulse_trgo(0);
    set_trgo();
}

}  // namespace tinysim::stm32
