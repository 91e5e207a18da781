// Asleep in WFI or WFE: what wakes, and what waking costs. DDI 0403 B1.5.17 to B1.5.19; latencies: docs/timing.md A6.
#include <algorithm>

#include "cpu/profile.h"
#include "cpu/system_control.h"
#include "tinysim/registry.h"
#include "trace/writer.h"

namespace tinysim {

namespace {

// The first moment of a sleep in which time passes.
void fall_asleep(Cpu& cpu) {
    cpu.in_sleep.set(true);
    if (cpu.power == nullptr) return;
    cpu.is_stopped = cpu.system->sleeps_deeply();
    if (cpu.is_stopped) cpu.system->stop_clock();
    cpu.power->sleep_begins(cpu.is_stopped);
}

void pass_wake_latency(Cpu& cpu) {
    Scheduler& scheduler = cpu.scheduler;
    const Tick end = scheduler.now() + (cpu.wake_latency + cpu.ticks_per_cycle - 1) / cpu.ticks_per_cycle * cpu.ticks_per_cycle;
    while (scheduler.next_due() <= end) {
        scheduler.set_now(std::max(scheduler.now(), scheduler.next_due()));
        scheduler.run_due();
    }
    scheduler.set_now(end);
}

}  // namespace

void Cpu::begin_sleep(bool for_event) {
    sleeping = true;
    sleeping_for_event = for_event;
    sleeping_since = scheduler.now();
}

// PRIMASK keeps an exception from ending WFE, not WFI (B1.5.18, B1.5.19).
bool Cpu::is_woken() const { return (sleeping_for_event && event_register) || exceptions.to_take(!sleeping_for_event) != 0; }

void Cpu::wake() {
    if (sleeping_for_event) event_register = false;
    sleeping = false;
    exceptions.changed = true;
    if (scheduler.now() == sleeping_since && !in_sleep.level()) return;
    start_clock();
    log.sleeps.push_back({sleeping_since, scheduler.now()});
    if (profile != nullptr) profile->sleep(profile->last_address(), cycle_now());
    if (tracer != nullptr) tracer->note(trace::Note::sleep, static_cast<uint32_t>((scheduler.now() - sleeping_since) / ticks_per_cycle));
    system->dwt.count_sleep((scheduler.now() - sleeping_since) / ticks_per_cycle);
    stand_still();
    in_sleep.set(false);
    pass_cycles(timing.wake_up);
    if (profile != nullptr) profile->reach(cycle_now(), Cause::sleep);
}

// In a light sleep SysTick has kept the clock running.
void Cpu::start_clock() {
    if (wake_latency != 0 && (is_stopped || !system->counts_systick())) pass_wake_latency(*this);
    if (power == nullptr) return;
    power->sleep_ends();
    if (std::exchange(is_stopped, false)) system->start_clock();
    if (requested_period_ != 0) apply_period();
}

// Jumps from event to event; false: nothing will ever happen again.
bool Cpu::sleep_until_wake(Tick until) {
    while (!is_woken() && !host_stop && scheduler.now() < until) {
        if (!in_sleep.level()) fall_asleep(*this);
        const Tick due = scheduler.next_due();
        if (due == never) return false;
        // Wake on the CPU's clock edge.
        const Tick asleep = std::min(due, until) - sleeping_since;
        const Tick edge = sleeping_since + (asleep + ticks_per_cycle - 1) / ticks_per_cycle * ticks_per_cycle;
        scheduler.set_now(std::max(edge, scheduler.now()));
        scheduler.run_due();
        if (exceptions.newly_pending && system->sends_event_on_pend()) event_register = true;
        exceptions.newly_pending = false;
    }
    if (is_woken()) wake();
    return true;
}

}  // namespace tinysim
