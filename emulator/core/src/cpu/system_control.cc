// Register map and fault bookkeeping; SysTick is in system_timer.cc.
#include "cpu/system_control.h"

namespace tinysim {
namespace {
constexpr uint32_t scs = 0xE000'E000;
constexpr uint32_t itm_start = 0xE000'0000, itm_end = 0xE000'1000;

uint32_t identification(uint32_t offset) {                  // CoreSight: SCS component, DDI 0403 D4
    static constexpr uint8_t words[12] = {0x04, 0, 0, 0, 0x0C, 0xB0, 0x0B, 0x00, 0x0D, 0xE0, 0x05, 0xB1};
    return words[(offset - 0xFD0) / 4];
}
}  // namespace

SystemControl::SystemControl(Cpu& cpu, Scheduler& scheduler, Recorder& recorder, CoreIdentity identity)
    : mpu(identity.mpu_regions), itm(recorder, cpu.log, scheduler),
      dwt(cpu, identity.cycle_counter_counts_in_sleep), cpu_(cpu), scheduler_(scheduler), recorder_(recorder), identity_(identity),
      systick_event_("systick", 0, [this](Tick late_ticks) { systick_wrapped(late_ticks); }) {}

void SystemControl::reset() {
    vtor_ = scr_ = cfsr_ = hfsr_ = dfsr_ = mmfar_ = bfar_ = afsr_ = actlr_ = cpacr_ = fpdscr_ = fpcar = 0;
    shcsr_enables_ = 0;
    ccr_ = 0x200;
    fpccr_ = 0xC000'0000;
    systick_ = {};
    systick_.control = systick_core_clock_only();
    scheduler_.cancel(systick_event_);
    mpu.reset();
    cpu_.protection_changed = true;
}

bool SystemControl::fp_enabled_for(bool privileged) const {
    const uint32_t access = (cpacr_ >> 20) & 3;
    return access == 3 || (access == 1 && privileged);
}

bool SystemControl::unprivileged_may_read(uint32_t address) const { return address < 0xE000'1000; }   // ITM
bool SystemControl::unprivileged_may_write(uint32_t address) const {
    return address < 0xE000'1000 || (address == scs + 0xF00 && (ccr_ & 2) != 0);
}

void SystemControl::gap(uint32_t address, bool is_write) {
    if (!is_debugger_) cpu_.log.gap(address, cpu_.op->address(), is_write);
}

// A debugger's read does not clear COUNTFLAG (DDI 0403 B3.3.3), and what it looks at is no gap of the firmware's.
uint32_t SystemControl::debug_read(uint32_t address, unsigned bytes) {
    const bool count_flag = systick_.count_flag;
    is_debugger_ = true;
    const uint32_t value = read(address, bytes, 0);
    is_debugger_ = false;
    systick_.count_flag = count_flag;
    return value;
}

void SystemControl::debug_write(uint32_t address, uint32_t value, unsigned bytes) {
    is_debugger_ = true;
    write(address, value, bytes, 0);
    is_debugger_ = false;
    cpu_.exceptions.changed = true;
}

void SystemControl::note_fault(uint32_t cfsr_bits, uint32_t address) {
    cfsr_ |= cfsr_bits;
    if ((cfsr_bits & mmarvalid) != 0) mmfar_ = address;
    if ((cfsr_bits & bfarvalid) != 0) bfar_ = address;
}

void SystemControl::note_imprecise_fault() {
    note_fault(impreciserr, 0);
    if (ignores_faults_at_negative_priority() && cpu_.exceptions.execution_priority() < 0) return;
    const bool handled = cpu_.exceptions.is_enabled(bus_fault);
    if (!handled) note_escalation();
    cpu_.exceptions.set_pending(handled ? bus_fault : hard_fault);
}

uint32_t SystemControl::read(uint32_t address, unsigned bytes, int32_t cycles_left) {
    const uint32_t word = read_word(address & ~3u, cycles_left);
    const uint32_t shifted = word >> ((address & 3) * 8);
    return bytes == 4 ? word : shifted & (bytes == 1 ? 0xFF : 0xFFFF);
}

void SystemControl::write(uint32_t address, uint32_t value, unsigned bytes, int32_t cycles_left) {
    if (address < itm_end) {                                // the size of a write to a port counts
        if (!itm.write(address - itm_start, value, bytes, traces(), cpu_.privileged())) gap(address, true);
        return;
    }
    if (bytes == 4) return write_word(address, value, cycles_left);
    // Byte and halfword writes exist for priorities, CFSR and STIR; elsewhere they act on the word.
    const uint32_t aligned = address & ~3u;
    const unsigned shift = (address & 3) * 8;
    const uint32_t mask = (bytes == 1 ? 0xFFu : 0xFFFFu) << shift;
    // Written with ones, or with side effects on reading: nothing of the other bytes may be written back.
    const bool is_interrupt_bits = aligned >= scs + 0x100 && aligned < scs + 0x400;
    const bool clears_by_ones = (aligned >= scs + 0xD28 && aligned <= scs + 0xD30) || is_interrupt_bits;
    const uint32_t old_value = clears_by_ones ? 0 : read_word(aligned, cycles_left);
    write_word(aligned, (old_value & ~mask) | ((value << shift) & mask), cycles_left);
}

uint32_t SystemControl::read_word(uint32_t address, int32_t cycles_left) {
    if (address < scs || address >= scs + 0x1000) return read_debug(address, cycles_left);
    const uint32_t offset = address - scs;
    if (offset >= 0x100 && offset < 0xD00) return read_nvic(offset);
    if (offset >= 0xFD0) return identification(offset);
    return read_scb(offset);
}

void SystemControl::write_word(uint32_t address, uint32_t value, int32_t cycles_left) {
    if (address < scs || address >= scs + 0x1000) return write_debug(address, value, cycles_left);
    const uint32_t offset = address - scs;
    if (offset >= 0x100 && offset < 0xD00) return write_nvic(offset, value);
    if (offset == 0xDFC) return write_demcr(value, cycles_left);
    write_scb(offset, value);
}

uint32_t SystemControl::read_priority_word(unsigned first) const {
    uint32_t value = 0;
    for (unsigned i = 0; i < 4; ++i)
        if (first + i < cpu_.exceptions.count()) value |= static_cast<uint32_t>(cpu_.exceptions.priority(first + i)) << (8 * i);
    return value;
}

void SystemControl::write_priority_word(unsigned first, uint32_t value) {
    for (unsigned i = 0; i < 4; ++i) cpu_.exceptions.set_priority(first + i, static_cast<uint8_t>(value >> (8 * i)));
}

uint32_t SystemControl::read_nvic(uint32_t offset) const {
    const Exceptions& e = cpu_.exceptions;
    if (offset >= 0x400 && offset < 0x4F0) return read_priority_word(first_irq + (offset - 0x400));
    if (offset >= 0x320) return 0;
    const unsigned first = first_irq + (offset & 0x7F) / 4 * 32;
    uint32_t value = 0;
    for (unsigned i = 0; i < 32 && first + i < e.count(); ++i) {
        const bool bit = offset < 0x200 ? e.is_enabled(first + i) : offset < 0x300 ? e.is_pending(first + i) : e.is_active(first + i);
        value |= static_cast<uint32_t>(bit) << i;
    }
    return value;
}

void SystemControl::write_nvic(uint32_t offset, uint32_t value) {
    Exceptions& e = cpu_.exceptions;
    if (offset >= 0x400 && offset < 0x4F0) return write_priority_word(first_irq + (offset - 0x400), value);
    if (offset >= 0x300) return;
    const unsigned first = first_irq + (offset & 0x7F) / 4 * 32;
    for (unsigned i = 0; i < 32; ++i) {
        if (((value >> i) & 1) == 0) continue;
        if (offset < 0x180) e.set_enabled(first + i, true);
        else if (offset < 0x200) e.set_enabled(first + i, false);
        else if (offset < 0x280) e.set_pending(first + i);
        else e.clear_pending(first + i);
    }
}

uint32_t SystemControl::icsr() const {
    const Exceptions& e = cpu_.exceptions;
    uint32_t value = cpu_.ipsr;
    unsigned best = 0;
    int best_priority = 256;
    for (unsigned i = nmi; i < e.count(); ++i) {
        if (!e.is_pending(i)) continue;
        if (i >= first_irq) value |= 1u << 22;
        if (e.is_enabled(i) && e.full_priority(i) < best_priority) {
            best = i;
            best_priority = e.full_priority(i);
        }
    }
    if (e.active_count() == (e.is_active(cpu_.ipsr) ? 1u : 0u)) value |= 1u << 11;   // RETTOBASE: none but IPSR's
    value |= best << 12;
    value |= static_cast<uint32_t>(e.is_pending(sys_tick)) << 26 | static_cast<uint32_t>(e.is_pending(pend_sv)) << 28;
    return value | static_cast<uint32_t>(e.is_pending(nmi)) << 31;
}

void SystemControl::write_icsr(uint32_t value) {
    Exceptions& e = cpu_.exceptions;
    if (value >> 31 & 1) e.set_pending(nmi);
    if (value >> 28 & 1) e.set_pending(pend_sv);
    if (value >> 27 & 1) e.clear_pending(pend_sv);
    if (value >> 26 & 1) e.set_pending(sys_tick);
    if (value >> 25 & 1) e.clear_pending(sys_tick);
}

namespace {
struct HandlerBit { unsigned bit, exception; };
constexpr HandlerBit active_bits[] = {{0, mem_manage}, {1, bus_fault}, {3, usage_fault}, {7, sv_call}, {8, debug_monitor}, {10, pend_sv}, {11, sys_tick}};
constexpr HandlerBit pending_bits[] = {{12, usage_fault}, {13, mem_manage}, {14, bus_fault}, {15, sv_call}};
constexpr HandlerBit enable_bits[] = {{16, mem_manage}, {17, bus_fault}, {18, usage_fault}};
}  // namespace

uint32_t SystemControl::shcsr() const {
    const Exceptions& e = cpu_.exceptions;
    uint32_t value = 0;
    for (auto [bit, exception] : active_bits) value |= static_cast<uint32_t>(e.is_active(exception)) << bit;
    for (auto [bit, exception] : pending_bits) value |= static_cast<uint32_t>(e.is_pending(exception)) << bit;
    for (auto [bit, exception] : enable_bits) value |= static_cast<uint32_t>(e.is_enabled(exception)) << bit;
    return value;
}

void SystemControl::write_shcsr(uint32_t value) {
    Exceptions& e = cpu_.exceptions;
    for (auto [bit, exception] : enable_bits) e.set_enabled(exception, (value >> bit) & 1);
    for (auto [bit, exception] : pending_bits) {
        if ((value >> bit) & 1) e.set_pending(exception);
        else e.clear_pending(exception);
    }
    for (auto [bit, exception] : active_bits) e.set_active(exception, (value >> bit) & 1);
}

void SystemControl::write_aircr(uint32_t value) {
    if (value >> 16 != 0x05FA) return;
    cpu_.exceptions.priority_group = (value >> 8) & 7;
    cpu_.exceptions.changed = true;
    if ((value & 4) != 0) {
        cpu_.system_reset_requested = true;
        cpu_.host_stop = true;
    }
}

uint32_t SystemControl::read_scb(uint32_t offset) {
    switch (offset) {
        case 0x004: return (cpu_.exceptions.count() - first_irq + 31) / 32 - 1;      // ICTR
        case 0x008: return actlr_;
        case 0x010: return read_systick_control();
        case 0x014: return systick_.reload;
        case 0x018: return systick_value();
        case 0x01C: return identity_.systick_calibration | (identity_.systick_reference_divider == 0 ? 0x8000'0000 : 0);
        case 0xD00: return identity_.cpuid;
        case 0xD04: return icsr();
        case 0xD08: return vtor_;
        case 0xD0C: return 0xFA05'0000 | static_cast<uint32_t>(cpu_.exceptions.priority_group) << 8;
        case 0xD10: return scr_;
        case 0xD14: return ccr_;
        case 0xD18: case 0xD1C: case 0xD20: return read_priority_word(offset - 0xD14);
        case 0xD24: return shcsr();
        case 0xD28: return cfsr_;
        case 0xD2C: return hfsr_;
        case 0xD30: return dfsr_;
        case 0xD34: return mmfar_;
        case 0xD38: return bfar_;
        case 0xD3C: return afsr_;
        case 0xD40: return 0x30;                            // ID_PFR0, PFR1: Thumb-2, M profile
        case 0xD44: return 0x200;
        case 0xD48: return 0x0010'0000;
        case 0xD4C: return 0;
        case 0xD50: return 0x0000'0030;                     // ID_MMFR0..3
        case 0xD54: return 0;
        case 0xD58: return 0x0100'0000;
        case 0xD5C: return 0;
        case 0xD60: return 0x0110'1110;                     // ID_ISAR0..4 of the Cortex-M4
        case 0xD64: return 0x0211'2000;
        case 0xD68: return 0x2123'2231;
        case 0xD6C: return 0x0111'1131;
        case 0xD70: return 0x0131'0132;
        case 0xD88: return cpacr_;
        case 0xD90: case 0xD94: case 0xD98: case 0xD9C: case 0xDA0: case 0xDA4: case 0xDA8:
        case 0xDAC: case 0xDB0: case 0xDB4: case 0xDB8:
            return mpu.read(offset);
        case 0xDF0: return 0x0300'0000 & 0;                 // DHCSR: no debugger attached
        case 0xDFC: return demcr_;
        case 0xF34: return (fpccr_ & ~1u) | static_cast<uint32_t>(cpu_.lazy_save_pending);
        case 0xF38: return fpcar;
        case 0xF3C: return fpdscr_;
        case 0xF40: return 0x1011'0021;                     // MVFR0, MVFR1 of FPv4-SP
        case 0xF44: return 0x1100'0011;
        default: gap(scs + offset, false); return 0;
    }
}

void SystemControl::write_scb(uint32_t offset, uint32_t value) {
    switch (offset) {
        case 0x008: actlr_ = value & 0x307; break;
        case 0x010: write_systick_control(value & 7); break;
        case 0x014: write_systick_reload(value & 0x00FF'FFFF); break;
        case 0x018:
            systick_.count_flag = false;
            settle_systick();
            restart_systick(0);
            break;
        case 0xD04: write_icsr(value); break;
        case 0xD08: vtor_ = value & 0xFFFF'FF80; break;
        case 0xD0C: write_aircr(value); break;
        case 0xD10: scr_ = value & 0x16; break;
        case 0xD14: ccr_ = value & 0x31B; break;
        case 0xD18: case 0xD1C: case 0xD20: write_priority_word(offset - 0xD14, value); break;
        case 0xD24: write_shcsr(value); break;
        case 0xD28: cfsr_ &= ~value; break;
        case 0xD2C: hfsr_ &= ~value; break;
        case 0xD30: dfsr_ &= ~value; break;
        case 0xD34: mmfar_ = value; break;
        case 0xD38: bfar_ = value; break;
        case 0xD3C: break;
        case 0xD88:
            cpacr_ = value & 0x00F0'0000;
            cpu_.update_fp_ready();
            break;
        case 0xD94: case 0xD98: case 0xD9C: case 0xDA0: case 0xDA4: case 0xDA8: case 0xDAC: case 0xDB0: case 0xDB4: case 0xDB8:
            mpu.write(offset, value);
            cpu_.protection_changed = true;
            cpu_.exceptions.changed = true;                 // ends the slice: the next instruction sees it
            break;
        case 0xDF0: case 0xDF4: case 0xDF8: break;          // DHCSR, DCRSR, DCRDR: the debugger's
        case 0xF00: cpu_.exceptions.set_pending(first_irq + (value & 0x1FF)); break;      // STIR
        case 0xF34:
            fpccr_ = value & 0xC000'017A;
            cpu_.lazy_save_pending = (value & 1) != 0;
            cpu_.update_fp_ready();
            break;
        case 0xF38: fpcar = value & ~7u; break;
        case 0xF3C: fpdscr_ = value & 0x07C0'0000; break;
        case 0xF50: case 0xF58: case 0xF5C: case 0xF60: case 0xF64: case 0xF68: case 0xF6C: case 0xF70: break;   // cache maintenance: no cache
        default: gap(scs + offset, true); break;
    }
}

// What a later lazy save may report: USER, THREAD and the faults that could be taken now.
void SystemControl::reserve_fp_frame(uint32_t address) {
    const Exceptions& e = cpu_.exceptions;
    const bool monitor_ready = (demcr_ & 1u << 16) != 0 && e.can_handle(debug_monitor);
    fpcar = address & ~7u;
    fpccr_ = (fpccr_ & 0xC000'0000) | static_cast<uint32_t>(!cpu_.privileged()) << 1 | static_cast<uint32_t>(cpu_.ipsr == 0) << 3 |
             static_cast<uint32_t>(e.can_handle(hard_fault)) << 4 | static_cast<uint32_t>(e.can_handle(mem_manage)) << 5 |
             static_cast<uint32_t>(e.can_handle(bus_fault)) << 6 | static_cast<uint32_t>(monitor_ready) << 8;
    cpu_.lazy_save_pending = true;
}

bool traps_division_by_zero(Cpu* cpu) {
    if (!cpu->system->traps_division()) return false;
    cpu->fault(usage_fault, divbyzero);
    return true;
}

}  // namespace tinysim
