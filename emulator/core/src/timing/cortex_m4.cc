#include "timing/cortex_m4.h"

#include <algorithm>
#include <bit>

namespace tinysim {
namespace {

constexpr uint8_t none = 255;

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
    if (i.kind == Kind::alu) return i.alu() >= Alu::tst ? none : i.rd;
    if (i.kind >= Kind::shift_register && i.kind <= Kind::revsh) return i.rd;
    return none;
}

// With a second result in Ra.
bool is_long_multiply(const Insn& i) {
    return (i.kind >= Kind::umull && i.kind <= Kind::umaal) || i.kind == Kind::smlal_half || i.kind == Kind::smlald ||
           i.kind == Kind::smlsld;
}

// VFP arithmetic whose result costs one more cycle when the next instruction uses it (A1.3).
uint8_t vfp_result(const Insn& i) {
    return i.kind >= Kind::vadd && i.kind <= Kind::vcvt_single_to_half && i.kind != Kind::vcmp &&
                   i.kind != Kind::vmov_register && i.kind != Kind::vmov_immediate
               ? i.rd : none;
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
        case Kind::vdiv: return fp_overlap != 0 ? 1 : vfp_divide;       // the rest in the background: Cpu::begin_fp_divide
        case Kind::vsqrt: return fp_overlap != 0 ? 1 : vfp_square_root;
        case Kind::vmov_two_to_core: case Kind::vmov_two_from_core: return 2;
        case Kind::isb: return 1 + branch_refill;
        default: return 1;
    }
}

// Two single loads overlap unless the first makes the second's address, or both write back the same base.
bool CoreTiming::overlaps(const Insn& previous, const Insn& i) const {
    if (load_pipelining == 0 || !is_single_load(previous) || !is_single_load(i)) return false;
    if (previous.kind != Kind::vload && address_depends_on(i, previous.rd)) return false;
    if (has_writeback(previous) && has_writeback(i) && previous.rn == i.rn) return false;
    return misaligned_wide_load_pairs != 0 || i.size == 2 || (i.address & 2) == 0;
}

// A1.1: load/store pipelining and the address-generation stall; A1: IT folding; A1.3: FP result latency.
int32_t CoreTiming::following(const Insn& previous, const Insn& i) const {
    if (i.kind == Kind::it)
        return it_folding != 0 && previous.size == 2 && (i.address & 3) == 2 && previous.kind != Kind::it ? -1 : 0;
    const uint8_t produced = vfp_result(previous);
    if (produced != none && reads_vfp(i, produced)) return fp_result_latency;

    const uint8_t result = data_result(previous);
    if (result != none && address_depends_on(i, result)) return address_dependency;
    if (is_long_multiply(previous) && address_depends_on(i, previous.ra)) return address_dependency;

    if (load_pipelining == 0) return 0;
    if (overlaps(previous, i)) return -1;
    const bool after_load = is_single_load(previous);
    if (i.kind == Kind::nop && no_operation_absorbed != 0)
        return after_load || (is_single_store(previous) && uses_register_offset(previous)) ? -1 : 0;
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
