// The Cortex-M4F: registers, the run loop's state and the cold paths that op handlers call. Members are public
// because handlers are plain functions on them. Not modelled yet: the debug monitor.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "bus/bus.h"
#include "cpu/clock_history.h"
#include "cpu/code_cache.h"
#include "cpu/exceptions.h"
#include "cpu/fault_report.h"
#include "cpu/fp.h"
#include "cpu/interrupt_lines.h"
#include "cpu/op.h"
#include "cpu/requests.h"
#include "cpu/run_log.h"
#include "cpu/watchpoint.h"
#include "timing/core_model.h"
#include "tinysim/line.h"
#include "tinysim/scheduler.h"

namespace tinysim {

class Profile;
class SystemControl;
struct PowerControl;
class TraceWriter;

struct Loaded {                         // two 32-bit halves: comes back in one host register
    uint32_t value;
    int32_t cl;
};

struct Cpu {
    Cpu(Scheduler& scheduler, Bus& bus, CoreTiming timing, unsigned irq_count, unsigned priority_bits, int64_t ticks_per_cycle);
    ~Cpu();

    // ---- hot: op handlers ----
    uint32_t r[16] = {};
    uint32_t s[32] = {};
    fp::FpState fp;
    uint32_t q = 0, ge = 0;             // APSR.Q as 0/1, APSR.GE as 4 bits
    bool fp_ready = false;              // CPACR allows, CONTROL.FPCA set, no lazy save outstanding
    const Window* windows;
    CodeWindow code_window;
    Request request = Request::none;
    uint32_t request_value = 0;         // EXC_RETURN, BKPT number, ...
    bool attention = false;             // a handler left on purpose: exceptions must be looked at

    // ---- at instruction boundaries ----
    Op* op = nullptr;
    int32_t cl = 0;
    int64_t nz = 1;
    uint32_t c = 0, v = 0;
    uint32_t pc = 0;
    uint8_t itstate = 0;
    bool thumb = true;
    Op* resume_op = nullptr;            // where the last slice ended: its end must not change the count
    uint32_t resume_pc = 1;             // the same, when decoded code has been dropped since
    uint8_t resume_boundary = 0, resume_it = 0;

    uint32_t multiple_address = 1;      // the LDM or STM that the slice ended behind; odd: another instruction
    Tick multiple_due = never;          // the first event within it
    uint32_t overwritten = 0;           // what the last division's result has replaced

    // ---- timing: exact.cc ----
    struct Step {                       // the instruction under way in exact mode
        const TimedInsn* timed = nullptr;
        Budget begun = 0;
        bool in_it = false;
    } step;
    CoreModel model;
    DataCost data_cost;                 // of its data accesses
    int32_t late = 0;                   // fast mode: cycles charged beyond the op's cost
    uint8_t beat = 0;                   // transfers of this instruction that came before
    bool skipped = false;               // its condition failed
    bool is_exact = false;              // `code` is an exact cache
    bool forces_exact = false;
    bool is_observed = false;           // somebody wants to know what each instruction cost
    bool windows_closed_once = false;   // until the next data access
    Cycle fp_busy_until = 0;            // a division or square root is under way
    Profile* profile = nullptr;
    TraceWriter* tracer = nullptr;
    Cycle cycle_at(Budget cycles_left) const { return slice_cycle + (slice_cl - cycles_of(cycles_left)); }  // no stamp: cycle_now
    Budget finish_step(const Op* next, Budget cycles_left);
    void note_step(const TimedInsn& timed, int32_t extra, bool taken, const Op* next);
    void step_anew(const Op* at, Budget cycles_left);
    Op* fast_entry(const Op* at, Budget cycles_left);
    bool is_quiet_at(Cycle start) const;
    bool fetches_at_once(uint32_t address, Cycle now) const;
    Op* leave_fast(const Op* at, Budget cycles_left);
    Op* again(uint32_t address, uint8_t boundary, uint8_t it);
    Op* variant_behind(Op* op, Op* behind, uint8_t boundary);
    void charge(const AccessCost& cost, int32_t& cycles_left);
    bool charge_ram(const Region& region, uint32_t address, bool is_write, int32_t& cycles_left);
    void charge_memory(const Region& region, uint32_t address, unsigned bytes, bool is_write, int32_t& cycles_left);
    AccessCost data_access(const Region& region, uint32_t address, bool is_write, int32_t cycles_left);
    bool wants_exact() const;
    void set_exact(bool forces);
    void begin_fp_divide(int32_t cycles, Budget cycles_left);
    int32_t wait_for_fp(int32_t cycles_left);
    void close_windows_once();
    void request_period(Tick ticks);                    // the CPU's clock changes at the next boundary

    // ---- modes ----
    uint32_t other_sp = 0;              // the stack pointer that r[13] is not
    uint16_t ipsr = 0;
    bool unprivileged = false;          // CONTROL.nPRIV
    bool uses_psp = false;              // CONTROL.SPSEL as in effect
    bool fpca = false;
    bool lazy_save_pending = false;     // FPCCR.LSPACT
    bool event_register = false;
    bool exclusive = false;
    bool sleeping = false;
    bool sleeping_for_event = false;
    Tick sleeping_since = 0;
    Line in_sleep;                      // high while the clock of the core stands still
    PowerControl* power = nullptr;      // hears of sleeps; null: nobody does
    bool is_stopped = false;            // in a deep sleep: CYCCNT and SysTick stand still
    Tick wake_latency = 0;              // until that clock runs again; the chip's power control sets it

    // ---- time ----
    Tick slice_tick = 0;                // when the slice began
    Cycle slice_cycle = 0;              // the same in cycles
    int32_t slice_cl = 0;               // cycles the slice was given
    Tick slice_end = 0;                 // tick the slice runs to
    int64_t ticks_per_cycle;
    ClockHistory clocks{ticks_per_cycle};
    int64_t active_cycles = 0;          // cycles awake, up to the slice's begin
    int64_t instructions = 0;           // executed, with those whose condition failed

    Scheduler& scheduler;
    Bus& bus;
    CoreTiming timing;
    Exceptions exceptions;
    InterruptLines interrupt_lines{scheduler, exceptions};
    void set_interrupt(unsigned irq, bool level) {
        interrupt_lines.set(first_irq + irq, level, timing.interrupt_synchroniser * ticks_per_cycle);
    }
    CodeCache* code;                    // of the view in use
    RunLog log;
    SystemControl* system = nullptr;
    bool host_stop = false;             // stop at the next boundary
    bool system_reset_requested = false;
    bool locked_up = false;
    FaultReport last_fault;
    bool has_fault = false;

    void state(Archive& archive);                       // cpu_state.cc; decoded code is dropped

    // ---- run.cc ----
    Stop run(Tick until, bool single = false);          // single: exactly one instruction, and what was due before it
    Op* entry_op();
    void use_code(uint32_t address, bool exact);        // chooses the cache and the way code is fetched
    void execute(int32_t cycles);                       // one slice from pc
    int64_t cycle_now() const { return clocks.cycle_of(scheduler.now()); }
    Tick now_at(int32_t cycles_left) const { return slice_tick + (slice_cl - cycles_left) * ticks_per_cycle; }
    int64_t active_cycles_at(int32_t cycles_left) const { return active_cycles + (slice_cl - cycles_left); }
    void set_slice(Tick begin) {
        slice_tick = begin;
        slice_cycle = begin / ticks_per_cycle;
    }
    Tick cut_slice(int32_t& cycles_left);               // after a device access: an earlier event, an attention
    void power_on(uint32_t vector_table);
    void pass_cycles(int32_t cycles);                   // outside of ops: exception sequences
    void stand_still();
    void go_straight_on();
    void wait_until(Tick tick);                         // awake but stalled, e.g. by flash programming
    Tick stalled_until = 0;
    bool stops_at_breakpoint = false;                   // BKPT goes to the host, not to the fault handlers

    // ---- memory_access.cc: slow paths ----
    Loaded slow_load(uint32_t address, unsigned bytes, int32_t cycles_left);
    int32_t slow_store(uint32_t address, uint32_t value, unsigned bytes, int32_t cycles_left);
    bool is_always_allowed(uint32_t address, unsigned bytes) const { return (address & (bytes - 1)) == 0 && view_ == open_view; }
    bool allows(uint32_t address, unsigned bytes, bool is_write);
    Loaded load_private(uint32_t address, unsigned bytes, int32_t cycles_left);
    Loaded load_device(const Region& region, uint32_t address, unsigned bytes, int32_t cycles_left);
    bool store_private(uint32_t address, uint32_t value, unsigned bytes, int32_t& cycles_left);
    void store_device(const Region* region, uint32_t address, uint32_t value, unsigned bytes);
    Loaded load_bit(const Region& alias, uint32_t address, unsigned bytes, int32_t cycles_left);
    int32_t store_bit(const Region& alias, uint32_t address, uint32_t value, unsigned bytes, int32_t cycles_left);
    bool access_faulted() const { return request == Request::fault; }
    int32_t watch_alignment(uint32_t address, uint32_t mask, int32_t cycles_left);

    // ---- protection.cc: what the MPU lets this privilege level see ----
    bool protection_changed = false;    // look again at the next boundary
    void update_protection();
    bool may_access(uint32_t address, unsigned bytes, bool is_write) const;
    void watch_code(uint32_t address);
    void invalidate_code(const Memory& memory, uint32_t offset, uint32_t count);
    void flush_code();
    bool forces_unprivileged = false;   // LDRT, STRT
    bool accesses_as_privileged() const { return privileged() && !forces_unprivileged; }

    // ---- interrupted_multiple.cc ----
    int32_t abandon_multiple();
    void continue_multiple();

    // ---- exception_timing.cc ----
    bool is_open(uint32_t address, uint32_t bytes, bool is_write) const;       // plain zero-wait memory

    // ---- exception_entry.cc ----
    void fault(unsigned exception, uint32_t cfsr_bits, uint32_t address = 0);   // of the instruction in progress
    void take(unsigned number, int32_t cycles_since = 0);   // entry, with late arrival; `since` the request
    void take_synchronous(unsigned number);             // SVC or fault: pend, escalate, or lock up
    void return_from_exception(uint32_t exc_return);
    bool prepare_fp();                                  // first FP instruction: NOCP or lazy save; false: faulted
    bool save_lazy_fp();
    uint32_t xpsr() const;
    void set_xpsr(uint32_t value, bool with_ipsr_and_it);
    uint32_t control() const;
    void set_control(uint32_t value);
    void select_stack(bool psp);
    uint32_t& msp() { return uses_psp ? other_sp : r[13]; }
    uint32_t& psp() { return uses_psp ? r[13] : other_sp; }
    void update_fp_ready();
    bool privileged() const { return ipsr != 0 || !unprivileged; }

    // ---- stage marks: see code_cache.h ----
    std::unordered_map<uint32_t, uint16_t> stage_entries;      // function address -> stage
    bool reach_mark(uint32_t address, int32_t cycles_left);     // true: stop in front of this instruction

    // ---- debug.cc ----
    void set_breakpoint(uint32_t address);
    void clear_breakpoint(uint32_t address);
    void set_watchpoint(const Watchpoint& watchpoint);
    void clear_watchpoint(const Watchpoint& watchpoint);
    int32_t note_access(uint32_t address, unsigned bytes, Watch kind, int32_t cycles_left);
    bool serves_semihosting = false;                    // BKPT 0xAB stops in front of it, and the host does the rest
    void finish_semihosting(uint32_t result);           // goes on behind it
    Watchpoint debug_hit{};             // what stopped the CPU last; length 0: nothing since the run began

private:
    std::vector<uint32_t> breakpoints_;
    std::vector<Watchpoint> watchpoints_;
    uint32_t passed_breakpoint_ = 1;                    // goes on from the breakpoint it stopped at; odd: none
    uint32_t stopped_at_ = 1;
    struct StackUse {                                   // the stacking of an entry, and when it ends
        uint32_t address;
        Tick until;
    };
    StackUse stacking_{};
    uint32_t word_at(uint32_t address) const;           // of memory, by nobody's access
    int32_t frame_waits(uint32_t address, int32_t count, bool is_write, Tick from);
    int32_t vector_waits(uint32_t address, Tick at);
    int32_t code_waits(uint32_t address, Tick at);
    Tick handler_fetched(unsigned number, Tick from, const StackUse& stack);
    unsigned fetch_handler(unsigned number, Tick from, const StackUse& stack);
    bool pass_to(Tick end, Tick& stopped);
    bool pass_pop(uint32_t frame, int32_t float_words, Tick& from);
    bool push_frame(uint32_t return_address, uint8_t it, Tick begin);
    bool pop_frame(uint32_t exc_return);
    void enter_handler(unsigned number, uint32_t exc_return);
    void begin_sleep(bool for_event);
    bool is_woken() const;
    void wake();
    void start_clock();
    bool sleep_until_wake(Tick until);
    void dispatch_request();
    bool frame_fault(uint32_t fault_bit, bool is_protection);
    bool frame_store(uint32_t address, uint32_t value, uint32_t fault_bit);
    bool frame_load(uint32_t address, uint32_t& value, uint32_t fault_bit);
    void note_stage(uint32_t address, Tick now);
    struct StageFrame {
        uint32_t return_address, sp;
        uint64_t span;
        void state(Archive& archive) { archive(return_address, sp, span); }
    };
    std::vector<StageFrame> stage_frames_;
    unsigned frame_fault_ = bus_fault;
    // Without the MPU, with it privileged, with it unprivileged: each view has its own fast paths and decoded code.
    enum View : unsigned { open_view, privileged_view, unprivileged_view };
    View wanted_view(bool as_privileged, bool at_negative_priority) const;
    View view_in_use() const;
    View view_of_lazy_save() const;
    void use_memory(View view);
    bool raise_lazy_fault();
    void build_windows(View view);
    Window longest_window(const Region& region, bool as_privileged) const;
    void follow_bus_windows();
    std::vector<uint64_t> executable_edges(View view) const;
    View view_ = open_view;             // of memory; that of `code` follows at the next boundary
    uint64_t windows_version_[3] = {}, code_version_[3] = {};
    std::vector<uint64_t> executable_[3];
    std::vector<Window> view_windows_[3];
    std::unique_ptr<CodeCache> caches_[3][2];           // [view][is_exact]
    Tick requested_period_ = 0;
    void apply_period();
    uint32_t frame_exc_return_ = 0;
    void report_fault(unsigned number, uint32_t return_address);
};

}  // namespace tinysim
