// The memory map: memories with their aliases, devices, gap ranges, and the matrix behind it. The CPU reaches plain
// memory through windows (one per 16 KB) and everything else through find() and matrix.access(); the byte port of
// paced DMA masters sees RAM only. Bit-band aliases (DDI 0439 3.7) are regions that stand for one bit of another.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bus/matrix.h"
#include "tinysim/dma_port.h"
#include "tinysim/flash_timing.h"
#include "tinysim/memory.h"
#include "tinysim/node.h"

namespace tinysim {

struct Region {
    uint32_t start = 0;
    uint32_t last = 0;                  // inclusive, so that a region may end at 0xFFFFFFFF
    std::string name;
    Memory* memory = nullptr;
    Device* device = nullptr;           // neither: a gap range
    uint32_t read_wait_cycles = 0;      // of a device on a chip without [bus] slaves: its bridge, seen by the CPU
    uint32_t bit_band_base = 0;         // not 0: an alias, each word of it stands for a bit from here on

    // Which slave serves it, by stretches of 1 << slave_shift bytes; empty: not on the matrix. Bus fills them in.
    uint8_t slave_shift = 31;
    std::vector<Slave*> slaves = {};
    Slave* slave_at(uint32_t address) const { return slaves.empty() ? nullptr : slaves[(address - start) >> slave_shift]; }

    bool contains(uint32_t address) const { return address >= start && address <= last; }
};

// What the CPU's fast path needs of a memory that a page of 16 KB belongs to. A limit of 0 sends all to the slow path.
struct alignas(32) Window {
    uint8_t* bytes = nullptr;
    uint32_t base = 0;
    uint32_t read_limit = 0;            // offsets below it can be read as a word
    uint32_t write_limit = 0;
    uint32_t flash_limit = 0;           // the same, of a flash with wait states: Bus::flash(flash)
    uint8_t block = 0;                  // for loads whose cost counts on the block of the one before
    uint8_t flash = 0;
};

// A flash as a load sees it that its cache may serve at once.
struct FlashPort {
    FlashTiming::Readable* reads;
    const uint8_t* bytes;
    const Slave* slave;                 // null: not on the matrix, or not yet
    bool operator==(const FlashPort&) const = default;
};

// The bit that a bit-band alias address stands for: in the item of the access's size that holds it.
struct BitBandTarget {
    uint32_t address;
    unsigned bit;
};

class Bus final : public DmaPort {
public:
    static constexpr unsigned page_shift = 14;
    Bus();

    Matrix matrix;
    void map_slaves();                  // after slaves have been added behind regions
    void add_bit_band();                // both alias regions
    static BitBandTarget bit_band_target(const Region& alias, uint32_t address, unsigned bytes) {
        const uint32_t byte = alias.bit_band_base + ((address - alias.start) >> 5);
        const uint32_t at = byte & ~(bytes - 1);
        return {at, (byte - at) * 8 + ((address >> 2) & 7)};
    }

    // Returns the name of an overlapping region, or an empty string.
    std::string add(Region region);
    Memory& add_memory(std::unique_ptr<Memory> memory);
    const Region* find(uint32_t address) const {
        const Region* likely = memory_at_[address >> page_shift];
        return likely != nullptr && likely->contains(address) ? likely : search(address);
    }
    bool is_memory(uint32_t address, uint32_t bytes) const;
    Memory* memory(std::string_view name) const;
    const std::vector<Region>& regions() const { return regions_; }
    const std::vector<std::unique_ptr<Memory>>& memories() const { return memories_; }
    void rebuild_windows();             // after a change of map, of code in RAM, of watchpoints
    void watch(uint32_t address);       // the memory there loses its fast path, so that each access is seen
    void unwatch(uint32_t address);
    std::function<void()> on_windows_changed;
    const Window* windows() const { return windows_.data(); }
    const FlashPort& flash(uint8_t number) const { return flashes_[number]; }

    // Host access (loader, debugger, tests): memory only, through the code-change notice.
    bool peek(uint32_t address, uint8_t* out, uint32_t count) const;
    bool poke(uint32_t address, const uint8_t* in, uint32_t count);

    bool reaches(uint32_t address, uint32_t bytes) const override;
    bool read(uint32_t address, uint8_t& byte) override;
    bool write(uint32_t address, uint8_t byte) override;
    MasterId add_master(const std::string& name) override { return matrix.add_master(name); }
    void beat(MasterId who, uint32_t address, Tick at) override { matrix.beat(who, address, at); }
    Matrix* the_matrix() override { return &matrix; }
    DmaTarget target(uint32_t address) override;

private:
    const Region* search(uint32_t address) const;
    void note_memories();
    void map_slaves(Region& region);
    bool is_open(const Region& region) const;
    void open_window(const Region& region, uint32_t page);
    uint8_t flash_number(const Region& region);
    void refresh_windows(const Slave& slave);
    std::vector<Region> regions_;       // sorted by start
    mutable const Region* last_found_ = nullptr;
    std::vector<std::unique_ptr<Memory>> memories_;
    std::vector<const Memory*> watched_;
    std::vector<FlashPort> flashes_;
    std::vector<Window> windows_ = std::vector<Window>(size_t{1} << (32 - page_shift));
    std::vector<const Region*> memory_at_ = std::vector<const Region*>(size_t{1} << (32 - page_shift));  // by page: one that is in it
};

}  // namespace tinysim
