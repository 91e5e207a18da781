// Loads from a flash that is busy with nothing else: what Cpu::slow_load would do of them, without the calls. In fast mode
// only; whenever something else may have to be waited for they take the slow path.
#pragma once

#include "cpu/late.h"
#include "timing/line_cache.h"

namespace tinysim {

// Has the load the cost that it was decoded with, which may count on the memory block of the load before it?
[[gnu::always_inline]] inline bool is_as_decoded(const Op* op, const Window& window) {
    return op->overlap == 0 || window.block == op->overlap >> 4;
}

// The wait states of the load, noted as read. Negative: nothing is noted, it is one for the slow path.
[[gnu::always_inline]] inline int32_t flash_wait(const Op* op, const Cpu* cpu, const Window& window, uint32_t offset, Budget cl) {
    if (offset >= window.flash_limit || cpu->is_exact) return -1;
    const FlashPort& flash = cpu->bus.flash(window.flash);
    FlashTiming::Readable& reads = *flash.reads;
    const Tick at = cpu->now_at(cycles_of(cl));
    const Cycle cycle = cpu->cycle_at(cl);
    if (cycle < reads.free_from || cpu->bus.matrix.write_buffer_until() > at) return -1;
    if (flash.slave != nullptr && flash.slave->busy_until > at) return -1;
    if (reads.cache == nullptr) {
        if (reads.wait == 0) return -1;
        reads.asked = cycle;
        reads.free_from = cycle + 1 + reads.wait;
        return reads.wait;
    }
    const auto part = static_cast<uint32_t>(window.bytes + offset - flash.bytes) >> reads.shift;
    if (!is_as_decoded(op, window) || !reads.cache->use_if_held(part)) return -1;
    reads.part = part;
    return 0;
}

// Behind a load that waited so long.
[[gnu::always_inline]] inline void next_behind(int32_t wait, const Window& window, TINYSIM_OP_ARGS) {
    if (wait == 0) return next(TINYSIM_OP_PASS);
    cpu->late = wait;
    cpu->data_cost.block = window.block;
    cl -= wait;
    return next_late(TINYSIM_OP_PASS);
}

}  // namespace tinysim
