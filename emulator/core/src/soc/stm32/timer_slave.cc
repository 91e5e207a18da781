// The slave mode controller: TRGI and what it does, external clocks, encoder. RM0090 18.3.3, 18.3.12, 18.3.14.
#include <bit>

#include "soc/stm32/timer.h"

namespace tinysim::stm32 {

using namespace tim;

namespace {
enum Source : unsigned { ti1_edges = 4, filtered_ti1 = 5, filtered_ti2 = 6, external = 7 };      // TS; below: ITR0 to ITR3
constexpr unsigned by_trigger = 3;                                                             // CCxS
}  // namespace

tim::SlaveMode Timer::slave_mode() const {
    if (shape_.channels < 2) return SlaveMode::disabled;
    const uint32_t smcr = value(SMCR);
    return static_cast<SlaveMode>((smcr & 7) | ((smcr & sms_3) != 0 ? 8 : 0));
}

bool Timer::is_encoder() const {
    const SlaveMode mode = slave_mode();
    return mode >= SlaveMode::encoder_1 && mode <= SlaveMode::encoder_3;
}

bool Timer::counts_pulses() const {
    if (shape_.channels < 2) return false;
    return slave_mode() == SlaveMode::external_clock || is_encoder() || (value(SMCR) & ece) != 0;
}

void Timer::on_internal_trigger(unsigned number, bool level) {
    if (shape_.channels >= 2 && trigger_source() == number) on_trigger(level);
}

// TI1F_ED is a pulse at each edge of TI1; TI1FP1 and TI2FP2 have the polarity of their channels.
void Timer::on_ti_trigger(unsigned index, bool rising) {
    if (shape_.channels < 2) return;
    const unsigned source = trigger_source();
    if (source == ti1_edges && index == 0) return pulse_trigger();
    if (source != filtered_ti1 + index) return;
    if (takes_edge(index, true) && takes_edge(index, false)) pulse_trigger();
    else on_trigger(takes_edge(index, rising));
}

bool Timer::trigger_level() const {
    const unsigned source = trigger_source();
    if (source < trigger_inputs) return (inputs_ >> source & 1) != 0;
    if (source == external) return (inputs_ >> etr_input & 1) != ((value(SMCR) & etp) != 0 ? 1u : 0u);
    return source != ti1_edges && takes_edge(source - filtered_ti1, ti_level(source - filtered_ti1));
}

void Timer::pulse_trigger() {
    on_trigger(true);
    on_trigger(false);
}

void Timer::on_etr(bool level) {
    if (shape_.channels < 2) return;
    const bool active = level != ((value(SMCR) & etp) != 0);
    const unsigned every = 1u << (value(SMCR) >> 12 & 3);
    const bool is_edge = active && ++etr_edges_ >= every;
    if (is_edge) etr_edges_ = 0;
    if (is_edge && (value(SMCR) & ece) != 0) count_pulse();
    if (trigger_source() != external) return;
    if (every == 1) on_trigger(active);
    else if (is_edge) pulse_trigger();
}

void Timer::on_trigger(bool level) {
    const bool rises = level && !trigger_, changes = level != trigger_;
    trigger_ = level;
    const SlaveMode mode = slave_mode();
    if (rises)
        for (unsigned i = 0; i < shape_.channels; ++i) on_channel_edge(i, by_trigger, true);
    if (rises && shape_.has_break() && (value(CR2) & (ccpc | ccus)) == (ccpc | ccus)) commutation();
    const bool is_slave = mode != SlaveMode::disabled && !is_encoder();
    if (!is_slave || !(rises || (mode == SlaveMode::gated && changes))) return;
    raise(tf);
    update_irqs();
    if (mode == SlaveMode::reset || mode == SlaveMode::reset_trigger) {
        update(Cause::trigger);
        on_arrival(false);
    }
    if (mode == SlaveMode::trigger || mode == SlaveMode::reset_trigger) value(CR1) |= cen;
    if (mode == SlaveMode::external_clock) count_pulse();
    else restart(at_);
    if (rises) request(tf << 8, dma_trigger_);
    set_trgo();
}

void Timer::count_pulse() {
    if (is_enabled() && count_.reload != 0 && count_.takes_pulse(int64_t{prescaler_} + 1)) count_one();
}

// RM0351 31.3.18: mode 1 counts the edges of TI1, mode 2 those of TI2, mode 3 both; the other's level tells the direction.
// (RM0090 names modes 1 and 2 the other way round, its HAL does not.)
void Timer::count_encoder(unsigned index, bool rising) {
    const auto mode = static_cast<unsigned>(slave_mode());
    if ((mode >> index & 1) == 0) return;
    const auto inverts = [this](unsigned channel) { return (value(CCER) >> 4 * channel & 2) != 0; };
    const bool edge = rising != inverts(index), other = ti_level(1 - index) != inverts(1 - index);
    count_.down = (edge == other) == (index == 0);
    value(CR1) = count_.down ? value(CR1) | dir : value(CR1) & ~dir;
    count_pulse();
}

}  // namespace tinysim::stm32
