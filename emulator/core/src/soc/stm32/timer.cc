#include "soc/stm32/timer.h"

namespace tinysim::stm32 {

using namespace tim;

namespace {
constexpr int count_priority = 20;
constexpr uint32_t clear_bits = 0x8080, software_com = 1u << 5, uif_copy = 1u << 31, idle_levels = 0x7F00, inverted = 0xAAAA;
constexpr uint32_t output_bits = 0x0101F8F8, two_edge_trgo = 10, group_5 = 7u << 29;

struct NamedLine {
    std::string_view name;
    Line* line;
};
}  // namespace

void TimerChannel::state(Archive& archive) { archive(compare, reference, carried, edges, dead_until, pin, complement, moment, dma); }

Timer::Timer(const Construction& construction)
    : Peripheral(construction, tim::Shape(construction).table(), Bridge::apb), shape_(construction), remap_(construction),
      event_(name_ + ".count", count_priority, [this](Tick late) { on_event(late); }),
      dead_event_(name_ + ".dead time", count_priority, [this](Tick late) { on_dead_end(late); }),
      signal_event_(name_ + ".input clock", count_priority, [this](Tick late) { on_signal(late); }) {
    Timer::reset();
}

void Timer::reset() {
    Peripheral::reset();
    scheduler_.cancel(event_);
    scheduler_.cancel(signal_event_);
    repeats_ = false;
    value(ARR) &= shape_.limit;
    count_.limit = shape_.limit;
    count_.reset(shape_.limit, scheduler_.now());
    prescaler_ = repetition_ = enables_ = burst_enable_ = modes_[0] = modes_[1] = 0;
    at_ = scheduler_.now();
    trigger_ = false;
    etr_edges_ = lock_ = burst_index_ = 0;
    for (TimerChannel& each : channels_) {
        each.compare = each.edges = 0;
        each.reference = each.carried = false;
        each.dead_until = never;
    }
    update_irqs();
    drive();
}

Line* Timer::output(std::string_view name) {
    if (name.starts_with("Ch") || name.starts_with("Cc") || name.starts_with("DmaCc")) {
        const bool is_dma = name[0] == 'D', is_complement = name.ends_with('N');
        const size_t digit = is_dma ? 5 : 2;
        if (name.size() != digit + 1 + (is_complement ? 1 : 0)) return nullptr;
        const auto channel = static_cast<unsigned>(name[digit] - '1');
        if (channel >= (is_complement ? shape_.complements : shape_.channels)) return nullptr;
        TimerChannel& it = channels_[channel];
        return is_dma ? &it.dma : name[1] == 'c' ? &it.moment : is_complement ? &it.complement : &it.pin;
    }
    const NamedLine lines[] = {
        {"Trgo", &trgo_}, {"Trgo2", &trgo2_}, {"DmaUpdate", &dma_update_}, {"DmaTrigger", &dma_trigger_},
        {"DmaCommutation", &dma_commutation_}, {"BreakInterrupt", &break_irq_}, {"UpdateInterrupt", &update_irq_},
        {"TriggerInterrupt", &trigger_irq_}, {"CommutationInterrupt", &commutation_irq_}, {"CaptureCompareInterrupt", &compare_irq_},
    };
    for (const NamedLine& each : lines)
        if (each.name == name) return each.line;
    return Peripheral::output(name);
}

void Timer::on_clock_changed() {
    catch_up(scheduler_.now());
    count_.move_to(at_);
    restart(at_);
    follow_signal();
}

uint32_t Timer::read_register(uint32_t offset) {
    const Tick now = scheduler_.moment();
    if (event_.is_scheduled() && event_.due() <= now) catch_up(now);
    if (offset == CNT) {
        const bool copies = (value(CR1) & uif_remap) != 0 && (value(SR) & uf) != 0;
        return count_.value_at(now) | (copies ? uif_copy : 0);
    }
    if (offset == CR1 && count_.centre) {
        count_.move_to(now);
        return count_.down ? value(CR1) | dir : value(CR1) & ~dir;
    }
    if (offset == DMAR) return access_burst(false, 0);
    if (offset >= CCR1 && offset <= CCR4) {
        const unsigned channel = (offset - CCR1) / 4;
        if (!is_output(channel)) return read_capture(channel);
    }
    return value(offset);
}

void Timer::write_register(uint32_t offset, uint32_t written) {
    catch_up(scheduler_.moment());
    count_.move_to(at_);
    switch (offset) {
    case SR: value(SR) &= written; break;
    case EGR: write_events(written); break;
    case DMAR: access_burst(true, written); return;
    case CNT: case PSC: case ARR: write_count(offset, written); break;
    case CCMR1: case CCMR2: case CCMR3: case CCER: write_modes(offset, written); break;
    case BDTR: write_bdtr(written); break;
    case OR1: store(offset, written), follow_signal(); break;
    case OR2: store(offset, written), break_is_active() ? on_break() : void(); break;
    case CCR5: case CCR6: write_compare(pin_channels + (offset - CCR5) / 4, written); break;
    default:
        if (offset >= CCR1 && offset <= CCR4) write_compare((offset - CCR1) / 4, written);
        else write_control(offset, written);
    }
    if (has_unmodelled(offset)) not_modelled();
    update_irqs();
    refresh();
    restart(at_);
}

// LOCK freezes more with each level until reset (RM0090 17.4.18).
uint32_t Timer::locked_bits(uint32_t offset) const {
    uint32_t frozen = 0;
    if (lock_ >= 1) frozen |= offset == BDTR ? dtg | lock | bke | bkp | aoe : offset == CR2 ? idle_levels : 0;
    if (lock_ >= 2) frozen |= offset == BDTR ? ossi | ossr : offset == CCER ? inverted : 0;
    if (lock_ >= 3 && (offset == CCMR1 || offset == CCMR2)) frozen |= output_bits;
    return frozen;
}

void Timer::write_control(uint32_t offset, uint32_t written) {
    const uint32_t frozen = locked_bits(offset) | (offset == CR1 && (count_.centre || is_encoder()) ? uint32_t{dir} : 0u);
    store(offset, (value(offset) & frozen) | (written & ~frozen));
    if (offset == SMCR) trigger_ = trigger_level();
    if (offset == CR1 && (value(CR1) & arpe) == 0) count_.reload = value(ARR);
    if (offset != CR1 && offset != SMCR) return;
    const bool was_centre = count_.centre;
    count_.centre = (value(CR1) & cms) != 0 && !is_encoder();
    if (!count_.centre) count_.down = (value(CR1) & dir) != 0;
    else if (!was_centre) count_.down = false;
}

void Timer::write_count(uint32_t offset, uint32_t written) {
    store(offset, written & shape_.limit);
    if (offset == CNT) count_.value = value(CNT);
    if (offset == ARR && (value(CR1) & arpe) == 0) count_.reload = value(ARR);
    if (offset == CNT) on_arrival(false);
}

void Timer::write_compare(unsigned channel, uint32_t written) {
    const uint32_t offset = compare_register(channel);
    if (!is_output(channel)) return;
    store(offset, channel < pin_channels ? written & shape_.limit : written);
    if (!has_preload(channel)) channels_[channel].compare = prepared(channel);
}

void Timer::write_modes(uint32_t offset, uint32_t written) {
    const uint32_t frozen = locked_bits(offset);
    store(offset, (value(offset) & frozen) | (written & ~frozen));
    if (!shape_.has_break() || (value(CR2) & ccpc) == 0) commutate();
    for (unsigned i = 0; i < shape_.compares(); ++i)
        if (is_output(i) && !has_preload(i)) channels_[i].compare = prepared(i);
}

void Timer::write_bdtr(uint32_t written) {
    const uint32_t frozen = locked_bits(BDTR);
    store(BDTR, (value(BDTR) & frozen) | (written & ~frozen));
    if (lock_ == 0) lock_ = static_cast<uint8_t>((value(BDTR) & lock) >> 8);
    if (break_is_active()) on_break();
}

void Timer::write_events(uint32_t written) {
    for (unsigned i = 0; i < shape_.channels; ++i) {
        if ((written & compare_flag(i)) == 0) continue;
        if (!is_output(i)) {
            capture(i);
            continue;
        }
        raise(compare_flag(i));
        tell_moment(i);
    }
    if ((written & software_com) != 0 && shape_.has_break()) commutation();
    if ((written & tf) != 0 && shape_.channels >= 2) {
        raise(tf);
        request(tf << 8, dma_trigger_);
    }
    if ((written & bf) != 0 && shape_.has_break()) on_break();
    if ((written & uf) == 0) return;
    update(Cause::software);
    on_arrival(false);
}

// What is beyond this model, in the register just written (timer.h).
bool Timer::has_unmodelled(uint32_t offset) const {
    const uint32_t now = value(offset);
    switch (offset) {
    case CCMR1: case CCMR2: case CCMR3: {
        const unsigned first = offset == CCMR1 ? 0 : offset == CCMR2 ? 2 : 4;
        const auto retriggers = [&](unsigned i) { return mode(i) == OutputMode::retrigger_1 || mode(i) == OutputMode::retrigger_2; };
        const auto clears = [&](unsigned i) { return is_output(i) && (now & clear_bits & 0xFFu << 8 * (i & 1)) != 0; };
        return retriggers(first) || retriggers(first + 1) || clears(first) || clears(first + 1);
    }
    case CR2: return shape_.compares() == most_channels && trgo2_selection() >= two_edge_trgo;
    case BDTR: return (now & bk2e) != 0;
    case CCR5: return shape_.compares() == most_channels && (now & group_5) != 0;
    case OR1: return (now & ~remap_.mask()) != 0 || remap_.source(now) > Remap::lse;
    default: return false;
    }
}

void Timer::state(Archive& archive) {
    Peripheral::state(archive);
    archive(count_, event_, dead_event_, signal_event_, channels_, trgo_, trgo2_, dma_update_);
    archive(dma_trigger_, dma_commutation_, break_irq_, update_irq_, trigger_irq_, commutation_irq_, compare_irq_);
    archive(at_, prescaler_, repetition_, modes_, enables_, inputs_, fed_);
    archive(etr_edges_, trigger_, break_wired_, lock_, burst_index_, burst_enable_, repeats_);
}

}  // namespace tinysim::stm32
