// xPSR, CONTROL, the two stack pointers, and whose the FP registers are: DDI 0403 B1.4, B1.5.7 (lazy stacking).
#include <utility>

#include "cpu/system_control.h"

namespace tinysim {
namespace {
constexpr uint32_t lsperr = 1u << 13;                       // CFSR: a bus fault of the lazy save
}

uint32_t Cpu::xpsr() const {
    const uint32_t n = nz < 0, z = static_cast<uint32_t>(nz) == 0;
    const uint32_t it_low = itstate & 3, it_high = itstate >> 2;
    return n << 31 | z << 30 | c << 29 | v << 28 | q << 27 | it_low << 25 | static_cast<uint32_t>(thumb) << 24 |
           ge << 16 | it_high << 10 | ipsr;
}

void Cpu::set_xpsr(uint32_t value, bool with_ipsr_and_it) {
    const bool z = (value >> 30) & 1;
    nz = z ? (value >> 31 ? INT64_MIN : 0) : (value >> 31 ? -1 : 1);
    c = (value >> 29) & 1;
    v = (value >> 28) & 1;
    q = (value >> 27) & 1;
    ge = (value >> 16) & 15;
    if (!with_ipsr_and_it) return;
    itstate = static_cast<uint8_t>(((value >> 25) & 3) | ((value >> 10) & 0x3F) << 2);
    thumb = (value >> 24) & 1;
    ipsr = static_cast<uint16_t>(value & 0x1FF);
}

uint32_t Cpu::control() const {
    return static_cast<uint32_t>(unprivileged) | static_cast<uint32_t>(uses_psp) << 1 | static_cast<uint32_t>(fpca) << 2;
}

void Cpu::set_control(uint32_t value) {
    if (!privileged()) return;
    unprivileged = value & 1;
    if (ipsr == 0) select_stack((value & 2) != 0);
    fpca = (value & 4) != 0;
    update_fp_ready();
}

void Cpu::select_stack(bool to_psp) {
    if (to_psp == uses_psp) return;
    std::swap(r[13], other_sp);
    uses_psp = to_psp;
}

void Cpu::update_fp_ready() {
    const bool context = fpca || !system->saves_fp_state();
    fp_ready = system->fp_enabled_for(privileged()) && context && !lazy_save_pending;
    protection_changed = protection_changed || system->mpu.is_enabled() || view_ != open_view;      // privilege may have
}

// ExecuteFPCheck: may an FP instruction run, and has the interrupted context's state been saved?
bool Cpu::prepare_fp() {
    if (!system->fp_enabled_for(privileged())) {
        fault(usage_fault, nocp);
        return false;
    }
    if (lazy_save_pending && !save_lazy_fp()) return false;
    if (system->saves_fp_state() && !fpca) {
        constexpr uint32_t context_bits = 0x07C0'0000;
        fp::set_fpscr(fp, (fp::get_fpscr(fp) & ~context_bits) | system->default_fpscr());
        fpca = true;
    }
    update_fp_ready();
    return true;
}

bool Cpu::save_lazy_fp() {
    const View here = view_;
    use_memory(view_of_lazy_save());
    const int32_t waits = frame_waits(system->fpcar, 17, true, now_at(cl));
    bool ok = true;
    for (uint32_t i = 0; i < 16; ++i) ok = ok && frame_store(system->fpcar + 4 * i, s[i], lsperr);
    ok = ok && frame_store(system->fpcar + 64, fp::get_fpscr(fp), lsperr);
    use_memory(here);
    if (!ok && !raise_lazy_fault()) return false;
    lazy_save_pending = false;
    cl -= timing.fp_stacking + waits;
    return true;
}

}  // namespace tinysim
