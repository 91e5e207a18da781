// Whose turn it is at a slave: masters that move data on their own are brought up to the time of each other's accesses,
// paced ones announce their beats. See matrix.h.
#include <algorithm>

#include "bus/matrix.h"

namespace tinysim {

// While masters are asked to go on, lists of active ones keep their length.
class Matrix::Advance {
public:
    explicit Advance(Matrix& matrix) : matrix_(matrix) { ++matrix.advancing_; }
    ~Advance() {
        if (--matrix_.advancing_ == 0 && matrix_.has_ended_) matrix_.drop_ended();
    }
    Advance(const Advance&) = delete;
    Advance& operator=(const Advance&) = delete;

private:
    Matrix& matrix_;
};

// All transfers on the slave that start before `until`.
void Matrix::bring_up(Slave& slave, Tick until) {
    const Advance advance(*this);
    make_before(slave, until);
}

inline void Matrix::make_before(Slave& slave, Tick until) {
    if (slave.active.size() > 1) [[unlikely]] take_turns(slave, until);
    for (size_t i = 0; i < slave.active.size(); ++i)
        if (slave.active[i] != nullptr && slave.active[i]->idle_until < until) slave.active[i]->advance_to(until);
}

// Several masters on one slave: one transfer each, from when it was last brought up.
void Matrix::take_turns(Slave& slave, Tick until) {
    Tick start = std::max(slave.busy_until, slave.brought_up_to);
    while (start < until) {
        Tick wanted = never;
        for (const BusMaster* each : slave.active)
            if (each != nullptr) wanted = std::min(wanted, each->next_start(slave));
        start = std::max(start, wanted);
        if (start >= until) break;
        start = serve_one(slave, start) ? slave.busy_until : start + cycle_ticks;
    }
    slave.brought_up_to = std::max(slave.brought_up_to, until);
}

bool Matrix::serve_one(Slave& slave, Tick start) {
    const size_t count = slave.active.size();
    for (size_t turn = 1; turn <= count; ++turn) {
        const size_t i = (slave.last_served + turn) % count;
        if (slave.active[i] == nullptr) continue;
        slave.active[i]->advance_to(start + 1);
        if (slave.busy_until <= start) continue;
        slave.last_served = i;
        return true;
    }
    return false;
}

// When the CPU, which asks at `at`, gets the slave: all transfers that begin before that have been made.
Tick Matrix::arbitrate(Slave& slave, Tick at) {
    Tick start = std::max(at, slave.busy_until);
    if (!is_awaited(slave, at)) [[likely]] return start;
    const Advance advance(*this);
    for (;;) {
        make_before(slave, start);
        const Tick free = std::max(at, slave.busy_until);
        if (free == start) break;
        start = free;
    }
    return cpu_wins_ties ? start : serve_waiting(slave, start);
}

// Round robin, one transfer each: all masters that stand behind the last one served and in front of the CPU.
inline Tick Matrix::serve_waiting(Slave& slave, Tick start) {
    const bool cpu_was_last = slave.holder == cpu_data_master || slave.holder == cpu_fetch_master;
    for (size_t i = cpu_was_last ? 0 : slave.last_served + 1; i < slave.active.size(); ++i) {
        if (slave.active[i] == nullptr || slave.active[i]->idle_until > start) continue;
        slave.active[i]->advance_to(start + 1);
        if (slave.busy_until <= start) continue;
        slave.last_served = i;
        start = slave.busy_until;
    }
    return start;
}

// A paced master's beat is known ahead of its cycle. The CPU goes in front of one that is still to come, and with fixed
// priority also in its cycle: then the beat waits.
bool Matrix::goes_in_front_of_beat(Slave& slave, MasterId who, Tick at) {
    if (slave.beat_start < at || (slave.beat_start == at && !cpu_wins_ties)) {
        slave.beat_start = never;
        return false;
    }
    if (slave.beat_start == at) {
        slave.stall_ticks[slave.holder][who] += cycle_ticks;
        slave.beat_start += cycle_ticks;
        slave.busy_until = slave.beat_start + cycle_ticks;
    }
    if (close_windows_once) close_windows_once();           // it may be overtaken again
    return true;
}

void Matrix::beat(MasterId who, uint32_t address, Tick at) {
    Slave* const slave = slave_at(address);
    if (slave == nullptr) return;
    const Tick wanted = aligned(at);
    const bool meets_beat = slave->beat_start != never && slave->busy_until > wanted;
    const Grant grant = slave->take(who, wanted, cycle_ticks);
    if (meets_beat && priority_[who] < priority_[grant.holder]) {          // the other one, which came first, is who waits
        slave->stall_ticks[who][grant.holder] -= grant.waited;
        slave->stall_ticks[grant.holder][who] += grant.waited;
        slave->holder = grant.holder;
    }
    slave->beat_start = grant.start;
    if (close_windows_once) close_windows_once();
}

}  // namespace tinysim
