// FPSCR of FPv4-SP-D16 (ARMv7-M ARM, A2.5). Cumulative flags of host operations wait in the host's
// MXCSR until FPSCR is read. Nothing but the functions of fp.h may do float arithmetic between
// host_enter and host_leave.
#pragma once

#include <cstdint>

namespace tinysim::fp {

namespace FPSCR {
inline constexpr uint32_t IOC = 1u << 0, DZC = 1u << 1, OFC = 1u << 2, UFC = 1u << 3, IXC = 1u << 4,
                          IDC = 1u << 7;
inline constexpr uint32_t RMode_shift = 22, RMode = 3u << RMode_shift;
inline constexpr uint32_t FZ = 1u << 24, DN = 1u << 25, AHP = 1u << 26, NZCV = 0xFu << 28;
inline constexpr uint32_t implemented =
    IOC | DZC | OFC | UFC | IXC | IDC | RMode | FZ | DN | AHP | NZCV;
}  // namespace FPSCR

struct FpState {
    uint32_t fpscr = 0;         // without the flags still in the host's MXCSR: read by get_fpscr
    uint32_t host_mxcsr = 0;    // the surrounding program's, while entered
    bool plain = true;          // to nearest, no flushing (DN is free: no host NaN is ever kept)
    bool plain_fma = false;     // plain, and the host has a fused multiply-add
    bool host_entered = false;  // between host_enter and host_leave: MXCSR is the guest's
};

/// Writes FPSCR (unimplemented bits ignored) and drops the host's pending flags. At reset too.
void set_fpscr(FpState& state, uint32_t value);
/// FPSCR with all cumulative flags up to now.
uint32_t get_fpscr(FpState& state);
/// Take MXCSR for the guest and give it back. Not nested. Leave before any code that computes with
/// floats (sensor models, Python), enter again after it: its flags would otherwise become the
/// guest's.
void host_enter(FpState& state);
void host_leave(FpState& state);

/// Bits 31:28 from compare() into FPSCR, as VCMP does.
inline void set_nzcv(FpState& state, uint32_t nzcv) {
    state.fpscr = (state.fpscr & ~FPSCR::NZCV) | nzcv;
}

}  // namespace tinysim::fp
