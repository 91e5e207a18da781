// What an instruction may do to memory and to the flow of control, as its opcode alone tells.
#pragma once

#include <cstdint>

#include "cpu/insn.h"

namespace tinysim::trace {

struct DataAccess {
    unsigned count = 0;             // words, or single accesses; 0: none
    unsigned bytes = 4;             // of each
    bool is_write = false;
};
DataAccess data_access(const Insn& insn);

enum class Leaves : uint8_t {
    never,
    direct,                         // to insn.imm, always (B, BL)
    conditional,                    // to insn.imm, or on (B<c>, CBZ)
    indirect,                       // anywhere
};
Leaves leaves(const Insn& insn);

inline bool is_call(const Insn& insn) { return insn.kind == Kind::bl || insn.kind == Kind::blx; }
// BX LR, POP {.., pc}, LDR pc, [sp], #4: how functions and handlers return.
bool is_return(const Insn& insn);
// Loads PC, and its own LR, from memory: the register list of LDM.
bool loads_register(const Insn& insn, unsigned number);
// Writes LR by other means than a call.
bool computes_link(const Insn& insn);
inline bool uses_floats(const Insn& insn) { return insn.kind >= Kind::vadd; }

}  // namespace tinysim::trace
