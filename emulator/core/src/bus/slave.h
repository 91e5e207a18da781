// One AHB slave with its own arbiter: a memory block or a bridge. Who holds it, until when, and who waited for whom.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tinysim/archive.h"
#include "tinysim/dma_port.h"
#include "tinysim/scheduler.h"

namespace tinysim {

class BusMaster;
// 0 and 1 are the CPU's data and fetch ports; others are numbered as they register with the Matrix.
inline constexpr MasterId cpu_data_master = 0, cpu_fetch_master = 1;
inline constexpr unsigned max_masters = 32;

// local: a port of the CPU alone (CCM of the STM32F4), no other master reaches it.
enum class SlaveKind : uint8_t { ram, flash, ahb, apb, local };

struct Grant {
    Tick start;                 // first tick of the transfer
    Tick waited;                // behind `holder`
    MasterId holder;
};

// One who waited for another at a slave, for the record.
struct Stall {
    uint16_t slave;
    MasterId waiter, holder;
    int64_t ticks;
    void state(Archive& archive) { archive(slave, waiter, holder, ticks); }
};

struct Slave {
    std::string name;
    SlaveKind kind = SlaveKind::ram;
    uint8_t block = 0;          // memory block for load pipelining
    uint16_t number = 0;
    Slave* upstream = nullptr;  // apb: the slave through which the CPU comes to it (AHB1 of the STM32F4); DMA may come direct
    Tick apb_cycle_ticks = 0;   // of a bridge's slow side; 0: as fast as HCLK

    Tick busy_until = 0;
    MasterId holder = 0;        // who has, or last had, it
    Tick begun = 0;             // when it was taken last, and until when it was busy before
    Tick free_before = 0;
    MasterId holder_before = 0; // by whom
    Tick beat_start = never;    // a paced master's beat that the CPU can still overtake (fixed priority)
    std::array<std::array<int64_t, max_masters>, max_masters> stall_ticks{};     // [who waited][for whom]

    std::vector<BusMaster*> active;     // masters that move data here on their own; null: just ended
    bool is_watched = false;            // some are active; without any, CPU accesses may leave no trace in `holder`
    size_t last_served = 0;             // index of the one of them that had it last
    Tick brought_up_to = 0;             // with several: all that started before has been made

    // Takes the slave for `ticks` from `at` on, or from when it is free.
    Grant take(MasterId who, Tick at, Tick ticks) {
        const Tick waited = busy_until > at ? busy_until - at : 0;
        const Grant grant{at + waited, waited, holder};
        if (waited != 0) stall_ticks[who][grant.holder] += waited;
        free_before = busy_until;
        holder_before = holder;
        begun = grant.start;
        busy_until = grant.start + ticks;
        holder = who;
        return grant;
    }
    void state(Archive& archive);       // activity is announced again by the masters' own state
};

}  // namespace tinysim
