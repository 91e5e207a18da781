// The exact model of the core: fetch queue and execution together, instruction by instruction, with what each cycle
// went into. The live run (cpu/exact.cc) and `tinysim cycles` feed it; the fast path's costs are the same rules worked
// out at decode time from a Boundary (docs/timing.md).
#pragma once

#include <cstdint>

#include "bus/matrix.h"
#include "timing/cortex_m4.h"
#include "timing/fetch_queue.h"

namespace tinysim {

struct Region;

// What the model needs of an instruction, worked out once.
struct TimedInsn {
    Insn insn;
    int32_t base = 0, taken = 0;        // cycles, not taken and taken
    int32_t adjust = 0;                 // behind the instruction before it
    uint8_t accesses = 0;               // data transfers
    bool overlaps = false;              // `adjust` counts on two loads from one memory block
    bool counts_on_previous = false;    // timed otherwise behind another instruction
    bool is_load = false;               // a single load: the next one may overlap with it
    bool always_taken = false;
    bool branches = false;              // always or on a condition
    bool is_fp = false;
    int8_t restart = 0;                 // cycles until a full fetch queue asks for another word
    bool consumes = false;              // a word leaves the fetch queue
    bool needs_second = false;          // a wide instruction across two words
    bool is_multiple = false;           // an interrupt may abandon it: LDM, STM, divisions, ...
    bool uses_system_bus = false;       // its transfers, as far as the instruction tells

    TimedInsn() = default;
    // `previous` null: nothing to overlap with.
    TimedInsn(const CoreTiming& timing, const Insn& insn, const Insn* previous);
    uint32_t next_address() const { return insn.address + insn.size; }
};

// The state at an instruction boundary while nothing waits. Packed, it tells decoded runs apart; 0: behind a branch.
struct Boundary {
    Fetch fetch = Fetch::streaming;
    uint8_t previous_size = 0;          // 2 or 4 bytes before; 0: its predecessor does not matter; `passed_by`
    uint8_t block = 0;                  // of the load before, if the next one may overlap with it

    // As 0, where it matters that no branch led here: code of a cached memory, whose branch targets ask for three words.
    static constexpr uint8_t passed_by = 6;
    bool has_previous() const { return previous_size == 2 || previous_size == 4; }

    uint8_t packed() const { return static_cast<uint8_t>(static_cast<unsigned>(fetch) | previous_size << 1 | block << 4); }
    static Boundary unpack(uint8_t packed) {
        return {static_cast<Fetch>(packed & 3), static_cast<uint8_t>((packed >> 1) & 6), static_cast<uint8_t>(packed >> 4)};
    }
};
// What an exact cache tells runs apart by: the instruction before.
inline uint8_t exact_boundary(uint8_t packed) {
    const Boundary boundary = Boundary::unpack(packed);
    return Boundary{Fetch::streaming, boundary.has_previous() ? boundary.previous_size : uint8_t{0}, 0}.packed();
}
inline uint8_t packed_after_idle(uint8_t packed, int32_t cycles) {
    return static_cast<uint8_t>((packed & ~3u) | static_cast<unsigned>(idle_cycles(static_cast<Fetch>(packed & 3), cycles)));
}

// Where code is fetched from.
struct CodePort {
    const Region* region = nullptr;
    uint32_t start = 0, last = 0;       // its addresses
    FlashTiming* flash = nullptr;
    Matrix* matrix = nullptr;           // RAM: its slave is arbitrated
    Tick ticks_per_cycle = 1;
    int32_t wait = 0;                   // of every fetch
    bool is_system_bus = false;         // shared with data
    void ask(uint32_t address, Cycle at, FetchWait& result) const {
        if (flash == nullptr || address - start > last - start) {
            result = ask_elsewhere(address, at);
            return;
        }
        const FlashWait waits = flash->fetch(address - start, at);
        result.cycles = wait + waits.cycles;
        result.contention = waits.port;
        result.holder = cpu_data_master;
    }
    FetchWait ask_elsewhere(uint32_t address, Cycle at) const;
};

struct Cost {
    int32_t base = 0, load_store = 0, fetch = 0, flash = 0, contention = 0;
    MasterId holder = 0;
    int32_t total() const { return base + load_store + fetch + flash + contention; }
};

// What the data side of one instruction cost beyond zero wait states, added up over its transfers.
struct DataCost {
    int32_t cycles = 0, flash = 0, contention = 0;
    MasterId holder = 0;
    uint8_t block = 0;
    void add(const AccessCost& cost) {
        cycles += cost.cycles;
        flash += cost.flash;
        contention += cost.contention;
        if (cost.contention != 0) holder = cost.holder;
        block = cost.block;
    }
};

class CoreModel {
public:
    explicit CoreModel(const CoreTiming& timing) : timing_(timing) {}

    CodePort port;
    bool is_sequential(uint32_t address) const { return address == expected_; }
    // Something else than a branch led here: entered anew, e.g. by an exception. `start`: zero waits assumed.
    void branch(uint32_t address, Cycle start);
    // From the fast path: a boundary without waits; `asks_again`: the last fetch of the queue turns out to be no hit.
    void settle(uint32_t address, Boundary boundary, Cycle now, bool asks_again);
    // In front of an instruction; answers the cycles it waits for its fetch. The wait is part of its cost.
    int32_t begin(const TimedInsn& insn, Cycle now) {
        begun_ = &insn;
        const Cycle usable = queue_.usable(insn.needs_second);
        stall_ = usable > now && timing_.fetch_queue != 0 ? static_cast<int32_t>(usable - now) : 0;
        if (stall_ != 0) kept_wait_ = queue_.wait_of(insn.needs_second);
        issue_ = now + stall_;
        if (insn.is_fp) queue_before_ = queue_;
        if (!insn.branches) consume(insn);
        return stall_;
    }
    // It cannot issue yet: the FPU is busy for `wait` more cycles, which its handler charges.
    void delay(int32_t wait);
    // A data read went before fetches from flash that were asked for ahead of their time.
    void postpone(int32_t cycles) { queue_.postpone(cycles); }
    // Behind it: `extra` cycles that its handler charged (waits, divisions), as `data` splits them.
    int32_t finish(const TimedInsn& insn, int32_t extra, const DataCost& data, bool taken, bool skipped) {
        own_ = skipped ? 1 : taken ? insn.taken : insn.base;
        if (!skipped && !previous_skipped_) {
            own_ += insn.adjust;
            if (insn.overlaps && data.block != block_) ++own_;
        }
        if (!taken) {
            if (insn.branches) consume(insn);
            if (own_ + extra == 0) queue_.gain_cycle();
            if (port.is_system_bus && insn.uses_system_bus && !skipped) queue_.hold(issue_, insn.accesses);
        }
        expected_ = taken ? 1 : insn.next_address();
        block_ = insn.is_load && !skipped ? data.block : 0;
        previous_skipped_ = skipped;
        return stall_ + own_ + extra;
    }
    // What the cycles of the instruction just finished went into.
    Cost split(const TimedInsn& insn, int32_t extra, const DataCost& data, bool skipped) const;
    // When the first instruction behind `branch` has been fetched.
    Cycle ready(bool needs_second) const { return queue_.usable(needs_second); }
    // Only an instruction at another address can follow.
    void leave() { expected_ = 1; }
    // No transfer is under way that a branch which starts at `start` would wait for.
    bool is_quiet(Cycle start) const { return queue_.free_at(start - 2) == start - 2; }
    void state(Archive& archive);

private:
    // The instruction's word leaves the queue. A branch lets it leave once it is known not to be taken.
    void consume(const TimedInsn& insn) {
        if (insn.consumes) queue_.consume(issue_, insn.restart, [this](uint32_t word, Cycle at, FetchWait& wait) { port.ask(word, at, wait); });
    }

    const CoreTiming& timing_;
    FetchQueue queue_, queue_before_;   // before an FP instruction took its word
    uint32_t expected_ = 1;             // odd: none
    const TimedInsn* begun_ = nullptr;
    Cycle issue_ = 0;
    FetchWait kept_wait_;               // of the fetch that the instruction begun waited for
    int32_t stall_ = 0, own_ = 0;
    uint8_t block_ = 0;
    bool previous_skipped_ = false;
};

}  // namespace tinysim
