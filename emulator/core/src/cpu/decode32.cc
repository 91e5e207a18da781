// 32-bit Thumb instructions other than loads, stores and floating point: DDI 0403, A5.3.
#include <bit>

#include "cpu/decode_fields.h"
#include "cpu/insn.h"

namespace tinysim {
namespace {

struct Expanded {
    uint32_t value;
    bool sets_carry;
};

// ThumbExpandImm_C, A5.3.2.
Expanded expand_immediate(uint32_t imm12) {
    const uint32_t imm8 = imm12 & 0xFF;
    switch (imm12 >> 8) {
        case 0: return {imm8, false};
        case 1: return {imm8 << 16 | imm8, false};
        case 2: return {imm8 << 24 | imm8 << 8, false};
        case 3: return {imm8 * 0x01010101u, false};
        default: return {std::rotr(0x80u | (imm8 & 0x7F), static_cast<int>(imm12 >> 7)), true};
    }
}

// op field of data processing, A5.3.1 and A5.3.11: which Alu, with its special cases at rd or rn = 15.
bool choose_alu(Insn& i, uint32_t op, bool s) {
    static constexpr Alu none = Alu::cmn;
    static constexpr Alu alus[16] = {Alu::and_, Alu::bic, Alu::orr, Alu::orn, Alu::eor, none, none, none,
                                     Alu::add,  none,     Alu::adc, Alu::sbc, none,     Alu::sub, Alu::rsb, none};
    Alu alu = alus[op];
    if (alu == none) return false;
    if (i.rd == 15 && s) {
        if (alu == Alu::and_) alu = Alu::tst;
        else if (alu == Alu::eor) alu = Alu::teq;
        else if (alu == Alu::add) alu = Alu::cmn;
        else if (alu == Alu::sub) alu = Alu::cmp;
        else return false;
        i.rd = 0;
    } else if (i.rn == 15) {
        if (alu == Alu::orr) alu = Alu::mov;
        else if (alu == Alu::orn) alu = Alu::mvn;
        else return false;
        i.rn = 0;
    }
    if (i.rd == 15) return false;
    i.kind = Kind::alu;
    i.sub = static_cast<uint8_t>(alu);
    i.s = s;
    return true;
}

void modified_immediate(Insn& i, uint32_t first, uint32_t second) {
    i.rd = reg(second, 8);
    i.rn = reg(first, 0);
    const auto expanded = expand_immediate(field(first, 10, 10) << 11 | field(second, 14, 12) << 8 | (second & 0xFF));
    i.imm = expanded.value;
    i.operand = expanded.sets_carry ? Operand::imm_carry : Operand::imm;
    choose_alu(i, field(first, 8, 5), field(first, 4, 4) != 0);
}

void decode_shift(Insn& i, uint32_t type, uint32_t amount) {
    static constexpr Operand operands[4] = {Operand::lsl, Operand::lsr, Operand::asr, Operand::ror};
    i.operand = operands[type];
    i.shift = static_cast<uint8_t>(amount);
    if (amount != 0) return;
    if (type == 0) i.operand = Operand::reg;
    else if (type == 3) i.operand = Operand::rrx;
    else i.shift = 32;
}

void shifted_register(Insn& i, uint32_t first, uint32_t second) {
    i.rd = reg(second, 8);
    i.rn = reg(first, 0);
    i.rm = reg(second, 0);
    const uint32_t amount = field(second, 14, 12) << 2 | field(second, 7, 6);
    const uint32_t type = field(second, 5, 4);
    const uint32_t op = field(first, 8, 5);
    if (op == 6) {                                          // PKHBT, PKHTB; S and T must be zero
        if (field(first, 4, 4) != 0 || field(second, 4, 4) != 0) return;
        i.kind = field(second, 5, 5) != 0 ? Kind::pkhtb : Kind::pkhbt;
        i.shift = static_cast<uint8_t>(amount == 0 && i.kind == Kind::pkhtb ? 32 : amount);
        return;
    }
    decode_shift(i, type, amount);
    choose_alu(i, op, field(first, 4, 4) != 0);
}

void saturate(Insn& i, uint32_t first, uint32_t second, uint32_t op) {
    const bool is_unsigned = op >= 24;
    const uint32_t amount = field(second, 14, 12) << 2 | field(second, 7, 6);
    const bool arithmetic = (op & 2) != 0;
    i.imm = (second & 0x1F) + (is_unsigned ? 0 : 1);
    if (arithmetic && amount == 0) {
        i.kind = is_unsigned ? Kind::usat16 : Kind::ssat16;
        i.imm = (second & 0xF) + (is_unsigned ? 0 : 1);
        return;
    }
    (void)first;
    i.kind = is_unsigned ? Kind::usat : Kind::ssat;
    i.operand = arithmetic ? Operand::asr : Operand::lsl;
    i.shift = static_cast<uint8_t>(amount);
}

void bit_field(Insn& i, uint32_t second, uint32_t op) {
    const uint32_t low = field(second, 14, 12) << 2 | field(second, 7, 6);
    const uint32_t last = second & 0x1F;                   // msb, or width - 1
    i.shift = static_cast<uint8_t>(low);
    if (op == 22) {
        i.kind = i.rn == 15 ? Kind::bfc : Kind::bfi;
        if (last < low) i.kind = Kind::undefined;
        i.imm = last - low + 1;
        return;
    }
    i.kind = op == 20 ? Kind::sbfx : Kind::ubfx;
    i.imm = last + 1;
    if (low + i.imm > 32) i.kind = Kind::undefined;
}

void plain_immediate(Insn& i, uint32_t first, uint32_t second, uint32_t pc) {
    const uint32_t op = field(first, 8, 4);
    const uint32_t imm12 = field(first, 10, 10) << 11 | field(second, 14, 12) << 8 | (second & 0xFF);
    i.rd = reg(second, 8);
    i.rn = reg(first, 0);
    if (i.rd == 15) return;
    switch (op) {
        case 0:
        case 10:
            if (i.rn == 15) {
                i.kind = Kind::adr;
                i.imm = op == 0 ? (pc & ~3u) + imm12 : (pc & ~3u) - imm12;
            } else {
                i.kind = Kind::alu;
                i.sub = static_cast<uint8_t>(op == 0 ? Alu::add : Alu::sub);
                i.imm = imm12;
            }
            break;
        case 4:
            i.kind = Kind::alu;
            i.sub = static_cast<uint8_t>(Alu::mov);
            i.imm = static_cast<uint32_t>(reg(first, 0)) << 12 | imm12;
            i.rn = 0;
            break;
        case 12:
            i.kind = Kind::movt;
            i.imm = (static_cast<uint32_t>(reg(first, 0)) << 12 | imm12) << 16;
            break;
        case 16: case 18: case 24: case 26: saturate(i, first, second, op); break;
        case 20: case 22: case 28: bit_field(i, second, op); break;
        default: break;
    }
}

void hints_and_barriers(Insn& i, uint32_t first, uint32_t second) {
    if (field(first, 4, 4) == 0) {
        if (field(second, 10, 8) != 0) return;
        switch (second & 0xFF) {
            case 2: i.kind = Kind::wfe; break;
            case 3: i.kind = Kind::wfi; break;
            case 4: i.kind = Kind::sev; break;
            default: i.kind = Kind::nop; break;             // NOP, YIELD, DBG
        }
        return;
    }
    switch (field(second, 7, 4)) {
        case 2: i.kind = Kind::clrex; break;
        case 4: i.kind = Kind::dsb; break;
        case 5: i.kind = Kind::dmb; break;
        case 6: i.kind = Kind::isb; break;
        default: break;
    }
}

void branch_and_control(Insn& i, uint32_t first, uint32_t second, uint32_t pc) {
    const uint32_t op1 = field(second, 14, 12), op = field(first, 10, 4);
    const uint32_t s = field(first, 10, 10), j1 = field(second, 13, 13), j2 = field(second, 11, 11);
    if ((op1 & 5) == 0) {                                   // B<c> T3, or control
        if ((op & 0x38) != 0x38) {
            i.kind = Kind::bcond;
            i.cond = static_cast<uint8_t>(field(first, 9, 6));
            const uint32_t offset = s << 20 | j2 << 19 | j1 << 18 | (first & 0x3F) << 12 | (second & 0x7FF) << 1;
            i.imm = pc + static_cast<uint32_t>(static_cast<int32_t>(offset << 11) >> 11);
        } else if (op == 0x38 || op == 0x39) {
            i.kind = Kind::msr;
            i.rn = reg(first, 0);
            i.imm = second & 0xFF;
            i.sub = static_cast<uint8_t>(field(second, 11, 10));
        } else if (op == 0x3A || op == 0x3B) {
            hints_and_barriers(i, first, second);
        } else if (op == 0x3E || op == 0x3F) {
            i.kind = Kind::mrs;
            i.rd = reg(second, 8);
            i.imm = second & 0xFF;
        }
        return;
    }
    if ((op1 & 5) == 4) return;                             // UDF.W and BLX immediate: undefined here
    const uint32_t i1 = (j1 ^ s) ^ 1, i2 = (j2 ^ s) ^ 1;
    const uint32_t offset = s << 24 | i1 << 23 | i2 << 22 | (first & 0x3FF) << 12 | (second & 0x7FF) << 1;
    i.imm = pc + static_cast<uint32_t>(static_cast<int32_t>(offset << 7) >> 7);
    i.kind = (op1 & 5) == 5 ? Kind::bl : Kind::b;
}

void parallel(Insn& i, uint32_t first, uint32_t second) {
    static constexpr Prefix prefixes[8] = {Prefix::s, Prefix::q, Prefix::sh, Prefix::s,
                                           Prefix::u, Prefix::uq, Prefix::uh, Prefix::s};
    static constexpr uint8_t none = 255;
    static constexpr uint8_t operations[8] = {
        static_cast<uint8_t>(Parallel::add8), static_cast<uint8_t>(Parallel::add16), static_cast<uint8_t>(Parallel::asx), none,
        static_cast<uint8_t>(Parallel::sub8), static_cast<uint8_t>(Parallel::sub16), static_cast<uint8_t>(Parallel::sax), none};
    const uint32_t prefix = field(second, 6, 4), operation = field(first, 6, 4);
    if (prefix == 3 || prefix == 7 || operations[operation] == none) return;
    i.kind = Kind::parallel;
    i.sub = operations[operation];
    i.shift = static_cast<uint8_t>(prefixes[prefix]);
}

void miscellaneous_register(Insn& i, uint32_t first, uint32_t second) {
    static constexpr Kind kinds[4][4] = {{Kind::qadd, Kind::qdadd, Kind::qsub, Kind::qdsub},
                                         {Kind::rev, Kind::rev16, Kind::rbit, Kind::revsh},
                                         {Kind::sel, Kind::undefined, Kind::undefined, Kind::undefined},
                                         {Kind::clz, Kind::undefined, Kind::undefined, Kind::undefined}};
    i.kind = kinds[field(first, 5, 4)][field(second, 5, 4)];
}

void data_register(Insn& i, uint32_t first, uint32_t second) {
    i.rd = reg(second, 8);
    i.rn = reg(first, 0);
    i.rm = reg(second, 0);
    const uint32_t op1 = field(first, 7, 4), op2 = field(second, 7, 4);
    if (field(second, 15, 12) != 15 || i.rd == 15) return;
    if (op1 < 8 && op2 == 0) {
        i.kind = Kind::shift_register;
        i.sub = static_cast<uint8_t>(field(first, 6, 5));
        i.s = field(first, 4, 4) != 0;
    } else if (op1 < 6 && op2 >= 8) {
        static constexpr Extend extends[6] = {Extend::sxth, Extend::uxth, Extend::sxtb16, Extend::uxtb16, Extend::sxtb, Extend::uxtb};
        i.kind = Kind::extend;
        i.sub = static_cast<uint8_t>(extends[op1]);
        i.shift = static_cast<uint8_t>(field(second, 5, 4) * 8);
    } else if (op1 >= 8 && op2 < 8) {
        parallel(i, first, second);
    } else if (op1 >= 8 && op1 < 12 && op2 >= 8 && op2 < 12) {
        miscellaneous_register(i, first, second);
    }
}

void multiply(Insn& i, uint32_t first, uint32_t second) {
    i.rd = reg(second, 8);
    i.rn = reg(first, 0);
    i.rm = reg(second, 0);
    i.ra = reg(second, 12);
    const uint32_t op1 = field(first, 6, 4), op2 = field(second, 5, 4);
    const bool accumulates = i.ra != 15;
    i.sub = static_cast<uint8_t>(op2 & 1);
    if (field(second, 7, 6) != 0 || i.rd == 15) return;
    switch (op1) {
        case 0:
            if (op2 == 0) i.kind = accumulates ? Kind::mla : Kind::mul;
            else if (op2 == 1) i.kind = Kind::mls;
            break;
        case 1:
            i.kind = accumulates ? Kind::smla_half : Kind::smul_half;
            i.sub = static_cast<uint8_t>(op2);
            break;
        case 2: if (op2 < 2) i.kind = accumulates ? Kind::smlad : Kind::smuad; break;
        case 3: if (op2 < 2) i.kind = accumulates ? Kind::smlaw : Kind::smulw; break;
        case 4: if (op2 < 2) i.kind = accumulates ? Kind::smlsd : Kind::smusd; break;
        case 5: if (op2 < 2) i.kind = accumulates ? Kind::smmla : Kind::smmul; break;
        case 6: if (op2 < 2) i.kind = Kind::smmls; break;
        default: if (op2 == 0) i.kind = accumulates ? Kind::usada8 : Kind::usad8; break;
    }
}

void long_multiply(Insn& i, uint32_t first, uint32_t second) {
    i.rn = reg(first, 0);
    i.rm = reg(second, 0);
    i.rd = reg(second, 8);                                  // high word
    i.ra = reg(second, 12);                                 // low word
    const uint32_t op1 = field(first, 6, 4), op2 = field(second, 7, 4);
    if (op1 == 0 && op2 == 0) i.kind = Kind::smull;
    else if (op1 == 1 && op2 == 15) i.kind = Kind::sdiv;
    else if (op1 == 2 && op2 == 0) i.kind = Kind::umull;
    else if (op1 == 3 && op2 == 15) i.kind = Kind::udiv;
    else if (op1 == 4 && op2 == 0) i.kind = Kind::smlal;
    else if (op1 == 4 && (op2 & 12) == 8) { i.kind = Kind::smlal_half; i.sub = static_cast<uint8_t>(op2 & 3); }
    else if (op1 == 4 && (op2 & 14) == 12) { i.kind = Kind::smlald; i.sub = static_cast<uint8_t>(op2 & 1); }
    else if (op1 == 5 && (op2 & 14) == 12) { i.kind = Kind::smlsld; i.sub = static_cast<uint8_t>(op2 & 1); }
    else if (op1 == 6 && op2 == 0) i.kind = Kind::umlal;
    else if (op1 == 6 && op2 == 6) i.kind = Kind::umaal;
}

}  // namespace

Insn decode32(uint16_t first, uint16_t second, uint32_t address) {
    const uint32_t op1 = field(first, 12, 11), op2 = field(first, 10, 4);
    if (op1 != 2 && (op2 & 0x40) != 0) return decode_vfp(first, second, address);
    if (op1 == 1 && (op2 & 0x20) == 0) return decode_load_store32(first, second, address);
    if (op1 == 3 && (op2 & 0x60) == 0) return decode_load_store32(first, second, address);

    Insn i;
    i.size = 4;
    i.address = address;
    const uint32_t pc = address + 4;
    if (op1 == 1) shifted_register(i, first, second);
    else if (op1 == 2 && (second & 0x8000) != 0) branch_and_control(i, first, second, pc);
    else if (op1 == 2 && (op2 & 0x20) == 0) modified_immediate(i, first, second);
    else if (op1 == 2) plain_immediate(i, first, second, pc);
    else if ((op2 & 0x70) == 0x20) data_register(i, first, second);
    else if ((op2 & 0x78) == 0x30) multiply(i, first, second);
    else long_multiply(i, first, second);
    if (names_forbidden_register(i)) i.kind = Kind::undefined;
    return i;
}

}  // namespace tinysim
