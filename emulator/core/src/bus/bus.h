// The memory map: memories with their aliases, devices, gap ranges. The CPU reaches plain memory through windows
// (one per megabyte) and everything else through find(); DMA masters see RAM only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tinysim/dma_port.h"
#include "tinysim/memory.h"
#include "tinysim/node.h"

namespace tinysim {

struct Region {
    uint32_t start = 0;
    uint32_t last = 0;                  // inclusive, so that a region may end at 0xFFFFFFFF
    std::string name;
    Memory* memory = nullptr;
    Device* device = nullptr;           // neither: a gap range
    uint32_t read_wait_cycles = 0;      // bus bridge, seen by the CPU
    bool contains(uint32_t address) const { return address >= start && address <= last; }
};

// What the CPU's fast path needs of a memory that a megabyte page belongs to. A limit of 0 sends all to the slow path.
struct alignas(32) Window {
    uint8_t* bytes = nullptr;
    uint32_t base = 0;
    uint32_t read_limit = 0;            // offsets below it can be read as a word
    uint32_t write_limit = 0;
};

class Bus final : public DmaPort {
public:
    static constexpr unsigned page_shift = 20;

    // Returns the name of an overlapping region, or an empty string.
    std::string add(Region region);
    Memory& add_memory(std::unique_ptr<Memory> memory);
    const Region* find(uint32_t address) const;
    bool is_memory(uint32_t address, uint32_t bytes) const;
    Memory* memory(std::string_view name) const;
    const std::vector<Region>& regions() const { return regions_; }
    const std::vector<std::unique_ptr<Memory>>& memories() const { return memories_; }
    void rebuild_windows();             // after a change of map, of code in RAM, of watchpoints
    void watch(uint32_t address);       // the memory there loses its fast path, so that each access is seen
    void unwatch(uint32_t address);
    std::function<void()> on_windows_changed;
    const Window* windows() const { return windows_.data(); }

    // Host access (loader, debugger, tests): memory only, through the code-change notice.
    bool peek(uint32_t address, uint8_t* out, uint32_t count) const;
    bool poke(uint32_t address, const uint8_t* in, uint32_t count);

    bool reaches(uint32_t address, uint32_t bytes) const override;
    bool read(uint32_t address, uint8_t& byte) override;
    bool write(uint32_t address, uint8_t byte) override;

private:
    std::vector<Region> regions_;       // sorted by start
    std::vector<std::unique_ptr<Memory>> memories_;
    std::vector<const Memory*> watched_;
    std::vector<Window> windows_ = std::vector<Window>(4096);
};

}  // namespace tinysim
