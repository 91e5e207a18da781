// Handlers of VLDR, VSTR, VLDM, VSTM, VPUSH, VPOP: DDI 0403 A7.7.
#include <cstring>

#include "cpu/flash_load.h"
#include "cpu/fp_enable.h"
#include "cpu/lower.h"
#include "cpu/restart.h"

namespace tinysim {

void first_fp(TINYSIM_OP_ARGS) {
    cpu->op = op;
    cpu->cl = cycles_of(cl);
    if (!cpu->prepare_fp()) return leave(TINYSIM_OP_PASS);
    const int32_t wait = cycles_of(cl) - cpu->cl + cpu->wait_for_fp(cpu->cl);
    if (wait == 0) return go_on(TINYSIM_OP_PASS);
    cl -= wait;
    if (cpu->is_exact) {
        cpu->model.delay(wait);
    } else if (const uint8_t boundary = packed_after_idle(op->before, wait); boundary != op->before) {
        return go_on(cpu->again(op->address(), boundary, op->it), cpu, cl, nz, c, v);
    }
    return go_on(TINYSIM_OP_PASS);
}

namespace {

// VLDR, VSTR, VLDM, VSTM: `count` words from a word-aligned address.
[[gnu::noinline, gnu::cold]] Budget transfer_slow(Cpu* cpu, Op* op, uint32_t address, uint32_t count, bool is_load, Budget cl) {
    cpu->op = op;
    cl = with_cycles(cl, cpu->watch_alignment(address, 3, cycles_of(cl)));
    for (uint32_t i = 0; i < count && !cpu->access_faulted(); ++i) {
        if (is_load) {
            const Loaded loaded = cpu->slow_load(address + 4 * i, 4, cycles_of(cl));
            cl = with_cycles(cl, loaded.cl);
            if (!cpu->access_faulted()) cpu->s[op->rd + i] = loaded.value;
        } else {
            cl = with_cycles(cl, cpu->slow_store(address + 4 * i, cpu->s[op->rd + i], 4, cycles_of(cl)));
        }
    }
    return cl;
}

template <bool IsLoad>
[[gnu::always_inline]] inline bool transfer_fast(Cpu* cpu, const Op* op, uint32_t address, uint32_t count) {
    const Window& window = cpu->windows[address >> Bus::page_shift];
    const uint32_t offset = address - window.base;
    const uint32_t limit = IsLoad ? window.read_limit : window.write_limit;
    if (offset >= limit || offset + 4 * count - 4 >= limit || (address & 3) != 0) return false;
    uint8_t* memory = window.bytes + offset;
    uint32_t* registers = &cpu->s[op->rd];
    for (uint32_t i = 0; i < count; ++i) {                  // a loop: a call to memcpy would cost a stack frame
        if constexpr (IsLoad) std::memcpy(registers + i, memory + 4 * i, 4);
        else std::memcpy(memory + 4 * i, registers + i, 4);
#if defined(__GNUC__)
        asm volatile("" ::: "memory");                      // keeps the compiler from making it one again
#endif
    }
    return true;
}

template <bool Literal>
[[gnu::always_inline]] inline uint32_t single_address(const Cpu* cpu, const Op* op) {
    return Literal ? op->imm : cpu->r[op->rn] + op->imm;
}

template <bool IsLoad, uint32_t Count, bool Literal>
[[gnu::noinline, gnu::cold]] void single_slow(TINYSIM_OP_ARGS) {
    cl = transfer_slow(cpu, op, single_address<Literal>(cpu, op), Count, IsLoad, cl);
    if (cpu->access_faulted()) return leave(TINYSIM_OP_PASS);
    next_late(TINYSIM_OP_PASS);
}

// VLDR of a single from flash.
template <bool Literal>
[[gnu::noinline]] void single_from_flash(TINYSIM_OP_ARGS) {
    const uint32_t address = single_address<Literal>(cpu, op);
    const Window& window = cpu->windows[address >> Bus::page_shift];
    const uint32_t offset = address - window.base;
    const int32_t wait = (address & 3) == 0 ? flash_wait(op, cpu, window, offset, cl) : -1;
    if (wait < 0) return single_slow<true, 1, Literal>(TINYSIM_OP_PASS);
    std::memcpy(&cpu->s[op->rd], window.bytes + offset, 4);
    return next_behind(wait, window, TINYSIM_OP_PASS);
}

template <bool IsLoad, uint32_t Count, bool Literal>
void single(TINYSIM_OP_ARGS) {
    TINYSIM_NEEDS_FP;
    if (!transfer_fast<IsLoad>(cpu, op, single_address<Literal>(cpu, op), Count)) [[unlikely]] {
        if constexpr (IsLoad && Count == 1) return single_from_flash<Literal>(TINYSIM_OP_PASS);
        return single_slow<IsLoad, Count, Literal>(TINYSIM_OP_PASS);
    }
    next(TINYSIM_OP_PASS);
}

template <bool Down>
[[gnu::always_inline]] inline uint32_t multiple_address(const Cpu* cpu, const Op* op) {
    return Down ? cpu->r[op->rn] - 4 * (op->imm + op->ra) : cpu->r[op->rn];
}

template <bool Down, bool Writeback>
[[gnu::always_inline]] inline void update_base(Cpu* cpu, const Op* op) {
    const uint32_t bytes = 4 * (op->imm + op->ra);          // ra: the spare word of FLDMX and FSTMX
    if constexpr (Writeback) cpu->r[op->rn] += Down ? 0u - bytes : bytes;
}

template <bool IsLoad, bool Down, bool Writeback>
[[gnu::noinline, gnu::cold]] void multiple_slow(TINYSIM_OP_ARGS) {
    cl = transfer_slow(cpu, op, multiple_address<Down>(cpu, op), op->imm, IsLoad, cl);
    if (cpu->access_faulted()) return leave(TINYSIM_OP_PASS);
    update_base<Down, Writeback>(cpu, op);
    next_late_restartable(TINYSIM_OP_PASS);
}

template <bool IsLoad, bool Down, bool Writeback>
void multiple(TINYSIM_OP_ARGS) {
    TINYSIM_NEEDS_FP;
    if (!transfer_fast<IsLoad>(cpu, op, multiple_address<Down>(cpu, op), op->imm)) [[unlikely]]
        return multiple_slow<IsLoad, Down, Writeback>(TINYSIM_OP_PASS);
    update_base<Down, Writeback>(cpu, op);
    next_restartable(TINYSIM_OP_PASS);
}

// A load whose memory block matters: see ops_memory.cc.
template <bool Literal>
void single_load_checked(TINYSIM_OP_ARGS) {
    TINYSIM_NEEDS_FP;
    const Window& window = cpu->windows[single_address<Literal>(cpu, op) >> Bus::page_shift];
    if (window.block != op->overlap >> 4) return single_slow<true, 1, Literal>(TINYSIM_OP_PASS);
    return single<true, 1, Literal>(TINYSIM_OP_PASS);
}

template <bool IsLoad>
Handler single_handler(const Insn& i) {
    if (i.mode == Mode::literal) return i.sub ? single<IsLoad, 2, true> : single<IsLoad, 1, true>;
    return i.sub ? single<IsLoad, 2, false> : single<IsLoad, 1, false>;
}

template <bool IsLoad>
Handler multiple_transfer(const Insn& i) {
    if (i.mode == Mode::down) return multiple<IsLoad, true, true>;
    return i.s ? multiple<IsLoad, false, true> : multiple<IsLoad, false, false>;
}

}  // namespace

Handler checked_fp_load_handler(const Insn& i) { return i.mode == Mode::literal ? single_load_checked<true> : single_load_checked<false>; }

Handler fp_transfer_handler(const Insn& i) {
    switch (i.kind) {
        case Kind::vload: return single_handler<true>(i);
        case Kind::vstore: return single_handler<false>(i);
        case Kind::vload_multiple: return multiple_transfer<true>(i);
        case Kind::vstore_multiple: return multiple_transfer<false>(i);
        default: return nullptr;
    }
}

}  // namespace tinysim
