// A flash memory as the clock sees it: how long a fetch or a data read waits. One object per flash memory; the chip's
// own kinds (src/timing/) hold caches, prefetch and the read port that both sides share.
// Facts: docs/timing.md A3. Times are CPU cycles since power-on; asks come in the order of time, a few cycles apart at most.
// An access whose address phase is at `at` has its data at the end of cycle at + 1 + wait. D-Code goes before I-Code: of
// two asks for one cycle the read comes first, and a read at a time before the last fetch's array access goes before it.
#pragma once

#include <cstdint>
#include <string>

namespace tinysim {

class Archive;
class LineCache;
using Cycle = int64_t;

// What an access waited for beyond zero wait states.
struct FlashWait {
    int32_t cycles = 0;                 // all of it
    int32_t port = 0;                   // of these: the flash port was busy for the other side
    bool hit = true;                    // served by a cache or a line buffer
    // A data read went before a fetch that was asked for ahead of its time (D-Code priority): that fetch, whose wait
    // was told already, comes so many cycles later.
    int32_t delays_fetch = 0;
};

class FlashTiming {
public:
    virtual ~FlashTiming() = default;

    // An instruction word (I-Code) asked for at `at`; `offset` is a multiple of 4 in the memory.
    virtual FlashWait fetch(uint32_t offset, Cycle at) = 0;
    // A data read (D-Code) of one word or less whose address phase is at `at`.
    virtual FlashWait read(uint32_t offset, Cycle at) = 0;

    // The fast path of straight code: true if a fetch from the line of `offset` waits for nothing and changes nothing
    // but the order of use, which it then updates as `fetch` would. False: nothing was changed, ask `fetch`. Only while
    // `is_quiet`: a line that is still being filled counts as there.
    virtual bool touch(uint32_t offset) = 0;
    // Where `touch` is no more than to use a part of this cache, and note it: op_line does it without the call.
    struct Touchable {
        LineCache* cache = nullptr;         // null: ask `touch`
        uint32_t shift = 0;                 // from offsets to parts
        uint32_t offset = 0xFFFFFFFF;       // touched last
    } touchable;
    // The same for data reads from `free_from` on: one whose part this cache holds waits for nothing, and `read` would do no
    // more than use the part and note it. Without a cache each read waits `wait` cycles, and the port is free behind it.
    struct Readable {
        LineCache* cache = nullptr;
        int32_t wait = 0;                   // 0, and no cache: ask `read`
        uint32_t shift = 0;
        uint32_t part = 0xFFFFFFFF;         // read last, from the cache
        Cycle asked = -1;                   // the last read without one; -1: `read` knows it
        Cycle free_from = 0;
    } readable;
    // Can `touch` ever say true as things are set (cache on)? False: all fetches go through `fetch`.
    virtual bool can_be_resident() const = 0;
    // Every fetch must be seen (hit counters on): all fetches go through `fetch`.
    virtual bool wants_every_fetch() const { return false; }
    // Nothing is under way on the read port at `at`: no prefetch, no line fill.
    virtual bool is_quiet(Cycle at) const = 0;
    virtual uint32_t line_bytes() const = 0;    // what one `touch` speaks for: a cache line or an own valid part of it

    virtual std::string describe() const = 0;   // as it is set up now: wait states, prefetch, caches
    virtual void invalidate() = 0;      // contents changed: programming, erase, cache reset
    virtual void restart() = 0;         // the clock changed: forget what was under way; keep the caches
    virtual void state(Archive& archive) = 0;
};

}  // namespace tinysim
