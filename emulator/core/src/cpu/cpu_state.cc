// The state of the core for snapshots. What a debugger or the host set up (breakpoints, observed functions) and
// decoded code are not in it.
#include "cpu/system_control.h"
#include "tinysim/archive.h"

namespace tinysim {

void FaultReport::state(Archive& archive) { archive(exception, pc, cfsr, hfsr, address, registers, xpsr); }

void Cpu::state(Archive& archive) {
    uint32_t fpscr = fp::get_fpscr(fp);
    archive(r, s, fpscr, q, ge, fp_ready, request, request_value, attention, cl, nz, c, v, pc, itstate, thumb, resume_pc,
            resume_boundary, resume_it, is_exact, late, beat, fp_busy_until, windows_closed_once, ticks_per_cycle, requested_period_, multiple_address, multiple_due, other_sp, ipsr, unprivileged, uses_psp, fpca, lazy_save_pending, event_register, exclusive, sleeping,
            sleeping_for_event, sleeping_since, in_sleep, slice_tick, slice_cycle, slice_cl, slice_end, active_cycles, instructions, host_stop,
            system_reset_requested, locked_up, last_fault, has_fault, stalled_until, stage_frames_, frame_exc_return_,
            forces_unprivileged, frame_fault_);
    model.state(archive);
    archive(is_stopped, wake_latency, interrupt_lines, overwritten, clocks);
    if (!archive.is_reading()) return;
    fp::set_fpscr(fp, fpscr);
    flush_code();
    use_memory(view_);
    protection_changed = true;
    op = nullptr;
    for (const StageFrame& frame : stage_frames_) watch_code(frame.return_address);
}

void Exceptions::Set::state(Archive& archive) { archive(words_); }

void Exceptions::state(Archive& archive) {
    archive.same("the number of interrupts", count_);
    archive(pending_, active_, enabled_, high_, priority_, primask, faultmask, basepri, priority_group, changed, newly_pending);
    if (!archive.is_reading()) return;
    next_is_known_ = false;
    find_active();
}

void Mpu::Region::state(Archive& archive) { archive(base, attributes); }

void Mpu::state(Archive& archive) {
    archive(control_, number_, regions_);
    if (archive.is_reading()) ++version_;
}

void SystemControl::SysTick::state(Archive& archive) { archive(control, reload, value, since, stopped_at, count_flag); }

void SystemControl::state(Archive& archive) {
    archive(fpcar, vtor_, scr_, ccr_, cfsr_, hfsr_, dfsr_, mmfar_, bfar_, afsr_, actlr_, cpacr_, fpccr_, fpdscr_, shcsr_enables_,
            demcr_, mpu, dwt, systick_, systick_event_);
    itm.state(archive);
}

void RunLog::state(Archive& archive) {
    archive.log(exceptions);
    archive.log(sleeps);
    archive.log(stages);
    archive.log(gaps);
    archive(open_exceptions_);
    if (!archive.is_reading()) return;
    gap_rows_.clear();
    for (size_t row = 0; row < gaps.size(); ++row)
        gap_rows_[static_cast<uint64_t>(gaps[row].is_write) << 32 | gaps[row].address] = row;
}

}  // namespace tinysim
