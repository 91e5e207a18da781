#include "bus/bus.h"

#include <algorithm>

namespace tinysim {

std::string Bus::add(Region region) {
    for (const Region& other : regions_)
        if (region.start <= other.last && other.start <= region.last) return other.name;
    auto place = std::upper_bound(regions_.begin(), regions_.end(), region,
                                  [](const Region& a, const Region& b) { return a.start < b.start; });
    regions_.insert(place, std::move(region));
    rebuild_windows();
    return {};
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

const Region* Bus::find(uint32_t address) const {
    auto after = std::upper_bound(regions_.begin(), regions_.end(), address,
                                  [](uint32_t value, const Region& region) { return value < region.start; });
    if (after == regions_.begin()) return nullptr;
    const Region& region = *(after - 1);
    return region.contains(address) ? &region : nullptr;
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

void Bus::rebuild_windows() {
    std::fill(windows_.begin(), windows_.end(), Window{});
    for (const Region& region : regions_) {
        if (region.memory == nullptr || region.memory->size() < 4) continue;
        if (std::find(watched_.begin(), watched_.end(), region.memory) != watched_.end()) continue;
        const uint32_t limit = region.memory->size() - 3;
        const bool plain_store = region.memory->kind() == MemoryKind::ram && !region.memory->holds_any_code();
        for (uint32_t page = region.start >> page_shift; page <= region.last >> page_shift; ++page) {
            Window& window = windows_[page];
            if (window.bytes != nullptr) continue;           // two memories in one megabyte: the second takes the slow path
            window = {region.memory->data(), region.start, limit, plain_store ? limit : 0};
        }
    }
    if (on_windows_changed) on_windows_changed();
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

}  // namespace tinysim
