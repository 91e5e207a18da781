// Exact add, multiply, divide, square root, fused multiply-add and compare in integers, for every
// FPSCR mode (ARMv7-M ARM, A2.5: FPAdd, FPSub, FPMul, FPDiv, FPSqrt, FPMulAdd, FPCompare).
#include "fp_round.h"

#include <bit>
#include <utility>

namespace tinysim::fp {

__extension__ typedef unsigned __int128 Wide;

// A nonzero value significand * 2^exponent with the leading bit at term_leading_bit, so that sums
// cannot overflow.
struct Term {
    bool sign;
    int exponent;
    Wide significand;
};
static constexpr int term_leading_bit = 125;

static int leading_zeros(Wide value) {
    uint64_t upper = uint64_t(value >> 64);
    return upper ? std::countl_zero(upper) : 64 + std::countl_zero(uint64_t(value));
}

static Term make_term(bool sign, int exponent, uint64_t significand) {
    int shift = term_leading_bit - 63 + std::countl_zero(significand);
    return {sign, exponent - shift, Wide(significand) << shift};
}

static uint32_t exact_zero_sum(const FpState& state) {
    return zero(rounding_of(state) == Rounding::to_minus_infinity);
}

static uint32_t add_terms(FpState& state, Term larger, Term smaller) {
    if (larger.exponent < smaller.exponent) std::swap(larger, smaller);
    smaller.significand =
        shift_right_sticky(smaller.significand, larger.exponent - smaller.exponent);
    if (larger.sign == smaller.sign) {
        larger.significand += smaller.significand;
    } else {  // leading bits are aligned, so only terms of one exponent can be in the wrong order
        if (larger.significand < smaller.significand) std::swap(larger, smaller);
        larger.significand -= smaller.significand;
    }
    if (larger.significand == 0) return exact_zero_sum(state);
    int shift = leading_zeros(larger.significand);
    uint64_t significand = uint64_t(shift_right_sticky(Wide(larger.significand << shift), 64));
    return round_and_pack(state, larger.sign, larger.exponent - shift + 64, significand,
                          rounding_of(state));
}

static uint32_t round_single(FpState& state, const Unpacked& value) {
    return round_and_pack(state, value.sign, value.exponent, value.significand, rounding_of(state));
}

static uint32_t add_unpacked(FpState& state, const Unpacked& x, const Unpacked& y) {
    if (x.kind == Kind::infinity && y.kind == Kind::infinity && x.sign != y.sign)
        return invalid(state);
    if (x.kind == Kind::infinity || y.kind == Kind::infinity)
        return infinity(x.kind == Kind::infinity ? x.sign : y.sign);
    if (x.kind == Kind::zero && y.kind == Kind::zero)
        return x.sign == y.sign ? zero(x.sign) : exact_zero_sum(state);
    if (x.kind == Kind::zero) return round_single(state, y);
    if (y.kind == Kind::zero) return round_single(state, x);
    return add_terms(state, make_term(x.sign, x.exponent, x.significand),
                     make_term(y.sign, y.exponent, y.significand));
}

static bool is_invalid_product(const Unpacked& x, const Unpacked& y) {
    return (x.kind == Kind::infinity && y.kind == Kind::zero) ||
           (x.kind == Kind::zero && y.kind == Kind::infinity);
}

// The floor of the root of a value below 2^63; exact is cleared when something is lost.
static uint64_t integer_sqrt(uint64_t value, bool& exact) {
    uint64_t root = 0;
    for (uint64_t bit = 1ull << 62; bit != 0; bit >>= 2) {
        if (value >= root + bit) {
            value -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
    }
    exact = value == 0;
    return root;
}

namespace slow {

uint32_t add(FpState& state, uint32_t a, uint32_t b) {
    Unpacked x = unpack(state, a), y = unpack(state, b);
    if (auto nan = propagate_nan(state, {x, y})) return *nan;
    return add_unpacked(state, x, y);
}

uint32_t sub(FpState& state, uint32_t a, uint32_t b) {
    Unpacked x = unpack(state, a), y = unpack(state, b);
    if (auto nan = propagate_nan(state, {x, y})) return *nan;
    y.sign = !y.sign;
    return add_unpacked(state, x, y);
}

uint32_t mul(FpState& state, uint32_t a, uint32_t b) {
    Unpacked x = unpack(state, a), y = unpack(state, b);
    if (auto nan = propagate_nan(state, {x, y})) return *nan;
    bool sign = x.sign != y.sign;
    if (is_invalid_product(x, y)) return invalid(state);
    if (x.kind == Kind::infinity || y.kind == Kind::infinity) return infinity(sign);
    if (x.kind == Kind::zero || y.kind == Kind::zero) return zero(sign);
    uint64_t product = uint64_t(x.significand) * y.significand;
    return round_and_pack(state, sign, x.exponent + y.exponent, product, rounding_of(state));
}

uint32_t div(FpState& state, uint32_t a, uint32_t b) {
    Unpacked x = unpack(state, a), y = unpack(state, b);
    if (auto nan = propagate_nan(state, {x, y})) return *nan;
    bool sign = x.sign != y.sign;
    if (x.kind == y.kind && x.kind != Kind::finite) return invalid(state);
    if (x.kind == Kind::infinity) return infinity(sign);
    if (x.kind == Kind::zero || y.kind == Kind::infinity) return zero(sign);
    if (y.kind == Kind::zero) {
        set_flags(state, FPSCR::DZC);
        return infinity(sign);
    }
    uint64_t dividend = uint64_t(x.significand) << 38;
    uint64_t quotient = dividend / y.significand | (dividend % y.significand != 0);
    return round_and_pack(state, sign, x.exponent - y.exponent - 38, quotient, rounding_of(state));
}

uint32_t sqrt(FpState& state, uint32_t a) {
    Unpacked x = unpack(state, a);
    if (auto nan = propagate_nan(state, {x})) return *nan;
    if (x.kind == Kind::zero) return zero(x.sign);
    if (x.sign) return invalid(state);
    if (x.kind == Kind::infinity) return infinity(false);
    int shift = x.exponent & 1 ? 37 : 38;
    bool exact;
    uint64_t root = integer_sqrt(uint64_t(x.significand) << shift, exact);
    return round_and_pack(state, false, (x.exponent - shift) / 2 - 1, root << 1 | !exact,
                          rounding_of(state));
}

static uint32_t fma_finite(FpState& state, const Unpacked& addend, const Unpacked& x,
                           const Unpacked& y) {
    bool sign = x.sign != y.sign;
    if (x.kind == Kind::zero || y.kind == Kind::zero)
        return add_unpacked(state, addend, {Kind::zero, sign, 0, 0, 0});
    int exponent = x.exponent + y.exponent;
    uint64_t product = uint64_t(x.significand) * y.significand;
    if (addend.kind == Kind::zero)
        return round_and_pack(state, sign, exponent, product, rounding_of(state));
    return add_terms(state, make_term(addend.sign, addend.exponent, addend.significand),
                     make_term(sign, exponent, product));
}

uint32_t fma(FpState& state, uint32_t addend_bits, uint32_t a, uint32_t b) {
    Unpacked addend = unpack(state, addend_bits), x = unpack(state, a), y = unpack(state, b);
    auto nan = propagate_nan(state, {addend, x, y});
    if (is_invalid_product(x, y) && addend.kind != Kind::signalling_nan) return invalid(state);
    if (nan) return *nan;
    bool sign = x.sign != y.sign;
    if (x.kind == Kind::infinity || y.kind == Kind::infinity)
        return add_unpacked(state, addend, {Kind::infinity, sign, 0, 0, 0});
    if (addend.kind == Kind::infinity) return infinity(addend.sign);
    return fma_finite(state, addend, x, y);
}

uint32_t compare(FpState& state, uint32_t a, uint32_t b, bool signal_all_nans) {
    Unpacked x = unpack(state, a), y = unpack(state, b);
    if (is_nan(a) || is_nan(b)) {
        bool signalling = x.kind == Kind::signalling_nan || y.kind == Kind::signalling_nan;
        if (signalling || signal_all_nans) set_flags(state, FPSCR::IOC);
        return 0x3000'0000;
    }
    auto ordered = [](const Unpacked& value) {
        int32_t magnitude = value.kind == Kind::zero ? 0 : int32_t(fp::abs(value.bits));
        return value.sign ? -magnitude : magnitude;
    };
    int32_t left = ordered(x), right = ordered(y);
    return left < right ? 0x8000'0000 : left == right ? 0x6000'0000 : 0x2000'0000;
}

}  // namespace slow

}  // namespace tinysim::fp
