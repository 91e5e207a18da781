// SysTick (DDI 0403 B3.3); DEMCR and the ROM table as far as firmware touches them (C1). DWT is in dwt.cc, ITM and TPIU in itm.cc.
#include "cpu/system_control.h"

namespace tinysim {
namespace {
constexpr uint32_t dwt_start = 0xE000'1000, tpiu = 0xE004'0000;
}  // namespace

int64_t SystemControl::systick_period_ticks() const {
    return (systick_.control & 4) != 0 ? cpu_.ticks_per_cycle : cpu_.ticks_per_cycle * identity_.systick_reference_divider;
}

// Counts down from `value` at `since`; reaching 0 it takes one more period to reload.
uint32_t SystemControl::systick_value() const {
    if ((systick_.control & 1) == 0) return systick_.value;
    const int64_t elapsed = (scheduler_.now() - systick_.since) / systick_period_ticks();
    if (elapsed <= systick_.value) return static_cast<uint32_t>(systick_.value - elapsed);
    if (systick_.reload == 0) return 0;
    const int64_t beyond = (elapsed - systick_.value - 1) % (static_cast<int64_t>(systick_.reload) + 1);
    return static_cast<uint32_t>(systick_.reload - beyond);
}

// Moves the origin to the latest clock edge, so that changes count from there and keep the phase.
void SystemControl::settle_systick() {
    if ((systick_.control & 1) == 0) {
        systick_.since = scheduler_.now();
        return;
    }
    const int64_t elapsed = (scheduler_.now() - systick_.since) / systick_period_ticks();
    systick_.value = systick_value();
    systick_.since += elapsed * systick_period_ticks();
}

// From `since` on. From 0 the counter reloads at the next clock and then counts down: no exception comes of a write to CVR.
void SystemControl::restart_systick(uint32_t value) {
    systick_.value = value;
    scheduler_.cancel(systick_event_);
    if ((systick_.control & 1) == 0) return;
    const int64_t periods = value != 0 ? value : systick_.reload != 0 ? static_cast<int64_t>(systick_.reload) + 1 : 0;
    if (periods != 0) scheduler_.at(systick_event_, systick_.since + periods * systick_period_ticks());
}

// What has been counted stays; from the latest clock edge on the new clock counts.
void SystemControl::before_clock_change() {
    settle_systick();
    dwt.before_clock_change();
}

void SystemControl::after_clock_change() {
    restart_systick(systick_.value);
    dwt.after_clock_change();
}

void SystemControl::stop_clock() {
    before_clock_change();
    systick_.stopped_at = scheduler_.now();
    scheduler_.cancel(systick_event_);
}

void SystemControl::start_clock() {
    systick_.since += scheduler_.now() - systick_.stopped_at;
    after_clock_change();
}

uint32_t SystemControl::read_systick_control() {
    const uint32_t value = systick_.control | static_cast<uint32_t>(systick_.count_flag) << 16;
    systick_.count_flag = false;
    return value;
}

void SystemControl::write_systick_control(uint32_t value) {
    settle_systick();
    const uint32_t control = value | systick_core_clock_only();
    if (((control ^ systick_.control) & 4) != 0) systick_.since = scheduler_.now();
    systick_.control = control;
    restart_systick(systick_.value);
}

// Counts on from where it is; the new value is used from the next reload.
void SystemControl::write_systick_reload(uint32_t value) {
    settle_systick();
    systick_.reload = value;
    restart_systick(systick_.value);
}

// The counter has just reached 0.
void SystemControl::systick_wrapped(Tick late_ticks) {
    systick_.count_flag = true;
    if ((systick_.control & 2) != 0) cpu_.exceptions.set_pending(sys_tick);
    systick_.value = 0;
    systick_.since = scheduler_.now() - late_ticks;
    if (systick_.reload != 0)
        scheduler_.at(systick_event_, systick_.since + (static_cast<int64_t>(systick_.reload) + 1) * systick_period_ticks());
}

uint32_t SystemControl::read_debug(uint32_t address, int32_t cycles_left) {
    if (address >= dwt_start && address < dwt_start + 0x1000) {
        uint32_t value = 0;
        if (!dwt.read(address - dwt_start, cycles_left, value)) gap(address, false);
        return value;
    }
    if (address < dwt_start || (address >= tpiu && address < tpiu + 0x1000)) {
        uint32_t value = 0;
        const bool known = address < dwt_start ? itm.read(address & 0xFFF, traces(), value) : itm.read_tpiu(address - tpiu, value);
        if (!known) gap(address, false);
        return value;
    }
    if (address >= 0xE00F'F000) {                           // ROM table: SCS, DWT, FPB, ITM, TPIU, ETM
        static constexpr uint32_t entries[7] = {0xFFF0'F003, 0xFFF0'2003, 0xFFF0'3003, 0xFFF0'1003, 0xFFF4'1003, 0xFFF4'2002, 0};
        const uint32_t offset = address & 0xFFF;
        return offset < 28 ? entries[offset / 4] : 0;
    }
    gap(address, false);
    return 0;
}

void SystemControl::write_demcr(uint32_t value, int32_t cycles_left) {
    demcr_ = value;
    dwt.set_trace(traces(), cycles_left);
}

void SystemControl::write_debug(uint32_t address, uint32_t value, int32_t cycles_left) {
    if (address >= dwt_start && address < dwt_start + 0x1000) {
        if (!dwt.write(address - dwt_start, value, cycles_left)) gap(address, true);
        return;
    }
    if (address >= tpiu && address < tpiu + 0x1000 && itm.write_tpiu(address - tpiu, value)) return;
    gap(address, true);
}

}  // namespace tinysim
