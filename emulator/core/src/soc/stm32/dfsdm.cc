#include "soc/stm32/dfsdm.h"

#include <bit>

#include "soc/stm32/numbered_output.h"

namespace tinysim::stm32 {

using namespace dfsdm;

namespace {
constexpr int conversion_priority = 50;
constexpr unsigned triggers = 32;

RegisterTable table_of(const Construction& construction) {
    return flag(construction, "pulseSkipper") ? RegisterTable(pulse_table) : RegisterTable(table);
}
}  // namespace

Dfsdm::Filter::Filter(Dfsdm& owner, unsigned number)
    : counts(owner.recorder_, owner.name_ + ".filter" + std::to_string(number)),
      event(owner.name_ + ".filter" + std::to_string(number), conversion_priority,
            [&owner, number](Tick late) { owner.on_converted(number, late); }) {}

Dfsdm::Dfsdm(const Construction& construction)
    : Peripheral(construction, table_of(construction), Bridge::apb),
      audio_selection_(static_cast<uint32_t>(construction.number("audioClockSelection", no_selection))),
      filters_{Filter{*this, 0}, Filter{*this, 1}, Filter{*this, 2}, Filter{*this, 3}},
      channels_{Channel{*this, 0}, Channel{*this, 1}, Channel{*this, 2}, Channel{*this, 3}, Channel{*this, 4}, Channel{*this, 5},
                Channel{*this, 6}, Channel{*this, 7}} {
    Dfsdm::reset();
}

void Dfsdm::reset() {
    Peripheral::reset();
    origin_ = period_ = 0;
    for (unsigned i = 0; i < filters; ++i) {
        restart(i);
        filters_[i].flags = 0;
        update_lines(i);
    }
    filters_[0].flags = CKABF;
    restart_channels();
    update_breaks();
}

Line* Dfsdm::output(std::string_view name) {
    if (Line* line = numbered_output(breaks_, name, "Break")) return line;
    constexpr std::string_view request = "DmaFilter";
    const bool is_request = name.starts_with(request);
    if (is_request) name.remove_prefix(request.size());
    if (name.size() != 1 || name[0] < '0' || name[0] >= '0' + static_cast<int>(filters)) return nullptr;
    Filter& filter = filters_[static_cast<size_t>(name[0] - '0')];
    return is_request ? &filter.request : &filter.irq;
}

std::optional<Line::Sink> Dfsdm::input(unsigned number) {
    if (number >= triggers) return std::nullopt;
    return [this, number](bool level) { on_trigger(number, level); };
}

uint32_t& Dfsdm::filter_word(unsigned filter, uint32_t offset) { return value(filters_at + filter * filter_step + offset); }

uint32_t Dfsdm::read_register(uint32_t offset) {
    if (offset < filters_at) return offset % channel_step == WDATR ? read_watchdog(offset / channel_step) : value(offset);
    return read_filter((offset - filters_at) / filter_step, offset % filter_step);
}

uint32_t Dfsdm::read_filter(unsigned number, uint32_t offset) {
    Filter& filter = filters_[number];
    const uint32_t word = filter_word(number, offset);
    switch (offset) {
    case ISR:
        return filter.flags | when(filter_word(number, AWSR) != 0, AWDF) | when(filter.asked_regular, RCIP) |
               when(filter.waiting_injected != 0, JCIP);
    case JDATAR:
        filter.flags &= ~JEOCF;
        break;
    case RDATAR:
        if ((filter.flags & REOCF) != 0) filter.counts.read();
        filter.flags &= ~REOCF;
        break;
    case EXMAX:
        filter_word(number, EXMAX) = no_maximum;
        break;
    case EXMIN:
        filter_word(number, EXMIN) = no_minimum;
        break;
    default: return word;
    }
    update_lines(number);
    return word;
}

void Dfsdm::write_register(uint32_t offset, uint32_t written) {
    if (offset < filters_at) return write_channel(offset / channel_step, offset % channel_step, written);
    write_filter((offset - filters_at) / filter_step, offset % filter_step, written);
}

void Dfsdm::write_channel(unsigned channel, uint32_t offset, uint32_t written) {
    const uint32_t before = configuration(channel);
    store(channel * channel_step + offset, written);
    if (offset == DATINR) return parallel_data(channel, written);
    if (offset == DLYR) return not_modelled();
    if (offset == AWSCDR) update_breaks();
    if (offset != CFGR1) return;
    const bool wire = (written & DATMPX) == 0;
    const bool odd_wire = wire && ((written & SITP) > 1 || (written & SPICKSEL) != clock_of_ckout);
    if ((!wire && (written & SCDEN) != 0) || (written & DATMPX) == 1u << 12 || (odd_wire && (written & CHEN) != 0)) not_modelled();
    if (channel == 0) {
        if ((written & DFSDMEN) == 0)
            for (unsigned i = 0; i < filters; ++i) restart(i);
        start_clock();
    }
    follow_channel(channel, before);
    follow_channels();
}

void Dfsdm::write_filter(unsigned number, uint32_t offset, uint32_t written) {
    switch (offset) {
    case CR1: return write_control(number, written);
    case CR2:
        filter_word(number, CR2) = written & 0x00FFFF7F;
        follow_channels();
        break;
    case ICR:
        filters_[number].flags &= ~(written & (JOVRF | ROVRF | SCDF | (CKABF & ~absent_clocks())));
        break;
    case AWCFR:
        filter_word(number, AWSR) &= ~written;
        break;
    default: store(filters_at + number * filter_step + offset, written);
    }
    update_lines(number);
    update_breaks();
}

// What is configured is latched with DFEN; RSWSTART and JSWSTART start a conversion and read 0. SYNC filters follow filter 0.
void Dfsdm::write_control(unsigned number, uint32_t written) {
    store(filters_at + number * filter_step, written);
    if ((written & DFEN) == 0) {
        restart(number);
        filters_[number].flags &= CKABF;
        filter_word(number, AWSR) = 0;
        follow_channels();
        update_breaks();
        return update_lines(number);
    }
    for (unsigned i = 0; i < channels; ++i)
        if (watches(number, i, true) && !hears_wire(i)) not_modelled();
    follow_channels();
    if ((written & RSWSTART) != 0)
        for (unsigned i = 0; i < filters; ++i)
            if (i == number || (number == 0 && has(i, RSYNC))) ask_regular(i);
    if ((written & JSWSTART) != 0)
        for (unsigned i = 0; i < filters; ++i)
            if (i == number || (number == 0 && has(i, JSYNC))) ask_injected(i);
    update_lines(number);
}

void Dfsdm::on_trigger(unsigned number, bool level) {
    triggers_ = (triggers_ & ~(1u << number)) | when(level, 1u << number);
    for (unsigned i = 0; i < filters; ++i) {
        const uint32_t control = filter_word(i, CR1), edges = control >> trigger_edge_at & 3;
        const bool wanted = (edges & (level ? 1 : 2)) != 0;
        if ((control & DFEN) != 0 && wanted && (control >> trigger_at & 31) == number) ask_injected(i);
    }
}

void Dfsdm::update_lines(unsigned number) {
    Filter& filter = filters_[number];
    const uint32_t enabled = filter_word(number, CR2);
    const bool watched = (enabled & AWDIE) != 0 && filter_word(number, AWSR) != 0;
    const bool shorted = (enabled & SCDIE) != 0 && (filter.flags & SCDF) != 0;
    const bool absent = (enabled & CKABIE) != 0 && (filter.flags & guarded_clocks()) != 0;
    filter.irq.set((filter.flags & enabled & (JEOCF | REOCF | JOVRF | ROVRF)) != 0 || watched || shorted || absent);
    filter.request.set((has(number, RDMAEN) && (filter.flags & REOCF) != 0) || (has(number, JDMAEN) && (filter.flags & JEOCF) != 0));
}

void Dfsdm::state(Archive& archive) {
    Peripheral::state(archive);
    archive(filters_, channels_, logs_, breaks_, origin_, period_, triggers_, warned_clock_, warned_order_, warned_lost_, warned_range_,
            warned_absence_);
}

}  // namespace tinysim::stm32
