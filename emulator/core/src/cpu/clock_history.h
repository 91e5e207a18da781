// Which CPU cycle a tick is in, counted from power-on with sleep, while the clock's period changes; and what the masters
// of the bus waited for each other in those cycles. For stamps: the timing model counts anew with each change.
#pragma once

#include <cstdint>
#include <vector>

#include "bus/matrix.h"
#include "tinysim/scheduler.h"

namespace tinysim {

// The clock ran like this from `since` on; `cycle` was the first.
struct ClockSegment {
    Tick since = 0;
    int64_t cycle = 0;
    Tick ticks_per_cycle = 1;
    void state(Archive& archive) { archive(since, cycle, ticks_per_cycle); }
};

class ClockHistory {
public:
    explicit ClockHistory(Tick ticks_per_cycle) : segments_{{0, 0, ticks_per_cycle}} {}

    void change(Tick now, Tick ticks_per_cycle, const Matrix& matrix);
    int64_t cycle_of(Tick at) const {
        const ClockSegment& last = segments_.back();
        return at >= last.since ? last.cycle + (at - last.since) / last.ticks_per_cycle : earlier_cycle_of(at);
    }
    const std::vector<ClockSegment>& segments() const { return segments_; }     // at least one, by time
    std::vector<Stall> stall_cycles(const Matrix& matrix) const;                // as Matrix::stalls, in cycles
    void state(Archive& archive);

private:
    struct Waited {                     // one of Matrix::stalls, up to the last change
        uint16_t slave = 0;
        MasterId waiter = 0, holder = 0;
        int64_t ticks = 0, cycles = 0;
        bool is_of(const Stall& stall) const { return slave == stall.slave && waiter == stall.waiter && holder == stall.holder; }
        void state(Archive& archive) { archive(slave, waiter, holder, ticks, cycles); }
    };
    int64_t earlier_cycle_of(Tick at) const;
    std::vector<Waited> waited_now(const Matrix& matrix) const;

    std::vector<ClockSegment> segments_;
    std::vector<Waited> waited_;
};

}  // namespace tinysim
