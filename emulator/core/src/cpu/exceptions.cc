#include "cpu/exceptions.h"

#include <algorithm>
#include <bit>

namespace tinysim {
namespace {
constexpr unsigned words = max_exceptions / 64;
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
    find_active();
    for (unsigned i = first_irq; i < count_; ++i)
        if (high_.has(i)) note_pending(i);
    next_is_known_ = false;
    changed = true;
}

void Exceptions::note_pending(unsigned number) {
    const bool is_new = !pending_.has(number);
    changed = true;
    if (!is_new) return;
    newly_pending = true;
    pending_.put(number, true);
    next_is_known_ = false;
}

void Exceptions::set_pending(unsigned number) {
    if (number < count_) note_pending(number);
}

void Exceptions::clear_pending(unsigned number) {
    if (number >= count_) return;
    const bool pends_again = high_.has(number) && !active_.has(number);
    if (!pending_.has(number) || pends_again) return;
    pending_.put(number, false);
    next_is_known_ = false;
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
    next_is_known_ = false;
    changed = true;
}

void Exceptions::set_priority(unsigned number, uint8_t value) {
    const bool is_reserved = (number > usage_fault && number < sv_call) || number == 13;
    if (number < mem_manage || number >= count_ || is_reserved) return;
    priority_[number] = value & priority_mask_;
    if (active_.has(number)) find_active();
    next_is_known_ = false;
    changed = true;
}

void Exceptions::activate(unsigned number) {
    pending_.put(number, false);
    next_is_known_ = false;
    active_count_ += !active_.has(number);
    active_.put(number, true);
    most_urgent_active_ = std::min<int>(most_urgent_active_, priority_[number]);
    changed = true;
}

void Exceptions::deactivate(unsigned number) {
    if (number >= count_) return;
    active_.put(number, false);
    find_active();
    if (high_.has(number)) note_pending(number);
    if (number != nmi) faultmask = 0;
    changed = true;
}

void Exceptions::set_active(unsigned number, bool active) {
    if (number >= count_) return;
    active_.put(number, active);
    find_active();
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

void Exceptions::find_active() {
    most_urgent_active_ = lowest;
    active_count_ = 0;
    for (unsigned w = 0; w < words; ++w)
        for (uint64_t rest = active_.word(w); rest != 0; rest &= rest - 1, ++active_count_)
            most_urgent_active_ = std::min<int>(most_urgent_active_, priority_[w * 64 + static_cast<unsigned>(std::countr_zero(rest))]);
}

void Exceptions::find_next() const {
    int best_priority = lowest;
    next_ = 0;
    next_is_known_ = true;
    for (unsigned w = 0; w < words; ++w)
        for (uint64_t rest = pending_.word(w) & enabled_.word(w); rest != 0; rest &= rest - 1) {
            const unsigned number = w * 64 + static_cast<unsigned>(std::countr_zero(rest));
            if (priority_[number] >= best_priority) continue;
            next_ = number;
            best_priority = priority_[number];
        }
}

int Exceptions::execution_priority(bool ignore_primask) const {
    int current = most_urgent_active_ == lowest ? lowest : group_of(most_urgent_active_);
    if ((basepri & priority_mask_) != 0) current = std::min(current, group_of(basepri & priority_mask_));
    if (primask && !ignore_primask) current = std::min(current, 0);
    if (faultmask) current = std::min(current, -1);
    return current;
}

unsigned Exceptions::to_take(bool ignore_primask) const {
    const unsigned number = next();
    return number != 0 && group_of(priority_[number]) < execution_priority(ignore_primask) ? number : 0;
}

bool Exceptions::can_handle(unsigned fault) const {
    return enabled_.has(fault) && group_priority(fault) < execution_priority();
}

}  // namespace tinysim
