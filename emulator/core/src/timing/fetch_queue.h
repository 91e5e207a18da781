// The fetch unit: three aligned words ahead of decode (Arm KB ka8521), one address phase a cycle, two cycles from the
// address phase to the cycle in which decode can use the word. While fetching streams, a word that leaves the queue is
// asked for in the same cycle; out of a full, idle queue one cycle later. From these rules follow, at zero wait states,
// the measured ones: a branch to a wide instruction at address mod 4 = 2 costs one more, a run of three or more such
// instructions behind a full queue loses one cycle (docs/timing.md A1.2). Not modelled: the order of fetches against
// data accesses of the same cycle other than by the memory's own port.
#pragma once

#include <algorithm>
#include <cstdint>

#include "tinysim/flash_timing.h"

namespace tinysim {

class Archive;

// Where the queue stands at an instruction boundary when no fetch waits. Named by what the third word still needs.
enum class Fetch : uint8_t {
    streaming,          // 0, 1 and 2 cycles: behind a taken branch, or a word leaves every cycle
    full,               // all there, nothing under way
    one_short,          // the third is usable in the next cycle
    restarting,         // the third is usable in two cycles
};

// A cycle passes and no word leaves the queue.
constexpr Fetch idle_cycle(Fetch now) {
    return now == Fetch::full || now == Fetch::one_short ? Fetch::full : Fetch::one_short;
}
constexpr Fetch idle_cycles(Fetch now, int32_t count) {
    for (; count > 0 && now != Fetch::full; --count) now = idle_cycle(now);
    return now;
}
// A cycle passes in which the first word leaves. `restart`: cycles until a full, idle queue asks for the next one.
constexpr Fetch consuming_cycle(Fetch now, int32_t restart) {
    switch (now) {
        case Fetch::full: return restart > 0 ? Fetch::restarting : restart == 0 ? Fetch::one_short : Fetch::full;
        case Fetch::one_short: return Fetch::one_short;
        default: return Fetch::streaming;
    }
}

// What one fetch waited for.
struct FetchWait {
    int32_t cycles = 0, contention = 0;
    uint8_t holder = 0;
};

// The same with waits. Times are absolute cycles.
class FetchQueue {
public:
    // The target's first word is asked for while the branch is in decode: two cycles before the target could start.
    template <class Ask>
    void branch(uint32_t target, Cycle start, const Ask& ask) {
        Cycle begin = free_at(start - 2);
        word_ = target & ~3u;
        for (unsigned i = 0; i < words; ++i) {
            request(slot(i), word_ + 4 * i, begin, ask);
            begin = slot(i).usable - 1;
        }
    }

    // As if it had run without waits up to here.
    void settle(uint32_t address, Fetch state, Cycle now) {
        word_ = address & ~3u;
        const Cycle second = state == Fetch::streaming ? now + 1 : now;
        const Cycle third = state == Fetch::full ? now : state == Fetch::one_short ? now + 1 : now + 2;
        slot(0) = {now - 2, now, {}};
        slot(1) = {second - 2, second, {}};
        slot(2) = {third - 2, third, {}};
    }
    // The last word was thought resident and is not.
    template <class Ask>
    void ask_last_again(const Ask& ask) { request(slot(2), word_ + 8, slot(2).asked, ask); }

    Cycle usable(bool needs_second) const { return needs_second ? std::max(slot(0).usable, slot(1).usable) : slot(0).usable; }
    const FetchWait& wait_of(bool needs_second) const { return slot(needs_second && slot(1).usable > slot(0).usable).wait; }

    // The first word leaves in cycle `at`, and room for one is free.
    template <class Ask>
    void consume(Cycle at, int32_t restart, const Ask& ask) {
        first_ = (first_ + 1) & mask;
        word_ += 4;
        const Cycle before = slot(1).usable;
        const bool is_streaming = before > at;
        request(slot(2), word_ + 8, is_streaming ? std::max(at, before - 1) : at + restart, ask);
    }
    // The queue got a cycle that the core did not take (a folded IT, an absorbed NOP).
    void gain_cycle() {
        for (unsigned i = 0; i < words; ++i) {
            --slot(i).asked;
            --slot(i).usable;
        }
    }
    // The port is taken by data for `count` cycles from `at`: fetches not begun yet come later.
    void hold(Cycle at, int32_t count) {
        for (unsigned i = 0; i < words; ++i) {
            if (slot(i).asked < at) continue;
            slot(i).asked += count;
            slot(i).usable += count;
        }
    }
    // The last fetch, and what still waits for the same read of the memory, come later.
    void postpone(int32_t cycles) {
        for (unsigned i = 0; i < words; ++i) {
            if (slot(i).wait.cycles == 0 && i != words - 1) continue;
            slot(i).usable += cycles;
            slot(i).wait.cycles += cycles;
            slot(i).wait.contention += cycles;
        }
    }
    // When another fetch can begin that is wanted at `at`: a transfer under way cannot be taken back.
    Cycle free_at(Cycle at) const {
        Cycle begin = at;
        for (unsigned i = 0; i < words; ++i)
            if (slot(i).asked < at) begin = std::max(begin, slot(i).usable - 1);
        return begin;
    }

    void state(Archive& archive);

private:
    struct Slot {
        Cycle asked = -4, usable = -2;
        FetchWait wait;
        void state(Archive& archive);
    };
    // In place: a copy in one piece of what was just written in pieces would wait for the host's store buffer.
    template <class Ask>
    static void request(Slot& slot, uint32_t address, Cycle at, const Ask& ask) {
        slot.asked = at;
        ask(address, at, slot.wait);
        slot.usable = at + 2 + slot.wait.cycles;
    }
    Slot& slot(unsigned i) { return slots_[(first_ + i) & mask]; }
    const Slot& slot(unsigned i) const { return slots_[(first_ + i) & mask]; }

    static constexpr unsigned words = 3, mask = 3;
    uint32_t word_ = 0;
    uint32_t first_ = 0;                // a ring, so that no word moves
    Slot slots_[mask + 1];
};

}  // namespace tinysim
