#include "timing/cortex_m4.h"

#include <algorithm>
#include <bit>

namespace tinysim {
namespace {

bool is_single_load(const Insn& i) { return i.kind == Kind::load || i.kind == Kind::load_exclusive || (i.kind == Kind::vload && i.sub == 0); }
bool is_single_store(const Insn& i) {
    return i.kind == Kind::store || i.kind == Kind::store_exclusive || (i.kind == Kind::vstore && i.sub == 0);
}
bool has_writeback(const Insn& i) { return i.mode == Mode::pre || i.mode == Mode::post; }
bool uses_register_offset(const Insn& i) { return i.mode == Mode::reg; }
bool has_base(const Insn& i) { return i.mode != Mode::literal; }

// Address registers of a load or store: base and index.
bool address_depends_on(const Insn& i, uint8_t r) {
    switch (i.kind) {
        case Kind::load: case Kind::store: case Kind::load_pc:
            return (has_base(i) && i.rn == r) || (uses_register_offset(i) && i.rm == r);
        case Kind::load_dual: case Kind::store_dual: case Kind::vload: case Kind::vstore:
            return has_base(i) && i.rn == r;
        case Kind::load_multiple: case Kind::store_multiple: case Kind::vload_multiple: case Kind::vstore_multiple:
        case Kind::load_exclusive: case Kind::store_exclusive:
            return i.rn == r;
        default: return false;
    }
}

// The core register that a data-processing instruction produces at the end of its execute stage; 255: none.
uint8_t data_result(const Insn& i) {
    constexpr uint8_t none = 255;
    if (i.kind == Kind::alu) return i.alu() >= Alu::tst ? none : i.rd;
    if (i.kind >= Kind::shift_register && i.kind <= Kind::revsh) return i.rd;
    return none;
}

bool second_result_is(const Insn& i, uint8_t r) {
    const bool is_long = (i.kind >= Kind::umull && i.kind <= Kind::umaal) || i.kind == Kind::smlal_half ||
                         i.kind == Kind::smlald || i.kind == Kind::smlsld;
    return is_long && i.ra == r;
}

// VFP arithmetic whose result costs one more cycle when the next instruction uses it (A1.3).
uint8_t vfp_result(const Insn& i) {
    return i.kind >= Kind::vadd && i.kind <= Kind::vcvt_single_to_half && i.kind != Kind::vcmp &&
                   i.kind != Kind::vmov_register && i.kind != Kind::vmov_immediate
               ? i.rd : 255;
}

bool reads_vfp(const Insn& i, uint8_t r) {
    switch (i.kind) {
        case Kind::vadd: case Kind::vsub: case Kind::vmul: case Kind::vnmul: case Kind::vdiv: return i.rn == r || i.rm == r;
        case Kind::vmla: case Kind::vmls: case Kind::vnmla: case Kind::vnmls:
        case Kind::vfma: case Kind::vfms: case Kind::vfnma: case Kind::vfnms:
            return i.rn == r || i.rm == r || i.rd == r;
        case Kind::vcmp: return i.rd == r || ((i.sub & 2) == 0 && i.rm == r);
        case Kind::vabs: case Kind::vneg: case Kind::vsqrt: case Kind::vmov_register:
        case Kind::vcvt_from_integer: case Kind::vcvt_to_integer: case Kind::vcvt_from_fixed: case Kind::vcvt_to_fixed:
        case Kind::vcvt_half_to_single: case Kind::vcvt_single_to_half:
            return i.rm == r;
        case Kind::vmov_to_core: return i.rn == r;
        case Kind::vmov_two_to_core: return i.rm == r || i.rm + 1 == r;
        case Kind::vstore: return i.rd == r || (i.sub == 1 && i.rd + 1 == r);
        default: return false;
    }
}

}  // namespace

int32_t CoreTiming::base(const Insn& i) const {
    switch (i.kind) {
        case Kind::load: case Kind::load_exclusive: case Kind::store_exclusive: return 2;
        case Kind::store: return uses_register_offset(i) ? 2 : 1;
        case Kind::load_dual: case Kind::store_dual: return 3;
        case Kind::load_multiple: case Kind::store_multiple: return 1 + std::popcount(i.imm);
        case Kind::vload: case Kind::vstore: return 2 + (i.sub & 1);
        case Kind::vload_multiple: case Kind::vstore_multiple: return 1 + static_cast<int32_t>(i.imm);
        case Kind::vmla: case Kind::vmls: case Kind::vnmla: case Kind::vnmls:
        case Kind::vfma: case Kind::vfms: case Kind::vfnma: case Kind::vfnms: return vfp_multiply_accumulate;
        case Kind::vdiv: return vfp_divide;
        case Kind::vsqrt: return vfp_square_root;
        case Kind::vmov_two_to_core: case Kind::vmov_two_from_core: return 2;
        case Kind::isb: return 1 + branch_refill;
        default: return 1;
    }
}

// A1.1: load/store pipelining and the address-generation stall; A1: IT folding; A1.3: FP result latency.
int32_t CoreTiming::following(const Insn& previous, const Insn& i) const {
    if (i.kind == Kind::it)
        return previous.size == 2 && (i.address & 3) == 2 && previous.kind != Kind::it ? -1 : 0;
    const uint8_t produced = vfp_result(previous);
    if (produced != 255 && reads_vfp(i, produced)) return 1;

    const uint8_t result = data_result(previous);
    if (result != 255 && (address_depends_on(i, result))) return 1;
    for (uint8_t r = 0; r < 15; ++r)
        if (second_result_is(previous, r) && address_depends_on(i, r)) return 1;

    // One cycle of a load overlaps with a preceding single load that does not make its address.
    const bool after_load = is_single_load(previous);
    if (after_load && is_single_load(i)) {
        if (previous.kind != Kind::vload && address_depends_on(i, previous.rd)) return 0;
        const bool same_base_writeback = has_writeback(previous) && has_writeback(i) && previous.rn == i.rn;
        return same_base_writeback ? 0 : -1;
    }
    // A store after a load: the register-offset store loses its second cycle; an immediate-offset store hides the
    // load's bubble, unless that load had a register offset (TRM example: three cycles for the two).
    if (after_load && is_single_store(i)) {
        if (previous.kind != Kind::vload && address_depends_on(i, previous.rd)) return 0;
        return uses_register_offset(i) || !uses_register_offset(previous) ? -1 : 0;
    }
    // Nothing overlaps after a store: the load that follows pays its two cycles.
    return 0;
}

int32_t CoreTiming::taken(const Insn& i) const {
    switch (i.kind) {
        case Kind::load_pc: return 2 + load_pc_refill;
        case Kind::load_multiple: return 1 + std::popcount(i.imm) + load_pc_refill;
        case Kind::table_byte: case Kind::table_half: return table_branch;
        case Kind::bx: case Kind::blx: case Kind::mov_pc: case Kind::add_pc: return 1 + branch_register_refill;
        default: return 1 + branch_refill;
    }
}

}  // namespace tinysim
