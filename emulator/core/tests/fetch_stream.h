// Fetches and reads of a core that never waits for anything else: each access follows the one before as soon as it may.
#pragma once

#include <vector>

#include "device_bench.h"
#include "tinysim/flash_timing.h"

namespace bench {

using tinysim::Cycle;

// Fetches `words` from `offset` on, the first at `at`, each `pace` cycles behind the one before when nothing waits;
// answers the cycle in which the next one would be asked for.
inline Cycle stream(tinysim::FlashTiming& flash, uint32_t offset, int words, Cycle at, int pace = 1) {
    for (int i = 0; i < words; ++i) at += pace + flash.fetch(offset + 4 * static_cast<uint32_t>(i), at).cycles;
    return at;
}
// The waits of the same.
inline std::vector<int> waits(tinysim::FlashTiming& flash, uint32_t offset, int words, Cycle at, int pace = 1) {
    std::vector<int> all;
    for (int i = 0; i < words; ++i) {
        all.push_back(flash.fetch(offset + 4 * static_cast<uint32_t>(i), at).cycles);
        at += pace + all.back();
    }
    return all;
}

// Two flashes set up alike run the same jumps and data reads: one takes the fast path where it may, the other never.
// Answers how many accesses waited differently.
inline int differences_by_touch(tinysim::FlashTiming& fast, tinysim::FlashTiming& exact) {
    constexpr uint32_t size_bytes = 1 << 16, steps = 20'000;
    uint32_t random = 1;
    const auto below = [&random](uint32_t bound) { return ((random = random * 1664525 + 1013904223) >> 8) % bound; };
    int differences = 0;
    Cycle at = 0;
    for (uint32_t step = 0; step < steps; ++step) {
        uint32_t offset = 4 * (below(3) == 0 ? below(size_bytes / 4) : below(300));
        for (uint32_t words = 1 + below(12); words > 0 && offset < size_bytes; --words, offset += 4) {
            const int32_t expected = exact.fetch(offset, at).cycles;
            const bool is_free = fast.is_quiet(at) && fast.touch(offset);
            differences += expected != (is_free ? 0 : fast.fetch(offset, at).cycles);
            at += 1 + expected;
        }
        if (below(4) != 0) continue;
        const uint32_t literal = 4 * below(size_bytes / 4);
        const Cycle address_phase = at - below(3);
        const auto wait = exact.read(literal, address_phase), other = fast.read(literal, address_phase);
        differences += wait.cycles != other.cycles || wait.delays_fetch != other.delays_fetch;
        at += wait.cycles + wait.delays_fetch;
    }
    return differences;
}

}  // namespace bench
