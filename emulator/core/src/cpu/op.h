// A predecoded instruction and how handlers chain: one function per op, the hot state in the six argument
// registers of the host's calling convention, a tail call to the next op. Debug and sanitizer builds define
// TINYSIM_TRAMPOLINE: there each handler returns and a loop calls the next (no unbounded stack without tail calls).
#pragma once

#include <cstdint>

namespace tinysim {

struct Cpu;
struct Op;

// op, cpu, cycles left to the next event, N and Z (N: negative; Z: low word zero), C, V
#define TINYSIM_OP_ARGS Op *op, Cpu *cpu, int32_t cl, int64_t nz, uint32_t c, uint32_t v
#define TINYSIM_OP_PASS op, cpu, cl, nz, c, v
using Handler = void (*)(TINYSIM_OP_ARGS);

struct Op {
    Handler run;
    Op* target;             // resolved branch target; where a stub or a skipped instruction goes on
    uint32_t imm;
    int32_t cycles;         // as the timing model decided at decode
    uint8_t rd, rn, rm, ra;
    uint32_t pc;            // bit 0: a branch to here pays one more refill cycle

    uint32_t address() const { return pc & ~1u; }
};
static_assert(sizeof(Op) == 32);

void leave(TINYSIM_OP_ARGS);            // an instruction boundary at `op`: back to the run loop
[[gnu::always_inline]] inline void chain(TINYSIM_OP_ARGS) {
#ifdef TINYSIM_TRAMPOLINE
    leave(TINYSIM_OP_PASS);
#else
    if (cl <= 0) [[unlikely]] return leave(TINYSIM_OP_PASS);
    return op->run(TINYSIM_OP_PASS);
#endif
}

[[gnu::always_inline]] inline void next(TINYSIM_OP_ARGS) {
    return chain(op + 1, cpu, cl - op->cycles, nz, c, v);
}

// Inside one instruction (a skipped condition, an entry stub): no boundary, no event check.
[[gnu::always_inline]] inline void go_on(TINYSIM_OP_ARGS) { return op->run(TINYSIM_OP_PASS); }

enum : unsigned { eq, ne, cs, cc, mi, pl, vs, vc, hi, ls, ge, lt, gt, le };

template <unsigned Cond>
[[gnu::always_inline]] inline bool passes(int64_t nz, uint32_t c, uint32_t v) {
    const bool zero = static_cast<uint32_t>(nz) == 0;
    const bool negative = nz < 0;
    switch (Cond) {
        case eq: return zero;
        case ne: return !zero;
        case cs: return c != 0;
        case cc: return c == 0;
        case mi: return negative;
        case pl: return !negative;
        case vs: return v != 0;
        case vc: return v == 0;
        case hi: return c != 0 && !zero;
        case ls: return c == 0 || zero;
        case ge: return negative == (v != 0);
        case lt: return negative != (v != 0);
        case gt: return !zero && negative == (v != 0);
        case le: return zero || negative != (v != 0);
        default: return true;
    }
}

inline int64_t nz_of(uint32_t result) { return static_cast<int32_t>(result); }

}  // namespace tinysim
