#include "bus/bus.h"

#include <algorithm>
#include <bit>

namespace tinysim {

Bus::Bus() {
    matrix.on_activity_changed = [this](const Slave& slave) { refresh_windows(slave); };
}

std::string Bus::add(Region region) {
    for (const Region& other : regions_)
        if (region.start <= other.last && other.start <= region.last) return other.name;
    auto place = std::upper_bound(regions_.begin(), regions_.end(), region,
                                  [](const Region& a, const Region& b) { return a.start < b.start; });
    map_slaves(region);
    const bool is_memory = region.memory != nullptr;
    last_found_ = nullptr;
    regions_.insert(place, std::move(region));
    note_memories();
    if (is_memory) rebuild_windows();
    return {};
}

void Bus::map_slaves() {
    for (Region& region : regions_) map_slaves(region);
    rebuild_windows();
}

// Stretches as long as all borders of slaves within the region allow; what no slave serves stays null.
void Bus::map_slaves(Region& region) {
    region.slaves.clear();
    region.slave_shift = 31;
    uint32_t borders = 0;
    bool any = false;
    for (const Matrix::Range& range : matrix.ranges()) {
        if (range.last < region.start || range.first > region.last) continue;
        any = true;
        if (range.first > region.start) borders |= range.first - region.start;
        if (range.last < region.last) borders |= range.last + 1 - region.start;
    }
    if (!any) return;
    if (borders != 0) region.slave_shift = static_cast<uint8_t>(std::countr_zero(borders));
    const uint32_t stretches = ((region.last - region.start) >> region.slave_shift) + 1;
    for (uint32_t i = 0; i < stretches; ++i) region.slaves.push_back(matrix.slave_or_local(region.start + (i << region.slave_shift)));
}

void Bus::add_bit_band() {
    add({.start = 0x2200'0000, .last = 0x23FF'FFFF, .name = "bit-band of SRAM", .bit_band_base = 0x2000'0000});
    add({.start = 0x4200'0000, .last = 0x43FF'FFFF, .name = "bit-band of peripherals", .bit_band_base = 0x4000'0000});
}

Memory& Bus::add_memory(std::unique_ptr<Memory> memory) {
    memories_.push_back(std::move(memory));
    Memory& added = *memories_.back();
    added.on_first_code = [this] { rebuild_windows(); };
    return added;
}

Memory* Bus::memory(std::string_view name) const {
    for (const auto& each : memories_)
        if (each->name() == name) return each.get();
    return nullptr;
}

// The regions have moved.
void Bus::note_memories() {
    for (const Region& region : regions_) {
        if (region.memory == nullptr) continue;
        for (uint32_t page = region.start >> page_shift; page <= region.last >> page_shift; ++page) memory_at_[page] = &region;
    }
}

const Region* Bus::search(uint32_t address) const {
    if (last_found_ != nullptr && last_found_->contains(address)) return last_found_;      // the flag that is being polled
    auto after = std::upper_bound(regions_.begin(), regions_.end(), address,
                                  [](uint32_t value, const Region& region) { return value < region.start; });
    if (after == regions_.begin()) return nullptr;
    const Region& region = *(after - 1);
    if (!region.contains(address)) return nullptr;
    return last_found_ = &region;
}

bool Bus::is_memory(uint32_t address, uint32_t bytes) const {
    const Region* region = find(address);
    return region != nullptr && region->memory != nullptr && bytes - 1 <= region->last - address;
}

void Bus::watch(uint32_t address) {
    const Region* region = find(address);
    if (region == nullptr || region->memory == nullptr) return;
    watched_.push_back(region->memory);
    rebuild_windows();
}

void Bus::unwatch(uint32_t address) {
    const Region* region = find(address);
    auto found = std::find(watched_.begin(), watched_.end(), region == nullptr ? nullptr : region->memory);
    if (found == watched_.end()) return;
    watched_.erase(found);
    rebuild_windows();
}

// A memory has windows only where an access costs nothing beyond the core's own cycles (flash: at a hit) and no one must see it.
bool Bus::is_open(const Region& region) const {
    if (region.memory == nullptr || region.memory->size() < 4) return false;
    if (std::find(watched_.begin(), watched_.end(), region.memory) != watched_.end()) return false;
    // Code in RAM meets its data at the slave.
    if (!region.slaves.empty() && region.memory->kind() == MemoryKind::ram && region.memory->holds_any_code()) return false;
    for (const Slave* slave : region.slaves)
        if (slave != nullptr && matrix.is_active(*slave)) return false;
    return true;
}

void Bus::open_window(const Region& region, uint32_t page) {
    Window& window = windows_[page];
    if (window.bytes != nullptr) return;                     // two memories in one page: the second takes the slow path
    const uint32_t limit = region.memory->size() - 3;
    const bool plain_store = region.memory->kind() == MemoryKind::ram && !region.memory->holds_any_code();
    const Slave* slave = region.slave_at(std::max(region.start, page << page_shift));
    const uint8_t block = slave == nullptr ? uint8_t{0} : slave->block;
    if (region.memory->timing != nullptr) window = {region.memory->data(), region.start, 0, 0, limit, block, flash_number(region)};
    else window = {region.memory->data(), region.start, limit, plain_store ? limit : 0, 0, block, 0};
}

uint8_t Bus::flash_number(const Region& region) {
    const FlashPort wanted{&region.memory->timing->readable, region.memory->data(), region.slave_at(region.start)};
    const auto found = std::find(flashes_.begin(), flashes_.end(), wanted);
    if (found != flashes_.end()) return static_cast<uint8_t>(found - flashes_.begin());
    flashes_.push_back(wanted);
    return static_cast<uint8_t>(flashes_.size() - 1);
}

void Bus::rebuild_windows() {
    for (const Region& region : regions_) {
        if (region.memory == nullptr) continue;
        for (uint32_t page = region.start >> page_shift; page <= region.last >> page_shift; ++page) windows_[page] = {};
    }
    for (const Region& region : regions_) {
        if (!is_open(region)) continue;
        for (uint32_t page = region.start >> page_shift; page <= region.last >> page_shift; ++page) open_window(region, page);
    }
    if (on_windows_changed) on_windows_changed();
}

// Only the pages that hold a memory of this slave.
void Bus::refresh_windows(const Slave& slave) {
    bool any = false;
    for (const Region& region : regions_) {
        if (region.memory == nullptr || std::find(region.slaves.begin(), region.slaves.end(), &slave) == region.slaves.end()) continue;
        any = true;
        for (uint32_t page = region.start >> page_shift; page <= region.last >> page_shift; ++page) {
            windows_[page] = {};
            for (const Region& each : regions_)
                if (each.start >> page_shift <= page && page <= each.last >> page_shift && is_open(each)) open_window(each, page);
        }
    }
    if (any && on_windows_changed) on_windows_changed();
}

namespace {
// Memory behind a region: its own, or the flash that stands behind a device's registers (UICR).
Memory* memory_of(const Region* region) {
    if (region == nullptr) return nullptr;
    return region->memory != nullptr ? region->memory : region->device != nullptr ? region->device->memory() : nullptr;
}
}  // namespace

bool Bus::peek(uint32_t address, uint8_t* out, uint32_t count) const {
    for (uint32_t i = 0; i < count; ++i) {
        const Region* region = find(address + i);
        const Memory* memory = memory_of(region);
        if (memory == nullptr || address + i - region->start >= memory->size()) return false;
        out[i] = memory->data()[address + i - region->start];
    }
    return true;
}

bool Bus::poke(uint32_t address, const uint8_t* in, uint32_t count) {
    for (uint32_t done = 0; done < count;) {
        const Region* region = find(address + done);
        Memory* memory = memory_of(region);
        if (memory == nullptr) return false;
        const uint32_t offset = address + done - region->start;
        if (offset >= memory->size()) return false;
        const uint32_t length = std::min(count - done, memory->size() - offset);
        memory->write(offset, in + done, length);
        done += length;
    }
    return true;
}

bool Bus::reaches(uint32_t address, uint32_t bytes) const {
    const Region* region = find(address);
    return region != nullptr && region->memory != nullptr && region->memory->kind() == MemoryKind::ram &&
           (bytes == 0 || bytes - 1 <= region->last - address);
}

bool Bus::read(uint32_t address, uint8_t& byte) {
    if (!reaches(address, 1)) return false;
    const Region* region = find(address);
    byte = region->memory->data()[address - region->start];
    return true;
}

bool Bus::write(uint32_t address, uint8_t byte) {
    if (!reaches(address, 1)) return false;
    const Region* region = find(address);
    region->memory->write(address - region->start, &byte, 1);
    return true;
}

DmaTarget Bus::target(uint32_t address) {
    const Region* region = find(address);
    if (region == nullptr) return {};
    Slave* const slave = region->slave_at(address);
    const bool reaches_it = slave != nullptr && slave->kind != SlaveKind::local;
    return {region->memory, region->device, address - region->start, reaches_it ? slave : nullptr};
}

}  // namespace tinysim
