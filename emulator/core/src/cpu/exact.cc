// Exact mode, where the model is asked in front of each instruction, and the ways between it and the fast mode. Fast
// code is decoded with its costs; it leaves as soon as a fetch would wait (op_line) and is entered again at a taken
// branch into resident lines. Both modes charge the same cycles: docs/timing.md.
#include "cpu/late.h"
#include "cpu/lower.h"
#include "cpu/profile.h"
#include "cpu/system_control.h"
#include "timing/line_cache.h"
#include "trace/writer.h"

namespace tinysim {
namespace {

constexpr uint32_t system_bus_code = 0x2000'0000;

void note_profile(Cpu& cpu, const TimedInsn& timed, const Cost& cost, bool taken, const Op* next) {
    const CauseCycles cycles = {cost.base, cost.load_store, cost.fetch, cost.flash, cost.contention, 0, 0};
    cpu.profile->instruction(timed.insn.address, cycles, cost.holder);
    if (!taken || cpu.request == Request::exception_return) return;
    const uint32_t target = next == nullptr ? cpu.pc : next->address();
    const bool links = timed.insn.kind == Kind::bl || timed.insn.kind == Kind::blx;
    if (links) cpu.profile->call(target, timed.next_address(), cpu.r[13]);
    else cpu.profile->jump(target, cpu.r[13]);
}

void note_trace(Cpu& cpu, const Op* op) {
    const Insn& insn = op->timed->insn;
    uint16_t first = 0, second = 0;
    cpu.code->fetch(insn.address, first);
    if (insn.size == 4) cpu.code->fetch(insn.address + 2, second);
    cpu.tracer->instruction(insn.address, insn.size == 4 ? static_cast<uint32_t>(first) << 16 | second : first, insn.size);
}

// What a reader of the trace cannot know: a failed condition, a division's cycles, an FPU that was busy.
void note_own(Cpu& cpu, int32_t extra) {
    if (cpu.skipped) cpu.tracer->note(trace::Note::skipped);
    if (extra != 0) cpu.tracer->note(trace::Note::extra, static_cast<uint32_t>(extra));
}

}  // namespace

void op_step(TINYSIM_OP_ARGS) {
    if (cpu->step.timed != nullptr) {
        cl = cpu->finish_step(op, cl);
        if (cycles_of(cl) <= 0) return leave(TINYSIM_OP_PASS);
    }
    if (!cpu->model.is_sequential(op->address())) {
        if (Op* fast = cpu->fast_entry(op, cl)) return go_on(fast, cpu, cl, nz, c, v);
        cpu->model.branch(op->address(), cpu->cycle_at(cl));
    }
    cpu->step_anew(op, cl);
    return go_on(op + 1, cpu, cl, nz, c, v);
}

[[gnu::noinline]] static void ask_for_line(TINYSIM_OP_ARGS) {
    if (cpu->model.port.flash->touch(op->imm)) [[likely]] return go_on(op + 1, cpu, cl, nz, c, v);
    return go_on(cpu->leave_fast(op, cl), cpu, cl, nz, c, v);
}

// Without a call on the likely way.
void op_line(TINYSIM_OP_ARGS) {
    FlashTiming::Touchable& lines = cpu->model.port.flash->touchable;
    if (lines.cache == nullptr || (*op->tag & static_cast<uint64_t>(op->cost)) == 0) [[unlikely]] return ask_for_line(TINYSIM_OP_PASS);
    lines.cache->use(*op->tag);
    lines.offset = op->imm;
    return go_on(op + 1, cpu, cl, nz, c, v);
}

void Cpu::step_anew(const Op* at, Budget cycles_left) {
    step = {at->timed, cycles_left, at->it != 0};
    skipped = false;                                        // fast code sets it as well
    model.begin(*at->timed, cycle_at(cycles_left));
    if (tracer != nullptr) note_trace(*this, at);
}

// The instruction under way is done, or did not happen. `next`: where control went; null: to pc.
Budget Cpu::finish_step(const Op* next, Budget cycles_left) {
    const TimedInsn& timed = *step.timed;
    step.timed = nullptr;
    if (instructions_of(cycles_left) == instructions_of(step.begun)) [[unlikely]] {
        model.leave();
    } else {
        const bool falls_through = next != nullptr && next->address() == timed.next_address();
        const bool taken = !skipped && (timed.always_taken || !falls_through);
        const int32_t extra = cycles_of(step.begun) - cycles_of(cycles_left);
        const int32_t total = model.finish(timed, extra, data_cost, taken, skipped);
        cycles_left = with_cycles(cycles_left, cycles_of(step.begun) - total);
        if (timed.is_multiple && cycles_of(cycles_left) <= 0 && !skipped && !step.in_it) multiple_address = timed.insn.address;
        if (is_observed) [[unlikely]] note_step(timed, extra, taken, next);
    }
    data_cost = {};
    late = beat = 0;
    return cycles_left;
}

void Cpu::note_step(const TimedInsn& timed, int32_t extra, bool taken, const Op* next) {
    if (tracer != nullptr) note_own(*this, extra - data_cost.cycles);
    const Cost cost = model.split(timed, extra, data_cost, skipped);
    if (system->dwt.counts_events())
        system->dwt.count(cost.base + cost.fetch + cost.flash + cost.contention - 1, cost.load_store, cost.total() == 0);
    if (profile != nullptr) note_profile(*this, timed, cost, taken, next);
}

bool Cpu::wants_exact() const {
    const FlashTiming* flash = model.port.flash;
    if (system->dwt.counts_events()) return true;
    return forces_exact || profile != nullptr || tracer != nullptr || model.port.matrix != nullptr ||
           (flash != nullptr && (!flash->can_be_resident() || flash->wants_every_fetch()));
}

// Chooses how code at `address` is fetched, and the cache that it is decoded into.
void Cpu::use_code(uint32_t address, bool exact) {
    const Region* region = bus.find(address);
    CodePort port;
    port.ticks_per_cycle = ticks_per_cycle;
    if (region != nullptr && region->memory != nullptr) {
        port.region = region;
        port.start = region->start;
        port.last = region->last;
        port.flash = region->memory->timing;
        if (port.flash == nullptr && !bus.matrix.is_empty()) {
            port.matrix = &bus.matrix;
            port.is_system_bus = address >= system_bus_code;
            port.wait = port.is_system_bus ? timing.system_bus_fetch - 1 : 0;
        }
    }
    model.port = port;
    is_exact = exact || wants_exact();
    code = caches_[view_][is_exact].get();
    code_window = code->window_of(address);
}

// Nothing that the fetch unit or the flash is at would delay a branch that starts then.
bool Cpu::is_quiet_at(Cycle start) const {
    return model.is_quiet(start) && (model.port.flash == nullptr || model.port.flash->is_quiet(start));
}

// Are the three words that a branch asks for resident, and nothing under way that they would wait for?
bool Cpu::fetches_at_once(uint32_t address, Cycle now) const {
    FlashTiming* flash = model.port.flash;
    if (flash == nullptr) return true;
    const uint32_t first = (address & ~3u) - model.port.region->start;
    return flash->is_quiet(now) && flash->touch(first) && flash->touch(first + 8);
}

// At a taken branch in exact mode: back to fast code if nothing can wait there. Null: not yet.
Op* Cpu::fast_entry(const Op* at, Budget cycles_left) {
    FlashTiming* flash = model.port.flash;
    if (flash == nullptr || wants_exact()) return nullptr;
    const Cycle now = cycle_at(cycles_left);
    if (!is_quiet_at(now) || !fetches_at_once(at->address(), now)) return nullptr;
    use_code(at->address(), false);
    return again(at->address(), 0, at->it);
}

// In front of the instruction that `at` belongs to, in fast mode, with a fetch that waits.
Op* Cpu::leave_fast(const Op* at, Budget cycles_left) {
    const auto why = static_cast<Touch>(at->rd);
    const uint32_t address = at->address();
    const uint8_t boundary = at->before, it = at->it;
    use_code(address, true);
    if (why == Touch::entry) model.leave();
    else model.settle(address, Boundary::unpack(boundary), cycle_at(cycles_left), why == Touch::behind);
    return again(address, exact_boundary(boundary), it);
}

// The same instruction in another form, when its mark has been reached already.
Op* Cpu::again(uint32_t address, uint8_t boundary, uint8_t it) {
    Op* found = code->at(address, boundary, it);
    return found->run == op_mark ? found + 1 : found;
}

Op* Cpu::variant_behind(Op* op, Op* behind, uint8_t boundary) {
    if (op->target == nullptr || op->target->before != boundary || op->target->it != behind->it)
        op->target = code->at(behind->address(), boundary, behind->it);
    return op->target;
}

Behind behind_late(Op* op, Cpu* cpu) {
    const int32_t late = cpu->late;
    const uint8_t block = cpu->data_cost.block;
    cpu->late = 0;
    cpu->beat = 0;
    if (cpu->is_exact) return {op + 1, 0};
    cpu->data_cost = {};
    const int32_t owed = (op->overlap & counts_on_block) != 0 && block != op->overlap >> 4 ? 1 : 0;
    uint8_t boundary = packed_after_idle(op->after, late + owed);
    if ((op->overlap & block_is_counted_on) != 0) boundary = static_cast<uint8_t>((boundary & 15) | block << 4);
    Op* behind = op + 1;
    return {behind->before == boundary ? behind : cpu->variant_behind(op, behind, boundary), owed};
}

// ---- VDIV, VSQRT: integer instructions go on beside them ----

void Cpu::begin_fp_divide(int32_t cycles, Budget cycles_left) {
    if (timing.fp_overlap == 0) return;
    fp_busy_until = cycle_at(cycles_left) + cycles;
    fp_ready = false;
}

// Cycles until the FPU takes another instruction.
int32_t Cpu::wait_for_fp(int32_t cycles_left) {
    return static_cast<int32_t>(std::max<Cycle>(0, fp_busy_until - cycle_at(cycles_left)));
}

// ---- the host ----

void Cpu::set_exact(bool forces) {
    forces_exact = forces;
    resume_op = nullptr;
    resume_pc = 1;
    model.leave();
    code_window = {};
}

}  // namespace tinysim
