// Handlers of multiple, dual and exclusive accesses: DDI 0403 A7.7. All transfers are made at once:
// what an interrupt within them changes is in interrupted_multiple.cc.
#include <array>
#include <bit>
#include <cstring>

#include "cpu/branch.h"
#include "cpu/restart.h"

namespace tinysim {
namespace {

// As `next`, but the run loop learns which instruction the slice ended in.
[[gnu::always_inline]] inline void next_behind_multiple(TINYSIM_OP_ARGS) {
    cl -= op->cost;
    ++op;
#ifndef TINYSIM_TRAMPOLINE
    if (cycles_of(cl) > 0) [[likely]] return op->run(TINYSIM_OP_PASS);
#endif
    return leave_behind_multiple(TINYSIM_OP_PASS);
}

// The same, after the slow path.
[[gnu::always_inline]] inline void next_late_multiple(TINYSIM_OP_ARGS) {
    const Behind behind = behind_late(op, cpu);
    cl -= op->cost;
    if (cycles_of(cl) > 0) return chain(behind.op, cpu, cl, nz, c, v);
    if (op->it == 0) cpu->multiple_address = op->address();
    return leave(behind.op, cpu, cl, nz, c, v);
}

// LDM and STM: `Down` starts below the base (DB, PUSH).
template <bool Down>
[[gnu::always_inline]] inline uint32_t first_address(const Cpu* cpu, const Op* op) {
    return Down ? cpu->r[op->rn] - 4u * op->ra : cpu->r[op->rn];
}

template <bool Down, bool Writeback>
[[gnu::always_inline]] inline void update_base(Cpu* cpu, const Op* op, uint32_t first) {
    if constexpr (Writeback) cpu->r[op->rn] = Down ? first : first + 4u * op->ra;
}

template <bool Down, bool Writeback, bool ToPc>
[[gnu::noinline, gnu::cold]] void load_multiple_slow(TINYSIM_OP_ARGS) {
    const uint32_t first = first_address<Down>(cpu, op);
    std::array<uint32_t, 16> values{};
    cpu->op = op;
    cl = with_cycles(cl, cpu->watch_alignment(first, 3, cycles_of(cl)));
    for (unsigned i = 0; i < op->ra && !cpu->access_faulted(); ++i) {
        const Loaded loaded = cpu->slow_load(first + 4 * i, 4, cycles_of(cl));
        values[i] = loaded.value;
        cl = with_cycles(cl, loaded.cl);
    }
    if (cpu->access_faulted()) return leave(TINYSIM_OP_PASS);
    update_base<Down, Writeback>(cpu, op, first);
    unsigned i = 0;
    for (uint32_t list = op->imm & 0x7FFF; list != 0; list &= list - 1) cpu->r[std::countr_zero(list)] = values[i++];
    cpu->r[13] &= ~3u;
    if constexpr (ToPc) {
        forget_late(cpu);
        return branch_to(values[i], op, cpu, cl - op->cost, nz, c, v);
    }
    if (cpu->bus.is_memory(first, 4u * op->ra)) return next_late_multiple(TINYSIM_OP_PASS);      // devices are not read twice
    next_late(TINYSIM_OP_PASS);
}

template <bool Down, bool Writeback, bool ToPc>
void load_multiple(TINYSIM_OP_ARGS) {
    const uint32_t first = first_address<Down>(cpu, op);
    const Window& window = cpu->windows[first >> Bus::page_shift];
    const uint32_t offset = first - window.base;
    if (offset >= window.read_limit || offset + 4u * op->ra - 4 >= window.read_limit || (first & 3) != 0) [[unlikely]]
        return load_multiple_slow<Down, Writeback, ToPc>(TINYSIM_OP_PASS);
    const uint8_t* source = window.bytes + offset;
    update_base<Down, Writeback>(cpu, op, first);
    for (uint32_t list = op->imm & 0x7FFF; list != 0; list &= list - 1, source += 4)
        std::memcpy(&cpu->r[std::countr_zero(list)], source, 4);
    if constexpr (ToPc) {
        uint32_t target;
        std::memcpy(&target, source, 4);
        return branch_to(target, op, cpu, cl - op->cost, nz, c, v);
    }
    next_behind_multiple(TINYSIM_OP_PASS);
}

template <bool Down, bool Writeback>
[[gnu::noinline, gnu::cold]] void store_multiple_slow(TINYSIM_OP_ARGS) {
    const uint32_t first = first_address<Down>(cpu, op);
    uint32_t address = first;
    cpu->op = op;
    cl = with_cycles(cl, cpu->watch_alignment(first, 3, cycles_of(cl)));
    for (uint32_t list = op->imm; list != 0 && !cpu->access_faulted(); list &= list - 1, address += 4)
        cl = with_cycles(cl, cpu->slow_store(address, cpu->r[std::countr_zero(list)], 4, cycles_of(cl)));
    if (cpu->access_faulted()) return leave(TINYSIM_OP_PASS);
    update_base<Down, Writeback>(cpu, op, first);
    if (cpu->bus.is_memory(first, 4u * op->ra)) return next_late_multiple(TINYSIM_OP_PASS);
    next_late(TINYSIM_OP_PASS);
}

template <bool Down, bool Writeback>
void store_multiple(TINYSIM_OP_ARGS) {
    const uint32_t first = first_address<Down>(cpu, op);
    const Window& window = cpu->windows[first >> Bus::page_shift];
    const uint32_t offset = first - window.base;
    if (offset >= window.write_limit || offset + 4u * op->ra - 4 >= window.write_limit || (first & 3) != 0) [[unlikely]]
        return store_multiple_slow<Down, Writeback>(TINYSIM_OP_PASS);
    uint8_t* destination = window.bytes + offset;
    for (uint32_t list = op->imm; list != 0; list &= list - 1, destination += 4)
        std::memcpy(destination, &cpu->r[std::countr_zero(list)], 4);
    update_base<Down, Writeback>(cpu, op, first);
    next_behind_multiple(TINYSIM_OP_PASS);
}

template <Mode M>
[[gnu::always_inline]] inline uint32_t dual_address(const Cpu* cpu, const Op* op) {
    if constexpr (M == Mode::literal) return op->imm;
    return M == Mode::post ? cpu->r[op->rn] : cpu->r[op->rn] + op->imm;
}

template <Mode M>
[[gnu::always_inline]] inline void dual_writeback(Cpu* cpu, const Op* op) {
    if constexpr (M == Mode::pre || M == Mode::post) cpu->r[op->rn] += op->imm;
}

template <Mode M>
[[gnu::noinline, gnu::cold]] void load_dual_slow(TINYSIM_OP_ARGS) {
    const uint32_t address = dual_address<M>(cpu, op);
    cpu->op = op;
    Loaded low = {0, cpu->watch_alignment(address, 3, cycles_of(cl))}, high = low;
    if (!cpu->access_faulted()) low = cpu->slow_load(address, 4, low.cl);
    if (!cpu->access_faulted()) high = cpu->slow_load(address + 4, 4, low.cl);
    cl = with_cycles(cl, high.cl);
    if (cpu->access_faulted()) return leave(TINYSIM_OP_PASS);
    dual_writeback<M>(cpu, op);
    cpu->r[op->rd] = low.value;
    cpu->r[op->ra] = high.value;
    next_late_restartable(TINYSIM_OP_PASS);
}

template <Mode M>
void load_dual(TINYSIM_OP_ARGS) {
    const uint32_t address = dual_address<M>(cpu, op);
    const Window& window = cpu->windows[address >> Bus::page_shift];
    const uint32_t offset = address - window.base;
    if (offset >= window.read_limit || offset + 4 >= window.read_limit || (address & 3) != 0) [[unlikely]]
        return load_dual_slow<M>(TINYSIM_OP_PASS);
    uint32_t low, high;
    std::memcpy(&low, window.bytes + offset, 4);
    std::memcpy(&high, window.bytes + offset + 4, 4);
    dual_writeback<M>(cpu, op);
    cpu->r[op->rd] = low;
    cpu->r[op->ra] = high;
    next_restartable(TINYSIM_OP_PASS);
}

template <Mode M>
[[gnu::noinline, gnu::cold]] void store_dual_slow(TINYSIM_OP_ARGS) {
    const uint32_t address = dual_address<M>(cpu, op);
    const uint32_t low = cpu->r[op->rd], high = cpu->r[op->ra];
    cpu->op = op;
    cl = with_cycles(cl, cpu->watch_alignment(address, 3, cycles_of(cl)));
    if (!cpu->access_faulted()) cl = with_cycles(cl, cpu->slow_store(address, low, 4, cycles_of(cl)));
    if (!cpu->access_faulted()) cl = with_cycles(cl, cpu->slow_store(address + 4, high, 4, cycles_of(cl)));
    if (cpu->access_faulted()) return leave(TINYSIM_OP_PASS);
    dual_writeback<M>(cpu, op);
    next_late_restartable(TINYSIM_OP_PASS);
}

template <Mode M>
void store_dual(TINYSIM_OP_ARGS) {
    const uint32_t address = dual_address<M>(cpu, op);
    const Window& window = cpu->windows[address >> Bus::page_shift];
    const uint32_t offset = address - window.base;
    if (offset >= window.write_limit || offset + 4 >= window.write_limit || (address & 3) != 0) [[unlikely]]
        return store_dual_slow<M>(TINYSIM_OP_PASS);
    std::memcpy(window.bytes + offset, &cpu->r[op->rd], 4);
    std::memcpy(window.bytes + offset + 4, &cpu->r[op->ra], 4);
    dual_writeback<M>(cpu, op);
    next_restartable(TINYSIM_OP_PASS);
}

template <unsigned Bytes>
void load_exclusive(TINYSIM_OP_ARGS) {
    const uint32_t address = cpu->r[op->rn] + op->imm;
    cpu->op = op;
    cl = with_cycles(cl, cpu->watch_alignment(address, Bytes - 1, cycles_of(cl)));
    if (cpu->access_faulted()) return leave(TINYSIM_OP_PASS);
    const Loaded loaded = cpu->slow_load(address, Bytes, cycles_of(cl));
    cl = with_cycles(cl, loaded.cl);
    if (cpu->access_faulted()) return leave(TINYSIM_OP_PASS);
    cpu->exclusive = true;
    cpu->r[op->rd] = loaded.value;
    next_late(TINYSIM_OP_PASS);
}

template <unsigned Bytes>
void store_exclusive(TINYSIM_OP_ARGS) {
    const uint32_t address = cpu->r[op->rn] + op->imm;
    cpu->op = op;
    cl = with_cycles(cl, cpu->watch_alignment(address, Bytes - 1, cycles_of(cl)));
    if (!cpu->access_faulted() && cpu->exclusive) cl = with_cycles(cl, cpu->slow_store(address, cpu->r[op->ra], Bytes, cycles_of(cl)));
    if (cpu->access_faulted()) return leave(TINYSIM_OP_PASS);
    cpu->r[op->rd] = cpu->exclusive ? 0 : 1;
    cpu->exclusive = false;
    next_late(TINYSIM_OP_PASS);
}

void clear_exclusive(TINYSIM_OP_ARGS) {
    cpu->exclusive = false;
    next(TINYSIM_OP_PASS);
}

// LDR pc: any addressing form.
template <Mode M>
void load_pc(TINYSIM_OP_ARGS) {
    uint32_t address = M == Mode::literal ? op->imm : cpu->r[op->rn];
    if constexpr (M == Mode::reg) address += cpu->r[op->rm] << op->ra;
    if constexpr (M == Mode::offset || M == Mode::pre) address += op->imm;
    cpu->op = op;
    const Loaded loaded = cpu->slow_load(address, 4, cycles_of(cl));
    cl = with_cycles(cl, loaded.cl);
    if (cpu->access_faulted()) return leave(TINYSIM_OP_PASS);
    if constexpr (M == Mode::pre || M == Mode::post) cpu->r[op->rn] += op->imm;
    if constexpr (M == Mode::pre) cpu->r[13] &= ~3u;        // the base may be SP
    forget_late(cpu);
    return branch_to(loaded.value, op, cpu, cl - op->cost, nz, c, v);
}

template <bool Down, bool Writeback>
constexpr Handler load_multiples[2] = {load_multiple<Down, Writeback, false>, load_multiple<Down, Writeback, true>};

Handler load_multiple_handler(const Insn& i) {
    const bool to_pc = (i.imm & 0x8000) != 0;
    const bool writeback = i.s && ((i.imm >> i.rn) & 1) == 0;
    if (i.mode == Mode::down) return writeback ? load_multiples<true, true>[to_pc] : load_multiples<true, false>[to_pc];
    return writeback ? load_multiples<false, true>[to_pc] : load_multiples<false, false>[to_pc];
}

Handler store_multiple_handler(const Insn& i) {
    if (i.mode == Mode::down) return i.s ? store_multiple<true, true> : store_multiple<true, false>;
    return i.s ? store_multiple<false, true> : store_multiple<false, false>;
}

}  // namespace

Handler multiple_handler(const Insn& i) {
    const unsigned bytes = i.sub;
    switch (i.kind) {
        case Kind::load_multiple: return load_multiple_handler(i);
        case Kind::store_multiple: return store_multiple_handler(i);
        case Kind::load_dual:
            if (i.mode == Mode::literal) return load_dual<Mode::literal>;
            return i.mode == Mode::pre ? load_dual<Mode::pre> : i.mode == Mode::post ? load_dual<Mode::post> : load_dual<Mode::offset>;
        case Kind::store_dual:
            return i.mode == Mode::pre ? store_dual<Mode::pre> : i.mode == Mode::post ? store_dual<Mode::post> : store_dual<Mode::offset>;
        case Kind::load_exclusive:
            return bytes == 0 ? load_exclusive<4> : bytes == 1 ? load_exclusive<1> : load_exclusive<2>;
        case Kind::store_exclusive:
            return bytes == 0 ? store_exclusive<4> : bytes == 1 ? store_exclusive<1> : store_exclusive<2>;
        case Kind::clrex: return clear_exclusive;
        case Kind::load_pc:
            switch (i.mode) {
                case Mode::pre: return load_pc<Mode::pre>;
                case Mode::post: return load_pc<Mode::post>;
                case Mode::reg: return load_pc<Mode::reg>;
                case Mode::literal: return load_pc<Mode::literal>;
                default: return load_pc<Mode::offset>;
            }
        default: return nullptr;
    }
}

}  // namespace tinysim
