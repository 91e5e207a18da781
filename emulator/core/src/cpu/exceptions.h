// Which exception is pending, active, enabled and how urgent: DDI 0403 B1.5 and B3.4. No time, no memory here.
#pragma once

#include <array>
#include <cstdint>

namespace tinysim {

class Archive;
inline constexpr unsigned max_exceptions = 16 + 240;

enum Exception : unsigned {
    reset_exception = 1, nmi = 2, hard_fault = 3, mem_manage = 4, bus_fault = 5, usage_fault = 6,
    sv_call = 11, debug_monitor = 12, pend_sv = 14, sys_tick = 15, first_irq = 16,
};

class Exceptions {
public:
    Exceptions(unsigned irq_count, unsigned priority_bits);
    void reset();
    void state(Archive& archive);                             // cpu_state.cc

    void set_pending(unsigned number);
    void clear_pending(unsigned number);                      // an asserted level pends again at once
    void set_level(unsigned number, bool level);              // an interrupt line: rising pends, also while active
    void set_enabled(unsigned number, bool enabled);
    void set_priority(unsigned number, uint8_t value);
    void activate(unsigned number);                           // pending -> active
    void deactivate(unsigned number);                         // exception return
    void set_active(unsigned number, bool active);            // SHCSR: no side effects

    bool is_pending(unsigned number) const { return pending_.has(number); }
    bool is_active(unsigned number) const { return active_.has(number); }
    bool is_enabled(unsigned number) const { return enabled_.has(number); }
    int full_priority(unsigned number) const { return priority_[number]; }
    uint8_t priority(unsigned number) const { return static_cast<uint8_t>(priority_[number]); }
    unsigned count() const { return count_; }
    unsigned active_count() const { return active_count_; }

    // The mask registers, with their unimplemented bits and their rules for MSR and CPS (B1.4.3, B5.2.3).
    void set_basepri(uint8_t value) { basepri = value & priority_mask_; }
    void raise_basepri(uint8_t value);                        // BASEPRI_MAX
    void set_faultmask(bool masks);

    // Group priority of an exception, -3 (reset) to 255; lower is more urgent.
    int group_priority(unsigned number) const;
    int execution_priority(bool ignore_primask = false) const;
    // The exception to take now, or 0. `ignore_primask`: would it wake a WFI?
    unsigned to_take(bool ignore_primask = false) const;
    bool can_handle(unsigned fault) const;                    // enabled and more urgent than what runs

    uint8_t primask = 0, faultmask = 0, basepri = 0;
    uint8_t priority_group = 0;                               // AIRCR.PRIGROUP
    bool changed = false;                                     // since somebody looked: a boundary must re-evaluate
    bool newly_pending = false;                               // for SEVONPEND

private:
    // A set of exception numbers; most operations touch the few members only.
    class Set {
    public:
        bool has(unsigned number) const { return (words_[number / 64] >> (number % 64)) & 1; }
        void put(unsigned number, bool member) {
            const uint64_t bit = uint64_t{1} << (number % 64);
            words_[number / 64] = member ? words_[number / 64] | bit : words_[number / 64] & ~bit;
        }
        uint64_t word(unsigned index) const { return words_[index]; }
        void clear() { words_.fill(0); }
        void state(Archive& archive);

    private:
        std::array<uint64_t, max_exceptions / 64> words_{};
    };

    static constexpr int lowest = 256;                        // below every exception
    void note_pending(unsigned number);
    int group_of(int priority) const;
    void find_active();                                       // after one has gone
    void find_next() const;
    unsigned next() const {                                   // the most urgent of those pending and enabled; 0: none
        if (!next_is_known_) find_next();
        return next_;
    }

    unsigned count_;
    uint8_t priority_mask_;
    Set pending_, active_, enabled_, high_;                   // high_: interrupt lines
    std::array<int16_t, max_exceptions> priority_{};
    int most_urgent_active_ = lowest;                         // its priority
    unsigned active_count_ = 0;
    mutable unsigned next_ = 0;
    mutable bool next_is_known_ = false;
};

}  // namespace tinysim
