// How the counter of an STM32 timer moves: up, down, or up and down between 0 and the reload value. RM0090 18.3.2.
// TimerCount is pure arithmetic on steps, so that a counter that nobody looks at costs nothing. With a reload value of 0 it must not move.
// A value beyond the reload value runs up to the counter's end first (up), or down through it (down and centre-aligned; R).
#pragma once

#include <cstdint>
#include <limits>

#include "tinysim/archive.h"

namespace tinysim::stm32 {

struct TimerCount {
    static constexpr int64_t no_steps = std::numeric_limits<int64_t>::max();
    enum Ways : uint8_t { none = 0, upwards = 1, downwards = 2, both = 3 };

    uint32_t limit = 0xFFFF, reload = 0xFFFF, value = 0;
    bool down = false, centre = false;

    void move(int64_t steps);
    int64_t steps_to_wrap() const;                        // to the next overflow or underflow
    // To the next arrival at `target`; beyond the reload value that is an overflow. Both ways meet at the turning points.
    int64_t steps_to(uint32_t target, Ways ways) const;
    bool has_arrived(uint32_t target, bool by_wrap) const;      // at it by the last step, which wrapped or did not
    bool is_turning() const { return centre && (value == 0 || value == reload); }

private:
    void move_centre(int64_t steps);
    int64_t steps_to_centre(uint32_t target, Ways ways) const;
};

// A counter on a clock behind a prescaler. What TimerCount says of it holds at the origin; it moves on when it is asked.
class ClockedCount : public TimerCount {
public:
    bool runs() const { return count_ticks_ != 0; }
    Tick origin() const { return origin_at_; }
    uint32_t value_at(Tick at) const;
    void move_to(Tick at);                                // the last step until `at` becomes the origin
    void run(Tick at, Tick clock_ticks, int64_t divider);      // after move_to(at); clock 0: stands, the prescaler keeps its count
    void restart_prescaler(Tick at);
    Tick due(int64_t steps) const;                        // never, if it stands or never comes there
    void begin_again(Tick at) { origin_at_ = at; }         // a period later, with the same value
    void move_before(Tick at);                            // to one step before the one that is due at `at`, the new origin
    bool takes_pulse(int64_t divider);                    // of an external clock; false: the prescaler keeps it
    void reset(uint32_t reload_value, Tick at);
    void state(Archive& archive);

private:
    Tick origin_at_ = 0, clock_ticks_ = 0, count_ticks_ = 0;
    int64_t prescaler_count_ = 0;                         // while it stands or external pulses count
};

}  // namespace tinysim::stm32
