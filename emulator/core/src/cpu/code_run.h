// What decoding knows while it works on a run: code_cache.cc and code_front.cc only.
#pragma once

#include "cpu/code_cache.h"

namespace tinysim {

// A run as it is being decoded: where it is, and what the last instruction leaves behind.
struct CodeCache::Run {
    uint32_t address;
    Boundary boundary;
    uint8_t it;
    const Region* region;
    Op* last = nullptr;                  // of the instruction before, in this run
    Fetch fetch_behind = Fetch::streaming;      // of the last op, as its cost has it
    bool has_previous = false;
    Insn previous = {};
    bool is_first() const { return last == nullptr; }
    // The first cycle of an instruction, behind the one that it waited for its second half.
    Fetch fetch_after(const TimedInsn& timed, bool stalls) const {
        const Fetch before = stalls ? idle_cycle(boundary.fetch) : boundary.fetch;
        return timed.consumes ? consuming_cycle(before, timed.restart) : idle_cycle(before);
    }
    bool is_cached() const { return region != nullptr && region->memory->timing != nullptr; }
};

}  // namespace tinysim
