// Handlers of the arithmetic and logic instructions: every operation x operand form x flags.
#include <array>
#include <bit>
#include <utility>

#include "cpu/cpu.h"
#include "cpu/lower.h"

namespace tinysim {
namespace {

struct Shifted {
    uint32_t value;
    uint32_t carry;
};

// Shift_C of the manual (A2.2.1) for the constant forms; amount in op->ra.
template <Operand Form>
[[gnu::always_inline]] inline Shifted operand2(const Cpu* cpu, const Op* op, uint32_t carry) {
    const uint32_t n = op->ra;
    if constexpr (Form == Operand::imm) return {op->imm, carry};
    if constexpr (Form == Operand::imm_carry) return {op->imm, op->imm >> 31};
    const uint32_t value = cpu->r[op->rm];
    if constexpr (Form == Operand::reg) return {value, carry};
    if constexpr (Form == Operand::lsl) return {value << n, (value >> (32 - n)) & 1};
    if constexpr (Form == Operand::lsr)
        return {static_cast<uint32_t>(static_cast<uint64_t>(value) >> n), (value >> (n - 1)) & 1};
    if constexpr (Form == Operand::asr) {
        const int64_t wide = static_cast<int32_t>(value);
        return {static_cast<uint32_t>(wide >> n), static_cast<uint32_t>(wide >> (n - 1)) & 1};
    }
    if constexpr (Form == Operand::ror) return {std::rotr(value, static_cast<int>(n)), (value >> (n - 1)) & 1};
    return {value >> 1 | carry << 31, value & 1};                          // rrx
}

struct Sum {
    uint32_t value, c, v;
};

inline Sum add_with_carry(uint32_t a, uint32_t b, uint32_t carry) {
    const uint64_t wide = static_cast<uint64_t>(a) + b + carry;
    const auto value = static_cast<uint32_t>(wide);
    return {value, static_cast<uint32_t>(wide >> 32), ((a ^ value) & (b ^ value)) >> 31};
}

template <Alu Operation>
[[gnu::always_inline]] inline Sum arithmetic(uint32_t a, uint32_t b, uint32_t c) {
    if constexpr (Operation == Alu::add || Operation == Alu::cmn) return add_with_carry(a, b, 0);
    if constexpr (Operation == Alu::adc) return add_with_carry(a, b, c);
    if constexpr (Operation == Alu::sbc) return add_with_carry(a, ~b, c);
    if constexpr (Operation == Alu::rsb) {
        const uint32_t value = b - a;
        return {value, b >= a, ((b ^ a) & (b ^ value)) >> 31};
    }
    const uint32_t value = a - b;
    return {value, a >= b, ((a ^ b) & (a ^ value)) >> 31};
}

template <Alu Operation>
[[gnu::always_inline]] inline uint32_t logic(uint32_t a, uint32_t b) {
    switch (Operation) {
        case Alu::and_: case Alu::tst: return a & b;
        case Alu::eor: case Alu::teq: return a ^ b;
        case Alu::orr: return a | b;
        case Alu::orn: return a | ~b;
        case Alu::bic: return a & ~b;
        case Alu::mvn: return ~b;
        default: return b;
    }
}

constexpr bool is_arithmetic(Alu operation) {
    return (operation >= Alu::add && operation <= Alu::rsb) || operation == Alu::cmp || operation == Alu::cmn;
}

// ToSp: the result goes to the stack pointer, whose bits 1:0 read as zero.
template <Alu Operation, Operand Form, bool S, bool ToSp>
void alu(TINYSIM_OP_ARGS) {
    constexpr bool writes = Operation < Alu::tst;
    const Shifted b = operand2<Form>(cpu, op, c);
    uint32_t value = 0;
    if constexpr (is_arithmetic(Operation)) {
        const Sum sum = arithmetic<Operation>(cpu->r[op->rn], b.value, c);
        value = sum.value;
        if constexpr (S) {
            c = sum.c;
            v = sum.v;
        }
    } else {
        value = logic<Operation>(cpu->r[op->rn], b.value);
        if constexpr (S) c = b.carry;
    }
    if constexpr (S) nz = nz_of(value);
    if constexpr (writes) cpu->r[op->rd] = ToSp ? value & ~3u : value;
    next(TINYSIM_OP_PASS);
}

using Row = std::array<Handler, 8>;

template <Alu Operation, bool S, bool ToSp, size_t... Form>
constexpr Row forms(std::index_sequence<Form...>) {
    return {&alu<Operation, static_cast<Operand>(Form), S, ToSp>...};
}

template <bool S, size_t... Operation>
constexpr std::array<Row, sizeof...(Operation)> operations(std::index_sequence<Operation...>) {
    return {forms<static_cast<Alu>(Operation), S, false>(std::make_index_sequence<8>())...};
}

constexpr auto plain = operations<false>(std::make_index_sequence<16>());
constexpr auto flags = operations<true>(std::make_index_sequence<16>());
constexpr std::array<std::array<Row, 2>, 3> to_sp = {{
    {forms<Alu::add, false, true>(std::make_index_sequence<8>()), forms<Alu::add, true, true>(std::make_index_sequence<8>())},
    {forms<Alu::sub, false, true>(std::make_index_sequence<8>()), forms<Alu::sub, true, true>(std::make_index_sequence<8>())},
    {forms<Alu::mov, false, true>(std::make_index_sequence<8>()), forms<Alu::mov, true, true>(std::make_index_sequence<8>())},
}};

// LSL, LSR, ASR, ROR by the low byte of a register.
template <Shift Type>
Shifted shift_by(uint32_t value, uint32_t amount, uint32_t carry) {
    if (amount == 0) return {value, carry};
    if constexpr (Type == Shift::lsl) {
        if (amount > 32) return {0, 0};
        return {amount == 32 ? 0 : value << amount, (value >> (32 - amount)) & 1};
    } else if constexpr (Type == Shift::lsr) {
        if (amount > 32) return {0, 0};
        return {amount == 32 ? 0 : value >> amount, (value >> (amount - 1)) & 1};
    } else if constexpr (Type == Shift::asr) {
        const int64_t wide = static_cast<int32_t>(value);
        const uint32_t n = amount > 32 ? 32 : amount;
        return {static_cast<uint32_t>(wide >> n), static_cast<uint32_t>(wide >> (n - 1)) & 1};
    } else {
        const uint32_t rotated = std::rotr(value, static_cast<int>(amount & 31));
        return {rotated, rotated >> 31};
    }
}

template <Shift Type, bool S>
void shift_register(TINYSIM_OP_ARGS) {
    const Shifted result = shift_by<Type>(cpu->r[op->rn], cpu->r[op->rm] & 0xFF, c);
    cpu->r[op->rd] = result.value;
    if constexpr (S) {
        nz = nz_of(result.value);
        c = result.carry;
    }
    next(TINYSIM_OP_PASS);
}

constexpr Handler shifts[4][2] = {{shift_register<Shift::lsl, false>, shift_register<Shift::lsl, true>},
                                  {shift_register<Shift::lsr, false>, shift_register<Shift::lsr, true>},
                                  {shift_register<Shift::asr, false>, shift_register<Shift::asr, true>},
                                  {shift_register<Shift::ror, false>, shift_register<Shift::ror, true>}};

void move_top(TINYSIM_OP_ARGS) {
    cpu->r[op->rd] = (cpu->r[op->rd] & 0xFFFF) | op->imm;
    next(TINYSIM_OP_PASS);
}

void address_of(TINYSIM_OP_ARGS) {
    cpu->r[op->rd] = op->imm;
    next(TINYSIM_OP_PASS);
}

Handler to_sp_handler(const Insn& insn) {
    const unsigned form = static_cast<unsigned>(insn.operand);
    switch (insn.alu()) {
        case Alu::add: return to_sp[0][insn.s][form];
        case Alu::sub: return to_sp[1][insn.s][form];
        case Alu::mov: return to_sp[2][insn.s][form];
        default: return op_undefined;                       // UNPREDICTABLE in the manual
    }
}

}  // namespace

Handler alu_handler(const Insn& insn) {
    switch (insn.kind) {
        case Kind::alu:
            if (insn.rd == 13 && insn.alu() < Alu::tst) return to_sp_handler(insn);
            return (insn.s ? flags : plain)[insn.sub][static_cast<unsigned>(insn.operand)];
        case Kind::shift_register: return shifts[insn.sub][insn.s];
        case Kind::movt: return move_top;
        case Kind::adr: return address_of;
        default: return nullptr;
    }
}

}  // namespace tinysim
