// Arbitration and wait states; see matrix.h. An access occupies its slave for one cycle from its address phase on, and
// for one more with each wait state.
#include "bus/matrix.h"

#include <algorithm>

#include "bus/bus.h"
#include "tinysim/flash_timing.h"
#include "tinysim/archive.h"

namespace tinysim {

// Most are short, and a division is not.
int32_t Matrix::cycles_of(Tick ticks) const {
    if (ticks > 4 * cycle_ticks || ticks < 0) return static_cast<int32_t>((ticks + cycle_ticks - 1) / cycle_ticks);
    int32_t cycles = 0;
    for (Tick left = ticks; left > 0; left -= cycle_ticks) ++cycles;
    return cycles;
}

// All transfers on the slave that start before `until`.
void Matrix::bring_up(Slave& slave, Tick until) {
    ++advancing_;
    if (slave.active.size() > 1) take_turns(slave, until);
    for (size_t i = 0; i < slave.active.size(); ++i)
        if (slave.active[i] != nullptr && slave.active[i]->idle_until < until) slave.active[i]->advance_to(until);
    if (--advancing_ == 0) drop_ended(slave);
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
    if (slave.active.empty()) [[likely]] return start;
    if (slave.active.size() == 1 && slave.active.front() != nullptr && slave.active.front()->idle_until > start) return start;
    for (;;) {
        bring_up(slave, start);
        const Tick free = std::max(at, slave.busy_until);
        if (free == start) break;
        start = free;
    }
    return cpu_wins_ties ? start : serve_waiting(slave, start);
}

// Round robin, one transfer each: all masters that stand behind the last one served and in front of the CPU.
Tick Matrix::serve_waiting(Slave& slave, Tick start) {
    const bool cpu_was_last = slave.holder == cpu_data_master || slave.holder == cpu_fetch_master;
    ++advancing_;
    for (size_t i = cpu_was_last ? 0 : slave.last_served + 1; i < slave.active.size(); ++i) {
        if (slave.active[i] == nullptr || slave.active[i]->idle_until > start) continue;
        slave.active[i]->advance_to(start + 1);
        if (slave.busy_until <= start) continue;
        slave.last_served = i;
        start = slave.busy_until;
    }
    if (--advancing_ == 0) drop_ended(slave);
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

// The part of an access that is not waiting for others, without flash.
Tick Matrix::occupied_ticks(const Slave& slave, bool is_write, Tick start) const {
    if (slave.kind == SlaveKind::ahb) return cycle_ticks * std::max(is_write ? timing.ahb_write_cycles : timing.ahb_read_cycles, 1);
    if (slave.kind != SlaveKind::apb) return cycle_ticks;
    const int64_t ratio = std::max<int64_t>(slave.apb_cycle_ticks / cycle_ticks, 1);
    const int64_t phase = timing.apb_waits_for_edge != 0 ? cycle_at(start + cycle_ticks) % ratio : 0;   // behind the address phase
    const int64_t transfer = ratio * (is_write ? timing.apb_write_cycles : timing.apb_read_cycles);
    return cycle_ticks * std::max<int64_t>((ratio - phase) % ratio + transfer + timing.apb_bridge_cycles, 1);
}

Grant Matrix::occupy(Slave& slave, const Region& region, uint32_t address, bool is_write, Tick at, AccessCost& cost) {
    const Tick start = arbitrate(slave, at);
    Tick occupied = occupied_ticks(slave, is_write, start);
    if (slave.kind == SlaveKind::flash && !is_write && region.memory != nullptr && region.memory->timing != nullptr) {
        const FlashWait wait = region.memory->timing->read(address - region.start, cycle_at(start));
        cost.flash = wait.cycles - wait.port;
        cost.contention = wait.port;
        cost.holder = cpu_fetch_master;
        cost.delays_fetch = wait.delays_fetch;
        occupied += wait.cycles * cycle_ticks;
    }
    return slave.take(cpu_data_master, at, occupied);
}

// A following access waits until the posted store is out.
Tick Matrix::drain(Tick at, AccessCost& cost) {
    const Tick waited = write_buffer_until_ - at;
    cost.cycles = cycles_of(waited);
    if (write_buffer_contention_ > 0) {
        cost.contention = std::min(cost.cycles, cycles_of(write_buffer_contention_));
        cost.holder = write_buffer_holder_;
    }
    return write_buffer_until_;
}

// One that waits for nobody is out at once, for the core's own overlap of loads and stores has counted its cycle.
void Matrix::post(const Slave& slave, const Grant& grant, Tick at) {
    if (slave.busy_until <= at + cycle_ticks) return;
    write_buffer_until_ = slave.busy_until;
    write_buffer_contention_ = grant.waited;
    write_buffer_holder_ = grant.holder;
    if (close_windows_once) close_windows_once();
}

// A frame is stacked in one go, ahead of the vector's read and the fetches that run beside it on another port of the
// CPU: those take their turn between two of its words.
bool Matrix::slips_between(Slave& slave, Tick at) {
    if (slave.holder != cpu_data_master || slave.busy_until <= at + cycle_ticks) return false;
    slave.busy_until += cycle_ticks;
    return true;
}

// The CPU's fetches are asked for ahead of their time: data that come before one, or with it, have it first.
AccessCost Matrix::go_before_fetch(Slave& slave, bool is_write, Tick at, AccessCost cost) {
    const Tick start = std::max(at, slave.free_before), end = start + cycle_ticks;
    const Tick delay = std::max<Tick>(0, end - slave.begun);
    slave.free_before = end;
    slave.begun += delay;
    slave.busy_until += delay;
    slave.stall_ticks[cpu_fetch_master][cpu_data_master] += delay;
    cost.delays_fetch = cycles_of(delay);
    if (start > at) slave.stall_ticks[cpu_data_master][slave.holder_before] += start - at;
    if (start > at && !is_write) {
        cost.cycles += cycles_of(start - at);
        cost.contention += cycles_of(start - at);
        cost.holder = slave.holder_before;
    }
    slave.holder_before = cpu_data_master;
    return cost;
}

AccessCost Matrix::access(const Region& region, uint32_t address, unsigned bytes, bool is_write, Tick at) {
    (void)bytes;
    AccessCost cost;
    if (write_buffer_until_ > at) [[unlikely]] at = drain(at, cost);
    Slave* const slave = region.slave_at(address);
    if (slave == nullptr) {
        if (region.memory == nullptr && !is_write) cost.cycles += static_cast<int32_t>(region.read_wait_cycles);
        return cost;
    }
    cost.block = slave->block;
    if (slave->beat_start != never && goes_in_front_of_beat(*slave, cpu_data_master, at)) return cost;
    if (slave->kind == SlaveKind::ram && slave->busy_until > at) [[unlikely]] {
        if (slave->holder == cpu_fetch_master && slave->begun >= at) return go_before_fetch(*slave, is_write, at, cost);
    }
    Tick asked = at;
    Grant way{at, 0, 0};
    if (slave->upstream != nullptr) {
        arbitrate(*slave->upstream, at);
        way = slave->upstream->take(cpu_data_master, at, cycle_ticks);
        asked = way.start;
    }
    Grant grant = occupy(*slave, region, address, is_write, asked, cost);
    if (slave->upstream != nullptr) {
        slave->upstream->busy_until = slave->busy_until;
        if (grant.waited == 0) grant.holder = way.holder;
        grant.waited += way.waited;
    }
    const bool is_posted = is_write && (slave->kind != SlaveKind::apb || timing.apb_write_posted != 0);
    if (is_posted) {
        post(*slave, grant, at);
        return cost;
    }
    cost.cycles += cycles_of(slave->busy_until - at) - 1;
    if (grant.waited > 0) {
        cost.contention += cycles_of(grant.waited);
        cost.holder = grant.holder;
    }
    return cost;
}

bool Matrix::load_from_flash(const Region& region, uint32_t address, Tick at, int64_t cycle, AccessCost& cost) {
    Slave* const slave = region.slave_at(address);
    if (slave == nullptr || slave->kind != SlaveKind::flash || !slave->active.empty() || slave->upstream != nullptr) return false;
    if (slave->busy_until > at || slave->beat_start != never || write_buffer_until_ > at || region.memory->timing == nullptr) return false;
    const FlashWait wait = region.memory->timing->read(address - region.start, cycle);
    cost = {wait.cycles, wait.cycles - wait.port, wait.port, cpu_fetch_master, slave->block, wait.delays_fetch};
    slave->free_before = slave->busy_until;
    slave->holder_before = slave->holder;
    slave->begun = at;
    slave->busy_until = at + (1 + wait.cycles) * cycle_ticks;
    slave->holder = cpu_data_master;
    return true;
}

// Two locked transfers: no other master comes between them.
void Matrix::lengthen_write(const Region& region, uint32_t address) {
    Slave* const slave = region.slave_at(address);
    if (slave == nullptr) return;
    slave->busy_until += occupied_ticks(*slave, false, slave->busy_until);
    if (slave->upstream != nullptr) slave->upstream->busy_until = slave->busy_until;
    write_buffer_until_ = std::max(write_buffer_until_, slave->busy_until);
    if (close_windows_once) close_windows_once();
}

AccessCost Matrix::fetch(const Region& region, uint32_t address, Tick at) {
    AccessCost cost;
    Slave* const slave = region.slave_at(address);
    if (slave == nullptr) return cost;
    cost.block = slave->block;
    if (slave->beat_start != never && goes_in_front_of_beat(*slave, cpu_fetch_master, at)) return cost;
    // The queue itself asks for one word a cycle; what it asked for and a branch has cancelled is in nobody's way.
    if (slave->holder == cpu_fetch_master && slave->busy_until > at) slave->busy_until = at;
    if (slips_between(*slave, at)) {
        cost.cycles = cost.contention = 1;
        cost.holder = cpu_data_master;
        return cost;
    }
    arbitrate(*slave, at);
    const Grant grant = slave->take(cpu_fetch_master, at, cycle_ticks);
    cost.cycles = cost.contention = cycles_of(grant.waited);
    cost.holder = grant.holder;
    return cost;
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
