// 32-bit loads and stores: DDI 0403, A5.3.5 to A5.3.10.
#include <bit>

#include "cpu/decode_fields.h"
#include "cpu/insn.h"

namespace tinysim {
namespace {

void multiple(Insn& i, uint32_t first, uint32_t second) {
    const bool is_load = field(first, 4, 4) != 0;
    const uint32_t direction = field(first, 8, 7);
    if (direction == 0 || direction == 3) return;
    i.rn = reg(first, 0);
    i.imm = second;
    i.ra = static_cast<uint8_t>(std::popcount(second));
    i.s = field(first, 5, 5) != 0;
    i.mode = direction == 1 ? Mode::offset : Mode::down;
    const uint32_t forbidden = is_load ? 0x2000u : 0xA000u;
    if (i.rn == 15 || (second & forbidden) != 0 || (second & (second - 1)) == 0) return;
    i.kind = is_load ? Kind::load_multiple : Kind::store_multiple;
}

void exclusive_or_table(Insn& i, uint32_t first, uint32_t second) {
    const bool is_load = field(first, 4, 4) != 0;
    i.rn = reg(first, 0);
    i.ra = reg(second, 12);                                 // rt
    i.rd = is_load ? i.ra : reg(second, 0);                 // rt of a load, status of a store
    const uint32_t op3 = field(second, 7, 4);
    const uint32_t which = field(first, 8, 7);
    if (which == 0) {                                       // LDREX, STREX
        i.rd = is_load ? i.ra : reg(second, 8);
        i.imm = (second & 0xFF) * 4;
        i.kind = is_load ? Kind::load_exclusive : Kind::store_exclusive;
        i.sub = static_cast<uint8_t>(Width::word);
    } else if (is_load && (op3 == 0 || op3 == 1)) {
        i.kind = op3 == 0 ? Kind::table_byte : Kind::table_half;
        i.rm = reg(second, 0);
        i.imm = i.address + 4;
    } else if (op3 == 4 || op3 == 5) {
        i.kind = is_load ? Kind::load_exclusive : Kind::store_exclusive;
        i.sub = static_cast<uint8_t>(op3 == 4 ? Width::byte : Width::half);
    }
}

void dual(Insn& i, uint32_t first, uint32_t second) {
    const bool is_load = field(first, 4, 4) != 0, up = field(first, 7, 7) != 0;
    const bool index = field(first, 8, 8) != 0, writeback = field(first, 5, 5) != 0;
    const uint32_t offset = (second & 0xFF) * 4;
    i.rn = reg(first, 0);
    i.rd = reg(second, 12);
    i.ra = reg(second, 8);
    i.imm = up ? offset : 0u - offset;
    i.mode = !index ? Mode::post : writeback ? Mode::pre : Mode::offset;
    i.kind = is_load ? Kind::load_dual : Kind::store_dual;
    if (i.rn == 15) {
        if (!is_load || writeback) i.kind = Kind::undefined;
        i.mode = Mode::literal;
        i.imm = ((i.address + 4) & ~3u) + i.imm;
    }
}

Width width_of(uint32_t first) {
    const bool is_signed = field(first, 8, 8) != 0;
    switch (field(first, 6, 5)) {
        case 0: return is_signed ? Width::sbyte : Width::byte;
        case 1: return is_signed ? Width::shalf : Width::half;
        default: return Width::word;
    }
}

void offset_forms(Insn& i, uint32_t first, uint32_t second) {
    i.imm = second & 0xFFF;
    i.mode = Mode::offset;
    if (field(first, 7, 7) != 0) return;                    // imm12, positive
    const uint32_t imm8 = second & 0xFF;
    if (field(second, 11, 11) == 0) {                       // register offset
        if (field(second, 10, 6) != 0) i.kind = Kind::undefined;
        i.mode = Mode::reg;
        i.rm = reg(second, 0);
        i.shift = static_cast<uint8_t>(field(second, 5, 4));
        return;
    }
    const bool index = field(second, 10, 10) != 0, up = field(second, 9, 9) != 0, writeback = field(second, 8, 8) != 0;
    i.imm = up ? imm8 : 0u - imm8;
    i.mode = !index ? Mode::post : writeback ? Mode::pre : Mode::offset;
    if (!index && i.rn == 13) i.imm &= ~3u;                 // what is written to SP is a multiple of four
    if (!index && !writeback) i.kind = Kind::undefined;
    // index, up, no writeback is the unprivileged form (LDRT, STRT)
    i.s = index && up && !writeback;
}

void single(Insn& i, uint32_t first, uint32_t second) {
    const bool is_load = field(first, 4, 4) != 0;
    i.rn = reg(first, 0);
    i.rd = reg(second, 12);
    const Width width = width_of(first);
    i.sub = static_cast<uint8_t>(width);
    i.kind = is_load ? Kind::load : Kind::store;
    if (field(first, 6, 5) == 3 || (width == Width::word && field(first, 8, 8) != 0)) {
        i.kind = Kind::undefined;
        return;
    }
    if (!is_load && (field(first, 8, 8) != 0 || i.rn == 15 || i.rd == 15)) { i.kind = Kind::undefined; return; }
    if (is_load && i.rn == 15) {
        const uint32_t offset = second & 0xFFF;
        i.mode = Mode::literal;
        i.imm = ((i.address + 4) & ~3u) + (field(first, 7, 7) != 0 ? offset : 0u - offset);
    } else {
        offset_forms(i, first, second);
    }
    if (i.kind == Kind::load && i.rd == 15) {
        const bool is_hint = i.mode != Mode::pre && i.mode != Mode::post;           // PLD, PLI and memory hints
        if (i.s) i.kind = Kind::undefined;
        else if (width == Width::word) i.kind = Kind::load_pc;
        else i.kind = is_hint ? Kind::nop : Kind::undefined;
    }
}

}  // namespace

Insn decode_load_store32(uint16_t first, uint16_t second, uint32_t address) {
    Insn i;
    i.size = 4;
    i.address = address;
    if (field(first, 12, 11) == 3) single(i, first, second);
    else if (field(first, 6, 6) == 0) multiple(i, first, second);
    else if (field(first, 8, 8) == 0 && field(first, 5, 5) == 0) exclusive_or_table(i, first, second);
    else dual(i, first, second);
    if (names_forbidden_register(i)) i.kind = Kind::undefined;
    return i;
}

}  // namespace tinysim
