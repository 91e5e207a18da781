// The CPU's clock changes while it runs: RCC asks for it, and it happens at the next instruction boundary.
#include "cpu/cpu.h"
#include "cpu/system_control.h"
#include "tinysim/flash_timing.h"

namespace tinysim {

void Cpu::request_period(Tick ticks) {
    requested_period_ = ticks;
    exceptions.changed = true;
}

void Cpu::apply_period() {
    const Tick ticks = std::exchange(requested_period_, 0);
    if (ticks <= 0 || ticks == ticks_per_cycle) return;
    system->before_clock_change();
    // Edges lie at multiples of the period, for the CPU as for every other master.
    scheduler.set_now((scheduler.now() + ticks - 1) / ticks * ticks);
    clocks.change(scheduler.now(), ticks, bus.matrix);
    ticks_per_cycle = ticks;
    bus.matrix.cycle_ticks = ticks;
    fp_busy_until = 0;
    model.leave();
    for (const auto& memory : bus.memories())
        if (memory->timing != nullptr) memory->timing->restart();
    system->after_clock_change();
    code_window = {};
    resume_op = nullptr;
    resume_pc = 1;
}

}  // namespace tinysim
