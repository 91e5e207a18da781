// What stands in front of an instruction's own op in a decoded run: marks, lines of the instruction cache, the exact
// model's step, the condition of an IT block.
#include "cpu/code_run.h"
#include "cpu/lower.h"
#include "timing/line_cache.h"

namespace tinysim {

// A branch asks for three words; each word that leaves the queue makes room for the one twelve bytes on.
void CodeCache::emit_touches(const Run& run, const TimedInsn& timed) {
    const FlashTiming::Touchable& lines = run.region->memory->timing->touchable;
    const uint32_t line = ~(run.region->memory->timing->line_bytes() - 1);
    const uint32_t first = run.address & ~3u;
    const bool enters = run.is_first() && run.boundary.packed() == 0;
    const auto touch = [&](uint32_t address, Touch why) {
        Op* op = emit(op_line, run);
        op->imm = (address & line) - run.region->start;
        op->rd = static_cast<uint8_t>(why);
        static uint64_t nowhere = 0;                        // not valid: op_line asks
        const LineCache::Place place = lines.cache != nullptr ? lines.cache->place_of(op->imm >> lines.shift) : LineCache::Place{&nowhere, 0};
        op->tag = place.tag;
        op->cost = static_cast<Budget>(place.valid);
    };
    if (enters) {
        for (uint32_t word = first, seen = ~word; word <= first + 8; word += 4) {
            if (((word ^ seen) & line) != 0) touch(word, Touch::entry);
            seen = word;
        }
    } else if (((first + 8) & ~line) == 0 && is_behind_branch(run)) {
        touch(first + 8, Touch::behind);
    }
    if (timed.consumes && !timed.branches && ((first + 12) & ~line) == 0) touch(first + 12, Touch::ahead);
}

// Is the instruction before a branch that was not taken, and did a word leave the queue for it?
bool CodeCache::is_behind_branch(const Run& run) const {
    Insn before;
    const auto is_branch = [&] { return before.kind != Kind::undefined && TimedInsn(timing_, before, nullptr).branches; };
    if (!run.is_first()) {
        before = run.previous;
        return is_branch() && TimedInsn(timing_, before, nullptr).consumes;
    }
    if ((run.address & 2) == 0 && decode_at(run.address - 2, false, before) && before.size == 2 && is_branch()) return true;
    return decode_at(run.address - 4, false, before) && before.size == 4 && is_branch();
}

// Observation, cache lines, the exact model, the condition: what stands in front of the instruction itself.
void CodeCache::emit_in_front(const Run& run, const TimedInsn& timed, int32_t stall) {
    if (is_watched(run.address)) emit(op_mark, run);
    if (is_exact_) {
        timed_.push_back(timed);
        emit(op_step, run)->timed = &timed_.back();
    } else if (run.is_cached()) {
        emit_touches(run, timed);
    }
    if (run.it == 0) return;
    Op* skip = emit(skip_unless(run.it >> 4), run);
    skip->cost = one_instruction + (is_exact_ ? 0 : stall + 1);
    if (is_exact_) return;
    skip->after = Boundary{run.fetch_after(timed, stall != 0), run.is_cached() ? Boundary::passed_by : uint8_t{0}, 0}.packed();
}

}  // namespace tinysim
