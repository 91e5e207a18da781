// Handlers of multiply, divide and the halfword and dual multiplies of the DSP extension: DDI 0403 A7.7.
#include "cpu/cpu.h"
#include "cpu/restart.h"
#include "cpu/lower.h"

namespace tinysim {
namespace {

int32_t half(uint32_t value, bool top) { return static_cast<int16_t>(top ? value >> 16 : value); }
uint32_t exchanged(uint32_t value) { return value >> 16 | value << 16; }
uint64_t pair(uint32_t high, uint32_t low) { return static_cast<uint64_t>(high) << 32 | low; }
int64_t wide_signed(uint32_t a, uint32_t b) {
    return static_cast<int64_t>(static_cast<int32_t>(a)) * static_cast<int32_t>(b);
}

// The accumulated sum overflowed 32 bits: Q.
[[gnu::always_inline]] inline uint32_t accumulate(Cpu* cpu, int64_t value) {
    if (value != static_cast<int32_t>(value)) cpu->q = 1;
    return static_cast<uint32_t>(value);
}

template <bool S>
void mul(TINYSIM_OP_ARGS) {
    const uint32_t value = cpu->r[op->rn] * cpu->r[op->rm];
    cpu->r[op->rd] = value;
    if constexpr (S) nz = nz_of(value);
    next(TINYSIM_OP_PASS);
}

void mla(TINYSIM_OP_ARGS) {
    cpu->r[op->rd] = cpu->r[op->rn] * cpu->r[op->rm] + cpu->r[op->ra];
    next(TINYSIM_OP_PASS);
}

void mls(TINYSIM_OP_ARGS) {
    cpu->r[op->rd] = cpu->r[op->ra] - cpu->r[op->rn] * cpu->r[op->rm];
    next(TINYSIM_OP_PASS);
}

[[gnu::always_inline]] inline void set_pair(Cpu* cpu, const Op* op, uint64_t value) {
    cpu->r[op->ra] = static_cast<uint32_t>(value);
    cpu->r[op->rd] = static_cast<uint32_t>(value >> 32);
}

void umull(TINYSIM_OP_ARGS) {
    set_pair(cpu, op, static_cast<uint64_t>(cpu->r[op->rn]) * cpu->r[op->rm]);
    next(TINYSIM_OP_PASS);
}

void smull(TINYSIM_OP_ARGS) {
    set_pair(cpu, op, static_cast<uint64_t>(wide_signed(cpu->r[op->rn], cpu->r[op->rm])));
    next(TINYSIM_OP_PASS);
}

void umlal(TINYSIM_OP_ARGS) {
    set_pair(cpu, op, static_cast<uint64_t>(cpu->r[op->rn]) * cpu->r[op->rm] + pair(cpu->r[op->rd], cpu->r[op->ra]));
    next(TINYSIM_OP_PASS);
}

void smlal(TINYSIM_OP_ARGS) {
    set_pair(cpu, op, static_cast<uint64_t>(wide_signed(cpu->r[op->rn], cpu->r[op->rm])) + pair(cpu->r[op->rd], cpu->r[op->ra]));
    next(TINYSIM_OP_PASS);
}

void umaal(TINYSIM_OP_ARGS) {
    set_pair(cpu, op, static_cast<uint64_t>(cpu->r[op->rn]) * cpu->r[op->rm] + cpu->r[op->rd] + cpu->r[op->ra]);
    next(TINYSIM_OP_PASS);
}

// Division by zero: 0, or UsageFault with CCR.DIV_0_TRP.
[[gnu::noinline]] bool traps_division(Cpu* cpu);

template <bool Signed>
void divide(TINYSIM_OP_ARGS) {
    const uint32_t n = cpu->r[op->rn], d = cpu->r[op->rm];
    cpu->overwritten = cpu->r[op->rd];
    if (d == 0) [[unlikely]] {
        if (traps_division(cpu)) return leave(TINYSIM_OP_PASS);
        cpu->r[op->rd] = 0;
    } else if constexpr (Signed) {
        const auto a = static_cast<int32_t>(n), b = static_cast<int32_t>(d);
        cpu->r[op->rd] = b == -1 ? 0u - n : static_cast<uint32_t>(a / b);
    } else {
        cpu->r[op->rd] = n / d;
    }
    const uint32_t magnitude_n = Signed && static_cast<int32_t>(n) < 0 ? 0u - n : n;
    const uint32_t magnitude_d = Signed && static_cast<int32_t>(d) < 0 ? 0u - d : d;
    cpu->late = cpu->timing.divide(magnitude_n, magnitude_d) - 1;
    cl -= cpu->late;
    next_late_restartable(TINYSIM_OP_PASS);
}

template <unsigned Halves>
void smla_half(TINYSIM_OP_ARGS) {
    const int64_t product = static_cast<int64_t>(half(cpu->r[op->rn], Halves & 2)) * half(cpu->r[op->rm], Halves & 1);
    cpu->r[op->rd] = accumulate(cpu, product + static_cast<int32_t>(cpu->r[op->ra]));
    next(TINYSIM_OP_PASS);
}

template <unsigned Halves>
void smul_half(TINYSIM_OP_ARGS) {
    cpu->r[op->rd] = static_cast<uint32_t>(half(cpu->r[op->rn], Halves & 2) * half(cpu->r[op->rm], Halves & 1));
    next(TINYSIM_OP_PASS);
}

template <unsigned Halves>
void smlal_half(TINYSIM_OP_ARGS) {
    const int64_t product = static_cast<int64_t>(half(cpu->r[op->rn], Halves & 2)) * half(cpu->r[op->rm], Halves & 1);
    set_pair(cpu, op, static_cast<uint64_t>(product) + pair(cpu->r[op->rd], cpu->r[op->ra]));
    next(TINYSIM_OP_PASS);
}

template <unsigned Top, bool Accumulates>
void word_by_half(TINYSIM_OP_ARGS) {
    const int64_t product = (static_cast<int64_t>(static_cast<int32_t>(cpu->r[op->rn])) * half(cpu->r[op->rm], Top)) >> 16;
    cpu->r[op->rd] = Accumulates ? accumulate(cpu, product + static_cast<int32_t>(cpu->r[op->ra])) : static_cast<uint32_t>(product);
    next(TINYSIM_OP_PASS);
}

template <unsigned Exchange, bool Subtracts>
[[gnu::always_inline]] inline int64_t dual(const Cpu* cpu, const Op* op) {
    const uint32_t a = cpu->r[op->rn], b = Exchange ? exchanged(cpu->r[op->rm]) : cpu->r[op->rm];
    const int64_t low = static_cast<int64_t>(half(a, false)) * half(b, false);
    const int64_t high = static_cast<int64_t>(half(a, true)) * half(b, true);
    return Subtracts ? low - high : low + high;
}

template <unsigned Exchange, bool Subtracts, bool Accumulates>
void dual_multiply(TINYSIM_OP_ARGS) {
    const int64_t addend = Accumulates ? static_cast<int32_t>(cpu->r[op->ra]) : 0;
    cpu->r[op->rd] = accumulate(cpu, dual<Exchange, Subtracts>(cpu, op) + addend);
    next(TINYSIM_OP_PASS);
}

template <unsigned Exchange, bool Subtracts>
void dual_multiply_long(TINYSIM_OP_ARGS) {
    set_pair(cpu, op, static_cast<uint64_t>(dual<Exchange, Subtracts>(cpu, op)) + pair(cpu->r[op->rd], cpu->r[op->ra]));
    next(TINYSIM_OP_PASS);
}

// Most significant word multiplies: Sign +1 adds, -1 subtracts, 0 has no addend.
template <unsigned Round, int Sign>
void most_significant(TINYSIM_OP_ARGS) {
    const auto product = static_cast<uint64_t>(wide_signed(cpu->r[op->rn], cpu->r[op->rm]));
    uint64_t value = Sign == 0 ? 0 : pair(cpu->r[op->ra], 0);
    value = Sign < 0 ? value - product : value + product;
    if (Round) value += 0x8000'0000u;
    cpu->r[op->rd] = static_cast<uint32_t>(value >> 32);
    next(TINYSIM_OP_PASS);
}

template <template <unsigned> class Family>
constexpr Handler of_halves(unsigned sub) {
    constexpr Handler all[4] = {Family<0>::run, Family<1>::run, Family<2>::run, Family<3>::run};
    return all[sub];
}
template <unsigned H> struct SmlaHalf { static constexpr Handler run = smla_half<H>; };
template <unsigned H> struct SmulHalf { static constexpr Handler run = smul_half<H>; };
template <unsigned H> struct SmlalHalf { static constexpr Handler run = smlal_half<H>; };

Handler two(unsigned sub, Handler first, Handler second) { return sub ? second : first; }

}  // namespace

bool traps_division_by_zero(Cpu* cpu);              // system_control.cc

namespace {
bool traps_division(Cpu* cpu) { return traps_division_by_zero(cpu); }
}  // namespace

Handler multiply_handler(const Insn& i) {
    switch (i.kind) {
        case Kind::mul: return i.s ? mul<true> : mul<false>;
        case Kind::mla: return mla;
        case Kind::mls: return mls;
        case Kind::umull: return umull;
        case Kind::smull: return smull;
        case Kind::umlal: return umlal;
        case Kind::smlal: return smlal;
        case Kind::umaal: return umaal;
        case Kind::sdiv: return divide<true>;
        case Kind::udiv: return divide<false>;
        case Kind::smla_half: return of_halves<SmlaHalf>(i.sub);
        case Kind::smul_half: return of_halves<SmulHalf>(i.sub);
        case Kind::smlal_half: return of_halves<SmlalHalf>(i.sub);
        case Kind::smlaw: return two(i.sub, word_by_half<0, true>, word_by_half<1, true>);
        case Kind::smulw: return two(i.sub, word_by_half<0, false>, word_by_half<1, false>);
        case Kind::smlad: return two(i.sub, dual_multiply<0, false, true>, dual_multiply<1, false, true>);
        case Kind::smlsd: return two(i.sub, dual_multiply<0, true, true>, dual_multiply<1, true, true>);
        case Kind::smuad: return two(i.sub, dual_multiply<0, false, false>, dual_multiply<1, false, false>);
        case Kind::smusd: return two(i.sub, dual_multiply<0, true, false>, dual_multiply<1, true, false>);
        case Kind::smlald: return two(i.sub, dual_multiply_long<0, false>, dual_multiply_long<1, false>);
        case Kind::smlsld: return two(i.sub, dual_multiply_long<0, true>, dual_multiply_long<1, true>);
        case Kind::smmla: return two(i.sub, most_significant<0, 1>, most_significant<1, 1>);
        case Kind::smmls: return two(i.sub, most_significant<0, -1>, most_significant<1, -1>);
        case Kind::smmul: return two(i.sub, most_significant<0, 0>, most_significant<1, 0>);
        default: return nullptr;
    }
}

}  // namespace tinysim
