// The one read port of a flash array, which instruction fetches (I-Code) and data reads (D-Code) share. A read that was
// asked for ahead of its time by the fetch unit gives way to a data read that comes before its start.
#pragma once

#include <algorithm>
#include <cstdint>

#include "tinysim/archive.h"

namespace tinysim {

using Cycle = int64_t;
enum class FlashSide : uint8_t { fetch, data };

class ReadPort {
public:
    explicit ReadPort(bool is_shared) : is_shared_(is_shared) {}

    struct Turn {
        Cycle start;
        int32_t behind_other = 0;       // cycles waited for the other side's read
        int32_t pushed = 0;             // the fetch side's last read, not begun yet, starts so many cycles later
    };

    Cycle free_from(FlashSide side) const { return last(side).end; }
    bool is_free(Cycle at) const { return reads_[0].end <= at && reads_[1].end <= at; }

    Turn take(FlashSide side, Cycle at, int32_t cycles) {
        Read& read = last(side);
        const bool is_waiting = read.side == FlashSide::fetch && read.start >= at && read.end > at;
        if (side == FlashSide::data && is_waiting) return take_before(read, at, cycles);
        Turn turn{std::max(at, read.end)};
        if (read.side != side) turn.behind_other = static_cast<int32_t>(turn.start - at);
        read = {turn.start, turn.start + cycles, read.end, side, read.side};
        return turn;
    }
    void restart() { reads_[0] = reads_[1] = {}; }
    void state(Archive& archive) { archive(reads_); }

private:
    struct Read {
        Cycle start = 0, end = 0;
        Cycle free_before = 0;          // when the one before it had ended
        FlashSide side = FlashSide::fetch, side_before = FlashSide::fetch;
        void state(Archive& archive) { archive(start, end, free_before, side, side_before); }
    };
    Read& last(FlashSide side) { return reads_[is_shared_ ? 0 : static_cast<unsigned>(side)]; }
    const Read& last(FlashSide side) const { return reads_[is_shared_ ? 0 : static_cast<unsigned>(side)]; }

    static Turn take_before(Read& waiting, Cycle at, int32_t cycles) {
        Turn turn{std::max(at, waiting.free_before)};
        if (waiting.side_before == FlashSide::fetch) turn.behind_other = static_cast<int32_t>(turn.start - at);
        const Cycle pushed = std::max<Cycle>(0, turn.start + cycles - waiting.start);
        turn.pushed = static_cast<int32_t>(pushed);
        waiting.free_before = turn.start + cycles;
        waiting.side_before = FlashSide::data;
        waiting.start += pushed;
        waiting.end += pushed;
        return turn;
    }

    const bool is_shared_;
    Read reads_[2];
};

}  // namespace tinysim
