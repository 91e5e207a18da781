// A small chip around the bus matrix, without a CPU, and a master that wants one slave again and again.
#pragma once

#include "bus/bus.h"
#include "device_bench.h"
#include "tinysim/flash_timing.h"

namespace bench {

using namespace tinysim;

inline constexpr Tick cycle = 8;
inline constexpr uint32_t ram0 = 0x2000'0000, ram1 = 0x2000'2000, code_ram = 0x0080'0000, apb = 0x4000'0000, gpio = 0x5000'0000;

// Two banks with their alias, a bridge at a quarter of HCLK, an AHB block, flash.
struct Chip {
    Bus bus;
    Matrix& matrix = bus.matrix;
    int closed = 0;
    explicit Chip(bool round_robin) {
        matrix.cycle_ticks = cycle;
        matrix.cpu_wins_ties = !round_robin;
        for (int bank : {0, 1}) {
            Slave& slave = matrix.add_slave("ram" + std::to_string(bank), ram0 + bank * 0x2000, ram0 + bank * 0x2000 + 0x1FFF, 0);
            matrix.add_range(slave, code_ram + bank * 0x2000, code_ram + bank * 0x2000 + 0x1FFF);
        }
        matrix.add_slave("apb", apb, apb + 0xFFFF, 0, SlaveKind::apb).apb_cycle_ticks = 4 * cycle;
        matrix.add_slave("ahb", gpio, gpio + 0xFFFF, 0, SlaveKind::ahb);
        matrix.add_slave("flash", 0, 0xFFFF, 0, SlaveKind::flash);
        Memory& ram = bus.add_memory(std::make_unique<Memory>("ram", 0x4000, MemoryKind::ram, 0));
        Memory& flash = bus.add_memory(std::make_unique<Memory>("flash", 0x1'0000, MemoryKind::flash, 0xFF));
        bus.add({.start = ram0, .last = ram0 + 0x3FFF, .name = "ram", .memory = &ram});
        bus.add({.start = code_ram, .last = code_ram + 0x3FFF, .name = "ram", .memory = &ram});
        bus.add({.start = 0, .last = 0xFFFF, .name = "flash", .memory = &flash});
        bus.add({.start = apb, .last = apb + 0xFFFF, .name = "devices"});
        bus.add({.start = gpio, .last = gpio + 0xFFFF, .name = "port"});
        matrix.close_windows_once = [this] { ++closed; };
    }
    AccessCost access(uint32_t address, bool is_write, Tick at_cycle) {
        return matrix.access(*bus.find(address), address, is_write, at_cycle * cycle);
    }
    int read(uint32_t address, Tick at_cycle) { return access(address, false, at_cycle).cycles; }
    int write(uint32_t address, Tick at_cycle) { return access(address, true, at_cycle).cycles; }
    int64_t stalled(const char* slave, MasterId waiter, MasterId holder) {
        return matrix.slave(slave)->stall_ticks[waiter][holder] / cycle;
    }
    bool is_open(uint32_t address) { return bus.windows()[address >> Bus::page_shift].read_limit != 0; }
    unsigned block_of(uint32_t address) { return bus.windows()[address >> Bus::page_shift].block; }
};

// Wants one slave once every `pace` cycles.
struct Stream : BusMaster {
    Matrix& matrix;
    Slave& slave;
    MasterId id;
    Tick wanted, pace;
    int made = 0;
    Stream(Matrix& matrix_, const char* name, Slave& slave_, Tick first, Tick pace_cycles)
        : matrix(matrix_), slave(slave_), id(matrix_.add_master(name)), wanted(first * cycle), pace(pace_cycles * cycle) {
        matrix.begin_activity(*this, slave);
    }
    void advance_to(Tick until) override {
        while (std::max(wanted, slave.busy_until) < until) {
            wanted = slave.take(id, wanted, cycle).start + std::max(pace, cycle);
            ++made;
        }
    }
};

}  // namespace bench
