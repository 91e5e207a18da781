// The fast paths of FPv4-SP-D16 arithmetic: what the host's FPU gets right, in a few instructions
// each. False means "not known here": call the function of the plain name in fp.h, which repeats
// the operation and is complete. So an op handler can leave its fast path by a tail call and needs
// no stack frame.
#pragma once

#include <cstdint>

#include "fp_host.h"
#include "fp_state.h"

namespace tinysim::fp {

inline uint32_t neg(uint32_t a) { return a ^ 0x8000'0000; }
inline uint32_t abs(uint32_t a) { return a & 0x7FFF'FFFF; }
inline bool is_nan(uint32_t a) { return a * 2 > 0xFF00'0000; }

// A host result is kept unless it is a NaN (x86 chooses another operand's payload) or the smallest
// normal number: there ARM sees underflow before rounding and x86 after it. In all other cases,
// infinities and subnormals included, the flags agree; and the host never sets one that ARM would
// not, so a discarded result leaves nothing to undo.
inline bool host_was_exact_about(uint32_t result) {
    uint32_t twice = result * 2;
    return twice - 0x0100'0002 <= 0xFF00'0000 - 0x0100'0002 || twice < 0x0100'0000;
}

// Sums are exact wherever they could be tiny, so only NaNs matter.
inline bool try_add(const FpState& state, uint32_t a, uint32_t b, uint32_t& result) {
    if (!host::available || !state.plain) return false;
    result = host::add(a, b);
    return !is_nan(result);
}

inline bool try_sub(const FpState& state, uint32_t a, uint32_t b, uint32_t& result) {
    if (!host::available || !state.plain) return false;
    result = host::sub(a, b);
    return !is_nan(result);
}

inline bool try_mul(const FpState& state, uint32_t a, uint32_t b, uint32_t& result) {
    if (!host::available || !state.plain) return false;
    result = host::mul(a, b);
    return host_was_exact_about(result);
}

inline bool try_div(const FpState& state, uint32_t a, uint32_t b, uint32_t& result) {
    if (!host::available || !state.plain) return false;
    result = host::div(a, b);
    return host_was_exact_about(result);
}

inline bool try_sqrt(const FpState& state, uint32_t a, uint32_t& result) {
    if (!host::available || !state.plain) return false;
    result = host::sqrt(a);
    return !is_nan(result);
}

inline bool try_fma(const FpState& state, uint32_t addend, uint32_t a, uint32_t b,
                    uint32_t& result) {
    if (!host::available || !state.plain_fma) return false;
    result = host::fma(addend, a, b);
    return host_was_exact_about(result);
}

inline bool try_mul_add(const FpState& state, uint32_t addend, uint32_t a, uint32_t b,
                        uint32_t& result) {
    uint32_t product = 0;
    return try_mul(state, a, b, product) && try_add(state, addend, product, result);
}

inline bool try_compare(const FpState& state, uint32_t a, uint32_t b, uint32_t& nzcv) {
    if (!state.plain || is_nan(a) || is_nan(b)) return false;
    auto ordered = [](uint32_t bits) { return bits >> 31 ? -int32_t(abs(bits)) : int32_t(bits); };
    int32_t left = ordered(a), right = ordered(b);
    nzcv = left < right ? 0x8000'0000 : left == right ? 0x6000'0000 : 0x2000'0000;
    return true;
}

inline bool try_to_s32(const FpState& state, uint32_t a, bool round_to_zero, uint32_t& result) {
    if (!host::available || !state.plain || abs(a) >= 0x4F00'0000) return false;  // 2^31
    result = uint32_t(host::to_s64(a, round_to_zero));
    return true;
}

inline bool try_to_u32(const FpState& state, uint32_t a, bool round_to_zero, uint32_t& result) {
    if (!host::available || !state.plain || a >= 0x4F80'0000) return false;  // 2^32, or negative
    result = uint32_t(host::to_s64(a, round_to_zero));
    return true;
}

inline bool try_from_s32(const FpState& state, uint32_t value, uint32_t& result) {
    if (!host::available || !state.plain) return false;
    result = host::from_s64(int32_t(value));
    return true;
}

inline bool try_from_u32(const FpState& state, uint32_t value, uint32_t& result) {
    if (!host::available || !state.plain) return false;
    result = host::from_s64(value);
    return true;
}

}  // namespace tinysim::fp
