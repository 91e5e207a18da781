#include "cpu/exceptions.h"

#include <algorithm>

namespace tinysim {

Exceptions::Exceptions(unsigned irq_count, unsigned priority_bits)
    : count_(std::min(16 + irq_count, max_exceptions)), priority_mask_(static_cast<uint8_t>(0xFF << (8 - priority_bits))) {
    reset();
}

void Exceptions::reset() {
    for (auto& state : state_) state &= level_bit;
    priority_.fill(0);
    priority_[reset_exception] = -3;
    priority_[nmi] = -2;
    priority_[hard_fault] = -1;
    for (unsigned always : {reset_exception, nmi, hard_fault, sv_call, debug_monitor, pend_sv, sys_tick})
        state_[always] |= enabled_bit;
    pending_count_ = active_count_ = 0;
    primask = faultmask = basepri = priority_group = 0;
    for (unsigned i = first_irq; i < count_; ++i)
        if (state_[i] & level_bit) note_pending(i);
    changed = true;
}

void Exceptions::note_pending(unsigned number) {
    if (!(state_[number] & pending_bit)) {
        ++pending_count_;
        newly_pending = true;
    }
    state_[number] |= pending_bit;
    changed = true;
}

void Exceptions::set_pending(unsigned number) {
    if (number < count_) note_pending(number);
}

void Exceptions::withdraw(unsigned number) {
    if (!(state_[number] & pending_bit)) return;
    --pending_count_;
    state_[number] &= static_cast<uint8_t>(~pending_bit);
    changed = true;
}

void Exceptions::clear_pending(unsigned number) {
    if (number >= count_) return;
    const bool pends_again = (state_[number] & (level_bit | active_bit)) == level_bit;
    if (!pends_again) withdraw(number);
}

void Exceptions::set_level(unsigned number, bool level) {
    if (number >= count_) return;
    if (!level) {
        state_[number] &= static_cast<uint8_t>(~level_bit);
        return;
    }
    const bool rises = !(state_[number] & level_bit);
    state_[number] |= level_bit;
    if (rises || !(state_[number] & active_bit)) note_pending(number);   // held while active: pends when it returns
}

void Exceptions::set_enabled(unsigned number, bool enabled) {
    if (number >= count_) return;
    state_[number] = static_cast<uint8_t>(enabled ? state_[number] | enabled_bit : state_[number] & ~enabled_bit);
    changed = true;
}

void Exceptions::set_priority(unsigned number, uint8_t value) {
    const bool reserved = (number > usage_fault && number < sv_call) || number == 13;
    if (number < mem_manage || number >= count_ || reserved) return;
    priority_[number] = value & priority_mask_;
    changed = true;
}

void Exceptions::activate(unsigned number) {
    withdraw(number);
    set_active(number, true);
}

void Exceptions::set_active(unsigned number, bool active) {
    if (is_active(number) == active) return;
    if (active) ++active_count_;
    else --active_count_;
    state_[number] ^= active_bit;
    changed = true;
}

void Exceptions::deactivate(unsigned number) {
    if (number >= count_) return;
    set_active(number, false);
    if (state_[number] & level_bit) note_pending(number);
    if (number != nmi) faultmask = 0;
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
    if (active_count_ == 0) return best;
    for (unsigned i = reset_exception; i < count_; ++i)
        if (state_[i] & active_bit) best = std::min(best, group_of(priority_[i]));
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
    if (pending_count_ == 0) return 0;
    const int running = execution_priority(ignore_primask);
    unsigned best = 0;
    int best_priority = 256;
    for (unsigned i = nmi; i < count_; ++i) {
        if ((state_[i] & (pending_bit | enabled_bit)) != (pending_bit | enabled_bit)) continue;
        if (priority_[i] < best_priority) {
            best = i;
            best_priority = priority_[i];
        }
    }
    return best != 0 && group_of(best_priority) < running ? best : 0;
}

bool Exceptions::can_handle(unsigned fault) const {
    return (state_[fault] & enabled_bit) && group_priority(fault) < execution_priority();
}

}  // namespace tinysim
