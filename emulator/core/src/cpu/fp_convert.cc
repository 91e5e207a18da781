// Exact conversions between single precision and integers, fixed point and half precision
// (ARMv7-M ARM, A2.5: FPToFixed, FixedToFP, FPHalfToSingle, FPSingleToHalf).
#include "fp_round.h"

#include <bit>

namespace tinysim::fp {

struct Integer {
    int bits;  // 16 or 32
    bool is_unsigned;
};

static uint32_t saturate(FpState& state, bool sign, Integer type) {
    set_flags(state, FPSCR::IOC);
    uint32_t maximum =
        type.is_unsigned ? uint32_t((1ull << type.bits) - 1) : (1u << (type.bits - 1)) - 1;
    if (!sign) return maximum;
    return type.is_unsigned ? 0 : ~maximum;
}

static uint32_t to_integer(FpState& state, uint32_t a, int fraction_bits, Integer type,
                           Rounding rounding) {
    Unpacked x = unpack(state, a);
    if (x.kind == Kind::zero) return 0;
    if (is_nan(a)) {
        set_flags(state, FPSCR::IOC);
        return 0;
    }
    int shift = x.exponent + fraction_bits;
    if (x.kind == Kind::infinity || shift > 8) return saturate(state, x.sign, type);

    uint64_t aligned = uint64_t(x.significand) << 32;  // 32 bits of integer and 32 of fraction
    aligned = shift >= 0 ? aligned << shift : shift_right_sticky(aligned, -shift);
    uint64_t magnitude = aligned >> 32, remainder = aligned << 32;
    magnitude += rounds_up(rounding, x.sign, magnitude & 1, remainder);
    uint64_t limit = 1ull << (type.is_unsigned ? type.bits : type.bits - 1);
    if (x.sign ? magnitude > (type.is_unsigned ? 0 : limit) : magnitude >= limit)
        return saturate(state, x.sign, type);
    if (remainder != 0) set_flags(state, FPSCR::IXC);
    return x.sign ? 0 - uint32_t(magnitude) : uint32_t(magnitude);
}

static uint32_t from_integer(FpState& state, int64_t value, int fraction_bits, Rounding rounding) {
    if (value == 0) return 0;
    return round_and_pack(state, value < 0, -fraction_bits, uint64_t(value < 0 ? -value : value),
                          rounding);
}

namespace slow {

uint32_t to_s32(FpState& state, uint32_t a, bool round_to_zero) {
    return to_integer(state, a, 0, {32, false},
                      round_to_zero ? Rounding::to_zero : rounding_of(state));
}

uint32_t to_u32(FpState& state, uint32_t a, bool round_to_zero) {
    return to_integer(state, a, 0, {32, true},
                      round_to_zero ? Rounding::to_zero : rounding_of(state));
}

uint32_t from_s32(FpState& state, uint32_t value) {
    return from_integer(state, int32_t(value), 0, rounding_of(state));
}
uint32_t from_u32(FpState& state, uint32_t value) {
    return from_integer(state, value, 0, rounding_of(state));
}

}  // namespace slow

uint32_t to_fixed(FpState& state, uint32_t a, int fraction_bits, bool is_unsigned, bool size16) {
    return to_integer(state, a, fraction_bits, {size16 ? 16 : 32, is_unsigned}, Rounding::to_zero);
}

uint32_t from_fixed(FpState& state, uint32_t value, int fraction_bits, bool is_unsigned,
                    bool size16) {
    int64_t integer = size16 ? (is_unsigned ? int64_t(uint16_t(value)) : int64_t(int16_t(value)))
                             : (is_unsigned ? int64_t(value) : int64_t(int32_t(value)));
    return from_integer(state, integer, fraction_bits, Rounding::to_nearest);
}

uint32_t half_to_single(FpState& state, uint16_t half) {
    bool sign = half >> 15;
    int biased_exponent = half >> 10 & 0x1F;
    uint32_t fraction = half & 0x3FF;
    if (biased_exponent == 0x1F && !(state.fpscr & FPSCR::AHP)) {
        if (fraction == 0) return infinity(sign);
        if (!(fraction & 0x200)) set_flags(state, FPSCR::IOC);
        return state.fpscr & FPSCR::DN ? default_nan
                                       : infinity(sign) | 0x0040'0000 | fraction << 13;
    }
    if (biased_exponent == 0 && fraction == 0) return zero(sign);
    uint32_t significand = biased_exponent == 0 ? fraction : fraction | 0x400;
    int exponent = (biased_exponent == 0 ? 1 : biased_exponent) - 25;
    return round_and_pack(state, sign, exponent, significand,
                          Rounding::to_nearest);  // always exact
}

uint16_t single_to_half(FpState& state, uint32_t a) {
    Unpacked x = unpack(state, a);
    bool alternative = state.fpscr & FPSCR::AHP;
    uint32_t sign_bit = uint32_t(x.sign) << 15;
    if (is_nan(a)) {
        if (x.kind == Kind::signalling_nan || alternative) set_flags(state, FPSCR::IOC);
        if (alternative) return uint16_t(sign_bit);
        return state.fpscr & FPSCR::DN ? 0x7E00 : uint16_t(sign_bit | 0x7E00 | (a >> 13 & 0x1FF));
    }
    if (x.kind == Kind::infinity) {
        if (alternative) set_flags(state, FPSCR::IOC);
        return uint16_t(sign_bit | (alternative ? 0x7FFF : 0x7C00));
    }
    if (x.kind == Kind::zero) return uint16_t(sign_bit);
    return uint16_t(round_and_pack(state, x.sign, x.exponent, x.significand, rounding_of(state),
                                   alternative ? alternative_half : half));
}

}  // namespace tinysim::fp
