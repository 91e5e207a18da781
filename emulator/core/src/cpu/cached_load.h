// Loads that the data cache of a flash serves at once: what Cpu::slow_load would do of them, without the calls. In fast
// mode only; whenever anything may have to be waited for the answer is no.
#pragma once

#include "cpu/cpu.h"
#include "timing/line_cache.h"

namespace tinysim {

[[gnu::always_inline]] inline bool reads_at_once(const Cpu* cpu, const Window& window, uint32_t offset, Budget cl) {
    if (offset >= window.cached_limit || cpu->is_exact) return false;
    const FlashPort& flash = cpu->bus.flash(window.flash);
    FlashTiming::Readable& reads = *flash.reads;
    const Tick at = cpu->now_at(cycles_of(cl));
    if (reads.cache == nullptr || cpu->cycle_at(cl) < reads.free_from || cpu->bus.matrix.write_buffer_until() > at) return false;
    if (flash.slave != nullptr && flash.slave->busy_until > at) return false;
    const auto part = static_cast<uint32_t>(window.bytes + offset - flash.bytes) >> reads.shift;
    if (!reads.cache->use_if_held(part)) return false;
    reads.part = part;
    return true;
}

// Of a load that may count on the memory block of the one before it.
[[gnu::always_inline]] inline bool is_as_decoded(const Op* op, const Window& window) {
    return op->overlap == 0 || window.block == op->overlap >> 4;
}

}  // namespace tinysim
