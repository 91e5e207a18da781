// Instructions that an interrupt abandons and that are done again behind it: divisions, LDRD, STRD, VLDM, VSTM
// (docs/timing.md A2). Their handlers end with these, so that the run loop learns which one the slice ended in.
#pragma once

#include "cpu/late.h"

namespace tinysim {

[[gnu::always_inline]] inline void next_restartable(TINYSIM_OP_ARGS) {
    cl -= op->cost;
    ++op;
#ifndef TINYSIM_TRAMPOLINE
    if (cycles_of(cl) > 0) [[likely]] return op->run(TINYSIM_OP_PASS);
#endif
    return leave_behind_multiple(TINYSIM_OP_PASS);
}

// After `cpu->late` cycles more than the op's cost.
[[gnu::always_inline]] inline void next_late_restartable(TINYSIM_OP_ARGS) {
    const Behind behind = behind_late(op, cpu);
    cl -= op->cost + behind.owed;
    if (cycles_of(cl) > 0) [[likely]] return chain(behind.op, cpu, cl, nz, c, v);
    if (op->it == 0) cpu->multiple_address = op->address();
    return leave(behind.op, cpu, cl, nz, c, v);
}

}  // namespace tinysim
