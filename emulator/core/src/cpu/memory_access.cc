// The CPU's slow path to memory: devices, unaligned accesses, code in RAM, flash controllers, gaps, faults.
// DDI 0403 A3.2 (alignment) and B3.1 (the system address map).
#include <cstring>

#include "cpu/cpu.h"
#include "cpu/system_control.h"
#include "trace/writer.h"

namespace tinysim {
namespace {

// The private peripherals of the core; the chip may have devices of its own among them (DBGMCU).
bool is_system_control(uint32_t address, const Region* region) {
    return address >= 0xE000'0000 && address < 0xE010'0000 && (region == nullptr || region->device == nullptr);
}

uint32_t load_bytes(const uint8_t* at, unsigned bytes) {
    uint32_t value = 0;
    if (bytes == 4) std::memcpy(&value, at, 4);             // known sizes become single moves
    else if (bytes == 2) std::memcpy(&value, at, 2);
    else value = *at;
    return value;
}

bool is_within_memory(const Region* region, uint32_t address, unsigned bytes) {
    return region != nullptr && region->memory != nullptr && bytes - 1 <= region->last - address;
}

// How many bus transfers an unaligned access splits into, less one (docs/timing.md A1.5).
int32_t extra_transfers(uint32_t address, unsigned bytes) {
    if (bytes == 4) return (address & 3) == 0 ? 0 : (address & 1) == 0 ? 1 : 2;
    return bytes == 2 && (address & 1) != 0 ? 1 : 0;
}

}  // namespace

AccessCost Cpu::data_access(const Region& region, uint32_t address, bool is_write, int32_t cycles_left) {
    if (windows_closed_once) {
        windows_closed_once = false;
        use_memory(view_);
    }
    const Tick at = now_at(cycles_left) + beat * ticks_per_cycle;
    return bus.matrix.access(region, address, is_write, at, cycle_at(cycles_left) + beat++);
}

void Cpu::charge(const AccessCost& cost, int32_t& cycles_left) {
    data_cost.add(cost);
    late += cost.cycles;
    cycles_left -= cost.cycles;
    if (cost.delays_fetch != 0 && is_exact) model.postpone(cost.delays_fetch);
}

void Cpu::close_windows_once() {
    static const std::vector<Window> closed(size_t{1} << (32 - Bus::page_shift));
    windows = closed.data();
    windows_closed_once = true;
}

// Faults unless aligned: LDM, LDRD, exclusives always; single accesses with CCR.UNALIGN_TRP.
int32_t Cpu::watch_alignment(uint32_t address, uint32_t mask, int32_t cycles_left) {
    if ((address & mask) != 0) fault(usage_fault, unaligned);
    return cycles_left;
}

// May the instruction make this access at all? It has faulted if not.
bool Cpu::allows(uint32_t address, unsigned bytes, bool is_write) {
    if ((address & (bytes - 1)) != 0 && system->traps_unaligned()) fault(usage_fault, unaligned);
    else if (!may_access(address, bytes, is_write)) fault(mem_manage, daccviol | mmarvalid, address);
    else return true;
    return false;
}

// The commonest of the accesses that may have to wait: an aligned one to a RAM that other masters use. False: not charged.
inline bool Cpu::charge_ram(const Region& region, uint32_t address, bool is_write, int32_t& cycles_left) {
    Slave* const slave = region.slave_at(address);
    if (is_exact || windows_closed_once || slave == nullptr || slave->kind != SlaveKind::ram) return false;
    const int32_t cycles = bus.matrix.access_ram(*slave, is_write, now_at(cycles_left) + beat * ticks_per_cycle);
    if (cycles < 0) return false;
    ++beat;
    data_cost.block = slave->block;
    late += cycles;
    cycles_left -= cycles;
    return true;
}

// An access to memory and, if it is unaligned, the transfers that it splits into.
inline void Cpu::charge_memory(const Region& region, uint32_t address, unsigned bytes, bool is_write, int32_t& cycles_left) {
    if ((address & (bytes - 1)) == 0 && charge_ram(region, address, is_write, cycles_left)) return;
    charge(data_access(region, address, is_write, cycles_left), cycles_left);
    for (int32_t i = extra_transfers(address, bytes); i > 0; --i) {
        charge(data_access(region, address & ~3u, is_write, cycles_left), cycles_left);
        charge({1, 0, 0, 0, data_cost.block}, cycles_left);
    }
}

Loaded Cpu::slow_load(uint32_t address, unsigned bytes, int32_t cycles_left) {
    if (!is_always_allowed(address, bytes) && !allows(address, bytes, false)) return {0, cycles_left};
    const Region* region = bus.find(address);
    if (is_within_memory(region, address, bytes)) [[likely]] {
        charge_memory(*region, address, bytes, false, cycles_left);
        const uint32_t value = load_bytes(region->memory->data() + (address - region->start), bytes);
        if (tracer != nullptr) tracer->access(TraceWriter::Kind::memory_read, address, value, bytes);
        return {value, watchpoints_.empty() ? cycles_left : note_access(address, bytes, Watch::read, cycles_left)};
    }
    if (extra_transfers(address, bytes) != 0) {             // a device, or across a boundary: byte by byte
        uint32_t value = 0;
        for (unsigned i = 0; i < bytes && !access_faulted(); ++i) {
            const Loaded one = slow_load(address + i, 1, cycles_left);
            value |= (one.value & 0xFF) << (8 * i);
            cycles_left = one.cl;
        }
        return {value, cycles_left};
    }
    if (region != nullptr && region->bit_band_base != 0) return load_bit(*region, address, bytes, cycles_left);
    scheduler.set_now(now_at(cycles_left));
    if (is_system_control(address, region)) return load_private(address, bytes, cycles_left);
    if (region != nullptr) return load_device(*region, address, bytes, cycles_left);
    fault(bus_fault, preciserr | bfarvalid, address);
    return {0, cycles_left};
}

Loaded Cpu::load_private(uint32_t address, unsigned bytes, int32_t cycles_left) {
    if (!accesses_as_privileged() && !system->unprivileged_may_read(address)) {
        fault(bus_fault, preciserr | bfarvalid, address);
        return {0, cycles_left};
    }
    const uint32_t value = system->read(address, bytes, cycles_left);
    cut_slice(cycles_left);
    return {value, cycles_left};
}

// A device or a gap.
Loaded Cpu::load_device(const Region& region, uint32_t address, unsigned bytes, int32_t cycles_left) {
    uint32_t value = 0;
    charge(data_access(region, address, false, cycles_left), cycles_left);
    if (region.device != nullptr) {
        value = region.device->read(address - region.start, bytes);
        if (region.device->take_refusal()) fault(bus_fault, preciserr | bfarvalid, address);
    }
    if (region.device == nullptr || region.device->take_gap()) log.gap(address, op->address(), false);
    if (tracer != nullptr) tracer->access(TraceWriter::Kind::io_read, address, value, bytes);
    cycles_left = note_access(address, bytes, Watch::read, cycles_left);
    cut_slice(cycles_left);
    return {value, cycles_left};
}

int32_t Cpu::slow_store(uint32_t address, uint32_t value, unsigned bytes, int32_t cycles_left) {
    if (!is_always_allowed(address, bytes) && !allows(address, bytes, true)) return cycles_left;
    const Region* region = bus.find(address);
    if (is_within_memory(region, address, bytes) && region->memory->kind() == MemoryKind::ram) [[likely]] {
        charge_memory(*region, address, bytes, true, cycles_left);
        if (tracer != nullptr) tracer->access(TraceWriter::Kind::memory_write, address, value, bytes);
        uint8_t raw[4];
        std::memcpy(raw, &value, sizeof raw);
        region->memory->write(address - region->start, raw, bytes);
        return note_access(address, bytes, Watch::write, cycles_left);
    }
    if (extra_transfers(address, bytes) != 0) {
        for (unsigned i = 0; i < bytes && !access_faulted(); ++i)
            cycles_left = slow_store(address + i, (value >> (8 * i)) & 0xFF, 1, cycles_left);
        return cycles_left;
    }
    if (region != nullptr && region->bit_band_base != 0) return store_bit(*region, address, value, bytes, cycles_left);
    scheduler.set_now(now_at(cycles_left));
    const bool is_private = is_system_control(address, region);
    int32_t waited = cycles_left;                           // time stands still for devices until the access is over
    if (region != nullptr && !is_private) charge(data_access(*region, address, true, cycles_left), waited);
    if (tracer != nullptr) tracer->access(TraceWriter::Kind::io_write, address, value, bytes);
    if (!is_private) store_device(region, address, value, bytes);
    else if (!store_private(address, value, bytes, waited)) return waited;
    cycles_left = note_access(address, bytes, Watch::write, waited);
    cut_slice(cycles_left);
    return cycles_left;
}

bool Cpu::store_private(uint32_t address, uint32_t value, unsigned bytes, int32_t& cycles_left) {
    if (!accesses_as_privileged() && !system->unprivileged_may_write(address)) {
        fault(bus_fault, preciserr | bfarvalid, address);
        return false;
    }
    system->write(address, value, bytes, cycles_left);
    return true;
}

// A device, a gap, flash, nobody. The write buffer has let the instruction go: faults are imprecise, without an address.
void Cpu::store_device(const Region* region, uint32_t address, uint32_t value, unsigned bytes) {
    if (region == nullptr) {
        system->note_imprecise_fault();
    } else if (region->memory != nullptr) {
        const bool accepted = region->memory->on_store && region->memory->on_store(address - region->start, value, bytes);
        if (!accepted) system->note_imprecise_fault();
    } else if (region->device != nullptr) {
        region->device->write(address - region->start, value, bytes);
        if (region->device->take_refusal()) system->note_imprecise_fault();
        if (region->device->take_gap()) log.gap(address, op->address(), true);
    } else {
        log.gap(address, op->address(), true);
    }
}

// Bit-band aliases (DDI 0403 B3.1.1): a word there is a bit of the memory or register behind it.
Loaded Cpu::load_bit(const Region& alias, uint32_t address, unsigned bytes, int32_t cycles_left) {
    const BitBandTarget target = Bus::bit_band_target(alias, address, bytes);
    const Loaded loaded = slow_load(target.address, bytes, cycles_left);
    return {(loaded.value >> target.bit) & 1, loaded.cl};
}

// A read and a write that nothing comes between; the read is part of the write's bus time.
int32_t Cpu::store_bit(const Region& alias, uint32_t address, uint32_t value, unsigned bytes, int32_t cycles_left) {
    const BitBandTarget target = Bus::bit_band_target(alias, address, bytes);
    const Region* region = bus.find(target.address);
    uint32_t before = 0;
    if (is_within_memory(region, target.address, bytes)) {
        before = load_bytes(region->memory->data() + (target.address - region->start), bytes);
    } else if (region != nullptr && region->device != nullptr) {
        scheduler.set_now(now_at(cycles_left));
        before = region->device->read(target.address - region->start, bytes);
    }
    const uint32_t mask = 1u << target.bit;
    const uint32_t after = (before & ~mask) | ((value & 1) != 0 ? mask : 0);
    cycles_left = slow_store(target.address, after, bytes, cycles_left);
    if (region != nullptr) bus.matrix.lengthen_write(*region, target.address);
    return cycles_left;
}

}  // namespace tinysim
