// One decoded Thumb-2 instruction: what the manual's pseudocode calls the operands, before any choice of handler.
// ARMv7-M Architecture Reference Manual (DDI 0403), chapter A5 and A7. The decoder makes it, the timing model and
// the lowering to ops read it.
#pragma once

#include <cstdint>

namespace tinysim {

enum class Kind : uint8_t {
    undefined,
    undefined_float,     // in the floating-point extension's space: NOCP while CPACR denies it
    no_coprocessor,
    alu,                 // sub = Alu, operand = Operand, s
    shift_register,      // sub = Shift; rd = rn shifted by rm
    movt, adr,           // adr: rd = imm (an absolute address)
    mul, mla, mls, umull, smull, umlal, smlal, umaal, sdiv, udiv,
    parallel,            // sub = Parallel operation, shift = Prefix
    sel, pkhbt, pkhtb, ssat, usat, ssat16, usat16,
    extend,              // sub = Extend, shift = rotation; rn = 15: no addend
    qadd, qsub, qdadd, qdsub,
    smla_half, smul_half, smlaw, smulw, smlal_half,       // sub bit 1: top half of rn, bit 0: top half of rm
    smlad, smlsd, smuad, smusd, smlald, smlsld,           // sub bit 0: exchange
    smmla, smmls, smmul,                                  // sub bit 0: rounding
    usad8, usada8,
    bfi, bfc, ubfx, sbfx, clz, rbit, rev, rev16, revsh,
    load, store,         // sub = Width, mode = Mode; load with rd = 15 is load_pc
    load_pc,
    load_dual, store_dual,
    load_multiple, store_multiple,                        // imm = list, ra = its length, mode: up/down, s = writeback
    load_exclusive, store_exclusive, clrex,               // sub = Width
    b, bcond, bl, bx, blx, cbz, cbnz, mov_pc, add_pc,     // b, bl, bcond, cbz: imm = target
    table_byte, table_half,
    mrs, msr, cps, svc, bkpt, wfi, wfe, sev, nop, dmb, dsb, isb, it,
    // FPv4-SP
    vadd, vsub, vmul, vnmul, vdiv, vmla, vmls, vnmla, vnmls, vfma, vfms, vfnma, vfnms,
    vabs, vneg, vsqrt, vmov_register, vmov_immediate, vcmp,                // vcmp: sub bit 0: signal, bit 1: with zero
    vcvt_from_integer, vcvt_to_integer,                                    // sub bit 0: unsigned, bit 1: round to zero
    vcvt_from_fixed, vcvt_to_fixed,                                        // sub bit 0: unsigned, bit 1: 32 bit; imm = fraction bits
    vcvt_half_to_single, vcvt_single_to_half,                              // sub bit 0: top half
    vmov_to_core, vmov_from_core, vmov_two_to_core, vmov_two_from_core,    // vmov_two: rd, rn core; rm = first s register
    vmrs, vmsr, vload, vstore, vload_multiple, vstore_multiple,            // sub bit 0: double; imm = offset or count
};

enum class Alu : uint8_t { and_, eor, orr, orn, bic, add, adc, sub, sbc, rsb, mov, mvn, tst, teq, cmp, cmn };
enum class Operand : uint8_t { imm, imm_carry, reg, lsl, lsr, asr, ror, rrx };
enum class Shift : uint8_t { lsl, lsr, asr, ror };
enum class Parallel : uint8_t { add8, add16, asx, sub8, sub16, sax };
enum class Prefix : uint8_t { s, q, sh, u, uq, uh };
enum class Extend : uint8_t { sxtb, sxth, sxtb16, uxtb, uxth, uxtb16 };
enum class Width : uint8_t { word, byte, half, sbyte, shalf };
// Addressing of loads and stores. `imm` is a signed byte offset as two's complement.
enum class Mode : uint8_t { offset, pre, post, reg, literal, down };

struct Insn {
    Kind kind = Kind::undefined;
    uint8_t size = 2;                  // bytes
    uint8_t sub = 0;
    Operand operand = Operand::imm;
    Mode mode = Mode::offset;
    uint8_t shift = 0;
    bool s = false;
    uint8_t cond = 14;
    uint8_t rd = 0, rn = 0, rm = 0, ra = 0;
    uint32_t imm = 0;
    uint32_t address = 0;

    Alu alu() const { return static_cast<Alu>(sub); }
    Width width() const { return static_cast<Width>(sub); }
};

inline bool is_thumb32(uint16_t first) { return (first >> 11) >= 0x1D; }

// `in_it`: inside an IT block 16-bit data processing leaves the flags alone.
Insn decode16(uint16_t code, uint32_t address, bool in_it);
Insn decode32(uint16_t first, uint16_t second, uint32_t address);
Insn decode_vfp(uint16_t first, uint16_t second, uint32_t address);
Insn decode_load_store32(uint16_t first, uint16_t second, uint32_t address);
// Names PC where the manual forbids it, or SP as a destination (decode_registers.cc).
bool names_forbidden_register(const Insn& insn);

}  // namespace tinysim
