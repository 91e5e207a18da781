// FPv4-SP-D16 instructions: DDI 0403, A6.4 to A6.7. Double precision arithmetic is UNDEFINED on this core.
#include "cpu/decode_fields.h"
#include "cpu/insn.h"

namespace tinysim {
namespace {

bool names_sp_or_pc(uint8_t number) { return number == 13 || number == 15; }

uint8_t single(uint32_t four, uint32_t one) { return static_cast<uint8_t>(four << 1 | one); }
// The first of the two single registers of a double: D:Vd.
uint8_t of_double(uint32_t four, uint32_t one) { return static_cast<uint8_t>((one << 4 | four) << 1); }

void conversion(Insn& i, uint32_t second, uint32_t opc2) {
    const auto top = static_cast<uint8_t>(field(second, 7, 7));
    switch (opc2) {
        case 0: i.kind = top != 0 ? Kind::vabs : Kind::vmov_register; break;
        case 1: i.kind = top != 0 ? Kind::vsqrt : Kind::vneg; break;
        case 2: i.kind = Kind::vcvt_half_to_single; i.sub = top; break;
        case 3: i.kind = Kind::vcvt_single_to_half; i.sub = top; break;
        case 4: i.kind = Kind::vcmp; i.sub = top; break;
        case 5: i.kind = Kind::vcmp; i.sub = static_cast<uint8_t>(top | 2); break;
        case 8: i.kind = Kind::vcvt_from_integer; i.sub = static_cast<uint8_t>(top ^ 1); break;
        case 12:
        case 13:
            i.kind = Kind::vcvt_to_integer;
            i.sub = static_cast<uint8_t>((opc2 == 12 ? 1 : 0) | top << 1);
            break;
        case 10: case 11: case 14: case 15: {
            const uint32_t bits = top != 0 ? 32 : 16;
            const uint32_t used = (second & 15) << 1 | field(second, 5, 5);
            if (used > bits) return;
            i.kind = opc2 < 12 ? Kind::vcvt_from_fixed : Kind::vcvt_to_fixed;
            i.sub = static_cast<uint8_t>((opc2 & 1) | top << 1);
            i.imm = bits - used;
            i.rm = i.rd;
            break;
        }
        default: break;
    }
}

void data_processing(Insn& i, uint32_t first, uint32_t second) {
    const uint32_t op = field(second, 6, 6);
    if (field(second, 8, 8) != 0) return;                   // double precision
    i.rd = single(reg(second, 12), field(first, 6, 6));
    i.rn = single(reg(first, 0), field(second, 7, 7));
    i.rm = single(reg(second, 0), field(second, 5, 5));
    switch (field(first, 7, 7) << 2 | field(first, 5, 4)) {
        case 0: i.kind = op != 0 ? Kind::vmls : Kind::vmla; break;
        case 1: i.kind = op != 0 ? Kind::vnmla : Kind::vnmls; break;
        case 2: i.kind = op != 0 ? Kind::vnmul : Kind::vmul; break;
        case 3: i.kind = op != 0 ? Kind::vsub : Kind::vadd; break;
        case 4: if (op == 0) i.kind = Kind::vdiv; break;
        case 5: i.kind = op != 0 ? Kind::vfnma : Kind::vfnms; break;
        case 6: i.kind = op != 0 ? Kind::vfms : Kind::vfma; break;
        default:
            if (op != 0) {
                conversion(i, second, reg(first, 0));
            } else {
                i.kind = Kind::vmov_immediate;
                i.imm = (first & 15) << 4 | (second & 15);
            }
            break;
    }
}

void core_transfer(Insn& i, uint32_t first, uint32_t second) {
    const bool to_core = field(first, 4, 4) != 0;
    const uint32_t opc1 = field(first, 7, 5);
    i.ra = reg(second, 12);                                 // rt
    if (field(second, 8, 8) == 0 && opc1 == 7) {
        if (reg(first, 0) != 1 || i.ra == 13 || (i.ra == 15 && !to_core)) return;
        i.kind = to_core ? Kind::vmrs : Kind::vmsr;
        return;
    }
    if (names_sp_or_pc(i.ra)) return;
    if (field(second, 8, 8) == 0) {
        if (opc1 != 0) return;
        i.rn = single(reg(first, 0), field(second, 7, 7));
    } else {                                                // half of a double
        if ((opc1 & 6) != 0 || field(second, 6, 5) != 0) return;
        i.rn = static_cast<uint8_t>(of_double(reg(first, 0), field(second, 7, 7)) + (opc1 & 1));
        if (i.rn > 31) return;
    }
    i.kind = to_core ? Kind::vmov_to_core : Kind::vmov_from_core;
}

void two_core_transfer(Insn& i, uint32_t first, uint32_t second) {
    if (field(second, 7, 6) != 0 || field(second, 4, 4) == 0) return;
    const bool is_double = field(second, 8, 8) != 0;
    i.rm = is_double ? of_double(reg(second, 0), field(second, 5, 5)) : single(reg(second, 0), field(second, 5, 5));
    i.rd = reg(second, 12);
    i.ra = reg(first, 0);
    if (i.rm >= 31 || names_sp_or_pc(i.rd) || names_sp_or_pc(i.ra)) return;
    i.kind = field(first, 4, 4) != 0 ? Kind::vmov_two_to_core : Kind::vmov_two_from_core;
}

void load_store(Insn& i, uint32_t first, uint32_t second) {
    const bool is_load = field(first, 4, 4) != 0, is_double = field(second, 8, 8) != 0;
    const uint32_t pre = field(first, 8, 8), up = field(first, 7, 7), writeback = field(first, 5, 5);
    const uint32_t imm8 = second & 0xFF;
    i.rn = reg(first, 0);
    i.rd = is_double ? of_double(reg(second, 12), field(first, 6, 6)) : single(reg(second, 12), field(first, 6, 6));
    i.sub = is_double ? 1 : 0;
    if (pre == 1 && writeback == 0) {
        if (i.rd + i.sub > 31 || (i.rn == 15 && !is_load)) return;
        i.kind = is_load ? Kind::vload : Kind::vstore;
        i.imm = up != 0 ? imm8 * 4 : 0u - imm8 * 4;
        if (i.rn == 15) {
            i.mode = Mode::literal;
            i.imm += (i.address + 4) & ~3u;
        }
        return;
    }
    if (pre == up && !(pre == 0 && up == 0)) return;        // P=1 U=1 W=1
    if (pre == 0 && up == 0) return;
    const uint32_t count = is_double ? imm8 & ~1u : imm8;
    if (count == 0 || i.rd + count > 32 || i.rn == 15) return;
    i.mode = up != 0 ? Mode::offset : Mode::down;
    i.s = writeback != 0;
    i.imm = count;
    i.ra = static_cast<uint8_t>(imm8 - count);              // FLDMX, FSTMX: the base moves one word further
    i.kind = is_load ? Kind::vload_multiple : Kind::vstore_multiple;
}

}  // namespace

Insn decode_vfp(uint16_t first, uint16_t second, uint32_t address) {
    Insn i;
    i.size = 4;
    i.address = address;
    const bool is_allocated = field(first, 9, 8) != 3 && field(first, 9, 5) != 0;     // op1 = 11xxxx, 00000x: A5.3.18
    const bool is_float = (field(second, 11, 8) & 14) == 10;
    if (!is_float && is_allocated) i.kind = Kind::no_coprocessor;
    if (!is_float || field(first, 12, 12) != 0) return i;
    i.kind = Kind::undefined_float;
    if (field(first, 11, 8) == 14) {
        if (field(second, 4, 4) != 0) core_transfer(i, first, second);
        else data_processing(i, first, second);
    } else if (field(first, 11, 9) == 6) {
        if (field(first, 8, 5) == 2) two_core_transfer(i, first, second);
        else load_store(i, first, second);
    }
    return i;
}

}  // namespace tinysim
