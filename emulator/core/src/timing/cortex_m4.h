// Cycles of the Cortex-M4 core at zero wait states, fed with instructions and answering cycles.
// Arm DDI 0439 and the measurements collected in docs/timing.md (A1, A1.1, A1.3, A1.4, A2). Not modelled yet: the
// fetch FIFO, flash wait states and caches, bus-matrix and DMA contention.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "cpu/insn.h"

namespace tinysim {

// Every number can be set from chips/<chip>.toml under the same name.
struct CoreTiming {
    int32_t branch_refill = 1;                 // P of a taken branch
    int32_t misaligned_wide_target_refill = 1; // more, when the target is a 32-bit instruction at address mod 4 = 2
    int32_t branch_register_refill = 2;        // BX, BLX, MOV pc, ADD pc
    int32_t load_pc_refill = 3;                // LDR pc, POP {.., pc}
    int32_t table_branch = 6;
    int32_t vfp_divide = 14, vfp_square_root = 14, vfp_multiply_accumulate = 3;
    int32_t divide_base = 4, divide_bits_per_cycle = 4, divide_minimum = 2, divide_maximum = 12;
    int32_t exception_entry = 12, exception_exit = 10, tail_chain = 6, late_arrival = 6, fp_stacking = 17;
    int32_t wake_up = 4;                       // from WFI or WFE to the first instruction, clocks running
    int32_t peripheral_read_wait = 4;          // CPU stall on a read through the AHB-APB bridge

    // Cost of an instruction that is not taken anywhere and follows nothing it could overlap with.
    int32_t base(const Insn& insn) const;
    // What changes when `insn` directly follows `previous` in program order (previous executed, not a branch).
    int32_t following(const Insn& previous, const Insn& insn) const;
    // All of a taken branch, before the target's own surcharge.
    int32_t taken(const Insn& insn) const;
    // On absolute values. No published law: docs/timing.md A1.4 [H].
    int32_t divide(uint32_t dividend, uint32_t divisor) const {
        const int32_t quotient_bits = std::countl_zero(divisor) - std::countl_zero(dividend) + 1;
        if (divisor == 0 || quotient_bits <= 1) return divide_minimum;
        return std::min(divide_maximum, divide_base + (quotient_bits + divide_bits_per_cycle - 1) / divide_bits_per_cycle);
    }
    static bool pays_wide_target(const Insn& target) { return target.size == 4 && (target.address & 3) == 2; }
};

}  // namespace tinysim
