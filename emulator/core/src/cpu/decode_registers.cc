// Register numbers that the manual forbids (DDI 0403: "UNPREDICTABLE if BadReg"). The choice, documented in
// docs/encodings.md: PC as an operand, and SP as a destination, are UNDEFINED; SP that is only read is read.
#include "cpu/insn.h"

namespace tinysim {
namespace {

enum Field : uint8_t { d = 1, n = 2, m = 4, a = 8 };

struct Rule {
    unsigned not_pc;               // fields that hold a register
    unsigned not_sp;               // those of them that are written
};

// SP as the destination of Kind::alu is alu_handler's.
Rule rule_of(const Insn& i) {
    switch (i.kind) {
        case Kind::alu: return {d | n | m, 0};
        case Kind::movt: case Kind::adr: case Kind::bfc: case Kind::mrs: return {d, d};
        case Kind::msr: return {n, 0};
        case Kind::ssat: case Kind::usat: case Kind::ssat16: case Kind::usat16:
        case Kind::bfi: case Kind::sbfx: case Kind::ubfx:
            return {d | n, d};
        case Kind::extend: case Kind::clz: case Kind::rbit: case Kind::rev: case Kind::rev16: case Kind::revsh:
            return {d | m, d};
        case Kind::shift_register: case Kind::mul: case Kind::sdiv: case Kind::udiv: case Kind::parallel: case Kind::sel:
        case Kind::pkhbt: case Kind::pkhtb: case Kind::qadd: case Kind::qsub: case Kind::qdadd: case Kind::qdsub:
        case Kind::smul_half: case Kind::smulw: case Kind::smuad: case Kind::smusd: case Kind::smmul: case Kind::usad8:
            return {d | n | m, d};
        case Kind::mla: case Kind::mls: case Kind::smla_half: case Kind::smlaw: case Kind::smlad: case Kind::smlsd:
        case Kind::smmla: case Kind::smmls: case Kind::usada8:
            return {d | n | m | a, d};
        case Kind::umull: case Kind::smull: case Kind::umlal: case Kind::smlal: case Kind::umaal:
        case Kind::smlal_half: case Kind::smlald: case Kind::smlsld:
            return {d | n | m | a, d | a};
        case Kind::load: return {m, i.width() != Width::word || i.s ? static_cast<uint32_t>(d) : 0u};      // s: LDRT
        case Kind::load_pc: case Kind::store: case Kind::table_byte: case Kind::table_half: return {m, 0};
        case Kind::load_dual: return {d | a, d | a};
        case Kind::store_dual: return {d | a, 0};
        case Kind::load_exclusive: return {d | n, d};
        case Kind::store_exclusive: return {d | n | a, d};
        default: return {0, 0};
    }
}

bool names(const Insn& i, unsigned fields, uint8_t number) {
    return ((fields & d) != 0 && i.rd == number) || ((fields & n) != 0 && i.rn == number) ||
           ((fields & m) != 0 && i.rm == number) || ((fields & a) != 0 && i.ra == number);
}

}  // namespace

bool names_forbidden_register(const Insn& insn) {
    const Rule rule = rule_of(insn);
    return names(insn, rule.not_pc, 15) || names(insn, rule.not_sp, 13);
}

}  // namespace tinysim
