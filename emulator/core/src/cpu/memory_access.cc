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

template <typename T>
uint32_t load_item(const uint8_t* at) {
    T item;
    std::memcpy(&item, at, sizeof item);
    return item;
}

uint32_t load_bytes(const uint8_t* at, unsigned bytes) {
    uint32_t value = 0;
    for (unsigned i = 0; i < bytes; ++i) value |= static_cast<uint32_t>(at[i]) << (8 * i);
    return value;
}

// Most of what comes here: an aligned access to memory. Null: the long way.
inline const Region* plain_memory(const Bus& bus, uint32_t address, unsigned bytes) {
    if ((address & (bytes - 1)) != 0) return nullptr;
    const Region* region = bus.find(address);
    return region != nullptr && region->memory != nullptr && bytes - 1 <= region->last - address ? region : nullptr;
}

// How many bus transfers an unaligned access splits into, less one (docs/timing.md A1.5).
int32_t extra_transfers(uint32_t address, unsigned bytes) {
    if (bytes == 4) return (address & 3) == 0 ? 0 : (address & 1) == 0 ? 1 : 2;
    return bytes == 2 && (address & 1) != 0 ? 1 : 0;
}

}  // namespace

// Faults unless aligned: LDM, LDRD, exclusives always; single accesses with CCR.UNALIGN_TRP.
int32_t Cpu::watch_alignment(uint32_t address, uint32_t mask, int32_t cycles_left) {
    if ((address & mask) != 0) fault(usage_fault, unaligned);
    return cycles_left;
}

// An access to memory and, if it is unaligned, the transfers that it splits into.
void Cpu::charge_memory(const Region& region, uint32_t address, unsigned bytes, bool is_write, int32_t extra, int32_t& cycles_left) {
    charge(data_access(region, address, bytes, is_write, cycles_left), cycles_left);
    for (int32_t i = 0; i < extra; ++i) {
        charge(data_access(region, address & ~3u, bytes, is_write, cycles_left), cycles_left);
        charge({1, 0, 0, 0, data_cost.block}, cycles_left);
    }
}

Loaded Cpu::slow_load(uint32_t address, unsigned bytes, int32_t cycles_left) {
    const bool is_unseen = view_ == open_view && tracer == nullptr && watchpoints_.empty();
    if (const Region* region = is_unseen ? plain_memory(bus, address, bytes) : nullptr) [[likely]] {
        AccessCost cost;
        if (!windows_closed_once && bus.matrix.load_from_flash(*region, address, now_at(cycles_left) + beat * ticks_per_cycle,
                                                               cycle_at(cycles_left) + beat, cost))
            ++beat;
        else
            cost = data_access(*region, address, bytes, false, cycles_left);
        charge(cost, cycles_left);
        const uint8_t* at = region->memory->data() + (address - region->start);
        return {bytes == 4 ? load_item<uint32_t>(at) : bytes == 2 ? load_item<uint16_t>(at) : *at, cycles_left};
    }
    const int32_t extra = extra_transfers(address, bytes);
    if (extra != 0 && system->traps_unaligned()) {
        fault(usage_fault, unaligned);
        return {0, cycles_left};
    }
    if (!may_access(address, bytes, false)) {
        fault(mem_manage, daccviol | mmarvalid, address);
        return {0, cycles_left};
    }
    const Region* region = bus.find(address);
    if (region != nullptr && region->memory != nullptr && bytes - 1 <= region->last - address) {
        charge_memory(*region, address, bytes, false, extra, cycles_left);
        const uint32_t value = load_bytes(region->memory->data() + (address - region->start), bytes);
        if (tracer != nullptr) tracer->access(TraceWriter::Kind::memory_read, address, value, bytes);
        return {value, note_access(address, bytes, Watch::read, cycles_left)};
    }
    if (extra != 0) {                                       // a device, or across a boundary: byte by byte
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
    if (is_system_control(address, region)) {
        if (!accesses_as_privileged() && !system->unprivileged_may_read(address)) {
            fault(bus_fault, preciserr | bfarvalid, address);
            return {0, cycles_left};
        }
        const uint32_t value = system->read(address, bytes, cycles_left);
        cut_slice(cycles_left);
        return {value, cycles_left};
    }
    if (region == nullptr) {
        fault(bus_fault, preciserr | bfarvalid, address);
        return {0, cycles_left};
    }
    uint32_t value = 0;
    int32_t waited = cycles_left;
    charge(data_access(*region, address, bytes, false, cycles_left), waited);
    if (region->device != nullptr) {
        value = region->device->read(address - region->start, bytes);
        if (region->device->take_refusal()) fault(bus_fault, preciserr | bfarvalid, address);
    }
    if (region->device == nullptr || region->device->take_gap()) log.gap(address, op->address(), false);
    if (tracer != nullptr) tracer->access(TraceWriter::Kind::io_read, address, value, bytes);
    cycles_left = note_access(address, bytes, Watch::read, waited);
    cut_slice(cycles_left);
    return {value, cycles_left};
}

int32_t Cpu::slow_store(uint32_t address, uint32_t value, unsigned bytes, int32_t cycles_left) {
    const bool is_unseen = view_ == open_view && tracer == nullptr && watchpoints_.empty();
    if (const Region* region = is_unseen ? plain_memory(bus, address, bytes) : nullptr;
        region != nullptr && region->memory->kind() == MemoryKind::ram) {
        charge(data_access(*region, address, bytes, true, cycles_left), cycles_left);
        uint8_t raw[4];
        std::memcpy(raw, &value, sizeof raw);
        region->memory->write(address - region->start, raw, bytes);
        return cycles_left;
    }
    const int32_t extra = extra_transfers(address, bytes);
    if (extra != 0 && system->traps_unaligned()) {
        fault(usage_fault, unaligned);
        return cycles_left;
    }
    if (!may_access(address, bytes, true)) {
        fault(mem_manage, daccviol | mmarvalid, address);
        return cycles_left;
    }
    const Region* region = bus.find(address);
    const bool inside = region != nullptr && bytes - 1 <= region->last - address;
    if (inside && region->memory != nullptr && region->memory->kind() == MemoryKind::ram) {
        const uint8_t raw[4] = {static_cast<uint8_t>(value), static_cast<uint8_t>(value >> 8),
                                static_cast<uint8_t>(value >> 16), static_cast<uint8_t>(value >> 24)};
        charge_memory(*region, address, bytes, true, extra, cycles_left);
        if (tracer != nullptr) tracer->access(TraceWriter::Kind::memory_write, address, value, bytes);
        region->memory->write(address - region->start, raw, bytes);
        return note_access(address, bytes, Watch::write, cycles_left);
    }
    if (extra != 0) {
        for (unsigned i = 0; i < bytes && !access_faulted(); ++i)
            cycles_left = slow_store(address + i, (value >> (8 * i)) & 0xFF, 1, cycles_left);
        return cycles_left;
    }
    if (region != nullptr && region->bit_band_base != 0) return store_bit(*region, address, value, bytes, cycles_left);
    scheduler.set_now(now_at(cycles_left));
    int32_t waited = cycles_left;
    if (region != nullptr && !is_system_control(address, region)) charge(data_access(*region, address, bytes, true, cycles_left), waited);
    if (tracer != nullptr) tracer->access(TraceWriter::Kind::io_write, address, value, bytes);
    if (is_system_control(address, region)) {
        if (!accesses_as_privileged() && !system->unprivileged_may_write(address)) {
            fault(bus_fault, preciserr | bfarvalid, address);
            return cycles_left;
        }
        system->write(address, value, bytes, cycles_left);
        waited = cycles_left;
    } else if (region == nullptr) {
        // The write buffer has let the instruction go: an imprecise fault, no address.
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
    cycles_left = note_access(address, bytes, Watch::write, waited);
    cut_slice(cycles_left);
    return cycles_left;
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
    if (region != nullptr && region->memory != nullptr && bytes - 1 <= region->last - target.address) {
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
