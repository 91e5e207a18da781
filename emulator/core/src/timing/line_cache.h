// The tags of a cache of flash lines: which parts are valid, and who goes first (least recently used in its set). No
// bytes: the memory has them. A line may be valid in parts, each as wide as one read of the array.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "tinysim/archive.h"

namespace tinysim {

struct CacheShape {
    uint32_t lines = 0, ways = 0;           // ways = lines: fully associative
    uint32_t parts = 1;                     // per line, a power of two up to 16
};

// Parts are numbered through the memory from 0.
class LineCache {
public:
    LineCache(CacheShape shape, uint32_t memory_parts)
        : shape_(shape), parts_shift_(static_cast<uint32_t>(std::countr_zero(shape.parts))),
          tags_((memory_parts >> parts_shift_) + 1, 0), slots_(shape.lines, nothing) {}

    bool holds(uint32_t part) const { return ((tags_[part >> parts_shift_] >> bit_of(part)) & 1) != 0; }
    // Of one that it holds.
    void use(uint32_t part) { renew(tags_[part >> parts_shift_], 0); }
    bool use_if_held(uint32_t part) {
        const bool is_held = holds(part);
        if (is_held) use(part);
        return is_held;
    }
    // The same in two steps, for the fast path: where the part has its tag, for as long as the cache lives.
    struct Place {
        uint64_t* tag;
        uint64_t valid;                     // this bit of it says that the part is here
    };
    Place place_of(uint32_t part) { return {&tags_[part >> parts_shift_], uint64_t{1} << bit_of(part)}; }
    void use(uint64_t& tag) { renew(tag, 0); }

    void put(uint32_t part) { put_parts(part >> parts_shift_, uint64_t{1} << bit_of(part)); }
    void put_line(uint32_t part) { put_parts(part >> parts_shift_, (uint64_t{1} << shape_.parts) - 1); }

    void clear() {
        for (uint32_t& line : slots_) forget(line);
    }
    void state(Archive& archive) {
        if (archive.is_reading()) clear();
        for (uint32_t& line : slots_) {
            uint64_t tag = line == nothing ? 0 : tags_[line];
            archive(line, tag);
            if (line != nothing) tags_[line] = tag;
        }
        archive(uses_);
    }

private:
    static constexpr uint32_t nothing = 0xFFFFFFFF;
    static constexpr unsigned valid_bits = 16;
    static constexpr uint64_t valid_mask = (1u << valid_bits) - 1;

    unsigned bit_of(uint32_t part) const { return part & (shape_.parts - 1); }
    void renew(uint64_t& tag, uint64_t valid) { tag = ++uses_ << valid_bits | (tag & valid_mask) | valid; }
    void put_parts(uint32_t line, uint64_t valid) {
        if (tags_[line] == 0) {
            uint32_t& slot = oldest(line);
            forget(slot);
            slot = line;
        }
        renew(tags_[line], valid);
    }
    uint64_t last_use(uint32_t line) const { return line == nothing ? 0 : tags_[line]; }
    uint32_t& oldest(uint32_t line) {
        const auto first = slots_.begin() + line % (shape_.lines / shape_.ways) * shape_.ways;
        return *std::min_element(first, first + shape_.ways,
                                 [this](uint32_t a, uint32_t b) { return last_use(a) < last_use(b); });
    }
    void forget(uint32_t& line) {
        if (line != nothing) tags_[line] = 0;
        line = nothing;
    }

    const CacheShape shape_;
    const uint32_t parts_shift_;
    std::vector<uint64_t> tags_;            // by line of the memory: its last use's number, the valid parts; 0: not here
    std::vector<uint32_t> slots_;           // the lines that are here
    uint64_t uses_ = 0;
};

}  // namespace tinysim
