// LDM and STM that an interrupt abandons, and their continuation by the ICI bits; divisions, LDRD, STRD, VLDM, VSTM that
// begin anew: DDI 0403 B1.5.10, A7.7.41 (LDM). The handlers do all at once; when an interrupt came within that time, the
// rest is taken back and done again behind the exception return. Assumed: the cycle in progress ends, going on costs one
// cycle more than the transfers left. Completed instead of abandoned: LDM and LDRD of their own base, LDM of the pc, all
// within an IT block, all with ACTLR.DISMCYCINT; a VLDM with more cycles to go than entry takes delays it by the rest.
#include <bit>

#include "cpu/lower.h"
#include "cpu/system_control.h"

namespace tinysim {
namespace {

struct Multiple {
    bool is_one = false;                // LDM or STM (PUSH, POP) that can be continued
    Insn insn;
    uint32_t list = 0, count = 0;
    bool is_load() const { return insn.kind == Kind::load_multiple; }
    uint32_t bytes() const { return 4 * count; }
};

Multiple multiple_at(const CodeCache& code, uint32_t address) {
    uint16_t first = 0, second = 0;
    Multiple found;
    if (!code.fetch(address, first)) return found;
    if (is_thumb32(first) && !code.fetch(address + 2, second)) return found;
    found.insn = is_thumb32(first) ? decode32(first, second, address) : decode16(first, address, false);
    if (found.insn.kind != Kind::load_multiple && found.insn.kind != Kind::store_multiple) return found;
    found.list = found.insn.imm & 0xFFFF;
    found.count = static_cast<uint32_t>(std::popcount(found.list));
    found.is_one = !found.is_load() || ((found.list >> 15) == 0 && ((found.list >> found.insn.rn) & 1) == 0);
    return found;
}

// Takes back what an instruction that begins anew has done to its own operands. False: there is no way back, or a device
// would see the accesses twice.
bool take_back(Cpu& cpu, const Insn& insn) {
    uint32_t& base = cpu.r[insn.rn];
    switch (insn.kind) {
        case Kind::sdiv: case Kind::udiv: cpu.r[insn.rd] = cpu.overwritten; return true;
        case Kind::load_dual: case Kind::store_dual: {
            const bool is_literal = insn.mode == Mode::literal, writes_back = insn.mode == Mode::pre || insn.mode == Mode::post;
            if (insn.kind == Kind::load_dual && !is_literal && (insn.rd == insn.rn || insn.ra == insn.rn)) return false;
            const uint32_t before = writes_back ? base - insn.imm : base;
            const uint32_t from = is_literal ? insn.imm : insn.mode == Mode::post ? before : before + insn.imm;
            if (!cpu.bus.is_memory(from, 8)) return false;
            if (writes_back) base = before;
            return true;
        }
        case Kind::vload_multiple: case Kind::vstore_multiple: {
            const uint32_t bytes = 4 * (insn.imm + insn.ra);
            const uint32_t before = !insn.s ? base : insn.mode == Mode::down ? base + bytes : base - bytes;
            if (!cpu.bus.is_memory(insn.mode == Mode::down ? before - bytes : before, bytes)) return false;
            base = before;
            return true;
        }
        default: return false;
    }
}

unsigned nth_register(uint32_t list, uint32_t index) {
    for (; index != 0; --index) list &= list - 1;
    return static_cast<unsigned>(std::countr_zero(list));
}

}  // namespace

// The slice's end, and so perhaps an interrupt, lies within the op in front of `op`.
void leave_behind_multiple(TINYSIM_OP_ARGS) {
    if ((op - 1)->it == 0 && cycles_of(cl) <= 0) cpu->multiple_address = (op - 1)->address();
    return leave(TINYSIM_OP_PASS);
}

// Before entry: back into the instruction if the interrupt came within it. Returns the cycles since then.
int32_t Cpu::abandon_multiple() {
    if (multiple_due == never) return 0;
    const auto since = static_cast<int32_t>((scheduler.now() - multiple_due) / ticks_per_cycle);
    const uint32_t address = multiple_address;
    multiple_due = never;
    multiple_address = 1;
    const Multiple multiple = multiple_at(*code, address);
    const bool has_moved = pc != address + multiple.insn.size;     // by a debugger, since
    const Insn& insn = multiple.insn;
    if (since <= 0 || has_moved || system->completes_multiples()) return 0;
    if (!multiple.is_one) {
        if (!take_back(*this, insn)) return 0;
        itstate = 0;
        pc = address;
        return since;
    }
    const uint32_t base = !insn.s ? r[insn.rn] : insn.mode == Mode::down ? r[insn.rn] + multiple.bytes() : r[insn.rn] - multiple.bytes();
    if (!bus.is_memory(insn.mode == Mode::down ? base - multiple.bytes() : base, multiple.bytes())) return 0;   // not twice
    r[insn.rn] = base;
    const auto left = static_cast<uint32_t>(since);
    // A push begins anew: the frame lies where its words were.
    const bool begins_anew = left >= multiple.count || (insn.rn == 13 && !multiple.is_load());
    itstate = begins_anew ? 0 : static_cast<uint8_t>(nth_register(multiple.list, multiple.count - left) << 4);
    pc = address;
    return since;
}

// Behind an exception return with ICI bits: the registers from there on.
void Cpu::continue_multiple() {
    const unsigned from = itstate >> 4;
    const Multiple multiple = multiple_at(*code, pc);
    const Insn& insn = multiple.insn;
    itstate = 0;
    if (!multiple.is_one || ((multiple.list >> from) & 1) == 0) {
        system->note_fault(invstate, 0);
        return take_synchronous(usage_fault);
    }
    op = code->at(pc, 0, 0);                               // whose address gaps are logged with
    const uint32_t below = multiple.list & ((1u << from) - 1);
    const uint32_t lowest = insn.mode == Mode::down ? r[insn.rn] - multiple.bytes() : r[insn.rn];
    uint32_t address = lowest + 4 * static_cast<uint32_t>(std::popcount(below));
    int32_t cycles_left = slice_cl = 0;
    set_slice(scheduler.now());
    for (uint32_t list = multiple.list & ~below; list != 0 && !access_faulted(); list &= list - 1, address += 4) {
        uint32_t& value = r[std::countr_zero(list)];
        --cycles_left;
        if (multiple.is_load()) {
            const Loaded loaded = slow_load(address, 4, cycles_left);
            if (!access_faulted()) value = loaded.value;
            cycles_left = loaded.cl;
        } else {
            cycles_left = slow_store(address, value, 4, cycles_left);
        }
    }
    scheduler.set_now(slice_tick);
    pass_cycles(1 - cycles_left);
    if (access_faulted()) {
        request = Request::none;
        return take_synchronous(request_value);
    }
    r[13] &= ~3u;
    if (insn.s) r[insn.rn] = insn.mode == Mode::down ? lowest : lowest + multiple.bytes();
    pc += insn.size;
}

}  // namespace tinysim
