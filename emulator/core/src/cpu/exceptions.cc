#include "cpu/exceptions.h"

#include <algorithm>
#include <bit>

namespace tinysim {
namespace {
constexpr unsigned words = max_exceptions / 64;
}

unsigned Exceptions::Set::size() const {
    unsigned members = 0;
    for (uint64_t word : words_) members += static_cast<unsigned>(std::popcount(word));
    return members;
}

Exceptions::Exceptions(unsigned irq_count, unsigned priority_bits)
    : count_(std::min(16 + irq_count, max_exceptions)), priority_mask_(static_cast<uint8_t>(0xFF << (8 - priority_bits))) {
    reset();
}

void Exceptions::reset() {
    pending_.clear();
    active_.clear();
    enabled_.clear();
    priority_.fill(0);
    priority_[reset_exception] = -3;
    priority_[nmi] = -2;
    priority_[hard_fault] = -1;
    for (unsigned always : {reset_exception, nmi, hard_fault, sv_call, debug_monitor, pend_sv, sys_tick})
        enabled_.put(always, true);
    primask = faultmask = basepri = priority_group = 0;
    for (unsigned i = first_irq; i < count_; ++i)
        if (high_.has(i)) note_pending(i);
    changed = true;
}

void Exceptions::note_pending(unsigned number) {
    newly_pending = newly_pending || !pending_.has(number);
    pending_.put(number, true);
    changed = true;
}

void Exceptions::set_pending(unsigned number) {
    if (number < count_) note_pending(number);
}

void Exceptions::clear_pending(unsigned number) {
    if (number >= count_) return;
    const bool pends_again = high_.has(number) && !active_.has(number);
    if (!pending_.has(number) || pends_again) return;
    pending_.put(number, false);
    changed = true;
}

void Exceptions::set_level(unsigned number, bool level) {
    if (number >= count_) return;
    const bool rises = level && !high_.has(number);
    high_.put(number, level);
    if (rises || (level && !active_.has(number))) note_pending(number);     // held while active: pends at its return
}

void Exceptions::set_enabled(unsigned number, bool enabled) {
    if (number >= count_) return;
    enabled_.put(number, enabled);
    changed = true;
}

void Exceptions::set_priority(unsigned number, uint8_t value) {
    const bool is_reserved = (number > usage_fault && number < sv_call) || number == 13;
    if (number < mem_manage || number >= count_ || is_reserved) return;
    priority_[number] = value & priority_mask_;
    changed = true;
}

void Exceptions::activate(unsigned number) {
    pending_.put(number, false);
    active_.put(number, true);
    changed = true;
}

void Exceptions::deactivate(unsigned number) {
    if (number >= count_) return;
    active_.put(number, false);
    if (high_.has(number)) note_pending(number);
    if (number != nmi) faultmask = 0;
    changed = true;
}

void Exceptions::set_active(unsigned number, bool active) {
    if (number >= count_) return;
    active_.put(number, active);
    changed = true;
}

void Exceptions::raise_basepri(uint8_t value) {
    const uint8_t wanted = value & priority_mask_;
    if (wanted != 0 && (wanted < basepri || basepri == 0)) basepri = wanted;
}

// Setting needs a priority that FAULTMASK would change; clearing always works (CPSIE f, MSR).
void Exceptions::set_faultmask(bool masks) {
    if (!masks || execution_priority() > -1) faultmask = masks;
}

int Exceptions::group_of(int priority) const {
    if (priority < 0) return priority;
    return priority & (0xFE << priority_group) & 0xFF;
}

int Exceptions::group_priority(unsigned number) const { return group_of(priority_[number]); }

int Exceptions::most_urgent_active() const {
    int best = 256;
    for (unsigned w = 0; w < words; ++w)
        for (uint64_t rest = active_.word(w); rest != 0; rest &= rest - 1)
            best = std::min(best, group_of(priority_[w * 64 + static_cast<unsigned>(std::countr_zero(rest))]));
    return best;
}

int Exceptions::execution_priority(bool ignore_primask) const {
    int current = most_urgent_active();
    if ((basepri & priority_mask_) != 0) current = std::min(current, group_of(basepri & priority_mask_));
    if (primask && !ignore_primask) current = std::min(current, 0);
    if (faultmask) current = std::min(current, -1);
    return current;
}

unsigned Exceptions::to_take(bool ignore_primask) const {
    unsigned best = 0;
    int best_priority = 256;
    for (unsigned w = 0; w < words; ++w)
        for (uint64_t rest = pending_.word(w) & enabled_.word(w); rest != 0; rest &= rest - 1) {
            const unsigned number = w * 64 + static_cast<unsigned>(std::countr_zero(rest));
            if (priority_[number] >= best_priority) continue;
            best = number;
            best_priority = priority_[number];
        }
    return best != 0 && group_of(best_priority) < execution_priority(ignore_primask) ? best : 0;
}

bool Exceptions::can_handle(unsigned fault) const {
    return enabled_.has(fault) && group_priority(fault) < execution_priority();
}

}  // namespace tinysim
