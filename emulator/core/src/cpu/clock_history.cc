#include "cpu/clock_history.h"

#include <algorithm>

#include "tinysim/archive.h"

namespace tinysim {

void ClockHistory::change(Tick now, Tick ticks_per_cycle, const Matrix& matrix) {
    waited_ = waited_now(matrix);
    const int64_t cycle = cycle_of(now);
    if (segments_.back().since == now) segments_.pop_back();
    segments_.push_back({now, cycle, ticks_per_cycle});
}

int64_t ClockHistory::earlier_cycle_of(Tick at) const {
    auto after = std::upper_bound(segments_.begin(), segments_.end(), at, [](Tick tick, const ClockSegment& each) { return tick < each.since; });
    if (after == segments_.begin()) return 0;
    const ClockSegment& segment = *(after - 1);
    return segment.cycle + (at - segment.since) / segment.ticks_per_cycle;
}

std::vector<ClockHistory::Waited> ClockHistory::waited_now(const Matrix& matrix) const {
    std::vector<Waited> all;
    for (const Stall& stall : matrix.stalls()) {
        auto before = std::find_if(waited_.begin(), waited_.end(), [&](const Waited& each) { return each.is_of(stall); });
        Waited row = before == waited_.end() ? Waited{stall.slave, stall.waiter, stall.holder, 0, 0} : *before;
        row.cycles += (stall.ticks - row.ticks) / segments_.back().ticks_per_cycle;
        row.ticks = stall.ticks;
        all.push_back(row);
    }
    return all;
}

std::vector<Stall> ClockHistory::stall_cycles(const Matrix& matrix) const {
    std::vector<Stall> all;
    for (const Waited& row : waited_now(matrix)) all.push_back({row.slave, row.waiter, row.holder, row.cycles});
    return all;
}

void ClockHistory::state(Archive& archive) {
    archive.log(segments_);
    archive(waited_);
    if (!archive.is_reading()) return;
    if (segments_.empty()) segments_.emplace_back();                            // of a damaged file
    for (ClockSegment& each : segments_) each.ticks_per_cycle = std::max<Tick>(each.ticks_per_cycle, 1);
}

}  // namespace tinysim
