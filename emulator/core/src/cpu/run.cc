// The run loop: due events, then the most urgent exception, then sleep or a slice of instructions to the next event.
#include <algorithm>

#include "cpu/lower.h"
#include "cpu/profile.h"
#include "cpu/system_control.h"
#include "trace/writer.h"

namespace tinysim {
namespace {
constexpr uint32_t semihosting_call = 0xAB;                 // BKPT's number in "Semihosting for AArch32 and AArch64"
constexpr int64_t longest_slice_cycles = 1 << 30;

bool in_fault_handler(const Cpu& cpu) { return cpu.ipsr >= hard_fault && cpu.ipsr <= usage_fault; }
}  // namespace

Cpu::Cpu(Scheduler& scheduler_, Bus& bus_, CoreTiming timing_, unsigned irq_count, unsigned priority_bits, int64_t ticks_per_cycle_)
    : windows(bus_.windows()), model(timing), ticks_per_cycle(ticks_per_cycle_), scheduler(scheduler_), bus(bus_), timing(timing_),
      exceptions(irq_count, priority_bits) {
    for (unsigned view = open_view; view <= unprivileged_view; ++view)
        for (const bool exact : {false, true}) {
            caches_[view][exact] = std::make_unique<CodeCache>(bus_, timing, exact);
            if (view == open_view) continue;
            const bool as_privileged = view == privileged_view;
            caches_[view][exact]->may_execute = [this, as_privileged](uint32_t address) {
                return system->mpu.permission(address, as_privileged).execute;
            };
        }
    code = caches_[open_view][false].get();
    bus.on_windows_changed = [this] { follow_bus_windows(); };
    bus.matrix.close_windows_once = [this] { close_windows_once(); };
    bus.matrix.cycle_ticks = ticks_per_cycle;
}

Cpu::~Cpu() = default;

void Cpu::power_on(uint32_t vector_table) {
    std::fill(std::begin(r), std::end(r), 0);
    fp::set_fpscr(fp, 0);
    exceptions.reset();
    system->reset();
    system->set_vector_table(vector_table);
    q = ge = 0;
    nz = 1;
    c = v = 0;
    ipsr = 0;
    itstate = 0;
    unprivileged = uses_psp = fpca = lazy_save_pending = event_register = exclusive = false;
    sleeping = sleeping_for_event = is_stopped = locked_up = false;
    in_sleep.set(false);
    other_sp = 0;
    stage_frames_.clear();
    fp_busy_until = 0;
    model.leave();
    resume_op = nullptr;
    resume_pc = 1;
    request = Request::none;
    log.forget_open();
    uint32_t sp = 0, entry = 0;
    if (!frame_load(vector_table, sp, 0) || !frame_load(vector_table + 4, entry, 0)) {
        locked_up = true;
        return;
    }
    r[13] = sp & ~3u;
    r[14] = 0xFFFF'FFFF;
    pc = entry & ~1u;
    thumb = entry & 1;
    update_fp_ready();
}

void Cpu::pass_cycles(int32_t cycles) {
    if (tracer != nullptr) tracer->note(trace::Note::sequence, static_cast<uint32_t>(cycles));
    active_cycles += cycles;
    scheduler.set_now(scheduler.now() + cycles * ticks_per_cycle);
    scheduler.run_due();
}

// Time has passed between two instructions: the fetch queue is full.
void Cpu::stand_still() {
    resume_boundary = packed_after_idle(resume_boundary, 4);
    resume_op = nullptr;
}

// The instruction before pc was done by the host: what follows is no branch target.
void Cpu::go_straight_on() {
    const Boundary boundary{Fetch::full, 0, 0};
    resume_op = nullptr;
    resume_pc = pc;
    resume_it = itstate;
    resume_boundary = boundary.packed();
    model.settle(pc, boundary, scheduler.now() / ticks_per_cycle, false);
}

void Cpu::wait_until(Tick tick) {
    stand_still();
    while (scheduler.now() < tick && !host_stop) {
        const Tick to = std::min(tick, std::max(scheduler.next_due(), scheduler.now() + ticks_per_cycle));
        const int64_t cycles = (to - scheduler.now() + ticks_per_cycle - 1) / ticks_per_cycle;
        pass_cycles(static_cast<int32_t>(std::min(cycles, longest_slice_cycles)));
        if (profile != nullptr) profile->reach(cycle_now(), Cause::flash);
    }
}

Tick Cpu::cut_slice(int32_t& cycles_left) {
    Tick end = std::min(slice_end, scheduler.next_due());
    if (exceptions.changed || host_stop || debug_hit.length != 0) end = scheduler.now();
    if (end < slice_end) {
        const Tick now = now_at(cycles_left);
        const int64_t needed = end <= now ? 0 : (end - now + ticks_per_cycle - 1) / ticks_per_cycle;
        const auto kept = static_cast<int32_t>(std::min<int64_t>(needed, cycles_left));
        slice_cl -= cycles_left - kept;
        if (step.timed != nullptr) step.begun = with_cycles(step.begun, cycles_of(step.begun) - (cycles_left - kept));
        cycles_left = kept;
        slice_end = end;
    }
    return end;
}

// Where to go on: behind the last slice as if it had not ended, else as if branched to.
Op* Cpu::entry_op() {
    if (pc == resume_pc && resume_op != nullptr && resume_op->it == itstate) return resume_op;
    const bool goes_on = pc == resume_pc && itstate == resume_it;
    const bool stays = goes_on || model.is_sequential(pc);  // an exception sequence has begun to fetch here
    if (!code_window.contains(pc) || wants_exact() != is_exact || !stays) use_code(pc, is_exact);
    if (is_exact && !stays && !wants_exact() && is_quiet_at(scheduler.now() / ticks_per_cycle)) use_code(pc, false);
    const uint8_t boundary = !goes_on ? 0 : is_exact ? exact_boundary(resume_boundary) : resume_boundary;
    return code->at(pc, boundary, itstate);
}

void Cpu::execute(int32_t cycles) {
    set_slice(scheduler.now());
    is_observed = profile != nullptr || tracer != nullptr || system->dwt.counts_events();
    multiple_address = 1;
    multiple_due = never;
    late = beat = 0;                                        // an LDM or STM has perhaps been continued
    data_cost = {};
    slice_cl = cycles;
    if (code->is_full()) {
        code->flush();
        resume_op = nullptr;
    }
    op = entry_op();
    cl = cycles;
#ifdef TINYSIM_TRAMPOLINE
    do op->run(op, this, cl, nz, c, v);
    while (op != nullptr && cl > 0 && request == Request::none && !attention);
#else
    op->run(op, this, cl, nz, c, v);
#endif
    attention = false;
    late = beat = 0;
    data_cost = {};
    const int32_t consumed = slice_cl - cl;
    active_cycles += consumed;
    scheduler.set_now(slice_tick + consumed * ticks_per_cycle);
    set_slice(scheduler.now());
    slice_cl = cl = 0;
    resume_op = request == Request::fault || request == Request::breakpoint ? nullptr : op;
    resume_pc = 1;
    if (op == nullptr) {                                    // a branch to another memory, or with a full arena: pc is set
        itstate = 0;
        return;
    }
    pc = resume_pc = op->address();
    itstate = resume_it = op->it;
    resume_boundary = op->before;
}

void Cpu::dispatch_request() {
    const Request what = request;
    request = Request::none;
    switch (what) {
        case Request::none: case Request::debug_stop: break;
        case Request::fault: take_synchronous(request_value); break;
        case Request::svc: take_synchronous(sv_call); break;
        case Request::exception_return: return_from_exception(request_value); break;
        case Request::breakpoint:
            system->note_debug_event();
            take_synchronous(hard_fault);
            break;
        case Request::invalid_state:
            pc = request_value & ~1u;
            thumb = false;                                  // the instruction there faults
            break;
        case Request::wait_for_event:
            if (event_register) {
                event_register = false;
                break;
            }
            begin_sleep(true);
            break;
        case Request::wait_for_interrupt:
            begin_sleep(false);
            break;
        case Request::flush_code:
            code->flush();
            resume_op = nullptr;
            break;
    }
}

Stop Cpu::run(Tick until, bool single) {
    struct Guard {                                          // the host's FP flags belong to the guest inside
        fp::FpState& state;
        explicit Guard(fp::FpState& s) : state(s) { fp::host_enter(state); }
        ~Guard() { fp::host_leave(state); }
    } guard(fp);
    debug_hit = {};
    bool just_woke = false;
    passed_breakpoint_ = single || pc == stopped_at_ ? pc : 1;
    stopped_at_ = 1;
    for (;;) {
        if (multiple_address != 1 && multiple_due == never && scheduler.next_due() <= scheduler.now())
            multiple_due = scheduler.next_due();
        scheduler.run_due();
        if (host_stop) {
            host_stop = false;
            if (!system_reset_requested) return Stop::host;
            system_reset_requested = false;
            return Stop::reset;
        }
        if (locked_up) return Stop::lockup;
        if (protection_changed) update_protection();
        if (requested_period_ != 0) apply_period();
        if (stalled_until > scheduler.now()) wait_until(stalled_until);
        // Awake, it takes what woke it: the run may end only before or behind both.
        const bool is_waking = std::exchange(just_woke, false) && exceptions.changed;
        if (scheduler.now() >= until && !is_waking) return in_fault_handler(*this) ? Stop::fault : Stop::time;
        if (exceptions.newly_pending) {
            if (system->sends_event_on_pend()) event_register = true;
            exceptions.newly_pending = false;
        }
        if (exceptions.changed && !sleeping) {                // asleep: waking comes first, and sets it again
            exceptions.changed = false;
            if (const unsigned number = exceptions.to_take()) {
                take(number, abandon_multiple());
                exceptions.changed = true;
                continue;
            }
        }
        if (sleeping) {
            if (!sleep_until_wake(until)) return in_fault_handler(*this) ? Stop::fault : Stop::deadlock;
            just_woke = !sleeping;
            continue;
        }
        if (!thumb) {                                       // no instruction can run: B1.5.14, INVSTATE
            system->note_fault(invstate, 0);
            take_synchronous(usage_fault);
            continue;
        }
        slice_end = std::min(until, scheduler.next_due());
        const Tick now = scheduler.now();
        const Tick span = std::min(slice_end - now, longest_slice_cycles * ticks_per_cycle);
        const int64_t cycles = std::max<int64_t>((span + ticks_per_cycle - 1) / ticks_per_cycle, 1);
        const int64_t before = instructions;
        execute(single ? 1 : static_cast<int32_t>(cycles));
        if (request == Request::breakpoint && request_value == semihosting_call && serves_semihosting) {
            request = Request::none;
            return Stop::semihosting;
        }
        if (request == Request::breakpoint && stops_at_breakpoint) {
            request = Request::none;
            return Stop::breakpoint;
        }
        if (request == Request::debug_stop) {
            request = Request::none;
            return Stop::breakpoint;
        }
        const bool faulted = request == Request::fault || request == Request::breakpoint;
        dispatch_request();
        if (debug_hit.length != 0) return Stop::watchpoint;
        if (single && (instructions != before || faulted)) return Stop::time;      // a full op arena executes none
        uint16_t code_here = 0;
        if (in_fault_handler(*this) && code->fetch(pc, code_here) && code_here == 0xE7FE) return Stop::fault;   // B . in a fault handler
    }
}

}  // namespace tinysim
