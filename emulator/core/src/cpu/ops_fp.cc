// Handlers of FPv4-SP arithmetic and moves: the fast path is the host's FPU (fp_fast.h); what it does not know goes by a tail call to the
// exact twin. The first floating-point instruction of a context enables it, or saves the lazy frame.
#include "cpu/fp_enable.h"
#include "cpu/lower.h"

namespace tinysim {
namespace {

using Binary = uint32_t (*)(fp::FpState&, uint32_t, uint32_t);
using TryBinary = bool (*)(const fp::FpState&, uint32_t, uint32_t, uint32_t&);

template <Binary Exact, bool Negates, bool Divides>
[[gnu::noinline, gnu::cold]] void binary_exact(TINYSIM_OP_ARGS) {
    const uint32_t result = Exact(cpu->fp, cpu->s[op->rn], cpu->s[op->rm]);
    cpu->s[op->rd] = Negates ? fp::neg(result) : result;
    if constexpr (Divides) cpu->begin_fp_divide(cpu->timing.vfp_divide, cl);
    next(TINYSIM_OP_PASS);
}

template <TryBinary Fast, Binary Exact, bool Negates, bool Divides = false>
void binary(TINYSIM_OP_ARGS) {
    TINYSIM_NEEDS_FP;
    uint32_t result = 0;
    if (!Fast(cpu->fp, cpu->s[op->rn], cpu->s[op->rm], result)) [[unlikely]]
        return binary_exact<Exact, Negates, Divides>(TINYSIM_OP_PASS);
    cpu->s[op->rd] = Negates ? fp::neg(result) : result;
    if constexpr (Divides) cpu->begin_fp_divide(cpu->timing.vfp_divide, cl);
    next(TINYSIM_OP_PASS);
}

uint32_t negated_if(bool condition, uint32_t value) { return condition ? fp::neg(value) : value; }

// VMLA, VMLS, VNMLA, VNMLS: two roundings.
template <bool NegateAddend, bool NegateProduct>
[[gnu::noinline, gnu::cold]] void multiply_add_exact(TINYSIM_OP_ARGS) {
    const uint32_t product = fp::mul(cpu->fp, cpu->s[op->rn], cpu->s[op->rm]);
    cpu->s[op->rd] = fp::add(cpu->fp, negated_if(NegateAddend, cpu->s[op->rd]), negated_if(NegateProduct, product));
    next(TINYSIM_OP_PASS);
}

template <bool NegateAddend, bool NegateProduct>
void multiply_add(TINYSIM_OP_ARGS) {
    TINYSIM_NEEDS_FP;
    uint32_t product = 0, result = 0;
    if (!fp::try_mul(cpu->fp, cpu->s[op->rn], cpu->s[op->rm], product) ||
        !fp::try_add(cpu->fp, negated_if(NegateAddend, cpu->s[op->rd]), negated_if(NegateProduct, product), result)) [[unlikely]]
        return multiply_add_exact<NegateAddend, NegateProduct>(TINYSIM_OP_PASS);
    cpu->s[op->rd] = result;
    next(TINYSIM_OP_PASS);
}

// VFMA, VFMS, VFNMA, VFNMS: one rounding.
template <bool NegateAddend, bool NegateFactor>
[[gnu::noinline, gnu::cold]] void fused_exact(TINYSIM_OP_ARGS) {
    cpu->s[op->rd] = fp::fma(cpu->fp, negated_if(NegateAddend, cpu->s[op->rd]), negated_if(NegateFactor, cpu->s[op->rn]), cpu->s[op->rm]);
    next(TINYSIM_OP_PASS);
}

template <bool NegateAddend, bool NegateFactor>
void fused(TINYSIM_OP_ARGS) {
    TINYSIM_NEEDS_FP;
    uint32_t result = 0;
    if (!fp::try_fma(cpu->fp, negated_if(NegateAddend, cpu->s[op->rd]), negated_if(NegateFactor, cpu->s[op->rn]), cpu->s[op->rm], result)) [[unlikely]]
        return fused_exact<NegateAddend, NegateFactor>(TINYSIM_OP_PASS);
    cpu->s[op->rd] = result;
    next(TINYSIM_OP_PASS);
}

[[gnu::noinline, gnu::cold]] void square_root_exact(TINYSIM_OP_ARGS) {
    cpu->s[op->rd] = fp::sqrt(cpu->fp, cpu->s[op->rm]);
    cpu->begin_fp_divide(cpu->timing.vfp_square_root, cl);
    next(TINYSIM_OP_PASS);
}

void square_root(TINYSIM_OP_ARGS) {
    TINYSIM_NEEDS_FP;
    uint32_t result = 0;
    if (!fp::try_sqrt(cpu->fp, cpu->s[op->rm], result)) [[unlikely]] return square_root_exact(TINYSIM_OP_PASS);
    cpu->s[op->rd] = result;
    cpu->begin_fp_divide(cpu->timing.vfp_square_root, cl);
    next(TINYSIM_OP_PASS);
}

enum class Move { copy, absolute, negate, immediate, to_core, from_core, two_to_core, two_from_core };
template <Move How>
void move(TINYSIM_OP_ARGS) {
    TINYSIM_NEEDS_FP;
    if constexpr (How == Move::copy) cpu->s[op->rd] = cpu->s[op->rm];
    if constexpr (How == Move::absolute) cpu->s[op->rd] = fp::abs(cpu->s[op->rm]);
    if constexpr (How == Move::negate) cpu->s[op->rd] = fp::neg(cpu->s[op->rm]);
    if constexpr (How == Move::immediate) cpu->s[op->rd] = fp::expand_immediate(static_cast<uint8_t>(op->imm));
    if constexpr (How == Move::to_core) cpu->r[op->ra] = cpu->s[op->rn];
    if constexpr (How == Move::from_core) cpu->s[op->rn] = cpu->r[op->ra];
    if constexpr (How == Move::two_to_core) {
        cpu->r[op->rd] = cpu->s[op->rm];
        cpu->r[op->ra] = cpu->s[op->rm + 1];
    }
    if constexpr (How == Move::two_from_core) {
        cpu->s[op->rm] = cpu->r[op->rd];
        cpu->s[op->rm + 1] = cpu->r[op->ra];
    }
    next(TINYSIM_OP_PASS);
}

template <bool Signals, bool WithZero>
[[gnu::noinline, gnu::cold]] void compare_exact(TINYSIM_OP_ARGS) {
    fp::set_nzcv(cpu->fp, fp::compare(cpu->fp, cpu->s[op->rd], WithZero ? 0 : cpu->s[op->rm], Signals));
    next(TINYSIM_OP_PASS);
}

template <bool Signals, bool WithZero>
void compare(TINYSIM_OP_ARGS) {
    TINYSIM_NEEDS_FP;
    uint32_t nzcv = 0;
    if (!fp::try_compare(cpu->fp, cpu->s[op->rd], WithZero ? 0 : cpu->s[op->rm], nzcv)) [[unlikely]]
        return compare_exact<Signals, WithZero>(TINYSIM_OP_PASS);
    fp::set_nzcv(cpu->fp, nzcv);
    next(TINYSIM_OP_PASS);
}

template <bool Unsigned>
[[gnu::noinline, gnu::cold]] void from_integer_exact(TINYSIM_OP_ARGS) {
    const uint32_t value = cpu->s[op->rm];
    cpu->s[op->rd] = Unsigned ? fp::from_u32(cpu->fp, value) : fp::from_s32(cpu->fp, value);
    next(TINYSIM_OP_PASS);
}

template <bool Unsigned>
void from_integer(TINYSIM_OP_ARGS) {
    TINYSIM_NEEDS_FP;
    uint32_t result = 0;
    const uint32_t value = cpu->s[op->rm];
    if (!(Unsigned ? fp::try_from_u32(cpu->fp, value, result) : fp::try_from_s32(cpu->fp, value, result))) [[unlikely]]
        return from_integer_exact<Unsigned>(TINYSIM_OP_PASS);
    cpu->s[op->rd] = result;
    next(TINYSIM_OP_PASS);
}

template <bool Unsigned, bool ToZero>
[[gnu::noinline, gnu::cold]] void to_integer_exact(TINYSIM_OP_ARGS) {
    const uint32_t value = cpu->s[op->rm];
    cpu->s[op->rd] = Unsigned ? fp::to_u32(cpu->fp, value, ToZero) : fp::to_s32(cpu->fp, value, ToZero);
    next(TINYSIM_OP_PASS);
}

template <bool Unsigned, bool ToZero>
void to_integer(TINYSIM_OP_ARGS) {
    TINYSIM_NEEDS_FP;
    uint32_t result = 0;
    const uint32_t value = cpu->s[op->rm];
    if (!(Unsigned ? fp::try_to_u32(cpu->fp, value, ToZero, result) : fp::try_to_s32(cpu->fp, value, ToZero, result))) [[unlikely]]
        return to_integer_exact<Unsigned, ToZero>(TINYSIM_OP_PASS);
    cpu->s[op->rd] = result;
    next(TINYSIM_OP_PASS);
}

template <bool Unsigned, bool Wide>
void from_fixed(TINYSIM_OP_ARGS) {
    TINYSIM_NEEDS_FP;
    cpu->s[op->rd] = fp::from_fixed(cpu->fp, cpu->s[op->rd], static_cast<int>(op->imm), Unsigned, !Wide);
    next(TINYSIM_OP_PASS);
}

template <bool Unsigned, bool Wide>
void to_fixed(TINYSIM_OP_ARGS) {
    TINYSIM_NEEDS_FP;
    cpu->s[op->rd] = fp::to_fixed(cpu->fp, cpu->s[op->rd], static_cast<int>(op->imm), Unsigned, !Wide);
    next(TINYSIM_OP_PASS);
}

template <bool Top>
void half_to_single(TINYSIM_OP_ARGS) {
    TINYSIM_NEEDS_FP;
    cpu->s[op->rd] = fp::half_to_single(cpu->fp, static_cast<uint16_t>(cpu->s[op->rm] >> (Top ? 16 : 0)));
    next(TINYSIM_OP_PASS);
}

template <bool Top>
void single_to_half(TINYSIM_OP_ARGS) {
    TINYSIM_NEEDS_FP;
    const uint32_t half = fp::single_to_half(cpu->fp, cpu->s[op->rm]);
    const uint32_t keep = cpu->s[op->rd] & (Top ? 0xFFFFu : 0xFFFF'0000u);
    cpu->s[op->rd] = keep | half << (Top ? 16 : 0);
    next(TINYSIM_OP_PASS);
}

void read_fpscr(TINYSIM_OP_ARGS) {
    TINYSIM_NEEDS_FP;
    cpu->r[op->ra] = fp::get_fpscr(cpu->fp);
    next(TINYSIM_OP_PASS);
}

// VMRS APSR_nzcv, FPSCR
void flags_from_fpscr(TINYSIM_OP_ARGS) {
    TINYSIM_NEEDS_FP;
    const uint32_t flags = cpu->fp.fpscr;
    const bool zero = (flags >> 30) & 1;
    nz = zero ? (flags >> 31 ? INT64_MIN : 0) : (flags >> 31 ? -1 : 1);
    c = (flags >> 29) & 1;
    v = (flags >> 28) & 1;
    next(TINYSIM_OP_PASS);
}

void write_fpscr(TINYSIM_OP_ARGS) {
    TINYSIM_NEEDS_FP;
    fp::set_fpscr(cpu->fp, cpu->r[op->ra]);
    next(TINYSIM_OP_PASS);
}

template <template <bool, bool> class Family>
Handler by_bits(unsigned sub) {
    constexpr Handler all[4] = {Family<false, false>::run, Family<true, false>::run, Family<false, true>::run, Family<true, true>::run};
    return all[sub & 3];
}
template <bool A, bool B> struct Compare { static constexpr Handler run = compare<A, B>; };
template <bool A, bool B> struct ToInteger { static constexpr Handler run = to_integer<A, B>; };
template <bool A, bool B> struct FromFixed { static constexpr Handler run = from_fixed<A, B>; };
template <bool A, bool B> struct ToFixed { static constexpr Handler run = to_fixed<A, B>; };

Handler arithmetic_handler(const Insn& i) {
    switch (i.kind) {
        case Kind::vadd: return binary<fp::try_add, fp::add, false>;
        case Kind::vsub: return binary<fp::try_sub, fp::sub, false>;
        case Kind::vmul: return binary<fp::try_mul, fp::mul, false>;
        case Kind::vnmul: return binary<fp::try_mul, fp::mul, true>;
        case Kind::vdiv: return binary<fp::try_div, fp::div, false, true>;
        case Kind::vmla: return multiply_add<false, false>;
        case Kind::vmls: return multiply_add<false, true>;
        case Kind::vnmla: return multiply_add<true, true>;
        case Kind::vnmls: return multiply_add<true, false>;
        case Kind::vfma: return fused<false, false>;
        case Kind::vfms: return fused<false, true>;
        case Kind::vfnma: return fused<true, true>;
        case Kind::vfnms: return fused<true, false>;
        case Kind::vsqrt: return square_root;
        default: return nullptr;
    }
}

}  // namespace

Handler fp_handler(const Insn& i) {
    if (Handler found = arithmetic_handler(i)) return found;
    switch (i.kind) {
        case Kind::vabs: return move<Move::absolute>;
        case Kind::vneg: return move<Move::negate>;
        case Kind::vmov_register: return move<Move::copy>;
        case Kind::vmov_immediate: return move<Move::immediate>;
        case Kind::vmov_to_core: return move<Move::to_core>;
        case Kind::vmov_from_core: return move<Move::from_core>;
        case Kind::vmov_two_to_core: return move<Move::two_to_core>;
        case Kind::vmov_two_from_core: return move<Move::two_from_core>;
        case Kind::vcmp: return by_bits<Compare>(i.sub);
        case Kind::vcvt_from_integer: return i.sub & 1 ? from_integer<true> : from_integer<false>;
        case Kind::vcvt_to_integer: return by_bits<ToInteger>(i.sub);
        case Kind::vcvt_from_fixed: return by_bits<FromFixed>(i.sub);
        case Kind::vcvt_to_fixed: return by_bits<ToFixed>(i.sub);
        case Kind::vcvt_half_to_single: return i.sub ? half_to_single<true> : half_to_single<false>;
        case Kind::vcvt_single_to_half: return i.sub ? single_to_half<true> : single_to_half<false>;
        case Kind::vmrs: return i.ra == 15 ? flags_from_fpscr : read_fpscr;
        case Kind::vmsr: return write_fpscr;
        default: return nullptr;
    }
}

}  // namespace tinysim
