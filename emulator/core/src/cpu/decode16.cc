// 16-bit Thumb instructions: DDI 0403, A5.2.
#include <bit>

#include "cpu/decode_fields.h"
#include "cpu/insn.h"

namespace tinysim {
namespace {

uint8_t low_reg(uint32_t code, unsigned low) { return static_cast<uint8_t>((code >> low) & 7); }

int32_t sign_extend(uint32_t value, unsigned bits) {
    return static_cast<int32_t>(value << (32 - bits)) >> (32 - bits);
}

void set_alu(Insn& i, Alu alu, Operand operand, uint8_t rd, uint8_t rn, uint8_t rm, uint32_t imm, bool s) {
    i.kind = Kind::alu;
    i.sub = static_cast<uint8_t>(alu);
    i.operand = operand;
    i.rd = rd;
    i.rn = rn;
    i.rm = rm;
    i.imm = imm;
    i.s = s;
}

void shift_add_move(Insn& i, uint32_t code, bool s) {
    const uint32_t imm5 = field(code, 10, 6);
    const uint8_t rd = low_reg(code, 0), rn = low_reg(code, 3), rm = low_reg(code, 6);
    const uint8_t rdn = low_reg(code, 8);
    const uint32_t imm8 = code & 0xFF;
    switch (field(code, 13, 11)) {
        case 0:
            if (imm5 == 0) set_alu(i, Alu::mov, Operand::reg, rd, 0, rn, 0, s);
            else set_alu(i, Alu::mov, Operand::lsl, rd, 0, rn, 0, s);
            i.shift = static_cast<uint8_t>(imm5);
            break;
        case 1:
        case 2:
            set_alu(i, Alu::mov, field(code, 11, 11) != 0 ? Operand::lsr : Operand::asr, rd, 0, rn, 0, s);
            i.shift = imm5 == 0 ? 32 : static_cast<uint8_t>(imm5);
            break;
        case 3: {
            const Alu alu = field(code, 9, 9) != 0 ? Alu::sub : Alu::add;
            if (field(code, 10, 10) != 0) set_alu(i, alu, Operand::imm, rd, rn, 0, rm, s);
            else set_alu(i, alu, Operand::reg, rd, rn, rm, 0, s);
            break;
        }
        case 4: set_alu(i, Alu::mov, Operand::imm, rdn, 0, 0, imm8, s); break;
        case 5: set_alu(i, Alu::cmp, Operand::imm, 0, rdn, 0, imm8, true); break;
        case 6: set_alu(i, Alu::add, Operand::imm, rdn, rdn, 0, imm8, s); break;
        default: set_alu(i, Alu::sub, Operand::imm, rdn, rdn, 0, imm8, s); break;
    }
}

void data_processing(Insn& i, uint32_t code, bool s) {
    const uint8_t rdn = low_reg(code, 0), rm = low_reg(code, 3);
    auto two = [&](Alu alu) { set_alu(i, alu, Operand::reg, rdn, rdn, rm, 0, s); };
    auto compare = [&](Alu alu) { set_alu(i, alu, Operand::reg, 0, rdn, rm, 0, true); };
    auto by_register = [&](Shift shift) {
        i.kind = Kind::shift_register;
        i.sub = static_cast<uint8_t>(shift);
        i.rd = i.rn = rdn;
        i.rm = rm;
        i.s = s;
    };
    switch (field(code, 9, 6)) {
        case 0: two(Alu::and_); break;
        case 1: two(Alu::eor); break;
        case 2: by_register(Shift::lsl); break;
        case 3: by_register(Shift::lsr); break;
        case 4: by_register(Shift::asr); break;
        case 5: two(Alu::adc); break;
        case 6: two(Alu::sbc); break;
        case 7: by_register(Shift::ror); break;
        case 8: compare(Alu::tst); break;
        case 9: set_alu(i, Alu::rsb, Operand::imm, rdn, rm, 0, 0, s); break;
        case 10: compare(Alu::cmp); break;
        case 11: compare(Alu::cmn); break;
        case 12: two(Alu::orr); break;
        case 13:
            i.kind = Kind::mul;
            i.rd = i.rm = rdn;
            i.rn = rm;
            i.s = s;
            break;
        case 14: two(Alu::bic); break;
        default: set_alu(i, Alu::mvn, Operand::reg, rdn, 0, rm, 0, s); break;
    }
}

void special_data_and_branch(Insn& i, uint32_t code, uint32_t pc) {
    const auto rm = static_cast<uint8_t>(field(code, 6, 3));
    const auto rdn = static_cast<uint8_t>(field(code, 7, 7) << 3 | field(code, 2, 0));
    switch (field(code, 9, 8)) {
        case 0:
            if (rdn == 15) { i.kind = Kind::add_pc; i.rm = rm; i.imm = pc; }
            else if (rm == 15) set_alu(i, Alu::add, Operand::imm, rdn, rdn, 0, pc, false);
            else set_alu(i, Alu::add, Operand::reg, rdn, rdn, rm, 0, false);
            break;
        case 1:
            if (rm == 15 || rdn == 15) break;
            set_alu(i, Alu::cmp, Operand::reg, 0, rdn, rm, 0, true);
            break;
        case 2:
            if (rdn == 15) { i.kind = Kind::mov_pc; i.rm = rm; }
            else if (rm == 15) set_alu(i, Alu::mov, Operand::imm, rdn, 0, 0, pc, false);
            else set_alu(i, Alu::mov, Operand::reg, rdn, 0, rm, 0, false);
            break;
        default:
            if (rm == 15) break;
            i.kind = field(code, 7, 7) != 0 ? Kind::blx : Kind::bx;
            i.rm = rm;
            i.imm = (i.address + 2) | 1;
            break;
    }
}

void access(Insn& i, bool is_load, Width width, Mode mode, uint8_t rt, uint8_t rn, uint32_t imm) {
    i.kind = is_load ? Kind::load : Kind::store;
    i.sub = static_cast<uint8_t>(width);
    i.mode = mode;
    i.rd = rt;
    i.rn = rn;
    i.imm = imm;
}

void load_store(Insn& i, uint32_t code) {
    const uint8_t rt = low_reg(code, 0), rn = low_reg(code, 3);
    const uint32_t imm5 = field(code, 10, 6);
    const bool is_load = field(code, 11, 11) != 0;
    switch (field(code, 15, 12)) {
        case 5: {
            static constexpr Width widths[8] = {Width::word, Width::half, Width::byte, Width::sbyte,
                                                Width::word, Width::half, Width::byte, Width::shalf};
            const uint32_t which = field(code, 11, 9);
            access(i, which >= 3, widths[which], Mode::reg, rt, rn, 0);
            i.rm = low_reg(code, 6);
            break;
        }
        case 6: access(i, is_load, Width::word, Mode::offset, rt, rn, imm5 * 4); break;
        case 7: access(i, is_load, Width::byte, Mode::offset, rt, rn, imm5); break;
        case 8: access(i, is_load, Width::half, Mode::offset, rt, rn, imm5 * 2); break;
        default: access(i, is_load, Width::word, Mode::offset, low_reg(code, 8), 13, (code & 0xFF) * 4); break;
    }
}

void multiple(Insn& i, bool is_load, uint8_t rn, uint32_t list, bool writeback, Mode mode) {
    i.kind = is_load ? Kind::load_multiple : Kind::store_multiple;
    i.rn = rn;
    i.imm = list;
    i.ra = static_cast<uint8_t>(std::popcount(list));
    i.s = writeback;
    i.mode = mode;
    if (list == 0) i.kind = Kind::undefined;
}

void hints_and_it(Insn& i, uint32_t code) {
    if ((code & 0xF) != 0) {
        i.kind = Kind::it;
        i.imm = code & 0xFF;
        return;
    }
    switch (field(code, 7, 4)) {
        case 2: i.kind = Kind::wfe; break;
        case 3: i.kind = Kind::wfi; break;
        case 4: i.kind = Kind::sev; break;
        default: i.kind = Kind::nop; break;               // NOP, YIELD and the unallocated hints
    }
}

void miscellaneous(Insn& i, uint32_t code, uint32_t pc) {
    const uint32_t top = field(code, 11, 8);
    if ((top & 5) == 1) {                                  // 1011 o0i1: CBZ, CBNZ
        i.kind = field(code, 11, 11) != 0 ? Kind::cbnz : Kind::cbz;
        i.rn = low_reg(code, 0);
        i.imm = pc + (field(code, 9, 9) << 6 | field(code, 7, 3) << 1);
        return;
    }
    switch (top) {
        case 0:
            set_alu(i, field(code, 7, 7) != 0 ? Alu::sub : Alu::add, Operand::imm, 13, 13, 0, (code & 0x7F) * 4, false);
            break;
        case 2: {
            static constexpr Extend extends[4] = {Extend::sxth, Extend::sxtb, Extend::uxth, Extend::uxtb};
            i.kind = Kind::extend;
            i.sub = static_cast<uint8_t>(extends[field(code, 7, 6)]);
            i.rd = low_reg(code, 0);
            i.rm = low_reg(code, 3);
            i.rn = 15;
            break;
        }
        case 4:
        case 5: multiple(i, false, 13, (code & 0xFF) | field(code, 8, 8) << 14, true, Mode::down); break;
        case 12:
        case 13: multiple(i, true, 13, (code & 0xFF) | field(code, 8, 8) << 15, true, Mode::offset); break;
        case 6:
            if (field(code, 7, 5) == 3) {
                i.kind = Kind::cps;
                i.imm = code & 0x13;                       // bit 4: disable; bit 1: PRIMASK; bit 0: FAULTMASK
            }
            break;
        case 10: {
            static constexpr Kind kinds[4] = {Kind::rev, Kind::rev16, Kind::undefined, Kind::revsh};
            i.kind = kinds[field(code, 7, 6)];
            i.rd = low_reg(code, 0);
            i.rm = low_reg(code, 3);
            break;
        }
        case 14:
            i.kind = Kind::bkpt;
            i.imm = code & 0xFF;
            break;
        case 15: hints_and_it(i, code); break;
        default: break;
    }
}

void conditional_branch(Insn& i, uint32_t code, uint32_t pc) {
    const uint32_t cond = field(code, 11, 8);
    if (cond == 15) {
        i.kind = Kind::svc;
        i.imm = code & 0xFF;
    } else if (cond != 14) {
        i.kind = Kind::bcond;
        i.cond = static_cast<uint8_t>(cond);
        i.imm = pc + static_cast<uint32_t>(sign_extend(code & 0xFF, 8) * 2);
    }
}

}  // namespace

Insn decode16(uint16_t code, uint32_t address, bool in_it) {
    Insn i;
    i.size = 2;
    i.address = address;
    const uint32_t pc = address + 4;
    switch (code >> 12) {
        case 0: case 1: case 2: case 3: shift_add_move(i, code, !in_it); break;
        case 4:
            if (field(code, 11, 11) != 0) {
                access(i, true, Width::word, Mode::literal, low_reg(code, 8), 15, (pc & ~3u) + (code & 0xFF) * 4);
            } else if (field(code, 10, 10) != 0) {
                special_data_and_branch(i, code, pc);
            } else {
                data_processing(i, code, !in_it);
            }
            break;
        case 5: case 6: case 7: case 8: case 9: load_store(i, code); break;
        case 10:
            if (field(code, 11, 11) != 0) {
                set_alu(i, Alu::add, Operand::imm, low_reg(code, 8), 13, 0, (code & 0xFF) * 4, false);
            } else {
                i.kind = Kind::adr;
                i.rd = low_reg(code, 8);
                i.imm = (pc & ~3u) + (code & 0xFF) * 4;
            }
            break;
        case 11: miscellaneous(i, code, pc); break;
        case 12: {
            const uint8_t rn = low_reg(code, 8);
            const bool is_load = field(code, 11, 11) != 0;
            const uint32_t list = code & 0xFF;
            multiple(i, is_load, rn, list, !is_load || ((list >> rn) & 1) == 0, Mode::offset);
            break;
        }
        case 13: conditional_branch(i, code, pc); break;
        default:
            i.kind = Kind::b;
            i.imm = pc + static_cast<uint32_t>(sign_extend(code & 0x7FF, 11) * 2);
            break;
    }
    return i;
}

}  // namespace tinysim
