#include "soc/stm32/timer_count.h"

#include <algorithm>

namespace tinysim::stm32 {

void TimerCount::move(int64_t steps) {
    if (steps <= 0) return;
    if (centre) return move_centre(steps);
    const int64_t period = int64_t{reload} + 1;
    if (down) {
        const int64_t beyond = steps - int64_t{value} - 1;
        value = static_cast<uint32_t>(beyond < 0 ? value - steps : reload - beyond % period);
    } else {
        const int64_t beyond = steps - steps_to_wrap();
        value = static_cast<uint32_t>(beyond < 0 ? value + steps : beyond % period);
    }
}

void TimerCount::move_centre(int64_t steps) {
    if (down || value >= reload) {
        down = steps < value;
        if (down) return void(value -= static_cast<uint32_t>(steps));
        steps -= value;
        value = 0;
    }
    const int64_t period = 2 * int64_t{reload}, phase = (value + steps) % period;
    down = phase >= reload;
    value = static_cast<uint32_t>(down ? period - phase : phase);
}

int64_t TimerCount::steps_to_wrap() const {
    if (centre && value == 0) return reload;
    if (centre) return down || value >= reload ? int64_t{value} : int64_t{reload} - value;
    if (down) return int64_t{value} + 1;
    return int64_t{value <= reload ? reload : limit} - value + 1;
}

int64_t TimerCount::steps_to(uint32_t target, Ways ways) const {
    if (centre) return steps_to_centre(target, ways);
    const int64_t wrap = steps_to_wrap(), ahead = down ? int64_t{value} - target : int64_t{target} - value;
    if (ahead > 0 && ahead < wrap) return ahead;
    if (target > reload) return wrap;
    return wrap + (down ? reload - target : target);
}

int64_t TimerCount::steps_to_centre(uint32_t target, Ways ways) const {
    const int64_t top = reload, period = 2 * top, up_phase = std::min<int64_t>(target, top), down_phase = period - up_phase;
    if (up_phase == 0 || up_phase == top) ways = both;
    const bool falls = value != 0 && (down || value >= reload);
    const auto steps = [&](int64_t phase) {
        if (int64_t{value} > top) return target < value && (phase > top || up_phase == top) ? value - target : value + up_phase;
        const int64_t ahead = (phase - (falls ? period - value : value)) % period;
        return ahead > 0 ? ahead : ahead + period;
    };
    const int64_t up = (ways & upwards) != 0 ? steps(up_phase) : no_steps;
    const int64_t down_again = (ways & downwards) != 0 ? steps(down_phase) : no_steps;
    return std::min(up, down_again);
}

bool TimerCount::has_arrived(uint32_t target, bool by_wrap) const {
    if (value == target) return true;
    return by_wrap && target > reload && (!centre || value == reload);
}

uint32_t ClockedCount::value_at(Tick at) const {
    if (!runs() || at < origin_at_ + count_ticks_) return value;
    TimerCount moved = *this;
    moved.move((at - origin_at_) / count_ticks_);
    return moved.value;
}

void ClockedCount::move_to(Tick at) {
    if (!runs() || at <= origin_at_) return;
    const int64_t steps = (at - origin_at_) / count_ticks_;
    move(steps);
    origin_at_ += steps * count_ticks_;
}

void ClockedCount::run(Tick at, Tick clock_ticks, int64_t divider) {
    if (clock_ticks != clock_ticks_) {
        if (clock_ticks_ != 0) prescaler_count_ = std::max<Tick>(at - origin_at_, 0) / clock_ticks_;
        origin_at_ = at - prescaler_count_ * clock_ticks;
        clock_ticks_ = clock_ticks;
    }
    count_ticks_ = clock_ticks * divider;
}

void ClockedCount::restart_prescaler(Tick at) {
    origin_at_ = at;
    prescaler_count_ = 0;
}

Tick ClockedCount::due(int64_t steps) const {
    return runs() && steps < (never - origin_at_) / count_ticks_ ? origin_at_ + steps * count_ticks_ : never;
}

void ClockedCount::move_before(Tick at) {
    move((at - origin_at_) / count_ticks_ - 1);
    origin_at_ = at;
}

bool ClockedCount::takes_pulse(int64_t divider) {
    if (++prescaler_count_ < divider) return false;
    prescaler_count_ = 0;
    return true;
}

void ClockedCount::reset(uint32_t reload_value, Tick at) {
    value = 0;
    reload = reload_value;
    down = centre = false;
    clock_ticks_ = count_ticks_ = 0;
    restart_prescaler(at);
}

void ClockedCount::state(Archive& archive) {
    archive(reload, value, down, centre, origin_at_, clock_ticks_, count_ticks_, prescaler_count_);
}

}  // namespace tinysim::stm32
