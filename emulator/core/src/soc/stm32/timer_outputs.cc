// The output stage: polarity, enable, dead time and break (RM0090 17.3.11 to 17.3.13), and the trigger outputs.
#include <algorithm>

#include "soc/stm32/timer.h"

namespace tinysim::stm32 {

using namespace tim;

namespace {
enum Enable : uint32_t { enable = 1, inverted = 2, enable_complement = 4, complement_inverted = 8 };      // a channel's part of CCER
constexpr uint32_t all_enables = 0x00555555;
constexpr uint32_t first_reference = 4, references = 6;      // MMS, MMS2: OC1REF and on
}  // namespace

// Is there a pin of the channel that shows its reference?
bool Timer::drives(unsigned channel) const {
    if (shape_.has_break() && (value(BDTR) & moe) == 0) return false;
    const uint32_t bits = enables_ >> 4 * channel;
    return ((bits & enable) != 0 && channels_[channel].pin.has_sinks()) ||
           ((bits & enable_complement) != 0 && channels_[channel].complement.has_sinks());
}

Tick Timer::dead_ticks() const {
    const Tick unit = timer_ticks() << (value(CR1) >> 8 & 3);
    const int64_t time = value(BDTR) & dtg;
    if ((time & 0x80) == 0) return unit * time;
    if ((time & 0x40) == 0) return unit * 2 * (64 + (time & 63));
    return unit * ((time & 0x20) == 0 ? 8 : 16) * (32 + (time & 31));
}

void Timer::drive() {
    for (unsigned i = 0; i < shape_.channels; ++i) {
        TimerChannel& it = channels_[i];
        const bool carried = carried_level(i);
        const bool complementary = i < shape_.complements && (enables_ >> 4 * i & enable) != 0 &&
                                   (enables_ >> 4 * i & enable_complement) != 0;
        if (carried != it.carried && complementary && drives(i) && (value(BDTR) & dtg) != 0)
            it.dead_until = at_ + dead_ticks();
        else if (!complementary) it.dead_until = never;
        it.carried = carried;
        set_pins(i);
    }
    arm_dead_end();
    set_trgo();
}

// RM0090 17.4.9, table of the outputs with break; an output that is not driven is low.
void Timer::set_pins(unsigned channel) {
    TimerChannel& it = channels_[channel];
    const uint32_t bits = enables_ >> 4 * channel, polarity = value(CCER) >> 4 * channel, bdtr = shape_.has_break() ? value(BDTR) : moe;
    const bool low = (polarity & inverted) != 0, low_complement = (polarity & complement_inverted) != 0;
    const bool has_complement = channel < shape_.complements, first = is_output(channel) && (bits & enable) != 0;
    const bool second = has_complement && (bits & enable_complement) != 0, dead = it.dead_until != never;
    bool pin = false, complement = false;
    if ((bdtr & moe) != 0) {
        const bool kept = (bdtr & ossr) != 0;
        pin = first ? (it.carried && !dead) != low : second && kept && low;
        complement = second ? ((first ? !it.carried : it.carried) && !dead) != low_complement
                            : has_complement && first && kept && low_complement;
    } else if ((bdtr & ossi) != 0 && (first || second)) {
        const uint32_t idle = value(CR2) >> (8 + 2 * channel);
        pin = (idle & 1) != 0;
        complement = has_complement && (idle & 2) != 0;
    }
    it.pin.set(pin);
    it.complement.set(complement);
}

void Timer::arm_dead_end() {
    Tick next = never;
    for (const TimerChannel& each : channels_) next = std::min(next, each.dead_until);
    if (next == never) scheduler_.cancel(dead_event_);
    else scheduler_.at(dead_event_, next);
}

void Timer::on_dead_end(Tick late) {
    const Tick at = scheduler_.now() - late;
    for (unsigned i = 0; i < shape_.complements; ++i) {
        if (channels_[i].dead_until > at) continue;
        channels_[i].dead_until = never;
        set_pins(i);
    }
    arm_dead_end();
}

// With CCPC the modes and enables that software has prepared act from here on.
void Timer::commutate() {
    modes_[0] = value(CCMR1);
    if (shape_.channels > 2) modes_[1] = value(CCMR2);
    enables_ = value(CCER) & all_enables;
}

void Timer::commutation() {
    if ((value(CR2) & ccpc) != 0) commutate();
    raise(comf);
    update_irqs();
    request(comf << 8, dma_commutation_);
    drive();
}

// The L4 joins the pin and the DFSDM by OR2; BKP is the polarity of both.
bool Timer::break_is_active() const {
    const bool pin = (inputs_ >> break_input & 1) != 0, polarity = (value(BDTR) & bkp) != 0;
    if ((value(BDTR) & bke) == 0) return false;
    if (!shape_.extended) return break_wired_ && pin == polarity;
    const uint32_t sources = value(OR2);
    const bool hears_pin = break_wired_ && (sources & bkine) != 0, hears_dfsdm = (sources & bkdfbke) != 0;
    const bool level = (hears_pin && pin != ((sources & bkinp) != 0)) || (hears_dfsdm && (inputs_ >> dfsdm_input & 1) != 0);
    return (hears_pin || hears_dfsdm) && level == polarity;
}

void Timer::on_break() {
    value(BDTR) &= ~moe;
    raise(bf);
    for (TimerChannel& each : channels_) each.dead_until = never;
    update_irqs();
    drive();
}

bool Timer::follows_reference(const Line& line, uint32_t selection, unsigned channel) const {
    return line.has_sinks() && selection == first_reference + channel;
}

void Timer::set_trgo() {
    set_trgo(trgo_, trgo_selection());
    if (shape_.compares() == most_channels) set_trgo(trgo2_, trgo2_selection());
}

void Timer::set_trgo(Line& line, uint32_t selection) {
    if (selection == 1) line.set(is_enabled());
    else if (selection >= first_reference && selection < first_reference + references)
        line.set(carried_level(selection - first_reference));
    else line.set(false);
}

void Timer::pulse_trgo(uint32_t selection) {
    if (trgo_selection() == selection) trgo_.pulse();
    if (shape_.compares() == most_channels && trgo2_selection() == selection) trgo2_.pulse();
}

}  // namespace tinysim::stm32
