#include "cpu/dwt.h"

#include "cpu/cpu.h"

namespace tinysim {
namespace {
constexpr uint32_t ctrl = 0x00, cyccnt = 0x04, counters_begin = 0x08, counters_end = 0x1C, pcsr = 0x1C,
                   comparators_begin = 0x20, comparators_end = 0xA0, identification = 0xFD0;
constexpr uint32_t four_comparators = 4u << 28, writable = 0x007F'1FFF;
constexpr uint32_t no_sample = 0xFFFF'FFFF;
}  // namespace

int64_t Dwt::clock(int32_t cycles_left) const {
    return counts_in_sleep_ ? cpu_.now_at(cycles_left) / cpu_.ticks_per_cycle : cpu_.active_cycles_at(cycles_left);
}

uint32_t Dwt::cycles(int32_t cycles_left) const {
    const bool counts = (running() & cyccntena) != 0;
    return cycle_offset_ + (counts ? static_cast<uint32_t>(clock(cycles_left)) : 0);
}

void Dwt::set_cycles(uint32_t value, int32_t cycles_left) {
    cycle_offset_ = 0;
    cycle_offset_ = value - cycles(cycles_left);
}

bool Dwt::read(uint32_t offset, int32_t cycles_left, uint32_t& value) const {
    value = 0;
    if (offset == ctrl) value = four_comparators | control_;
    else if (offset == cyccnt) value = cycles(cycles_left);
    else if (offset >= counters_begin && offset < counters_end) value = counters_[(offset - counters_begin) / 4];
    else if (offset == pcsr) value = is_traced_ && cpu_.op != nullptr ? cpu_.op->address() : no_sample;
    else if (offset >= comparators_begin && offset < comparators_end) value = comparators_[(offset - comparators_begin) / 4];
    else return offset >= identification;
    return true;
}

bool Dwt::write(uint32_t offset, uint32_t value, int32_t cycles_left) {
    if (offset == ctrl) {
        write_control(value & writable, cycles_left);
    } else if (offset == cyccnt) {
        set_cycles(value, cycles_left);
    } else if (offset >= counters_begin && offset < counters_end) {
        counters_[(offset - counters_begin) / 4] = static_cast<uint8_t>(value);
    } else {
        if (offset >= comparators_begin && offset < comparators_end) comparators_[(offset - comparators_begin) / 4] = value;
        return false;
    }
    return true;
}

// CYCCNT goes on from where it is; a profiling counter begins at 0.
void Dwt::write_control(uint32_t value, int32_t cycles_left) {
    constexpr uint32_t enables[] = {cpievtena, excevtena, sleepevtena, lsuevtena, foldevtena};
    const uint32_t now = cycles(cycles_left), turned_on = value & ~control_;
    control_ = value;
    set_cycles(now, cycles_left);
    for (unsigned i = 0; i < counters_.size(); ++i)
        if ((turned_on & enables[i]) != 0) counters_[i] = 0;
    cpu_.exceptions.changed = true;                         // ends the slice: the core counts from the next instruction on
}

void Dwt::set_trace(bool is_traced, int32_t cycles_left) {
    const uint32_t now = cycles(cycles_left);
    is_traced_ = is_traced;
    set_cycles(now, cycles_left);
    cpu_.exceptions.changed = true;
}

void Dwt::before_clock_change() { kept_cycles_ = cycles(0); }
void Dwt::after_clock_change() { set_cycles(kept_cycles_, 0); }

}  // namespace tinysim
