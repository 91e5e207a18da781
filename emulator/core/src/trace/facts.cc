#include "trace/facts.h"

#include <bit>

namespace tinysim::trace {
namespace {

constexpr unsigned link = 14, program_counter = 15, stack_pointer = 13;

unsigned width_bytes(Width width) {
    switch (width) {
        case Width::byte: case Width::sbyte: return 1;
        case Width::half: case Width::shalf: return 2;
        default: return 4;
    }
}

}  // namespace

DataAccess data_access(const Insn& i) {
    switch (i.kind) {
        case Kind::load: case Kind::load_exclusive: return {1, width_bytes(i.width()), false};
        case Kind::store: case Kind::store_exclusive: return {1, width_bytes(i.width()), true};
        case Kind::load_pc: return {1, 4, false};
        case Kind::table_byte: return {1, 1, false};
        case Kind::table_half: return {1, 2, false};
        case Kind::load_dual: return {2, 4, false};
        case Kind::store_dual: return {2, 4, true};
        case Kind::load_multiple: return {static_cast<unsigned>(std::popcount(i.imm & 0xFFFF)), 4, false};
        case Kind::store_multiple: return {static_cast<unsigned>(std::popcount(i.imm & 0xFFFF)), 4, true};
        case Kind::vload: return {1u + (i.sub & 1), 4, false};
        case Kind::vstore: return {1u + (i.sub & 1), 4, true};
        case Kind::vload_multiple: return {i.imm, 4, false};
        case Kind::vstore_multiple: return {i.imm, 4, true};
        default: return {};
    }
}

Leaves leaves(const Insn& i) {
    switch (i.kind) {
        case Kind::b: case Kind::bl: return Leaves::direct;
        case Kind::bcond: case Kind::cbz: case Kind::cbnz: return Leaves::conditional;
        case Kind::bx: case Kind::blx: case Kind::mov_pc: case Kind::add_pc: case Kind::load_pc:
        case Kind::table_byte: case Kind::table_half:
            return Leaves::indirect;
        case Kind::load_multiple: return loads_register(i, program_counter) ? Leaves::indirect : Leaves::never;
        default: return Leaves::never;
    }
}

bool is_return(const Insn& i) {
    if (i.kind == Kind::bx) return i.rm == link;
    if (i.kind == Kind::load_pc) return i.rn == stack_pointer;
    return i.kind == Kind::load_multiple && loads_register(i, program_counter);
}

bool loads_register(const Insn& i, unsigned number) {
    switch (i.kind) {
        case Kind::load_multiple: return (i.imm >> number & 1) != 0;
        case Kind::load: return i.rd == number;
        case Kind::load_pc: return number == program_counter;
        case Kind::load_dual: return i.rd == number || i.ra == number;
        default: return false;
    }
}

bool computes_link(const Insn& i) {
    const bool writes_rd = i.kind == Kind::alu ? i.alu() < Alu::tst
                                               : i.kind >= Kind::shift_register && i.kind <= Kind::revsh;
    return (writes_rd && i.rd == link) || (i.kind == Kind::mrs && i.rd == link) || (i.kind == Kind::vmov_to_core && i.rd == link);
}

}  // namespace tinysim::trace
