// What of a slave is in a snapshot: the stalls as a list of those that happened.
#include "bus/slave.h"

namespace tinysim {

void Slave::state(Archive& archive) {
    std::vector<Stall> stalls;
    for (MasterId waiter = 0; waiter < max_masters; ++waiter)
        for (MasterId behind = 0; behind < max_masters; ++behind)
            if (stall_ticks[waiter][behind] != 0) stalls.push_back({number, waiter, behind, stall_ticks[waiter][behind]});
    archive(busy_until, holder, begun, free_before, holder_before, beat_start, apb_cycle_ticks, is_watched, last_served, brought_up_to, stalls);
    if (!archive.is_reading()) return;
    stall_ticks = {};
    active.clear();
    for (const Stall& each : stalls) stall_ticks[each.waiter % max_masters][each.holder % max_masters] = each.ticks;
}

}  // namespace tinysim
