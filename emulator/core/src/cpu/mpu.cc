#include "cpu/mpu.h"

#include <algorithm>

namespace tinysim {
namespace {

// AP of a region's attributes (B3.5.9): privileged and unprivileged access.
Permission access_of(uint32_t ap, bool privileged) {
    switch (ap) {
        case 1: return privileged ? Permission{true, true, true} : Permission{};
        case 2: return {true, privileged, true};
        case 3: return {true, true, true};
        case 5: return privileged ? Permission{true, false, true} : Permission{};
        case 6: case 7: return {true, false, true};
        default: return {};
    }
}

// The default memory map (B3.1): peripherals, devices and the system space are never executed.
bool executes_by_default(uint32_t address) { return address < 0x4000'0000 || (address >= 0x6000'0000 && address < 0xA000'0000); }

unsigned size_bits(uint32_t attributes) { return ((attributes >> 1) & 31) + 1; }

}  // namespace

void Mpu::reset() {
    control_ = number_ = 0;
    regions_.fill({});
    ++version_;
}

bool Mpu::covers(const Region& region, uint32_t address) const {
    const unsigned bits = size_bits(region.attributes);
    if ((region.attributes & 1) == 0 || bits < 5) return false;
    const uint32_t base = bits == 32 ? 0 : region.base & ~((1u << bits) - 1) & ~31u;
    const uint64_t offset = static_cast<uint64_t>(address) - base;
    if (address < base || offset >> bits != 0) return false;
    if (bits < 8) return true;                                            // no sub-regions
    const unsigned part = static_cast<unsigned>(offset >> (bits - 3));
    return ((region.attributes >> (8 + part)) & 1) == 0;
}

const Mpu::Region* Mpu::region_at(uint32_t address) const {
    for (unsigned i = count_; i-- > 0;)
        if (covers(regions_[i], address)) return &regions_[i];            // the highest number wins
    return nullptr;
}

Permission Mpu::permission(uint32_t address, bool privileged) const {
    if (const Region* region = region_at(address)) {
        Permission access = access_of((region->attributes >> 24) & 7, privileged);
        access.execute = access.read && (region->attributes >> 28 & 1) == 0 && address < 0xE000'0000;
        return access;
    }
    if (!privileged || (control_ & 4) == 0) return {};                    // PRIVDEFENA
    return {true, true, executes_by_default(address)};
}

uint32_t Mpu::same_until(uint32_t address, bool privileged) const {
    const Permission here = permission(address, privileged);
    uint64_t end = 0x1'0000'0000;
    uint64_t at = address;
    // Permissions change only where a (sub-)region begins or ends: walk from edge to edge.
    while (at < end) {
        uint64_t edge = end;
        for (uint64_t map_edge : {0x4000'0000u, 0x6000'0000u, 0xA000'0000u, 0xE000'0000u})
            if (map_edge > at) edge = std::min(edge, map_edge);
        for (unsigned i = 0; i < count_; ++i) {
            const unsigned bits = size_bits(regions_[i].attributes);
            if ((regions_[i].attributes & 1) == 0 || bits < 5) continue;
            const uint64_t base = bits == 32 ? 0 : regions_[i].base & ~((uint64_t{1} << bits) - 1) & ~uint64_t{31};
            const uint64_t step = bits < 8 ? uint64_t{1} << bits : uint64_t{1} << (bits - 3);
            const uint64_t last = base + (uint64_t{1} << bits);
            const uint64_t next = at < base ? base : at < last ? base + ((at - base) / step + 1) * step : end;
            edge = std::min(edge, next);
        }
        if (edge >= end || permission(static_cast<uint32_t>(edge), privileged) != here) return static_cast<uint32_t>(edge - 1);
        at = edge;
    }
    return 0xFFFF'FFFF;
}

// RBAR_A1 to RASR_A3 are plain aliases, so that one STM can program four regions (B3.5.10).
uint32_t Mpu::read(uint32_t offset) const {
    if (count_ == 0) return 0;
    switch (offset) {
        case 0xD90: return count_ << 8;
        case 0xD94: return control_;
        case 0xD98: return number_;
        case 0xD9C: case 0xDA4: case 0xDAC: case 0xDB4: return regions_[number_ & 15].base | (number_ & 15);
        default: return regions_[number_ & 15].attributes;
    }
}

void Mpu::write(uint32_t offset, uint32_t value) {
    if (count_ == 0) return;
    ++version_;
    if (offset == 0xD94) control_ = value & 7;
    else if (offset == 0xD98) number_ = value & 0xFF;
    else if (offset >= 0xD9C && (offset & 7) == 4) {                      // RBAR and its aliases
        if ((value & 16) != 0) number_ = value & 15;
        regions_[number_ & 15].base = value & ~31u;
    } else if (offset >= 0xDA0) {                                         // beyond count_: never looked at
        regions_[number_ & 15].attributes = value & 0x173F'FF3F;
    }
}

}  // namespace tinysim
