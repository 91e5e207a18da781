// Decode once: runs of straight-line code become dense ops. What an instruction costs depends on where the fetch unit
// stands and on its predecessor, so a run is decoded for the boundary that it is entered with (timing/core_model.h) and
// joins a run that is there already as soon as both have the same boundary at the same address. A map per code region
// leads from an address to the op that branches enter. Rewritten code is decoded again (`invalidate`).
// An exact cache decodes the same code without costs: there op_step asks the model in front of each instruction.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "bus/bus.h"
#include "cpu/insn.h"
#include "cpu/op.h"
#include "timing/core_model.h"

namespace tinysim {

// The code region that the CPU branches within: address to entry op without a search.
struct CodeWindow {
    Op** entries = nullptr;              // one per halfword
    uint32_t base = 0;
    uint32_t limit = 0;                  // bytes

    bool contains(uint32_t address) const { return address - base < limit; }
    Op* entry(uint32_t address) const { return contains(address) ? entries[(address - base) / 2] : nullptr; }
};

class CodeCache {
public:
    CodeCache(Bus& bus, const CoreTiming& timing, bool is_exact);

    // The op at `address`, with that boundary and ITSTATE in front of it; never null: an address that cannot be fetched
    // gives an op that faults.
    Op* at(uint32_t address, uint8_t boundary, uint8_t itstate);
    CodeWindow window_of(uint32_t address);
    bool is_full() const { return used_ops_ >= op_limit; }
    void flush();                        // drop everything; only between ops
    void invalidate(const Memory& memory, uint32_t offset, uint32_t count);

    // Observed addresses get a mark op in front; the CPU decides what they mean.
    void watch(uint32_t address);
    bool is_watched(uint32_t address) const { return watched_.contains(address); }

    std::function<bool(uint32_t address)> may_execute;       // the MPU's word; empty: all memory

    // The instruction bytes at an address; false: not fetchable.
    bool fetch(uint32_t address, uint16_t& halfword) const;
    bool decode_at(uint32_t address, bool in_it, Insn& insn) const;

private:
    struct Map {
        const Memory* memory;
        uint32_t base, size;
        std::vector<Op*> entries;
    };
    struct Run;
    static constexpr size_t chunk_ops = 4096;
    static constexpr size_t op_limit = 1'000'000;

    Map* map_of(uint32_t address);
    Op** slot_of(uint32_t address, uint8_t boundary, uint8_t itstate, bool makes);
    Op* known(uint32_t address, uint8_t boundary, uint8_t itstate);
    Op* decode_run(uint32_t address, uint8_t boundary, uint8_t itstate);
    bool decode_next(Run& run);
    void emit_touches(const Run& run, const TimedInsn& timed);
    bool is_behind_branch(const Run& run) const;
    void emit_in_front(const Run& run, const TimedInsn& timed, int32_t stall);
    Op* emit_insn(const Run& run, const TimedInsn& timed, int32_t stall);
    Op* emit(Handler run, const Run& at);
    void reserve(size_t ops);

    Bus& bus_;
    const CoreTiming& timing_;
    const bool is_exact_;
    std::vector<std::unique_ptr<Op[]>> chunks_;
    Op* free_ = nullptr;
    Op* chunk_end_ = nullptr;
    size_t used_ops_ = 0;
    std::deque<TimedInsn> timed_;                        // of op_step
    std::map<uint32_t, Map> maps_;                       // by base: entered by a branch, outside an IT block
    std::map<uint64_t, Op*> inside_;                     // by address, ITSTATE and boundary: all other ways in
    std::unordered_map<uint32_t, int> watched_;
};

}  // namespace tinysim
