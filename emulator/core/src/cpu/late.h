// Behind an instruction that took longer than its op charges: the boundary is another one than decode assumed, and so
// are perhaps the costs of what follows. The handler has charged `cpu->late` cycles on top of the op's cost.
#pragma once

#include "cpu/cpu.h"

namespace tinysim {

// Where to go on, and what a load from another memory block still owes. By value: a local whose address is taken would
// cost the tail call.
struct Behind {
    Op* op;
    int64_t owed;
};
[[gnu::noinline]] Behind behind_late(Op* op, Cpu* cpu);

// Before a branch by a loaded value: what follows begins anew.
inline void forget_late(Cpu* cpu) {
    if (cpu->is_exact) return;                  // the model still wants it
    cpu->late = cpu->beat = 0;
    cpu->data_cost = {};
}

[[gnu::always_inline]] inline void next_late(TINYSIM_OP_ARGS) {
    if (cpu->late == 0 && op->overlap == 0 && op[1].before == op->after) [[likely]] {
        forget_late(cpu);
        return next(TINYSIM_OP_PASS);
    }
    const Behind behind = behind_late(op, cpu);
    return chain(behind.op, cpu, cl - op->cost - behind.owed, nz, c, v);
}

}  // namespace tinysim
