// Exception entry and return, fault escalation: DDI 0403 B1.5. How long they take is in exception_timing.cc.
#include <algorithm>
#include <cstring>

#include "cpu/profile.h"
#include "cpu/system_control.h"
#include "trace/writer.h"

namespace tinysim {
namespace {
constexpr uint32_t basic_frame_bytes = 0x20, extended_frame_bytes = 0x68;
constexpr uint32_t lr_to_handler = 0xFFFF'FFF1, lr_to_main = 0xFFFF'FFF9, lr_to_process = 0xFFFF'FFFD, lr_basic_frame = 0x10;

bool is_fault(unsigned number) { return number >= hard_fault && number <= usage_fault; }

// A fault of an entry or return sequence: pended, escalated if it must be. What is to be taken now; 0: locked up.
unsigned pend_derived(Cpu& cpu, unsigned fault) {
    if (!cpu.exceptions.can_handle(fault)) {
        cpu.system->note_escalation();
        fault = hard_fault;
        if (!cpu.exceptions.can_handle(hard_fault)) {
            cpu.take_synchronous(hard_fault);
            return 0;
        }
    }
    cpu.exceptions.set_pending(fault);
    return cpu.exceptions.to_take();
}

// In an IT block the low four bits are not all zero.
bool holds_ici(const Cpu& cpu) { return cpu.itstate != 0 && (cpu.itstate & 15) == 0; }

// The branch that returns has paid for a refill that does not happen: fetching is part of the return sequence.
int32_t unused_refill(const Cpu& cpu) {
    uint16_t code = 0;
    if (cpu.is_open(cpu.pc & ~3u, 4, false)) {
        const Window& window = cpu.windows[cpu.pc >> Bus::page_shift];
        std::memcpy(&code, window.bytes + (cpu.pc - window.base), 2);
    } else {
        cpu.code->fetch(cpu.pc, code);
    }
    return (code & 0xFF80) == 0x4700 ? cpu.timing.branch_register_refill : cpu.timing.load_pc_refill;
}
}  // namespace

// `fault_bit` is the bus fault's; the memory management fault of the same access is eight bits below. 0: not checked.
bool Cpu::frame_fault(uint32_t fault_bit, bool is_protection) {
    system->note_fault(is_protection ? fault_bit >> 8 : fault_bit, 0);
    frame_fault_ = is_protection ? mem_manage : bus_fault;
    return false;
}

bool Cpu::frame_store(uint32_t address, uint32_t value, uint32_t fault_bit) {
    const Window& window = windows[address >> Bus::page_shift];
    if (address - window.base < window.write_limit) {
        std::memcpy(window.bytes + (address - window.base), &value, 4);
        return true;
    }
    if (!may_access(address, 4, true)) return frame_fault(fault_bit, true);
    const Region* region = bus.find(address);
    const bool ok = region != nullptr && region->memory != nullptr && region->memory->kind() == MemoryKind::ram &&
                    region->last - address >= 3;
    if (!ok) return frame_fault(fault_bit, false);
    region->memory->write(address - region->start, reinterpret_cast<const uint8_t*>(&value), 4);
    return true;
}

bool Cpu::frame_load(uint32_t address, uint32_t& value, uint32_t fault_bit) {
    const Window& window = windows[address >> Bus::page_shift];
    if (address - window.base < window.read_limit) {
        std::memcpy(&value, window.bytes + (address - window.base), 4);
        return true;
    }
    if (fault_bit != 0 && !may_access(address, 4, false)) return frame_fault(fault_bit, true);
    return bus.peek(address, reinterpret_cast<uint8_t*>(&value), 4) || frame_fault(fault_bit, false);
}

// `begin`: when the stacking does.
bool Cpu::push_frame(uint32_t return_address, uint8_t it, Tick begin) {
    const bool extended = fpca;
    const uint32_t bytes = extended ? extended_frame_bytes : basic_frame_bytes;
    const bool aligns = system->aligns_stack() || extended;
    const uint32_t padded = aligns && (r[13] & 4) != 0 ? 1 : 0;
    const uint32_t frame = (r[13] - bytes) & (aligns ? ~4u : ~0u);
    itstate = it;
    const uint32_t words[8] = {r[0], r[1], r[2], r[3], r[12], r[14], return_address, (xpsr() & ~(1u << 9)) | padded << 9};
    const bool saves_floats = extended && !system->saves_fp_lazily();
    const bool may_save_floats = !saves_floats || system->fp_enabled_for(privileged());
    const int32_t float_words = saves_floats && may_save_floats ? 17 : 0;
    stacking_ = {frame, begin + (timing.exception_stack_push + (float_words != 0 ? timing.fp_stacking : 0)) * ticks_per_cycle};
    if (float_words != 0) stacking_.until += wait_for_fp(0) * ticks_per_cycle;
    stacking_.until += frame_waits(frame, 8 + float_words, true, begin + ticks_per_cycle) * ticks_per_cycle;
    bool ok = true;
    if (is_open(frame, sizeof words, true)) {
        const Window& window = windows[frame >> Bus::page_shift];
        std::memcpy(window.bytes + (frame - window.base), words, sizeof words);
    } else {
        for (uint32_t i = 0; i < 8; ++i) ok = frame_store(frame + 4 * i, words[i], stkerr) && ok;
    }
    if (extended && system->saves_fp_lazily()) {
        system->reserve_fp_frame(frame + basic_frame_bytes);
    } else if (float_words != 0) {
        for (uint32_t i = 0; i < 16; ++i) ok = frame_store(frame + 32 + 4 * i, s[i], stkerr) && ok;
        ok = frame_store(frame + 96, fp::get_fpscr(fp), stkerr) && ok;
    } else if (!may_save_floats) {                          // CheckVFPEnabled in PushStack
        system->note_fault(nocp, 0);
        frame_fault_ = usage_fault;
        ok = false;
    }
    frame_exc_return_ = ipsr != 0 ? lr_to_handler : uses_psp ? lr_to_process : lr_to_main;
    if (extended) frame_exc_return_ &= ~lr_basic_frame;
    r[13] = frame;
    return ok;
}

void Cpu::enter_handler(unsigned number, uint32_t exc_return) {
    uint32_t vector = 0;
    if (!frame_load(system->vector_table() + 4 * number, vector, 0)) {      // `number` stays pending
        system->note_vector_fault();
        if (number != hard_fault && exceptions.can_handle(hard_fault)) return enter_handler(hard_fault, exc_return);
        report_fault(hard_fault, pc);
        locked_up = true;
        return;
    }
    if (tracer != nullptr) tracer->note(trace::Note::exception, number);
    exceptions.activate(number);
    log.enter_exception(scheduler.now(), number);
    if (is_fault(number)) {                                 // behind another handler the pc is in the frame alone
        uint32_t stacked_pc = pc;
        frame_load(((exc_return & 4) != 0 ? psp() : msp()) + 24, stacked_pc, 0);
        report_fault(number, stacked_pc);
    }
    r[14] = exc_return;
    ipsr = static_cast<uint16_t>(number);
    select_stack(false);
    fpca = false;
    update_fp_ready();
    itstate = 0;
    exclusive = false;
    event_register = true;
    if (profile != nullptr) profile->enter_exception(number, vector, cycle_now(), (exc_return & 4) != 0 ? psp() : msp());
    thumb = vector & 1;
    pc = vector & ~1u;
}

void Cpu::take(unsigned number, int32_t cycles_since) {
    sleeping = false;
    const Tick requested = scheduler.now();
    const int64_t before = active_cycles;
    const Tick begin = requested + (timing.exception_entry - timing.exception_stack_push - cycles_since) * ticks_per_cycle;
    Tick from = begin;
    if (!push_frame(pc, itstate, begin)) {                  // the fault takes the frame, as one that comes late
        const unsigned derived = pend_derived(*this, frame_fault_);
        if (derived == 0) return;
        if (exceptions.group_priority(derived) < exceptions.group_priority(number)) number = derived, from = stacking_.until;
    }
    if (tracer != nullptr) tracer->note(trace::Note::interrupted, pc);
    number = fetch_handler(number, from, stacking_);
    system->dwt.count_exception(active_cycles - before);
    if (tracer != nullptr) tracer->note(trace::Note::sequence, static_cast<uint32_t>(active_cycles - before));
    enter_handler(number, frame_exc_return_);
}

// Loads the whole frame before anything changes: a frame that cannot be read stays as it is.
bool Cpu::pop_frame(uint32_t exc_return) {
    const bool from_psp = (exc_return & 4) != 0, extended = (exc_return & lr_basic_frame) == 0;
    const bool loads_floats = extended && !lazy_save_pending;
    const uint32_t frame = from_psp ? psp() : msp();
    if (loads_floats && !system->fp_enabled_for(privileged())) {        // CheckVFPEnabled in PopStack
        system->note_fault(nocp, 0);
        frame_fault_ = usage_fault;
        return false;
    }
    uint32_t words[8], floats[17];
    bool ok = true;
    if (is_open(frame, sizeof words, false)) {
        const Window& window = windows[frame >> Bus::page_shift];
        std::memcpy(words, window.bytes + (frame - window.base), sizeof words);
    } else {
        for (uint32_t i = 0; i < 8; ++i) ok = frame_load(frame + 4 * i, words[i], unstkerr) && ok;
    }
    for (uint32_t i = 0; loads_floats && i < 17; ++i)
        ok = frame_load(frame + basic_frame_bytes + 4 * i, floats[i], unstkerr) && ok;
    if (!ok) return false;
    if (loads_floats) {
        std::copy_n(floats, 16, s);
        fp::set_fpscr(fp, floats[16]);
    }
    if (extended) lazy_save_pending = false;
    for (unsigned i = 0; i < 4; ++i) r[i] = words[i];
    r[12] = words[4];
    r[14] = words[5];
    pc = words[6] & ~1u;
    select_stack((exc_return & 8) != 0 && from_psp);
    const uint32_t bytes = extended ? extended_frame_bytes : basic_frame_bytes;
    const bool aligns = system->aligns_stack() || extended;
    r[13] = (frame + bytes) | (aligns ? ((words[7] >> 9) & 1) << 2 : 0);
    set_xpsr(words[7], true);
    fpca = extended;
    update_fp_ready();
    return true;
}

void Cpu::return_from_exception(uint32_t exc_return) {
    const uint32_t kind = exc_return & 15;
    const bool to_thread = kind == 9 || kind == 13;
    const bool known = (exc_return & 0x0FFF'FFE0) == 0x0FFF'FFE0 && (kind == 1 || to_thread);
    const bool is_last = exceptions.active_count() == 1;
    const bool valid = known && exceptions.is_active(ipsr) && (!to_thread || is_last || system->allows_thread_return());
    exceptions.deactivate(ipsr);
    log.exit_exception(scheduler.now());
    const int64_t before = active_cycles;
    Tick from = scheduler.now() - unused_refill(*this) * ticks_per_cycle;
    const uint32_t frame = (exc_return & 4) != 0 ? psp() : msp();
    unsigned chained = exceptions.to_take();
    if (valid && chained == 0) {
        const bool loads_floats = (exc_return & lr_basic_frame) == 0 && !lazy_save_pending;
        if (!pass_pop(frame, loads_floats ? 17 : 0, from)) chained = exceptions.to_take();
    }
    // Faults of the return take the place of the pop: the frame stays, LR tells what was tried (B1.5.8).
    // The frame is read with the rights of the code returned to.
    uint32_t stacked_xpsr = 0;
    const uint32_t xpsr_place = frame + 28;
    if (system->mpu.is_enabled()) {
        use_memory(wanted_view(!to_thread || !unprivileged, exceptions.execution_priority() < 0));
        protection_changed = true;
    }
    const bool is_there = may_access(xpsr_place, 4, false) && frame_load(xpsr_place, stacked_xpsr, 0);
    const bool misfits = is_there && ((stacked_xpsr & 0x1FF) == 0) != to_thread;
    if (!valid || (chained == 0 && misfits)) {
        system->note_fault(invpc, 0);
        chained = pend_derived(*this, usage_fault);
    } else if (chained == 0 && !pop_frame(exc_return)) {
        chained = pend_derived(*this, frame_fault_);
    }
    if (locked_up) return;
    event_register = true;
    exclusive = false;
    if (profile != nullptr) profile->leave_exception(chained != 0 ? profile->cycle() : cycle_now(), frame, pc);
    if (chained != 0) {
        from += (timing.tail_chain - timing.exception_vector_fetch) * ticks_per_cycle;
        chained = fetch_handler(chained, from, {frame, from});
        system->dwt.count_exception(active_cycles - before);
    if (tracer != nullptr) tracer->note(trace::Note::sequence, static_cast<uint32_t>(active_cycles - before));
        return enter_handler(chained, 0xF000'0000 | exc_return);
    }
    system->dwt.count_exception(active_cycles - before);
    if (tracer != nullptr) tracer->note(trace::Note::sequence, static_cast<uint32_t>(active_cycles - before));
    exceptions.changed = true;                              // looked at while time passed, but for the code returned from
    if (to_thread && is_last && system->sleeps_on_exit()) {
        if (holds_ici(*this)) itstate = 0;                  // all of it, should the thread go on
        begin_sleep(false);
    } else if (holds_ici(*this)) {
        continue_multiple();
    }
}

}  // namespace tinysim
