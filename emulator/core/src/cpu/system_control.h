// The private peripheral bus: NVIC, SCB, SysTick, DWT, CoreDebug, FPU and MPU registers. DDI 0403 B3, C1.
// Not modelled: FPB, the debug monitor; of DWT and ITM what dwt.h and itm.h say.
#pragma once

#include <cstdint>

#include "cpu/cpu.h"
#include "cpu/dwt.h"
#include "cpu/itm.h"
#include "cpu/mpu.h"
#include "tinysim/recorder.h"
#include "tinysim/scheduler.h"

namespace tinysim {

struct CoreIdentity {
    uint32_t cpuid = 0x410F'C241;
    unsigned mpu_regions = 8;
    int64_t systick_reference_divider = 0;   // the external SysTick clock is the CPU's divided by it; 0: there is none
    uint32_t systick_calibration = 0;        // SYST_CALIB, but NOREF
    bool cycle_counter_counts_in_sleep = false;
};

class SystemControl {
public:
    SystemControl(Cpu& cpu, Scheduler& scheduler, Recorder& recorder, CoreIdentity identity);
    void reset();
    void state(Archive& archive);            // cpu_state.cc

    // `cycles_left` dates the access inside the running slice.
    uint32_t read(uint32_t address, unsigned bytes, int32_t cycles_left);
    uint32_t debug_read(uint32_t address, unsigned bytes);
    void debug_write(uint32_t address, uint32_t value, unsigned bytes);
    void write(uint32_t address, uint32_t value, unsigned bytes, int32_t cycles_left);
    bool unprivileged_may_read(uint32_t address) const;
    bool unprivileged_may_write(uint32_t address) const;

    bool traps_unaligned() const { return (ccr_ & 8) != 0; }
    bool traps_division() const { return (ccr_ & 16) != 0; }
    bool aligns_stack() const { return (ccr_ & 0x200) != 0; }
    bool ignores_faults_at_negative_priority() const { return (ccr_ & 0x100) != 0; }
    bool allows_thread_return() const { return (ccr_ & 1) != 0; }
    bool sleeps_on_exit() const { return (scr_ & 2) != 0; }
    bool sleeps_deeply() const { return (scr_ & 4) != 0; }
    bool sends_event_on_pend() const { return (scr_ & 16) != 0; }
    uint32_t vector_table() const { return vtor_; }
    void set_vector_table(uint32_t address) { vtor_ = address & 0xFFFF'FF80; }
    bool fp_enabled_for(bool privileged) const;
    bool saves_fp_state() const { return (fpccr_ & 0x8000'0000) != 0; }
    bool saves_fp_lazily() const { return (fpccr_ & 0x4000'0000) != 0; }
    uint32_t default_fpscr() const { return fpdscr_; }
    void reserve_fp_frame(uint32_t address);                  // UpdateFPCCR
    uint32_t fpccr() const { return fpccr_; }                 // but LSPACT

    void note_fault(uint32_t cfsr_bits, uint32_t address);
    void note_escalation() { hfsr_ |= 0x4000'0000; }
    void note_vector_fault() { hfsr_ |= 2; }
    void note_debug_event() { hfsr_ |= 0x8000'0000, dfsr_ |= 2; }   // BKPT
    void note_imprecise_fault();
    uint32_t cfsr() const { return cfsr_; }
    uint32_t hfsr() const { return hfsr_; }
    uint32_t fault_address() const { return (cfsr_ & mmarvalid) != 0 ? mmfar_ : bfar_; }
    void enable_trace() { write_demcr(demcr_ | 1u << 24, 0), itm.enable_all(); }   // by a debug probe; before the guest runs
    // Between slices, in front of and behind a new Cpu::ticks_per_cycle.
    void before_clock_change();
    void after_clock_change();
    // A deep sleep: SysTick and CYCCNT stand still.
    void stop_clock();
    void start_clock();
    bool completes_multiples() const { return (actlr_ & 1) != 0; }      // ACTLR.DISMCYCINT
    bool counts_systick() const { return (systick_.control & 1) != 0; }
    uint32_t fpcar = 0;
    Mpu mpu;
    Itm itm;
    Dwt dwt;

private:
    struct SysTick {
        uint32_t control = 0, reload = 0;
        uint32_t value = 0;                  // at `since`, or while stopped
        Tick since = 0;
        Tick stopped_at = 0;                 // in a deep sleep
        bool count_flag = false;
        void state(Archive& archive);
    };
    uint32_t read_word(uint32_t address, int32_t cycles_left);
    void write_word(uint32_t address, uint32_t value, int32_t cycles_left);
    uint32_t read_nvic(uint32_t offset) const;
    void write_nvic(uint32_t offset, uint32_t value);
    uint32_t read_scb(uint32_t offset);
    void write_scb(uint32_t offset, uint32_t value);
    bool traces() const { return (demcr_ & 1u << 24) != 0; }  // TRCENA
    uint32_t read_debug(uint32_t address, int32_t cycles_left);
    void write_debug(uint32_t address, uint32_t value, int32_t cycles_left);
    uint32_t read_priority_word(unsigned first) const;
    void write_priority_word(unsigned first, uint32_t value);
    uint32_t icsr() const;
    void write_icsr(uint32_t value);
    uint32_t shcsr() const;
    void write_shcsr(uint32_t value);
    void write_aircr(uint32_t value);

    int64_t systick_period_ticks() const;
    uint32_t systick_value() const;
    void restart_systick(uint32_t value);
    void settle_systick();
    uint32_t systick_core_clock_only() const { return identity_.systick_reference_divider == 0 ? 4 : 0; }
    uint32_t read_systick_control();
    void write_systick_control(uint32_t value);
    void write_systick_reload(uint32_t value);
    void write_demcr(uint32_t value, int32_t cycles_left);
    void systick_wrapped(Tick late_ticks);
    void gap(uint32_t address, bool is_write);

    Cpu& cpu_;
    Scheduler& scheduler_;
    Recorder& recorder_;
    const CoreIdentity identity_;
    bool is_debugger_ = false;               // who is reading or writing just now
    uint32_t vtor_ = 0, scr_ = 0, ccr_ = 0x200, cfsr_ = 0, hfsr_ = 0, dfsr_ = 0, mmfar_ = 0, bfar_ = 0, afsr_ = 0;
    uint32_t actlr_ = 0, cpacr_ = 0, fpccr_ = 0xC000'0000, fpdscr_ = 0, shcsr_enables_ = 0;
    uint32_t demcr_ = 0;
    SysTick systick_;
    Event systick_event_;
};

}  // namespace tinysim
