// Output compare: when the counter meets a compare value, and what OCxREF becomes.
#include <algorithm>

#include "soc/stm32/timer.h"

namespace tinysim::stm32 {

using namespace tim;

namespace {
// A channel's byte of CCMR: CCxS in bits 1:0, OCxPE in 3, OCxM in 6:4, in CCMR3 too.
unsigned shift_of(unsigned channel) { return 8 * (channel & 1); }
constexpr uint32_t selection_bits = 3, preload_bit = 1u << 3, mode_3 = 1u << 16;
}  // namespace

unsigned Timer::selection(unsigned channel) const {
    return channel < pin_channels ? value(mode_register(channel)) >> shift_of(channel) & selection_bits : 0;
}

bool Timer::is_output(unsigned channel) const { return selection(channel) == 0; }

bool Timer::has_preload(unsigned channel) const {
    return (value(mode_register(channel)) >> shift_of(channel) & preload_bit) != 0;
}

tim::OutputMode Timer::mode(unsigned channel) const {
    const uint32_t modes = channel < pin_channels ? modes_[channel / 2] : value(CCMR3);
    const uint32_t low = modes >> (shift_of(channel) + 4) & 7, high = modes >> shift_of(channel) & mode_3;
    return static_cast<OutputMode>(low | (high != 0 ? 8 : 0));
}

// Centre-aligned mode 1 flags matches on the way down, mode 2 on the way up, mode 3 both.
TimerCount::Ways Timer::flag_ways() const {
    const uint32_t alignment = (value(CR1) & cms) >> 5;
    return alignment == 1 ? TimerCount::downwards : alignment == 2 ? TimerCount::upwards : TimerCount::both;
}

// Could an edge of OCxREF be noticed?
bool Timer::is_seen(unsigned channel) const {
    if (channel < shape_.channels && drives(channel)) return true;
    if (follows_reference(trgo_, trgo_selection(), channel) || follows_reference(trgo2_, trgo2_selection(), channel)) return true;
    const unsigned neighbour = channel ^ 1;
    return neighbour < shape_.channels && mode(neighbour) >= OutputMode::combined_1 && drives(neighbour);
}

// Could the moment of the match itself be noticed, beyond its flag?
bool Timer::tells_moment(unsigned channel) const {
    if (channel >= shape_.channels) return false;
    const TimerChannel& it = channels_[channel];
    if ((value(DIER) & compare_request(channel)) != 0 && (value(CR2) & ccds) == 0) return true;
    if (it.moment.has_sinks() && (enables_ >> 4 * channel & 1) != 0) return true;
    return channel == 0 && ((trgo_.has_sinks() && trgo_selection() == 3) || (trgo2_.has_sinks() && trgo2_selection() == 3));
}

int64_t Timer::steps_to_match(unsigned channel) const {
    if (!is_output(channel)) return TimerCount::no_steps;
    const uint32_t compare = channels_[channel].compare;
    const OutputMode how = mode(channel);
    if (how >= OutputMode::pwm_1 && is_seen(channel))
        return std::min(count_.steps_to(compare, TimerCount::both), count_.steps_to_wrap());
    const bool is_kept = how >= OutputMode::active && how <= OutputMode::toggle;      // OCxREF remembers matches
    const TimerChannel& it = channels_[channel];
    if (is_kept && (it.pin.has_sinks() || it.complement.has_sinks() || trgo_.has_sinks() || trgo2_.has_sinks()))
        return count_.steps_to(compare, TimerCount::both);
    if ((value(SR) & compare_flag(channel)) == 0 || tells_moment(channel)) return count_.steps_to(compare, flag_ways());
    return TimerCount::no_steps;
}

void Timer::on_arrival(bool by_wrap) {
    uint32_t matched = 0;
    for (unsigned i = 0; i < shape_.compares(); ++i)
        if (is_output(i) && count_.has_arrived(channels_[i].compare, by_wrap)) matched |= 1u << i;
    for (unsigned i = 0; i < shape_.compares(); ++i)
        if ((matched >> i & 1) != 0) match(i);
    const auto way = count_.is_turning() ? TimerCount::both : count_.down ? TimerCount::downwards : TimerCount::upwards;
    if (count_.centre && (flag_ways() & way) == 0) matched = 0;
    for (unsigned i = 0; i < shape_.compares(); ++i)
        if ((matched >> i & 1) != 0) raise(compare_flag(i));
    update_irqs();
    refresh();
    for (unsigned i = 0; i < shape_.channels; ++i)
        if ((matched >> i & 1) != 0 && tells_moment(i)) tell_moment(i);
}

void Timer::tell_moment(unsigned channel) {
    TimerChannel& it = channels_[channel];
    if ((value(CR2) & ccds) == 0) request(compare_request(channel), it.dma);
    if ((enables_ >> 4 * channel & 1) != 0) it.moment.pulse();
    if (channel == 0) pulse_trgo(3);
}

void Timer::match(unsigned channel) {
    bool& reference = channels_[channel].reference;
    switch (mode(channel)) {
    case OutputMode::active: reference = true; break;
    case OutputMode::inactive: reference = false; break;
    case OutputMode::toggle: reference = !reference; break;
    default: break;
    }
}

bool Timer::pwm_level(unsigned channel) const {
    const uint32_t compare = channels_[channel].compare;
    return count_.down ? count_.value <= compare : count_.value < compare;
}

void Timer::refresh() {
    for (unsigned i = 0; i < shape_.compares(); ++i) {
        if (!is_output(i)) continue;
        bool& reference = channels_[i].reference;
        switch (mode(i)) {
        case OutputMode::force_inactive: reference = false; break;
        case OutputMode::force_active: reference = true; break;
        case OutputMode::pwm_1:
        case OutputMode::combined_1:
        case OutputMode::asymmetric_1: reference = pwm_level(i); break;
        case OutputMode::pwm_2:
        case OutputMode::combined_2:
        case OutputMode::asymmetric_2: reference = !pwm_level(i); break;
        default: break;
        }
    }
    drive();
}

// RM0351 30.3.13 and 30.3.12: with its neighbour's, ORed, ANDed, or by turns of direction.
bool Timer::carried_level(unsigned channel) const {
    const bool own = channels_[channel].reference;
    const OutputMode how = mode(channel);
    if (how < OutputMode::combined_1) return own;
    const bool other = channels_[channel ^ 1].reference;
    if (how == OutputMode::combined_1) return own || other;
    if (how == OutputMode::combined_2) return own && other;
    return count_.down ? other : own;
}

}  // namespace tinysim::stm32
