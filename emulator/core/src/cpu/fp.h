// Single-precision arithmetic of FPv4-SP-D16 on bit patterns (ARMv7-M ARM, A2.5 and its
// pseudocode): inline fast paths on the host's FPU (fp_fast.h), exact integer arithmetic out of
// line (fp_slow.cc, fp_convert.cc). Not modelled: trapped exceptions (the M profile has none).
#pragma once

#include <cstdint>

#include "fp_fast.h"

namespace tinysim::fp {

inline constexpr uint32_t default_nan = 0x7FC0'0000;

// Exact in every mode, on every host, without the host's FPU.
namespace slow {
#define TINYSIM_COLD [[gnu::noinline, gnu::cold]]
TINYSIM_COLD uint32_t add(FpState& state, uint32_t a, uint32_t b);
TINYSIM_COLD uint32_t sub(FpState& state, uint32_t a, uint32_t b);
TINYSIM_COLD uint32_t mul(FpState& state, uint32_t a, uint32_t b);
TINYSIM_COLD uint32_t div(FpState& state, uint32_t a, uint32_t b);
TINYSIM_COLD uint32_t sqrt(FpState& state, uint32_t a);
TINYSIM_COLD uint32_t fma(FpState& state, uint32_t addend, uint32_t a, uint32_t b);
TINYSIM_COLD uint32_t compare(FpState& state, uint32_t a, uint32_t b, bool signal_all_nans);
TINYSIM_COLD uint32_t to_s32(FpState& state, uint32_t a, bool round_to_zero);
TINYSIM_COLD uint32_t to_u32(FpState& state, uint32_t a, bool round_to_zero);
TINYSIM_COLD uint32_t from_s32(FpState& state, uint32_t value);
TINYSIM_COLD uint32_t from_u32(FpState& state, uint32_t value);
#undef TINYSIM_COLD
}  // namespace slow

inline uint32_t add(FpState& state, uint32_t a, uint32_t b) {
    uint32_t result = 0;
    return try_add(state, a, b, result) ? result : slow::add(state, a, b);
}

inline uint32_t sub(FpState& state, uint32_t a, uint32_t b) {
    uint32_t result = 0;
    return try_sub(state, a, b, result) ? result : slow::sub(state, a, b);
}

inline uint32_t mul(FpState& state, uint32_t a, uint32_t b) {
    uint32_t result = 0;
    return try_mul(state, a, b, result) ? result : slow::mul(state, a, b);
}

inline uint32_t div(FpState& state, uint32_t a, uint32_t b) {
    uint32_t result = 0;
    return try_div(state, a, b, result) ? result : slow::div(state, a, b);
}

inline uint32_t sqrt(FpState& state, uint32_t a) {
    uint32_t result = 0;
    return try_sqrt(state, a, result) ? result : slow::sqrt(state, a);
}

/// addend + a * b with one rounding (VFMA). VFMS: neg(a). VFNMA: neg(addend), neg(a). VFNMS:
/// neg(addend).
inline uint32_t fma(FpState& state, uint32_t addend, uint32_t a, uint32_t b) {
    uint32_t result = 0;
    return try_fma(state, addend, a, b, result) ? result : slow::fma(state, addend, a, b);
}

/// addend + a * b with two roundings (VMLA). VMLS: add(addend, neg(mul(a, b))). VNMLA:
/// add(neg(addend), neg(mul(a, b))). VNMLS: add(neg(addend), mul(a, b)). VNMUL: neg(mul(a, b)).
inline uint32_t mul_add(FpState& state, uint32_t addend, uint32_t a, uint32_t b) {
    return add(state, addend, mul(state, a, b));
}

/// NZCV in bits 31:28 (FPSCR's own is left to set_nzcv). VCMPE signals all NaNs, VCMP the
/// signalling ones.
inline uint32_t compare(FpState& state, uint32_t a, uint32_t b, bool signal_all_nans) {
    uint32_t nzcv = 0;
    return try_compare(state, a, b, nzcv) ? nzcv : slow::compare(state, a, b, signal_all_nans);
}

/// VCVT (round_to_zero) and VCVTR; out of range saturates with IOC, NaN gives 0 with IOC.
inline uint32_t to_s32(FpState& state, uint32_t a, bool round_to_zero) {
    uint32_t result = 0;
    return try_to_s32(state, a, round_to_zero, result) ? result
                                                       : slow::to_s32(state, a, round_to_zero);
}

inline uint32_t to_u32(FpState& state, uint32_t a, bool round_to_zero) {
    uint32_t result = 0;
    return try_to_u32(state, a, round_to_zero, result) ? result
                                                       : slow::to_u32(state, a, round_to_zero);
}

/// VCVT from an integer, rounded by FPSCR.RMode.
inline uint32_t from_s32(FpState& state, uint32_t value) {
    uint32_t result = 0;
    return try_from_s32(state, value, result) ? result : slow::from_s32(state, value);
}

inline uint32_t from_u32(FpState& state, uint32_t value) {
    uint32_t result = 0;
    return try_from_u32(state, value, result) ? result : slow::from_u32(state, value);
}

/// VCVT to fixed point, rounded to zero; a 16-bit result comes sign- or zero-extended.
/// fraction_bits is 0 to the size.
uint32_t to_fixed(FpState& state, uint32_t a, int fraction_bits, bool is_unsigned, bool size16);
/// VCVT from fixed point, always rounded to nearest; with size16 the upper half of value is
/// ignored.
uint32_t from_fixed(FpState& state, uint32_t value, int fraction_bits, bool is_unsigned,
                    bool size16);

uint32_t half_to_single(FpState& state, uint16_t half);
uint16_t single_to_half(FpState& state, uint32_t a);

/// VFPExpandImm of VMOV (immediate).
constexpr uint32_t expand_immediate(uint8_t imm8) {
    uint32_t sign = imm8 >> 7, exponent = (imm8 & 0x40 ? 0x7Cu : 0x80u) | (imm8 >> 4 & 3u);
    return sign << 31 | exponent << 23 | (imm8 & 0xFu) << 19;
}

}  // namespace tinysim::fp
