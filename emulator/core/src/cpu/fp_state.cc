// FPSCR and the host's MXCSR, in which a part of its cumulative flags waits.
#include "fp_state.h"

#include "fp_host.h"

namespace tinysim::fp {

static uint32_t read_mxcsr() {
    uint32_t value = 0;
#if TINYSIM_HOST_FLOAT
    __asm__ volatile("stmxcsr %0" : "=m"(value));
#endif
    return value;
}

static void write_mxcsr([[maybe_unused]] uint32_t value) {
#if TINYSIM_HOST_FLOAT
    __asm__ volatile("ldmxcsr %0" : : "m"(value));
#endif
}

static bool host_has_fma() {
#if TINYSIM_HOST_FLOAT
    return __builtin_cpu_supports("fma");
#else
    return false;
#endif
}

static constexpr uint32_t guest_mxcsr = 0x1F80;  // all masked, round to nearest, no flush, no flags

uint32_t get_fpscr(FpState& state) {
    if (!state.host_entered) return state.fpscr;
    uint32_t mxcsr = read_mxcsr();  // IE, (DE,) ZE, OE, UE, PE; DE has no counterpart without FZ
    state.fpscr |= (mxcsr & 1) | (mxcsr >> 1 & 0x1E);
    return state.fpscr;
}

void set_fpscr(FpState& state, uint32_t value) {
    state.fpscr = value & FPSCR::implemented;
    state.plain = (state.fpscr & (FPSCR::RMode | FPSCR::FZ)) == 0;
    state.plain_fma = state.plain && host_has_fma();
    if (state.host_entered) write_mxcsr(guest_mxcsr);
}

void host_enter(FpState& state) {
    state.host_mxcsr = read_mxcsr();
    state.host_entered = true;
    write_mxcsr(guest_mxcsr);
}

void host_leave(FpState& state) {
    get_fpscr(state);
    state.host_entered = false;
    write_mxcsr(state.host_mxcsr);
}

}  // namespace tinysim::fp
