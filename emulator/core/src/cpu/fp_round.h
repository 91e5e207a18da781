// Unpacking, NaN propagation and rounding shared by the exact arithmetic and conversions
// (ARMv7-M ARM, A2.5: FPUnpack, FPProcessNaNs, FPRound). Internal to fp_*.cc.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>

#include "fp.h"

namespace tinysim::fp {

enum class Rounding : uint8_t {
    to_nearest,
    to_plus_infinity,
    to_minus_infinity,
    to_zero
};  // as RMode

inline Rounding rounding_of(const FpState& state) {
    return Rounding((state.fpscr & FPSCR::RMode) >> FPSCR::RMode_shift);
}

enum class Kind : uint8_t { zero, finite, infinity, quiet_nan, signalling_nan };

struct Unpacked {
    Kind kind;
    bool sign;
    int exponent;          // finite: the value is significand * 2^exponent,
    uint32_t significand;  // with bit 23 set, subnormals too
    uint32_t bits;
};

struct Format {
    int fraction_bits, exponent_bits, exponent_min;
    bool has_infinity;  // false: alternative half precision
};

inline constexpr Format single{23, 8, -126, true};
inline constexpr Format half{10, 5, -14, true};
inline constexpr Format alternative_half{10, 5, -14, false};

inline void set_flags(FpState& state, uint32_t flags) { state.fpscr |= flags; }
inline uint32_t zero(bool sign) { return uint32_t(sign) << 31; }
inline uint32_t infinity(bool sign) { return zero(sign) | 0x7F80'0000; }

/// The default NaN of an invalid operation.
inline uint32_t invalid(FpState& state) {
    set_flags(state, FPSCR::IOC);
    return default_nan;
}

/// value >> count, with any bit lost kept as a sticky lowest bit.
template <typename Word>
Word shift_right_sticky(Word value, int count) {
    if (count == 0) return value;
    if (count >= int(sizeof(Word) * 8)) return value != 0;
    return value >> count | Word((value << (int(sizeof(Word) * 8) - count)) != 0);
}

/// Whether a magnitude moves away from zero; remainder is scaled so that 2^63 is one half.
bool rounds_up(Rounding rounding, bool sign, bool odd, uint64_t remainder);

Unpacked unpack(FpState& state, uint32_t bits);

/// The operand that a NaN result is made of, quieted, if any operand is a NaN: signalling ones
/// first, then in order.
std::optional<uint32_t> propagate_nan(FpState& state, std::initializer_list<Unpacked> operands);

/// significand * 2^exponent (significand not 0, its lowest bit may be sticky) in the format, with
/// the flags it raises.
uint32_t round_and_pack(FpState& state, bool sign, int exponent, uint64_t significand,
                        Rounding rounding, const Format& format = single);

}  // namespace tinysim::fp
