// Handlers of SIMD, saturation, extension and bit instructions: DDI 0403 A7.7.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <utility>

#include "cpu/cpu.h"
#include "cpu/lower.h"

namespace tinysim {
namespace {

template <int Bits>
int32_t lane(uint32_t value, int index, bool is_signed) {
    const uint32_t raw = (value >> (index * Bits)) & ((1u << Bits) - 1);
    return is_signed ? static_cast<int32_t>(raw << (32 - Bits)) >> (32 - Bits) : static_cast<int32_t>(raw);
}

template <int Bits, Prefix How>
uint32_t finish_lane(int32_t value) {
    constexpr int32_t signed_maximum = (1 << (Bits - 1)) - 1, unsigned_maximum = (1 << Bits) - 1;
    if constexpr (How == Prefix::q) value = std::clamp(value, -signed_maximum - 1, signed_maximum);
    if constexpr (How == Prefix::uq) value = std::clamp(value, 0, unsigned_maximum);
    if constexpr (How == Prefix::sh || How == Prefix::uh) value >>= 1;
    return static_cast<uint32_t>(value) & static_cast<uint32_t>(unsigned_maximum);
}

// GE for one lane: signed result not negative; unsigned addition carried, subtraction did not borrow.
template <int Bits, Prefix How>
bool lane_ge(int32_t value, bool subtracts) {
    if (How == Prefix::u && !subtracts) return value >= (1 << Bits);
    return value >= 0;
}

template <Parallel Operation, Prefix How>
void parallel(TINYSIM_OP_ARGS) {
    constexpr int bits = Operation == Parallel::add8 || Operation == Parallel::sub8 ? 8 : 16;
    constexpr bool crosses = Operation == Parallel::asx || Operation == Parallel::sax;
    constexpr bool is_signed = How == Prefix::s || How == Prefix::q || How == Prefix::sh;
    const uint32_t a = cpu->r[op->rn], b = cpu->r[op->rm];
    uint32_t result = 0, ge = 0;
    for (int i = 0; i < 32 / bits; ++i) {
        bool subtracts = Operation == Parallel::sub8 || Operation == Parallel::sub16;
        if constexpr (Operation == Parallel::asx) subtracts = i == 0;
        if constexpr (Operation == Parallel::sax) subtracts = i == 1;
        const int32_t x = lane<bits>(a, i, is_signed), y = lane<bits>(b, crosses ? 1 - i : i, is_signed);
        const int32_t value = subtracts ? x - y : x + y;
        result |= finish_lane<bits, How>(value) << (i * bits);
        if (lane_ge<bits, How>(value, subtracts)) ge |= (bits == 8 ? 1u : 3u) << (i * bits / 8);
    }
    cpu->r[op->rd] = result;
    if constexpr (How == Prefix::s || How == Prefix::u) cpu->ge = ge;
    next(TINYSIM_OP_PASS);
}

template <Parallel Operation, size_t... How>
constexpr std::array<Handler, 6> prefixes(std::index_sequence<How...>) {
    return {&parallel<Operation, static_cast<Prefix>(How)>...};
}
template <size_t... Operation>
constexpr std::array<std::array<Handler, 6>, 6> parallels(std::index_sequence<Operation...>) {
    return {prefixes<static_cast<Parallel>(Operation)>(std::make_index_sequence<6>())...};
}
constexpr auto parallel_handlers = parallels(std::make_index_sequence<6>());

void sel(TINYSIM_OP_ARGS) {
    uint32_t mask = 0;
    for (unsigned i = 0; i < 4; ++i)
        if ((cpu->ge >> i) & 1) mask |= 0xFFu << (8 * i);
    cpu->r[op->rd] = (cpu->r[op->rn] & mask) | (cpu->r[op->rm] & ~mask);
    next(TINYSIM_OP_PASS);
}

void pkhbt(TINYSIM_OP_ARGS) {
    cpu->r[op->rd] = (cpu->r[op->rn] & 0xFFFF) | ((cpu->r[op->rm] << op->ra) & 0xFFFF'0000);
    next(TINYSIM_OP_PASS);
}

void pkhtb(TINYSIM_OP_ARGS) {
    const auto low = static_cast<uint32_t>(static_cast<int64_t>(static_cast<int32_t>(cpu->r[op->rm])) >> op->ra);
    cpu->r[op->rd] = (cpu->r[op->rn] & 0xFFFF'0000) | (low & 0xFFFF);
    next(TINYSIM_OP_PASS);
}

[[gnu::always_inline]] inline uint32_t saturated(Cpu* cpu, int64_t value, int64_t low, int64_t high) {
    if (value < low || value > high) {
        cpu->q = 1;
        return static_cast<uint32_t>(value < low ? low : high);
    }
    return static_cast<uint32_t>(value);
}

struct Bounds { int64_t low, high; };
template <bool Unsigned>
Bounds bounds(uint32_t bits) {
    if constexpr (Unsigned) return {0, (int64_t{1} << bits) - 1};
    return {-(int64_t{1} << (bits - 1)), (int64_t{1} << (bits - 1)) - 1};
}

template <bool Unsigned, bool Arithmetic>
void saturate(TINYSIM_OP_ARGS) {
    const uint32_t source = cpu->r[op->rn];
    const int32_t shifted = Arithmetic ? static_cast<int32_t>(source) >> op->ra : static_cast<int32_t>(source << op->ra);
    const Bounds limit = bounds<Unsigned>(op->imm);
    cpu->r[op->rd] = saturated(cpu, shifted, limit.low, limit.high);
    next(TINYSIM_OP_PASS);
}

template <bool Unsigned>
void saturate16(TINYSIM_OP_ARGS) {
    const uint32_t source = cpu->r[op->rn];
    const Bounds limit = bounds<Unsigned>(op->imm);
    const uint32_t low = saturated(cpu, static_cast<int16_t>(source), limit.low, limit.high);
    const uint32_t high = saturated(cpu, static_cast<int16_t>(source >> 16), limit.low, limit.high);
    cpu->r[op->rd] = (low & 0xFFFF) | high << 16;
    next(TINYSIM_OP_PASS);
}

template <Extend Type, bool Adds>
void extend(TINYSIM_OP_ARGS) {
    const uint32_t value = std::rotr(cpu->r[op->rm], op->ra);
    const uint32_t addend = Adds ? cpu->r[op->rn] : 0;
    uint32_t result = 0;
    if constexpr (Type == Extend::sxtb) result = addend + static_cast<uint32_t>(static_cast<int8_t>(value));
    else if constexpr (Type == Extend::sxth) result = addend + static_cast<uint32_t>(static_cast<int16_t>(value));
    else if constexpr (Type == Extend::uxtb) result = addend + (value & 0xFF);
    else if constexpr (Type == Extend::uxth) result = addend + (value & 0xFFFF);
    else {
        const bool is_signed = Type == Extend::sxtb16;
        const uint32_t low = is_signed ? static_cast<uint32_t>(static_cast<int8_t>(value)) : value & 0xFF;
        const uint32_t high = is_signed ? static_cast<uint32_t>(static_cast<int8_t>(value >> 16)) : (value >> 16) & 0xFF;
        result = ((addend + low) & 0xFFFF) | ((addend >> 16) + high) << 16;
    }
    cpu->r[op->rd] = result;
    next(TINYSIM_OP_PASS);
}

template <bool Adds, size_t... Type>
constexpr std::array<Handler, 6> extends(std::index_sequence<Type...>) {
    return {&extend<static_cast<Extend>(Type), Adds>...};
}
constexpr std::array<std::array<Handler, 6>, 2> extend_handlers = {extends<false>(std::make_index_sequence<6>()),
                                                                   extends<true>(std::make_index_sequence<6>())};

// QADD, QSUB, QDADD, QDSUB: rm op rn, with rn doubled and saturated first for the D forms.
template <bool Doubles, bool Subtracts>
void saturating_add(TINYSIM_OP_ARGS) {
    const Bounds limit = bounds<false>(32);
    int64_t second = static_cast<int32_t>(cpu->r[op->rn]);
    if constexpr (Doubles) second = static_cast<int32_t>(saturated(cpu, second * 2, limit.low, limit.high));
    const int64_t first = static_cast<int32_t>(cpu->r[op->rm]);
    cpu->r[op->rd] = saturated(cpu, Subtracts ? first - second : first + second, limit.low, limit.high);
    next(TINYSIM_OP_PASS);
}

template <bool Accumulates>
void absolute_differences(TINYSIM_OP_ARGS) {
    uint32_t sum = Accumulates ? cpu->r[op->ra] : 0;
    for (int i = 0; i < 4; ++i)
        sum += static_cast<uint32_t>(std::abs(lane<8>(cpu->r[op->rn], i, false) - lane<8>(cpu->r[op->rm], i, false)));
    cpu->r[op->rd] = sum;
    next(TINYSIM_OP_PASS);
}

uint32_t low_mask(uint32_t bits) { return bits == 32 ? ~0u : (1u << bits) - 1; }

template <bool Clears>
void bit_field_insert(TINYSIM_OP_ARGS) {
    const uint32_t mask = low_mask(op->imm) << op->ra;
    const uint32_t source = Clears ? 0 : cpu->r[op->rn] << op->ra;
    cpu->r[op->rd] = (cpu->r[op->rd] & ~mask) | (source & mask);
    next(TINYSIM_OP_PASS);
}

void ubfx(TINYSIM_OP_ARGS) {
    cpu->r[op->rd] = (cpu->r[op->rn] >> op->ra) & low_mask(op->imm);
    next(TINYSIM_OP_PASS);
}

void sbfx(TINYSIM_OP_ARGS) {
    const uint32_t left = 32 - op->imm - op->ra;
    cpu->r[op->rd] = static_cast<uint32_t>(static_cast<int32_t>(cpu->r[op->rn] << left) >> (32 - op->imm));
    next(TINYSIM_OP_PASS);
}

void clz(TINYSIM_OP_ARGS) {
    cpu->r[op->rd] = static_cast<uint32_t>(std::countl_zero(cpu->r[op->rm]));
    next(TINYSIM_OP_PASS);
}

void rbit(TINYSIM_OP_ARGS) {
    uint32_t value = __builtin_bswap32(cpu->r[op->rm]);
    value = (value >> 4 & 0x0F0F'0F0F) | (value & 0x0F0F'0F0F) << 4;
    value = (value >> 2 & 0x3333'3333) | (value & 0x3333'3333) << 2;
    cpu->r[op->rd] = (value >> 1 & 0x5555'5555) | (value & 0x5555'5555) << 1;
    next(TINYSIM_OP_PASS);
}

void rev(TINYSIM_OP_ARGS) {
    cpu->r[op->rd] = __builtin_bswap32(cpu->r[op->rm]);
    next(TINYSIM_OP_PASS);
}

void rev16(TINYSIM_OP_ARGS) {
    cpu->r[op->rd] = std::rotr(__builtin_bswap32(cpu->r[op->rm]), 16);
    next(TINYSIM_OP_PASS);
}

void revsh(TINYSIM_OP_ARGS) {
    cpu->r[op->rd] = static_cast<uint32_t>(static_cast<int16_t>(__builtin_bswap16(static_cast<uint16_t>(cpu->r[op->rm]))));
    next(TINYSIM_OP_PASS);
}

}  // namespace

Handler dsp_handler(const Insn& i) {
    const bool arithmetic = i.operand == Operand::asr;
    switch (i.kind) {
        case Kind::parallel: return parallel_handlers[i.sub][i.shift];
        case Kind::sel: return sel;
        case Kind::pkhbt: return pkhbt;
        case Kind::pkhtb: return pkhtb;
        case Kind::ssat: return arithmetic ? saturate<false, true> : saturate<false, false>;
        case Kind::usat: return arithmetic ? saturate<true, true> : saturate<true, false>;
        case Kind::ssat16: return saturate16<false>;
        case Kind::usat16: return saturate16<true>;
        case Kind::extend: return extend_handlers[i.rn != 15][i.sub];
        case Kind::qadd: return saturating_add<false, false>;
        case Kind::qsub: return saturating_add<false, true>;
        case Kind::qdadd: return saturating_add<true, false>;
        case Kind::qdsub: return saturating_add<true, true>;
        case Kind::usad8: return absolute_differences<false>;
        case Kind::usada8: return absolute_differences<true>;
        case Kind::bfi: return bit_field_insert<false>;
        case Kind::bfc: return bit_field_insert<true>;
        case Kind::ubfx: return ubfx;
        case Kind::sbfx: return sbfx;
        case Kind::clz: return clz;
        case Kind::rbit: return rbit;
        case Kind::rev: return rev;
        case Kind::rev16: return rev16;
        case Kind::revsh: return revsh;
        default: return nullptr;
    }
}

}  // namespace tinysim
