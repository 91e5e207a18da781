// What one instruction costs the Cortex-M4 core by itself and behind its predecessor: Arm DDI 0439 and the measurements
// collected in docs/timing.md (A1, A1.1, A1.3, A1.4, A2). Fetching is in fetch_queue.h, both together in core_model.h.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "cpu/insn.h"

namespace tinysim {

// Every number can be set from chips/<chip>.toml under the same name.
struct CoreTiming {
    int32_t branch_refill = 1;                 // P of a taken branch
    int32_t branch_register_refill = 2;        // BX, BLX, MOV pc, ADD pc
    int32_t load_pc_refill = 3;                // LDR pc, POP {.., pc}
    int32_t table_branch = 6;
    int32_t fetch_restart = 1;                 // a fetch out of a full, idle queue begins a cycle later
    int32_t wide_store_hides_restart = 1;      // ... but not behind a 32-bit store
    int32_t system_bus_fetch = 2;              // cycles of a fetch from 0x2000_0000 up: not pipelined
    int32_t misaligned_wide_load_pairs = 0;    // does a 32-bit load at address mod 4 = 2 overlap with the load before it?
    int32_t pairs_across_blocks = 1;           // do loads from different memory blocks overlap? [bus] of the chip
    int32_t no_operation_absorbed = 1;         // a NOP behind a load takes the load's second cycle
    int32_t vfp_divide = 14, vfp_square_root = 14, vfp_multiply_accumulate = 3;
    int32_t divide_base = 4, divide_bits_per_cycle = 4, divide_minimum = 2, divide_maximum = 12;
    int32_t exception_entry = 12, exception_exit = 10, tail_chain = 6, fp_stacking = 17;
    int32_t exception_stack_push = 9, exception_vector_fetch = 6;   // parts of an entry, in parallel on two interfaces
    int32_t interrupt_synchroniser = 0;        // from an interrupt line to the pending bit
    int32_t wake_up = 4;                       // from WFI or WFE to the first instruction, clocks running
    int32_t peripheral_read_wait = 4;          // CPU stall on a read through the AHB-APB bridge
    // Switches: 0 leaves the mechanism out, to see what it changes.
    int32_t fetch_queue = 1, load_pipelining = 1, address_dependency = 1, it_folding = 1, fp_result_latency = 1, fp_overlap = 1;

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
    // Does `following` count on the overlap of two loads?
    bool overlaps(const Insn& previous, const Insn& insn) const;
};

}  // namespace tinysim
