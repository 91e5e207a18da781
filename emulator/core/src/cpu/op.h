// A predecoded instruction and how handlers chain: one function per op, the hot state in the six argument
// registers of the host's calling convention, a tail call to the next op. Debug and sanitizer builds define
// TINYSIM_TRAMPOLINE: there each handler returns and a loop calls the next (no unbounded stack without tail calls).
#pragma once

#include <cstdint>

namespace tinysim {

struct Cpu;
struct Op;
struct TimedInsn;

// Cycles left to the next event in the low word, less one in the high word for each instruction: one subtraction
// counts both. A cost is cycles plus `one_instruction`.
using Budget = int64_t;
inline constexpr Budget one_instruction = Budget{1} << 32;
inline int32_t cycles_of(Budget budget) { return static_cast<int32_t>(budget); }
inline int64_t instructions_of(Budget budget) { return (cycles_of(budget) - budget) >> 32; }
inline Budget with_cycles(Budget budget, int32_t cycles) { return budget + (cycles - cycles_of(budget)); }

// op, cpu, budget, N and Z (N: negative; Z: low word zero), C, V
#define TINYSIM_OP_ARGS Op *op, Cpu *cpu, Budget cl, int64_t nz, uint32_t c, uint32_t v
#define TINYSIM_OP_PASS op, cpu, cl, nz, c, v
using Handler = void (*)(TINYSIM_OP_ARGS);

struct Op {
    Handler run;
    union {
        Op* target;         // resolved branch target; where a pseudo op goes on; the last variant behind this op
        const TimedInsn* timed;                 // op_step
        uint64_t* tag;                          // op_line: of its line in the instruction cache; `cost` is the bit that is wanted
    };
    Budget cost;            // as the timing model decided at decode; pseudo ops count no instruction
    uint32_t imm;
    uint8_t rd, rn, rm, ra;
    uint32_t pc;
    uint8_t before, after;  // packed Boundary in front of it, and behind it if it takes `cost`
    uint8_t it;             // ITSTATE in front of it
    uint8_t overlap;        // single loads: bit 0: `cost` counts on the block of the load before (bits 7:4);
                            // bit 1: the next load counts on the block of this one

    uint32_t address() const { return pc; }
};
static_assert(sizeof(Op) == 40);
inline constexpr uint8_t counts_on_block = 1, block_is_counted_on = 2;

// op_line: `imm` is the line's offset in the memory, rd: the fetch of a branch target; the one that the instruction makes room for; the one that the branch before
// it has made room for, not being taken.
enum class Touch : uint8_t { entry, ahead, behind };

void leave(TINYSIM_OP_ARGS);            // an instruction boundary at `op`: back to the run loop
void leave_behind_multiple(TINYSIM_OP_ARGS);    // the same, behind an LDM or STM: interrupted_multiple.cc
[[gnu::always_inline]] inline void chain(TINYSIM_OP_ARGS) {
#ifdef TINYSIM_TRAMPOLINE
    leave(TINYSIM_OP_PASS);
#else
    if (cycles_of(cl) <= 0) [[unlikely]] return leave(TINYSIM_OP_PASS);
    return op->run(TINYSIM_OP_PASS);
#endif
}

[[gnu::always_inline]] inline void next(TINYSIM_OP_ARGS) {
    return chain(op + 1, cpu, cl - op->cost, nz, c, v);
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
