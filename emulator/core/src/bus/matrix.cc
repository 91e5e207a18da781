// What an access waits for; see matrix.h. Whose turn it is: arbitration.cc. An access occupies its slave for one cycle from its address phase on, and
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

// The part of an access that is not waiting for others, without flash.
Tick Matrix::occupied_ticks(const Slave& slave, bool is_write, Tick start) const {
    if (slave.kind == SlaveKind::ahb) return cycle_ticks * std::max(is_write ? timing.ahb_write_cycles : timing.ahb_read_cycles, 1);
    if (slave.kind != SlaveKind::apb) return cycle_ticks;
    const int64_t ratio = std::max<int64_t>(slave.apb_cycle_ticks / cycle_ticks, 1);
    const int64_t phase = timing.apb_waits_for_edge != 0 ? cycle_at(start + cycle_ticks) % ratio : 0;   // behind the address phase
    const int64_t transfer = ratio * (is_write ? timing.apb_write_cycles : timing.apb_read_cycles);
    return cycle_ticks * std::max<int64_t>((ratio - phase) % ratio + transfer + timing.apb_bridge_cycles, 1);
}

Grant Matrix::take(Slave& slave, bool is_write, Tick at) {
    const Tick start = arbitrate(slave, at);
    return slave.take(cpu_data_master, at, occupied_ticks(slave, is_write, start));
}

// A read, with the wait states of the flash behind `region`; some of them may be waiting for the CPU's own fetches.
Grant Matrix::take_flash(Slave& slave, const Region& region, uint32_t address, Tick at, int64_t cycle, AccessCost& cost) {
    const Tick start = arbitrate(slave, at);
    const FlashWait wait = region.memory->timing->read(address - region.start, cycle + cycles_of(start - at));
    cost.flash = wait.cycles - wait.port;
    cost.contention = wait.port;
    cost.holder = cpu_fetch_master;
    cost.delays_fetch = wait.delays_fetch;
    return slave.take(cpu_data_master, at, (1 + wait.cycles) * cycle_ticks);
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

// Through the slave in front of a bridge, which is busy until the bridge is.
Grant Matrix::take_bridge(Slave& slave, bool is_write, Tick at) {
    Slave& first = *slave.upstream;
    arbitrate(first, at);
    const Grant way = first.take(cpu_data_master, at, cycle_ticks);
    Grant grant = take(slave, is_write, way.start);
    first.busy_until = slave.busy_until;
    if (grant.waited == 0) grant.holder = way.holder;
    grant.waited += way.waited;
    return grant;
}

AccessCost Matrix::access(const Region& region, uint32_t address, bool is_write, Tick at, int64_t cycle) {
    AccessCost cost;
    if (write_buffer_until_ > at) [[unlikely]] {
        at = drain(at, cost);
        cycle += cost.cycles;
    }
    Slave* const slave = region.slave_at(address);
    if (slave == nullptr) {
        if (region.memory == nullptr && !is_write) cost.cycles += static_cast<int32_t>(region.read_wait_cycles);
        return cost;
    }
    cost.block = slave->block;
    if (slave->beat_start != never && goes_in_front_of_beat(*slave, cpu_data_master, at)) return cost;
    Grant grant{};
    if (slave->kind == SlaveKind::ram) [[likely]] {
        const bool is_fetched = slave->busy_until > at && slave->holder == cpu_fetch_master && slave->begun >= at;
        if (is_fetched) return go_before_fetch(*slave, is_write, at, cost);
        arbitrate(*slave, at);
        grant = slave->take(cpu_data_master, at, cycle_ticks);
    } else if (slave->upstream != nullptr) {
        grant = take_bridge(*slave, is_write, at);
    } else if (slave->kind == SlaveKind::flash && !is_write && region.memory != nullptr && region.memory->timing != nullptr) {
        grant = take_flash(*slave, region, address, at, cycle, cost);
    } else {
        grant = take(*slave, is_write, at);
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
    arbitrate(*slave, at);
    const Grant grant = slave->take(cpu_fetch_master, at, cycle_ticks);
    cost.cycles = cost.contention = cycles_of(grant.waited);
    cost.holder = grant.holder;
    return cost;
}

}  // namespace tinysim
