// Inputs: which edges capture the counter (RM0090 18.3.5), and where else they go.
#include "soc/stm32/timer.h"

namespace tinysim::stm32 {

using namespace tim;

namespace {
enum Selection : unsigned { output = 0, direct = 1, indirect = 2, by_trigger = 3 };      // CCxS
constexpr uint32_t capture_enable = 1, falling = 2, both_edges = 10;                   // a channel's part of CCER
}  // namespace

std::optional<Line::Sink> Timer::input(unsigned number) {
    const bool is_pin = number >= first_ti && number < first_ti + shape_.channels;
    const bool is_break_pin = number == break_input && shape_.has_break();
    const bool is_break = is_break_pin || (number == dfsdm_input && shape_.has_break() && shape_.extended);
    if (number >= trigger_inputs && !is_pin && number != etr_input && !is_break) return std::nullopt;
    break_wired_ = break_wired_ || is_break_pin;
    return [this, number](bool level) { on_input(number, level); };
}

void Timer::on_input(unsigned number, bool level) {
    inputs_ = level ? inputs_ | 1u << number : inputs_ & ~(1u << number);
    if (!is_clocked()) return;
    catch_up(scheduler_.moment());
    count_.move_to(at_);
    if (number < trigger_inputs) on_internal_trigger(number, level);
    else if (number == etr_input) on_etr(level);
    else if (number >= break_input && break_is_active()) on_break();
    else if (number < etr_input && !is_remapped(number - first_ti)) {
        const uint32_t pins = inputs_ >> first_ti;
        const bool exclusive = shape_.channels >= 3 && (value(CR2) & ti1s) != 0;
        const bool first = exclusive ? ((pins ^ pins >> 1 ^ pins >> 2) & 1) != 0 : (pins & 1) != 0;
        if (first != ti_level(0)) on_ti(0, first);
        const unsigned index = number - first_ti;
        if (index != 0) on_ti(index, level);
    }
    arm();
}

void Timer::on_ti(unsigned index, bool level) {
    fed_ = static_cast<uint8_t>(level ? fed_ | 1u << index : fed_ & ~(1u << index));
    on_channel_edge(index, direct, level);
    if ((index ^ 1) < shape_.channels) on_channel_edge(index ^ 1, indirect, level);
    if (index >= 2) return;
    if (is_encoder()) count_encoder(index, level);
    else on_ti_trigger(index, level);
}

bool Timer::takes_edge(unsigned channel, bool rising) const {
    const uint32_t polarity = value(CCER) >> 4 * channel & both_edges;
    return polarity == both_edges || rising == (polarity == 0);
}

void Timer::on_channel_edge(unsigned channel, unsigned source, bool rising) {
    if (selection(channel) != source || (value(CCER) >> 4 * channel & capture_enable) == 0) return;
    if (source != by_trigger && !takes_edge(channel, rising)) return;
    const uint32_t every = 1u << (value(mode_register(channel)) >> (8 * (channel & 1) + 2) & 3);
    if (++channels_[channel].edges < every) return;
    channels_[channel].edges = 0;
    capture(channel);
}

void Timer::capture(unsigned channel) {
    value(compare_register(channel)) = count_.value;
    raise((value(SR) & compare_flag(channel)) != 0 ? overcapture_flag(channel) : 0);
    raise(compare_flag(channel));
    update_irqs();
    request(compare_request(channel), channels_[channel].dma);
    channels_[channel].moment.pulse();
    if (channel == 0) pulse_trgo(3);
}

// Reading what was captured clears its flag.
uint32_t Timer::read_capture(unsigned channel) {
    if ((value(SR) & compare_flag(channel)) != 0) {
        value(SR) &= ~compare_flag(channel);
        update_irqs();
    }
    return value(compare_register(channel));
}

}  // namespace tinysim::stm32
