// Exception entry and return as bus sequences: docs/timing.md A2. Stacking, then the vector's read and the handler's
// first fetch, each on the interface of its address (Code below 0x2000_0000, System above): beside each other on two
// interfaces, behind each other on one. Assumed: half of the vector sequence is the read; a request is late until the
// handler's first instruction begins, and abandons a pop until its end.
#include <algorithm>
#include <cstring>

#include "bus/matrix.h"
#include "cpu/system_control.h"
#include "tinysim/flash_timing.h"

namespace tinysim {
namespace {
constexpr uint32_t system_bus_start = 0x2000'0000;

bool same_interface(uint32_t a, uint32_t b) { return (a >= system_bus_start) == (b >= system_bus_start); }
}  // namespace

bool Cpu::is_open(uint32_t address, uint32_t bytes, bool is_write) const {
    const Window& window = windows[address >> Bus::page_shift];
    const uint32_t limit = is_write ? window.write_limit : window.read_limit;
    return address - window.base < limit && address - window.base + bytes - 4 < limit;
}

uint32_t Cpu::word_at(uint32_t address) const {
    uint32_t word = 0;
    const Window& window = windows[address >> Bus::page_shift];
    if (address - window.base < window.read_limit) std::memcpy(&word, window.bytes + (address - window.base), 4);
    else bus.peek(address, reinterpret_cast<uint8_t*>(&word), 4);
    return word;
}

// Wait states of `count` words of memory, one behind the other, the first at `from`. Open windows have none.
int32_t Cpu::frame_waits(uint32_t address, int32_t count, bool is_write, Tick from) {
    if (is_open(address, static_cast<uint32_t>(4 * count), is_write)) return 0;
    if (windows_closed_once) {
        windows_closed_once = false;
        use_memory(view_);
    }
    const Tick posted = bus.matrix.write_buffer_until();
    int32_t waits = 0;
    for (int32_t word = 0; word < count; ++word, address += 4) {
        const Region* region = bus.find(address);
        if (region == nullptr || region->memory == nullptr) continue;
        waits += bus.matrix.access(*region, address, is_write, from + (word + waits) * ticks_per_cycle).cycles;
    }
    if (is_write) bus.matrix.forget_posted(posted);         // the vector's read runs beside the stacking
    return waits;
}

int32_t Cpu::vector_waits(uint32_t address, Tick at) {
    const bool is_registered = address >= system_bus_start && !bus.matrix.is_empty();
    const int32_t registered = is_registered ? timing.system_bus_fetch - 1 : 0;
    return registered + frame_waits(address, 1, false, at);
}

// Of the first instruction at `address`; the second word of one across two words is waited for when it begins. Where a
// fetch waits, the exact model fetches and goes on from there.
int32_t Cpu::code_waits(uint32_t address, Tick at) {
    if (is_open(address & ~3u, 8, false) && !is_exact && address < system_bus_start) return 0;
    const Region* region = bus.find(address);
    if (region == nullptr || region->memory == nullptr) return 0;
    const bool straddles = (address & 2) != 0 && is_thumb32(static_cast<uint16_t>(word_at(address & ~3u) >> 16));
    const Cycle start = at / ticks_per_cycle;
    use_code(address, is_exact);
    if (!is_exact && !fetches_at_once(address, start)) use_code(address, true);
    if (!is_exact) return 0;
    model.branch(address, start);
    const auto waits = static_cast<int32_t>(model.ready(straddles) - start) - (straddles ? 1 : 0);
    if (waits <= 0) model.leave();                          // begun anew, in time
    return std::max(0, waits);
}

// Reads the vector and fetches the handler. `stack`: the stacking beside it, until when it has its interface.
Tick Cpu::handler_fetched(unsigned number, Tick from, const StackUse& stack) {
    const uint32_t place = system->vector_table() + 4 * number;
    const int32_t read_cycles = timing.exception_vector_fetch / 2, fetch_cycles = timing.exception_vector_fetch - read_cycles;
    if (same_interface(place, stack.address)) from = std::max(from, stack.until);
    Tick at = from + (read_cycles + vector_waits(place, from)) * ticks_per_cycle;
    const uint32_t handler = word_at(place) & ~1u;
    if (same_interface(handler, stack.address)) at = std::max(at, stack.until);
    return at + (fetch_cycles + code_waits(handler, at)) * ticks_per_cycle;
}

// Lets time pass to `end`, which may lie in the past. False: something changed on the way, at the clock edge `stopped`.
bool Cpu::pass_to(Tick end, Tick& stopped) {
    const Tick start = scheduler.now();
    exceptions.changed = false;
    while (scheduler.next_due() <= end) {
        const Tick due = std::max(scheduler.next_due(), scheduler.now());
        scheduler.set_now(due);
        scheduler.run_due();
        if (!exceptions.changed) continue;
        stopped = start + (due - start + ticks_per_cycle - 1) / ticks_per_cycle * ticks_per_cycle;
        active_cycles += (stopped - start) / ticks_per_cycle;
        scheduler.set_now(stopped);
        return false;
    }
    if (end <= start) return true;
    active_cycles += (end - start) / ticks_per_cycle;
    scheduler.set_now(end);
    return true;
}

// From the vector's read to the handler's first instruction. What is entered: `number`, or who came late.
unsigned Cpu::fetch_handler(unsigned number, Tick from, const StackUse& stack) {
    Tick end = std::max(handler_fetched(number, from, stack), stack.until), stopped = 0;
    while (!pass_to(end, stopped)) {
        const unsigned late = exceptions.to_take();
        if (late == 0 || late == number || exceptions.group_priority(late) >= exceptions.group_priority(number)) continue;
        number = late;
        end = std::max(handler_fetched(number, std::max(stopped, from), stack), stack.until);
    }
    return number;
}

// The pop of a return that begins at `from`, and the fetch of the code returned to: the pc comes first off the stack.
// False: a request abandoned it. `from` becomes when it ended.
bool Cpu::pass_pop(uint32_t frame, int32_t float_words, Tick& from) {
    const int32_t pop_cycles = timing.exception_stack_push + (float_words != 0 ? timing.fp_stacking : 0);
    const int32_t pc_cycles = timing.exception_vector_fetch / 2, fetch_cycles = timing.exception_vector_fetch - pc_cycles;
    const Tick begin = from + (timing.exception_exit - timing.exception_stack_push) * ticks_per_cycle;
    const int32_t waits = frame_waits(frame, 8 + float_words, false, begin + ticks_per_cycle);
    const Tick popped = begin + (pop_cycles + waits) * ticks_per_cycle;
    const uint32_t code_address = word_at(frame + 24) & ~1u;
    const Tick fetch_from = same_interface(code_address, frame) ? popped : begin + pc_cycles * ticks_per_cycle;
    const Tick end = std::max(popped, fetch_from + (fetch_cycles + code_waits(code_address, fetch_from)) * ticks_per_cycle);
    Tick stopped = 0;
    while (!pass_to(end, stopped)) {
        if (stopped >= end || exceptions.to_take() == 0) continue;
        from = std::max(stopped, from);
        return false;
    }
    from = scheduler.now();
    return true;
}

}  // namespace tinysim
