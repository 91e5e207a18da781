// Decode once: runs of straight-line code become dense ops; a map per code region leads from an address to the op
// that enters there. What depends on the predecessor (pairing, stalls, folding) is in the dense op; whoever branches
// in enters through a stub that takes it back. Rewritten code is decoded again (`invalidate`).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "bus/bus.h"
#include "cpu/insn.h"
#include "cpu/op.h"
#include "timing/cortex_m4.h"

namespace tinysim {

// The code region that the CPU branches within: address to entry op without a search.
struct CodeWindow {
    Op** entries = nullptr;              // one per halfword
    uint32_t base = 0;
    uint32_t limit = 0;                  // bytes

    Op* entry(uint32_t address) const { return address - base < limit ? entries[(address - base) / 2] : nullptr; }
};

class CodeCache {
public:
    CodeCache(Bus& bus, const CoreTiming& timing);

    // The op to enter at `address`; never null: an address that cannot be fetched gives an op that faults.
    Op* entry(uint32_t address, uint8_t itstate);
    // The op to go on with behind a predecessor that is not executed again: it charges `adjustment` for it. Null: an
    // instruction that the bus never sees, so that it does not matter when the adjustment is charged.
    Op* entry_paired(uint32_t address, int32_t adjustment);
    CodeWindow window_of(uint32_t address);
    // Cycles that `op` costs more (or less) behind its predecessor than when it is entered.
    static int32_t pairing(const Op* op, const Op* entry);
    bool is_full() const { return used_ops_ >= op_limit; }
    void flush();                        // drop everything; only between ops
    void invalidate(const Memory& memory, uint32_t offset, uint32_t count);

    // Observed addresses get a mark op in front; the CPU decides what they mean.
    void watch(uint32_t address);
    bool is_watched(uint32_t address) const { return watched_.contains(address); }

    std::function<bool(uint32_t address)> may_execute;       // the MPU's word; empty: all memory

    // The instruction bytes at an address; false: not fetchable.
    bool fetch(uint32_t address, uint16_t& halfword) const;

private:
    struct Map {
        const Memory* memory;
        uint32_t base, size;
        std::vector<Op*> entries;
    };
    static constexpr size_t chunk_ops = 4096;
    static constexpr size_t op_limit = 1'000'000;

    Map* map_of(uint32_t address);
    Op** slot_of(uint32_t address);
    Op* decode_run(uint32_t address, uint8_t itstate, bool enter_in_map, int32_t first_adjustment = 0);
    Op* emit(Handler run, uint32_t address);
    bool decode_at(uint32_t address, bool in_it, Insn& insn) const;
    void emit_insn(const Insn& insn, int32_t adjustment);
    Op* make_stub(Op* target, int32_t adjustment, uint32_t address);
    void reserve(size_t ops);
    void fuse(Op* first, const Insn& compare, const Insn& branch);

    Bus& bus_;
    const CoreTiming& timing_;
    std::vector<std::unique_ptr<Op[]>> chunks_;
    Op* free_ = nullptr;
    Op* chunk_end_ = nullptr;
    size_t used_ops_ = 0;
    std::map<uint32_t, Map> maps_;                       // by base
    std::unordered_map<uint64_t, Op*> inside_it_;        // address and ITSTATE: returns into an IT block
    std::unordered_map<uint64_t, Op*> paired_;           // address and adjustment
    std::unordered_map<uint32_t, int> watched_;
};

}  // namespace tinysim
