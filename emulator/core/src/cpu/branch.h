// Where handlers that leave the straight line meet: indirect branches by the code window, interworking.
#pragma once

#include "cpu/cpu.h"
#include "cpu/lower.h"

namespace tinysim {

[[gnu::noinline, gnu::cold]] void branch_slow(TINYSIM_OP_ARGS);   // target in cpu->request_value, bit 0 is the Thumb bit

// BX, BLX, POP {pc}, LDR pc: `cl` already pays for the branch.
[[gnu::always_inline]] inline void branch_to(uint32_t target, TINYSIM_OP_ARGS) {
    const CodeWindow& window = cpu->code_window;
    const uint32_t offset = (target & ~1u) - window.base;
    if ((target & 1) != 0 && offset < window.limit) [[likely]] {
        if (Op* found = window.entries[offset / 2]) [[likely]] return chain(found, cpu, cl, nz, c, v);
    }
    cpu->request_value = target;
    return branch_slow(TINYSIM_OP_PASS);
}

}  // namespace tinysim
