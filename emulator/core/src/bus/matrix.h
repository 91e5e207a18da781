// The bus matrix: which address belongs to which slave, who the masters are, and what a CPU access waits for.
// RM0090 2.1 and AN4031 (STM32F4), nRF52840 PS "AHB multilayer"; docs/timing.md A1.6, A3.3, A3.4. DMA masters are
// simulated lazily: they are brought up to the time of each CPU access to a slave that they use.
// Not modelled: early burst termination, locked transfers of DMA, a bridge's own write buffer beside the CPU's.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bus/slave.h"

namespace tinysim {

struct Region;

// What one CPU data access costs beyond a zero-wait access, in CPU cycles.
struct AccessCost {
    int32_t cycles = 0;         // all of it: flash + contention + wait states of bridges and the write buffer
    int32_t flash = 0;          // of these: flash wait states, cache misses
    int32_t contention = 0;     // of these: behind `holder`
    MasterId holder = 0;
    uint8_t block = 0;          // memory block for load pipelining; 0 is the default block
    int32_t delays_fetch = 0;   // a fetch from flash that was asked for ahead of its time comes so much later
};

// A DMA controller or an EasyDMA channel that moves data on its own.
class BusMaster {
public:
    virtual ~BusMaster() = default;
    // Makes all transfers that start before `until`. A transfer starts when its slave is free: at
    // max(wanted, slave.busy_until); if that is not before `until` it is left for later, so that arbitration can put
    // the CPU in front. Must not call back into the CPU. Called often with little to do: be quick then.
    virtual void advance_to(Tick until) = 0;
    // The master keeps it: whatever others do until then, it has nothing to make before. Spares the call.
    Tick idle_until = 0;
    // The earliest tick at which its next transfer on `slave` could start, never: none; in the past: unknown. Spares
    // the matrix asking cycle by cycle where several masters share a slave.
    virtual Tick next_start(const Slave& slave) const { (void)slave; return 0; }
};

// [bus] of the chip's .toml, by the same names.
struct BusTiming {
    int32_t round_robin = 0;            // 0: fixed priority, the CPU wins
    int32_t pairs_across_blocks = 1;    // a load pipelines behind a load from another memory block
    int32_t bit_band = 0;
    int32_t ahb_read_cycles = 1, ahb_write_cycles = 1;      // devices on AHB, HCLK cycles with the zero-wait one
    int32_t apb_read_cycles = 1, apb_write_cycles = 1;      // APB cycles
    int32_t apb_bridge_cycles = 1;      // HCLK cycles for the way through the bridge and back
    int32_t apb_waits_for_edge = 1;     // an access begins at an edge of the APB clock; 0: its phase costs nothing
    int32_t apb_write_posted = 1;       // writes go through the CPU's write buffer; 0: the CPU waits for the bridge
};
struct BusField {
    const char* name;
    int32_t BusTiming::*member;
    int32_t least, most;
};
const std::vector<BusField>& bus_fields();

class Matrix {
public:
    // ---- set up once, from the chip's .toml [bus]; an address belongs to the first slave that was given it ----
    Slave& add_slave(const std::string& name, uint32_t first, uint32_t last, uint8_t block, SlaveKind kind = SlaveKind::ram);
    void add_range(Slave& slave, uint32_t first, uint32_t last);        // an alias
    MasterId add_master(const std::string& name);                       // the same name: the same number
    void set_priority(const std::string& master, int priority) { priorities_[master] = priority; }   // low number first
    void configure(const std::map<std::string, int64_t>& chip);
    BusTiming timing;
    bool cpu_wins_ties = true;              // nRF: fixed priority, CPU highest; STM32: round robin

    // ---- clocks: whoever switches them sets this, and apb_cycle_ticks of the bridges (slave("apb1")) ----
    Tick cycle_ticks = 1;                   // one HCLK cycle

    Slave* slave_at(uint32_t address) const;      // null: not on the matrix (private bus, CCM)
    Slave* slave_or_local(uint32_t address) const;
    Slave* slave(const std::string& name) const;
    bool is_empty() const { return slaves_.empty(); }
    const std::vector<std::unique_ptr<Slave>>& slaves() const { return slaves_; }
    const std::vector<std::string>& masters() const { return masters_; }
    std::vector<Stall> stalls() const;

    // ---- the CPU ----
    // A data access at `at` (its address phase): brings the slave's active masters up, arbitrates, adds wait states of
    // flash and bridges, waits for the write buffer. Every access that does not go through an open window comes here,
    // before its data is read or written.
    AccessCost access(const Region& region, uint32_t address, bool is_write, Tick at) {
        return access(region, address, is_write, at, cycle_at(at));
    }
    AccessCost access(const Region& region, uint32_t address, bool is_write, Tick at, int64_t cycle);      // for who knows the cycle
    // The same for a RAM, where nothing but its other masters can be waited for: cycles. Negative: it is not that simple.
    int32_t access_ram(Slave& slave, bool is_write, Tick at) {
        const bool is_fetched = slave.busy_until > at && slave.holder == cpu_fetch_master && slave.begun >= at;
        if (write_buffer_until_ > at || slave.beat_start != never || is_fetched) return -1;
        if (is_awaited(slave, at)) arbitrate(slave, at);
        const Grant grant = slave.take(cpu_data_master, at, cycle_ticks);
        if (grant.waited == 0) return 0;
        if (!is_write) return cycles_of(grant.waited);
        post(slave, grant, at);
        return 0;
    }
    // The write just made to `address` was the second half of a locked read and write (a bit-band alias).
    void lengthen_write(const Region& region, uint32_t address);
    // An instruction word fetched from RAM: contention only.
    AccessCost fetch(const Region& region, uint32_t address, Tick at);
    Tick write_buffer_until() const { return write_buffer_until_; }      // DSB, exception entry
    void forget_posted(Tick until) { write_buffer_until_ = until; }      // behind `until` it held a frame, which is waited for

    // ---- masters that move data on their own ----
    // While one is active on a slave, CPU accesses to it must come through `access`: its windows are closed. A master's
    // state(Archive&) announces its activity again when it reads: a snapshot holds none.
    void begin_activity(BusMaster& master, Slave& slave);
    void end_activity(BusMaster& master, Slave& slave);
    bool is_active(const Slave& slave) const;
    // For a master's own events: all masters on the slave make what starts before `until`, in turns.
    void bring_up(Slave& slave, Tick until);
    std::function<void(const Slave&)> on_activity_changed;      // the bus closes or opens windows
    // One transfer of a paced master (EasyDMA), at or behind `at`.
    void beat(MasterId who, uint32_t address, Tick at);
    // The next CPU data access, whatever it is, comes through `access` (one beat has just taken a slave, a posted
    // write is under way): the CPU closes all its windows once.
    std::function<void()> close_windows_once;

    struct Range {
        uint32_t first, last;
        Slave* slave;
    };
    const std::vector<Range>& ranges() const { return ranges_; }        // sorted, with the local ones
    void state(Archive& archive);

private:
    // Has a master perhaps something to do on it before the CPU, which asks at `at`?
    static bool is_awaited(const Slave& slave, Tick at) {
        if (slave.active.empty()) return false;
        return slave.active.size() > 1 || slave.active.front() == nullptr || slave.active.front()->idle_until <= std::max(at, slave.busy_until);
    }
    Tick arbitrate(Slave& slave, Tick at);
    AccessCost go_before_fetch(Slave& slave, bool is_write, Tick at, AccessCost cost);
    Tick serve_waiting(Slave& slave, Tick start);
    void take_turns(Slave& slave, Tick until);
    bool serve_one(Slave& slave, Tick start);
    void drop_ended();
    void make_before(Slave& slave, Tick until);
    bool goes_in_front_of_beat(Slave& slave, MasterId who, Tick at);
    Grant take_bridge(Slave& slave, bool is_write, Tick at);
    Grant take_flash(Slave& slave, const Region& region, uint32_t address, Tick at, int64_t cycle, AccessCost& cost);
    Grant take(Slave& slave, bool is_write, Tick at);
    Tick occupied_ticks(const Slave& slave, bool is_write, Tick start) const;
    Tick drain(Tick at, AccessCost& cost);
    void post(const Slave& slave, const Grant& grant, Tick at);
    int32_t cycles_of(Tick ticks) const;
    Tick aligned(Tick at) const { return (at + cycle_ticks - 1) / cycle_ticks * cycle_ticks; }
    int64_t cycle_at(Tick at) const {
        const bool is_power = (cycle_ticks & (cycle_ticks - 1)) == 0;          // has_single_bit would be a call
        return is_power ? at >> std::countr_zero(static_cast<uint64_t>(cycle_ticks)) : at / cycle_ticks;
    }

    std::vector<std::unique_ptr<Slave>> slaves_;
    std::vector<Range> ranges_;
    std::vector<std::string> masters_{"cpu data", "cpu fetch"};
    std::map<std::string, int> priorities_;
    std::array<int, max_masters> priority_{};
    class Advance;
    unsigned advancing_ = 0;                // masters are being brought up
    bool has_ended_ = false;                // one of them has meanwhile
    Tick write_buffer_until_ = 0;
    Tick write_buffer_contention_ = 0;      // of its time: behind `write_buffer_holder_`
    MasterId write_buffer_holder_ = 0;
};

}  // namespace tinysim
