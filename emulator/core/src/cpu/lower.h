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
Handler system_handler(const Insn& insn);
Handler fp_handler(const Insn& insn);
Handler fp_transfer_handler(const Insn& insn);
Handler skip_unless(unsigned cond);                                        // in front of an op inside an IT block

void op_decode(TINYSIM_OP_ARGS);            // not decoded yet, or rewritten since
void op_decode_behind(TINYSIM_OP_ARGS);     // not decoded yet, but its predecessor is: the pairing is its cost
void op_goto(TINYSIM_OP_ARGS);
void op_enter(TINYSIM_OP_ARGS);             // entry stub: takes back what the dense op charges for its predecessor
void op_mark(TINYSIM_OP_ARGS);              // an observed address
void op_fetch_fault(TINYSIM_OP_ARGS);
void op_undefined(TINYSIM_OP_ARGS);
void op_undefined_float(TINYSIM_OP_ARGS);
void op_no_coprocessor(TINYSIM_OP_ARGS);

}  // namespace tinysim
