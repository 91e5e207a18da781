// FPUnpack, FPProcessNaNs and FPRound of the ARMv7-M ARM (A2.5) in integers. Tininess is detected
// before rounding.
#include "fp_round.h"

#include <algorithm>
#include <bit>

namespace tinysim::fp {

bool rounds_up(Rounding rounding, bool sign, bool odd, uint64_t remainder) {
    constexpr uint64_t one_half = 1ull << 63;
    switch (rounding) {
    case Rounding::to_nearest: return remainder > one_half || (remainder == one_half && odd);
    case Rounding::to_plus_infinity: return remainder != 0 && !sign;
    case Rounding::to_minus_infinity: return remainder != 0 && sign;
    case Rounding::to_zero: break;
    }
    return false;
}

Unpacked unpack(FpState& state, uint32_t bits) {
    bool sign = bits >> 31;
    int biased_exponent = int(bits >> 23 & 0xFF);
    uint32_t fraction = bits & 0x007F'FFFF;
    if (biased_exponent == 0xFF) {
        Kind nan = fraction & 0x0040'0000 ? Kind::quiet_nan : Kind::signalling_nan;
        return {fraction ? nan : Kind::infinity, sign, 0, 0, bits};
    }
    if (biased_exponent != 0)
        return {Kind::finite, sign, biased_exponent - 150, fraction | 0x0080'0000, bits};
    if (fraction == 0) return {Kind::zero, sign, 0, 0, bits};
    if (state.fpscr & FPSCR::FZ) {
        set_flags(state, FPSCR::IDC);
        return {Kind::zero, sign, 0, 0, bits};
    }
    int shift = std::countl_zero(fraction) - 8;
    return {Kind::finite, sign, -149 - shift, fraction << shift, bits};
}

std::optional<uint32_t> propagate_nan(FpState& state, std::initializer_list<Unpacked> operands) {
    for (Kind kind : {Kind::signalling_nan, Kind::quiet_nan})
        for (const Unpacked& operand : operands) {
            if (operand.kind != kind) continue;
            if (kind == Kind::signalling_nan) set_flags(state, FPSCR::IOC);
            return state.fpscr & FPSCR::DN ? default_nan : operand.bits | 0x0040'0000;
        }
    return std::nullopt;
}

static uint32_t overflow(FpState& state, bool sign, Rounding rounding, const Format& format) {
    uint32_t sign_bit = uint32_t(sign) << (format.fraction_bits + format.exponent_bits);
    if (!format.has_infinity) {
        set_flags(state, FPSCR::IOC);
        return sign_bit | ((1u << (format.fraction_bits + format.exponent_bits)) - 1);
    }
    set_flags(state, FPSCR::OFC | FPSCR::IXC);
    uint32_t infinity = ((1u << format.exponent_bits) - 1) << format.fraction_bits;
    bool to_infinity = rounds_up(rounding, sign, true, 1ull << 63);
    return sign_bit | (infinity - !to_infinity);
}

uint32_t round_and_pack(FpState& state, bool sign, int exponent, uint64_t significand,
                        Rounding rounding, const Format& format) {
    int leading_zeros = std::countl_zero(significand);
    significand <<= leading_zeros;
    exponent += 63 - leading_zeros;  // now the power of two of the leading bit
    uint32_t sign_bit = uint32_t(sign) << (format.fraction_bits + format.exponent_bits);

    bool tiny = exponent < format.exponent_min;
    bool flushes = (state.fpscr & FPSCR::FZ) && format.exponent_bits == 8;  // halves never
    if (tiny && flushes) {
        set_flags(state, FPSCR::UFC);
        return sign_bit;
    }
    if (tiny) significand = shift_right_sticky(significand, format.exponent_min - exponent);
    exponent = std::max(exponent, format.exponent_min);

    uint64_t kept = significand >> (63 - format.fraction_bits);
    uint64_t remainder = significand << (format.fraction_bits + 1);
    kept += rounds_up(rounding, sign, kept & 1, remainder);
    // The leading bit of kept adds the one by which a normal number's biased exponent exceeds this
    // difference.
    uint64_t magnitude = (uint64_t(exponent - format.exponent_min) << format.fraction_bits) + kept;
    uint64_t limit = ((1ull << format.exponent_bits) - format.has_infinity) << format.fraction_bits;
    if (magnitude >= limit) return overflow(state, sign, rounding, format);
    if (remainder != 0) set_flags(state, tiny ? FPSCR::UFC | FPSCR::IXC : FPSCR::IXC);
    return sign_bit | uint32_t(magnitude);
}

}  // namespace tinysim::fp
