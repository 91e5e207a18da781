// Handlers of branches, of the pseudo ops that link decoded runs, and of fused compare-and-branch pairs.
#include <array>
#include <utility>

#include "cpu/branch.h"
#include "cpu/flash_load.h"
#include "cpu/late.h"

namespace tinysim {

void leave(TINYSIM_OP_ARGS) {
    if (cpu->step.timed != nullptr) cl = cpu->finish_step(op, cl);
    cpu->op = op;
    cpu->cl = cycles_of(cl);
    cpu->instructions += instructions_of(cl);
    cpu->nz = nz;
    cpu->c = c;
    cpu->v = v;
}

void op_decode(TINYSIM_OP_ARGS) {
    if (cpu->code->is_full()) {
        cpu->request = Request::flush_code;
        return leave(TINYSIM_OP_PASS);
    }
    Op* found = cpu->code->at(op->address(), op->before, op->it);
    op->target = found;
    op->run = op_goto;
    return go_on(found, cpu, cl, nz, c, v);
}

void op_goto(TINYSIM_OP_ARGS) { return go_on(op->target, cpu, cl, nz, c, v); }

void op_mark(TINYSIM_OP_ARGS) {
    if (cpu->step.timed != nullptr) {                       // the mark's time is behind the instruction before
        cl = cpu->finish_step(op, cl);
        if (cycles_of(cl) <= 0) return leave(TINYSIM_OP_PASS);
    }
    if (cpu->reach_mark(op->address(), cycles_of(cl))) return leave(TINYSIM_OP_PASS);
    return go_on(op + 1, cpu, cl, nz, c, v);
}

void op_undefined(TINYSIM_OP_ARGS) {
    cpu->fault(usage_fault, undefinstr);
    return leave(TINYSIM_OP_PASS);
}

void op_fetch_fault(TINYSIM_OP_ARGS) {
    const uint32_t address = op->address();
    uint16_t code = 0;
    const bool is_protected = cpu->code->fetch(address, code);          // there is memory: the MPU forbids it
    const bool never_executes = is_protected || (address >= 0x4000'0000 && address < 0x6000'0000) || address >= 0xA000'0000;
    if (never_executes) cpu->fault(mem_manage, iaccviol);
    else cpu->fault(bus_fault, ibuserr);
    return leave(TINYSIM_OP_PASS);
}

void branch_slow(TINYSIM_OP_ARGS) {
    const uint32_t target = cpu->request_value;
    if (target >= 0xF000'0000 && cpu->ipsr != 0) {
        cpu->request = Request::exception_return;
        return leave(TINYSIM_OP_PASS);
    }
    if ((target & 1) == 0) {
        cpu->request = Request::invalid_state;
        return leave(TINYSIM_OP_PASS);
    }
    if (cpu->code->is_full()) {
        cpu->request = Request::flush_code;
        cpu->pc = target & ~1u;
        return leave(nullptr, cpu, cl, nz, c, v);
    }
    if (!cpu->code_window.contains(target & ~1u)) {         // another memory, perhaps with another timing
        cpu->pc = target & ~1u;
        return leave(nullptr, cpu, cl, nz, c, v);
    }
    return chain(cpu->code->at(target & ~1u, 0, 0), cpu, cl, nz, c, v);
}

namespace {

// Finds a target in the same memory once. False: another memory, or the op arena is full; then branch_slow.
bool resolve(Op* op, Cpu* cpu, uint32_t target) {
    cpu->request_value = target | 1;
    if (cpu->code->is_full() || !cpu->code_window.contains(target)) return false;
    op->target = cpu->code->at(target, 0, 0);
    return true;
}

template <bool Links>
void branch(TINYSIM_OP_ARGS) {
    if constexpr (Links) cpu->r[14] = (op->pc | 1) + 4;
    return chain(op->target, cpu, cl - op->cost, nz, c, v);
}

template <bool Links>
[[gnu::noinline, gnu::cold]] void branch_first(TINYSIM_OP_ARGS) {
    const uint32_t target = op->imm;
    if (!resolve(op, cpu, target)) {
        if constexpr (Links) cpu->r[14] = (op->pc | 1) + 4;
        return branch_slow(op, cpu, cl - op->cost, nz, c, v);
    }
    if (op->run == branch_first<Links>) op->run = branch<Links>;        // else rewritten while its target was decoded
    return go_on(TINYSIM_OP_PASS);
}

// A conditional branch that has been taken once. ra is what taking it costs more.
template <unsigned Cond>
void conditional(TINYSIM_OP_ARGS) {
    if (!passes<Cond>(nz, c, v)) return next(TINYSIM_OP_PASS);
    return chain(op->target, cpu, cl - op->cost - op->ra, nz, c, v);
}

template <Handler Resolved>
[[gnu::noinline, gnu::cold]] void first_taken(TINYSIM_OP_ARGS) {
    const Handler before = op->run;
    if (!resolve(op, cpu, op->imm)) {
        op->target = nullptr;
        return branch_slow(op, cpu, cl - op->cost - op->ra, nz, c, v);
    }
    if (op->run == before) op->run = Resolved;
    return go_on(TINYSIM_OP_PASS);
}

template <unsigned Cond>
void conditional_first(TINYSIM_OP_ARGS) {
    if (!passes<Cond>(nz, c, v)) return next(TINYSIM_OP_PASS);
    return first_taken<conditional<Cond>>(TINYSIM_OP_PASS);
}

template <bool IfZero>
void compare_zero(TINYSIM_OP_ARGS) {
    if ((cpu->r[op->rn] == 0) != IfZero) return next(TINYSIM_OP_PASS);
    return chain(op->target, cpu, cl - op->cost - op->ra, nz, c, v);
}

template <bool IfZero>
void compare_zero_first(TINYSIM_OP_ARGS) {
    if ((cpu->r[op->rn] == 0) != IfZero) return next(TINYSIM_OP_PASS);
    return first_taken<compare_zero<IfZero>>(TINYSIM_OP_PASS);
}

void bx(TINYSIM_OP_ARGS) { return branch_to(cpu->r[op->rm], op, cpu, cl - op->cost, nz, c, v); }

void blx(TINYSIM_OP_ARGS) {
    const uint32_t target = cpu->r[op->rm];
    cpu->r[14] = op->imm;
    return branch_to(target, op, cpu, cl - op->cost, nz, c, v);
}

// MOV pc and ADD pc do not interwork: bit 0 of the value is ignored.
void mov_pc(TINYSIM_OP_ARGS) { return branch_to(cpu->r[op->rm] | 1, op, cpu, cl - op->cost, nz, c, v); }
void add_pc(TINYSIM_OP_ARGS) {
    const uint32_t operand = op->rm == 15 ? op->imm : cpu->r[op->rm];
    return branch_to((op->imm + operand) | 1, op, cpu, cl - op->cost, nz, c, v);
}

template <unsigned Bytes>
[[gnu::always_inline]] inline uint32_t table_entry_address(const Cpu* cpu, const Op* op) {
    const uint32_t base = op->rn == 15 ? op->imm : cpu->r[op->rn];
    return base + cpu->r[op->rm] * Bytes;
}

template <unsigned Bytes>
[[gnu::noinline, gnu::cold]] void table_branch_slow(TINYSIM_OP_ARGS) {
    cpu->op = op;
    const Loaded loaded = cpu->slow_load(table_entry_address<Bytes>(cpu, op), Bytes, cycles_of(cl));
    cl = with_cycles(cl, loaded.cl);
    if (cpu->access_faulted()) return leave(TINYSIM_OP_PASS);
    forget_late(cpu);
    return branch_to((op->imm + 2 * loaded.value) | 1, op, cpu, cl - op->cost, nz, c, v);
}

template <unsigned Bytes>
void table_branch(TINYSIM_OP_ARGS) {
    const uint32_t address = table_entry_address<Bytes>(cpu, op);
    const Window& window = cpu->windows[address >> Bus::page_shift];
    const uint32_t offset = address - window.base;
    const bool is_aligned = (address & (Bytes - 1)) == 0;
    const int32_t wait = offset < window.read_limit ? 0 : is_aligned ? flash_wait(op, cpu, window, offset, cl) : -1;
    if (wait < 0) [[unlikely]] return table_branch_slow<Bytes>(TINYSIM_OP_PASS);
    cl -= wait;
    uint32_t entry = window.bytes[offset];
    if (Bytes == 2) entry |= static_cast<uint32_t>(window.bytes[offset + 1]) << 8;
    return branch_to((op->imm + 2 * entry) | 1, op, cpu, cl - op->cost, nz, c, v);
}

template <unsigned Cond>
void skip(TINYSIM_OP_ARGS) {
    if (passes<Cond>(nz, c, v)) return go_on(op + 1, cpu, cl, nz, c, v);
    cpu->skipped = true;
    Op* behind = op + 2;
    if (behind->before != op->after) [[unlikely]] behind = cpu->variant_behind(op, behind, op->after);
    return chain(behind, cpu, cl - op->cost, nz, c, v);
}

// The second half of a fused pair. The boundary between them is kept, so that an interrupt can be taken there.
template <unsigned Cond>
[[gnu::always_inline]] inline void branch_behind(TINYSIM_OP_ARGS) {
    cl -= op->cost;
    ++op;
#ifdef TINYSIM_TRAMPOLINE
    return leave(TINYSIM_OP_PASS);
#else
    if (cycles_of(cl) <= 0) [[unlikely]] return leave(TINYSIM_OP_PASS);
    if (!passes<Cond>(nz, c, v)) return next(TINYSIM_OP_PASS);
    if (op->target == nullptr) [[unlikely]] return go_on(TINYSIM_OP_PASS);
    return chain(op->target, cpu, cl - op->cost - op->ra, nz, c, v);
#endif
}

// CMP and B<c> as one.
template <bool Immediate, unsigned Cond>
void compare_and_branch(TINYSIM_OP_ARGS) {
    const uint32_t a = cpu->r[op->rn], b = Immediate ? op->imm : cpu->r[op->rm];
    const uint32_t value = a - b;
    nz = nz_of(value);
    c = a >= b;
    v = ((a ^ b) & (a ^ value)) >> 31;
    return branch_behind<Cond>(TINYSIM_OP_PASS);
}

// SUBS/ADDS with an immediate and B<c>: loop counters.
template <bool Subtracts, unsigned Cond>
void count_and_branch(TINYSIM_OP_ARGS) {
    const uint32_t a = cpu->r[op->rn], b = op->imm;
    const uint32_t value = Subtracts ? a - b : a + b;
    nz = nz_of(value);
    c = Subtracts ? a >= b : value < a;
    v = Subtracts ? ((a ^ b) & (a ^ value)) >> 31 : ((a ^ value) & (b ^ value)) >> 31;
    cpu->r[op->rd] = value;
    return branch_behind<Cond>(TINYSIM_OP_PASS);
}

using Conditions = std::array<Handler, 14>;
constexpr auto every_condition = std::make_index_sequence<14>();

template <size_t... Cond> constexpr Conditions conditionals(std::index_sequence<Cond...>) { return {&conditional_first<Cond>...}; }
template <size_t... Cond> constexpr std::array<Handler, 16> skips(std::index_sequence<Cond...>) { return {&skip<Cond>...}; }
template <bool Immediate, size_t... Cond> constexpr Conditions compares(std::index_sequence<Cond...>) {
    return {&compare_and_branch<Immediate, Cond>...};
}
template <bool Subtracts, size_t... Cond> constexpr Conditions counts(std::index_sequence<Cond...>) {
    return {&count_and_branch<Subtracts, Cond>...};
}

constexpr auto conditional_handlers = conditionals(every_condition);
constexpr auto skip_handlers = skips(std::make_index_sequence<16>());
constexpr std::array<Conditions, 2> compare_handlers = {compares<false>(every_condition), compares<true>(every_condition)};
constexpr std::array<Conditions, 2> count_handlers = {counts<false>(every_condition), counts<true>(every_condition)};

}  // namespace

Handler skip_unless(unsigned cond) { return skip_handlers[cond & 15]; }

Handler fused_compare_branch(const Insn& first, const Insn& second) {
    if (second.kind != Kind::bcond || first.kind != Kind::alu) return nullptr;
    const bool immediate = first.operand == Operand::imm || first.operand == Operand::imm_carry;
    if (first.alu() == Alu::cmp && (immediate || first.operand == Operand::reg))
        return compare_handlers[immediate][second.cond];
    if ((first.alu() == Alu::sub || first.alu() == Alu::add) && first.s && immediate && first.rd != 13)
        return count_handlers[first.alu() == Alu::sub][second.cond];
    return nullptr;
}

Handler branch_handler(const Insn& insn) {
    switch (insn.kind) {
        case Kind::b: return branch_first<false>;
        case Kind::bl: return branch_first<true>;
        case Kind::bcond: return conditional_handlers[insn.cond];
        case Kind::cbz: return compare_zero_first<true>;
        case Kind::cbnz: return compare_zero_first<false>;
        case Kind::bx: return bx;
        case Kind::blx: return blx;
        case Kind::mov_pc: return mov_pc;
        case Kind::add_pc: return add_pc;
        case Kind::table_byte: return table_branch<1>;
        case Kind::table_half: return table_branch<2>;
        default: return nullptr;
    }
}

}  // namespace tinysim
