"""What each case of firmware/fixtures/timing costs at zero wait states, worked out by hand, and the fact it rests on.

A fact begins with V (checked against its source), R (recalled) or H (hypothesis); sources are named in docs/timing.md.
Numbers come from the facts, never from a run. Equal bounds: the fact is certain; a band: it is not, or says so itself.
`needs` names a mechanism that the model may lack; a row is skipped while the engine does not know it.
The places other than zero wait states are in timing_places.py.
"""

from __future__ import annotations

from dataclasses import dataclass

FETCH_QUEUE, FP_OVERLAP, BLOCKS, ABSORBED = "fetch_queue", "fp_overlap", "pairs_across_blocks", "no_operation_absorbed"


@dataclass(frozen=True)
class Expected:
    """`name` costs from `low` to `high` cycles."""

    name: str
    low: int
    high: int
    fact: str
    needs: str | None = None


def certain(name: str, cycles: int, fact: str, needs: str | None = None) -> Expected:
    return Expected(name, cycles, cycles, fact, needs)


# ---- A1: instructions.S ----
INSTRUCTIONS = (
    certain("narrow_8", 8, "V TRM: data processing 1; 8 x 1"),
    certain("wide_8", 8, "V TRM: 1 each; V i-0.nl: aligned wide instructions never starve; 8 x 1"),
    certain("shifted_operand_4", 4, "V TRM: no extra for a shifted operand; 4 x 1"),
    certain("move_wide_4", 4, "R TRM: MOVW, MOVT, ADR, MVN 1 each"),
    certain("bit_count_4", 4, "R TRM: CLZ, REV, REV16, RBIT 1 each"),
    certain("bit_field_4", 4, "R TRM: BFI, BFC, UBFX, SBFX 1 each"),
    certain("extend_4", 4, "R TRM: SXT, UXT 1 each"),
    certain("saturate_2", 2, "R TRM: SSAT, USAT 1 each"),
    certain("multiply_8", 8, "V TRM: MUL, MLA, MLS, UMULL, SMULL, UMLAL, SMLAL, UMAAL 1 each"),
    certain("dsp_12", 12, "R TRM: DSP 1 each (SMMLAR and SEL: V S1)"),
    certain("divide_small_quotient", 2, "V TRM: UDIV 2..12, early termination; 7 / 100 ends at once: 2"),
    Expected("divide", 2, 12, "V TRM: UDIV 2..12; the law between is not published"),
    Expected("divide_large_quotient", 6, 12, "V TRM: UDIV at most 12; H: a 29-bit quotient is in the upper half"),
    Expected("divide_signed", 2, 12, "V TRM: SDIV 2..12"),
    Expected("read_special", 1, 2, "R TRM: MRS 1..2"),
    Expected("write_special", 1, 2, "R TRM: MSR 1..2"),
    certain("write_special_g", 1, "V S1: MSR APSR_g measured 1"),
    Expected("change_state", 1, 2, "R TRM: CPS 1, CPSIE 2"),
    certain("barriers_2", 2, "V TRM: 1 + B, B = 0 with nothing outstanding; 2 x 1"),
    Expected("instruction_barrier", 2, 4, "V TRM: ISB 1 + B with B = P; P 1..3"),
    certain("nop_8", 8, "V TRM: NOP 1; 8 x 1"),
    certain("it_folded", 2, "V TRM: IT 0 behind a 16-bit instruction of its word; CMP 1 + IT 0 + MOV 1"),
    certain("it_not_folded", 4, "V TRM: IT 1 at the start of a word; MOV 1 + CMP 1 + IT 1 + MOV 1"),
    certain("it_failing_load", 2, "R TRM: a failed condition takes 1; CMP 1 + IT 0 + LDR 1"),
    certain("it_failing_4", 5, "R TRM: a failed condition takes 1; CMP 1 + IT 0 + 4 x 1"),
)

# ---- A1, A1.2: branches.S ----
_REFILL = "V TRM: a taken branch is 1 + P, normally 2"
_WIDE_TARGET = "V i-0.nl: 3 when the target is a 32-bit instruction at address mod 4 = 2"
BRANCHES = (
    certain("branch", 2, _REFILL),
    certain("branch_to_halfword", 2, _REFILL + "; the target is 16-bit"),
    certain("branch_to_wide", 3, _REFILL + "; the target is aligned; B 2 + ADD 1"),
    certain("branch_to_wide_halfword", 4, _WIDE_TARGET + "; B 3 + ADD 1"),
    certain("branch_wide", 2, _REFILL),
    certain("conditional_taken", 3, _REFILL + "; CMP 1 + B 2"),
    certain("conditional_not_taken", 2, "V TRM: not taken 1; CMP 1 + B 1"),
    certain("compare_zero_not_taken", 2, "V TRM: CBZ not taken 1; CBZ 1 + MOV 1"),
    certain("compare_zero_taken", 2, _REFILL),
    certain("branch_and_link", 2, _REFILL),
    certain("counted_loop", 31, _REFILL + "; 2 in front, 9 x (SUBS 1 + B 2), SUBS 1 + B not taken 1: 2 + 27 + 2"),
    Expected("branch_register", 2, 4, "V TRM: BX 1 + P; P 1..3"),
    Expected("move_to_pc", 2, 4, "V TRM: MOV pc 1 + P; P 1..3"),
    Expected("load_pc", 5, 6, "V jnk0le: LDR pc at least 5 (2 load + 3 refill)"),
    Expected("pop_pc", 3, 5, "R TRM: POP {pc} 1 + N + P; 1 + 1 + 1..3"),
    Expected("table_branch_byte", 6, 7, "V jnk0le: TBB at least 6 (2 load + 1 add + 3 refill)"),
    Expected("table_branch_half", 6, 7, "V jnk0le: TBH at least 6"),
)

# ---- A1.1, A1.5: loads.S ----
_CHAIN = "V TRM: n independent LDR cost n + 1"
_HIDDEN = "V jnk0le: an immediate-offset store behind a load removes the load's stall"
_ADDRESS = "V TRM: an address made by the instruction before stalls 1"
_SPLIT = "V rsaxvc: a word at 2 mod 4 is 2 transfers, at 1 and 3 three"
LOADS = (
    certain("load", 2, "V TRM: LDR alone 2"),
    certain("loads_2", 3, _CHAIN),
    certain("loads_4", 5, _CHAIN),
    certain("loads_8", 9, _CHAIN + ", of any width"),
    certain("wide_loads_4", 5, _CHAIN + "; V jnk0le: wide ones too, word-aligned"),
    Expected(
        "wide_loads_4_at_halfword", 5, 9, "V jnk0le: wide loads off a word boundary may fail to pipeline: 4 x 2, + 1"
    ),
    certain("load_store", 2, _HIDDEN + "; 1 per instruction"),
    certain("load_store_of_result", 2, _HIDDEN + "; stored data is not needed early"),
    certain("indexed_load_store", 3, "V TRM: LDR R0,[R1,R2]; STR R0,[R3,#20] is 3"),
    Expected("copy_4_words", 8, 12, "V jnk0le: LDR, STR 1 each; V: a load behind a store costs one more: 4 x 2, + 4"),
    certain("store", 1, "V TRM: STR immediate 1"),
    certain("stores_4", 4, "V TRM: STR immediate 1; 4 x 1"),
    certain("store_load", 3, "V jnk0le: a store is not pipelined with a following load; 1 + 2"),
    certain("store_register_offset", 2, "V jnk0le: register offset 2"),
    Expected("store_register_offset_nop", 2, 3, "V jnk0le: 2, can absorb a following NOP"),
    certain("store_register_offset_load", 4, "V TRM: nothing overlaps behind it; 2 + 2"),
    certain("load_store_register_offset", 3, "V TRM: one cycle is removed from the second; 2 + 2 - 1"),
    Expected("load_nop", 2, 3, "V jnk0le: a NOP after a load can be absorbed"),
    certain("load_use", 3, "R TRM: no load-use stall beyond the load's own; 2 + 1"),
    certain("load_through_load", 4, "V TRM: no overlap if the address is the first load's result; 2 + 2"),
    certain("post_indexed_same_base", 4, "V jnk0le: indexed loads on one base do not chain; 2 + 2"),
    certain("post_indexed_other_base", 3, "V jnk0le: alternating bases do; n + 1"),
    Expected(
        "post_indexed_stores_same_base", 2, 3, "V jnk0le: same-base stores do not chain either; by how much is not said"
    ),
    certain("post_indexed_stores_other_base", 2, "V jnk0le: 1 each"),
    certain("base_made_before", 4, _ADDRESS + "; ADDS 1 + 1 + LDR 2"),
    certain("index_made_before", 4, _ADDRESS + "; MOVS 1 + 1 + LDR 2"),
    certain("base_made_two_before", 4, "V TRM: only the instruction before stalls; 1 + 1 + 2"),
    certain("data_made_before", 2, "V TRM: stored data is not needed early; 1 + 1"),
    certain("base_made_before_store", 3, _ADDRESS + "; ADDS 1 + 1 + STR 1"),
    certain("load_double", 3, "R TRM: LDRD 1 + N"),
    certain("store_double", 3, "R TRM: STRD 1 + N"),
    certain("load_multiple_4", 5, "V TRM: LDM 1 + N"),
    certain("store_multiple_4", 5, "V TRM: STM 1 + N"),
    certain("push_pop_4", 15, "V TRM: PUSH, POP 1 + N; 5 + fence 5 + 5"),
    certain("exclusive", 6, "R TRM: LDREX, STREX 2; 2 + fence 2 + 2"),
    certain("load_unprivileged", 2, "R TRM: LDRT 2"),
    Expected("literal_load", 2, 3, "V TRM: 2, may add 1 against fetching"),
    certain("load_word_at_1", 4, _SPLIT + "; 2 + 2"),
    certain("load_word_at_2", 3, _SPLIT + "; 2 + 1"),
    certain("load_word_at_3", 4, _SPLIT + "; 2 + 2"),
    certain("load_half_at_1", 3, "V rsaxvc: a halfword at an odd address is two transfers; 2 + 1"),
    certain("load_half_at_2", 2, "V TRM: aligned"),
    certain("load_half_at_3", 3, "V rsaxvc: two transfers; 2 + 1"),
    Expected("store_word_at_2", 1, 2, "V rsaxvc: split in the store buffer, hidden unless another access follows"),
    Expected("store_word_at_1", 1, 3, "V rsaxvc: split in the store buffer, hidden unless another access follows"),
    Expected(
        "store_word_at_2_load", 3, 4, "V rsaxvc: 1 + 2, and 1 for the second piece; visible or not is V uncertain"
    ),
)

# ---- A1.2: fetch.S; the load in front lets the queue fill ----
_STARVES = "V i-0.nl: a run of 3 or more at address mod 4 = 2 costs one more"
FETCH = (
    certain("wide_run_1", 3, "V i-0.nl: LDR 2 + 1"),
    certain("wide_run_2", 4, "V i-0.nl: LDR 2 + 2"),
    certain("wide_run_3", 6, _STARVES + "; LDR 2 + 3 + 1", FETCH_QUEUE),
    certain("wide_run_4", 7, _STARVES + "; LDR 2 + 4 + 1", FETCH_QUEUE),
    certain("wide_run_6", 9, _STARVES + "; LDR 2 + 6 + 1", FETCH_QUEUE),
    certain("wide_run_12", 15, _STARVES + "; then supply equals demand; LDR 2 + 12 + 1", FETCH_QUEUE),
    certain("wide_runs_3_and_3", 14, _STARVES + " per run; 2 x (LDR 2 + 3 + 1 + MOV 1)", FETCH_QUEUE),
    Expected("wide_run_3_behind_narrow", 3, 4, _STARVES + ", if the queue was full", FETCH_QUEUE),
    certain("wide_stores_3", 6, "V i-0.nl: wide stores starve only from 4 on; LDM 3 + 3", FETCH_QUEUE),
    certain("wide_stores_4", 8, "V i-0.nl: wide stores starve from 4 on; LDM 3 + 4 + 1", FETCH_QUEUE),
    certain("wide_aligned_32", 32, "V i-0.nl: aligned wide instructions never starve"),
    certain("narrow_32", 32, "V TRM: 1 each"),
    certain("straight_narrow_128", 128, "V TRM: 1 each"),
    certain("straight_wide_64", 64, "V i-0.nl: aligned wide instructions never starve"),
    certain("loop_small", 559, "V TRM: 16 x (32 + SUBS 1 + B 2) - 1, as the last branch is not taken"),
    certain("loop_large", 4107, "V TRM: 4 x (1024 + SUBS 1 + B 2) - 1"),
    Expected("literals_16", 64, 80, "V TRM: 16 x (LDR 2..3 + 2)"),
    Expected("literals_16_far", 64, 80, "V TRM: 16 x (LDR 2..3 + 2)"),
    certain("loads_64", 65, _CHAIN),
    certain("empty_2", 0, "the bracket costs the same wherever it begins"),
)

# ---- A1.3: floats.S ----
_BESIDE = "V GCC: integer instructions behind VDIV and VSQRT go on beside it"
FLOATS = (
    certain("float_add_4", 4, "V SWCU192 3-27: VADD, VSUB, VMUL, VNMUL 1"),
    certain("float_simple_6", 6, "V SWCU192 3-27: VABS, VNEG, VCMP, VCVT, VMOV 1"),
    certain("float_result_used", 3, "R TRM 7.2.3, V GCC latencies: the next instruction's use costs 1; 1 + 1 + 1"),
    certain("float_result_used_later", 3, "R TRM 7.2.3: only the next instruction; 3 x 1"),
    certain("float_accumulate_2", 6, "V SWCU192 3-27: VMLA, VFMA 3"),
    Expected("float_accumulate_chain_2", 6, 7, "V: 3 + 3; R TRM 7.2.3: and 1 as the result is used"),
    certain("float_divide", 1, _BESIDE + ": 1 if no FP instruction follows within 14", FP_OVERLAP),
    certain("float_divide_add", 15, "V SWCU192 3-27: VDIV 14; 14 + 1"),
    Expected("float_divide_result_used", 15, 16, "V: 14 + 1; V GCC latency 15: and 1 as the result is used"),
    certain("float_divide_8_add", 15, _BESIDE + ": the 8 between are hidden; 14 + 1", FP_OVERLAP),
    certain("float_divide_20_add", 22, _BESIDE + ": 1 + 20 + 1", FP_OVERLAP),
    certain("float_root", 1, _BESIDE + ": 1 if no FP instruction follows within 14", FP_OVERLAP),
    certain("float_root_add", 15, "V SWCU192 3-27: VSQRT 14; 14 + 1"),
    certain("float_load", 2, "V SWCU192 3-27: VLDR.32 2"),
    certain("float_load_double", 3, "V SWCU192 3-27: VLDR.64 3"),
    certain("float_store", 2, "V SWCU192 3-27: VSTR.32 2"),
    certain("float_store_double", 3, "V SWCU192 3-27: VSTR.64 3"),
    certain("float_load_multiple_8", 9, "V SWCU192 3-27: VLDM 1 + N"),
    certain("float_load_multiple_4_doubles", 9, "V SWCU192 3-27: VLDM 1 + 2N"),
    certain("float_store_multiple_8", 9, "V SWCU192 3-27: VSTM 1 + N"),
    certain("float_load_multiple_32", 33, "V S1: measured 33"),
    certain("float_push_16", 40, "V S1: VPUSH of 16 measured 17; 17 + fence 6 + VPOP 17"),
    Expected("float_from_core", 1, 2, "V SWCU192 3-27: 2, to be checked by measurement"),
    Expected("float_to_core", 1, 2, "V SWCU192 3-27: 2, to be checked by measurement"),
    certain("float_half_double", 1, "V SWCU192 3-27: half of a double 1"),
    certain("float_two_from_core", 2, "V SWCU192 3-27: two floats 2"),
    certain("float_double_to_core", 2, "V SWCU192 3-27: a double 2"),
    certain("float_status", 2, "V SWCU192 3-27: VMRS 1, VMSR 1"),
)

# ---- A2: exceptions.S. An entry is counted from the store that pends (1); of an exit, BX's own cycle is part ----
_BX = "H: BX counts 1, its refill lies within the exit; otherwise up to 3"
EXCEPTIONS = (
    certain("interrupt_entry", 13, "V Arm KB 103489845: entry 12; STR 1 + 12"),
    Expected("interrupt_exit", 11, 13, "V Arm KB 103489845: exit 10; " + _BX),
    Expected("tail_chain", 7, 9, "V Arm KB 103489845: 6; " + _BX),
    certain("lazy_entry", 13, "R ARM B1.5.7: lazy stacking leaves entry at 12; STR 1 + 12"),
    Expected("lazy_exit", 11, 13, "R ARM B1.5.7: nothing saved, nothing restored: 10; " + _BX),
    Expected("lazy_first_float", 18, 18, "R ARM B1.5.7: 17 words are saved at the first float; 1 + 17"),
    certain("eager_entry", 30, "V Arm KB 103489845: 17 more, 29; STR 1 + 29"),
    Expected("eager_exit", 28, 30, "V Arm KB 103489845: 27; " + _BX),
    Expected("supervisor_call_entry", 12, 13, "V Arm KB 103489845: 12; H: SVC's own cycle is in it or not"),
    Expected("supervisor_call_exit", 11, 13, "V Arm KB 103489845: exit 10; " + _BX),
    Expected("sleep", 1, 8, "V weak: WFI 1, about 4 from wake-up to the first instruction; H: CYCCNT stands asleep"),
)

CORE = (*INSTRUCTIONS, *BRANCHES, *LOADS, *FETCH, *FLOATS, *EXCEPTIONS)
