// Breakpoints and watchpoints of a debugger. They cost nothing where there are none: a breakpoint is a mark op, a
// watched memory loses its fast path. DMA is not watched.
#include <algorithm>

#include "cpu/cpu.h"

namespace tinysim {

void Cpu::set_breakpoint(uint32_t address) {
    address &= ~1u;
    if (std::find(breakpoints_.begin(), breakpoints_.end(), address) != breakpoints_.end()) return;
    breakpoints_.push_back(address);
    watch_code(address);
}

void Cpu::clear_breakpoint(uint32_t address) { std::erase(breakpoints_, address & ~1u); }

void Cpu::set_watchpoint(const Watchpoint& watchpoint) {
    watchpoints_.push_back(watchpoint);
    bus.watch(watchpoint.address);
}

void Cpu::clear_watchpoint(const Watchpoint& watchpoint) {
    auto same = [&](const Watchpoint& each) {
        return each.address == watchpoint.address && each.length == watchpoint.length && each.kind == watchpoint.kind;
    };
    auto found = std::find_if(watchpoints_.begin(), watchpoints_.end(), same);
    if (found == watchpoints_.end()) return;
    watchpoints_.erase(found);
    bus.unwatch(watchpoint.address);
}

// BKPT takes its cycle, the host's work none.
void Cpu::finish_semihosting(uint32_t result) {
    r[0] = result;
    pc += 2;
    itstate = (itstate & 7) != 0 ? static_cast<uint8_t>((itstate & 0xE0) | ((itstate << 1) & 0x1F)) : 0;
    ++instructions;
    pass_cycles(1);
    go_straight_on();
}

// Stops the CPU behind the access if it is watched.
int32_t Cpu::note_access(uint32_t address, unsigned bytes, Watch kind, int32_t cycles_left) {
    for (const Watchpoint& each : watchpoints_) {
        const bool overlaps = address < each.address + each.length && each.address < address + bytes;
        if (!overlaps || (static_cast<unsigned>(each.kind) & static_cast<unsigned>(kind)) == 0) continue;
        debug_hit = {address, bytes, kind};
        cut_slice(cycles_left);
        break;
    }
    return cycles_left;
}

// Entries and exits of observed functions, and breakpoints. True: stop in front of the instruction.
bool Cpu::reach_mark(uint32_t address, int32_t cycles_left) {
    const bool is_breakpoint = std::find(breakpoints_.begin(), breakpoints_.end(), address) != breakpoints_.end();
    if (is_breakpoint && passed_breakpoint_ != address) {
        request = Request::debug_stop;
        stopped_at_ = address;
        return true;
    }
    passed_breakpoint_ = 1;
    note_stage(address, now_at(cycles_left));
    return false;
}

void Cpu::note_stage(uint32_t address, Tick now) {
    while (!stage_frames_.empty() && stage_frames_.back().return_address == address && stage_frames_.back().sp == r[13]) {
        log.stages[stage_frames_.back().span].exit = now;
        stage_frames_.pop_back();
    }
    const auto stage = stage_entries.find(address);
    if (stage == stage_entries.end()) return;
    constexpr size_t deepest = 1024;                        // a function that never returns must not eat the host
    if (stage_frames_.size() == deepest) stage_frames_.erase(stage_frames_.begin());
    const uint32_t return_address = r[14] & ~1u;
    stage_frames_.push_back({return_address, r[13], log.stages.size()});
    log.stages.push_back({now, never, stage->second});
    watch_code(return_address);
}

}  // namespace tinysim
