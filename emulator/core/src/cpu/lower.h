// From decoded instruction to op: which handler, which fields. Each ops_*.cc answers for its own kinds.
#pragma once

#include "cpu/insn.h"
#include "cpu/op.h"

namespace tinysim {

Handler alu_handler(const Insn& insn);
Handler multiply_handler(const Insn& insn);
Handler dsp_handler(const Insn& insn);
Handler memory_handler(const Insn& insn);
Handler multiple_handler(const Insn& insn);
Handler branch_handler(const Insn& insn);
Handler fused_compare_branch(const Insn& compare, const Insn& branch);     // null: not fused
Handler checked_load_handler(const Insn& insn);                           // of a single load whose block matters
Handler checked_fp_load_handler(const Insn& insn);
Handler system_handler(const Insn& insn);
Handler fp_handler(const Insn& insn);
Handler fp_transfer_handler(const Insn& insn);
Handler skip_unless(unsigned cond);                                        // in front of an op inside an IT block

void op_decode(TINYSIM_OP_ARGS);            // not decoded yet, or rewritten since
void op_goto(TINYSIM_OP_ARGS);
void op_line(TINYSIM_OP_ARGS);              // exact.cc: a line of the instruction cache that the fetch unit gets to (imm)
void op_step(TINYSIM_OP_ARGS);              // exact.cc: in front of each instruction in exact mode
void op_mark(TINYSIM_OP_ARGS);              // an observed address
void op_fetch_fault(TINYSIM_OP_ARGS);
void op_undefined(TINYSIM_OP_ARGS);
void op_undefined_float(TINYSIM_OP_ARGS);
void op_no_coprocessor(TINYSIM_OP_ARGS);

}  // namespace tinysim
