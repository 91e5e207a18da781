// The flash interface of STM32F4 (ART, RM0090 3) and STM32L4, L4+ (RM0351 3, RM0432 3): one read port for both buses, a
// buffer with the current instruction line, a prefetch of the next one, an instruction and a data cache. What differs
// between them is the geometry: art.h, l4_flash.h. A read of the array takes LATENCY + 1 cycles and is never broken off;
// what it read enters the instruction cache when it was asked for, a prefetched line when it is used.
// Not modelled: the other bank's reads going on while one bank is programmed; stale lines after an erase.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "tinysim/flash_timing.h"
#include "timing/line_cache.h"
#include "timing/read_port.h"

namespace tinysim {

// Of the chip's .toml, section [flash], with flash_ in front of each name.
struct Stm32FlashParameters {
    int64_t read_bytes;                 // one read of the array
    int64_t line_bytes;                 // of a cache line: one or several reads
    int64_t icache_lines, dcache_lines; // fully associative, least recently used goes
    int64_t port_shared = 1;            // a fetch and a data read meet at the array; 0: each bus has a port of its own
    int64_t data_buffer;                // data reads from the last read's bytes are free without the cache, too
    int64_t prefetch_on_hit = 0;        // a line from the cache starts a prefetch of the next one if that is not there
    int64_t refill_whole_line = 0;      // a miss reads the whole cache line; 0: just what one read of the array gives
    int64_t critical_word_first = 1;    // a whole line: begins with what was asked for
    int64_t refill_beat_cycles = 0;     // a whole line: cycles of each read behind the first; 0: LATENCY + 1
};
using ChipNumbers = std::map<std::string, int64_t>;
Stm32FlashParameters with_chip_numbers(Stm32FlashParameters otherwise, const ChipNumbers& chip);
// Empty, or what is wrong with them: they must be powers of two that the model can hold.
std::string check(const Stm32FlashParameters& parameters);

struct FlashAccess {                    // FLASH_ACR
    int32_t latency = 0;
    bool prefetch = false, icache = false, dcache = false;
};

class Stm32Flash final : public FlashTiming {
public:
    Stm32Flash(const Stm32FlashParameters& parameters, uint32_t memory_bytes);

    void configure(const FlashAccess& access) {
        access_ = access;
        touchable.cache = access_.icache && parameters_.prefetch_on_hit == 0 ? &icache_ : nullptr;
        readable.cache = access_.dcache ? &dcache_ : nullptr;
        touchable.shift = readable.shift = read_shift_;
    }
    void reset_icache() { icache_.clear(); }
    void reset_dcache() { dcache_.clear(); }

    FlashWait fetch(uint32_t offset, Cycle at) override;
    FlashWait read(uint32_t offset, Cycle at) override;
    bool touch(uint32_t offset) override;
    bool can_be_resident() const override { return access_.icache; }
    bool is_quiet(Cycle at) const override;
    uint32_t line_bytes() const override { return uint32_t{1} << read_shift_; }
    std::string describe() const override;
    void invalidate() override;
    void restart() override;
    void state(Archive& archive) override;

private:
    static constexpr uint32_t nothing = 0xFFFFFFFF;
    // What one read of the array brings; `part` numbers them through the memory.
    struct Buffer {
        uint32_t part = nothing;
        Cycle ready = 0;                // its data is there from the end of cycle ready - 1
        void state(Archive& archive) { archive(part, ready); }
    };
    struct Prefetch {
        uint32_t part = nothing;
        Cycle wanted = 0, ready = 0;
        bool has_begun = false;
        void state(Archive& archive) { archive(part, wanted, ready, has_begun); }
    };
    // The last line that a cache took in: when each part of it came.
    struct Fill {
        uint32_t first_part = nothing, parts = 1;
        Cycle ready = 0;
        int32_t beat_cycles = 0;
        void state(Archive& archive) { archive(first_part, parts, ready, beat_cycles); }
    };

    // What the fast path fetched since is the current line.
    void note_touched() {
        if (touchable.offset == nothing) return;
        current_ = {touchable.offset >> read_shift_, 0};
        touchable.offset = nothing;
    }
    // What it read since is in the data buffer.
    void note_read() {
        if (readable.part == nothing) return;
        data_ = {readable.part, 0};
        readable.part = nothing;
    }
    int32_t read_cycles() const { return access_.latency + 1; }
    bool is_there(const Prefetch& prefetch, uint32_t part) const { return prefetch.part == part && prefetch.has_begun; }
    bool would_prefetch(uint32_t part) const;
    Cycle ready_in(const Fill& fill, uint32_t part) const;
    Cycle last_ready(const Fill& fill) const { return fill.ready + static_cast<Cycle>(fill.parts - 1) * fill.beat_cycles; }
    FlashWait miss(FlashSide side, uint32_t part, Cycle at, Buffer& buffer);
    FlashWait use_prefetched(uint32_t part, Cycle at);
    void push_fetch(int32_t cycles, FlashWait& wait);
    void begin_due_prefetch(Cycle at);
    void plan_prefetch(uint32_t part, Cycle at);

    const Stm32FlashParameters parameters_;
    const uint32_t read_shift_, parts_per_line_, memory_parts_;
    FlashAccess access_;                // set again from FLASH_ACR
    ReadPort port_;
    LineCache icache_, dcache_;
    Buffer current_, data_;
    Cycle current_asked_ = 0;
    Prefetch prefetch_;
    Fill ifill_, dfill_;
};

}  // namespace tinysim
