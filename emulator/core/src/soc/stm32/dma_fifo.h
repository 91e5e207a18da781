// A DMA stream's FIFO of four words (RM0090 10.3.13): bytes in the order of time, so that it packs and unpacks by itself.
// Data are put in and looked at when a beat takes its slave; they count when the beat ends.
#pragma once

#include <array>
#include <cstring>

#include "tinysim/archive.h"

namespace tinysim::stm32::dma {

class Fifo {
public:
    static constexpr uint32_t bytes = 16;

    uint32_t level() const { return level_; }
    uint32_t space() const { return bytes - level_; }
    void clear() { head_ = level_ = 0; }

    void put(uint32_t behind, const uint8_t* from, uint32_t count) {        // `behind` bytes after the last that counts
        const uint32_t at = (head_ + level_ + behind) % bytes;
        if (at + count <= bytes) copy(&ring_[at], from, count);
        else for (uint32_t i = 0; i < count; ++i) ring_[(at + i) % bytes] = from[i];
    }
    void look(uint32_t ahead, uint8_t* to, uint32_t count) const {          // `ahead` bytes after the first
        const uint32_t at = (head_ + ahead) % bytes;
        if (at + count <= bytes) copy(to, &ring_[at], count);
        else for (uint32_t i = 0; i < count; ++i) to[i] = ring_[(at + i) % bytes];
    }
    void pushed(uint32_t count) { level_ += count; }
    void popped(uint32_t count) {
        head_ = (head_ + count) % bytes;
        level_ -= count;
    }
    // SxFCR.FS: below 1/4, 1/2, 3/4, full; 4 empty, 5 full.
    uint32_t status() const { return level_ == 0 ? 4 : level_ == bytes ? 5 : level_ / 4; }
    void state(Archive& archive) { archive(ring_, head_, level_); }

private:
    static void copy(uint8_t* to, const uint8_t* from, uint32_t count) {    // known sizes become single moves
        if (count == 4) std::memcpy(to, from, 4);
        else if (count == 2) std::memcpy(to, from, 2);
        else for (uint32_t i = 0; i < count; ++i) to[i] = from[i];
    }
    std::array<uint8_t, bytes> ring_{};
    uint32_t head_ = 0, level_ = 0;
};

}  // namespace tinysim::stm32::dma
